"""What people have read, kept for many of them at once and beside the commands: it is no event of any room."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from imagechat.model.errors import UNAVAILABLE, Refusal
from imagechat.model.ids import RoomId
from imagechat.model.read_marks import ReadUpTo
from imagechat.store.database import Database
from imagechat.store.read_marks import Reading, write_marks

AT_ONCE = 100
"""Readings in one transaction at most."""
CLOSE_SECONDS = 5.0
"""How long `close` waits for a database that hangs."""


class KeepingRead:
    """Gathers readings while the transaction before is being written: however many come, one runs at a time."""

    def __init__(self, database: Database, kept: Callable[[RoomId, str, ReadUpTo], None]) -> None:
        """Write to `database`; `kept` is told of each picture and user what was taken, once it is durable."""
        self._database = database
        self._kept = kept
        self._waiting: list[tuple[Reading, asyncio.Future[None]]] = []
        self._running: asyncio.Task[None] | None = None
        self._closed = False

    async def keep(self, reading: Reading) -> None:
        """Keep what somebody has read; it is durable when this returns (DUR1).

        Raises what `reading.may` raises, `Refusal` (`unavailable`) on a node that stops, and what writing raises.
        """
        if self._closed:
            raise Refusal(UNAVAILABLE, "This server is stopping: try again in a moment.")
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((reading, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run(), name="keep-read")
        await future

    async def close(self) -> None:
        """Take nothing more, and finish what was taken, or as much as a database that hangs lets end."""
        self._closed = True
        if self._running is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self._running

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                await self._write(batch)
        finally:
            self._running = None

    async def _write(self, batch: list[tuple[Reading, asyncio.Future[None]]]) -> None:
        readings = [reading for reading, _ in batch]
        outcomes: list[ReadUpTo | Refusal | Exception]
        try:
            outcomes = [*await self._database.write(partial(write_marks, readings=readings), locking=True)]
        except Exception as error:  # noqa: BLE001 -- each of them has an answer
            outcomes = [error for _ in batch]
        for (reading, future), outcome in zip(batch, outcomes, strict=True):
            if not isinstance(outcome, Exception):
                self._kept(reading.room_id, reading.user_id, outcome)
            if future.done():  # its request went away
                continue
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(None)
