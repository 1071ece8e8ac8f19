"""What was used: plain numbers by day and place, that add up. SPEC.md says what each of them counts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Self

from imagechat.model.histogram import Histogram
from imagechat.model.latency import BOUNDS, together

DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)

OF_PICTURES = ("messages", "bandwidth", "conversations", "comments", "fetches", "votes")
"""What is kept of a picture too."""
OF_TENANTS = (*OF_PICTURES, "accounts", "calls", "errors")
"""What is kept of a tenant."""

MOST_PLACES = 20_000
"""Places that are counted apart at once. Of a room beyond that only its tenant is known; of a tenant, nothing: whoever
calls by names that do not exist must not fill the memory."""

Key = tuple[int, str]
"""A day, in days since 1970, and a place: a room's id, or a tenant's for what is of no room. Room ids begin with their
tenant's, so either tells the tenant. The empty name is for what is of no tenant."""


def day_of(milliseconds: int) -> int:
    """Return the UTC day of a time in ms since 1970."""
    return milliseconds // DAY_MS


def date_of(day: int) -> date:
    """Return a day's date."""
    return _EPOCH + timedelta(days=day)


def day_number(day: date) -> int:
    """Return a date's day."""
    return (day - _EPOCH).days


def today(milliseconds: int) -> date:
    """Return the UTC date of a time in ms since 1970."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).date()


@dataclass(slots=True)
class Tally:
    """What was used in one place on one day. What stands after `errors` is for the moment, and kept nowhere."""

    messages: int = 0
    bandwidth: int = 0
    conversations: int = 0
    comments: int = 0
    fetches: int = 0
    votes: int = 0
    accounts: int = 0
    calls: int = 0
    errors: int = 0
    events: int = 0
    faults: int = 0
    latencies: Histogram | None = None
    looks_at: int = 0
    """When a latency is looked at next, in ms since 1970."""

    def add(self, other: Self) -> None:
        """Count all that another has."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.latencies is not None:
            self.latencies = together([self.latencies or Histogram(BOUNDS), other.latencies])

    @property
    def kept(self) -> tuple[int, ...]:
        """What the database keeps, in the order of `OF_TENANTS`."""
        return tuple(getattr(self, name) for name in OF_TENANTS)


_NUMBERS = tuple(field.name for field in fields(Tally) if field.name not in {"latencies", "looks_at"})


def tenant_in(place: str) -> str:
    """Return the tenant of a place."""
    return place.partition(".")[0]


class Ledger:
    """Tallies by day and place, in bounded memory."""

    def __init__(self, most: int = MOST_PLACES) -> None:
        """Keep at most so many places of rooms, and as many of tenants."""
        self._most = most
        self._tallies: dict[Key, Tally] = {}

    def __bool__(self) -> bool:
        return bool(self._tallies)

    def of(self, day: int, place: str) -> Tally:
        """Return a place's tally of a day, to be counted in."""
        tally = self._tallies.get((day, place))
        return self._begin(day, place) if tally is None else tally

    def add(self, taken: Mapping[Key, Tally]) -> None:
        """Count all that was counted elsewhere."""
        for (day, place), tally in taken.items():
            self.of(day, place).add(tally)

    def take(self) -> dict[Key, Tally]:
        """Return what was counted, and begin anew."""
        taken, self._tallies = self._tallies, {}
        return taken

    def _begin(self, day: int, place: str) -> Tally:
        tenant = tenant_in(place)
        if place != tenant and len(self._tallies) >= self._most:
            return self.of(day, tenant)
        tally = Tally()
        if len(self._tallies) < 2 * self._most:
            self._tallies[day, place] = tally
        return tally


def by_tenant(taken: Mapping[Key, Tally]) -> dict[tuple[int, str], Tally]:
    """Return each tenant's tally of each day: its rooms', and what is of no room."""
    found: dict[tuple[int, str], Tally] = {}
    for (day, place), tally in taken.items():
        found.setdefault((day, tenant_in(place)), Tally()).add(tally)
    return found
