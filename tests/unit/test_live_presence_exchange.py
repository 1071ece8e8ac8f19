"""Who is in a room on other nodes."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from bussing import Air
from imagechat.live.presence import KNOWN_AT_MOST, Attendance
from imagechat.live.presence_exchange import AGAIN, LOOKS, SILENT, PresenceExchange
from imagechat.model.ids import RoomId, room_id
from imagechat.model.principal import Principal
from live_fakes import FakeTimers

ROOM = room_id("demo", "picture")


def person(user: str, name: str | None = None) -> Principal:
    return Principal(tenant_id="demo", user_id=user, session_id=f"session-{user}", name=name)


@dataclass
class Room:
    id: RoomId = ROOM
    attendance: Attendance = field(default_factory=Attendance)


class Node:
    """A node with one room."""

    def __init__(self, air: Air, timers: FakeTimers) -> None:
        self.room = Room()
        self.rooms = {ROOM: self.room}
        self.changed: list[RoomId] = []
        self.exchange = PresenceExchange(air.node(), self.rooms, self.changed.append, timers)

    def reopen(self) -> None:
        """Give the room up, and open it again."""
        self.room = self.rooms[ROOM] = Room()
        self.exchange.tell(self.room)

    def join(self, *users: str) -> None:
        for user in users:
            self.room.attendance.join(person(user, user.title()))
        self.exchange.tell(self.room)

    def leave(self, user: str) -> None:
        self.room.attendance.leave(person(user, user.title()))
        self.exchange.tell(self.room)

    @property
    def seen(self) -> tuple[int, int, list[str]]:
        here = self.room.attendance
        return here.total, here.users, sorted(here.names.values())


def two() -> tuple[Air, FakeTimers, Node, Node]:
    air, timers = Air(), FakeTimers()
    return air, timers, Node(air, timers), Node(air, timers)


def test_p_u_people_on_both_nodes_are_seen_on_both() -> None:
    _, _, one, other = two()
    one.join("ann", "ann", "ben")
    other.join("ann", "cleo")
    assert one.seen == other.seen == (5, 3, ["Ann", "Ben", "Cleo"])
    told = other.room.attendance.tell(1)
    assert told is not None
    assert (told.sc, told.uj, told.ul) == (5, ("ann", "ben", "cleo"), ())
    assert one.changed == [ROOM]


def test_p_u_who_is_still_on_another_node_has_not_left() -> None:
    _, _, one, other = two()
    one.join("ann")
    other.join("ann")
    one.room.attendance.tell(1)
    one.leave("ann")
    told = one.room.attendance.tell(2)
    assert told is not None
    assert (told.sc, told.uj, told.ul) == (1, (), ())
    other.leave("ann")
    told = one.room.attendance.tell(3)
    assert told is not None
    assert (told.sc, told.uj, told.ul) == (0, (), ("ann",))


def test_p_u_a_node_that_comes_later_asks_who_is_there() -> None:
    air, timers = Air(), FakeTimers()
    one = Node(air, timers)
    one.join("ann")
    late = Node(air, timers)
    late.join("ben")
    assert late.seen == one.seen == (2, 2, ["Ann", "Ben"])


def test_p_u_a_node_that_gave_the_room_up_and_opens_it_again_asks_again() -> None:
    air, timers, one, other = two()
    one.join("ann")
    other.join("ben")
    other.reopen()
    assert other.seen == (1, 1, ["Ann"])
    other.join("cleo")
    assert one.seen == other.seen == (2, 2, ["Ann", "Cleo"])
    said = len(air.said)
    timers.pass_by(AGAIN + 1)
    assert len(air.said) == said + 2  # each once, also who opened the room twice


def test_p_u_what_was_lost_is_made_good_by_the_next_message() -> None:
    air, timers, one, other = two()
    air.loses = True
    one.join("ann")
    other.join("ben")
    air.loses = False
    assert other.seen == (1, 1, ["Ben"])
    timers.pass_by(AGAIN)
    assert one.seen == other.seen == (2, 2, ["Ann", "Ben"])


def test_p_u_a_node_that_died_is_forgotten() -> None:
    air, timers, one, other = two()
    one.join("ann")
    other.join("ben")
    one.exchange.close = lambda: None  # type: ignore[method-assign]  # it says nothing when it dies
    air.nodes[0].tell = lambda *_: None  # type: ignore[method-assign]
    while timers.now < 1_000.0 + SILENT + LOOKS:
        timers.pass_by(LOOKS)
    assert other.seen == (1, 1, ["Ben"])
    told = other.room.attendance.tell(1)
    assert told is not None
    assert told.sc == 1


def test_p_u_a_node_that_stops_says_that_nobody_is_there_any_more() -> None:
    _, _, one, other = two()
    one.join("ann")
    other.join("ben")
    one.exchange.close()
    assert other.seen == (1, 1, ["Ben"])


def test_p_u_a_crowd_is_told_by_its_number() -> None:
    air, _, one, other = two()
    one.join(*(f"user-{number}" for number in range(KNOWN_AT_MOST + 1)))
    other.join("ben")
    assert other.seen == (KNOWN_AT_MOST + 2, KNOWN_AT_MOST + 2, ["Ben"])
    assert max(len(told.data) for told in air.said) < 1_000


def test_p_u_what_a_node_of_another_version_says_is_let_be() -> None:
    air, _, one, _ = two()
    one.join("ann")
    air.node().tell("presence", b"\xc1", ROOM)
    assert one.seen == (1, 1, ["Ann"])


def test_p_u_of_a_room_that_is_not_here_nothing_is_kept() -> None:
    air, _, one, _ = two()
    air.node().tell("presence", b"\x94\x01\x01\x81\xa3ann\xc0\xc2", room_id("demo", "elsewhere"))
    assert one.seen == (0, 0, [])


steps = st.lists(st.tuples(st.integers(0, 1), st.sampled_from("abc"), st.booleans(), st.booleans()), max_size=40)


@given(steps)
def test_p_u_after_the_next_messages_both_nodes_see_the_same_whatever_was_lost(
    given_steps: list[tuple[int, str, bool, bool]],
) -> None:
    air, timers, *nodes = two()
    inside: list[list[str]] = [["x"], ["y"]]
    nodes[0].join("x")
    nodes[1].join("y")
    for number, user, joins, loses in given_steps:
        air.loses = loses
        if joins:
            inside[number].append(user)
            nodes[number].join(user)
        elif user in inside[number]:
            inside[number].remove(user)
            nodes[number].leave(user)
    air.loses = False
    timers.pass_by(AGAIN)
    everybody = inside[0] + inside[1]
    names = sorted({user.title() for user in everybody})
    assert nodes[0].seen == nodes[1].seen == (len(everybody), len(names), names)


def test_p_u_two_nodes_do_not_answer_each_other_for_ever() -> None:
    air, _, one, other = two()
    one.join("ann")
    other.join("ben")
    said = len(air.said)
    one.exchange.tell(one.room)
    other.exchange.tell(other.room)
    assert len(air.said) == said


async def test_p_u_a_node_where_nobody_is_asks_before_it_says_how_many_there_are() -> None:
    air, timers = Air(), FakeTimers()
    one = Node(air, timers)
    one.join("ann")
    asking = Node(air, timers)
    await asking.exchange.ask(asking.room)
    assert asking.seen == (1, 1, ["Ann"])
    said = len(air.said)
    await asking.exchange.ask(asking.room)
    assert len(air.said) == said
