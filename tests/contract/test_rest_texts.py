"""Texts and numbers that a database may not be able to hold or compare: the same clear answer on each kind."""

import json
from typing import Any

import pytest

from making import ADMIN
from moderating import AUDIT, BANS, HELD, MASS, PICTURES
from running import TENANT
from visiting import CHATS, COMMENTS, Visiting, Visitor, error_in, fresh

NUL = "a\0b"
LONE = '"a\\ud800b"'
UNFIT = (json.dumps(NUL), LONE)
HUGE = 10**30
PAST_64_BITS = 2**63


def send_raw(who: Visitor, method: str, path: str, body: dict[str, Any], unfit: str, **more: Any) -> str:
    """Send a body in which "UNFIT" stands for a JSON text, and return the code of the refusal."""
    content = json.dumps(body).replace('"UNFIT"', unfit)
    headers = {"Content-Type": "application/json"}
    return error_in(who.send(method, path, content=content, headers=headers, **more))


@pytest.mark.parametrize("unfit", UNFIT, ids=["nul", "lone surrogate"])
@pytest.mark.parametrize("field", ["urlId", "broadcastId", "windowUrlId", "createdFromCommentId", "pageTitle"])
def test_a_marker_with_a_text_that_is_none_is_refused(ann: Visitor, picture: str, field: str, unfit: str) -> None:
    ann.snapshot(picture)
    body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1, "windowUrlId": fresh("w")} | {field: "UNFIT"}
    assert send_raw(ann, "POST", CHATS, body, unfit) in {"invalid-body", "not-found"}
    assert ann.snapshot(picture)["conversations"] == []


