"""What is aimed for, and whether a run has it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.results import Results
from bench.wording import count, ms, times

OURS = "Image Chat"
OURS_V1 = "Image Chat, imagechat.v1"
LIMIT = "C, send() only"
ALONE = "Image Chat, alone (SQLite)"
ONE_OF_MANY = "Image Chat, PostgreSQL and NATS"
OTHER_NODE = "Image Chat, written on another node"
P7_PACE = 250
"""Creates a second, each seen by every subscriber; all that are compared have to hold it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A target's line: `met` is None where it was not measured in full."""

    id: str
    what: str
    target: str
    figure: str
    met: bool | None


@dataclass(slots=True)
class _Claims:
    """Parts of a target, each with its figure; all must hold."""

    said: list[str]
    held: list[bool | None]

    def claim(self, text: str, holds: bool | None) -> None:  # noqa: FBT001 -- it is the claim
        self.said.append(text)
        self.held.append(holds)

    @property
    def met(self) -> bool | None:
        if False in self.held:
            return False
        return None if None in self.held or not self.held else True


def judge(results: Results) -> list[Judged]:
    """Return every target with its figure."""
    judged = []
    for identity, what, target, measure in TARGETS:
        claims = _Claims([], [])
        measure(results, claims)
        judged.append(Judged(identity, what, target, "; ".join(claims.said) or "not measured", claims.met))
    return judged


def ratio(one: float | None, other: float | None) -> float | None:
    """Return how many times `other` goes into `one`."""
    return None if one is None or not other else one / other


def _p1(results: Results, claims: _Claims) -> None:
    ours = results.median("P1", OURS_V1, "deliveries_s")
    if ours is None:
        return
    claims.claim(f"{count(ours)} events/s", ours >= 2_000_000)
    for who, wanted in (("uWebSockets", 5), ("NATS WebSocket", 1.5), ("nchan", 15), ("socket.io", 15)):
        found = ratio(ours, results.median("P1", who, "deliveries_s"))
        claims.claim(
            f"{times(found)} {who}" if found else f"{who} left out", None if found is None else found >= wanted
        )


def _p2(results: Results, claims: _Claims) -> None:
    ours, limit = (results.median("P2", who, "last_ms.p50") for who in (OURS_V1, LIMIT))
    found = ratio(ours, limit)
    if found is not None:
        claims.claim(f"{ms(ours)} ms; C {ms(limit)} ms: {times(found)}", found <= 1.1)


def _p3(results: Results, claims: _Claims) -> None:
    most = max((run.x for run in results.of("P3", OURS)), default=0)
    each, total = (results.median("P3", OURS, name, most) for name in ("kb_each", "rss_mb"))
    if each is not None and total is not None:
        claims.claim(f"{each:.1f} KB each", each <= 6)
        claims.claim(f"{most:,.0f} connections in {total:.0f} MB", total <= 120 if most >= 15_000 else None)


def _p4(results: Results, claims: _Claims) -> None:
    ours = results.median("P4", OURS, "creates_s")
    if ours is None:
        return
    claims.claim(f"{count(ours)}/s", ours >= 4_000)
    found = ratio(ours, results.median("P4", "Isso", "creates_s"))
    claims.claim(f"{times(found)} Isso" if found else "Isso left out", None if found is None else found >= 15)


def _p5(results: Results, claims: _Claims) -> None:
    paced = f"{OURS}, paced"
    created, delivered, slowest = (
        results.median("P5", paced, name) for name in ("creates_s", "deliveries_s", "each_ms.p99")
    )
    if created is None or slowest is None:
        return
    text = f"{count(created)} creates/s = {count(delivered)} deliveries/s, p99 {ms(slowest)} ms"
    claims.claim(text, created >= 1_980 and slowest <= 100)  # a run's last creates are answered after its end
    most = results.median("P5", OURS, "creates_s")
    claims.claim(f"at most {count(most)} creates/s", None if most is None else most >= 2_000)


def _p6(results: Results, claims: _Claims) -> None:
    for who in results.contenders("P6"):
        took, clients = (results.median("P6", who, name) for name in ("restart_s", "clients"))
        if took is not None and clients is not None:
            claims.claim(f"{who}: {took:.1f} s", took <= 10 if clients >= 10_000 else None)


def _p7(results: Results, claims: _Claims) -> None:
    alone, shared, elsewhere = (results.least("P7", who, "us_a_delivery") for who in (ALONE, ONE_OF_MANY, OTHER_NODE))
    paces = [results.median("P7", who, "creates_s") or 0 for who in results.contenders("P7")]
    found = ratio(shared, alone)
    if found is not None:
        claims.claim(f"a node with both, creates included: {times(found)}", found <= 1.15)
    found = ratio(elsewhere, alone)
    if found is not None:
        claims.claim(f"a node for what another wrote: {times(found)}", found <= 1.15)
    if paces and min(paces) < 0.95 * P7_PACE:
        claims.claim(f"not at one pace: {count(min(paces))} to {count(max(paces))} creates/s", None)


def _p8(results: Results, claims: _Claims) -> None:
    for curve, figure, name, whole in CURVES:
        points = sorted({run.x for run in results.of(curve)})
        costs = [results.median(curve, OURS, figure, x) for x in points]
        found = ratio(costs[-1], costs[0]) if len(costs) > 1 else None
        if found is not None:
            text = f"{name}: {times(found)} from {points[0]:,.0f} to {points[-1]:,.0f}"
            claims.claim(text, found <= 1.3 if points[-1] >= whole else None)


CURVES = (
    ("P8 subscribers", "us_a_delivery", "a delivery, over subscribers", 10_000),
    ("P8 rooms", "us_a_create", "a create, over rooms", 10_000),
    ("P8 history", "us_a_create", "a create, over events of history", 1_000_000),
)

TARGETS: tuple[tuple[str, str, str, Callable[[Results, _Claims], None]], ...] = (
    (
        "P1",
        "burst: 1 room, 1,000 subscribers, 64 events outstanding, 300 B",
        "≥ 2M events/s; ≥ 5× uWebSockets, ≥ 1.5× NATS WebSocket, ≥ 15× nchan and socket.io",
        _p1,
    ),
    ("P2", "one event at a time to 100 subscribers, p50 to the last", "≤ 1.1× a C program that only calls send()", _p2),
    (
        "P3",
        "memory of an idle connection, session and subscription included",
        "≤ 6 KB RSS; 15,000 connections in ≤ 120 MB",
        _p3,
    ),
    ("P4", "durable creates over HTTP, fsync on, nobody watching", "≥ 4,000/s; ≥ 15× Isso", _p4),
    (
        "P5",
        "the whole way: creates over HTTP seen by 1,000 subscribers",
        "2,000 creates/s = 2M deliveries/s, p99 ≤ 100 ms",
        _p5,
    ),
    ("P6", "restart with 10,000 connected clients: all resumed and caught up", "≤ 10 s", _p6),
    ("P7", "cost per delivery with PostgreSQL and NATS, against the node alone", "≤ 1.15×", _p7),
    ("P8", "cost against subscribers, rooms, history", "flat within 1.3×", _p8),
)
