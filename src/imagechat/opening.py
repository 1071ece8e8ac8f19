"""Which database the settings name, opened for a node, beside one, or to be migrated; and the key that goes with it."""

import fcntl
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from imagechat.settings import Settings, data_directory, secret_key
from imagechat.store.database import Database, DatabaseFigures, Direct
from imagechat.store.installation import installation, shared_key
from imagechat.store.migrate import NEWEST
from imagechat.store.sqlite import SqliteDatabase, SqliteFile, revision_of

if TYPE_CHECKING:
    from imagechat.store.postgres import PostgresLink

DATABASE_FILE = "imagechat.sqlite3"


@dataclass(frozen=True, slots=True)
class NodeDatabase:
    """What a node gets. `installation` is what all nodes on this database are known by; `described` is for people."""

    database: Database
    key: str
    installation: str
    described: str
    figures: Callable[[], DatabaseFigures]
    release: Callable[[], None]
    """Lets another node have it, after the database was closed."""


def open_for_node(settings: Settings, *, migrating: bool) -> NodeDatabase:
    """Open the database for a node. PostgreSQL's is brought to this program's schema only if `migrating`.

    Raises `OSError` when the data directory cannot be used, `RuntimeError` with a line for the operator when the
    database cannot be, or another node has the embedded one.
    """
    if settings.database_url:
        link = _postgres(settings, migrating=migrating)
        try:
            return _for_node(settings, link, link.for_node(), lambda: None)
        except BaseException:
            link.close()
            raise
    lock = claim(settings)
    try:
        file = open_file(settings)
        return _for_node(settings, file, SqliteDatabase(file), lock.close)
    except BaseException:
        lock.close()
        raise


def open_file(settings: Settings) -> SqliteFile:
    """Open the embedded database, made and migrated where needed."""
    return SqliteFile(data_directory(settings) / DATABASE_FILE)


def open_beside_node(settings: Settings, *, migrating: bool = False) -> Direct:
    """Open the database also while nodes run on it.

    The embedded one's schema is not changed under its node, PostgreSQL's only if `migrating`. Raises what
    `open_for_node` raises.
    """
    if settings.database_url:
        return _postgres(settings, migrating=migrating)
    found = revision_of(data_directory(settings) / DATABASE_FILE)
    if found is None or found >= NEWEST:
        return open_file(settings)
    with claim(settings):
        return open_file(settings)


def key_of(settings: Settings, opened: Direct) -> str:
    """Return the key that signs: the one that is set, or the one that was made with the database."""
    if settings.secret_key or not settings.database_url:
        return secret_key(settings)
    return opened.write(shared_key)


def key_beside_node(settings: Settings) -> str:
    """Do what `key_of` does, for a command line."""
    with closing(open_beside_node(settings)) as opened:
        return key_of(settings, opened)


def claim(settings: Settings) -> IO[str]:
    """Claim the data directory for this node until the returned file is closed.

    Raises `RuntimeError` when a node has it: two would not hear each other's events.
    """
    lock = (data_directory(settings) / "node-lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        msg = f"another node is running on {settings.data}: stop it, or give this one its own --data"
        raise RuntimeError(msg) from None
    return lock


def _for_node(settings: Settings, opened: Direct, database: Database, release: Callable[[], None]) -> NodeDatabase:
    return NodeDatabase(
        database, key_of(settings, opened), opened.read(installation), opened.described(), opened.figures, release
    )


def _postgres(settings: Settings, *, migrating: bool) -> "PostgresLink":
    from imagechat.store.postgres import Postgres  # noqa: PLC0415 -- memory that a node with SQLite does not need

    server = Postgres(
        settings.database_url,
        connections=settings.database_connections,
        seconds=settings.database_seconds,
        pooled=settings.database_pooled == "on",
    )
    return server.open(migrating=migrating)
