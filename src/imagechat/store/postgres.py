"""PostgreSQL: one database for many nodes, through asyncpg, on threads of their own.

What runs in a transaction is a plain function, and may take its time over many rows. So writing and reading have an
event loop each, beside the one that serves people.
"""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakSet

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from imagechat.store.database import DatabaseFigures, StartOver
from imagechat.store.migrate import check, migrate
from imagechat.store.postgres_engine import engine_for
from imagechat.store.postgres_words import (
    LEAST_VERSION,
    is_away,
    is_contention,
    is_duplicate,
    is_locked,
    origin_of,
    told_of,
)

T = TypeVar("T")

TRIES = 12
"""Runs of one transaction at most, where others are in its way each time."""
PAUSE = 0.002
"""Seconds before the second try, at most; the longest pause doubles with each, to a quarter of a second."""
LONGEST_PAUSE = 0.25
TRIES_AFTER_ANOTHER = 4
"""Runs at most, where each finds that somebody has just made what it makes: the next finds that made."""
PATIENCE = 86_400.0
"""Seconds that one statement of a migration may take, or the tidying of a large table."""
CLOSE_SECONDS = 2.0
"""What each step of closing may take: a node that stops has no time for a server that hangs."""
MIGRATION_TRIES = 20
MIGRATION_PAUSE = 2.0
"""Runs of a migration at most, where somebody uses a table for long, and seconds between two, at most."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """Where the database is, and how it is used; `connections` is for writing and for reading each."""

    url: str
    connections: int = 4
    seconds: float = 10.0
    """What connecting, or a statement, may take."""
    pooled: bool = False
    """Whether a pgbouncer in transaction mode is in between: nothing may be kept on a connection."""

    def open(self, *, migrating: bool = False) -> "PostgresLink":
        """Open the database, and bring it to this program's schema if `migrating`.

        Raises `RuntimeError` with a line for the operator: it is away, refuses, or has another schema.
        """
        link = PostgresLink(self)
        try:
            with told_of(self.url):
                link.migrated = link.prepare(migrating=migrating)
        except BaseException:
            link.close()
            raise
        return link

    def look(self, reading: Callable[[Connection], T]) -> T:
        """Read from the database, whatever its schema is. Raises what `open` raises."""
        with closing(PostgresLink(self)) as link, told_of(self.url):
            return link.read(reading)


class PostgresLink:
    """See `Direct`; a node uses it through `PostgresDatabase`."""

    migrated: tuple[str | None, str]

    def __init__(self, server: Postgres) -> None:
        """Begin without a connection: the first transaction makes one."""
        self.server = server
        self._writing = _Side("postgresql-write", server)
        self._reading = _Side("postgresql-read", server)

    def writing(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> "Future[T]":
        """Begin to run a function in a writing transaction."""
        # where each locks what it decides on, one that waited for a lock goes on with what is there then
        isolation = "READ COMMITTED" if locking else "SERIALIZABLE"
        return self._writing.run(transaction, isolation_level=isolation)

    def reading(self, transaction: Callable[[Connection], T]) -> "Future[T]":
        """Begin to run a function in a reading transaction."""
        return self._reading.run(transaction, isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        """See `Direct`."""
        return self.writing(transaction, locking=locking).result()

    def read(self, transaction: Callable[[Connection], T]) -> T:
        """See `Direct`."""
        return self.reading(transaction).result()

    def for_node(self) -> "PostgresDatabase":
        """Return this as a node uses it; closing that closes this."""
        return PostgresDatabase(self)

    def prepare(self, *, migrating: bool) -> tuple[str | None, str]:
        """Look whether this program can use the database, and bring its schema up if `migrating`. See `open`."""
        version = self.read(_version)
        if version < LEAST_VERSION:
            msg = f"PostgreSQL {LEAST_VERSION} or newer is needed, and this is {version}"
            raise RuntimeError(msg)
        if not migrating:
            return self.read(check)
        with self._patient() as side:
            for _ in range(MIGRATION_TRIES - 1):
                try:
                    return side.run(migrate).result()
                except OperationalError as error:
                    if not is_locked(error):
                        raise
                time.sleep(random.uniform(0, MIGRATION_PAUSE))  # noqa: S311 -- those who were behind it go first
            return side.run(migrate).result()

    def scrub(self) -> bool:
        """See `Direct`: VACUUM frees the rows, and PostgreSQL writes over them and its log in its own time."""
        with self._patient() as side:
            side.begin(side.vacuum()).result()
        return True

    def described(self) -> str:
        """See `Direct`."""
        return f"PostgreSQL {self.read(_version_in_words)}"

    def figures(self) -> DatabaseFigures:
        """See `Direct`."""
        return DatabaseFigures("postgresql", retries=self._writing.retries + self._reading.retries)

    def close(self) -> None:
        """See `Direct`."""
        self._reading.close()
        self._writing.close()

    def _patient(self) -> "closing[_Side]":
        """Return connections for what may take long; whoever calls is no node that serves people."""
        return closing(_Side("postgresql-patient", self.server, PATIENCE))


class PostgresDatabase:
    """See `Database`."""

    def __init__(self, link: PostgresLink) -> None:
        """Run everything through `link`, and close it at the end."""
        self._link = link

    async def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        """See `Database`."""
        return await asyncio.wrap_future(self._link.writing(transaction, locking=locking))

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        """See `Database`."""
        return await asyncio.wrap_future(self._link.reading(transaction))

    async def close(self) -> None:
        """See `Database`."""
        await asyncio.to_thread(self._link.close)


class _Side:
    """A thread with an event loop and the connections that belong to it."""

    def __init__(self, name: str, server: Postgres, seconds: float | None = None) -> None:
        """`seconds` are what a statement may take, if not what the settings say."""
        self._server = server
        self._connections: WeakSet[asyncpg.Connection] = WeakSet()
        self._engine = engine_for(server, seconds or server.seconds, self._connections)
        self.retries = 0
        self._running: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def begin(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(self._kept(work), self._loop)

    def run(self, transaction: Callable[[Connection], T], **options: Any) -> "Future[T]":
        return self.begin(self._tried(transaction, options))

    def close(self) -> None:
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def vacuum(self) -> None:
        async with self._engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.exec_driver_sql("VACUUM")

    async def _kept(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 -- a coroutine runs in one
        self._running.add(task)
        try:
            return await work
        finally:
            self._running.discard(task)

    async def _end(self) -> None:
        if self._running:
            await asyncio.wait(set(self._running), timeout=CLOSE_SECONDS)
        if late := set(self._running):
            for task in late:
                task.cancel()
            for connection in list(self._connections):
                connection.terminate()  # or it would ask the server first to end what it does
            await asyncio.wait(late, timeout=CLOSE_SECONDS)
        # together: the pool would wait for one after the other, as long as for a statement
        goodbyes = [connection.close(timeout=CLOSE_SECONDS) for connection in list(self._connections)]
        await asyncio.gather(*goodbyes, return_exceptions=True)
        await self._engine.dispose()

    async def _tried(self, transaction: Callable[[Connection], T], options: dict[str, Any]) -> T:
        """Run a transaction again while others were in its way, or where its connection had died unnoticed."""
        reconnected, second = False, 0
        for attempt in range(TRIES):
            once = _Once(self._engine, transaction, options)
            try:
                result: T = await once.run(self._server)
            except StartOver as error:
                reason: Exception = error
            except (DBAPIError, PoolTimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                reason = error
                second += is_duplicate(error)
                if second == TRIES_AFTER_ANOTHER:  # it is not another node that made this
                    raise
                if is_contention(error):
                    pass
                elif isinstance(error, DBAPIError) and error.connection_invalidated and not reconnected | once.ending:
                    reconnected = True  # the pool drops all its connections then; the next is a new one
                    self.retries += 1
                    continue
                elif is_away(error):
                    raise OperationalError(once.stage, None, origin_of(error)) from error
                else:
                    raise
            else:
                return result
            self.retries += 1
            await asyncio.sleep(random.uniform(0, min(LONGEST_PAUSE, PAUSE * 2**attempt)))  # noqa: S311 -- not a secret
        in_the_way = "a transaction that others were in the way of, each time"
        raise OperationalError(in_the_way, None, origin_of(reason))


class _Once:
    """One run of a transaction; tells how far it came, because what a lost COMMIT did is not known."""

    def __init__(self, engine: AsyncEngine, transaction: Callable[[Connection], Any], options: dict[str, Any]) -> None:
        self._engine = engine
        self._transaction = transaction
        self._options = options
        self.stage = "CONNECT"

    @property
    def ending(self) -> bool:
        """Whether the commit had been sent."""
        return self.stage == "COMMIT"

    async def run(self, server: Postgres) -> Any:
        async with self._engine.connect() as connection:
            await connection.execution_options(**self._options)
            self.stage = "BEGIN"
            begun = await connection.begin()
            try:
                self.stage = "a statement"
                result = await connection.run_sync(self._transaction)
                self.stage = "COMMIT"
                await begun.commit()
            except BaseException:
                await _roll_back(connection, begun, server.seconds)
                raise
        return result


async def _roll_back(connection: AsyncConnection, begun: Any, seconds: float) -> None:
    if not begun.is_active or connection.invalidated:
        return
    try:
        async with asyncio.timeout(seconds):
            await begun.rollback()
    except Exception:  # noqa: BLE001 -- the error before this one is what is told
        await connection.invalidate()


def _version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000


def _version_in_words(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SHOW server_version").scalar_one())
