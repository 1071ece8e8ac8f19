"""Newcomers by turns: how many get in while the loop turns once."""

import asyncio

import pytest

from imagechat.live.admission import MOST, SLICE, Admission
from live_fakes import FakeTimers


class Door:
    def __init__(self) -> None:
        self.timers = FakeTimers()
        self.admission = Admission(self.timers)
        self.entered: list[int] = []

    def come(self, number: int, cost: float) -> None:
        def enter() -> None:
            self.entered.append(number)
            self.timers.now += cost

        self.admission.ask(enter)

    def turn(self) -> int:
        before = len(self.entered)
        self.timers.turn()
        return len(self.entered) - before


def test_a_crowd_of_thousands_takes_a_slice_of_each_turn_and_comes_in_in_order() -> None:
    door = Door()
    for number in range(3_000):
        door.come(number, 0.0006)
    assert door.entered == []
    turns = []
    while len(door.entered) < 3_000:
        began = door.timers.now
        turns.append(door.turn())
        assert door.timers.now - began <= SLICE + 0.0006
    assert set(turns) == {4}
    assert door.entered == list(range(3_000))
    assert door.timers.coming == []


def test_one_that_costs_more_than_a_slice_has_a_turn_of_its_own() -> None:
    door = Door()
    for number in range(3):
        door.come(number, 0.1)
    assert [door.turn() for _ in range(4)] == [1, 1, 1, 0]


def test_those_whose_cost_cannot_be_seen_are_counted() -> None:
    door = Door()
    for number in range(MOST * 2 + 1):
        door.come(number, 0.0)
    assert [door.turn() for _ in range(4)] == [MOST, MOST, 1, 0]


def test_who_comes_alone_waits_for_the_next_turn_only() -> None:
    door = Door()
    door.come(1, 0.0)
    assert door.turn() == 1
    door.come(2, 0.0)
    assert door.turn() == 1


def test_who_comes_while_another_enters_gets_a_turn_too() -> None:
    door = Door()
    door.admission.ask(lambda: door.come(1, 0.0))
    door.timers.turn()
    door.timers.turn()
    assert door.entered == [1]


async def test_a_turn_can_be_waited_for_and_given_up() -> None:
    door = Door()
    patient, other = asyncio.create_task(door.admission.turn()), asyncio.create_task(door.admission.turn())
    await asyncio.sleep(0)
    other.cancel()
    await asyncio.sleep(0)
    assert not patient.done()
    door.timers.turn()
    await patient


def test_one_whose_work_fails_keeps_nobody_behind_it_out() -> None:
    door = Door()

    def fail() -> None:
        raise ValueError(door)

    door.admission.ask(fail)
    door.come(1, 0.0)
    with pytest.raises(ValueError, match="Door"):
        door.timers.turn()
    door.turn()
    door.come(2, 0.0)
    door.turn()
    assert door.entered == [1, 2]
