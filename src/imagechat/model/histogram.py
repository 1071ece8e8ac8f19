"""Counts of values by size: what a hot path can afford, where a metrics library's own would take its time."""

from bisect import bisect_left
from collections.abc import Sequence


class Histogram:
    """How many values were added up to each of some bounds, and their sum."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        """Count up to each of `bounds`, which rise, and beyond the last."""
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        """Of the values above the bound before and up to each; the last is of those above all bounds."""
        self.total = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        """How many values were added."""
        return sum(self.counts)
