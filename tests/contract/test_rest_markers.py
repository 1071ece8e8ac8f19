"""Markers and snapshots over REST, against a real node."""

import json
import re

import pytest

from visiting import CHATS, Visitor, fresh

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_a_picture_that_nobody_commented_on_is_an_empty_snapshot(ann: Visitor, picture: str) -> None:
    snapshot = ann.snapshot(picture)
    assert (snapshot["conversations"], snapshot["seq"]) == ([], 0)
    assert (snapshot["urlIdClean"], snapshot["tenantIdWS"], snapshot["isSiteAdmin"]) == (picture, "demo", False)
    assert re.fullmatch(r"~[\w-]{20}", snapshot["urlIdWS"])


def test_a_new_marker_is_answered_whole_and_is_in_the_snapshot(ann: Visitor, picture: str) -> None:
    made = ann.pin(picture, windowUrlId=fresh("w"), src="/a.png", pageTitle="Plan", region={"w": 5, "h": 2.5})
    conversation = made["conversation"]
    assert made["createdChatId"] == conversation["_id"]
    assert (conversation["x"], conversation["y"], conversation["region"]) == (10, 20.5, {"w": 5, "h": 2.5})
    assert (conversation["src"], conversation["resolved"], conversation["commentCount"]) == ("/a.png", False, 0)
    assert (conversation["lastCommentAt"], conversation["userId"]) == (None, ann.id)
    assert ISO.fullmatch(conversation["createdAt"])
    snapshot = ann.snapshot(picture)
    assert (snapshot["conversations"], snapshot["seq"]) == ([conversation], made["seq"])


def test_a_marker_and_its_first_comment_are_one_event(ann: Visitor, picture: str) -> None:
    made = ann.pin(picture, comment={"comment": "**first**", "commenterName": "Ann"})
    assert made["comment"]["commentHTML"] == "<p><strong>first</strong></p>"
    assert made["comment"]["urlId"] == made["conversation"]["urlId"]
    assert (made["conversation"]["commentCount"], made["conversation"]["lastCommentAt"]) == (1, made["comment"]["date"])
    assert [json.loads(event["data"])["type"] for event in ann.log(picture)["events"]] == ["new-image-chat"]
    assert ann.thread(made["conversation"]["urlId"])["comments"] == [made["comment"]]


def test_without_a_windowurlid_the_server_makes_one(ann: Visitor, picture: str) -> None:
    names = {ann.pin(picture)["conversation"]["urlId"] for _ in range(3)}
    assert len(names) == 3


def test_the_comment_may_come_first_and_the_marker_adopt_its_thread(ann: Visitor, ben: Visitor, picture: str) -> None:
    thread = fresh("w")
    comment = ann.write(thread)["comment"]
    body = {
        "urlId": picture,
        "broadcastId": fresh("b"),
        "x": 1,
        "y": 1,
        "windowUrlId": thread,
        "createdFromCommentId": comment["_id"],
    }
    assert ben.refused("POST", CHATS, json=body) == "forbidden"
    assert ann.refused("POST", CHATS, json=body | {"comment": {"comment": "both"}}) == "invalid-body"
    made = ann.call("POST", CHATS, json=body)
    assert (made["conversation"]["urlId"], made["conversation"]["commentCount"]) == (thread, 1)
    assert ann.thread(thread)["pictureSeq"] == made["seq"]


def test_a_marker_is_moved_resolved_reopened_and_given_a_region(ann: Visitor, picture: str) -> None:
    made = ann.pin(picture)
    chat_id = made["createdChatId"]
    for change, expected in (
        ({"x": 50}, {"x": 50, "y": 20.5}),
        ({"resolved": True}, {"resolved": True, "x": 50}),
        ({"resolved": False, "y": 0}, {"resolved": False, "y": 0}),
        ({"region": {"w": 1, "h": 2}}, {"region": {"w": 1, "h": 2}}),
        ({"x": 51}, {"region": {"w": 1, "h": 2}, "x": 51}),
    ):
        conversation = ann.change(chat_id, **change)["conversation"]
        assert expected.items() <= conversation.items()
    changed = ann.change(chat_id, region=None)
    assert "region" not in changed["conversation"]
    snapshot = ann.snapshot(picture)
    assert (snapshot["conversations"], snapshot["seq"]) == ([changed["conversation"]], changed["seq"])


