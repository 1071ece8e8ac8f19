"""Votes and emoji on comments, over REST."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from imagechat.model.events import decode_event
from imagechat.model.opinions import EMOJI
from imagechat.model.room_state import OwnOpinion, RoomState, fold, open_thread, thread_loaded
from imagechat.model.tenant import DEFAULTS, Approval, Who
from imagechat.model.wire import Comment
from imagechat.store import tables
from making import ADMIN, BEN
from moderating import BANS, approve, ban, beside, held, lock, mass_delete, set_tenant, undo
from shapes import check
from visiting import COMMENTS, Visiting, Visitor, fresh


@pytest.fixture
def made(ann: Visitor, picture: str) -> dict[str, Any]:
    """Ann's marker with a comment."""
    return ann.pin(picture, comment={"comment": "what do you think?"})


@pytest.fixture
def comment_id(made: dict[str, Any]) -> str:
    return str(made["comment"]["_id"])


@pytest.fixture
def thread(made: dict[str, Any]) -> str:
    return str(made["conversation"]["urlId"])


@pytest.fixture
def other_settings(visiting: Visiting, ben: Visitor) -> Iterator[None]:
    """Sets back what the test has set."""
    yield
    set_tenant(visiting.node, ben, DEFAULTS)


def listed(who: Visitor, thread: str) -> dict[str, Any]:
    """Return what a list says of opinions of its first comment."""
    names = ("votes", "votesUp", "votesDown", "reactions", "myVoteId", "isVotedUp", "isVotedDown", "myReactions")
    comment = who.thread(thread)["comments"][0]
    return {name: comment[name] for name in names if name in comment}


def events(who: Visitor, room: str) -> list[dict[str, Any]]:
    return [json.loads(entry["data"]) for entry in who.log(room)["events"]]


def rows_of(visiting: Visiting, comment_id: str) -> list[tuple[int, bool]]:
    """Return the opinions that are kept of a comment: the vote, and whether the comment is gone."""
    opinions = tables.opinions.c
    query = select(opinions.direction, opinions.gone_at).where(opinions.comment_id == comment_id)
    found = beside(visiting.node, lambda connection: connection.execute(query).all())
    return sorted((row.direction, row.gone_at is not None) for row in found)


def test_a_vote_is_answered_in_the_public_apis_shape_and_listed_for_everybody(
    ann: Visitor, ben: Visitor, comment_id: str, thread: str
) -> None:
    body = {"voteDir": "up", "commenterEmail": None, "commenterName": None, "url": "https://example.org/"}
    params = {"urlId": thread, "broadcastId": fresh("b")}
    answer = ben.call("POST", f"{COMMENTS}/{comment_id}/vote", params=params, json=body)
    check("VoteResponse", {name: answer[name] for name in ("status", "voteId", "isVerified")})
    assert answer["user"]["sessionId"] == ben.session
    assert (answer["votes"], answer["votesUp"], answer["votesDown"]) == (1, 1, 0)
    counts = {"votes": 1, "votesUp": 1, "votesDown": 0}
    assert listed(ann, thread) == counts
    assert listed(ben, thread) == counts | {"myVoteId": answer["voteId"], "isVotedUp": True}
    check("GetCommentsResponseWithPresence_PublicComment_", ben.thread(thread))
    check("GetCommentsResponseWithPresence_PublicComment_", ben.thread(thread, asTree="true"))


def test_a_vote_is_in_both_rooms_logs_in_the_public_apis_shape(
    ann: Visitor, ben: Visitor, picture: str, comment_id: str, thread: str
) -> None:
    answer = ben.vote(comment_id, "down", broadcastId=(broadcast_id := fresh("b")))
    ben.unvote(comment_id, answer["voteId"])
    for room, seq in ((picture, answer["pictureSeq"]), (thread, answer["seq"])):
        cast, withdrawn = events(ann, room)[-2:]
        assert (cast["type"], cast["seq"], cast["broadcastId"]) == ("new-vote", seq, broadcast_id)
        assert (withdrawn["type"], withdrawn["votesUp"], withdrawn["votesDown"]) == ("deleted-vote", 0, 0)
        for event in (cast, withdrawn):
            check("PubSubVote", event["vote"])
            assert (event["vote"]["direction"], event["vote"]["userId"]) == (-1, ben.id)
            assert len(json.dumps(event).encode()) < 1024


def test_IDEM1_a_vote_counts_once_however_often_it_is_sent(ann: Visitor, comment_id: str, thread: str) -> None:
    broadcast_id = fresh("b")
    answers = [ann.vote(comment_id, broadcastId=broadcast_id) for _ in range(3)]
    assert answers[0]["seq"] == answers[2]["seq"]
    ann.vote(comment_id)
    assert listed(ann, thread)["votesUp"] == 1
    used = {"params": {"broadcastId": broadcast_id}}
    path = f"{COMMENTS}/{comment_id}"
    assert ann.refused("POST", f"{path}/vote", **used, json={"voteDir": "down"}) == "conflict"
    assert ann.refused("POST", f"{path}/reactions", **used, json={"emoji": "👍"}) == "conflict"
    assert ann.refused("DELETE", path, **used) == "conflict"
    answer = ann.vote(comment_id, "down")
    assert (answer["votes"], answer["votesUp"], answer["votesDown"]) == (-1, 0, 1)
    assert answer["voteId"] == answers[0]["voteId"]
    assert ann.vote(comment_id, broadcastId=broadcast_id) == answers[0]
    assert listed(ann, thread)["votes"] == -1


