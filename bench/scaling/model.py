"""From a demand to nodes, NATS servers and a database, and to the first limit on the way. Pure.

A set of nodes has one database and one bus. Where one set cannot bear the demand, rooms are dealt to several by tenant,
and the mean set is reckoned. The hottest room is in one of them, whole: its limits are told apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, inf

from bench.scaling.demand import Bounds, Demand
from bench.scaling.flow import Flow, flow, nodes_with, together
from bench.scaling.queues import md1_wait
from bench.scaling.units import Units

DAY_S = 86_400
NATS_SERVERS = (3, 5, 7, 9)
MOST_SHARDS = 10_000
MOST_NODES = 100_000


@dataclass(frozen=True, slots=True)
class Nodes:
    """Of one set. `needed` bear the busiest minute; `wanted` also when some are lost."""

    needed: int
    wanted: int
    cores: float
    """That all of them use, at the busiest minute."""
    shares: dict[str, float]
    """What the cores are used for: shares of `cores`."""
    decided_by: str
    viewers_each: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Bus:
    """One set's servers together, per second, and one of them."""

    servers: int
    messages_in: float
    messages_out: float
    bytes_out: float
    routed: float
    """Messages from server to server."""
    cores_each: float
    bytes_each: float
    subscriptions: float
    memory_mb: float
    crossing: float
    """Messages from one region to others."""


@dataclass(frozen=True, slots=True)
class Primary:
    """The PostgreSQL that takes all writes of a set, at the busiest minute; storage is of a month."""

    commits_s: float
    cores: float
    wal_bytes_s: float
    connections: int
    stays_bytes: float
    log_bytes: float


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that one set, or one room, cannot have more of: how much of it is used, 1 is all."""

    what: str
    used: float
    instead: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What each set wants; limits with what is nearest first. `of_one_set` are those of everything in a single set."""

    demand: Demand
    nodes: Nodes
    flow: Flow
    bus: Bus
    primary: Primary
    room_wait_s: float
    """p99 of the hottest room."""
    room_limit_s: float
    """Commits a second that one room takes."""
    of_rooms: tuple[Limit, ...]
    of_one_set: tuple[Limit, ...]

    @property
    def first_limit(self) -> Limit:
        """What is nearest, or was hit first."""
        return max((*self.of_rooms, *self.of_one_set), key=lambda limit: limit.used)


def answer(demand: Demand, units: Units, bounds: Bounds | None = None) -> Answer:
    """Reckon with as few sets as bear it."""
    bounds = bounds or Bounds()
    of_one_set: tuple[Limit, ...] = ()
    for shards in _shards(demand):
        asked = replace(demand, shards=shards)
        nodes, found = _enough_nodes(asked, units, bounds)
        bus, primary = _bus(asked, found, units, bounds), _primary(asked, found, nodes, units, bounds)
        limits = _nearest_first(_set_limits(nodes, bus, primary, bounds))
        of_one_set = of_one_set or limits
        if limits[0].used <= 1:
            break
    limit = room_limit(units, bounds)
    wait = _room_wait(found, nodes.needed, units)
    of_rooms = _nearest_first(_room_limits(found, nodes, limit, units, bounds))
    return Answer(asked, nodes, found, bus, primary, wait, limit, of_rooms, of_one_set)


def _shards(demand: Demand) -> Iterator[int]:
    shards = demand.shards
    while shards <= MOST_SHARDS:
        yield shards
        shards = ceil(shards * 1.25)


def nodes_for_one_room(demand: Demand, units: Units, bounds: Bounds) -> int | None:
    """Return how many nodes bear one room, its creates aside; None where more of them need ever more."""
    count = 1
    while count <= MOST_NODES:
        found = flow(demand, count, units)
        needed = ceil(found.hottest.node_us(units) / 1e6 / bounds.node_busy)
        if needed <= count:
            return count
        count = needed
    return None


def _enough_nodes(demand: Demand, units: Units, bounds: Bounds) -> tuple[Nodes, Flow]:
    """Raise the number of nodes until it is enough: each has to hear more the more there are."""
    count = 1
    while True:
        nodes, found = _nodes(demand, count, units, bounds)
        if nodes.needed <= count or count > bounds.set_nodes:
            return nodes, found
        count = max(nodes.needed, count + 1)


