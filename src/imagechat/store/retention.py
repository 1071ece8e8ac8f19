"""What leaves the database, and when, a few rows at a time.

Of the event log the oldest events, and the receipts of old commands; for a tenant that wants less, more of its own. And
what has ended: what waited for a moderator, bans, undos, and acts of more than a year ago.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select
from sqlalchemy.exc import DBAPIError

from imagechat.model.ids import RoomId
from imagechat.model.usage import DAY_MS, day_of
from imagechat.store import tables
from imagechat.store.database import Database
from imagechat.store.holding import WAITS
from imagechat.store.node_rows import DROPPED_MS
from imagechat.store.notices import drop_old
from imagechat.store.storage_trouble import CannotSave
from imagechat.store.tenant_rows import in_tenant
from imagechat.store.tenants import list_tenants
from imagechat.store.usage_rows import drop_old_pictures

YOUNG_MS = 3_600_000
"""What is younger stays, however much there is: a command may be tried again for so long (IDEM1), and a client that
lost its network for a moment resumes."""

CHUNK = 400
"""Rows of each table in one transaction at most: some milliseconds, which a command may have to wait."""

FIRST_AFTER = 5.0
"""Seconds after the start, when those who came back have been served."""
EVERY = 60.0
"""Seconds between two rounds."""
HOURLY = 60
"""Rounds between two of those that look at tenants and at what has ended."""
ROOMS_LOOKED_AT = 500
"""Rooms of a tenant that are looked at in one read."""
HELD_DAYS = 7
"""How long what waited, and has ended, is kept after it was written: for the answer to a retry (IDEM1)."""
OPINIONS_MS = 2 * DAY_MS
"""How long what people think of a comment is kept after that was deleted: longer than it can come back."""
ACTS_DAYS = 365
"""How long the audit log goes back."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of the log is kept: for so many days, and so many events of all rooms together; 0 is no limit."""

    days: int
    events: int

    @property
    def everything(self) -> bool:
        """Whether there is no limit at all."""
        return not self.days and not self.events


def last_to_go(oldest: Iterable[tuple[int, int]], newest: int, keep: Keep, now: int) -> int | None:
    """Return the id of the last of a log's oldest rows that is to go, or None.

    `oldest` are (id, timestamp) from the log's beginning on, `newest` is the id at its end; times are in ms since 1970.
    It is always a beginning that goes, so what stays of a room has no hole (RES2). A time that is further ahead than
    `YOUNG_MS` is of a clock that was wrong, and does not keep a row from going when there are too many.
    """
    last = None
    for row, timestamp in oldest:
        too_old = keep.days and timestamp < now - keep.days * DAY_MS
        too_many = keep.events and newest - row >= keep.events and abs(now - timestamp) >= YOUNG_MS
        if not (too_old or too_many):
            break
        last = row
    return last


def trim(connection: Connection, keep: Keep, now: int, chunk: int = CHUNK) -> tuple[int, int]:
    """Delete the oldest events and receipts that are to go, `chunk` of each at most; return how many went.

    Receipts are no more than events, so by number they outlive them: the retry of a command whose event is gone is
    refused then, and has no second effect.
    """
    return _trim(connection, tables.events, keep, now, chunk), _trim(connection, tables.receipts, keep, now, chunk)


def _trim(connection: Connection, log: Table, keep: Keep, now: int, chunk: int) -> int:
    rows = connection.execute(select(log.c.id, log.c.timestamp).order_by(log.c.id).limit(chunk)).all()
    newest = connection.execute(select(func.max(log.c.id))).scalar() or 0
    last = last_to_go(rows, newest, keep, now)
    if last is None:
        return 0
    return connection.execute(delete(log).where(log.c.id <= last)).rowcount


def shorter_logs(connection: Connection, keep: Keep) -> list[tuple[str, int]]:
    """Return the tenants that keep fewer days of their log than the node does, with how many."""
    wanted = [(tenant.id, tenant.settings.log_days) for tenant in list_tenants(connection)]
    return [(name, days) for name, days in wanted if days is not None and (not keep.days or days < keep.days)]


def old_rooms(
    connection: Connection, tenant_id: str, before: int, after: str, rooms: int = ROOMS_LOOKED_AT
) -> tuple[list[RoomId], str | None]:
    """Return which of a tenant's next rooms, in order of id, have events of before a time (ms since 1970).

    `after` is the room to go on from; the next one is returned too, None at the end. A room's oldest event is its first
    (SEQ2), so only that is looked at in each.
    """
    room, events = tables.rooms.c, tables.events.c
    oldest = select(events.timestamp).where(events.room_id == room.id).order_by(events.seq).limit(1).scalar_subquery()
    query = select(room.id, oldest).where(in_tenant(room.id, tenant_id), room.id > after).order_by(room.id)
    found = connection.execute(query.limit(rooms)).all()
    old = [RoomId(name) for name, timestamp in found if timestamp is not None and timestamp < before]
    return old, found[-1][0] if len(found) == rooms else None


