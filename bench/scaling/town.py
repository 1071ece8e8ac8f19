"""What is simulated: ten thousand nodes' worth of rooms, as the model would have them. Pure."""

from dataclasses import dataclass

from bench.scaling.demand import Demand
from bench.scaling.model import Answer
from bench.scaling.popularity import Stratum, strata
from bench.scaling.units import Units

NODES = 10_000


@dataclass(frozen=True, slots=True)
class Town:
    """`sets` of `nodes` nodes each; `demand` is of all of them together."""

    demand: Demand
    nodes: int
    sets: float
    units: Units

    def strata(self) -> list[Stratum]:
        """Return all rooms, of which one of each stratum is followed."""
        return strata(self.demand.rooms, self.demand.exponent)

    @property
    def events_each(self) -> float:
        """Return the changes a second that a viewer makes."""
        return self.demand.events_s / self.demand.viewers


def town(answer: Answer, units: Units, nodes: int = NODES) -> Town:
    """Return so many nodes, in sets like the answer's, each node with as many viewers, rooms and changes as there."""
    asked = answer.demand
    viewers = max(1, round(answer.nodes.viewers_each * nodes))
    scale = viewers / asked.viewers
    demand = Demand(
        viewers,
        asked.events_s * scale,
        max(1, round(asked.rooms * scale)),
        exponent=asked.exponent,
        stay_s=asked.stay_s,
    )
    return Town(demand, answer.nodes.needed, nodes / answer.nodes.needed, units)
