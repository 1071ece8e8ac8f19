"""Pages of rooms' logs, each read once for all who want it at about the same time: reads grow with rooms (RES1, RES2).

A page holds the events with seq above `number * LOG_PAGE`: `LOG_PAGE` of them, or as far as the log went when it was
read.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from imagechat.live.shelf import Shelf
from imagechat.live.timers import Timers
from imagechat.model.access import Access
from imagechat.model.ids import RoomId

LOG_PAGE = 200
KEPT_SECONDS = 10.0
"""How long a page is kept for those who come after: the clients of a node that restarted come within seconds."""
KEPT_BYTES = 32 * 1024 * 1024
"""What all pages weigh at most."""

Logged = tuple[str, int, list[tuple[int, bytes]], Access]
"""A room's epoch, its head's seq, events (seq, JSON) of its log, and who may come to it, all of one moment."""


class History(Protocol):
    """The event log, as the hub reads it. All of it raises `ConnectionError` while the log is away."""

    async def access(self, room_ids: Collection[RoomId]) -> Mapping[RoomId, Access]:
        """Return who may come to each of some rooms."""

    async def heads(self, room_ids: Collection[RoomId]) -> Mapping[RoomId, tuple[str, int]]:
        """Return the epoch and the seq of each of some rooms; 0 where nothing was written."""

    async def tail(self, room_id: RoomId, limit: int) -> Logged:
        """Return a room's last events."""

    async def after(self, room_id: RoomId, seq: int, limit: int) -> Logged:
        """Return a room's events after `seq`, the first `limit` of them."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one read, the `read`th, found: all that is left of the history from the page's beginning to `upto`."""

    read: int
    epoch: str
    first: int
    upto: int
    events: list[bytes]

    def after(self, seq: int) -> Sequence[bytes]:
        """Return the events after `seq`; none if those next to it are not in the log any more."""
        return self.events[seq + 1 - self.first :] if seq + 1 >= self.first else ()


Place = tuple[RoomId, int]


class LogPages:
    """The pages of a node."""

    def __init__(self, history: History, timers: Timers) -> None:
        """Read from `history`."""
        self._history = history
        self._kept: Shelf[Place, Page] = Shelf(KEPT_SECONDS, KEPT_BYTES, timers.time)
        self._being_read: dict[Place, asyncio.Task[Page]] = {}
        self._reads = 0
        self._forgotten = 0

    async def after(self, room_id: RoomId, epoch: str, seq: int) -> Sequence[bytes]:
        """Return a room's events after `seq`, to the end of its page; none if they are not in this epoch's log.

        The event next to `seq` has been committed. Raises what reading raises.
        """
        place = room_id, seq // LOG_PAGE
        reads_before = self._reads
        page = self._kept.get(place)
        while page is None or page.epoch != epoch or page.upto <= seq:
            if page is not None and page.read > reads_before:  # begun after the event was committed
                return ()
            page = await asyncio.shield(self._being_read.get(place) or self._begin(place))
        return page.after(seq)

    def forget(self) -> None:
        """Keep nothing of what was read, or is being read."""
        self._kept.clear()
        self._forgotten += 1

    async def close(self) -> None:
        """Stop reading."""
        reading = list(self._being_read.values())
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    def _begin(self, place: Place) -> asyncio.Task[Page]:
        self._reads += 1
        task = asyncio.get_running_loop().create_task(self._read(place, self._reads))
        self._being_read[place] = task
        task.add_done_callback(lambda task: task.cancelled() or task.exception())  # nobody may be waiting any more
        return task

    async def _read(self, place: Place, read: int) -> Page:
        try:
            room_id, number = place
            forgotten = self._forgotten
            begin, end = number * LOG_PAGE, (number + 1) * LOG_PAGE
            epoch, head, found, _ = await self._history.after(room_id, begin, LOG_PAGE)
            events = [data for seq, data in found if seq <= end]
            page = Page(read, epoch, found[0][0] if events else end + 1, min(head, end), events)
            if forgotten == self._forgotten:
                self._kept.put(place, page, sum(map(len, events)))
            return page
        finally:
            del self._being_read[place]