def trim_room(connection: Connection, room_id: RoomId, before: int, chunk: int = CHUNK) -> int:
    """Delete a room's events of before a time, the first `chunk` of them; return how many went.

    It is always a beginning that goes (RES2). Receipts stay: see `trim`.
    """
    events = tables.events.c
    first = select(events.seq, events.timestamp).where(events.room_id == room_id).order_by(events.seq).limit(chunk)
    old = [seq for seq, timestamp in connection.execute(first) if timestamp < before]
    if not old:
        return 0
    return connection.execute(delete(tables.events).where(events.room_id == room_id, events.seq <= old[-1])).rowcount


def sweep(connection: Connection, now: int, chunk: int = CHUNK) -> tuple[int, ...]:
    """Delete what has ended, `chunk` rows of each table at most; return how many went of each."""
    held, deletions, revocations = tables.held.c, tables.deletions.c, tables.revocations.c
    sessions, opinions = tables.operator_sessions.c, tables.opinions.c
    ended = (held.state != WAITS) & (held.created_at < now - HELD_DAYS * DAY_MS)
    return (
        _delete_some(connection, tables.held, ended, chunk),
        _delete_some(connection, tables.deletions, deletions.until <= now, chunk),
        _delete_some(connection, tables.revocations, revocations.until <= now, chunk),
        _trim(connection, tables.audit, Keep(days=ACTS_DAYS, events=0), now, chunk),
        drop_old(connection, now, chunk),
        _delete_some(connection, tables.operator_sessions, sessions.expires_at <= now, chunk),
        _delete_some(connection, tables.nodes, tables.nodes.c.at < now - DROPPED_MS, chunk),
        _delete_some(connection, tables.opinions, opinions.gone_at <= now - OPINIONS_MS, chunk),
        drop_old_pictures(connection, day_of(now), chunk),
    )


def _delete_some(connection: Connection, table: Table, where: ColumnElement[bool], chunk: int) -> int:
    [key] = table.primary_key
    return connection.execute(delete(table).where(key.in_(select(key).where(where).limit(chunk)))).rowcount


class Trimmer:
    """Trims the log of a running node, and sweeps up what has ended.

    Each chunk is a transaction of its own, which takes its turn with the groups of commands: whatever waits when one
    ends is written before the next. Two nodes on one database may trim at once.
    """

    def __init__(
        self,
        database: Database,
        keep: Keep,
        now: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Trim what `database` holds beyond `keep`; `now` gives milliseconds since 1970, `sleep` takes seconds."""
        self._database = database
        self._keep = keep
        self._now = now
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None
        self._rounds_left = 0

    async def start(self) -> None:
        """Begin to trim now and then, until `close`."""
        self._task = asyncio.create_task(self._run(), name="retention")

    async def close(self) -> None:
        """Stop; a chunk that is under way is finished by the database."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def trim(self) -> tuple[int, int]:
        """Trim until nothing is left to go; return how many events and receipts went."""
        events = receipts = 0
        while not self._keep.everything:
            gone = await self._database.write(partial(trim, keep=self._keep, now=self._now()))
            if not any(gone):
                return events, receipts
            events, receipts = events + gone[0], receipts + gone[1]
        return 0, 0

    async def trim_tenants(self) -> int:
        """Trim what tenants want to be kept for less long than the node does; return how many events went."""
        gone = 0
        for tenant_id, days in await self._database.read(partial(shorter_logs, keep=self._keep)):
            before = self._now() - days * DAY_MS
            after: str | None = ""
            while after is not None:
                look = partial(old_rooms, tenant_id=tenant_id, before=before, after=after)
                rooms, after = await self._database.read(look)
                for room in rooms:
                    while count := await self._database.write(partial(trim_room, room_id=room, before=before)):
                        gone += count
        return gone

    async def sweep(self) -> int:
        """Delete what has ended; return how many rows went."""
        gone = 0
        while any(counts := await self._database.write(partial(sweep, now=self._now()))):
            gone += sum(counts)
        return gone

    async def _round(self) -> tuple[int, int]:
        events, receipts = await self.trim()
        if self._rounds_left:
            self._rounds_left -= 1
            return events, receipts
        events += await self.trim_tenants()
        swept = await self.sweep()
        if swept:
            logger.info("%d rows that had ended were deleted: what waited, bans, undos, old acts", swept)
        self._rounds_left = HOURLY - 1
        return events, receipts

    async def _run(self) -> None:
        await self._sleep(FIRST_AFTER)
        while True:
            try:
                events, receipts = await self._round()
            except CannotSave:
                pass  # it is told once; what could not be deleted now is deleted later
            except DBAPIError as error:
                logger.error("the log could not be trimmed: %s", error.orig)  # noqa: TRY400 -- a line, as for a command
            except Exception:
                logger.exception("the log could not be trimmed")
            else:
                if events or receipts:
                    logger.info("the log was trimmed by %d events and %d receipts", events, receipts)
            await self._sleep(EVERY)