def _nodes(demand: Demand, count: int, units: Units, bounds: Bounds) -> tuple[Nodes, Flow]:
    found = flow(demand, count, units)
    handshake = units.handshake_tls_us if demand.node_tls else units.handshake_us
    used = {
        "deliveries": found.flush_us,
        "changes": found.events * _by_group(units.create_us, units.create_alone_us, found.events / count, units),
        "arrivals": found.viewers / demand.stay_s * handshake,
        "hearing of changes": found.heard * units.bus_message_us,
        "hearing who is there": found.told * units.bus_message_us + found.told_users * units.presence_user_us,
    }
    total = sum(used.values())
    connection = (units.connection_tls_kb if demand.node_tls else units.connection_kb) + bounds.socket_kb
    by = {
        "processor": total / 1e6 / bounds.node_busy,
        "memory": found.viewers * connection / 1024 / (bounds.node_memory_mb - units.node_mb),
        "sockets": found.viewers / bounds.node_sockets,
    }
    needed = max(1, ceil(max(by.values())))
    each = found.viewers / needed
    return (
        Nodes(
            needed,
            needed + max(1, ceil(needed * bounds.lost)),
            total / 1e6,
            {name: cost / total for name, cost in used.items()},
            max(by, key=lambda name: by[name]),
            each,
            units.node_mb + each * connection / 1024,
        ),
        found,
    )


def _by_group(of_many: float, alone: float, events_s: float, units: Units) -> float:
    """Return what a create costs a node, or PostgreSQL, where so many come to one node: between alone and of many."""
    return of_many + max(0.0, alone - of_many) / together(events_s, units)


def _bus(demand: Demand, found: Flow, units: Units, bounds: Bounds) -> Bus:
    came = found.messages * units.bus_messages + found.said
    went = found.heard + found.told
    each_bytes = units.bus_bytes / units.bus_messages * found.events / found.messages
    out_bytes = found.heard * each_bytes + found.told_bytes(units)
    for servers in NATS_SERVERS:
        # a message goes once to each other server that has a node which wants it
        routed = came * nodes_with(went / came, servers) * (1 - 1 / servers)
        cores = (came + went + 2 * routed) * units.nats_message_us / 1e6 / servers
        share = out_bytes * (1 + routed / max(went, 1.0)) / servers
        if cores <= bounds.nats_cores * bounds.nats_busy and share <= bounds.network_bytes_s:
            break
    crossing = came * max(0.0, nodes_with(went / came, demand.regions) - 1) if demand.regions > 1 else 0.0
    memory = found.interest * units.nats_subscription_kb / 1024
    return Bus(servers, came, went, out_bytes, routed, cores, share, found.interest, memory, crossing)


def _primary(demand: Demand, found: Flow, nodes: Nodes, units: Units, bounds: Bounds) -> Primary:
    rate = found.events
    each = rate / nodes.needed
    made = rate * demand.mean_of_peak * DAY_S
    by_age = made * (demand.log_days or 30)
    by_size = demand.log_events / units.bus_messages if demand.log_events else inf  # an event in each room it goes to
    return Primary(
        rate / together(each, units),
        rate * _by_group(units.postgres_us, units.postgres_alone_us, each, units) / 1e6,
        rate * _by_group(units.wal_bytes, units.wal_alone_bytes, each, units),
        nodes.wanted * bounds.database_connections,
        made * 30 * max(0.0, units.postgres_bytes - units.log_bytes),
        max(rate * 3_600, min(by_age, by_size)) * units.log_bytes,
    )


def _room_wait(found: Flow, nodes: int, units: Units) -> float:
    hot = found.hottest
    held = units.transaction_ms + units.transaction_each_ms * (together(hot.events / nodes, units) - 1)
    return md1_wait(hot.messages, held / 1000)


def room_limit(units: Units, bounds: Bounds) -> float:
    """Return how many commits a second one room takes from many nodes until one in a hundred waits too long."""
    held = units.transaction_ms / 1000
    low, high = 0.0, 1 / held
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if md1_wait(middle, held) <= bounds.room_wait_s else (low, middle)
    return low


def _room_limits(found: Flow, nodes: Nodes, commits_s: float, units: Units, bounds: Bounds) -> list[Limit]:
    hot = found.hottest
    together_us = nodes.needed * bounds.node_busy * 1e6
    return [
        Limit("commits in the hottest room", hot.messages / commits_s, "one node takes that room's changes"),
        Limit(
            "its nodes' processors", hot.node_us(units) / together_us, "fewer nodes for that room, or a tree of them"
        ),
    ]


def _set_limits(nodes: Nodes, bus: Bus, primary: Primary, bounds: Bounds) -> list[Limit]:
    server = max(bus.cores_each / (bounds.nats_cores * bounds.nats_busy), bus.bytes_each / bounds.network_bytes_s)
    shards = "shards, by tenant"
    return [
        Limit("nodes in one set", nodes.needed / bounds.set_nodes, shards),
        Limit("the database's processor", primary.cores / (bounds.postgres_cores * bounds.postgres_busy), shards),
        Limit("the database's WAL", primary.wal_bytes_s / bounds.wal_bytes_s, shards),
        Limit("the NATS cluster", server * bus.servers / bounds.nats_servers, shards),
    ]


def _nearest_first(limits: list[Limit]) -> tuple[Limit, ...]:
    return tuple(sorted(limits, key=lambda limit: -limit.used))
