"""What is asked for, and what a part may be loaded with. Pure values; what stands here is chosen, not measured."""

from dataclasses import dataclass

from bench.scaling.popularity import EXPONENT

VIEWERS_A_ROOM = 10


@dataclass(frozen=True, slots=True)
class Demand:
    """The busiest minute of a set of nodes."""

    viewers: int
    events_s: float
    """Changes that people make a second, in all rooms: each goes to all viewers of its room."""
    rooms: int
    """Pictures that somebody looks at."""
    exponent: float = EXPONENT
    stay_s: float = 300.0
    """How long somebody looks at a picture."""
    node_tls: bool = False
    """Whether nodes do TLS themselves; else a proxy before them does."""
    regions: int = 1
    shards: int = 1
    """Sets of nodes, each with a database and a bus of its own; rooms are dealt to them by tenant."""
    mean_of_peak: float = 1 / 3
    """The mean of a month against the busiest minute: for what is stored."""
    log_days: int = 90
    log_events: int = 5_000_000


def usual(viewers: int, events_s: float | None = None) -> Demand:
    """Return a demand of so many viewers: ten in a room, each of whom changes something every hundred seconds."""
    return Demand(viewers, viewers / 100 if events_s is None else events_s, max(1, viewers // VIEWERS_A_ROOM))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What each part is loaded with at most, at the busiest minute."""

    node_busy: float = 0.5
    """Of the one core that a node uses."""
    node_memory_mb: float = 2_048
    socket_kb: float = 10
    """Of the kernel's memory for each connection, beside the node's own."""
    node_sockets: int = 60_000
    """Below the 65,536 files of deploy/imagechat.service."""
    lost: float = 0.02
    """Of a set's nodes that may be lost at once, one at least."""
    set_nodes: int = 100
    """Nodes that share a database and a bus: each hears what the others write, and who is there, so more would spend
    most of their time on each other."""
    nats_cores: float = 4
    nats_busy: float = 0.5
    nats_servers: int = 9
    """In one cluster, where each has a route to each."""
    network_bytes_s: float = 600e6
    """Half of 10 Gbit/s, each way."""
    postgres_cores: float = 32
    postgres_busy: float = 0.6
    wal_bytes_s: float = 200e6
    database_connections: int = 8
    """Of a node: IMAGECHAT_DATABASE_CONNECTIONS for writing and as many for reading."""
    room_wait_s: float = 0.25
    """For the room's row, which 1 in 100 changes exceeds."""
