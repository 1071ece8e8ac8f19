"""Ten thousand nodes' worth of rooms, simulated where the model reckons; and how far the two are apart.

Of each stratum some rooms are followed and stand for the others; and some nodes, each in a set of its own with rooms
that chance has dealt to it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, expm1, isinf

from bench.scaling.flow import RoomFlow, room_flow
from bench.scaling.node_simulation import Storm, Stream, follow_node
from bench.scaling.popularity import Stratum
from bench.scaling.queues import md1_wait, mg1_mean_wait, mg1_wait
from bench.scaling.room_simulation import RoomSeen, follow_room
from bench.scaling.town import Town

SEED = 20_260_101
ROOM_SECONDS = 10.0
NODE_SECONDS = 10.0
FOLLOWED_NODES = 6
FOLLOWED_ROOMS = 8
"""Of a stratum."""
JITTER_S = 0.5
"""The widget's first pause: a moment within it is chosen by chance."""
HALF = 0.5
HALF_BUSY_SECONDS = 120.0
"""A room whose row is in use for half of the time is followed for so long, beside all others."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure twice."""

    what: str
    unit: str
    simulated: float
    reckoned: float

    @property
    def apart(self) -> float:
        """Return how far the model is from the simulation, as a share of that."""
        return self.reckoned / self.simulated - 1 if self.simulated else 0.0


@dataclass(frozen=True, slots=True)
class Simulated:
    """All that was compared, and what only the simulation says."""

    compared: tuple[Compared, ...]
    hottest_wait_s: float
    """p99 of the hottest room, in the seconds that it was followed."""
    interest_changes_s: float
    """Subscriptions that are made or given up, a second, by a node."""
    followed: int
    """Changes and other things that were followed one by one."""


def simulate(
    town: Town,
    *,
    seed: int = SEED,
    room_seconds: float = ROOM_SECONDS,
    half_busy_seconds: float = HALF_BUSY_SECONDS,
    node_seconds: float = NODE_SECONDS,
) -> Simulated:
    """Simulate and compare; the same seed, the same figures."""
    chance = random.Random(seed)
    rooms = []
    for stratum in town.strata():
        flow = _flow(town, stratum)
        followed = min(stratum.rooms, FOLLOWED_ROOMS)
        for _ in range(followed):
            seen = _follow(town, flow, room_seconds, chance)
            rooms.append((stratum.rooms / followed, flow, seen))
    nodes = [_node(town, node_seconds, chance) for _ in range(FOLLOWED_NODES)]
    changes = sum(standing_for * seen.interest_changes for standing_for, _, seen in rooms) / room_seconds
    return Simulated(
        (_of_rooms(rooms), *_of_half_busy_room(town, half_busy_seconds, chance), *_of_nodes(nodes)),
        part(rooms[0][2].waits, 0.99),
        changes / town.sets / town.nodes,
        sum(len(seen.waits) for _, _, seen in rooms) + sum(found.followed for found in nodes),
    )


def part(values: Sequence[float], share: float) -> float:
    """Return the value that a share of some values does not exceed, 0 of none."""
    return sorted(values)[min(len(values) - 1, ceil(share * len(values)) - 1)] if values else 0.0


def _follow(town: Town, flow: RoomFlow, seconds: float, chance: random.Random) -> RoomSeen:
    return follow_room(
        viewers=flow.viewers,
        rate=flow.events,
        nodes=town.nodes,
        stay_s=town.demand.stay_s,
        units=town.units,
        seconds=seconds,
        chance=chance,
    )


Followed = tuple[float, RoomFlow, RoomSeen]
"""A room, and for how many it stands."""


def _flow(town: Town, stratum: Stratum) -> RoomFlow:
    viewers = town.demand.viewers * stratum.share
    return room_flow(viewers, viewers * town.events_each, town.nodes, town.demand, town.units)


