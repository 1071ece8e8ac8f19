"""Databases that cannot save for a while, as their system or they themselves say so."""

import resource
from collections.abc import Callable

from deploy.local.postgres import PostgresServer

from running import RunningNode

_DISK_FULL = """
CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file "base/1": No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE OR REPLACE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION no_room();
"""
WRITTEN_TABLES = ("rooms", "events", "history", "people")


def give_room(node: RunningNode, byte_count: int = resource.RLIM_INFINITY) -> None:
    """Let a node's files grow to a size at most; a write beyond it fails, as on a disk whose quota is reached."""
    resource.prlimit(node.pid, resource.RLIMIT_FSIZE, (byte_count, resource.RLIM_INFINITY))


def fill_disk_of(server: PostgresServer, database: str) -> Callable[[], None]:
    """Have a database say that its disk is full, until what is returned is called."""
    for table in WRITTEN_TABLES:
        server.run(_DISK_FULL.format(table=table), database)

    def free() -> None:
        for table in WRITTEN_TABLES:
            server.run(f"DROP TRIGGER no_room ON {table}", database)

    return free


def make_read_only(server: PostgresServer, database: str) -> Callable[[], None]:
    """Have a database take nothing new, as a standby or one whose keeper saves the rest of its disk."""
    _set(server, database, "on")
    return lambda: _set(server, database, "off")


def _set(server: PostgresServer, database: str, word: str) -> None:
    server.run(f'ALTER DATABASE "{database}" SET default_transaction_read_only = {word}')
    server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")  # noqa: S608 -- the test's
