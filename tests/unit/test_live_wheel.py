"""The wheel, turned by hand on a clock of the test."""

import asyncio

from imagechat.live.wheel import Wheel


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Thing:
    """Looks, and asks for another look after `again` seconds."""

    def __init__(self, again: int = 0) -> None:
        self.due = 0
        self.again = again
        self.looks: list[float] = []

    def look(self, now: float) -> int:
        self.looks.append(now)
        return int(now) + self.again if self.again else 0


def wheel_and_clock() -> tuple[Wheel, Clock]:
    clock = Clock()
    return Wheel(clock), clock


async def test_a_thing_is_looked_at_when_it_is_due_and_not_before() -> None:
    wheel, _ = wheel_and_clock()
    thing = Thing()
    wheel.put(thing, 1003)
    wheel.turn(1002.9)
    assert thing.looks == []
    wheel.turn(1003.0)
    wheel.turn(1004.0)
    assert thing.looks == [1003.0]
    assert thing.due == 0
    wheel.close()


async def test_a_thing_that_asks_again_is_looked_at_again() -> None:
    wheel, clock = wheel_and_clock()
    thing = Thing(again=2)
    wheel.put_in(thing, 1)
    for _ in range(5):
        clock.now += 1
        wheel.turn(clock.now)
    assert thing.looks == [1001.0, 1003.0, 1005.0]
    wheel.close()


async def test_seconds_from_now_are_never_cut_short() -> None:
    wheel, clock = wheel_and_clock()
    clock.now = 1000.7
    thing = Thing()
    wheel.put_in(thing, 2)
    assert thing.due >= 1002.7
    wheel.close()


async def test_putting_again_moves_and_removing_forgets() -> None:
    wheel, _ = wheel_and_clock()
    moved, removed = Thing(), Thing()
    wheel.put(moved, 1002)
    wheel.put(moved, 1005)
    wheel.put(removed, 1002)
    wheel.remove(removed)
    wheel.remove(removed)
    wheel.turn(1004.0)
    assert (moved.looks, removed.looks) == ([], [])
    wheel.turn(1005.0)
    assert moved.looks == [1005.0]
    wheel.close()


async def test_what_was_due_while_the_loop_was_stuck_is_looked_at_late() -> None:
    wheel, _ = wheel_and_clock()
    things = [Thing() for _ in range(3)]
    for second, thing in enumerate(things, 1001):
        wheel.put(thing, second)
    wheel.turn(1060.0)
    assert [thing.looks for thing in things] == [[1060.0]] * 3
    wheel.close()


async def test_a_second_that_has_passed_is_the_next_one() -> None:
    wheel, _ = wheel_and_clock()
    thing = Thing()
    wheel.put(thing, 5)
    assert thing.due == 1001
    wheel.close()


async def test_a_look_may_put_another_thing_and_remove_one() -> None:
    wheel, _ = wheel_and_clock()
    other, gone = Thing(), Thing()

    class Busy(Thing):
        def look(self, now: float) -> int:
            wheel.put(other, int(now) + 1)
            wheel.remove(gone)
            return super().look(now)

    wheel.put(Busy(), 1001)
    wheel.put(gone, 1002)
    wheel.turn(1001.0)
    wheel.turn(1002.0)
    assert other.looks == [1002.0]
    assert gone.looks == []
    wheel.close()


def timers(wheel: Wheel) -> int:
    return 0 if wheel._timer is None else 1


async def test_an_empty_wheel_keeps_no_timer_and_a_full_one_keeps_one() -> None:
    wheel, _ = wheel_and_clock()
    assert timers(wheel) == 0
    things = [Thing() for _ in range(100)]
    for thing in things:
        wheel.put(thing, 1001)
    assert timers(wheel) == 1
    for thing in things:
        wheel.remove(thing)
    assert wheel._slots == {}
    wheel.close()
    wheel._tick()
    assert timers(wheel) == 0


async def test_it_ticks_by_itself() -> None:
    loop = asyncio.get_running_loop()
    wheel = Wheel(loop.time)
    looked = loop.create_future()

    class Waiting(Thing):
        def look(self, now: float) -> int:
            looked.set_result(now)
            return 0

    wheel.put_in(Waiting(), 0)
    await asyncio.wait_for(looked, 10)
    wheel.close()
