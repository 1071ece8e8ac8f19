"""Rooms' heads compared with those of the log: how a node finds out what the bus did not bring.

All rooms of a node now and then, each second while the bus is in trouble, and at once where there is doubt.
A room that was just joined is compared a moment later: only then do all servers of a bus know of it.
"""

import logging
from collections.abc import Callable, Coroutine, Mapping

from imagechat.bus.base import Bus
from imagechat.live.delay import Delay
from imagechat.live.log_pages import History
from imagechat.live.room import LiveRoom
from imagechat.live.timers import Timer, Timers
from imagechat.model.ids import RoomId

EVERY = 2.0
"""Seconds between two comparisons of all rooms, at least."""
A_SECOND = 1_000
"""Rooms that are compared in a second, at most, as long as nothing is in doubt: many are compared less often."""
TICK = 1.0
"""Seconds between them while the bus is in trouble, and before one that failed is tried again."""
SOON = 0.25
"""Seconds in which the servers of a bus have told each other what a node joined."""
AT_ONCE = 1_000
"""Rooms in a query."""

logger = logging.getLogger(__name__)


class Heads:
    """Compares."""

    def __init__(  # noqa: PLR0913 -- a part of the hub, which knows all this
        self,
        bus: Bus,
        history: History,
        rooms: Mapping[RoomId, LiveRoom],
        timers: Timers,
        spawn: Callable[[Coroutine[object, object, None]], None],
        behind: Callable[[LiveRoom], None],
    ) -> None:
        """Call `behind` with each of `rooms` that `history` has more of, or another history."""
        self._bus = bus
        self._history = history
        self._rooms = rooms
        self._timers = timers
        self._spawn = spawn
        self._behind = behind
        self._soon: Delay[RoomId | None] = Delay(SOON, timers, self._ask)
        self._asked: set[RoomId] = set()
        self._all = False
        self._comparing = False
        self._failing = False
        self._timer: Timer | None = None
        self._due = 0.0

    def joined(self, room_id: RoomId) -> None:
        """Compare a room soon: it was joined just now."""
        if not self._bus.alone:
            self._soon.put(room_id)
            if self._timer is None:
                self._due = self._timers.time() + self._pause()
                self._tick_later()

    def doubt(self, room_id: RoomId | None) -> None:
        """Compare a room, or all of them, now; those that are reading read once more."""
        doubted = self._rooms.values() if room_id is None else [self._rooms[room_id]] if room_id in self._rooms else []
        for room in doubted:
            if not room.loaded.is_set():
                room.behind = True
        if room_id is None:
            self._soon.put(None)
        self._ask(room_id)

    def close(self) -> None:
        """Compare nothing any more."""
        self._soon.close()
        if self._timer is not None:
            self._timer.cancel()

    def _pause(self) -> float:
        return max(EVERY, len(self._rooms) / A_SECOND)

    def _tick_later(self) -> None:
        self._timer = self._timers.call_later(TICK, self._tick)

    def _tick(self) -> None:
        self._timer = None
        if not self._asked and (self._bus.alone or not self._rooms):
            return  # until a room is joined
        now = self._timers.time()
        if not self._bus.alone and (self._bus.trouble or now >= self._due):
            self._due = now + self._pause()
            self._all = True
        self._begin()
        self._tick_later()

    def _ask(self, room_id: RoomId | None) -> None:
        if room_id is None:
            self._all = True
        else:
            self._asked.add(room_id)
        self._begin()

    def _begin(self) -> None:
        if (self._all or self._asked) and not self._comparing:
            self._comparing = True
            self._spawn(self._run())

    async def _run(self) -> None:
        try:
            while self._all or self._asked:
                asked = list(self._rooms) if self._all else [each for each in self._asked if each in self._rooms]
                self._all = False
                self._asked.clear()
                for first in range(0, len(asked), AT_ONCE):
                    if not await self._compare(asked[first : first + AT_ONCE]):
                        self._asked.update(asked[first:])
                        self._timer = self._timer or self._timers.call_later(TICK, self._tick)
                        return
        finally:
            self._comparing = False

    async def _compare(self, room_ids: list[RoomId]) -> bool:
        """Compare some rooms; False when the log cannot be read."""
        known = {each: (self._rooms[each].epoch, self._rooms[each].seq) for each in room_ids if each in self._rooms}
        try:
            heads = await self._history.heads(list(known))
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is tried again
            if not self._failing:
                logger.warning("the heads of rooms cannot be read (%r)", error)
                self._failing = True
            return False
        self._failing = False
        for room_id, (epoch, seq) in heads.items():
            room = self._rooms.get(room_id)
            if room is None or not room.loaded.is_set() or room.failed or room.epoch != known[room_id][0]:
                continue
            if epoch != room.epoch or seq > room.seq or seq < known[room_id][1]:
                self._behind(room)
        return True
