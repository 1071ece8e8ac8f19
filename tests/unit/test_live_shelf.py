"""What is kept for the next who wants it: bounded in time and in bytes."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat.live.shelf import Shelf
from live_fakes import FakeTimers


def test_a_thing_is_there_for_its_time_and_no_longer() -> None:
    timers = FakeTimers()
    shelf: Shelf[str, str] = Shelf(10.0, 100, timers.time)
    shelf.put("a", "A", 10)
    timers.now += 9.9
    assert shelf.get("a") == "A"
    timers.now += 0.2
    assert shelf.get("a") is None


def test_the_oldest_goes_when_there_is_no_room_and_a_giant_is_not_kept() -> None:
    shelf: Shelf[str, str] = Shelf(10.0, 100, FakeTimers().time)
    shelf.put("a", "A", 60)
    shelf.put("b", "B", 40)
    shelf.put("c", "C", 1)
    assert [shelf.get(key) for key in "abc"] == [None, "B", "C"]
    shelf.put("d", "D", 101)
    assert [shelf.get(key) for key in "bcd"] == [None, None, None]


def test_a_thing_that_is_put_again_replaces_the_old_one_and_its_weight() -> None:
    shelf: Shelf[str, int] = Shelf(10.0, 100, FakeTimers().time)
    for number in range(50):
        shelf.put("a", number, 60)
    shelf.put("b", -1, 40)
    assert (shelf.get("a"), shelf.get("b")) == (49, -1)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60), st.floats(0, 5)), max_size=60))
def test_no_more_than_the_limit_is_ever_kept(steps: list[tuple[int, int, float]]) -> None:
    timers = FakeTimers()
    shelf: Shelf[int, int] = Shelf(10.0, 100, timers.time)
    for key, size, pause in steps:
        shelf.put(key, size, size)
        kept = [found for each in range(10) if (found := shelf.get(each)) is not None]
        assert sum(kept) <= 100
        timers.now += pause
