"""Who comes in while nothing can be saved: everybody of whom there is nothing new to keep."""

from collections.abc import Iterator

import httpx
import pytest

from filling import give_room
from imagechat.wiring import milliseconds
from making import MODERATOR
from moderating import BANS, PICTURES
from operating import Operator
from running import TRUSTED, RunningNode
from visiting import CHATS, COMMENTS, Visiting, Visitor, fresh

MINUTES_MS = 600_000


@pytest.fixture
def visiting(node: RunningNode) -> Iterator[Visiting]:
    with httpx.Client(base_url=node.url, timeout=30, verify=TRUSTED) as client:
        yield Visiting(node, client)


def test_AUTH1_who_was_here_comes_in_and_who_has_other_rights_now_waits(visiting: Visiting, node: RunningNode) -> None:
    server = Operator(node).rotate()
    before = server.sso("ann", at=milliseconds() - MINUTES_MS)
    visiting.somebody().call("GET", CHATS, params={"urlId": "p", "sso": before})
    give_room(node, 1)

    def enter(sso: str) -> Visitor:
        who = visiting.somebody()
        who.call("GET", CHATS, params={"urlId": "p", "sso": sso})
        return who

    ann = enter(server.sso("ann"))
    assert ann.id == "ann"
    visiting.somebody().snapshot("p")
    for sso in (server.sso("ann", isAdmin=True), server.sso("new")):
        assert visiting.somebody().refused("GET", CHATS, params={"urlId": "p", "sso": sso}) == "storage-full"
    give_room(node)
    enter(server.sso("new"))
    assert ann.pin("p")["seq"] == 1


def test_everything_that_writes_is_refused_alike(visiting: Visiting, node: RunningNode) -> None:
    moderator = visiting.signed_in(MODERATOR)
    made = moderator.pin("p")
    chat, thread = made["createdChatId"], made["conversation"]["urlId"]
    said = moderator.write(thread)["comment"]["_id"]
    give_room(node, 1)
    cause = fresh("b")
    calls = [
        ("POST", CHATS, {"json": {"urlId": "p", "broadcastId": cause, "x": 1, "y": 1}}),
        ("PATCH", f"{CHATS}/{chat}", {"json": {"broadcastId": cause, "x": 2}}),
        ("DELETE", f"{CHATS}/{chat}", {"json": {"broadcastId": cause}}),
        ("POST", COMMENTS, {"params": {"urlId": thread, "broadcastId": cause}, "json": {"comment": "hi", "url": ""}}),
        ("DELETE", f"{COMMENTS}/{said}", {"params": {"broadcastId": cause}}),
        ("PATCH", PICTURES, {"params": {"urlId": "p"}, "json": {"broadcastId": cause, "readOnly": True}}),
        ("POST", BANS, {"json": {"broadcastId": cause, "userId": "somebody"}}),
    ]
    for method, path, more in calls:
        answer = moderator.send(method, path, **more)  # type: ignore[arg-type]  # httpx takes these
        assert (answer.status_code, answer.json()["code"]) == (507, "storage-full"), (method, path)
    snapshot = moderator.snapshot("p")
    assert [each["commentCount"] for each in snapshot["conversations"]] == [1]
    assert [each["_id"] for each in moderator.thread(thread)["comments"]] == [said]
