"""How a room comes to have all of its events, in order, whatever the bus brought of them: the log is the truth.

A gap is given a moment first: of two nodes that write in a room, the later batch may arrive earlier. What is missing
then is read from the log; meanwhile nothing is delivered, and what arrives waits. A log that cannot be read is tried
again, and the room's connections stay.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from random import SystemRandom
from typing import TypeVar

from imagechat.bus.base import RoomEvents
from imagechat.live.counts import LiveCounts
from imagechat.live.delay import Delay
from imagechat.live.frames import Reset, encode_signal
from imagechat.live.log_pages import LOG_PAGE, History
from imagechat.live.room import LiveRoom
from imagechat.live.timers import Timers
from imagechat.live.watch import Watch
from imagechat.model.access import Access

GRACE = 0.030
"""Seconds that a gap may take to close by itself."""
READS_AT_ONCE = 16
"""Rooms whose logs are read at the same time: after an outage, all of a node's rooms may be behind."""
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 2.0
"""Seconds before a log that could not be read is read again; a part of it is chance."""

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Around:
    """What a room's hub does for it."""

    spawn: Callable[[Coroutine[object, object, None]], None]
    tail: Callable[[], int]
    """How many of a room's last events are worth reading."""
    flush: Callable[[LiveRoom], None]
    loaded: Callable[[LiveRoom], None]
    """The room has all that there was."""
    drop: Callable[[LiveRoom], None]


class CatchingUp:
    """Takes batches into rooms.

    Why it reads a log is counted: a `gap` that stayed, too much that came `early`, another `epoch`, other people's
    `access`, a `head` that is further on than the bus brought; `restart` where everybody has to start over.
    """

    def __init__(
        self, history: History, watch: Watch, timers: Timers, around: Around, counts: LiveCounts | None = None
    ) -> None:
        """Read what is missing from `history`; let `watch` look at subscribers where other people may come."""
        self._counts = counts or LiveCounts()
        self._history = history
        self._watch = watch
        self._timers = timers
        self._around = around
        self._grace = Delay(GRACE, timers, self._grace_is_over)
        self._reading = asyncio.Semaphore(READS_AT_ONCE)
        self._cannot_read = False

    async def load(self, room: LiveRoom) -> None:
        """Read the end of a room's log. Raises what reading raises."""
        epoch, seq, events, access = await self._history.tail(room.id, self._around.tail())
        room.start(epoch, seq, [data for _, data in events], access)
        await self._catch_up(room)

    def receive(self, room: LiveRoom, batch: RoomEvents) -> None:
        """Take a batch, now or when its turn comes."""
        if not room.loaded.is_set():
            self._keep(room, batch)
        elif batch.access == room.access and room.take(batch):
            if room.early:
                self._take_what_follows(room)
            self._around.flush(room)
        elif not self._keep(room, batch) or batch.access != room.access or batch.epoch != room.epoch:
            other_access, other_epoch = batch.access != room.access, batch.epoch != room.epoch
            self._begin(room, "access" if other_access else "epoch" if other_epoch else "early")
        elif len(room.early) == 1:
            self._give_grace(room)

    def read_on(self, room: LiveRoom) -> None:
        """Read a room's log to its end: it has more than the room."""
        room.behind = True
        if room.loaded.is_set():
            self._begin(room, "head")

    def close(self) -> None:
        """Wait for no gap any more."""
        self._grace.close()

    def _keep(self, room: LiveRoom, batch: RoomEvents) -> bool:
        kept = room.early.keep(batch)
        if not kept:
            room.behind = True
        return kept

    # -- gaps that close by themselves

    def _take_what_follows(self, room: LiveRoom) -> None:
        while (batch := room.early.first) is not None and batch.access == room.access and room.take(batch):
            room.early.pop()
        if room.early:
            self._give_grace(room)  # there is another gap behind the one that was closed

    def _give_grace(self, room: LiveRoom) -> None:
        room.gap_since = self._timers.time()
        if not room.in_grace:
            room.in_grace = True
            self._grace.put(room)

    def _grace_is_over(self, room: LiveRoom) -> None:
        room.in_grace = False
        if not room.early or not room.loaded.is_set() or room.failed:
            return
        if self._timers.time() < room.gap_since + self._grace.seconds:
            room.in_grace = True
            self._grace.put(room)
        else:
            self._begin(room, "gap")

    # -- reading

    def _begin(self, room: LiveRoom, reason: str) -> None:
        self._counts.catch_ups[reason] += 1
        room.loaded.clear()
        self._around.spawn(self._run(room))

    async def _run(self, room: LiveRoom) -> None:
        try:
            await self._catch_up(room)
        except Exception:
            if not room.failed:
                logger.exception("room %s could not catch up", room.id)
                self._around.drop(room)

    async def _catch_up(self, room: LiveRoom) -> None:
        """Take what came while the room was busy, and read the log for what is missing in between."""
        known = [room.access]
        while room.early or room.behind:
            batch = room.early.first
            if batch is not None and batch.access not in known:
                known.append(batch.access)
                await self._look(room)
            elif batch is not None and room.take(batch):
                room.early.pop()
            else:
                room.behind = False
                await self._read_on(room)
        if room.failed:
            return
        room.loaded.set()
        self._around.flush(room)
        self._around.loaded(room)

    async def _read_on(self, room: LiveRoom) -> None:
        after = room.seq
        epoch, head, events, access = await self._patiently(room, lambda: self._history.after(room.id, after, LOG_PAGE))
        await self._look_where_new(room, access)
        if epoch != room.epoch or head < after or (not events and head > room.seq):
            await self._start_over(room)
        elif not events:
            room.early.clear()  # it is not in the log: of a history that is over
        elif not room.take(RoomEvents(room.id, epoch, tuple(events), access)):
            await self._start_over(room)
        elif room.seq < head:
            room.behind = True

    async def _start_over(self, room: LiveRoom) -> None:
        """Another history has begun, or this one has a hole, or went back: everybody takes a new snapshot (RES2)."""
        self._counts.catch_ups["restart"] += 1
        epoch, seq, events, access = await self._patiently(
            room, lambda: self._history.tail(room.id, self._around.tail())
        )
        await self._look_where_new(room, access)
        room.start(epoch, seq, [data for _, data in events], room.access)
        room.early.keep_only(epoch, seq)
        room.send([encode_signal(Reset(epoch, seq))])

    async def _look_where_new(self, room: LiveRoom, access: Access) -> None:
        if access != room.access:
            await self._look(room)

    async def _look(self, room: LiveRoom) -> None:
        await self._patiently(room, partial(self._watch.refresh, [room]))

    async def _patiently(self, room: LiveRoom, read: Callable[[], Awaitable[T]]) -> T:
        """Read, and again until it works. Raises `ConnectionError` when the room was given up meanwhile."""
        pause = FIRST_PAUSE
        while not room.failed:
            try:
                async with self._reading:
                    found = await read()
            except Exception as error:  # noqa: BLE001 -- whatever it is, the connections stay
                self._counts.log_failures += 1
                if not self._cannot_read:
                    logger.warning("a log cannot be read (%r): rooms that miss something wait", error)
                    self._cannot_read = True
            else:
                if self._cannot_read:
                    logger.info("logs can be read again")
                    self._cannot_read = False
                return found
            await asyncio.sleep(pause * SystemRandom().uniform(0.5, 1.0))
            pause = min(2 * pause, LONGEST_PAUSE)
        msg = "the room was given up"
        raise ConnectionError(msg)