def test_a_vote_is_taken_back_by_whoever_cast_it(ann: Visitor, ben: Visitor, comment_id: str, thread: str) -> None:
    vote_id = ann.vote(comment_id)["voteId"]
    path, once = f"{COMMENTS}/{comment_id}/vote", {"params": {"broadcastId": fresh("b")}}
    assert ben.refused("DELETE", f"{path}/{vote_id}", **once) == "not-found"
    assert ann.refused("DELETE", f"{path}/none", **once) == "not-found"
    answer = ann.unvote(comment_id, vote_id)
    assert (answer["votes"], answer["wasPendingVote"]) == (0, False)
    assert ann.refused("DELETE", f"{path}/{vote_id}", params={"broadcastId": fresh("b")}) == "not-found"
    assert listed(ann, thread) == {}


def test_each_emoji_is_counted_and_ones_own_are_told(
    ann: Visitor, ben: Visitor, comment_id: str, thread: str, visiting: Visiting
) -> None:
    for emoji in EMOJI:
        assert ann.react(comment_id, emoji)["count"] == 1
    answer = ben.react(comment_id, "❤️")
    assert (answer["emoji"], answer["count"]) == ("❤️", 2)
    assert ben.react(comment_id, "❤️")["count"] == 2
    assert listed(ben, thread) == {"reactions": dict.fromkeys(EMOJI, 1) | {"❤️": 2}, "myReactions": ["❤️"]}
    assert listed(visiting.somebody(), thread).keys() == {"reactions"}
    assert ann.unreact(comment_id, "❤️")["count"] == 1
    for emoji in EMOJI:
        if emoji != "❤️":
            ann.unreact(comment_id, emoji)
    assert listed(ann, thread) == {"reactions": {"❤️": 1}}
    assert rows_of(visiting, comment_id) == [(0, False)]  # of Ann nothing is kept


@pytest.mark.parametrize("emoji", ["🍕", "", "👍👍", "❤", "up", None, 1, ["👍"]])
def test_other_emoji_are_refused(ann: Visitor, comment_id: str, emoji: object) -> None:
    params = {"broadcastId": fresh("b")}
    body = {"emoji": emoji}
    assert ann.refused("POST", f"{COMMENTS}/{comment_id}/reactions", params=params, json=body) == "invalid-body"


@pytest.mark.parametrize("body", [{}, {"voteDir": "sideways"}, {"voteDir": None}, {"voteDir": 1}, {"direction": "up"}])
def test_other_votes_are_refused(ann: Visitor, comment_id: str, body: object) -> None:
    params = {"broadcastId": fresh("b")}
    assert ann.refused("POST", f"{COMMENTS}/{comment_id}/vote", params=params, json=body) == "invalid-body"


def seen_in(who: Visitor, thread: str) -> RoomState:
    """Return what somebody knows of a thread from its list."""
    found = who.thread(thread)
    comments = msgspec.convert(found["comments"], tuple[Comment, ...])
    own = {
        each["_id"]: OwnOpinion(
            bool(each.get("isVotedUp")) - bool(each.get("isVotedDown")), frozenset(each.get("myReactions", ()))
        )
        for each in found["comments"]
        if "myVoteId" in each or "myReactions" in each
    }
    begun = open_thread(RoomState(found["epoch"], found["pictureSeq"], viewer=who.id), thread)
    return thread_loaded(begun, thread, comments, found["pictureSeq"], own)


def test_SNAP1_a_list_and_what_came_later_are_a_fresh_list(
    ann: Visitor, ben: Visitor, picture: str, comment_id: str, thread: str
) -> None:
    vote_id = ann.vote(comment_id)["voteId"]
    ben.react(comment_id, "👀")
    states = {who: seen_in(who, thread) for who in (ann, ben)}
    ben.vote(comment_id, "down")
    ben.vote(comment_id, "up")
    ann.unvote(comment_id, vote_id)
    for emoji in ("👍", "🎉"):
        ann.react(comment_id, emoji)
        ben.react(comment_id, emoji)
    ann.unreact(comment_id, "🎉")
    ben.unreact(comment_id, "👀")
    ann.edit(comment_id, "other words")
    ann.vote(ann.write(thread)["comment"]["_id"], "down")
    for who, state in states.items():
        for entry in who.log(picture, sinceSeq=state.seq)["events"]:
            state = fold(state, decode_event(entry["data"]))  # noqa: PLW2901 -- each follows from the one before
        assert state == seen_in(who, thread)
    assert listed(ann, thread)["reactions"] == {"👍": 2, "🎉": 1}


