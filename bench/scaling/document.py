"""The blocks of docs/scaling.md that the model writes, each between `<!-- name -->` and `<!-- /name -->`."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.folder import ROOT
from bench.scaling.demand import Bounds, Demand, usual
from bench.scaling.flow import flow
from bench.scaling.model import answer, nodes_for_one_room, room_limit
from bench.scaling.units import Units, load_about, load_units
from bench.scaling.words import HEADS, line
from bench.wording import count, table

DOCUMENT = ROOT / "docs" / "scaling.md"
VIEWERS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
ROOMS = (1_000, 10_000, 100_000, 1_000_000)

About = dict[str, Any]

UNITS = (
    ("a write to one subscriber, however many events are in it", "flush_us", "µs"),
    ("an event in it", "event_us", "µs"),
    ("a create, committed with others; with SQLite", "create_us create_sqlite_us", "µs"),
    ("a create, committed alone", "create_alone_us", "µs"),
    ("a connection that is opened; with the node's own TLS", "handshake_us handshake_tls_us", "µs"),
    ("a connection that comes back, ten events behind", "resume_us", "µs"),
    ("a message over the bus that is heard and given to one subscriber", "bus_message_us", "µs"),
    ("a person named in a message on presence", "presence_user_us", "µs"),
    ("memory of an idle connection; with the node's own TLS", "connection_kb connection_tls_kb", "KB"),
    ("memory of a node before the first one", "node_mb", "MB"),
    ("bus messages of a create", "bus_messages", ""),
    ("their bytes", "bus_bytes", "B"),
    ("NATS: a message that comes in or goes out", "nats_message_us", "µs"),
    ("NATS: memory of a subscription", "nats_subscription_kb", "KB"),
    ("PostgreSQL: a create, committed with others; alone", "postgres_us postgres_alone_us", "µs"),
    ("PostgreSQL: WAL of a create, committed with others; alone", "wal_bytes wal_alone_bytes", "B"),
    ("PostgreSQL: disk of a create, indexes included; of it event log", "postgres_bytes log_bytes", "B"),
    ("SQLite: disk of a create, indexes included", "sqlite_bytes", "B"),
    (
        "a transaction, from the request to the answer; each further create in it",
        "transaction_ms transaction_each_ms",
        "ms",
    ),
)


def answers(units: Units) -> str:
    """Return the table of what so many viewers want."""
    return table(HEADS, [line(answer(usual(viewers), units)) for viewers in VIEWERS])


def unit_table(units: Units, about: About) -> str:
    """Return the table of what one of everything costs, and on what that was measured."""
    rows = [
        [what, "; ".join(f"{digits(getattr(units, name))} {unit}".strip() for name in names.split())]
        for what, names, unit in UNITS
    ]
    busy = about.get("busy")
    alone = "" if busy is None else f" **Provisional: something else was running, the load average was {busy:.1f}.**"
    where = f"Measured on {about['date']}, on a machine of {about['cores']} cores ({about['cpu']}).{alone}"
    return f"{where}\n\n{table(['one of', 'costs'], rows)}"


def rooms(units: Units) -> str:
    """Return the table of one room that is ever larger."""
    bounds = Bounds()
    most = room_limit(units, bounds)
    rows = []
    for viewers in ROOMS:
        demand = Demand(viewers, min(viewers / 100, most), 1)
        nodes = nodes_for_one_room(demand, units, bounds)
        rows.append([f"{viewers:,}", f"{demand.events_s:,.0f}", *_on_nodes(demand, nodes, units)])
    alone = 1e6 / max(units.create_us, 1000 * units.transaction_each_ms)
    heads = ["viewers of one room", "changes/s", "nodes", "viewers a node", "messages/s that a node hears"]
    text = f"From many nodes one room takes {most:,.0f} changes a second, from a single one {count(alone)} at most."
    return f"{text}\n\n{table(heads, rows)}"


BLOCKS: dict[str, Callable[[Units, About], str]] = {
    "answers": lambda units, _: answers(units),
    "room": lambda units, _: rooms(units),
    "units": unit_table,
}


def written(text: str, units: Units, about: About) -> str:
    """Return the document with its blocks made anew. Raises `ValueError` where one has no place in it."""
    for name, make in BLOCKS.items():
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not place.search(text):
            message = f"the document has no place for {name}"
            raise ValueError(message)
        block = make(units, about)
        text = place.sub(lambda found, block=block: f"{found[1]}{block}\n{found[2]}", text)  # type: ignore[misc]
    return text


def write(path: Path = DOCUMENT) -> None:
    """Make the blocks of the document anew, of the units that are kept."""
    path.write_text(written(path.read_text("utf-8"), load_units(), load_about()), "utf-8")


def digits(number: float) -> str:
    """Return a number with three digits, or all before the point: 0.036, 4.26, 5,100."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _on_nodes(demand: Demand, nodes: int | None, units: Units) -> list[str]:
    if nodes is None:
        return ["no number is enough", "–", "–"]
    room = flow(demand, nodes, units).hottest
    return [f"{nodes:,}", count(demand.viewers / nodes), count((room.heard + room.told) / nodes)]
