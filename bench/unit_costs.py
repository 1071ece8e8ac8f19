"""Measures what one of everything costs, for `bench.scaling`; most of it on a node with PostgreSQL and NATS."""

from collections.abc import Callable
from dataclasses import fields
from functools import partial

from bench.backends import Backends
from bench.bus_costs import heard, passed_on, subscriptions, told
from bench.create_costs import Costs, creates_alone, creates_of_many, creates_sqlite
from bench.creates import CONNECTIONS, PICTURE
from bench.generator import arguments, held, run_load, texts
from bench.memory import FIRST, OURS, PICTURES
from bench.node import V1, Node, create_requests, principals, targets
from bench.ours import V1_FRAMES
from bench.processes import cpu_seconds
from bench.restart import LIVE
from bench.results import Results
from bench.scaling.units import Units
from bench.tls import certificate, held_with_tls

SUBSCRIBERS = 1_000
OUTSTANDING = (0, 8, 64)
PATIENCE_MS = 1
ARRIVALS = 2_000
ARRIVALS_WITH_TLS = 500
MISSED = 10

_HEAD = f"SELECT seq FROM rooms WHERE url_id = '{PICTURE}'"  # noqa: S608 -- a constant


def unit_costs(both: Backends, kept: Results, seconds: float) -> Units:
    """Measure all; a connection's memory is what `kept` has of P3.

    Raises `LeftOut`, `CheckFailed`, `ValueError` without P3.
    """
    parts: list[Callable[[], Costs]] = [
        partial(_connections, kept),
        partial(_deliveries, seconds),
        partial(creates_of_many, both, seconds),
        partial(creates_alone, both, seconds),
        partial(creates_sqlite, seconds),
        partial(_arrivals, both, seconds),
        partial(_arrivals_with_tls, both),
        partial(heard, both, seconds),
        told,
        partial(passed_on, both.nats),
        partial(subscriptions, both.nats),
    ]
    found: Costs = {}
    for part in parts:
        costs = part()
        print("  ".join(f"{name} {value:,.3g}" for name, value in costs.items()), flush=True)
        found |= costs
    of_many = found.pop("transaction_of_many_ms")
    found["transaction_each_ms"] = max(0.0, of_many - found["transaction_ms"]) / (CONNECTIONS - 1)
    return Units(**{field.name: found[field.name] for field in fields(Units)})


def line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return slope and beginning of the line nearest to some points, neither below nothing. Pure."""
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = max(0.0, sum((x - mean_x) * (y - mean_y) for x, y in points) / spread) if spread else 0.0
    return slope, max(0.0, mean_y - slope * mean_x)


def _deliveries(seconds: float) -> Costs:
    """Measure what a write to a subscriber costs against the events in it."""
    points = []
    for window in OUTSTANDING:
        with V1_FRAMES.run() as running:
            words = arguments(subscribers=SUBSCRIBERS, window=window, patience=PATIENCE_MS if window else None)
            figures = run_load(*running.words, *words, pids=running.server.pids, seconds=seconds)
        together = figures["events_a_read"]
        points.append((together, together * 1e6 * figures["server_cpu"] * figures["seconds"] / figures["deliveries"]))
    event, flush = line(points)
    return {"flush_us": flush, "event_us": event}


def _arrivals(both: Backends, seconds: float) -> Costs:
    """Measure people who come to some 200 rooms, and people who come back to one."""
    shared = both.database()
    with shared.node() as node:
        figures = {"node_mb": node.server.rss_kb() / 1024}
        handshake = _opened(node, targets(PICTURES, principals(FIRST + ARRIVALS)))
        requests = texts(create_requests([PICTURE], principals(1)), "\0")
        run_load(*arguments(port=node.port, creators=1, requests=requests), seconds=min(1.0, seconds))
        missed_from = int(shared.ask(_HEAD)) - MISSED
        epoch = both.postgres.run("SELECT epoch FROM history", shared.name)
        back = targets([PICTURE], principals(ARRIVALS), f"&epoch={epoch}&seq={missed_from}")
        resume = _came_back(node, back, missed_from)
    return figures | {"handshake_us": handshake, "resume_us": resume}


def _arrivals_with_tls(both: Backends) -> Costs:
    addresses = targets(PICTURES, principals(FIRST + ARRIVALS_WITH_TLS))
    with certificate() as (cert, key), both.database().node("--tls-cert", str(cert), "--tls-key", str(key)) as node:
        with held_with_tls(node.port, addresses[:FIRST]):
            before = cpu_seconds(node.server.pids)
        with held_with_tls(node.port, addresses[FIRST:]):
            used = cpu_seconds(node.server.pids) - before
    return {"handshake_tls_us": 1e6 * used / ARRIVALS_WITH_TLS}


def _opened(node: Node, addresses: list[str]) -> float:
    """Return what a connection that is opened costs the node, in µs; the first ones are not counted."""
    words = arguments(port=node.port, subprotocol=V1, await_number=True)
    with held(*words, targets=texts(addresses[:FIRST]), subscribers=FIRST):
        before = cpu_seconds(node.server.pids)
        with held(*words, targets=texts(addresses[FIRST:]), subscribers=len(addresses) - FIRST):
            return 1e6 * (cpu_seconds(node.server.pids) - before) / (len(addresses) - FIRST)


def _came_back(node: Node, addresses: list[str], position: int) -> float:
    """Return what a connection costs that comes back and has missed something, in µs.

    The load wants a room that is live beside it: one with a subscriber and a create a second.
    """
    words = arguments(
        port=node.port,
        subscribers=1,
        targets=texts(targets([LIVE], principals(1))),
        subprotocol=V1,
        await_number=True,
        creators=1,
        requests=texts(create_requests([LIVE], principals(1)), "\0"),
        numbered=True,
        rate=1,
        storm=texts([f"{position} {address}" for address in addresses]),
    )
    before = cpu_seconds(node.server.pids)
    run_load(*words)
    return 1e6 * (cpu_seconds(node.server.pids) - before) / len(addresses)


def _connections(kept: Results) -> Costs:
    most = max((run.x for run in kept.of("P3", OURS)), default=0)
    plain, tls = kept.median("P3", OURS, "kb_each", most), kept.median("P3", f"{OURS}, TLS", "kb_each")
    if plain is None or tls is None:
        message = "the kept run has no P3, with and without TLS: run `make bench` first"
        raise ValueError(message)
    return {"connection_kb": plain, "connection_tls_kb": tls}
