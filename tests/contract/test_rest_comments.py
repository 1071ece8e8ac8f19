"""Comments over REST, against a real node."""

from typing import Any

import pytest

from visiting import COMMENTS, Visitor, fresh


@pytest.fixture
def thread() -> str:
    """A thread of the test's own, without a marker."""
    return fresh("w")


def ids(answer: dict[str, Any]) -> list[str]:
    return [comment["_id"] for comment in answer["comments"]]


def test_a_thread_that_nobody_wrote_in_is_an_empty_list(ann: Visitor, thread: str) -> None:
    listed = ann.thread(thread)
    assert (listed["comments"], listed["commentCount"], listed["hasMore"], listed["seq"]) == ([], 0, False, 0)
    assert listed["pictureSeq"] is None


def test_a_comment_is_answered_whole_and_is_in_the_list(ann: Visitor, thread: str) -> None:
    made = ann.write(thread, "_hi_ <b>", commenterName=" Ann\u200b ")
    comment = made["comment"]
    assert (comment["comment"], comment["commentHTML"]) == ("_hi_ <b>", "<p><em>hi</em> &lt;b&gt;</p>")
    assert (comment["commenterName"], comment["userId"], comment["url"]) == ("Ann", ann.id, "https://example.org/")
    assert (comment["urlId"], comment["tenantId"]) == (thread, "demo")
    listed = ann.thread(thread)
    assert (listed["comments"], listed["seq"], listed["commentCount"]) == ([comment], made["seq"], 1)


def test_a_comment_in_a_markers_thread_counts_on_the_marker(ann: Visitor, ben: Visitor, picture: str) -> None:
    made = ann.pin(picture)
    written = ben.write(made["conversation"]["urlId"])
    snapshot = ann.snapshot(picture)
    assert snapshot["conversations"][0]["commentCount"] == 1
    assert snapshot["conversations"][0]["lastCommentAt"] == written["comment"]["date"]
    assert written["pictureSeq"] == snapshot["seq"] == 2
    assert ann.thread(made["conversation"]["urlId"])["pictureSeq"] == 2


def test_a_list_is_taken_page_by_page(ann: Visitor, thread: str) -> None:
    made = [ann.write(thread, str(number))["comment"]["_id"] for number in range(5)]
    assert ids(ann.thread(thread)) == made
    assert ids(ann.thread(thread, direction="NF")) == made[::-1]
    first, last = ann.thread(thread, limit=3), ann.thread(thread, limit=3, page=1)
    assert (ids(first), first["hasMore"], first["pageNumber"]) == (made[:3], True, 0)
    assert (ids(last), last["hasMore"], last["pageNumber"]) == (made[3:], False, 1)
    assert ids(ann.thread(thread, skip=4)) == made[4:]
    assert ids(ann.thread(thread, afterCommentId=made[1])) == made[2:]
    assert ids(ann.thread(thread, beforeCommentId=made[1])) == made[:1]
    assert ids(ann.thread(thread, page=1000, limit=200)) == []


def test_a_page_is_200_comments_at_most(ann: Visitor, thread: str) -> None:
    for number in range(201):
        ann.write(thread, str(number))
    assert [len(ann.thread(thread, **limit)["comments"]) for limit in ({}, {"limit": 200}, {"limit": 1000})] == [
        100,
        200,
        200,
    ]


def test_replies_are_flat_or_a_tree(ann: Visitor, ben: Visitor, thread: str) -> None:
    root = ann.write(thread)["comment"]["_id"]
    reply = ben.write(thread, parentId=root)["comment"]["_id"]
    deeper = ann.write(thread, parentId=reply)["comment"]["_id"]
    assert ids(ann.thread(thread)) == [root, reply, deeper]
    assert ids(ann.thread(thread, parentId=root)) == [reply]
    [tree] = ann.thread(thread, asTree="true")["comments"]
    assert (tree["_id"], tree["children"][0]["_id"]) == (root, reply)
    assert (tree["children"][0]["children"][0]["_id"], tree["hasChildren"]) == (deeper, True)
    [tree] = ann.thread(thread, asTree="true", maxTreeDepth=1)["comments"]
    assert (tree["children"][0]["children"], tree["children"][0]["hasChildren"]) == ([], True)


