"""One timer for all connections: each is due at some second, for a ping, or because its ticket or its patience ends."""

import asyncio
from collections.abc import Callable
from math import ceil
from typing import Protocol


class Due(Protocol):
    """Something that wants to be looked at, at a second of the wheel's clock."""

    due: int
    """The second; 0 when not on the wheel."""

    def look(self, now: float) -> int:
        """Do what is due; return the second to be looked at next, or 0 for never."""


class Wheel:
    """Keeps things by the second they are due; ticks only while it holds any."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Use `clock`, in seconds."""
        self._clock = clock
        self._slots: dict[int, set[Due]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._turned = 0

    def put_in(self, thing: Due, seconds: float) -> None:
        """Look at a thing some seconds from now; one that is on the wheel is moved."""
        self.put(thing, ceil(self._clock() + seconds))

    def put(self, thing: Due, second: int) -> None:
        """Look at a thing at a second; one that is on the wheel is moved."""
        self.remove(thing)
        if not self._slots:
            self._turned = int(self._clock())
        thing.due = max(second, self._turned + 1)
        self._slots.setdefault(thing.due, set()).add(thing)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(1.0, self._tick)

    def remove(self, thing: Due) -> None:
        """Look at a thing no more."""
        slot = self._slots.get(thing.due)
        if slot is not None:
            slot.discard(thing)
            if not slot:
                del self._slots[thing.due]
        thing.due = 0

    def turn(self, now: float) -> None:
        """Look at everything that was due up to now."""
        seconds = sorted(second for second in self._slots if second <= now)
        self._turned = int(now)
        for second in seconds:
            for thing in self._slots.pop(second, set()):
                thing.due = 0
                again = thing.look(now)
                if again:
                    self.put(thing, again)

    def close(self) -> None:
        """Stop ticking."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        self._timer = None
        self.turn(self._clock())
        if self._slots and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(1.0, self._tick)
