"""Names and pictures of who is in a room, here and on other nodes."""

from typing import Any

import msgspec

from imagechat.live.presence import AVATARS_AT_MOST, FACES_AT_MOST, Attendance
from imagechat.model.principal import Principal


def person(user: str, **more: Any) -> Principal:
    return Principal(tenant_id="demo", user_id=user, session_id=f"session-{user}", **more)


def told(attendance: Attendance) -> Any:
    """Return what viewers are told, as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(attendance.tell(1)))


def test_who_joins_is_told_with_name_and_picture_and_who_gave_no_name_by_id_alone() -> None:
    here = Attendance()
    for who in (person("ann", name="Ann", avatar="https://a.example/a.png"), person("ben", name="Ben"), person("c")):
        here.join(who)
    assert told(here)["people"] == [
        {"id": "ann", "displayName": "Ann", "avatarSrc": "https://a.example/a.png"},
        {"id": "ben", "displayName": "Ben"},
    ]
    assert [face.display_name for face in here.faces] == ["Ann", "Ben"]


def test_who_is_on_another_node_is_told_and_listed_alike() -> None:
    here, there = Attendance(), Attendance()
    there.join(person("ann", name="Ann", avatar="https://a.example/a.png"))
    here.hear("there", there.here())
    face = {"id": "ann", "displayName": "Ann", "avatarSrc": "https://a.example/a.png"}
    assert told(here)["people"] == [face]
    assert msgspec.to_builtins(here.faces) == [face]


def test_of_many_who_join_at_once_only_the_ids_are_told() -> None:
    here = Attendance()
    for number in range(FACES_AT_MOST + 1):
        here.join(person(f"u{number}", name=f"N{number}"))
    signal = told(here)
    assert len(signal["uj"]) == FACES_AT_MOST + 1
    assert "people" not in signal
    assert len(here.faces) == FACES_AT_MOST + 1


def test_a_crowds_pictures_do_not_travel_between_nodes() -> None:
    here = Attendance()
    for number in range(AVATARS_AT_MOST + 1):
        here.join(person(f"u{number}", name=f"N{number}", avatar="https://a.example/a.png"))
    others = here.here()
    assert others.avatars == {}
    assert len(others.users) == AVATARS_AT_MOST + 1
