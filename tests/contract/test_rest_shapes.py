"""Answers have the shapes that clients of the public comment API read, and those of the golden cases."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it comes without types

from documents import REPOSITORY
from running import TENANT
from shapes import SCHEMAS, check
from visiting import CHATS, COMMENTS, Visitor, fresh

GOLDEN = {
    case["call"]: case["json"] for case in json.loads((REPOSITORY / "contract" / "wire.json").read_bytes())["answers"]
}
OPTIONAL = {
    "region",
    "parentId",
    "avatarSrc",
    "editedAt",
    "isByModerator",
    "isByAdmin",
    "isDeleted",
    "comment",
    "username",
    "groupIds",
    "approved",
    "held",
    "displayName",
    "readUpTo",
    "mentions",
    "votes",
    "votesUp",
    "votesDown",
    "reactions",
    "myVoteId",
    "isVotedUp",
    "isVotedDown",
    "myReactions",
}


def same_fields(golden: Any, value: Any, where: str = "answer") -> None:
    """Compare names and kinds of fields; what may be left out may differ."""
    if isinstance(golden, dict):
        assert isinstance(value, dict), where
        assert set(golden) ^ set(value) <= OPTIONAL, where
        for name in set(golden) & set(value):
            same_fields(golden[name], value[name], f"{where}.{name}")
    elif isinstance(golden, list):
        assert isinstance(value, list), where
        assert not golden or value, f"{where} is empty"
        for each in value:
            same_fields(golden[0], each, f"{where}[]")
    elif golden is not None and value is not None:
        kinds = (int, float) if isinstance(golden, int | float) and not isinstance(golden, bool) else type(golden)
        assert isinstance(value, kinds), where


def opinions(ann: Visitor, comment_id: str) -> dict[str, dict[str, Any]]:
    """One answer of every call on votes and emoji, in their order; a vote and an emoji stay."""
    path = "/comments/{tenantId}/{commentId}"
    voted, reacted = ann.vote(comment_id), ann.react(comment_id)
    found = {
        f"POST {path}/vote": voted,
        f"DELETE {path}/vote/{{voteId}}": ann.unvote(comment_id, voted["voteId"]),
        f"POST {path}/reactions": reacted,
        f"DELETE {path}/reactions/{{emoji}}": ann.unreact(comment_id),
    }
    ann.vote(comment_id)
    ann.react(comment_id)
    return found


@pytest.fixture
def answers(ann: Visitor, moderator: Visitor, picture: str) -> dict[str, dict[str, Any]]:
    """One answer of every call."""
    made = ann.pin(picture, comment={"comment": "first"})
    thread, chat_id = made["conversation"]["urlId"], made["createdChatId"]
    written = ann.write(thread, parentId=made["comment"]["_id"])
    comment_id = written["comment"]["_id"]
    comment = f"{COMMENTS}/{comment_id}"
    return {
        "POST /comment-image-chats/{tenantId}": made,
        "POST /comments/{tenantId}": written,
        "POST /comments/{tenantId}/{commentId}/update-text": ann.edit(comment_id, "later"),
        "GET /comments/{tenantId}/{commentId}/text": ann.call("GET", f"{comment}/text"),
        **opinions(ann, comment_id),
        "GET /comments/{tenantId}": ann.thread(thread),
        "GET /comment-image-chats/{tenantId}": ann.snapshot(picture),
        "POST /comment-image-chats/{tenantId}/read": moderator.call(
            "POST", f"{CHATS}/read", json={"urlId": picture, "readUpTo": {}}
        ),
        "GET /event-log/{tenantId}": ann.log(picture),
        "GET /pages/{tenantId}/users/mentionable": moderator.call(
            "GET", f"/pages/{TENANT}/users/mentionable", params={"urlId": picture}
        ),
        "GET /pages/{tenantId}/users/online": ann.call(
            "GET", f"/pages/{TENANT}/users/online", params={"urlId": picture}
        ),
        "DELETE /comments/{tenantId}/{commentId}": ann.remove(comment_id),
        "POST /comments/{tenantId}/{commentId}/restore": ann.call(
            "POST", f"{comment}/restore", params={"broadcastId": fresh("b")}
        ),
        "PATCH /comment-image-chats/{tenantId}/{chatId}": ann.change(chat_id, region={"w": 1, "h": 1}),
        "DELETE /comment-image-chats/{tenantId}/{chatId}": ann.unpin(chat_id),
        "POST /comment-image-chats/{tenantId}/{chatId}/restore": ann.call(
            "POST", f"{CHATS}/{chat_id}/restore", json={"broadcastId": fresh("b")}
        ),
    }


def test_the_schemas_are_schemas() -> None:
    for schema in SCHEMAS["$defs"].values():
        Draft202012Validator.check_schema(schema)
    with pytest.raises(Exception, match="is a required property"):
        check("PublicComment", {})


def test_every_answer_has_the_fields_of_its_golden_case(answers: dict[str, dict[str, Any]]) -> None:
    assert set(answers) == set(GOLDEN)
    for call, golden in GOLDEN.items():
        without_people = "users" if call == "GET /pages/{tenantId}/users/online" else ""
        same_fields(
            {name: value for name, value in golden.items() if name != without_people},
            {name: value for name, value in answers[call].items() if name != without_people},
        )


@pytest.mark.parametrize(
    ("call", "schema"),
    [
        ("GET /comments/{tenantId}", "GetCommentsResponseWithPresence_PublicComment_"),
        ("POST /comments/{tenantId}", "SaveCommentsResponseWithPresence"),
        ("POST /comments/{tenantId}/{commentId}/update-text", "PublicAPISetCommentTextResponse"),
        ("GET /comments/{tenantId}/{commentId}/text", "PublicAPIGetCommentTextResponse"),
        ("DELETE /comments/{tenantId}/{commentId}", "PublicAPIDeleteCommentResponse"),
        ("POST /comments/{tenantId}/{commentId}/vote", "VoteResponse"),
        ("GET /event-log/{tenantId}", "GetEventLogResponse"),
        ("GET /pages/{tenantId}/users/online", "PageUsersOnlineResponse"),
    ],
)
def test_an_answer_has_the_public_apis_shape(answers: dict[str, dict[str, Any]], call: str, schema: str) -> None:
    check(schema, answers[call])


def test_a_session_has_the_public_apis_shape(answers: dict[str, dict[str, Any]]) -> None:
    for call in ("GET /comment-image-chats/{tenantId}", "POST /comments/{tenantId}", "GET /comments/{tenantId}"):
        check("UserSessionInfo", answers[call]["user"])


def test_a_comment_of_an_event_has_the_public_apis_shape(answers: dict[str, dict[str, Any]]) -> None:
    events = [json.loads(entry["data"]) for entry in answers["GET /event-log/{tenantId}"]["events"]]
    votes = ["new-vote", "new-reaction", "deleted-vote", "deleted-reaction", "new-vote", "new-reaction"]
    assert [event["type"] for event in events] == ["new-image-chat", "new-comment", "updated-comment", *votes]
    for event in events[:3]:
        check("PubSubComment", event["comment"])
    for event in events:
        if "vote" in event:
            check("PubSubVote", event["vote"])


def test_a_tree_has_the_public_apis_shape(ann: Visitor) -> None:
    thread = fresh("w")
    root = ann.write(thread)["comment"]["_id"]
    ann.write(thread, parentId=root)
    check("GetCommentsResponseWithPresence_PublicComment_", ann.thread(thread, asTree="true"))


def test_an_error_outside_of_markers_has_the_public_apis_shape(ann: Visitor) -> None:
    check("APIError", ann.send("GET", COMMENTS).json())
    check("APIError", ann.send("GET", f"{COMMENTS}/none/text").json())
