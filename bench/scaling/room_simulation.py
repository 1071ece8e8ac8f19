"""A room, in SimPy: viewers come to nodes and go, changes wait for the room's row, nodes commit what has gathered."""

import random
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from bench.scaling.units import Units

Steps = Generator[simpy.Event, Any, None]


@dataclass(slots=True)
class RoomSeen:
    """What came of it, over the seconds that it was followed."""

    waits: list[float] = field(default_factory=list)
    """Seconds that a change waited for the room's row, one for each change."""
    commits: int = 0
    on_nodes: float = 0.0
    """The mean number of nodes with viewers."""
    interest_changes: int = 0
    """How often a node's first viewer came, or its last went."""


class Room:
    """One room on some nodes."""

    def __init__(self, environment: simpy.Environment, nodes: int, units: Units, chance: random.Random) -> None:
        """Begin without viewers."""
        self.seen = RoomSeen()
        self._environment = environment
        self._nodes = nodes
        self._units = units
        self._chance = chance
        self._row = simpy.Resource(environment)
        self._waiting: dict[int, list[float]] = {}
        self._viewers: list[int] = []
        self._here: dict[int, int] = {}
        self._since = environment.now

    def fill(self, viewers: float) -> None:
        """Let as many be there as chance has it."""
        for node in self._chance.choices(range(self._nodes), k=_poisson(viewers, self._chance)):
            self._viewers.append(node)
            self._here[node] = self._here.get(node, 0) + 1

    def comings_and_goings(self, viewers: float, stay_s: float) -> Steps:
        """Let viewers come and go so that there are so many in the mean, and each stays so long."""
        came = viewers / stay_s
        while True:
            went = len(self._viewers) / stay_s
            yield self._environment.timeout(self._chance.expovariate(came + went))
            if self._chance.random() * (came + went) < came:
                self._come(self._chance.randrange(self._nodes))
            else:
                self._go(self._chance.randrange(len(self._viewers)))

    def changes(self, rate: float) -> Steps:
        """Let people change something, so often a second, each at some node."""
        while True:
            yield self._environment.timeout(self._chance.expovariate(rate))
            node = self._chance.randrange(self._nodes)
            if node in self._waiting:
                self._waiting[node].append(self._environment.now)
            else:
                self._waiting[node] = [self._environment.now]
                self._environment.process(self._commit(node))

    def end(self) -> RoomSeen:
        """Count up to now."""
        self._count()
        self.seen.on_nodes /= max(self._environment.now, 1e-9)
        return self.seen

    def _commit(self, node: int) -> Steps:
        with self._row.request() as turn:
            yield turn
            group = self._waiting.pop(node)
            self.seen.waits += [self._environment.now - since for since in group]
            self.seen.commits += 1
            more = self._units.transaction_each_ms * (len(group) - 1)
            yield self._environment.timeout((self._units.transaction_ms + more) / 1000)

    def _come(self, node: int) -> None:
        self._viewers.append(node)
        if node not in self._here:
            self._count()
            self.seen.interest_changes += 1
        self._here[node] = self._here.get(node, 0) + 1

    def _go(self, number: int) -> None:
        node, self._viewers[number] = self._viewers[number], self._viewers[-1]
        self._viewers.pop()
        if self._here[node] == 1:
            self._count()
            self.seen.interest_changes += 1
            del self._here[node]
        else:
            self._here[node] -= 1

    def _count(self) -> None:
        self.seen.on_nodes += len(self._here) * (self._environment.now - self._since)
        self._since = self._environment.now


def follow_room(  # noqa: PLR0913 -- a room is all of these
    *, viewers: float, rate: float, nodes: int, stay_s: float, units: Units, seconds: float, chance: random.Random
) -> RoomSeen:
    """Follow one room for some seconds."""
    environment = simpy.Environment()
    room = Room(environment, nodes, units, chance)
    room.fill(viewers)
    environment.process(room.comings_and_goings(viewers, stay_s))
    environment.process(room.changes(rate))
    environment.run(until=seconds)
    return room.end()


def _poisson(mean: float, chance: random.Random) -> int:
    """Return a number of so many in the mean; where it is large, the normal distribution is as good."""
    if mean > 500:
        return max(0, round(chance.gauss(mean, mean**0.5)))
    count, passed = 0, chance.expovariate(1)
    while passed < mean:
        count += 1
        passed += chance.expovariate(1)
    return count
