"""What one of everything costs: measured by `python -m bench many-nodes`, read from a file by all that reckons."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

UNITS = Path(__file__).parent / "units.json"


@dataclass(frozen=True, slots=True)
class Units:
    """µs are of one core of the machine that they were measured on; a create is one new marker over HTTP."""

    flush_us: float
    """A node, for a write to one subscriber, however many events are in it."""
    event_us: float
    """A node, for each event in such a write."""
    create_us: float
    """A node on PostgreSQL and NATS, for a create of many that are committed together."""
    create_alone_us: float
    """The same for one that is committed alone."""
    create_sqlite_us: float
    """A node that is alone, with SQLite, for a create of many."""
    handshake_us: float
    """A node on PostgreSQL and NATS, for a connection and its room, ten people a room."""
    handshake_tls_us: float
    """The same through the node's own TLS."""
    resume_us: float
    """The same, without TLS, for one that comes back and has missed ten events."""
    connection_kb: float
    connection_tls_kb: float
    node_mb: float
    """A node on PostgreSQL and NATS before the first connection."""
    bus_message_us: float
    """A node, for a message with one event that is heard and given to one subscriber."""
    bus_messages: float
    """Sent over the bus by a create that is committed alone."""
    bus_bytes: float
    """In these messages together."""
    presence_user_us: float
    """A node, for each person that another node's message on presence names."""
    presence_user_bytes: float
    transaction_ms: float
    """From a request to its answer where one create is committed alone: how long a room is locked, at most."""
    transaction_each_ms: float
    """Each further create in the same transaction."""
    sqlite_bytes: float
    """Of disk for a create: its marker, thread, events and receipt, with all indexes."""
    postgres_bytes: float
    log_bytes: float
    """The part of it in PostgreSQL that is log (events and receipts), which is trimmed."""
    wal_bytes: float
    """PostgreSQL's own log, for a create of many."""
    wal_alone_bytes: float
    postgres_us: float
    """PostgreSQL's processes, for a create of many."""
    postgres_alone_us: float
    nats_message_us: float
    """nats-server, for a message that comes in or goes out."""
    nats_subscription_kb: float


def load_units(path: Path = UNITS) -> Units:
    """Read the file. Raises `OSError`, `ValueError`, `TypeError` for one that is none."""
    return Units(**json.loads(path.read_text("utf-8"))["units"])


def load_about(path: Path = UNITS) -> dict[str, Any]:
    """Return what the file says of the measurement: machine, date, and whether something else was running."""
    about: dict[str, Any] = json.loads(path.read_text("utf-8"))["about"]
    return about


def save_units(units: Units, about: dict[str, Any], path: Path = UNITS) -> None:
    """Write the file, with three digits of each."""
    rounded = {field.name: float(f"{getattr(units, field.name):.3g}") for field in fields(units)}
    path.write_text(json.dumps({"about": about, "units": rounded}, indent=1, ensure_ascii=False) + "\n", "utf-8")
