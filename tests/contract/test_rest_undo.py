"""What somebody has just deleted, and takes back."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import update

from imagechat.model.principal import Role
from imagechat.store import tables
from live_clients import Person, Viewer
from making import person
from moderating import AUDIT, INBOX, MASS, beside, seen, undo
from running import RunningNode
from visiting import CHATS, COMMENTS, Visiting, Visitor, fresh


def comment_back(comment_id: str, broadcast_id: str = "") -> tuple[str, str, dict[str, Any]]:
    return "POST", f"{COMMENTS}/{comment_id}/restore", {"params": {"broadcastId": broadcast_id or fresh("b")}}


def marker_back(chat_id: str, broadcast_id: str = "") -> tuple[str, str, dict[str, Any]]:
    return "POST", f"{CHATS}/{chat_id}/restore", {"json": {"broadcastId": broadcast_id or fresh("b")}}


def call(who: Visitor, given: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    method, path, more = given
    return who.call(method, path, **more)


def refused(who: Visitor, given: tuple[str, str, dict[str, Any]]) -> str:
    method, path, more = given
    return who.refused(method, path, **more)


@pytest.fixture
async def viewer(shared_node: RunningNode, picture: str) -> AsyncIterator[Viewer]:
    async with shared_node.client() as client, Viewer(shared_node, Person(client), picture) as viewer:
        yield viewer


async def test_SNAP1_everybody_sees_a_comment_and_a_marker_come_back(
    ann: Visitor, ben: Visitor, picture: str, viewer: Viewer
) -> None:
    made = ann.pin(picture, comment={"comment": "first"}, windowUrlId=fresh("w"))
    thread, chat_id = made["conversation"]["urlId"], made["createdChatId"]
    said = ben.write(thread, "second")["comment"]["_id"]
    ann.write(thread, "third", parentId=said)
    before = seen(ann, picture)

    ben.remove(said)
    answer = call(ben, comment_back(said))
    assert answer["comment"]["comment"] == "second"
    assert answer["pictureSeq"] == ann.snapshot(picture)["seq"]
    assert seen(ann, picture) == before

    ann.unpin(chat_id)
    back = call(ann, marker_back(chat_id))
    assert back["conversation"]["commentCount"] == 3
    assert seen(ann, picture) == before
    await viewer.equals_a_fresh_snapshot()


def test_IDEM1_an_undo_given_again_has_the_same_answer_and_no_effect(ann: Visitor, picture: str) -> None:
    made = ann.pin(picture, comment={"comment": "first"}, windowUrlId=fresh("w"))
    said, chat_id = made["comment"]["_id"], made["createdChatId"]
    ann.remove(said)
    first = call(ann, comment_back(said, "back-1"))
    assert call(ann, comment_back(said, "back-1")) == first
    ann.unpin(chat_id)
    first = call(ann, marker_back(chat_id, "back-2"))
    assert call(ann, marker_back(chat_id, "back-2")) == first
    assert refused(ann, marker_back(chat_id, "back-1")) == "conflict"
    assert refused(ann, marker_back(chat_id)) == "conflict"


def test_only_who_deleted_it_brings_it_back(ann: Visitor, ben: Visitor, moderator: Visitor, picture: str) -> None:
    made = ann.pin(picture, comment={"comment": "first"}, windowUrlId=fresh("w"))
    said, chat_id = made["comment"]["_id"], made["createdChatId"]
    ann.remove(said)
    assert refused(ben, comment_back(said)) == "forbidden"
    assert refused(moderator, comment_back(said)) == "not-found"
    call(ann, comment_back(said))
    moderator.remove(said)
    assert refused(ann, comment_back(said)) == "not-found"
    call(moderator, comment_back(said))
    moderator.unpin(chat_id)
    assert refused(ann, marker_back(chat_id)) == "not-found"
    call(moderator, marker_back(chat_id))


def test_after_ten_minutes_it_is_too_late(shared_node: RunningNode, ann: Visitor, picture: str) -> None:
    made = ann.pin(picture, comment={"comment": "first"}, windowUrlId=fresh("w"))
    ann.remove(made["comment"]["_id"])
    ann.unpin(made["createdChatId"])
    table = tables.deletions
    own = table.c.id == f"own-{made['createdChatId']}"
    beside(shared_node, lambda connection: connection.execute(update(table).where(own).values(until=1)))
    assert refused(ann, marker_back(made["createdChatId"])) == "not-found"


def test_what_a_mass_deletion_took_comes_back_by_its_own_undo_only(
    visiting: Visiting, ann: Visitor, moderator: Visitor, picture: str
) -> None:
    vandal = visiting.signed_in(person(fresh("vandal"), role=Role.MEMBER))
    made = vandal.pin(picture, comment={"comment": "bad"}, windowUrlId=fresh("w"))
    own = vandal.pin(picture, comment={"comment": "regretted"}, windowUrlId=fresh("w"))
    vandal.unpin(own["createdChatId"])
    body = {"broadcastId": fresh("b"), "ids": [made["createdChatId"]]}
    done = moderator.call("POST", MASS, json=body | {"confirm": 1})
    for who in (vandal, moderator):
        assert refused(who, marker_back(made["createdChatId"])) == "not-found"
    listed = [each["undoId"] for each in moderator.call("GET", MASS)["deletions"]]
    assert done["undoId"] in listed
    assert not [each for each in listed if each.startswith("own-")]
    path = f"{MASS}/own-{own['createdChatId']}/undo"
    assert moderator.refused("POST", path, json={"broadcastId": fresh("b")}) == "not-found"
    deleted = moderator.call("GET", INBOX, params={"state": "deleted", "urlId": picture})["entries"]
    assert [entry["id"] for entry in deleted] == [made["createdChatId"]]
    undo(moderator, done["undoId"])
    call(vandal, marker_back(own["createdChatId"]))
    assert len(ann.snapshot(picture)["conversations"]) == 2


def test_a_moderators_undo_of_anothers_is_in_the_audit_log(
    visiting: Visiting, ann: Visitor, moderator: Visitor, picture: str
) -> None:
    said = ann.pin(picture, comment={"comment": "first"}, windowUrlId=fresh("w"))["comment"]["_id"]
    moderator.remove(said)
    call(moderator, comment_back(said))
    admin = visiting.signed_in(person(fresh("boss"), role=Role.ADMIN))
    noted = [entry["act"] for entry in admin.call("GET", AUDIT)["entries"] if entry["what"] == said]
    assert noted == ["bring this comment back", "delete this comment"]


@pytest.mark.parametrize("given", [comment_back("nothing"), marker_back("nothing")])
def test_what_never_was_does_not_come_back(ann: Visitor, given: tuple[str, str, dict[str, Any]]) -> None:
    assert refused(ann, given) == "not-found"


@pytest.mark.parametrize("given", [comment_back("x", "b" * 65), marker_back("x", "b" * 65)])
def test_a_broadcast_id_is_checked(ann: Visitor, given: tuple[str, str, dict[str, Any]]) -> None:
    assert refused(ann, given) == "too-long"
