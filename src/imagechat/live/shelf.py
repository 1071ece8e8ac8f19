"""What was made for one, kept for the next who wants the same: for some seconds, within some bytes."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shelf(Generic[K, V]):
    """The oldest goes first, when its time is over or when there is no room."""

    def __init__(self, seconds: float, most_bytes: int, clock: Callable[[], float]) -> None:
        """Keep each thing for `seconds` of `clock`, and `most_bytes` of them altogether."""
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._clock = clock
        self._kept: dict[K, tuple[float, int, V]] = {}
        self._bytes = 0

    def get(self, key: K) -> V | None:
        """Return what was put under a key, if it is still there."""
        self._clear_away()
        found = self._kept.get(key)
        return None if found is None else found[2]

    def put(self, key: K, thing: V, size: int) -> None:
        """Keep a thing of `size` bytes; one under the same key is replaced."""
        if key in self._kept:
            self._remove(key)
        self._kept[key] = (self._clock() + self._seconds, size, thing)
        self._bytes += size
        self._clear_away()

    def clear(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self._bytes = 0

    def _clear_away(self) -> None:
        now = self._clock()
        while self._kept:
            oldest = next(iter(self._kept))
            if self._bytes <= self._most_bytes and self._kept[oldest][0] > now:
                return
            self._remove(oldest)

    def _remove(self, key: K) -> None:
        self._bytes -= self._kept.pop(key)[1]
