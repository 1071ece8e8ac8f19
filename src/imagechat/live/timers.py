"""Time as the hub sees it, so that a test can hold it."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that is to come."""

    def cancel(self) -> None:
        """Let it not come."""


class Timers(Protocol):
    """A clock in seconds, and calls at a later time."""

    def time(self) -> float:
        """Return the time; it never goes back."""

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        """Call in some seconds; in 0, in the loop's next turn, after whatever has arrived meanwhile."""


class LoopTimers:
    """The running loop's timers. Its own clock counts milliseconds, and a flush may take a hundredth of one."""

    def time(self) -> float:
        """See `Timers`."""
        return time.monotonic()

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        """See `Timers`."""
        return asyncio.get_running_loop().call_later(seconds, call)
