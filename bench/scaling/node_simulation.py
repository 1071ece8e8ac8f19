"""A node, in SimPy: one core that takes things in turn, and the viewers of a neighbour that dies."""

import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

Steps = Generator[simpy.Event, Any, None]


@dataclass(frozen=True, slots=True)
class Stream:
    """Things that come by chance: how many a second, and what one takes of the core, in seconds."""

    rate: float
    service: float


@dataclass(frozen=True, slots=True)
class Storm:
    """A neighbour has died: so many come, each at a moment of its own within `jitter` seconds."""

    clients: int
    service: float
    jitter: float


@dataclass(slots=True)
class NodeSeen:
    """Seconds that things waited: all before the storm, and all from it on."""

    waits: list[float] = field(default_factory=list)
    stormy: list[float] = field(default_factory=list)


def follow_node(streams: Sequence[Stream], storm: Storm, seconds: float, chance: random.Random) -> NodeSeen:
    """Follow a node for some seconds; the storm comes at the end of them, and what is waiting then is waited for."""
    environment = simpy.Environment()
    core = simpy.Resource(environment)
    seen = NodeSeen()
    total = sum(stream.rate for stream in streams)
    ends = seconds + 4 * storm.jitter

    def take(service: float) -> Steps:
        since = environment.now
        with core.request() as turn:
            yield turn
            (seen.waits if since < seconds else seen.stormy).append(environment.now - since)
            yield environment.timeout(service)

    def come() -> Steps:
        rates = [stream.rate for stream in streams]
        while environment.now < ends:
            yield environment.timeout(chance.expovariate(total))
            environment.process(take(chance.choices(streams, rates)[0].service))

    def come_back() -> Steps:
        yield environment.timeout(seconds + chance.random() * storm.jitter)
        environment.process(take(storm.service))

    environment.process(come())
    for _ in range(storm.clients):
        environment.process(come_back())
    environment.run()
    return seen
