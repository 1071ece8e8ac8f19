"""A database that may run out of room: who writes is refused, who reads goes on, and it finds out when that is over."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError

from imagechat.store import tables
from imagechat.store.database import Database
from imagechat.store.storage_trouble import Trouble, trouble_of

T = TypeVar("T")

QUIET = 5.0
"""Seconds without a failure after which it is tried whether there is room again."""
LONGEST_QUIET = 320.0
"""What those become where it comes back again and again: a log that tells of each time would fill the disk itself."""
RELAPSE = 60.0
"""Seconds within which the same trouble is one that has come back."""

logger = logging.getLogger(__name__)


class WatchedDatabase:
    """See `Database`. Everything that a node writes goes through one.

    Each write is tried: the first that finds room is carried out. What is told of it, in the log and in `trouble`,
    begins with the first failure, and ends when nothing has failed for a while and a small write went well.
    """

    def __init__(
        self,
        database: Database,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Write to and read from `database`; `sleep` takes seconds, `clock` gives them."""
        self._database = database
        self._sleep = sleep
        self._clock = clock
        self._trouble: Trouble | None = None
        self._failed = False
        self._quiet = QUIET
        self._began = self._ended = -RELAPSE
        self._task: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str:
        """Why nothing can be saved, for operators; empty while all is well."""
        return self._trouble.words if self._trouble else ""

    async def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        """See `Database`. Raises `CannotSave` too."""
        try:
            return await self._database.write(transaction, locking=locking)
        except DBAPIError as error:
            found = trouble_of(error)
            if found is None:
                raise
            self._note(found, error)
            raise found.refusal() from error

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        """See `Database`."""
        return await self._database.read(transaction)

    async def close(self) -> None:
        """See `Database`."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._database.close()

    def _note(self, found: Trouble, error: DBAPIError) -> None:
        self._failed = True
        if self._trouble is not None:
            return
        self._trouble, self._began = found, self._clock()
        is_relapse = self._began - self._ended < RELAPSE
        self._quiet = min(self._quiet * 2, LONGEST_QUIET) if is_relapse else QUIET
        logger.error("%s (%s)", found.words, str(error.orig).partition("\n")[0])
        self._task = asyncio.create_task(self._until_over(), name="storage")

    async def _until_over(self) -> None:
        while self._failed or not await self._has_room():
            self._failed = False
            await self._sleep(self._quiet)
        self._trouble, self._ended = None, self._clock()
        logger.warning("what is written is saved again, after %d s in which nothing was", self._ended - self._began)

    async def _has_room(self) -> bool:
        try:
            await self._database.write(_write_the_same, locking=True)
        except Exception:  # noqa: BLE001 -- whatever it is, it is not over
            return False
        return True


def _write_the_same(connection: Connection) -> None:
    """Change nothing, by a write that takes as much room as a small one does."""
    connection.execute(update(tables.history).values(epoch=tables.history.c.epoch))
