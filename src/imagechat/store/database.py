"""The door to the database: one transaction at a time for writing, many at once for reading.

What happens inside a transaction is a plain function of a SQLAlchemy connection, the same for every database; only
this file knows which one it is.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool

T = TypeVar("T")

READERS = 2
"""Read-only connections; each has a thread."""


class Database(Protocol):
    """Runs functions in transactions."""

    async def write(self, transaction: Callable[[Connection], T]) -> T:
        """Run a function in the one writing transaction; it is durable when this returns (DUR1)."""

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        """Run a function in a read-only transaction, which sees one moment (SNAP1)."""

    async def close(self) -> None:
        """Finish what runs, then close every connection."""


class SqliteDatabase:
    """SQLite in WAL mode with `synchronous=FULL`.

    SQLite 3.7.0–3.51.2 can corrupt a WAL database when two connections write or checkpoint at the same moment. Here one
    connection writes and checkpoints, on its own thread; the others are opened read-only and can do neither.
    """

    def __init__(self, path: Path) -> None:
        """Open, or make, the file at `path`."""
        self._writing = ThreadPoolExecutor(1, "sqlite-write")
        self._reading = ThreadPoolExecutor(READERS, "sqlite-read")
        self.writer = writer_engine(path)
        self.writer.connect().close()  # makes the file, and its WAL, before a reader asks for it
        self._readers = _engine(
            f"file:{path.absolute()}?mode=ro", "PRAGMA query_only = ON", poolclass=QueuePool, pool_size=READERS
        )

    async def write(self, transaction: Callable[[Connection], T]) -> T:
        """See `Database`."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, _run, self.writer, transaction)

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        """See `Database`."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, _run, self._readers, transaction)

    async def close(self) -> None:
        """See `Database`."""
        for pool in (self._reading, self._writing):
            await asyncio.to_thread(pool.shutdown)
        self._readers.dispose()
        self.writer.dispose()  # last: the writer is the one that may checkpoint on closing


def writer_engine(path: Path) -> Engine:
    """Return an engine with the one writing connection to an SQLite file."""
    return _engine(
        f"file:{path.absolute()}?mode=rwc",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        begin="BEGIN IMMEDIATE",
        poolclass=StaticPool,
    )


def _engine(uri: str, *pragmas: str, begin: str = "BEGIN", **pool: Any) -> Engine:
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None, timeout=10),
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


def _run(engine: Engine, transaction: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return transaction(connection)
