"""What goes on in all rooms together, on so many nodes: deliveries, messages over the bus, who is there. Pure."""

from dataclasses import dataclass
from math import expm1

from bench.scaling.demand import Demand
from bench.scaling.popularity import strata
from bench.scaling.units import Units
from imagechat.live.hub import PRESENCE_PAUSE
from imagechat.live.pacing import LONGEST_PAUSE, REST
from imagechat.live.presence import KNOWN_AT_MOST
from imagechat.live.presence_exchange import AGAIN

PRESENCE_BYTES = 64
"""Of a message on presence beside the people that it names: its subject and what frames it."""


def nodes_with(viewers: float, nodes: float) -> float:
    """Return on how many of the nodes somebody of a room is: its viewers are dealt to nodes by chance."""
    return -nodes * expm1(-viewers / nodes)


@dataclass(frozen=True, slots=True)
class RoomFlow:
    """One room, per second."""

    viewers: float
    events: float
    nodes: float
    messages: float
    """That are published: events that one node commits together travel together."""
    heard: float
    """Of these, by other nodes."""
    flush_us: float
    """Of all nodes, for their writes to subscribers."""
    said: float
    """Messages on presence that are published."""
    told: float
    """And heard."""
    told_users: float
    """People whom these name."""

    def node_us(self, units: Units) -> float:
        """Return what all nodes together do for it, but for its creates."""
        hears = (self.heard + self.told) * units.bus_message_us
        return self.flush_us + hears + self.told_users * units.presence_user_us


def room_flow(viewers: float, events: float, nodes: int, demand: Demand, units: Units) -> RoomFlow:
    """Reckon one room."""
    on = nodes_with(viewers, nodes)
    here = viewers / on
    others = on * (1 - 1 / nodes) if nodes > 1 else 0.0
    messages = events / together(events / nodes, units)
    cost = here * units.flush_us / 1e6
    flushes = min(messages, 1 / (cost + min(LONGEST_PAUSE, REST * cost)))
    churn = 2 * viewers / demand.stay_s
    news = -expm1(-churn * PRESENCE_PAUSE) / PRESENCE_PAUSE
    tells = -expm1(-churn / on * PRESENCE_PAUSE) / PRESENCE_PAUSE + 1 / AGAIN
    said = on * tells if nodes > 1 else 0.0
    told = said * max(0.0, on - 1)
    return RoomFlow(
        viewers,
        events,
        on,
        messages,
        messages * others,
        viewers * ((flushes + news) * units.flush_us + events * units.event_us),
        said,
        told,
        told * here if here <= KNOWN_AT_MOST else 0.0,
    )


def together(events_s: float, units: Units) -> float:
    """Return how many events that come so fast are committed together, while the transaction before them runs."""
    return 1 + events_s * units.transaction_ms / 1000


@dataclass(frozen=True, slots=True)
class Flow:
    """One set's part of all rooms, per second, and the hottest of all.

    `interest` is how many rooms the nodes follow, each room once for each node.
    """

    hottest: RoomFlow
    viewers: float
    events: float
    deliveries: float
    interest: float
    messages: float
    heard: float
    flush_us: float
    said: float
    told: float
    told_users: float

    def told_bytes(self, units: Units) -> float:
        """Return the bytes of the messages on presence that are heard."""
        return self.told * PRESENCE_BYTES + self.told_users * units.presence_user_bytes


def flow(demand: Demand, nodes: int, units: Units) -> Flow:
    """Reckon one set's part of all rooms, on so many nodes; the hottest is in it as far as it is in the mean set."""
    rooms = [
        (
            stratum.rooms / demand.shards,
            room_flow(demand.viewers * stratum.share, demand.events_s * stratum.share, nodes, demand, units),
        )
        for stratum in strata(demand.rooms, demand.exponent)
    ]

    def total(figure: str) -> float:
        return sum(count * float(getattr(room, figure)) for count, room in rooms)

    return Flow(
        rooms[0][1],
        total("viewers"),
        total("events"),
        sum(count * room.viewers * room.events for count, room in rooms),
        *(total(figure) for figure in ("nodes", "messages", "heard", "flush_us", "said", "told", "told_users")),
    )
