"""What is counted adds up, by day and place, and in bounded memory."""

import pytest

from imagechat.model.counting import Counting
from imagechat.model.events import encode_event, timestamp_in
from imagechat.model.histogram import Histogram
from imagechat.model.ids import RoomId
from imagechat.model.latency import BOUNDS, share, together
from imagechat.model.usage import DAY_MS, Key, Ledger, Tally, by_tenant, date_of, day_number
from making import (
    ANN,
    MODERATOR,
    World,
    create_comment,
    create_marker,
    delete_marker,
    restore_marker,
    update_marker,
    words,
)

DAY = 20_000
MIDNIGHT = DAY * DAY_MS
ROOM, OTHER = RoomId("acme.room"), RoomId("acme.other")


class Clock:
    def __init__(self) -> None:
        self.now = MIDNIGHT

    def __call__(self) -> int:
        return self.now


def test_what_is_counted_before_midnight_belongs_to_the_day_before() -> None:
    clock = Clock()
    counting = Counting(clock)
    clock.now = MIDNIGHT - 1
    counting.carried(ROOM, 2, 30)
    clock.now = MIDNIGHT
    counting.carried(ROOM, 1, 10)
    taken = counting.take()
    assert {key: (tally.messages, tally.bandwidth) for key, tally in taken.items()} == {
        (DAY - 1, ROOM): (2, 30),
        (DAY, ROOM): (1, 10),
    }
    assert counting.take() == {}


def test_days_are_dates_and_back() -> None:
    assert date_of(0).isoformat() == "1970-01-01"
    assert date_of(DAY).isoformat() == "2024-10-04"
    assert day_number(date_of(DAY)) == DAY


def test_a_tenants_tally_is_that_of_its_rooms_and_what_is_of_none() -> None:
    counting = Counting(Clock())
    counting.carried(ROOM, 2, 30)
    counting.carried(OTHER, 1, 10)
    counting.signed_in("acme")
    counting.answered("acme", 200)
    counting.answered("acme", 404)
    counting.answered("acme", 503)
    counting.carried(RoomId("zoo.room"), 7, 70)
    counting.fetched(ROOM)
    [acme, zoo] = by_tenant(counting.take()).values()
    assert (acme.messages, acme.bandwidth, acme.fetches, acme.accounts) == (3, 40, 1, 1)
    assert (acme.calls, acme.errors, acme.faults) == (3, 2, 1)
    assert (zoo.messages, zoo.bandwidth, zoo.calls) == (7, 70, 0)


def test_what_is_of_no_tenant_is_counted_where_it_is_a_fault_only() -> None:
    counting = Counting(Clock())
    counting.answered(None, 200)
    counting.answered(None, 404)
    assert counting.take() == {}
    counting.answered(None, 500)
    assert counting.take()[DAY, ""].faults == 1


def test_what_commands_made_is_counted_and_what_came_back_is_not() -> None:
    world, counting = World(), Counting(Clock())
    for command in (
        create_marker("a"),
        create_marker("b", comment=words()),
        create_comment("a"),
        update_marker("m-b", resolved=True),
        delete_marker("m-b"),
        restore_marker("m-b"),
    ):
        counting.committed(command, world.do(MODERATOR, command).placed)
    [tally] = counting.take().values()  # all of it is the picture's
    assert (tally.conversations, tally.comments, tally.events) == (2, 2, 6)


def test_a_flush_counts_how_long_its_oldest_event_was_on_its_way() -> None:
    clock, world = Clock(), World()
    counting = Counting(clock)
    event = encode_event(world.do(ANN, create_marker()).placed[0].event)
    assert timestamp_in(event) == world.now
    clock.now = world.now + 40
    counting.flushed(ROOM, 10, 5_000, event)
    [tally] = counting.take().values()
    assert (tally.messages, tally.bandwidth) == (10, 5_000)
    assert tally.latencies is not None
    assert tally.latencies.total == 40


def test_a_signal_has_no_timestamp_of_an_event() -> None:
    assert timestamp_in(b'{"type":"reset","epoch":"e","seq":1}') is None


def test_shares_of_latencies_are_between_the_bounds_of_their_class() -> None:
    counted = Histogram(BOUNDS)
    assert share(counted, 0.5) is None
    for value in (4, 4, 4, 90):
        counted.add(value)
    assert 3 < (share(counted, 0.5) or 0) <= 5
    assert 70 < (share(counted, 0.99) or 0) <= 100
    counted.add(60_000)
    assert share(counted, 1.0) == BOUNDS[-1]
    assert together([counted, counted]).count == 2 * counted.count


def test_subscribers_and_their_rooms_are_counted_by_tenant() -> None:
    counting = Counting(Clock())
    counting.came(ROOM, first=True)
    counting.came(ROOM, first=False)
    counting.came(OTHER, first=True)
    counting.left(ROOM, 1, last=False)
    assert (counting.connections, counting.rooms) == ({"acme": 2}, {"acme": 2})
    counting.left(ROOM, 1, last=True)
    counting.left(OTHER, 1, last=True)
    assert (counting.connections, counting.rooms) == ({}, {})


@pytest.mark.parametrize("most", [3, 10])
def test_names_that_are_made_up_fill_no_memory_and_cost_the_tenant_no_count(most: int) -> None:
    ledger = Ledger(most)
    for number in range(1_000):
        ledger.of(DAY, f"acme.{number}").fetches += 1
        ledger.of(DAY, f"tenant-{number}").calls += 1
    taken = ledger.take()
    assert len(taken) <= 2 * most
    assert sum(tally.fetches for tally in taken.values()) == 1_000
    assert not ledger


def test_what_was_counted_elsewhere_is_added() -> None:
    first, second = Ledger(), Ledger()
    first.of(DAY, ROOM).add(Tally(messages=1, bandwidth=10))
    second.of(DAY, ROOM).add(Tally(messages=2, bandwidth=20, errors=1))
    first.add(second.take())
    expected: dict[Key, Tally] = {(DAY, ROOM): Tally(messages=3, bandwidth=30, errors=1)}
    assert first.take() == expected
