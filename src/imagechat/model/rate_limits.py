"""Token buckets, each of them one number: the time at which it is full again.

The rule is the Generic Cell Rate Algorithm of ITU-T Recommendation I.371, in its form of virtual scheduling; that
number is its "theoretical arrival time".
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf

SLACK = 1e-6
"""Seconds that a spender may be early, so that sums of fractions do not refuse one who waited as long as told."""

MOST_BUCKETS = 100_000


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket's size and pace: `count` at once, and in the long run `count` in each `seconds`."""

    count: int
    seconds: float


Spent = tuple[str, float, float]
"""The key of a bucket, what was taken from it as the seconds until that much has come back, and the limit's seconds."""

Charge = tuple[str, Limit]
"""The key of a bucket, and its limit."""


def spend(full_at: float, now: float, limit: Limit, cost: int = 1) -> tuple[float, float]:
    """Return when the bucket is full after spending, and 0.0; or `full_at` as it was, and the seconds to wait."""
    if cost > limit.count:
        return full_at, inf
    after = max(full_at, now) + cost * limit.seconds / limit.count
    wait = after - now - limit.seconds
    return (after, 0.0) if wait <= SLACK else (full_at, wait)


class Buckets:
    """Buckets by key, in bounded memory; a key that is not kept has a full one."""

    def __init__(self, clock: Callable[[], float], most: int = MOST_BUCKETS) -> None:
        """Keep at most so many, with a `clock` in seconds that never goes back."""
        self._clock = clock
        self._most = most
        self._full_at: OrderedDict[str, float] = OrderedDict()  # the one that was asked for last is the last
        self.remembers_spent = False
        """Whether what is taken is to be told to other nodes."""
        self._spent: dict[str, tuple[float, float]] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, charges: Sequence[Charge]) -> float:
        """Spend one from each bucket, or from none; return 0.0, or the seconds until all would allow it.

        The keys differ.
        """
        now = self._clock()
        spent = [spend(self._full_at.get(key, -inf), now, limit) for key, limit in charges]
        wait = max((wait for _, wait in spent), default=0.0)
        for (key, limit), (full_at, _) in zip(charges, spent, strict=True):
            if not wait:
                self._full_at[key] = full_at
                self._note(key, limit, 1)
            if key in self._full_at:
                self._full_at.move_to_end(key)
        self._forget(now, 2 * len(charges))
        return wait

    def wait(self, charges: Iterable[Charge]) -> float:
        """Return what `take` would, and spend nothing."""
        now = self._clock()
        return max((spend(self._full_at.get(key, -inf), now, limit)[1] for key, limit in charges), default=0.0)

    def give_back(self, charges: Iterable[Charge]) -> None:
        """Undo a `take`."""
        for key, limit in charges:
            if key in self._full_at:
                self._full_at[key] -= limit.seconds / limit.count
                self._note(key, limit, -1)

    def take_spent(self) -> list[Spent]:
        """Return what was taken since this was asked last, and given back."""
        spent, self._spent = self._spent, {}
        return [(key, amount, seconds) for key, (amount, seconds) in spent.items() if amount]

    def spend_elsewhere(self, spent: Iterable[Spent]) -> None:
        """Take what other nodes let pass; a bucket is no more than empty, however many let something pass at once."""
        now = self._clock()
        for key, amount, seconds in spent:
            self._full_at[key] = min(max(self._full_at.get(key, -inf), now) + amount, now + seconds)
            self._full_at.move_to_end(key)
        self._forget(now, 2)

    def _note(self, key: str, limit: Limit, cost: int) -> None:
        if self.remembers_spent:
            amount, _ = self._spent.get(key, (0.0, 0.0))
            self._spent[key] = amount + cost * limit.seconds / limit.count, limit.seconds

    def _forget(self, now: float, pace: int) -> None:
        """Drop what is full again, some each time, twice as fast as it comes; and whatever is over the bound."""
        for _ in range(min(pace, len(self._full_at))):
            key = next(iter(self._full_at))
            if self._full_at[key] > now:
                break
            del self._full_at[key]
        while len(self._full_at) > self._most:
            self._full_at.popitem(last=False)
