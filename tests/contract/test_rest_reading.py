"""What somebody has read: kept for who signed in, told to all of their connections, gone with them."""

from functools import partial
from typing import Any

import pytest

from housing import House
from imagechat.model.read_marks import MARKS_AT_ONCE
from imagechat.model.times import iso
from imagechat.store.person_data import Subject, export
from live_clients import Person, new_picture, next_message
from moderating import beside
from running import TENANT
from visiting import CHATS, Visitor, fresh

FUTURE = "9000-01-01T00:00:00.000Z"


async def keep(who: Person, picture: str, /, **read_up_to: Any) -> None:
    await who._ask("POST", f"{CHATS}/read", json={"urlId": picture, "readUpTo": read_up_to})


async def marked(who: Person, picture: str) -> dict[str, Any]:
    """Return how far somebody has read a picture."""
    found: dict[str, Any] = (await who.enter(picture))["readUpTo"]
    return found


@pytest.fixture
async def ann_signed_in(house: House) -> Person:
    return await house.sign_in(fresh("ann"))


async def pinned(who: Person, picture: str) -> tuple[str, str]:
    """Put a marker with a comment on a picture; return its thread, and when that was."""
    made = await who.mark(picture, comment={"comment": "hello"})
    return made["conversation"]["urlId"], made["conversation"]["lastCommentAt"]


async def test_SNAP1_what_was_read_is_in_the_next_snapshot_of_every_session(house: House) -> None:
    user, picture = fresh("ann"), new_picture()
    here, there, other = await house.sign_in(user), await house.sign_in(user), await house.sign_in(fresh("ben"))
    assert await marked(here, picture) == {"picture": None, "threads": {}}
    thread, at = await pinned(other, picture)
    await keep(here, picture, threads={thread: at})
    assert await marked(there, picture) == {"picture": None, "threads": {thread: at}}
    assert await marked(other, picture) == {"picture": None, "threads": {}}


async def test_a_mark_never_goes_back_and_one_of_the_whole_picture_takes_the_place_of_earlier_ones(
    ann_signed_in: Person,
) -> None:
    picture = new_picture()
    first, early = await pinned(ann_signed_in, picture)
    second, late = await pinned(ann_signed_in, picture)
    await keep(ann_signed_in, picture, threads={first: late})
    for _ in range(2):
        await keep(ann_signed_in, picture, threads={first: early, second: late})
    assert await marked(ann_signed_in, picture) == {"picture": None, "threads": {first: late, second: late}}
    await keep(ann_signed_in, picture, picture=early)
    assert await marked(ann_signed_in, picture) == {"picture": early, "threads": {first: late, second: late}}
    await keep(ann_signed_in, picture, picture=late)
    await keep(ann_signed_in, picture, picture=early, threads={first: late})
    assert await marked(ann_signed_in, picture) == {"picture": late, "threads": {}}


async def test_nothing_is_read_that_was_not_there(ann_signed_in: Person) -> None:
    picture, elsewhere = new_picture(), new_picture()
    thread, at = await pinned(ann_signed_in, picture)
    other, _ = await pinned(ann_signed_in, elsewhere)
    await keep(ann_signed_in, picture, threads={thread: FUTURE, other: at, "nowhere": at})
    assert await marked(ann_signed_in, picture) == {"picture": None, "threads": {thread: at}}
    await keep(ann_signed_in, fresh("no-picture"), picture=FUTURE)
    await keep(ann_signed_in, picture, picture=FUTURE)
    assert await marked(ann_signed_in, picture) == {"picture": at, "threads": {}}


async def test_marks_of_a_marker_that_is_deleted_are_not_shown(ann_signed_in: Person) -> None:
    picture = new_picture()
    made = await ann_signed_in.mark(picture)
    conversation = made["conversation"]
    await keep(ann_signed_in, picture, threads={conversation["urlId"]: conversation["createdAt"]})
    await ann_signed_in.unpin(made["createdChatId"])
    assert (await marked(ann_signed_in, picture))["threads"] == {}


def test_AUTH1_an_anonymous_visitors_browser_keeps_it(ann: Visitor, picture: str) -> None:
    ann.pin(picture)
    assert "readUpTo" not in ann.snapshot(picture)
    body = {"urlId": picture, "readUpTo": {"picture": iso(1)}}
    answer = ann.send("POST", f"{CHATS}/read", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "signing in" in answer.json()["message"]


async def test_AUTH1_of_a_private_picture_nothing_is_kept_and_nothing_is_told(house: House, admin: Person) -> None:
    picture = new_picture()
    thread, at = await pinned(admin, picture)
    await house.share(admin, picture, ["red"])
    outside = await house.sign_in(fresh("out"), groupIds=["blue"])
    body = {"urlId": picture, "readUpTo": {"threads": {thread: at}}}
    answer = await house.client.post(f"{CHATS}/read", json=body, headers={"Authorization": f"Bearer {outside.session}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    "read_up_to",
    [
        {"picture": "yesterday"},
        {"threads": {"t": "2026-01-31"}},
        {"threads": {"": iso(1)}},
        {"threads": {f"t{number}": iso(1) for number in range(MARKS_AT_ONCE + 1)}},
    ],
)
async def test_what_is_no_mark_is_refused(house: House, ann_signed_in: Person, read_up_to: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {ann_signed_in.session}"}
    body = {"urlId": "p", "readUpTo": read_up_to}
    answer = await house.client.post(f"{CHATS}/read", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-body")


async def test_a_persons_other_connections_hear_of_it_and_nobody_elses(house: House) -> None:
    user, picture = fresh("ann"), new_picture()
    here, there, other = await house.sign_in(user), await house.sign_in(user), await house.sign_in(fresh("ben"))
    thread, at = await pinned(other, picture)
    entrances = [await who.enter(picture) for who in (there, other)]
    async with house.follow(entrances[0]) as mine, house.follow(entrances[1]) as others:
        for connection in (mine, others):
            assert (await next_message(connection))["type"] == "hello"
        await keep(here, picture, threads={thread: at})
        assert await of_type(mine, "read") == {"picture": None, "threads": {thread: at}}
        await keep(other, picture, picture=at)
        assert await of_type(others, "read") == {"picture": at, "threads": {}}


async def of_type(connection: Any, kind: str) -> Any:
    """Return what the next signal of a type says was read."""
    while True:
        for signal in await next_message(connection):
            if signal["type"] == kind:
                assert signal["timestamp"] > 0
                assert set(signal) == {"type", "timestamp", "readUpTo"}
                return signal["readUpTo"]


async def test_what_was_read_is_given_out_and_erased_with_the_person(house: House, admin: Person) -> None:
    user, picture = fresh("ann"), new_picture()
    who = await house.sign_in(user)
    thread, at = await pinned(admin, picture)
    await keep(who, picture, threads={thread: at})
    exported = partial(export, subject=Subject(TENANT, user))
    assert len(beside(house.node, exported)["read"]) == 1
    await admin._ask("POST", "/api/v1/people/erase", json={"tenantId": TENANT, "userId": user, "confirm": user})
    assert beside(house.node, exported)["read"] == []