def _of_rooms(rooms: list[Followed]) -> Compared:
    total = sum(standing_for for standing_for, _, _ in rooms)
    return Compared(
        "nodes that follow a room",
        "",
        sum(standing_for * seen.on_nodes for standing_for, _, seen in rooms) / total,
        sum(standing_for * flow.nodes for standing_for, flow, _ in rooms) / total,
    )


def _of_half_busy_room(town: Town, seconds: float, chance: random.Random) -> list[Compared]:
    held = town.units.transaction_ms / 1000
    rate = HALF / held
    flow = room_flow(rate / town.events_each, rate, town.nodes, town.demand, town.units)
    seen = _follow(town, flow, seconds, chance)
    return [
        Compared("messages a change, in a room half busy", "", seen.commits / len(seen.waits), flow.messages / rate),
        Compared("p99 wait for its row", "ms", 1000 * part(seen.waits, 0.99), 1000 * md1_wait(flow.messages, held)),
    ]


@dataclass(frozen=True, slots=True)
class _Node:
    mean: tuple[float, float]
    p99: tuple[float, float]
    storm: tuple[float, float]
    followed: int


def _node(town: Town, seconds: float, chance: random.Random) -> _Node:
    """Follow a node, and reckon the same streams."""
    streams = _streams(town, chance)
    viewers = town.demand.viewers / town.sets / town.nodes
    clients = round(viewers / max(1, town.nodes - 1))
    storm = Storm(clients, town.units.resume_us / 1e6, JITTER_S)
    seen = follow_node(streams, storm, seconds, chance)
    rate = sum(stream.rate for stream in streams)
    mean = sum(stream.rate * stream.service for stream in streams) / rate
    square = sum(stream.rate * stream.service**2 for stream in streams) / rate
    free = max(0.0, 1 - rate * mean) * JITTER_S
    calm = mg1_wait(rate, mean, square, 0.999)
    longest = max(calm, clients * storm.service - free)
    return _Node(
        (sum(seen.waits) / max(1, len(seen.waits)), mg1_mean_wait(rate, mean, square)),
        (part(seen.waits, 0.99), mg1_wait(rate, mean, square)),
        (part(seen.stormy, 0.999), longest),
        len(seen.waits) + len(seen.stormy),
    )


def _streams(town: Town, chance: random.Random) -> list[Stream]:
    units, demand = town.units, town.demand
    streams = [
        Stream(demand.events_s / town.sets / town.nodes, units.create_us / 1e6),
        Stream(demand.viewers / demand.stay_s / town.sets / town.nodes, units.handshake_us / 1e6),
    ]
    for stratum in town.strata():
        flow = _flow(town, stratum)
        mean = stratum.rooms / town.sets * flow.nodes / town.nodes
        rooms = int(mean) + (chance.random() < mean % 1)
        here = flow.viewers / flow.nodes
        if not rooms:
            continue
        each = (units.bus_message_us + here * units.flush_us) / 1e6
        news = -expm1(-2 * flow.viewers / demand.stay_s)
        streams.append(Stream(rooms * flow.messages, each))
        streams.append(Stream(rooms * news, here * units.flush_us / 1e6))
        if flow.told:
            named = flow.told_users / flow.told * units.presence_user_us
            streams.append(Stream(rooms * flow.told / flow.nodes, (units.bus_message_us + named) / 1e6))
    return streams


def _of_nodes(nodes: list[_Node]) -> list[Compared]:
    steady = [node for node in nodes if not isinf(node.mean[1])]
    if not steady:
        return []
    busiest = max(steady, key=lambda node: node.p99[1])

    def compared(what: str, pair: tuple[float, float]) -> Compared:
        return Compared(what, "ms", 1000 * pair[0], 1000 * pair[1])

    mean = tuple(sum(node.mean[side] for node in steady) / len(steady) for side in (0, 1))
    return [
        compared("mean wait at a node", (mean[0], mean[1])),
        compared("p99 wait at the busiest node followed", busiest.p99),
        compared("longest wait there when a neighbour has died (1 in 1,000)", busiest.storm),
    ]
