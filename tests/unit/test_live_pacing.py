"""When rooms flush: the pause, and turns among rooms that are due, with time in the test's hand."""

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from imagechat.live.pacing import LIGHT, LONGEST_PAUSE, REST, Pacer, pause_after
from live_fakes import FakeTimers

# -- the pause


def test_BAT1_a_flush_that_cost_nothing_needs_no_rest() -> None:
    assert pause_after(0.0, 9) == 0.0


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.integers(0, 1_000))
def test_BAT1_the_pause_grows_with_the_cost_and_never_exceeds_50_ms(one: float, other: float, events: int) -> None:
    shorter, longer = sorted([one, other])
    assert 0 <= pause_after(shorter, events) <= pause_after(longer, events) <= LONGEST_PAUSE == 0.050


def test_BAT1_a_light_flush_of_one_event_lets_the_next_leave_at_once() -> None:
    assert pause_after(LIGHT, 1) == 0.0
    assert pause_after(LIGHT, 2) == REST * LIGHT
    assert pause_after(2 * LIGHT, 1) == 2 * REST * LIGHT


def test_BAT1_a_clock_that_went_backwards_makes_no_pause() -> None:
    assert pause_after(-1.0, 9) == 0.0


# -- turns


@dataclass
class Room:
    """A room that knows nothing but its number of pending events, and what a flush costs."""

    name: str
    place: "Place"
    cost: float
    pending: int = 0
    portion: int = 1_000_000
    broken: bool = False
    rests_until: float = 0.0
    waits: bool = False
    flushed_events: int = 0
    flush_cost: float = 0.0
    flushed: list[tuple[float, int]] = field(default_factory=list)

    def receive(self) -> None:
        self.pending += 1
        self.place.pacer.ask(self)

    def flush(self) -> bool:
        self.place.flushes.append(self.name)
        self.place.timers.now += self.cost
        if self.broken:
            raise ValueError(self.name)
        self.flushed_events = self.pending
        now = min(self.pending, self.portion)
        self.pending -= now
        self.flushed.append((self.place.timers.now, now))
        return self.pending > 0


class Place:
    """Rooms and a loop whose turns the test gives."""

    def __init__(self) -> None:
        self.timers = FakeTimers()
        self.flushes: list[str] = []
        self.failed: list[str] = []
        self.pacer: Pacer[Room] = Pacer(self.timers, lambda room, _error: self.failed.append(room.name))

    def room(self, name: str, cost: float) -> Room:
        return Room(name, self, cost)

    def busy(self, count: int, cost: float) -> list[Room]:
        """Rooms that rest after a flush and have more to send, all due at the same moment or nearly so."""
        rooms = [self.room(f"busy {number}", cost) for number in range(count)]
        for room in rooms:
            room.pending = 1  # a flush of several events: a light one of one event lets nobody rest
            room.receive()
            self.pacer._begin_turn()
            room.receive()
        self.flushes.clear()
        return rooms

    def turn(self) -> list[str]:
        """Give the loop a turn; what was flushed in it."""
        before = len(self.flushes)
        self.timers.turn()
        return self.flushes[before:]


def test_BAT1_an_idle_room_flushes_in_the_very_call() -> None:
    place = Place()
    room = place.room("idle", 0.005)
    room.receive()
    assert place.flushes == ["idle"]
    place.turn()
    place.timers.now = room.rests_until
    room.receive()
    assert place.flushes == ["idle", "idle"]


def test_BAT1_a_room_that_rests_flushes_once_for_all_that_came_meanwhile() -> None:
    place = Place()
    room = place.room("busy", 0.004)
    for _ in range(10):
        room.receive()
    assert [events for _, events in room.flushed] == [1]
    place.turn()
    assert len(place.timers.coming) == 1
    place.timers.pass_by(REST * 0.004)
    assert [events for _, events in room.flushed] == [1, 9]


def test_BAT1_a_flush_of_ten_seconds_is_followed_by_50_ms_of_rest() -> None:
    place = Place()
    room = place.room("huge", 10.0)
    room.receive()
    room.receive()
    place.turn()
    [pause] = place.timers.coming
    assert abs(pause - 0.050) < 1e-9


def test_BAT1_rooms_that_are_due_together_flush_in_turns_in_the_order_in_which_they_were_due() -> None:
    place = Place()
    rooms = place.busy(20, 0.005)
    place.timers.now += 1.0
    turns = [place.turn() for _ in range(20)]
    assert turns == [[room.name] for room in rooms]


