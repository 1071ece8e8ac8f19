"""Who is in a room, told by what changed."""

from imagechat.live.presence import NAMED_AT_MOST, Attendance
from imagechat.model.principal import Principal


def person(user: str, name: str | None = None) -> Principal:
    return Principal(tenant_id="demo", user_id=user, session_id=f"session-{user}", name=name)


def test_p_u_names_who_joined_and_who_left_and_counts_connections() -> None:
    room = Attendance()
    room.join(person("anna"))
    room.join(person("ben"))
    told = room.tell(1)
    assert told is not None
    assert (told.timestamp, told.sc, told.uj, told.ul) == (1, 2, ("anna", "ben"), ())
    room.leave(person("anna"))
    told = room.tell(2)
    assert told is not None
    assert (told.sc, told.uj, told.ul) == (1, (), ("anna",))


def test_p_u_a_second_connection_joins_nobody_and_its_end_leaves_nobody() -> None:
    room = Attendance()
    room.join(person("anna"))
    room.tell(1)
    room.join(person("anna"))
    told = room.tell(2)
    assert told is not None
    assert (told.sc, told.uj, told.ul) == (2, (), ())
    room.leave(person("anna"))
    told = room.tell(3)
    assert told is not None
    assert (told.sc, told.uj, told.ul) == (1, (), ())


def test_p_u_who_came_and_went_between_two_signals_was_never_there() -> None:
    room = Attendance()
    room.join(person("anna"))
    room.leave(person("anna"))
    assert room.tell(1) is None


def test_p_u_who_left_and_came_back_between_two_signals_never_left() -> None:
    room = Attendance()
    room.join(person("anna"))
    room.tell(1)
    room.leave(person("anna"))
    room.join(person("anna"))
    assert room.tell(2) is None


def test_p_u_a_crowd_is_told_by_its_number_only_and_its_members_leave_by_name() -> None:
    room = Attendance()
    crowd = [person(f"user{index:03}") for index in range(NAMED_AT_MOST + 1)]
    for one in crowd:
        room.join(one)
    told = room.tell(1)
    assert told is not None
    assert (told.sc, told.uj) == (len(crowd), ())
    room.leave(crowd[0])
    told = room.tell(2)
    assert told is not None
    assert told.ul == (crowd[0].user_id,)


def test_people_are_those_with_a_name_while_they_have_a_connection() -> None:
    room = Attendance()
    room.join(person("anna", "Anna"))
    room.join(person("anna", "Anna"))
    room.join(person("nobody"))
    assert list(room.people) == ["anna"]
    room.leave(person("anna", "Anna"))
    assert list(room.people) == ["anna"]
    room.leave(person("anna", "Anna"))
    assert not room.people


def test_an_empty_room_remembers_nobody() -> None:
    room = Attendance()
    room.join(person("anna", "Anna"))
    room.tell(1)
    room.leave(person("anna", "Anna"))
    room.tell(2)
    assert room == Attendance()
