"""How busy a node is, in all and for each tenant: now, over the last minute, and in some minutes before."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nlargest

import msgspec

from imagechat.model.histogram import Histogram
from imagechat.model.latency import BOUNDS, share, together
from imagechat.model.usage import Key, Tally, tenant_in

HISTORY_MS = 300_000
LATENCY_MS = 60_000
"""How far latencies count back."""
RATE_MS = 10_000
"""Over how long a rate is taken."""
MOST_TENANTS = 200
"""Tenants that are told apart in a moment: the busiest."""

EVERYBODY = ""
"""Names all tenants together."""


class Rates(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How busy a node is: `…_per_second` over the last seconds, latencies by class of the last minute."""

    connections: int = 0
    rooms: int = 0
    events_per_second: float = 0.0
    messages_per_second: float = 0.0
    bytes_per_second: float = 0.0
    calls_per_second: float = 0.0
    refusals_per_second: float = 0.0
    faults_per_second: float = 0.0
    latencies: list[int] = msgspec.field(default_factory=list)

    @property
    def histogram(self) -> Histogram:
        """The latencies, to be asked for shares of them."""
        found = Histogram(BOUNDS)
        if len(self.latencies) == len(found.counts):  # a node of another version may have other classes
            found.counts = self.latencies
        return found


class Report(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a node tells the others of itself."""

    version: str
    all: Rates
    tenants: dict[str, Rates]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened in some milliseconds before `at` (ms since 1970), and who was connected then."""

    at: int
    length: int
    tallies: Mapping[str, Tally]
    connections: Mapping[str, int]
    rooms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Point:
    """A moment of one tenant, or of all, as a chart shows it; latencies are in milliseconds."""

    at: int
    connections: int
    events_per_second: float
    messages_per_second: float
    latency_p99: float | None
    calls_per_second: float
    faults_per_second: float


@dataclass(slots=True)
class Pulse:
    """The moments of the last minutes."""

    moments: deque[Moment] = field(default_factory=deque)

    def note(
        self, now: int, taken: Mapping[Key, Tally], connections: Mapping[str, int], rooms: Mapping[str, int]
    ) -> None:
        """Add what was counted since the last time, and who is connected, by tenant, at `now` (ms since 1970)."""
        tallies: dict[str, Tally] = {EVERYBODY: Tally()}
        for (_, place), tally in taken.items():
            tallies.setdefault(tenant_in(place) or "?", Tally()).add(tally)
            tallies[EVERYBODY].add(tally)
        tallies.pop("?", None)
        names = tallies.keys() | connections.keys()
        if len(names) > MOST_TENANTS:
            kept = nlargest(
                MOST_TENANTS, names, lambda name: (name == EVERYBODY, connections.get(name, 0), _size(tallies, name))
            )
            tallies = {name: tallies[name] for name in kept if name in tallies}
            connected = {name: connections[name] for name in kept if name in connections}
        else:
            connected = dict(connections)
        opened = {name: rooms[name] for name in connected if name in rooms}
        connected[EVERYBODY], opened[EVERYBODY] = sum(connections.values()), sum(rooms.values())
        length = max(1, now - self.moments[-1].at) if self.moments else 1_000
        self.moments.append(Moment(now, length, tallies, connected, opened))
        while self.moments[0].at <= now - HISTORY_MS:
            self.moments.popleft()

    def rates(self, tenant_id: str = EVERYBODY) -> Rates:
        """Return how busy a tenant was at the last moment."""
        if not self.moments:
            return Rates()
        newest = self.moments[-1]
        recent = [moment for moment in self.moments if moment.at > newest.at - RATE_MS]
        minute = [moment for moment in self.moments if moment.at > newest.at - LATENCY_MS]
        seconds = sum(moment.length for moment in recent) / 1000
        tally = _sum(moment.tallies.get(tenant_id) for moment in recent)
        known = [tally.latencies for tally in _there(moment.tallies.get(tenant_id) for moment in minute)]
        latencies = together(each for each in known if each is not None)
        return Rates(
            connections=newest.connections.get(tenant_id, 0),
            rooms=newest.rooms.get(tenant_id, 0),
            events_per_second=round(tally.events / seconds, 2),
            messages_per_second=round(tally.messages / seconds, 2),
            bytes_per_second=round(tally.bandwidth / seconds, 2),
            calls_per_second=round(tally.calls / seconds, 2),
            refusals_per_second=round((tally.errors - tally.faults) / seconds, 2),
            faults_per_second=round(tally.faults / seconds, 2),
            latencies=latencies.counts if latencies.count else [],
        )

    def tenants(self) -> dict[str, Rates]:
        """Return how busy each tenant was of which there is anything to say now."""
        if not self.moments:
            return {}
        names = self.moments[-1].connections.keys() | self.moments[-1].tallies.keys()
        return {name: self.rates(name) for name in sorted(names - {EVERYBODY})}

    def history(self, tenant_id: str = EVERYBODY) -> list[Point]:
        """Return the moments of a tenant, the oldest first."""
        return [_point(moment, tenant_id) for moment in self.moments]


def rates_together(nodes: Iterable[Rates]) -> Rates:
    """Return how busy some nodes are together."""
    known = list(nodes)
    sums = {
        name: round(sum(getattr(each, name) for each in known), 2)
        for name in Rates.__struct_fields__
        if name != "latencies"
    }
    latencies = together(each.histogram for each in known)
    return Rates(**sums, latencies=latencies.counts)


def _point(moment: Moment, tenant_id: str) -> Point:
    tally, seconds = moment.tallies.get(tenant_id, Tally()), moment.length / 1000
    return Point(
        at=moment.at,
        connections=moment.connections.get(tenant_id, 0),
        events_per_second=round(tally.events / seconds, 2),
        messages_per_second=round(tally.messages / seconds, 2),
        latency_p99=None if tally.latencies is None else share(tally.latencies, 0.99),
        calls_per_second=round(tally.calls / seconds, 2),
        faults_per_second=round(tally.faults / seconds, 2),
    )


def _size(tallies: Mapping[str, Tally], name: str) -> int:
    tally = tallies.get(name)
    return 0 if tally is None else tally.messages + tally.calls


def _sum(tallies: Iterable[Tally | None]) -> Tally:
    found = Tally()
    for tally in _there(tallies):
        found.add(tally)
    return found


def _there(tallies: Iterable[Tally | None]) -> list[Tally]:
    return [tally for tally in tallies if tally is not None]
