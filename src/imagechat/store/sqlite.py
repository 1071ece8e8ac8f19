"""The embedded database: an SQLite file, one writer at a time over all processes, readers beside it."""

import asyncio
import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from imagechat.store.database import DatabaseFigures
from imagechat.store.migrate import migrate, revision

T = TypeVar("T")

READERS = 2
"""Read-only connections; each has a thread."""

WRITER_CACHE_KB = 32 * 1024
"""Pages that the writer keeps: the default of 2 MB holds no index of a busy database, and each row then reads some."""

CHECKPOINT_PAGES = 8_000
"""Pages of 4 KB in the WAL before they are copied into the database, at most 32 MB: a page that many groups wrote is
copied once, and a group that copies comes rarely."""


class SqliteFile:
    """The writing side of an SQLite file: one connection, and one writer at a time over all processes.

    SQLite 3.7.0–3.51.2 can corrupt a WAL database when two connections write or checkpoint at the same moment. So a
    lock file is held around every transaction, and while closing: `imagechat tenant create` may run beside a node.
    """

    def __init__(self, path: Path) -> None:
        """Open, or make, the file at `path`, in WAL mode with `synchronous=FULL`, and bring it to this schema."""
        self.path = path
        self._lock = path.with_suffix(".write-lock").open("w")
        self._engine = _engine(
            f"file:{path.absolute()}?mode=rwc",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            "PRAGMA secure_delete = ON",
            f"PRAGMA cache_size = -{WRITER_CACHE_KB}",
            f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}",
            begin="BEGIN IMMEDIATE",
            poolclass=StaticPool,
        )
        self._reading = _engine(f"file:{path.absolute()}?mode=ro", "PRAGMA query_only = ON", poolclass=NullPool)
        try:
            self._connection = self._engine.connect()
            try:
                self.migrated = self.write(migrate)
            except BaseException:
                self._connection.close()
                raise
        except BaseException:
            self._engine.dispose()
            self._lock.close()
            raise

    def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        """Run a function in a transaction that is durable when this returns; there is one at a time in any case."""
        del locking
        with self._locked():
            try:
                with self._connection.begin():
                    return transaction(self._connection)
            except BaseException:
                self._roll_back()  # a commit that failed may have left its transaction open, in the next one's way
                raise

    def read(self, transaction: Callable[[Connection], T]) -> T:
        """Run a function in a read-only transaction, which keeps no writer waiting, however long it takes."""
        with self._reading.begin() as connection:
            return transaction(connection)

    def scrub(self) -> bool:
        """Copy the WAL into the file and cut it off, so that what was overwritten is nowhere; False if a reader waits.

        `secure_delete` has overwritten it with zeros in the file itself.
        """
        with self._locked():
            driver = cast("sqlite3.Connection", self._connection.connection.dbapi_connection)
            busy: int = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    def described(self) -> str:
        """See `Direct`."""
        return f"SQLite {sqlite3.sqlite_version}, data in {self.path.parent}"

    def figures(self) -> DatabaseFigures:
        """See `Direct`."""
        wal = self.path.with_name(f"{self.path.name}-wal")
        return DatabaseFigures(
            "sqlite",
            file_bytes=_size(self.path),
            wal_bytes=_size(wal),
            free_bytes=shutil.disk_usage(self.path.parent).free,
        )

    def close(self) -> None:
        """Close the connection, which checkpoints."""
        with self._locked():
            self._connection.close()
            self._engine.dispose()
        self._lock.close()

    def _roll_back(self) -> None:
        driver = cast("sqlite3.Connection", self._connection.connection.dbapi_connection)
        if driver.in_transaction:
            driver.rollback()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # no WAL is there after the last one closed
        return 0


def revision_of(path: Path) -> str | None:
    """Return the revision of a database file's schema, without changing it; None for one that is not there or empty."""
    if not path.exists():
        return None
    engine = _engine(f"file:{path.absolute()}?mode=ro", "PRAGMA query_only = ON")
    try:
        with engine.connect() as connection:
            return revision(connection)
    finally:
        engine.dispose()


@contextmanager
def alone_with(path: Path) -> Iterator[Connection]:
    """Give a transaction on a file that nobody else knows of yet, and that stays one file, without a WAL."""
    engine = _engine(
        f"file:{path.absolute()}?mode=rw",
        "PRAGMA synchronous = FULL",
        "PRAGMA secure_delete = ON",
        begin="BEGIN IMMEDIATE",
        poolclass=NullPool,
    )
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


class SqliteDatabase:
    """An `SqliteFile` on a thread of its own, and read-only connections on others."""

    def __init__(self, file: SqliteFile) -> None:
        """Write through `file`, and close it at the end; read beside it."""
        self._file = file
        self._writing = ThreadPoolExecutor(1, "sqlite-write")
        self._reading = ThreadPoolExecutor(READERS, "sqlite-read")
        self._readers = _engine(
            f"file:{file.path.absolute()}?mode=ro", "PRAGMA query_only = ON", poolclass=QueuePool, pool_size=READERS
        )

    async def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        """See `Database`."""
        del locking
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._file.write, transaction)

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        """See `Database`."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, transaction)

    async def close(self) -> None:
        """See `Database`."""
        for pool in (self._reading, self._writing):
            await asyncio.to_thread(pool.shutdown)
        self._readers.dispose()
        self._file.close()  # last: the writer is the one that may checkpoint

    def _read(self, transaction: Callable[[Connection], T]) -> T:
        with self._readers.begin() as connection:
            return transaction(connection)


def _engine(uri: str, *pragmas: str, begin: str = "BEGIN", **pool: Any) -> Engine:
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None, timeout=10),
        hide_parameters=True,  # an error's text goes to the log, and what people write does not belong there
        **pool,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)  # the driver's own BEGIN comes too late to make reads one moment

    return engine