def test_a_deleted_comment_takes_no_opinions_and_what_was_thought_of_it_goes_along(
    visiting: Visiting, ann: Visitor, ben: Visitor, comment_id: str, thread: str
) -> None:
    ben.vote(comment_id)
    ann.write(thread, parentId=comment_id)  # so that an empty place stays
    ann.remove(comment_id)
    assert listed(ben, thread) == {}
    assert rows_of(visiting, comment_id) == [(1, True)]
    params = {"broadcastId": fresh("b")}
    for path, body in (("vote", {"voteDir": "up"}), ("reactions", {"emoji": "👍"})):
        assert ben.refused("POST", f"{COMMENTS}/{comment_id}/{path}", params=params, json=body) == "not-found"


def test_an_undo_of_ones_own_brings_votes_and_emoji_back(
    ann: Visitor, ben: Visitor, comment_id: str, thread: str
) -> None:
    ben.vote(comment_id)
    ann.react(comment_id, "🎉")
    before = [listed(who, thread) for who in (ann, ben)]
    ann.remove(comment_id)
    back = ann.call("POST", f"{COMMENTS}/{comment_id}/restore", params={"broadcastId": fresh("b")})["comment"]
    assert (back["votesUp"], back["reactions"]) == (1, {"🎉": 1})
    assert [listed(who, thread) for who in (ann, ben)] == before


def test_a_mass_deletion_takes_opinions_along_and_brings_them_back(
    visiting: Visiting, ann: Visitor, ben: Visitor, moderator: Visitor, comment_id: str, thread: str
) -> None:
    ben.vote(comment_id)
    ben.react(comment_id)
    said = ann.write(thread)["comment"]["_id"]
    ben.vote(said, "down")
    before = ben.thread(thread)["comments"]
    deletion = mass_delete(moderator, ids=[comment_id, said])
    assert ben.thread(thread)["comments"] == []
    assert rows_of(visiting, said) == [(-1, True)]
    undo(moderator, deletion["undoId"])
    assert ben.thread(thread)["comments"] == before
    assert rows_of(visiting, said) == [(-1, False)]


def test_a_locked_picture_and_a_ban_stop_votes(
    ann: Visitor, ben: Visitor, moderator: Visitor, picture: str, comment_id: str
) -> None:
    vote_id = ben.vote(comment_id)["voteId"]
    path, once = f"{COMMENTS}/{comment_id}", {"params": {"broadcastId": fresh("b")}}
    lock(moderator, picture)
    assert ann.refused("POST", f"{path}/vote", **once, json={"voteDir": "up"}) == "read-only"
    assert ben.refused("DELETE", f"{path}/vote/{vote_id}", **once) == "read-only"
    lock(moderator, picture, readOnly=False)
    [made] = [each for each in ban(moderator, userId=ben.id) if each]
    assert ben.refused("POST", f"{path}/reactions", **once, json={"emoji": "👍"}) == "banned"
    moderator.call("DELETE", f"{BANS}/{made['_id']}")


@pytest.mark.usefixtures("other_settings")
def test_whoever_may_not_comment_may_not_vote_and_what_is_held_takes_no_votes(
    visiting: Visiting, ann: Visitor, moderator: Visitor, comment_id: str, thread: str
) -> None:
    once = {"params": {"broadcastId": fresh("b")}, "json": {"voteDir": "up"}}
    set_tenant(visiting.node, ann, msgspec.structs.replace(DEFAULTS, comment=Who.MEMBERS))
    assert ann.refused("POST", f"{COMMENTS}/{comment_id}/vote", **once) == "forbidden"
    set_tenant(visiting.node, ann, msgspec.structs.replace(DEFAULTS, approval=Approval.VISITORS))
    waits = ann.write(thread, fresh("held"))["comment"]["_id"]
    assert ann.refused("POST", f"{COMMENTS}/{waits}/vote", **once) == "not-found"
    [found] = [each for each in held(moderator) if each["comment"]["_id"] == waits]
    approve(moderator, found["_id"])
    assert ann.vote(waits)["votes"] == 1


def test_an_anonymous_visitor_who_votes_first_gets_a_session(visiting: Visiting, comment_id: str, thread: str) -> None:
    somebody = visiting.somebody()
    assert somebody.session is None
    somebody.vote(comment_id)
    assert listed(somebody, thread)["isVotedUp"] is True


def test_people_vote_by_who_they_are_on_whichever_device(visiting: Visiting, comment_id: str, thread: str) -> None:
    devices = [visiting.signed_in(msgspec.structs.replace(BEN, session_id=fresh("s"))) for _ in range(2)]
    for device in devices:
        device.vote(comment_id)
    assert listed(devices[0], thread)["votes"] == 1
    visiting.signed_in(ADMIN).vote(comment_id)
    assert listed(devices[1], thread) == {
        "votes": 2,
        "votesUp": 2,
        "votesDown": 0,
        "isVotedUp": True,
        "myVoteId": devices[1].vote(comment_id)["voteId"],
    }
