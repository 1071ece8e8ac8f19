"""Things that come back after a while, on one timer."""

from imagechat.live.delay import Delay
from live_fakes import FakeTimers


def test_each_thing_comes_back_after_its_own_time_and_one_timer_runs_for_all() -> None:
    timers = FakeTimers()
    back: list[tuple[int, float]] = []
    began = timers.now
    delay: Delay[int] = Delay(30.0, timers, lambda thing: back.append((thing, timers.now - began)))
    for number in range(1_000):
        delay.put(number)
        assert len(timers.coming) == 1
        timers.pass_by(0.01)
    timers.pass_by(60.0)
    assert [number for number, _ in back] == list(range(1_000))
    assert all(abs(when - 30.0 - number * 0.01) < 1e-6 for number, when in back)
    assert timers.coming == []


def test_a_thing_may_be_put_in_again_when_it_comes_back() -> None:
    timers = FakeTimers()
    back: list[str] = []

    def again(thing: str) -> None:
        back.append(thing)
        if len(back) < 3:
            delay.put(thing)

    delay: Delay[str] = Delay(1.0, timers, again)
    delay.put("thing")
    timers.pass_by(10.0)
    assert back == ["thing"] * 3


def test_nothing_comes_back_after_the_end() -> None:
    timers = FakeTimers()
    back: list[int] = []
    delay: Delay[int] = Delay(1.0, timers, back.append)
    delay.close()
    delay.put(1)
    delay.close()
    timers.pass_by(10.0)
    assert back == []
