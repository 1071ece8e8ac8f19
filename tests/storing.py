"""A store to test: a database that can be opened again, group commit, and a bus that remembers."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from deploy.local.postgres import ROLE, PostgresServer
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from imagechat.bus.base import Doubter, Hearer, Receiver, RoomEvents
from imagechat.model.commands import Command
from imagechat.model.errors import Refusal
from imagechat.model.ids import RoomId, room_id
from imagechat.model.principal import Principal
from imagechat.store.database import Database
from imagechat.store.group_commit import GroupCommit, GroupDone
from imagechat.store.postgres import Postgres, PostgresDatabase, PostgresLink
from imagechat.store.read_rooms import (
    CommentPage,
    CommentQuery,
    Log,
    LogQuery,
    Snapshot,
    anybody,
    read_comments,
    read_log,
    read_snapshot,
)
from imagechat.store.sqlite import SqliteDatabase, SqliteFile
from imagechat.store.write_events import Committed
from making import PICTURE_ROOM, TENANT
from preparing import prepare_sqlite

T = TypeVar("T")

TEMPLATE = "migrated"
UNLIKE_C = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' TEMPLATE template0"


def make_template(server: PostgresServer) -> None:
    """Make a database that others are copied from: empty, and of this version's schema."""
    server.run(f"CREATE DATABASE {TEMPLATE} OWNER {ROLE} {UNLIKE_C}")
    with closing(Postgres(server.url(TEMPLATE)).open(migrating=True)):
        pass


class Backend(Protocol):
    """A kind of database, with one place where its data stays."""

    def open(self) -> Database:
        """Open the database that was opened here before, or a new one."""


class SqliteBackend:
    """See `Backend`."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "store.sqlite3"

    def open(self) -> Database:
        return SqliteDatabase(SqliteFile(prepare_sqlite(self._path)))


class PostgresBackend:
    """See `Backend`; a database whose own order of texts is not that of their characters."""

    def __init__(self, server: PostgresServer, name: str, **how: Any) -> None:
        """`how` are fields of `Postgres`."""
        self._server = server
        self._name = name
        self._how: dict[str, Any] = {"connections": 3} | how
        server.run(f'CREATE DATABASE "{name}" OWNER {ROLE} TEMPLATE {TEMPLATE}')

    @property
    def url(self) -> str:
        return self._server.url(self._name)

    def through(self, port: int, **how: Any) -> "PostgresBackend":
        """Return the same database by way of something that listens on a port, which drops it not."""
        way = copy(self)
        way._how = self._how | {"url": self.url.replace(f":{self._server.port}/", f":{port}/")} | how
        return way

    def link(self, *, migrating: bool = False) -> PostgresLink:
        return Postgres(**({"url": self.url} | self._how)).open(migrating=migrating)

    def open(self) -> Database:
        return PostgresDatabase(self.link())

    def drop(self) -> None:
        self._server.drop_database(self._name)


class RememberingBus:
    """A bus whose only receiver is the test."""

    def __init__(self) -> None:
        self.published: list[RoomEvents] = []
        self.doubted: list[RoomId] = []

    alone = True
    trouble = ""

    def receive_with(self, receiver: Receiver, doubter: Doubter) -> None: ...

    def hear_with(self, topic: str, hearer: Hearer) -> None: ...

    async def start(self) -> None: ...

    async def join(self, room_id: RoomId) -> None: ...

    async def leave(self, room_id: RoomId) -> None: ...

    def publish(self, batch: RoomEvents) -> None:
        self.published.append(batch)

    def doubt(self, room_id: RoomId) -> None:
        self.doubted.append(room_id)

    def tell(self, topic: str, data: bytes, room_id: RoomId | None = None) -> None: ...

    async def close(self) -> None: ...

    def seqs(self, room: RoomId) -> list[int]:
        return [seq for batch in self.published if batch.room_id == room for seq, _ in batch.events]


class HeldDatabase:
    """A database that does everything but commit until it is let go; counts its transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._let_go = threading.Event()
        self.about_to_commit = asyncio.Event()
        self.transactions = 0

    def let_go(self) -> None:
        self._let_go.set()

    async def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        loop = asyncio.get_running_loop()

        def held(connection: Connection) -> T:
            result = transaction(connection)
            loop.call_soon_threadsafe(self.about_to_commit.set)
            assert self._let_go.wait(timeout=30)
            return result

        self.transactions += 1
        return await self._database.write(held, locking=locking)

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        return await self._database.read(transaction)

    async def close(self) -> None: ...


class FailingDatabase:
    """A database that fails while told to: before the transaction runs, or after it was committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.fails_before = 0
        self.fails_after = 0

    async def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        if self.fails_before:
            self.fails_before -= 1
            raise _lost(stage="BEGIN")
        result = await self._database.write(transaction, locking=locking)
        if self.fails_after:
            self.fails_after -= 1
            raise _lost(stage="COMMIT")
        return result

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        return await self._database.read(transaction)

    async def close(self) -> None: ...


def _lost(*, stage: str) -> OperationalError:
    return OperationalError(stage, None, Exception("the connection was lost"))


class Store:
    """Group commit over a backend, with a clock of its own that moves only when told."""

    def __init__(self, backend: Backend, around: Callable[[Database], Database] = lambda database: database) -> None:
        self._backend = backend
        self._real = backend.open()
        self.database = around(self._real)
        self.bus = RememberingBus()
        self.now = 1_700_000_000_000
        self.done: list[GroupDone] = []
        self.group_commit = GroupCommit(self.database, self.bus, lambda: self.now, [self.done.append])

    async def close(self) -> None:
        await self.group_commit.close()
        await self._real.close()

    async def restart(self) -> None:
        """Close everything and open it again on the same data."""
        await self.close()
        self._real = self.database = self._backend.open()
        self.group_commit = GroupCommit(self.database, self.bus, lambda: self.now)

    async def do(self, who: Principal, command: Command) -> Committed:
        return await self.group_commit.submit(who, command)

    async def do_all(self, *given: tuple[Principal, Command]) -> list[Committed | BaseException]:
        """Submit at once, so that all but the first, which starts the work, are of one group."""
        return await asyncio.gather(*(self.do(*each) for each in given), return_exceptions=True)

    async def refused(self, who: Principal, command: Command) -> str:
        """Return the code of the refusal that a command meets."""
        try:
            await self.do(who, command)
        except Refusal as refusal:
            return refusal.kind.code
        message = f"{command} was not refused"
        raise AssertionError(message)

    async def snapshot(self, room: RoomId = PICTURE_ROOM) -> Snapshot:
        return await self.database.read(partial(read_snapshot, room_id=room, may=anybody))

    async def comments(self, thread: str = "thread", query: CommentQuery | None = None) -> CommentPage | None:
        query = query or CommentQuery(offset=0, limit=1000)
        return await self.database.read(
            partial(read_comments, thread_id=room_id(TENANT, thread), query=query, may=anybody)
        )

    async def log(self, room: RoomId = PICTURE_ROOM, query: LogQuery | None = None) -> Log:
        return await self.database.read(partial(read_log, room_id=room, query=query or LogQuery(limit=100_000)))


def code_of(outcome: Committed | BaseException) -> str | None:
    """Return the code of an outcome that is a refusal; None for a success."""
    if isinstance(outcome, Committed):
        return None
    assert isinstance(outcome, Refusal), outcome
    return outcome.kind.code
