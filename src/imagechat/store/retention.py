"""What leaves the event log, and when: its oldest events, and the receipts of old commands, a few at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Table, delete, func, select
from sqlalchemy.exc import DBAPIError

from imagechat.store import tables
from imagechat.store.database import Database

DAY_MS = 86_400_000
YOUNG_MS = 3_600_000
"""What is younger stays, however much there is: a command may be tried again for so long (IDEM1), and a client that
lost its network for a moment resumes."""

CHUNK = 400
"""Rows of each table in one transaction at most: some milliseconds, which a command may have to wait."""

FIRST_AFTER = 5.0
"""Seconds after the start, when those who came back have been served."""
EVERY = 60.0
"""Seconds between two rounds."""

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


class Trimmer:
    """Trims the log of a running node.

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

    async def start(self) -> None:
        """Begin to trim now and then, until `close`."""
        if not self._keep.everything:
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
        while True:
            gone = await self._database.write(partial(trim, keep=self._keep, now=self._now()))
            if not any(gone):
                return events, receipts
            events, receipts = events + gone[0], receipts + gone[1]

    async def _run(self) -> None:
        await self._sleep(FIRST_AFTER)
        while True:
            try:
                events, receipts = await self.trim()
            except DBAPIError as error:
                logger.error("the log could not be trimmed: %s", error.orig)  # noqa: TRY400 -- a line, as for a command
            except Exception:
                logger.exception("the log could not be trimmed")
            else:
                if events or receipts:
                    logger.info("the log was trimmed by %d events and %d receipts", events, receipts)
            await self._sleep(EVERY)
