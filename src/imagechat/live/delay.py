"""Things that come back after a fixed time: one timer for any number of them, because they come in order."""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from imagechat.live.timers import Timer, Timers

T = TypeVar("T")


class Delay(Generic[T]):
    """Keeps each thing for some seconds, then gives it back."""

    def __init__(self, seconds: float, timers: Timers, back: Callable[[T], None]) -> None:
        """Call `back` with each thing that was put in, `seconds` later."""
        self.seconds = seconds
        self._timers = timers
        self._back = back
        self._kept: deque[tuple[float, T]] = deque()
        self._timer: Timer | None = None

    def put(self, thing: T) -> None:
        """Keep a thing."""
        self._kept.append((self._timers.time() + self.seconds, thing))
        if self._timer is None:
            self._timer = self._timers.call_later(self.seconds, self._wake)

    def close(self) -> None:
        """Give nothing back any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _wake(self) -> None:
        now = self._timers.time()
        self._timer = None
        due = []
        while self._kept and self._kept[0][0] <= now:
            due.append(self._kept.popleft()[1])
        for thing in due:
            self._back(thing)
        if self._kept and self._timer is None:
            self._timer = self._timers.call_later(max(0.0, self._kept[0][0] - now), self._wake)
