"""What the model says of waiting agrees with what is known, and with chance."""

import random
from math import inf

import pytest
from bench.scaling.popularity import strata
from bench.scaling.queues import md1_wait, mg1_mean_wait, mg1_wait


def waits(rate: float, seed: int) -> list[float]:
    """Return the waits of many that are served one after the other, a unit of time each."""
    chance, wait, found = random.Random(seed), 0.0, []
    for _ in range(200_000):
        found.append(wait)
        wait = max(0.0, wait + 1 - chance.expovariate(rate))
    return sorted(found)


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_waits_of_one_after_the_other_are_those_of_chance(rate: float) -> None:
    found = waits(rate, 1)
    assert md1_wait(rate, 1) == pytest.approx(found[int(0.99 * len(found))], rel=0.08)
    assert mg1_mean_wait(rate, 1, 1) == pytest.approx(sum(found) / len(found), rel=0.05)


def test_nobody_waits_where_hardly_anybody_comes() -> None:
    assert md1_wait(0.001, 1) == mg1_wait(0.001, 1, 1) == 0


@pytest.mark.parametrize("rate", [1, 1.5])
def test_a_queue_that_gets_more_than_it_can_serve_waits_for_ever(rate: float) -> None:
    assert md1_wait(rate, 1) == mg1_wait(rate, 1, 1) == mg1_mean_wait(rate, 1, 1) == inf


@pytest.mark.parametrize("exponent", [0, 0.8, 1, 1.3])
@pytest.mark.parametrize("rooms", [1, 100, 101, 5_000])
def test_strata_are_all_rooms_and_all_viewers(rooms: int, exponent: float) -> None:
    found = strata(rooms, exponent)
    assert sum(stratum.rooms for stratum in found) == rooms
    assert sum(stratum.rooms * stratum.share for stratum in found) == pytest.approx(1)
    exact = 1 / sum(rank**-exponent for rank in range(1, rooms + 1))
    assert found[0].share == pytest.approx(exact, rel=0.001)
