"""What is measured, how often and how long."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import machine
from bench.browser_load import in_the_browser
from bench.click import click_to_dom
from bench.contender import Contender
from bench.creates import creates, peer_creates, whole_way, whole_way_over_rate
from bench.fan_out import fan_out
from bench.generator import CheckFailed
from bench.growth import creates_over_history, creates_over_rooms, deliveries, reads
from bench.installed import Need, install
from bench.many_nodes import MANY_NODES, many_nodes, note_backends
from bench.memory import idle, idle_peer, idle_with_tls
from bench.ours import PLAIN_FRAMES, V1_FRAMES
from bench.peers.isso import ISSO
from bench.peers.nats import NATS
from bench.peers.nchan import NCHAN
from bench.peers.on_node import SOCKET_IO, WS
from bench.peers.on_python import AIOHTTP, UVICORN, UWEBSOCKETS
from bench.peers.send_only import SEND_ONLY
from bench.processes import LeftOut
from bench.restart import AT_ONCE, SPREAD, Return, restart
from bench.results import Results, Run

ALL = (V1_FRAMES, PLAIN_FRAMES, SEND_ONLY, UWEBSOCKETS, NATS, NCHAN, SOCKET_IO, WS, AIOHTTP, UVICORN)
OURS = {V1_FRAMES, PLAIN_FRAMES}

Measure = Callable[[], Iterator[Run]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything; `rounds` are for what is compared, `slow_rounds` for what takes long to set up."""

    rounds: int
    slow_rounds: int
    seconds: float
    contenders: tuple[Contender, ...]
    rates: list[int]
    idle: list[int]
    idle_peers: int
    clients: int
    returns: tuple[Return, ...]
    subscribers: list[int]
    rooms: list[int]
    history: list[int]
    clicks: int
    unseen_creates: bool
    """Whether creates that nobody sees are measured with PostgreSQL too."""
    browser: bool


FULL = Plan(
    rounds=3,
    slow_rounds=1,
    seconds=3,
    contenders=ALL,
    rates=[100, 500, 1_000, 1_500, 2_000],
    idle=[1_000, 5_000, 15_000],
    idle_peers=5_000,
    clients=10_000,
    returns=(AT_ONCE, SPREAD),
    subscribers=[10, 100, 1_000, 10_000],
    rooms=[1, 100, 10_000],
    history=[0, 10_000, 1_000_000],
    clicks=40,
    unseen_creates=True,
    browser=True,
)
QUICK = Plan(
    rounds=1,
    slow_rounds=1,
    seconds=1,
    contenders=(V1_FRAMES, SEND_ONLY, UWEBSOCKETS, NATS),
    rates=[],
    idle=[2_000],
    idle_peers=0,
    clients=2_000,
    returns=(AT_ONCE,),
    subscribers=[10, 1_000],
    rooms=[],
    history=[0, 10_000],
    clicks=10,
    unseen_creates=False,
    browser=False,
)


def measure(plan: Plan, results: Results) -> None:
    """Carry a plan out into `results`. What cannot be had or fails is noted, and the run goes on."""
    missing = install()
    busy = results.machine["busy"] = machine.busy()
    if busy is not None:
        print(f"Warning: something else is running (load average {busy:.1f}); the figures will be off", flush=True)
    for contender in (*plan.contenders, ISSO):
        note(results, contender, missing)
    note_backends(results)
    for number in range(plan.rounds):
        for what, runs in _compared(plan):
            take(results, what, runs)
        print(f"Round {number + 1} of {plan.rounds} is done", flush=True)
    for _ in range(plan.slow_rounds):
        for what, runs in _slow(plan):
            take(results, what, runs)
    for what, runs in _once(plan):
        take(results, what, runs)


def _compared(plan: Plan) -> Iterator[tuple[str, Measure]]:
    for contender in plan.contenders:
        yield contender.name, lambda contender=contender: fan_out(contender, plan.seconds)  # type: ignore[misc]
    yield "creates", lambda: creates(plan.seconds)
    yield ISSO.name, lambda: peer_creates(ISSO, plan.seconds)
    yield "the whole way", lambda: whole_way(plan.seconds)
    yield MANY_NODES, lambda: many_nodes(plan.seconds, creates=plan.unseen_creates)


def _slow(plan: Plan) -> Iterator[tuple[str, Measure]]:
    for way in plan.returns:
        yield f"restart, {way.name}", lambda way=way: restart(plan.clients, way)  # type: ignore[misc]
    yield "the whole way, over rate", lambda: whole_way_over_rate(plan.rates, plan.seconds)
    yield "cost over subscribers", lambda: deliveries(plan.subscribers, plan.seconds)
    yield "cost over rooms", lambda: creates_over_rooms(plan.rooms, plan.seconds)
    yield "cost over history", lambda: creates_over_history(plan.history, plan.seconds)
    yield "idle connections", lambda: idle(plan.idle)


def _once(plan: Plan) -> Iterator[tuple[str, Measure]]:
    yield "idle connections with TLS", lambda: idle_with_tls(min(plan.idle))
    for contender in plan.contenders:
        if plan.idle_peers and contender not in OURS:
            yield contender.name, lambda contender=contender: idle_peer(contender, plan.idle_peers)  # type: ignore[misc]
    yield "reads", lambda: reads(plan.seconds / 2)
    yield "click to DOM", lambda: click_to_dom(plan.clicks)
    if plan.browser:
        yield "the browser", in_the_browser


def note(results: Results, contender: Contender, missing: dict[Need, str]) -> None:
    """Note how a contender is set up, or why it is left out."""
    if contender.needs in missing:
        results.left_out[contender.name] = f"{contender.needs.value} cannot be had: {missing[contender.needs]}"
        return
    results.settings[contender.name] = contender.settings
    results.versions[contender.name] = contender.version()


def take(results: Results, what: str, runs: Measure) -> None:
    """Note what some runs find; what was left out once is left out for good."""
    if what in results.left_out:
        return
    began = time.monotonic()
    try:
        for run in runs():
            results.runs.append(run)
            at = f", {run.x:,.0f}" if run.x else ""
            print(f"{time.monotonic() - began:6.1f} s  {run.target}  {run.who}{at}", flush=True)
    except LeftOut as reason:
        results.left_out[what] = str(reason)
        print(f"Left out: {what}, because {reason}", flush=True)
    except CheckFailed as failure:
        results.failed.append(f"{what}: {failure}")
        print(f"FAILED: {what}: {failure}", flush=True)
