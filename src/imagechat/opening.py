"""Which database the settings name, opened for a node, beside one, or to be migrated; and the key that goes with it."""

import fcntl
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import IO, TYPE_CHECKING

from imagechat.settings import KEY_FILE, Settings, data_directory, keep_key, kept_key, secret_key
from imagechat.store.database import Database, DatabaseFigures, Direct
from imagechat.store.installation import installation, shared_key, store_key, stored_key
from imagechat.store.migrate import NEWEST
from imagechat.store.sqlite import SqliteDatabase, SqliteFile, revision_of
from imagechat.store.whole_file import sync_directory

if TYPE_CHECKING:
    from imagechat.store.postgres import Postgres, PostgresLink

DATABASE_FILE = "imagechat.sqlite3"
LOCK_FILE = "node-lock"


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
    if settings.secret_key:
        return settings.secret_key
    if settings.database_url:
        return opened.write(shared_key)
    brought = opened.read(stored_key)
    if brought is not None:
        _take_out(settings, opened, brought)
    return secret_key(settings)


def key_beside_node(settings: Settings) -> str:
    """Do what `key_of` does, for a command line."""
    with closing(open_beside_node(settings)) as opened:
        return key_of(settings, opened)


def claim(settings: Settings) -> IO[str]:
    """Claim the data directory for this node until the returned file is closed.

    Raises `RuntimeError` when a node has it: two would not hear each other's events.
    """
    lock = (data_directory(settings) / LOCK_FILE).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        msg = f"another node is running on {settings.data}: stop it, or give this one its own --data"
        raise RuntimeError(msg) from None
    return lock


def _take_out(settings: Settings, opened: Direct, brought: str) -> None:
    """Keep the key that a backup brought with it where keys belong, beside the database and not in it."""
    before = kept_key(settings)
    if before and before != brought:
        directory = data_directory(settings)
        (directory / KEY_FILE).replace(aside(directory / KEY_FILE))
    keep_key(settings, brought)
    sync_directory(data_directory(settings))
    opened.write(partial(store_key, key=None))
    opened.scrub()


def aside(path: Path) -> Path:
    """Return the dated name under which something is kept that a restore has put out of use."""
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    free = (path.with_name(f"{path.name}.before-{now}{more}") for more in chain([""], map("-{}".format, count(2))))
    return next(name for name in free if not name.exists())


def _for_node(settings: Settings, opened: Direct, database: Database, release: Callable[[], None]) -> NodeDatabase:
    return NodeDatabase(
        database, key_of(settings, opened), opened.read(installation), opened.described(), opened.figures, release
    )


def postgres_of(settings: Settings) -> "Postgres":
    """Return where PostgreSQL is, and how it is used."""
    from imagechat.store.postgres import Postgres  # noqa: PLC0415 -- memory that a node with SQLite does not need

    return Postgres(
        settings.database_url,
        connections=settings.database_connections,
        seconds=settings.database_seconds,
        pooled=settings.database_pooled == "on",
    )


def _postgres(settings: Settings, *, migrating: bool) -> "PostgresLink":
    return postgres_of(settings).open(migrating=migrating)
