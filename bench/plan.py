"""What is measured, how often and how long."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import machine
from bench.click import click_to_dom
from bench.contender import Contender
from bench.creates import creates, whole_way
from bench.fan_out import fan_out
from bench.generator import CheckFailed
from bench.ours import PLAIN_FRAMES, V1_FRAMES
from bench.peers.send_only import SEND_ONLY
from bench.processes import LeftOut
from bench.results import Results, Run

CONTENDERS = (V1_FRAMES, PLAIN_FRAMES, SEND_ONLY)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    rounds: int
    seconds: float
    clicks: int


FULL = Plan(rounds=3, seconds=3, clicks=40)
QUICK = Plan(rounds=1, seconds=1, clicks=10)


def measure(plan: Plan) -> Results:
    """Carry a plan out. What cannot be had or fails is noted, and the run goes on."""
    results = Results(machine.describe() | {"libraries": machine.library_versions(), "busy": machine.busy()})
    if results.machine["busy"] is not None:
        print(f"Warning: something else is running (load average {results.machine['busy']:.1f}); figures will be off")
    for number in range(plan.rounds):
        for contender in CONTENDERS:
            _compare(results, contender, plan)
        take(results, "creates", lambda: creates(plan.seconds))
        take(results, "the whole way", lambda: whole_way(plan.seconds))
        print(f"Round {number + 1} of {plan.rounds} is done", flush=True)
    take(results, "click to DOM", lambda: click_to_dom(plan.clicks))
    return results


def _compare(results: Results, contender: Contender, plan: Plan) -> None:
    take(results, contender.name, lambda: _measured(results, contender, plan))


def _measured(results: Results, contender: Contender, plan: Plan) -> Iterator[Run]:
    results.versions[contender.name] = contender.version()
    results.settings[contender.name] = contender.settings
    yield from fan_out(contender, plan.seconds)


def take(results: Results, what: str, runs: Callable[[], Iterator[Run]]) -> None:
    """Note what some runs find; what was left out once is left out for good."""
    if what in results.left_out:
        return
    began = time.monotonic()
    try:
        for run in runs():
            results.runs.append(run)
            print(f"{time.monotonic() - began:6.1f} s  {run.target}  {run.who}", flush=True)
    except LeftOut as reason:
        results.left_out[what] = str(reason)
        print(f"Left out: {what}, because {reason}", flush=True)
    except CheckFailed as failure:
        results.failed.append(f"{what}: {failure}")
        print(f"FAILED: {what}: {failure}", flush=True)