@pytest.mark.parametrize("unfit", UNFIT, ids=["nul", "lone surrogate"])
def test_a_src_that_is_no_text_is_dropped_or_refused(ann: Visitor, picture: str, unfit: str) -> None:
    ann.snapshot(picture)
    body = json.dumps({"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1, "src": "UNFIT"})
    headers = {"Content-Type": "application/json"}
    answer = ann.send("POST", CHATS, content=body.replace('"UNFIT"', unfit), headers=headers)
    assert answer.status_code in {200, 400}, answer.text
    assert [each["src"] for each in ann.snapshot(picture)["conversations"]] in ([], [""])


@pytest.mark.parametrize("unfit", UNFIT, ids=["nul", "lone surrogate"])
@pytest.mark.parametrize("field", ["comment", "commenterName", "url", "urlId", "parentId", "avatarSrc"])
def test_a_comment_with_a_text_that_is_none_does_not_keep_it(
    ann: Visitor, picture: str, field: str, unfit: str
) -> None:
    thread = fresh("thread")
    ann.snapshot(picture)
    body = {"comment": "words", "commenterName": "Ann", "url": "https://x.org", "urlId": thread} | {field: "UNFIT"}
    content = json.dumps(body).replace('"UNFIT"', unfit)
    headers, params = {"Content-Type": "application/json"}, {"urlId": thread, "broadcastId": fresh("b")}
    answer = ann.send("POST", COMMENTS, content=content, headers=headers, params=params)
    assert answer.status_code in {200, 400, 404}, answer.text
    kept = json.dumps(ann.thread(thread)["comments"])
    assert "\\u0000" not in kept
    assert "\\ud800" not in kept.replace("\\ud83d", "")


def test_texts_in_an_address_that_are_none_are_refused_or_find_nothing(ann: Visitor, picture: str) -> None:
    made = ann.pin(picture, comment={"comment": "hello"})["createdChatId"]
    for method, path, more in (
        ("PATCH", f"{CHATS}/%00", {"json": {"broadcastId": fresh("b"), "x": 1}}),
        ("PATCH", f"{CHATS}/{made}%00", {"json": {"broadcastId": fresh("b"), "x": 1}}),
        ("DELETE", f"{CHATS}/%ED%A0%80", {"json": {"broadcastId": fresh("b")}}),
        ("DELETE", f"{COMMENTS}/a%00b", {"params": {"broadcastId": fresh("b")}}),
        ("POST", f"{COMMENTS}/a%00b/update-text", {"params": {"broadcastId": fresh("b")}, "json": {"comment": "x"}}),
        ("GET", f"{COMMENTS}/a%00b", {}),
        ("GET", COMMENTS, {"params": {"urlId": NUL}}),
        ("GET", CHATS, {"params": {"urlId": NUL}}),
        ("GET", f"/comment-image-chats/{TENANT}%00", {"params": {"urlId": picture}}),
        ("DELETE", f"{COMMENTS}/x", {"params": {"broadcastId": NUL}}),
    ):
        answer = ann.send(method, path, **more)
        assert answer.status_code in {400, 404, 405}, (method, path, answer.text)
    for place in ("parentId", "afterCommentId", "beforeCommentId"):
        ann.write(thread := fresh("t"))
        assert ann.refused("GET", COMMENTS, params={"urlId": thread, place: NUL}) == "invalid-body"


def test_what_moderators_send_that_is_no_text_is_refused(moderator: Visitor, picture: str) -> None:
    moderator.snapshot(picture)
    for method, path, more in (
        ("POST", BANS, {"json": {"userId": NUL}}),
        ("POST", BANS, {"json": {"authorOf": NUL}}),
        ("POST", BANS, {"json": {"userId": fresh("u"), "reason": NUL}}),
        ("DELETE", f"{BANS}/a%00b", {}),
        ("POST", f"{HELD}/a%00b/approve", {"json": {"broadcastId": fresh("b")}}),
        ("POST", f"{HELD}/a%00b/reject", {"json": {"broadcastId": fresh("b")}}),
        ("POST", MASS, {"json": {"broadcastId": fresh("b"), "userId": NUL, "confirm": 0}}),
        ("POST", MASS, {"json": {"broadcastId": fresh("b"), "urlId": NUL, "confirm": 0}}),
        ("POST", MASS, {"json": {"broadcastId": NUL, "userId": fresh("u"), "confirm": 0}}),
        ("POST", f"{MASS}/a%00b/undo", {"json": {"broadcastId": fresh("b")}}),
    ):
        answer = moderator.send(method, path, **more)
        assert answer.status_code in {400, 404}, (method, path, more, answer.text)


def test_a_picture_is_not_shared_with_a_group_that_is_no_text(visiting: Visiting, picture: str) -> None:
    body = {"broadcastId": fresh("b"), "groupIds": [NUL]}
    answer = visiting.signed_in(ADMIN).send("PATCH", PICTURES, params={"urlId": picture}, json=body)
    assert answer.status_code == 400, answer.text


def test_numbers_that_no_database_holds_are_refused(ann: Visitor, moderator: Visitor, picture: str) -> None:
    entrance = ann.snapshot(picture)
    ann.pin(picture)
    log = {"urlId": picture, "userIdWS": entrance["userIdWS"]}
    for value in (PAST_64_BITS - 1, PAST_64_BITS, HUGE, -1, -PAST_64_BITS, "NaN", "1e400", 1.5):
        for name in ("skip", "limit", "page", "maxTreeDepth"):
            answer = ann.send("GET", COMMENTS, params={"urlId": picture, name: value})
            assert error_in(answer) == "invalid-body", (name, value)
        for name in ("sinceSeq", "startTime", "endTime"):
            answer = ann.send("GET", f"/event-log/{TENANT}", params=log | {"startTime": 0} | {name: value})
            assert error_in(answer) == "invalid-body", (name, value)
        assert error_in(moderator.send("GET", AUDIT, params={"before": value})) in {"invalid-body", "forbidden"}
    for name, value in {"skip": 1_000_000, "page": 1_000_000, "limit": 1_000_000}.items():
        ann.call("GET", COMMENTS, params={"urlId": fresh("t"), name: value})
        assert ann.thread(fresh("t"), **{"skip": 1_000_000, "page": 1_000_000, name: value})["comments"] == []
    for name in ("sinceSeq", "startTime"):
        assert ann.log(picture, **{name: 2**53})["events"] == []
    for hours in (1e300, 2**60, -1):
        answer = moderator.send("POST", BANS, json={"userId": fresh("u"), "hours": hours})
        assert error_in(answer) == "invalid-body", hours


def test_text_that_only_looks_like_one_is_kept(ann: Visitor, picture: str) -> None:
    told = "write \\u0000 in JSON, \\\\u0000 in a string of it, and \\\\\\u0000 if you must"
    made = ann.write(picture, told)
    assert made["comment"]["comment"] == told


@pytest.mark.parametrize("number", ["1e400", "NaN", "-Infinity", str(HUGE), "1e308"])
def test_a_place_that_is_no_number_is_refused(ann: Visitor, picture: str, number: str) -> None:
    ann.snapshot(picture)
    body = {"urlId": picture, "broadcastId": fresh("b"), "x": "UNFIT", "y": 1}
    assert send_raw(ann, "POST", CHATS, body, number) in {"invalid-body", "invalid-coordinates"}
