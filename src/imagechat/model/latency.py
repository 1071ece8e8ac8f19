"""How long events were on their way, counted in classes of which shares can be asked, and which add up."""

from collections.abc import Iterable

from imagechat.model.histogram import Histogram

BOUNDS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 2_000, 5_000)
"""Milliseconds."""


def together(histograms: Iterable[Histogram]) -> Histogram:
    """Return the sum of some histograms of these bounds."""
    found = Histogram(BOUNDS)
    for each in histograms:
        found.counts = [mine + theirs for mine, theirs in zip(found.counts, each.counts, strict=True)]
        found.total += each.total
    return found


def share(latencies: Histogram, part: float) -> float | None:
    """Return the milliseconds under which such a part of them (0–1) stayed, None without any.

    Inside a class they are taken to be spread evenly; of those above all bounds only the last bound is known.
    """
    wanted = part * latencies.count
    before, lower = 0.0, 0.0
    for count, upper in zip(latencies.counts, latencies.bounds, strict=False):
        if count and before + count >= wanted:
            return round(lower + (upper - lower) * (wanted - before) / count, 1)
        before, lower = before + count, upper
    return lower if latencies.count else None
