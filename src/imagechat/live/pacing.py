"""When a room flushes (BAT1): at once when it has rested, else after a pause that grows with what the last flush cost.

Rooms that wait take turns: between two turns the loop reads its sockets, so that the event of a quiet room, which is
flushed as it is received, waits for one flush of a busy room at most, however many of them are due.
"""

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Generic, Protocol, TypeVar

from imagechat.live.timers import Timer, Timers

LONGEST_PAUSE = 0.050
"""Seconds."""

REST = 1.5
"""A room rests for so many times what its flush took: it uses two fifths of the loop, and larger batches make up for
it, because a flush costs nearly the same with one event as with fifty. ADR 11 has the figures."""

LIGHT = 0.002
"""Seconds: a flush of one event that took no longer lets nobody wait. The room is idle, or goes event by event."""

TURN = 0.001
"""Seconds of flushing in a turn of the loop after which the next room waits for the next turn."""

SHORTEST = 1e-6
"""Seconds that a flush is taken to last at least: a turn in which something was flushed has begun."""

EARLY = 0.0005
"""Seconds by which a room may flush too early: the loop's timers count milliseconds."""


def pause_after(cost: float, events: int) -> float:
    """Return the seconds to wait after a flush of some events that took `cost` seconds."""
    if events <= 1 and cost <= LIGHT:
        return 0.0
    return min(LONGEST_PAUSE, REST * max(cost, 0.0))


class Paced(Protocol):
    """Something that flushes and rests."""

    rests_until: float
    waits: bool
    flushed_events: int
    """How many events the last flush sent."""
    flush_cost: float
    """What it took, in seconds."""

    def flush(self) -> bool:
        """Send what is pending; True when there is more, for another flush."""


P = TypeVar("P", bound=Paced)


class Pacer(Generic[P]):
    """Flushes rooms in time; those that wait, in the order in which they are due."""

    def __init__(
        self, timers: Timers, failed: Callable[[P, Exception], None], flushed: Callable[[P, float], None] | None = None
    ) -> None:
        """Call `failed` with a room whose flush raised an exception, `flushed` with one that did, and the seconds."""
        self._timers = timers
        self._failed = failed
        self._flushed = flushed
        self._waiting: list[tuple[float, int, P]] = []
        self._numbers = count()
        self._timer: Timer | None = None
        self._wakes_at = 0.0
        self._light: deque[P] = deque()
        self._spent = 0.0

    def ask(self, room: P) -> None:
        """Flush a room now if it has rested, else when it will have.

        One transaction may bring events of many rooms: those for whom this turn of the loop has no time left wait too.
        """
        if not room.waits:
            now = self._timers.time()
            if now < room.rests_until:
                self._wait(room, room.rests_until)
            elif self._spent < TURN:
                if not self._spent:
                    self._timers.call_later(0, self._begin_turn)
                self._spent += max(self._flush(room) - now, SHORTEST)
            elif room.flush_cost <= TURN:
                room.waits = True
                self._light.append(room)
                self._wake_at(now)
            else:
                self._wait(room, now)

    def ask_later(self, room: P) -> None:
        """Flush a room when it has rested, in a turn of its own: for what is in no hurry."""
        if not room.waits:
            self._wait(room, max(self._timers.time(), room.rests_until))

    def close(self) -> None:
        """Flush no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _begin_turn(self) -> None:
        self._spent = 0.0

    def _wait(self, room: P, due: float) -> None:
        room.waits = True
        heappush(self._waiting, (due, next(self._numbers), room))
        self._wake_at(due)

    def _wake_at(self, due: float) -> None:
        if self._timer is not None:
            if self._wakes_at <= due:
                return
            self._timer.cancel()
        self._wakes_at = due
        self._timer = self._timers.call_later(max(0.0, due - self._timers.time()), self._wake)

    def _wake(self) -> None:
        self._timer = None
        began = now = self._timers.time()
        while self._light and now - began < TURN:  # before dear ones, however long those have waited
            room = self._light.popleft()
            room.waits = False
            now = self._flush(room)
        began = now
        while self._waiting and self._waiting[0][0] <= now + EARLY and now - began < TURN:
            room = heappop(self._waiting)[2]
            room.waits = False
            now = self._flush(room)
        if self._light:
            self._wake_at(now)
        elif self._waiting:
            self._wake_at(self._waiting[0][0])

    def _flush(self, room: P) -> float:
        """Flush a room and let it rest; returns the time."""
        began = self._timers.time()
        more = False
        try:
            more = room.flush()
        except Exception as error:  # noqa: BLE001 -- whoever is told logs it
            self._failed(room, error)
        ended = self._timers.time()
        if self._flushed is not None:
            self._flushed(room, ended - began)
        room.flush_cost = ended - began
        room.rests_until = ended + pause_after(ended - began, room.flushed_events)
        if more and not room.waits:
            self._wait(room, ended)  # without a rest, or it would fall further behind
        return ended
