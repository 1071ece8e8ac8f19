from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat.model.rate_limits import SLACK, Buckets, Limit, spend

MINUTE = Limit(5, 60.0)

limits = st.builds(Limit, st.integers(1, 50), st.floats(0.5, 600, allow_nan=False))
starts = st.floats(0, 1e7, allow_nan=False)
pauses = st.lists(st.one_of(st.just(0.0), st.floats(0, 100, allow_nan=False)), min_size=1, max_size=60)


class Clock:
    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def most_in_any_window(times: Sequence[float], limit: Limit) -> bool:
    """Whether between any two of these times no more was spent than a full bucket and what flowed in."""
    return all(
        last - first + 1 <= limit.count + (times[last] - times[first] + 2 * SLACK) * limit.count / limit.seconds + 1e-6
        for first in range(len(times))
        for last in range(first, len(times))
    )


@given(limits, starts, pauses)
def test_in_any_window_no_more_is_spent_than_the_bucket_and_what_flows_in(
    limit: Limit, start: float, pauses: list[float]
) -> None:
    clock = Clock(start)
    buckets = Buckets(clock)
    spent = []
    for pause in pauses:
        clock.now += pause
        if not buckets.take([("a", limit)]):
            spent.append(clock.now)
    assert most_in_any_window(spent, limit)


@given(limits, starts, pauses)
def test_who_waits_exactly_as_long_as_told_may_spend(limit: Limit, start: float, pauses: list[float]) -> None:
    clock = Clock(start)
    buckets = Buckets(clock)
    for pause in pauses:
        clock.now += pause
        wait = buckets.take([("a", limit), ("b", MINUTE)])
        if wait:
            clock.now += wait
            assert buckets.take([("a", limit), ("b", MINUTE)]) == 0


@given(limits, starts, st.floats(0.01, 0.99))
def test_who_comes_sooner_than_told_is_refused(limit: Limit, start: float, part: float) -> None:
    clock = Clock(start)
    buckets = Buckets(clock)
    while not (wait := buckets.take([("a", limit)])):
        pass
    clock.now += wait * part
    assert buckets.take([("a", limit)]) > 0


def test_a_bucket_gives_its_count_at_once_and_then_one_in_each_part_of_its_time() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    assert [buckets.take([("a", MINUTE)]) for _ in range(6)] == [0, 0, 0, 0, 0, pytest.approx(12)]
    clock.now += 12
    assert [buckets.take([("a", MINUTE)]) for _ in range(2)] == [0, pytest.approx(12)]
    clock.now += 600
    assert [buckets.take([("a", MINUTE)]) for _ in range(6)] == [0, 0, 0, 0, 0, pytest.approx(12)]


def test_what_is_refused_costs_nothing_of_any_bucket() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    small, large = ("small", Limit(1, 60.0)), ("large", Limit(3, 60.0))
    assert buckets.take([large, small]) == 0
    assert [buckets.take([large, small]) for _ in range(50)] == [pytest.approx(60)] * 50
    assert buckets.take([large]) == 0
    assert buckets.take([large]) == 0
    assert buckets.take([large]) == pytest.approx(20)


def test_the_longest_wait_of_all_is_told() -> None:
    buckets = Buckets(Clock())
    both = [("a", Limit(1, 10.0)), ("b", Limit(1, 60.0))]
    assert buckets.take(both) == 0
    assert buckets.take(both) == pytest.approx(60)


def test_asking_how_long_to_wait_costs_nothing() -> None:
    buckets = Buckets(Clock())
    one = [("a", Limit(1, 10.0))]
    assert [buckets.wait(one), buckets.wait(one), len(buckets)] == [0, 0, 0]
    buckets.take(one)
    assert buckets.wait(one) == pytest.approx(10)
    assert buckets.wait([]) == 0


def test_nothing_to_pay_is_allowed() -> None:
    assert Buckets(Clock()).take([]) == 0


def test_what_is_given_back_may_be_spent_again() -> None:
    buckets = Buckets(Clock())
    one = [("a", Limit(2, 60.0))]
    for _ in range(10):
        assert buckets.take(one) == 0
        assert buckets.take(one) == 0
        buckets.give_back(one)
        buckets.give_back(one)
    buckets.give_back([("never seen", MINUTE)])
    assert buckets.take([("never seen", MINUTE)]) == 0


def test_more_at_once_than_a_bucket_holds_never_fits() -> None:
    assert spend(5.0, 10.0, Limit(3, 1.0), cost=4) == (5.0, float("inf"))
    assert spend(5.0, 10.0, Limit(3, 1.0), cost=3) == (11.0, 0.0)


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 20)), max_size=200))
def test_no_more_buckets_are_kept_than_the_bound_and_the_stalest_go(steps: list[tuple[int, float]]) -> None:
    clock = Clock()
    buckets = Buckets(clock, most=10)
    last: list[str] = []
    for number, pause in steps:
        clock.now += pause
        key = str(number)
        buckets.take([(key, MINUTE)])
        last = [*[other for other in last if other != key][-9:], key]
        assert len(buckets) <= 10
        assert set(buckets._full_at) <= set(last)


def test_a_bucket_that_is_full_again_is_forgotten_when_others_come() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    for number in range(1_000):
        buckets.take([(str(number), MINUTE)])
    assert len(buckets) == 1_000
    clock.now += 12
    for number in range(500):
        buckets.take([(f"new {number}", MINUTE)])
    assert len(buckets) == 500


def test_a_bucket_that_is_not_full_is_not_forgotten_below_the_bound() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    while not buckets.take([("busy", MINUTE)]):
        pass
    for number in range(1_000):
        buckets.take([(str(number), MINUTE)])
    assert buckets.take([("busy", MINUTE)]) > 0
