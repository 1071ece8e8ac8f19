"""One clock for many nodes: the database's.

Tickets, ended sessions and bans are compared with times that other nodes wrote. So a node whose own clock is wrong goes
by how far that is from the database's, and measures it anew every minute.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from sqlalchemy import Connection

from imagechat.store.database import Database

EVERY = 60.0
"""Seconds between two measurements."""
FAR_MS = 2_000
"""A clock that is further off than this is worth a line in the log."""

logger = logging.getLogger(__name__)


class DatabaseClock:
    """Milliseconds since 1970, by PostgreSQL's clock."""

    def __init__(
        self, database: Database, local: Callable[[], int], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Ask `database` how far the `local` clock is off; until then that is the time. `sleep` takes seconds."""
        self._database = database
        self._local = local
        self._sleep = sleep
        self._offset = 0
        self._task: asyncio.Task[None] | None = None

    def __call__(self) -> int:
        """Return the time."""
        return self._local() + self._offset

    async def start(self) -> None:
        """Measure, and go on measuring until `close`. Raises what reading raises."""
        await self.measure()
        if abs(self._offset) > FAR_MS:
            logger.warning("this machine's clock is %d ms off the database's, which is used instead", -self._offset)
        self._task = asyncio.create_task(self._run(), name="clock")

    async def measure(self) -> None:
        """Ask the database; half of the way there and back counts as the way."""
        before = self._local()
        there = await self._database.read(_time)
        self._offset = there - (before + self._local()) // 2

    async def close(self) -> None:
        """Measure no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await self._sleep(EVERY)
            try:
                await self.measure()
            except Exception as error:  # noqa: BLE001 -- what was measured before still holds
                logger.error("the database's clock could not be read: %s", error)  # noqa: TRY400 -- a line each minute


def time_in(connection: Connection, local: Callable[[], int]) -> int:
    """Return the time that nodes on a database go by, for whoever works beside them: beside SQLite it is `local`."""
    return _time(connection) if connection.dialect.name == "postgresql" else local()


def _time(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint").scalar_one())
