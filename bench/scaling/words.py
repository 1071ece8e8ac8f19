"""An answer in plain words: a table of its own, and a line among other demands. Pure."""

from math import isinf

from bench.scaling.demand import Demand
from bench.scaling.model import Answer, Limit
from bench.scaling.simulation import ROOM_SECONDS, Compared, Simulated
from bench.wording import count, ms, share, table

HEADS = ["viewers", "changes/s", "sets of nodes", "nodes in each", "NATS in each", "over its bus, messages/s"]
HEADS += ["its PostgreSQL", "WAL", "grows by, a month", "first limit of one set", "first limit of one room"]
HEADS += ["known by"]
FULL = 10.0
"""Of a limit; what is beyond is not told exactly, for the model is far from what was measured there."""


def told(answer: Answer) -> str:
    """Return the whole answer."""
    limits = [[limit.what, used(limit), limit.instead] for limit in (*answer.of_one_set, *answer.of_rooms)]
    first = answer.first_limit
    hit = "is hit first" if first.used > 1 else "is nearest"
    nearest = f"Of all limits this {hit}: {first.what}, {used(first)} of it used. Then: {first.instead}."
    heads = ["limit of one set, or of one room", "used", "then"]
    return "\n\n".join([table(["", "", ""], _rows(answer)), nearest, table(heads, limits)])


def line(answer: Answer) -> list[str]:
    """Return the answer's line in a table under `HEADS`."""
    primary = answer.primary
    return [
        f"{answer.demand.viewers:,}",
        f"{answer.demand.events_s:,.0f}",
        f"{answer.demand.shards:,}",
        nodes(answer),
        f"{answer.bus.servers}",
        count(answer.bus.messages_in + answer.bus.messages_out),
        f"{cores(primary.cores)}, {count(primary.commits_s)} commits/s",
        f"{size(primary.wal_bytes_s)}/s",
        size(primary.stays_bytes),
        f"{answer.of_one_set[0].what}: {used(answer.of_one_set[0])}",
        f"{answer.of_rooms[0].what}: {used(answer.of_rooms[0])}",
        basis(answer),
    ]


def basis(answer: Answer) -> str:
    """Return how far the answer is from what was measured."""
    if answer.nodes.needed * answer.demand.shards == 1:
        return "a node was measured with as much"
    if answer.demand.shards == 1:
        return "reckoned from two nodes, simulated"
    return "extrapolated by far, simulated"


def nodes(answer: Answer) -> str:
    """Return the nodes of a set and those that may be lost."""
    return f"{answer.nodes.needed:,} + {answer.nodes.wanted - answer.nodes.needed:,}"


def used(limit: Limit) -> str:
    """Return how much of a limit is used."""
    return share(limit.used) if limit.used <= FULL else f"over {share(FULL)}"


def size(number: float) -> str:
    """Return bytes: 3.2 MB, 870 GB."""
    unit = "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:,.0f} {unit}" if number >= 10 or unit == "B" else f"{number:.1f} {unit}"


def cores(number: float) -> str:
    """Return processor time as cores: 0.3 cores, 12 cores."""
    return f"{number:,.0f} cores" if number >= 10 else f"{number:.1f} cores"


def seen(found: Simulated) -> str:
    """Return what a simulation says, beside what the model says."""
    rows = [
        [each.what, *(f"{number:,.3g} {each.unit}".strip() for number in (each.simulated, each.reckoned)), _apart(each)]
        for each in found.compared
    ]
    more = (
        f"In the hottest room p99 of that wait was {found.hottest_wait_s:,.2f} s over {ROOM_SECONDS:g} s. A node makes"
        f" or gives up {found.interest_changes_s:,.1f} subscriptions a second. {found.followed:,} things were followed."
    )
    return f"{table(['', 'simulated', 'reckoned', 'apart'], rows)}\n\n{more}"


def _apart(each: Compared) -> str:
    return f"{each.apart:+.0%}".replace("%", " %")


def _rows(answer: Answer) -> list[list[str]]:
    return [*_asked(answer.demand, answer), *_wanted(answer), *_bus(answer), *_database(answer)]


def _asked(demand: Demand, answer: Answer) -> list[list[str]]:
    hot = answer.flow.hottest
    busy = f"{count(hot.events)} changes/s, on {count(hot.nodes)} nodes"
    return [
        ["viewers", f"{demand.viewers:,}", f"in {demand.rooms:,} rooms, Zipf's exponent {demand.exponent:g}"],
        ["changes", f"{demand.events_s:,.0f}/s", f"{count(answer.flow.deliveries)} deliveries/s in each set"],
        ["hottest room", f"{count(hot.viewers)} viewers", busy],
    ]


def _wanted(answer: Answer) -> list[list[str]]:
    found, shards = answer.nodes, answer.demand.shards
    parts = ", ".join(f"{name} {share(part)}" for name, part in found.shares.items())
    return [
        [
            "sets of nodes",
            f"{shards:,}",
            "all in one" if shards == 1 else "rooms dealt to them by tenant; what follows is each",
        ],
        ["nodes", f"{found.needed:,}", f"decided by {found.decided_by}; {cores(found.cores)} used: {parts}"],
        ["nodes to start", f"{found.wanted:,}", "so that the rest bears it when some are lost"],
        [
            "each node",
            f"{count(found.viewers_each)} viewers",
            f"{found.memory_mb:,.0f} MB, the kernel's sockets included",
        ],
    ]


def _bus(answer: Answer) -> list[list[str]]:
    bus, regions = answer.bus, answer.demand.regions
    where = "in one cluster" if regions == 1 else f"in a cluster, in each of {regions} regions, joined by gateways"
    return [
        ["NATS servers", f"{bus.servers}", where],
        [
            "each server",
            f"{cores(bus.cores_each)}, {size(bus.bytes_each)}/s",
            f"{bus.memory_mb:,.0f} MB for subscriptions",
        ],
        ["over the bus", f"{count(bus.messages_in)} messages/s in", f"{count(bus.messages_out)}/s out to nodes"],
        ["between servers", f"{count(bus.routed)} messages/s", f"between regions {count(bus.crossing)}/s"],
        ["subscriptions", count(bus.subscriptions), "one for each room on each node that has viewers of it"],
    ]


def _database(answer: Answer) -> list[list[str]]:
    primary, demand = answer.primary, answer.demand
    wait = "for ever" if isinf(answer.room_wait_s) else f"{ms(1000 * answer.room_wait_s)} ms"
    log = f"{demand.log_days} days or {demand.log_events:,} events, and the last hour"
    return [
        [
            "PostgreSQL",
            cores(primary.cores),
            f"{count(primary.commits_s)} commits/s, {size(primary.wal_bytes_s)}/s of WAL",
        ],
        ["its connections", f"{primary.connections:,}", "more than 500: through a pgbouncer in transaction mode"],
        ["it grows by", f"{size(primary.stays_bytes)} a month", "markers and comments stay"],
        ["its event log", size(primary.log_bytes), log],
        ["the hottest room waits", wait, "p99, for changes before to be committed"],
        [
            "a room takes",
            f"{count(answer.room_limit_s)} commits/s",
            "from many nodes, before p99 of that wait is 250 ms",
        ],
    ]
