"""AUTH1: where only admins begin pictures, one that is private and one that is not there are the same to those outside.

Compared are the answer, word for word, its headers, and how many questions the database is asked: what takes the same
steps takes the same time.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import Engine, event

from imagechat.model.principal import Principal, Role
from imagechat.model.tenant import TenantSettings, Who
from imagechat.settings import Settings
from imagechat.store.tenants import create_tenant
from imagechat.wiring import Parts, build, milliseconds
from making import TENANT, person
from visiting import CHATS, COMMENTS, fresh

OUTSIDERS = {
    "anonymous": person("ann"),
    "member": person("mia", role=Role.MEMBER, groups=("blue",)),
    "member-of-no-group": person("noa", role=Role.MEMBER, groups=()),
    "moderator-outside": person("mo", role=Role.MODERATOR, groups=("blue",)),
}
ADMIN = person("boss", role=Role.ADMIN)
NAMES = ("picture", "thread", "marker", "comment")

Things = dict[str, str]
Call = Callable[[Things, str], tuple[str, str, dict[str, Any]]]

CALLS: dict[str, Call] = {
    "snapshot": lambda at, _: ("GET", CHATS, {"params": {"urlId": at["picture"]}}),
    "snapshot-of-a-thread": lambda at, _: ("GET", CHATS, {"params": {"urlId": at["thread"]}}),
    "list-a-thread": lambda at, _: ("GET", COMMENTS, {"params": {"urlId": at["thread"]}}),
    "list-a-picture": lambda at, _: ("GET", COMMENTS, {"params": {"urlId": at["picture"]}}),
    "read-a-comment": lambda at, _: ("GET", f"{COMMENTS}/{at['comment']}/text", {}),
    "event-log": lambda at, ticket: ("GET", f"/event-log/{TENANT}", {"params": log(at["picture"], ticket)}),
    "event-log-of-a-thread": lambda at, ticket: ("GET", f"/event-log/{TENANT}", {"params": log(at["thread"], ticket)}),
    "event-log-since": lambda at, ticket: (
        "GET",
        f"/event-log/{TENANT}",
        {"params": log(at["picture"], ticket) | {"sinceSeq": 0}},
    ),
    "presence": lambda at, _: ("GET", f"/pages/{TENANT}/users/online", {"params": {"urlId": at["picture"]}}),
    "presence-in-a-thread": lambda at, _: ("GET", f"/pages/{TENANT}/users/online", {"params": {"urlId": at["thread"]}}),
    "whom-to-mention": lambda at, _: (
        "GET",
        f"/pages/{TENANT}/users/mentionable",
        {"params": {"urlId": at["picture"], "search": "a"}},
    ),
    "create-a-marker": lambda at, _: ("POST", CHATS, {"json": marker(at["picture"])}),
    "create-a-marker-out-of-place": lambda at, _: ("POST", CHATS, {"json": marker(at["picture"]) | {"x": 101}}),
    "create-a-marker-in-a-thread": lambda at, _: ("POST", CHATS, {"json": marker(at["thread"])}),
    "adopt": lambda at, _: (
        "POST",
        CHATS,
        {"json": marker(at["picture"]) | {"windowUrlId": at["thread"], "createdFromCommentId": at["comment"]}},
    ),
    "comment": lambda at, _: ("POST", COMMENTS, say(at["thread"])),
    "comment-on-a-picture": lambda at, _: ("POST", COMMENTS, say(at["picture"])),
    "reply": lambda at, _: ("POST", COMMENTS, say(at["thread"], parentId=at["comment"])),
    "edit": lambda at, _: ("POST", f"{COMMENTS}/{at['comment']}/update-text", once() | {"json": {"comment": "mine"}}),
    "vote": lambda at, _: ("POST", f"{COMMENTS}/{at['comment']}/vote", once() | {"json": {"voteDir": "up"}}),
    "react": lambda at, _: ("POST", f"{COMMENTS}/{at['comment']}/reactions", once() | {"json": {"emoji": "👍"}}),
    "take-back": lambda at, _: ("DELETE", f"{COMMENTS}/{at['comment']}/reactions/{quote('👍')}", once()),
    "delete": lambda at, _: ("DELETE", f"{COMMENTS}/{at['comment']}", once()),
    "move": lambda at, _: ("PATCH", f"{CHATS}/{at['marker']}", {"json": {"broadcastId": fresh("b"), "x": 1}}),
    "move-nowhere": lambda at, _: ("PATCH", f"{CHATS}/{at['marker']}", {"json": {"broadcastId": fresh("b"), "x": -1}}),
    "change-nothing": lambda at, _: ("PATCH", f"{CHATS}/{at['marker']}", {"json": {"broadcastId": fresh("b")}}),
    "unpin": lambda at, _: ("DELETE", f"{CHATS}/{at['marker']}", {"json": {"broadcastId": fresh("b")}}),
    "keep-what-was-read": lambda at, _: (
        "POST",
        f"{CHATS}/read",
        {"json": {"urlId": at["picture"], "readUpTo": {"threads": {at["thread"]: "2026-01-05T10:00:00.000Z"}}}},
    ),
    "bring-back": lambda at, _: ("POST", f"{COMMENTS}/{at['comment']}/restore", once()),
    "pin-again": lambda at, _: ("POST", f"{CHATS}/{at['marker']}/restore", {"json": {"broadcastId": fresh("b")}}),
    "lock": lambda at, _: ("PATCH", f"/pictures/{TENANT}", change(at["picture"], readOnly=True)),
    "lock-a-thread": lambda at, _: ("PATCH", f"/pictures/{TENANT}", change(at["thread"], readOnly=True)),
    "mass-delete": lambda at, _: (
        "POST",
        f"/moderation/{TENANT}/mass-deletions",
        {"json": {"broadcastId": fresh("b"), "urlId": at["picture"]}},
    ),
    "ban-the-author": lambda at, _: ("POST", f"/moderation/{TENANT}/bans", {"json": {"authorOf": at["comment"]}}),
}
BY_ID = {
    "read-a-comment",
    "edit",
    "vote",
    "react",
    "take-back",
    "delete",
    "move",
    "move-nowhere",
    "change-nothing",
    "unpin",
    "bring-back",
    "pin-again",
    "ban-the-author",
    "reply",
}
"""Things that are named by an id that nobody guesses: what is known of it has to be looked at first."""


def once() -> dict[str, Any]:
    return {"params": {"broadcastId": fresh("b")}}


def log(room: str, ticket: str) -> dict[str, Any]:
    return {"urlId": room, "userIdWS": ticket, "startTime": 0}


def marker(picture: str) -> dict[str, Any]:
    return {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1}


def say(thread: str, **more: Any) -> dict[str, Any]:
    body = {"comment": "hello", "commenterName": "Ann", "url": "", "urlId": thread}
    return {"params": {"urlId": thread, "broadcastId": fresh("b")}, "json": body | more}


def change(picture: str, **changes: Any) -> dict[str, Any]:
    return {"params": {"urlId": picture}, "json": {"broadcastId": fresh("b")} | changes}


class Inside:
    """A node in this process, so that what it asks its database can be counted."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        entrance: Any = parts.entrance
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(entrance), base_url="http://node.test")

    async def ask(self, who: Principal, call: Call, at: Things) -> tuple[httpx.Response, int]:
        """Return the answer, and how many statements it took."""
        ticket = self.parts.services.ticket(who)
        method, path, more = call(at, ticket)
        headers = {"Authorization": f"Bearer {self.parts.services.tokens.session(who)}"}
        with statements() as found:
            answer = await self.client.request(method, path, headers=headers, **more)
        return answer, len(found)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gather what is sent to any database."""
    found: list[str] = []

    def sent(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", sent)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", sent)


@pytest.fixture
async def inside(tmp_path: Path) -> AsyncIterator[Inside]:
    parts = build(Settings(data=str(tmp_path), limits="off"))
    settings = TenantSettings(pictures=Who.ADMINS)
    await parts.services.database.write(
        lambda connection: create_tenant(connection, TENANT, "Demo", milliseconds(), settings)
    )
    found = Inside(parts)
    yield found
    await found.client.aclose()
    for close in parts.app.on_shutdown:
        await close()  # type: ignore[call-arg]  # ours takes nothing


async def begin(inside: Inside, groups: list[str]) -> Things:
    """Make a picture with a marker and a comment, and give it to groups."""
    picture = fresh("picture")
    body = {"json": marker(picture) | {"comment": {"comment": "hidden"}}}
    made = (await inside.ask(ADMIN, lambda *_: ("POST", CHATS, body), {}))[0].json()
    shared = change(picture, groupIds=groups)
    answer, _ = await inside.ask(ADMIN, lambda *_: ("PATCH", f"/pictures/{TENANT}", shared), {})
    assert answer.status_code == 200, answer.text
    return {
        "picture": picture,
        "thread": made["conversation"]["urlId"],
        "marker": made["createdChatId"],
        "comment": made["comment"]["_id"],
    }


@pytest.mark.parametrize("groups", [["red"], []], ids=["of-a-group", "of-admins"])
async def test_AUTH1_what_is_private_and_what_is_not_there_are_alike(inside: Inside, groups: list[str]) -> None:
    private = await begin(inside, groups)
    absent = {name: private[name][:-1] + ("0" if private[name][-1] != "0" else "1") for name in NAMES}
    different = {}
    for kind, who in OUTSIDERS.items():
        for name, call in CALLS.items():
            await inside.ask(who, call, {each: fresh(each) for each in NAMES})  # what is remembered of the caller is
            (one, asked), (other, asked_too) = [await inside.ask(who, call, at) for at in (private, absent)]
            assert one.is_error, (kind, name)
            same = (one.status_code, one.content, one.headers) == (other.status_code, other.content, other.headers)
            if not same or (asked != asked_too and name not in BY_ID):
                different[kind, name] = (one.text, asked, other.text, asked_too)
            assert "hidden" not in one.text
    assert different == {}


async def test_AUTH1_whoever_belongs_there_is_not_refused_by_what_hides_it(inside: Inside) -> None:
    private = await begin(inside, ["red"])
    member = person("rob", role=Role.MEMBER, groups=("red",))
    for name in ("snapshot", "list-a-thread", "read-a-comment", "event-log", "presence", "comment", "reply"):
        answer, _ = await inside.ask(member, CALLS[name], private)
        assert answer.status_code == 200, (name, answer.text)