def test_BAT1_a_quiet_room_waits_for_one_flush_at_most_however_many_are_due() -> None:
    place = Place()
    rooms = place.busy(20, 0.005)
    quiet = place.room("quiet", 0.001)
    place.timers.now += 1.0
    for _ in range(50):
        for room in rooms:  # they stay busy
            room.receive()
        came = place.timers.now
        assert len(place.turn()) <= 1  # the turn in which the event of the quiet room arrives
        quiet.receive()
        assert quiet.flushed[-1][0] - came <= 0.005 + 0.001 + 1e-9
        place.timers.now += 0.002


def test_BAT1_cheap_flushes_share_a_turn_up_to_a_millisecond() -> None:
    place = Place()
    place.busy(100, 0.0001)
    place.timers.now += 1.0
    assert 5 <= len(place.turn()) <= 12


def test_BAT1_no_busy_room_starves() -> None:
    place = Place()
    rooms = [place.room("cheap", 0.0002), *[place.room(f"dear {number}", 0.030) for number in range(5)]]
    for _ in range(600):
        for room in rooms:
            room.receive()
        place.turn()
        place.timers.now += 0.001
    counts = [place.flushes.count(room.name) for room in rooms]
    assert min(counts) > 20
    longest = [max(later - former for (former, _), (later, _) in pairwise(room.flushed)) for room in rooms]
    assert max(longest) < LONGEST_PAUSE + len(rooms) * (0.030 + 0.001) + 0.010


def test_BAT1_an_earlier_turn_is_not_kept_waiting_by_a_later_one() -> None:
    place = Place()
    late, early = place.room("late", 0.020), place.room("early", 0.0025)
    for room in (late, early):
        room.receive()
        room.receive()
    place.flushes.clear()
    place.timers.pass_by(0.004)
    assert place.flushes == ["early"]
    place.timers.pass_by(0.040)
    assert place.flushes == ["early", "late"]


def test_BAT1_what_is_left_of_a_burst_goes_on_in_the_next_turn_without_a_rest() -> None:
    place = Place()
    room = place.room("burst", 0.010)
    room.pending, room.portion = 9, 3
    room.receive()
    while place.turn():
        pass
    assert [events for _, events in room.flushed] == [3, 3, 3, 1]
    assert room.flushed[-1][0] - room.flushed[0][0] < 0.031


def test_what_is_in_no_hurry_leaves_in_a_turn_of_its_own() -> None:
    place = Place()
    rooms = [place.room(f"room {number}", 0.005) for number in range(3)]
    for room in rooms:
        place.pacer.ask_later(room)
        place.pacer.ask_later(room)
    assert place.flushes == []
    assert [len(place.turn()) for _ in range(4)] == [1, 1, 1, 0]


def test_a_room_that_fails_is_told_of_and_harms_no_other() -> None:
    place = Place()
    rooms = place.busy(3, 0.005)
    rooms[0].broken = True
    place.timers.now += 1.0
    for _ in range(3):
        place.turn()
    assert place.failed == ["busy 0"]
    assert [len(room.flushed) for room in rooms] == [1, 2, 2]


def test_nothing_is_flushed_after_the_end() -> None:
    place = Place()
    place.busy(3, 0.005)
    place.pacer.close()
    place.timers.pass_by(1.0)
    assert place.flushes == []


def test_BAT1_one_transaction_for_many_rooms_leaves_the_loop_between_their_flushes() -> None:
    place = Place()
    dear = [place.room(f"dear {number}", 0.008) for number in range(60)]
    quiet = place.room("quiet", 0.0001)
    for room in [*dear, quiet]:
        room.receive()
        place.timers.pass_by(0.1)
    place.flushes.clear()
    for room in [*dear, quiet]:  # all have rested
        room.receive()
    assert place.flushes == ["dear 0"]
    assert place.turn() == ["quiet", "dear 1"]
    turns = [place.turn() for _ in range(58)]
    assert turns == [[f"dear {number}"] for number in range(2, 60)]


def test_BAT1_a_quiet_room_is_flushed_at_once_while_dear_ones_wait() -> None:
    place = Place()
    dear = [place.room(f"dear {number}", 0.008) for number in range(20)]
    for room in dear:
        room.receive()
        place.timers.pass_by(0.1)
    place.flushes.clear()
    for room in dear:
        room.receive()
    place.turn()
    quiet = place.room("quiet", 0.0001)
    quiet.receive()
    assert place.flushes[-1] == "quiet"


def test_BAT1_many_cheap_rooms_in_one_transaction_take_turns_of_a_millisecond() -> None:
    place = Place()
    for number in range(256):
        place.room(f"cheap {number}", 0.0001).receive()
    assert len(place.flushes) <= 11
    while place.timers.coming:
        assert len(place.turn()) <= 11
    assert len(place.flushes) == 256
