"""Who may come in to a node's live channel, how many at once, and how much they may say there."""

from collections import Counter
from collections.abc import Callable
from math import inf

import msgspec

from imagechat.model.principal import Principal
from imagechat.model.rate_limits import Buckets, Limit, spend


class DoorLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits; an address is one network of `model/addresses.py`."""

    sockets_per_address: int = 1_000
    sockets_per_session: int = 100
    """A page has a socket for each of its pictures, and a person several pages."""
    unproven: Limit = Limit(120, 120.0)
    """Handshakes of an address whose tickets are not good, or not looked at yet."""
    proven: Limit = Limit(120, 120.0)
    """Handshakes of a session whose tickets were good."""
    proven_together: Limit = Limit(1_200, 120.0)
    """The same of all sessions at an address: a school's come back together after a restart."""
    frames: Limit = Limit(250, 5.0)
    """What a connection sends. A client needs a handful of frames a minute; each piece of one counts as one too."""
    size: Limit = Limit(256 * 1024, 4.0)
    """The same in bytes."""
    full_seconds: float = 30.0
    """How long to wait where too many sockets are open: nobody knows when one of them ends."""


class Doors:
    """Counts for one node."""

    def __init__(self, clock: Callable[[], float], limits: DoorLimits | None = None) -> None:
        """Count by a `clock` in seconds that never goes back."""
        self.clock = clock
        self.limits = limits or DoorLimits()
        self.buckets = Buckets(clock)
        self._sockets: Counter[str] = Counter()

    def enter(self, key: str, most: int) -> float:
        """Count a socket; return 0.0, or the seconds to wait where as many are open as may be."""
        if self._sockets[key] >= most:
            return self.limits.full_seconds
        self._sockets[key] += 1
        return 0.0

    def leave(self, key: str) -> None:
        """Count a socket no more."""
        self._sockets[key] -= 1
        if not self._sockets[key]:
            del self._sockets[key]


class Visit:
    """One socket's way through the doors. What returns seconds returns 0.0 for "come in", else how long to wait."""

    __slots__ = ("_bytes_full_at", "_counted", "_doors", "_frames_full_at", "_network")

    def __init__(self, doors: Doors) -> None:
        """Stand outside: nothing is counted yet."""
        self._doors = doors
        self._network = ""
        self._counted: tuple[str, ...] = ()
        self._frames_full_at = self._bytes_full_at = -inf

    def knock(self, network: str) -> float:
        """Come from a network, with a ticket that nobody has looked at: that costs the address."""
        self._network = network
        limits = self._doors.limits
        wait = self._doors.buckets.take([(f"unproven {self._network}", limits.unproven)])
        return wait or self._enter(f"address {self._network}", limits.sockets_per_address)

    def prove(self, principal: Principal) -> float:
        """Have shown a good ticket: the address gets back what it paid, and the session pays."""
        limits, buckets = self._doors.limits, self._doors.buckets
        session = f"session {principal.tenant_id} {principal.session_id}"
        buckets.give_back([(f"unproven {self._network}", limits.unproven)])
        wait = buckets.take([(session, limits.proven), (f"proven {self._network}", limits.proven_together)])
        return wait or self._enter(session, limits.sockets_per_session)

    def send(self, size: int) -> float:
        """Send some bytes."""
        self._bytes_full_at, wait = spend(self._bytes_full_at, self._doors.clock(), self._doors.limits.size, size)
        return min(wait, self._doors.limits.full_seconds)

    def send_frames(self, count: int) -> float:
        """Send a piece with so many frames in it; a part of one costs as much as one."""
        limits = self._doors.limits
        self._frames_full_at, wait = spend(self._frames_full_at, self._doors.clock(), limits.frames, max(count, 1))
        return min(wait, limits.full_seconds)

    def leave(self) -> None:
        """Be gone."""
        for key in self._counted:
            self._doors.leave(key)
        self._counted = ()

    def _enter(self, key: str, most: int) -> float:
        wait = self._doors.enter(key, most)
        if not wait:
            self._counted += (key,)
        return wait
