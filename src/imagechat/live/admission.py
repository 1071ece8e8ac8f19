"""Newcomers come in by turns, so that a crowd that comes at once leaves the loop to those who are live.

Whoever shakes hands asks for a turn; so does a join that waited, with many others, for one read of the log.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from imagechat.live.timers import Timers

SLICE = 0.002
"""Seconds of a turn of the loop for newcomers."""

MOST = 16
"""Newcomers in a turn. A join's work comes after its turn was given, where the clock here cannot see it."""


class Admission:
    """A queue that lets in, each turn of the loop, as many as a slice of it holds."""

    def __init__(self, timers: Timers) -> None:
        """Measure and wait with `timers`."""
        self._timers = timers
        self._waiting: deque[Callable[[], None]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return len(self._waiting)

    def ask(self, work: Callable[[], None]) -> None:
        """Do some work in a turn to come, after what was asked for before."""
        self._waiting.append(work)
        if len(self._waiting) == 1:
            self._timers.call_later(0, self._admit)

    async def turn(self) -> None:
        """Wait for a turn."""
        given: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ask(lambda: None if given.done() else given.set_result(None))  # it may have been cancelled
        await given

    def _admit(self) -> None:
        began = self._timers.time()
        try:
            for _ in range(MOST):
                try:
                    self._waiting[0]()  # it stays in the queue meanwhile: what asks now makes no second timer
                finally:
                    self._waiting.popleft()
                if not self._waiting or self._timers.time() - began >= SLICE:
                    break
        finally:  # also after work that raised: those behind it have no part in that
            if self._waiting:
                self._timers.call_later(0, self._admit)