def test_a_deleted_marker_and_its_thread_are_gone(ann: Visitor, picture: str) -> None:
    made = ann.pin(picture, comment={"comment": "first"})
    chat_id, thread = made["createdChatId"], made["conversation"]["urlId"]
    deleted = ann.unpin(chat_id)
    assert deleted["seq"] == made["seq"] + 1
    assert ann.snapshot(picture)["conversations"] == []
    assert ann.refused("GET", "/comments/demo", params={"urlId": thread}) == "not-found"
    assert ann.refused("GET", f"/comments/demo/{made['comment']['_id']}/text") == "not-found"
    assert ann.refused("PATCH", f"{CHATS}/{chat_id}", json={"broadcastId": fresh("b"), "x": 1}) == "not-found"
    assert ann.refused("DELETE", f"{CHATS}/{chat_id}", json={"broadcastId": fresh("b")}) == "not-found"


def test_others_do_not_change_or_delete_a_marker_and_a_moderator_does(
    ann: Visitor, ben: Visitor, moderator: Visitor, picture: str
) -> None:
    path = f"{CHATS}/{ann.pin(picture)['createdChatId']}"
    assert ben.refused("PATCH", path, json={"broadcastId": fresh("b"), "x": 1}) == "forbidden"
    assert ben.refused("DELETE", path, json={"broadcastId": fresh("b")}) == "forbidden"
    moderator.call("PATCH", path, json={"broadcastId": fresh("b"), "resolved": True})
    moderator.call("DELETE", path, json={"broadcastId": fresh("b")})


def test_IDEM1_the_same_request_again_has_the_same_answer(ann: Visitor, picture: str) -> None:
    ann.snapshot(picture)
    body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 2, "comment": {"comment": "once"}}
    first = ann.call("POST", CHATS, json=body)
    assert ann.call("POST", CHATS, json=body) == first
    path = f"{CHATS}/{first['createdChatId']}"
    change = {"broadcastId": fresh("b"), "x": 7}
    assert ann.call("PATCH", path, json=change) == ann.call("PATCH", path, json=change)
    gone = {"broadcastId": fresh("b")}
    assert ann.call("DELETE", path, json=gone) == ann.call("DELETE", path, json=gone)
    assert ann.snapshot(picture)["seq"] == 3


def test_IDEM1_a_broadcastid_of_another_operation_is_a_conflict(ann: Visitor, picture: str) -> None:
    ann.snapshot(picture)
    body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 2}
    path = f"{CHATS}/{ann.call('POST', CHATS, json=body)['createdChatId']}"
    assert ann.refused("DELETE", path, json={"broadcastId": body["broadcastId"]}) == "conflict"


def test_a_taken_windowurlid_is_a_conflict(ann: Visitor, picture: str) -> None:
    thread = ann.pin(picture)["conversation"]["urlId"]
    body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 2}
    assert ann.refused("POST", CHATS, json=body | {"windowUrlId": thread}) == "conflict"
    assert ann.refused("POST", CHATS, json=body | {"windowUrlId": picture}) == "conflict"
    assert ann.refused("POST", CHATS, json=body | {"urlId": thread}) == "conflict"


@pytest.mark.parametrize("name", ["plan%20 b?c=d&e#f/../g", "ünï 漢字 😀", "~short", "a+b", "x" * 2048])
def test_any_text_names_a_picture(ann: Visitor, name: str) -> None:
    url_id = fresh(name)[-2048:]
    ann.pin(url_id, windowUrlId=fresh(name)[-2048:], comment={"comment": "here"})
    [conversation] = ann.snapshot(url_id)["conversations"]
    assert ann.thread(conversation["urlId"])["commentCount"] == 1
