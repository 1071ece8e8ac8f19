"""How viewers are spread over rooms: a few rooms have very many, very many have a few. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

EXPONENT = 0.8
"""Requests for web pages follow Zipf's law with exponents from 0.64 to 0.83: L. Breslau, P. Cao, L. Fan, G. Phillips,
S. Shenker, "Web Caching and Zipf-like Distributions: Evidence and Implications", INFOCOM 1999. A picture is part of a
page; this is at the upper end, where the hottest room is hotter."""

ONE_BY_ONE = 100
"""The hottest rooms are looked at one by one; those behind them in strata that grow by `GROWTH`."""
GROWTH = 1.1


@dataclass(frozen=True, slots=True)
class Stratum:
    """Rooms that are about equally popular: how many, and each one's share of all viewers."""

    rank: int
    rooms: int
    share: float


def strata(rooms: int, exponent: float) -> list[Stratum]:
    """Return all rooms in strata, the hottest first; the shares of all rooms together are 1."""
    weights = [(first, count, _weight(first, count, exponent)) for first, count in _ranges(rooms)]
    total = sum(count * weight for _, count, weight in weights)
    return [Stratum(first, count, weight / total) for first, count, weight in weights]


def _ranges(rooms: int) -> Iterator[tuple[int, int]]:
    first = 1
    while first <= rooms:
        count = 1 if first <= ONE_BY_ONE else int(first * (GROWTH - 1))
        yield first, min(count, rooms + 1 - first)
        first += count


def _weight(first: int, count: int, exponent: float) -> float:
    """Return the mean of rank to the minus exponent over some ranks; for many the integral is near enough."""
    if count == 1:
        return float(first**-exponent)
    lower, upper = first - 0.5, first + count - 0.5
    if exponent == 1:  # the other formula would divide by nothing
        return log(upper / lower) / count
    return float((upper ** (1 - exponent) - lower ** (1 - exponent)) / (1 - exponent) / count)
