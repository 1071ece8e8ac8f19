"""What is simulated agrees with what the model reckons, within the tolerances that docs/scaling.md states."""

import random

import pytest
from bench.scaling.demand import usual
from bench.scaling.model import answer
from bench.scaling.node_simulation import Storm, Stream, follow_node
from bench.scaling.queues import mg1_mean_wait, mg1_wait
from bench.scaling.simulation import Simulated, part, simulate
from bench.scaling.town import town
from bench.scaling.words import seen

from example_units import UNITS

NODES = 500


def small(seed: int) -> Simulated:
    there = town(answer(usual(150_000), UNITS), UNITS, NODES)
    return simulate(there, seed=seed, room_seconds=0.2, half_busy_seconds=150, node_seconds=0.3)


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    return small(1)


@pytest.mark.parametrize(
    ("what", "apart"),
    [
        ("nodes that follow a room", 0.10),
        ("messages a change, in a room half busy", 0.10),
        ("p99 wait for its row", 0.15),
    ],
)
def test_the_model_is_near_to_the_simulation(simulated: Simulated, what: str, apart: float) -> None:
    [compared] = [compared for compared in simulated.compared if compared.what == what]
    assert abs(compared.apart) <= apart, compared


def test_what_was_simulated_is_told_beside_what_was_reckoned(simulated: Simulated) -> None:
    said = seen(simulated)
    assert [said.count(f"| {compared.what} |") for compared in simulated.compared] == [1] * 6
    assert f"{simulated.followed:,} things were followed." in said


def test_the_same_seed_gives_the_same_figures(simulated: Simulated) -> None:
    assert small(1) == simulated


def test_another_seed_gives_others(simulated: Simulated) -> None:
    assert small(2) != simulated


def test_waits_at_a_node_are_those_that_the_model_reckons() -> None:
    streams = [Stream(300, 0.001), Stream(10, 0.02)]
    found = follow_node(streams, Storm(0, 0, 0.5), 150.0, random.Random(1))
    rate, load, square = 310, 0.5, (300 * 0.001**2 + 10 * 0.02**2) / 310
    assert mg1_mean_wait(rate, load / rate, square) == pytest.approx(sum(found.waits) / len(found.waits), rel=0.15)
    assert mg1_wait(rate, load / rate, square) == pytest.approx(part(found.waits, 0.99), rel=0.25)


def test_a_storm_that_is_more_than_the_core_can_do_is_waited_for() -> None:
    storm = Storm(clients=1_000, service=0.001, jitter=0.5)
    found = follow_node([Stream(100, 0.001)], storm, 2.0, random.Random(1))
    longest = 1_000 * 0.001 - 0.5 * (1 - 100 * 0.001)
    assert max(found.stormy) == pytest.approx(longest, rel=0.1)
    assert max(found.waits) < longest / 10


def test_a_part_of_some_values_does_not_exceed_what_is_said() -> None:
    assert part([3, 1, 2, 4], 0.5) == 2
    assert part([3, 1, 2, 4], 0.99) == 4
    assert part([], 0.99) == 0