def test_a_comment_is_edited_and_its_text_read_as_typed(ann: Visitor, ben: Visitor, thread: str) -> None:
    comment_id = ann.write(thread)["comment"]["_id"]
    edited = ann.edit(comment_id, "**later**")
    assert edited["comment"] == {"approved": True, "commentHTML": "<p><strong>later</strong></p>"}
    text = ben.call("GET", f"{COMMENTS}/{comment_id}/text")
    assert (text["commentText"], text["sanitizedCommentText"]) == ("**later**", "<p><strong>later</strong></p>")
    [comment] = ann.thread(thread)["comments"]
    assert (comment["comment"], comment["editedAt"] > comment["date"]) == ("**later**", True)


def test_a_deleted_comment_is_gone_and_one_with_replies_is_an_empty_place(ann: Visitor, thread: str) -> None:
    root = ann.write(thread, "secret")["comment"]["_id"]
    reply = ann.write(thread, parentId=root)["comment"]["_id"]
    emptied = ann.remove(root)
    assert not emptied["hardRemoved"]
    assert emptied["comment"] == {"isDeleted": True, "commentHTML": "", "commenterName": "Ann"}
    listed = ann.thread(thread)
    assert [(each["_id"], each.get("isDeleted"), each["comment"]) for each in listed["comments"]] == [
        (root, True, ""),
        (reply, None, "hello"),
    ]
    assert listed["commentCount"] == 1
    assert ann.remove(reply)["hardRemoved"]
    assert ids(ann.thread(thread)) == [root]
    assert ann.refused("GET", f"{COMMENTS}/{root}/text") == "not-found"


def test_others_do_not_edit_or_delete_and_a_moderator_deletes_only(
    ann: Visitor, ben: Visitor, moderator: Visitor, thread: str
) -> None:
    comment_id = ann.write(thread)["comment"]["_id"]
    edit, params = f"{COMMENTS}/{comment_id}/update-text", {"broadcastId": fresh("b")}
    assert ben.refused("POST", edit, params=params, json={"comment": "mine"}) == "forbidden"
    assert moderator.refused("POST", edit, params=params, json={"comment": "mine"}) == "forbidden"
    assert ben.refused("DELETE", f"{COMMENTS}/{comment_id}", params=params) == "forbidden"
    moderator.remove(comment_id)
    assert ids(ann.thread(thread)) == []


def test_a_moderators_comment_says_so(moderator: Visitor, thread: str) -> None:
    assert moderator.write(thread)["comment"]["isByModerator"] is True
    assert moderator.thread(thread)["isSiteAdmin"] is True


def test_IDEM1_the_same_request_again_has_the_same_answer(ann: Visitor, thread: str) -> None:
    ann.thread(thread)
    once = {"urlId": thread, "broadcastId": fresh("b")}
    body = {"comment": "once", "commenterName": "Ann", "url": "u", "urlId": thread}
    first = ann.call("POST", COMMENTS, params=once, json=body)
    again = ann.call("POST", COMMENTS, params=once, json=body)
    for answer in (first, again):
        assert answer.pop("userIdWS")  # a ticket is made for each answer
    assert again == first
    path, params = f"{COMMENTS}/{first['comment']['_id']}", {"broadcastId": fresh("b")}
    edit = [ann.call("POST", f"{path}/update-text", params=params, json={"comment": "new"}) for _ in range(2)]
    assert edit[0] == edit[1]
    params = {"broadcastId": fresh("b")}
    removed = [ann.call("DELETE", path, params=params) for _ in range(2)]
    assert removed[0] == removed[1]
    assert ann.thread(thread)["seq"] == 3


def test_replies_go_ten_deep(ann: Visitor, thread: str) -> None:
    parent = ann.write(thread)["comment"]["_id"]
    for _ in range(10):
        parent = ann.write(thread, parentId=parent)["comment"]["_id"]
    body = {"comment": "deeper", "commenterName": "Ann", "url": "", "urlId": thread, "parentId": parent}
    params = {"urlId": thread, "broadcastId": fresh("b")}
    assert ann.refused("POST", COMMENTS, params=params, json=body) == "invalid-body"
    nested = ann.thread(thread, asTree="true")["comments"]
    depth = 0
    while nested:
        nested, depth = nested[0]["children"], depth + 1
    assert depth == 11
