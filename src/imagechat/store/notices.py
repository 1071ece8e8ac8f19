"""What nodes tell each other about rights and rooms: rows that are written with the change, and read in order.

The bus brings a hint that there are new ones; the table is the truth, and each node looks at it every second. So a
command line beside a node, or another node, takes a right away here too (AUTH2).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from imagechat.bus.base import Bus, Told
from imagechat.model.ids import RoomId
from imagechat.store import tables
from imagechat.store.database import Database

EVERY = 1.0
"""Seconds between two looks."""
KEPT_MS = 3_600_000
"""Age of a notice that every node has long read. One that was away from the database for longer may have missed some,
and so may one whose database was replaced by a copy of it: it looks anew at all that it remembers."""

TOPIC = "notices"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """A user's rights in a tenant changed, or everybody's; or, with `room_id`, that room's log was rewritten.

    Only of the operator it may be in `EVERY_TENANT`.
    """

    tenant_id: str
    user_id: str | None = None
    room_id: RoomId | None = None


Heed = Callable[[Notice], Awaitable[None]]


def note(connection: Connection, notice: Notice, now: int) -> None:
    """Write a notice, in the transaction of what it is about, and last in it.

    Notices are committed in the order of their ids, or a reader that goes on from the last would miss some.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE notices IN SHARE ROW EXCLUSIVE MODE")
    connection.execute(
        insert(tables.notices).values(
            timestamp=now, tenant_id=notice.tenant_id, user_id=notice.user_id, room_id=notice.room_id
        )
    )


def drop_old(connection: Connection, now: int, chunk: int) -> int:
    """Delete notices that are old, `chunk` at most, and return how many went; the last stays, ids go on from it."""
    columns = tables.notices.c
    newest = select(func.max(columns.id)).scalar_subquery()
    old = select(columns.id).where(columns.timestamp < now - KEPT_MS, columns.id < newest)
    return connection.execute(
        delete(tables.notices).where(columns.id.in_(old.order_by(columns.id).limit(chunk)))
    ).rowcount


class Notices:
    """Reads the notices of a running node, and has each heeded."""

    def __init__(  # noqa: PLR0913 -- what a node remembers is in several places
        self,
        database: Database,
        heed: Heed,
        retired: Callable[[], Iterable[str]],
        bus: Bus,
        remembered: Callable[[], Iterable[Notice]] = tuple,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Read from `database`; `heed` does what a notice asks for, also for tenants of which a key has just `retired`.

        Over `bus`, nodes have each other look at once. `remembered` are the notices that would make the node forget
        all that notices are about, for when it may have missed some. `sleep` takes seconds.
        """
        self._database = database
        self._heed = heed
        self._retired = retired
        self._remembered = remembered
        self._sleep = sleep
        self._last = 0
        self._read_at = time.monotonic()
        self._unheeded: list[Notice] = []
        """Read, and not heeded yet: one that fails is tried again at the next look, before those after it."""
        self._looking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._failing = False
        self._hinted: asyncio.Task[None] | None = None
        self._has_hint = False
        self._bus = bus
        bus.hear_with(TOPIC, self._take_hint)

    async def start(self) -> None:
        """Begin after the last one that is there: nothing is remembered yet that it could change."""
        self._last = await self._database.read(_last)
        self._read_at = time.monotonic()
        self._task = asyncio.create_task(self._run(), name="notices")

    async def look(self) -> None:
        """Heed what this node has just written; returns when that is done, and has the others look too.

        Raises what heeding raises, and then the next look goes on.
        """
        self._bus.tell(TOPIC, b"")
        await self._look()

    async def _look(self) -> None:
        async with self._looking:
            newest, whole, found = await self._database.read(lambda connection: _after(connection, self._last))
            self._last = newest
            if not whole:
                logger.warning("notices may have been missed: all that this node remembers is looked at anew")
                self._unheeded += self._remembered()
            self._unheeded += found
            self._unheeded += map(Notice, self._retired())
            while self._unheeded:
                await self._heed(self._unheeded[0])
                del self._unheeded[0]
            self._read_at = time.monotonic()

    @property
    def lag(self) -> float:
        """Seconds since all notices were last read and heeded: somebody may still have a right that is lost (AUTH2)."""
        return time.monotonic() - self._read_at

    async def close(self) -> None:
        """Look no more."""
        for task in (self._task, self._hinted):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    def _take_hint(self, _told: Told) -> None:
        self._has_hint = True  # also while it looks: what it has read may be from before
        if self._hinted is None or self._hinted.done():
            self._hinted = asyncio.get_running_loop().create_task(self._follow_hints())

    async def _follow_hints(self) -> None:
        while self._has_hint:
            self._has_hint = False
            await self._try()

    async def _run(self) -> None:
        while True:
            await self._sleep(EVERY)
            await self._try()

    async def _try(self) -> None:
        try:
            await self._look()
        except Exception as error:  # noqa: BLE001 -- the next look may find the database again
            if not self._failing:
                logger.error("notices could not be read: %s", str(error).partition("\n")[0])  # noqa: TRY400 -- a line
            self._failing = True
        else:
            self._failing = False


def _last(connection: Connection) -> int:
    return connection.execute(select(func.max(tables.notices.c.id))).scalar() or 0


def _after(connection: Connection, last: int) -> tuple[int, bool, list[Notice]]:
    """Return the id of the last notice, whether all since the one that was the `last` are there, and those."""
    columns = tables.notices.c
    oldest, newest = connection.execute(
        select(select(func.min(columns.id)).scalar_subquery(), select(func.max(columns.id)).scalar_subquery())
    ).one()
    rows = connection.execute(select(tables.notices).where(columns.id > last).order_by(columns.id))
    whole = last <= (newest or 0) and (oldest or 0) <= last + 1
    return newest or 0, whole, [Notice(row.tenant_id, row.user_id, row.room_id) for row in rows]
