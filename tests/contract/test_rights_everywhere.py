"""AUTH1: who may do what, at every entrance of a real node. The tables are written anew, not read from the code.

| letter | whoever has it here |
| --- | --- |
| v | sees, writes, and acts on what is its own |
| l | sees a picture that is locked |
| m | moderates: acts on others' things, and edits nobody's words |
| k | moderates a picture that is locked: deletes and unlocks, adds nothing |
| h | is told that there is nothing |
| e | sees that nothing is there yet, and may begin it |
| b, d, u | is banned; the tenant is switched off; must sign in |
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from imagechat.model.ids import opinion_id
from live_clients import live_url, open_live
from operating import Operator
from running import TRUSTED, RunningNode
from signing import TenantServer
from visiting import Visitor, error_in, fresh

TABLE = """
                     open locked private admins absent | there theirs begun-by-admins | members-only | off
nobody               v    l      h       h      e        v     h      h                u              d
anonymous            v    l      h       h      e        v     h      h                u              d
without-groups       v    l      v       h      e        v     v      h                v              d
of-the-group         v    l      v       h      e        v     v      h                v              d
of-another-group     v    l      h       h      e        v     h      h                v              d
of-no-group          v    l      h       h      e        v     h      h                v              d
moderator            m    k      m       h      e        m     m      h                m              d
moderator-outside    m    k      h       h      e        m     h      h                m              d
admin                m    k      m       m      e        m     m      e                m              d
banned               b    b      b       b      b        b     b      b                b              d
"""
STATES, *_ROWS = [line.replace("|", " ").split() for line in TABLE.strip().splitlines()]
LETTERS = {(row[0], state): letter for row in _ROWS for state, letter in zip(STATES, row[1:], strict=True)}
KINDS: dict[str, dict[str, Any]] = {
    "without-groups": {},
    "of-the-group": {"groupIds": ["green", "red"]},
    "of-another-group": {"groupIds": ["blue"]},
    "of-no-group": {"groupIds": []},
    "moderator": {"isModerator": True},
    "moderator-outside": {"isModerator": True, "groupIds": ["blue"]},
    "admin": {"isAdmin": True, "groupIds": []},
    "banned": {"groupIds": ["red"]},
}
TENANT_OF = dict.fromkeys(STATES, "house") | {
    "there": "strict",
    "theirs": "strict",
    "begun-by-admins": "strict",
    "members-only": "members",
    "off": "off",
}
GROUPS = {"private": ["red"], "theirs": ["red", "yellow"], "admins": []}

CODES = """
                         v         l         m         k         h         e
snapshot                 ok        ok        ok        ok        not-found ok
list-a-thread            ok        ok        ok        ok        not-found ok
read-a-comment           ok        ok        ok        ok        not-found not-found
event-log                ok        ok        ok        ok        not-found ok
event-log-of-a-thread    ok        ok        ok        ok        not-found ok
presence                 ok        ok        ok        ok        not-found ok
presence-in-a-thread     ok        ok        ok        ok        not-found ok
create-a-marker          ok        read-only ok        read-only not-found ok
comment                  ok        read-only ok        read-only not-found ok
reply                    ok        read-only ok        read-only not-found not-found
edit-ones-own            ok        read-only ok        read-only not-found not-found
edit-anothers            forbidden read-only forbidden read-only not-found not-found
move-ones-own            ok        read-only ok        read-only not-found not-found
move-anothers            forbidden read-only ok        read-only not-found not-found
resolve-ones-own         ok        read-only ok        read-only not-found not-found
resolve-anothers         forbidden read-only ok        read-only not-found not-found
vote                     ok        read-only ok        read-only not-found not-found
react                    ok        read-only ok        read-only not-found not-found
take-back-ones-own       ok        read-only ok        not-found not-found not-found
delete-ones-own          ok        read-only ok        ok        not-found not-found
delete-anothers          forbidden read-only ok        ok        not-found not-found
bring-back-ones-own      ok        read-only ok        read-only not-found not-found
bring-back-anothers      forbidden read-only ok        read-only not-found not-found
unpin-ones-own           ok        read-only ok        ok        not-found not-found
unpin-anothers           forbidden read-only ok        ok        not-found not-found
pin-again-ones-own       ok        read-only ok        read-only not-found not-found
pin-again-anothers       forbidden read-only ok        read-only not-found not-found
"""
_LETTERS, *_CODES = [line.split() for line in CODES.strip().splitlines()]
CODE = {(row[0], letter): code for row in _CODES for letter, code in zip(_LETTERS, row[1:], strict=True)}
ALIKE = {"b": "banned", "d": "tenant-disabled", "u": "unauthorized"}
"""The same at every entrance."""
CLOSES = {"h": 4404, "b": 4403, "d": 4403, "u": 4401}

Thing = dict[str, str]


@dataclass
class World:
    """Two things on each picture for everybody, their own and another's, made before the pictures got their states."""

    node: RunningNode
    client: httpx.Client
    people: dict[tuple[str, str], Visitor] = field(default_factory=dict)
    tickets: dict[tuple[str, str], str] = field(default_factory=dict)
    things: dict[tuple[str, str, str], Thing] = field(default_factory=dict)

    def make(self, who: Visitor, tenant: str, state: str) -> Thing:
        """Put a marker with a comment on a picture."""
        body = {"urlId": state, "broadcastId": fresh("b"), "x": 1, "y": 1, "comment": {"comment": "hello"}}
        made = who.call("POST", f"/comment-image-chats/{tenant}", json=body)
        thread = made["conversation"]["urlId"]
        return {"marker": made["createdChatId"], "comment": made["comment"]["_id"], "thread": thread, "picture": state}

    def begin(self, server: TenantServer, states: list[str]) -> Visitor:
        """Fill a tenant."""
        tenant = server.tenant_id
        admin = self.sign_in(server, "author", {"isAdmin": True})
        for state in ("hall", *states):
            self.make(admin, tenant, state)
        for kind in (*KINDS, "anonymous", "nobody"):
            who = self.sign_in(server, kind, KINDS[kind]) if kind in KINDS else Visitor(self.client)
            if kind != "nobody":
                found = who.call("GET", f"/comment-image-chats/{tenant}", params={"urlId": "hall"})
                self.tickets[kind, tenant] = found["userIdWS"]
            self.people[kind, tenant] = who
            for state in states:
                self.things[kind, state, "another"] = self.make(admin, tenant, state)
                if kind != "nobody":
                    self.things[kind, state, "own"] = self.make(who, tenant, state)
        ban = {"userId": "banned"}
        admin.call("POST", f"/moderation/{tenant}/bans", json=ban)
        return admin

    def sign_in(self, server: TenantServer, user: str, claims: dict[str, Any]) -> Visitor:
        who = Visitor(self.client)
        who.call("GET", server.chats, params={"urlId": "hall", "sso": server.sso(user, **claims)})
        return who

    def thing(self, kind: str, state: str, whose: str) -> Thing:
        """Return a thing on a picture; what nobody has heard of where there is no picture, or nothing of one's own."""
        nothing = {name: fresh("nothing") for name in ("marker", "comment", "thread", "picture")}
        return self.things.get((kind, state, whose), nothing)


@pytest.fixture(scope="module")
def world(shared_node: RunningNode, operator: Operator) -> Iterator[World]:
    with httpx.Client(base_url=shared_node.url, timeout=30, verify=TRUSTED) as client:
        found = World(shared_node, client)
        house = found.begin(operator.tenant("house"), ["open", "locked", "private", "admins"])
        strict = found.begin(operator.tenant("strict", pictures="admins"), ["there", "theirs"])
        found.begin(operator.tenant("members"), ["members-only"])
        found.begin(operator.tenant("off"), ["off"])
        change(house, "house", "locked", readOnly=True)
        for state, groups in GROUPS.items():
            change(strict if state == "theirs" else house, TENANT_OF[state], state, groupIds=groups)
        operator.set("members", anonymous=False)
        operator.switch("off", disabled=True)
        operator.heeded()
        yield found


def change(admin: Visitor, tenant: str, picture: str, **changes: Any) -> None:
    body = {"broadcastId": fresh("b")} | changes
    admin.call("PATCH", f"/pictures/{tenant}", params={"urlId": picture}, json=body)


Send = Callable[..., httpx.Response]


def entrances(world: World, kind: str, state: str) -> Iterator[tuple[str, httpx.Response]]:
    """Try every entrance of REST; what deletes, and brings back, comes last."""
    tenant = TENANT_OF[state]
    send: Send = world.people[kind, tenant].send
    chats, comments = f"/comment-image-chats/{tenant}", f"/comments/{tenant}"
    own, another = (world.thing(kind, state, whose) for whose in ("own", "another"))
    picture, thread = another["picture"], another["thread"]
    ticket = world.tickets.get((kind, tenant), "none")

    def once() -> dict[str, str]:
        return {"broadcastId": fresh("b")}

    yield "snapshot", send("GET", chats, params={"urlId": picture})
    yield "list-a-thread", send("GET", comments, params={"urlId": thread})
    yield "read-a-comment", send("GET", f"{comments}/{another['comment']}/text")
    for room, name in ((picture, ""), (thread, "-of-a-thread")):
        log = {"urlId": room, "userIdWS": ticket, "startTime": 0}
        yield f"event-log{name}", send("GET", f"/event-log/{tenant}", params=log)
    for room, name in ((picture, ""), (thread, "-in-a-thread")):
        yield f"presence{name}", send("GET", f"/pages/{tenant}/users/online", params={"urlId": room})
    yield "create-a-marker", send("POST", chats, json=once() | {"urlId": picture, "x": 1, "y": 1})
    for name, parent in (("comment", {}), ("reply", {"parentId": another["comment"]})):
        body = {"comment": "and I say", "commenterName": "Me", "url": "", "urlId": thread} | parent
        yield name, send("POST", comments, params=once() | {"urlId": thread}, json=body)
    for thing, whose in ((own, "ones-own"), (another, "anothers")):
        text = f"{comments}/{thing['comment']}/update-text"
        yield f"edit-{whose}", send("POST", text, params=once(), json={"comment": "other words"})
        marker = f"{chats}/{thing['marker']}"
        yield f"move-{whose}", send("PATCH", marker, json=once() | {"x": 2})
        yield f"resolve-{whose}", send("PATCH", marker, json=once() | {"resolved": True})
    about = f"{comments}/{another['comment']}"
    yield "vote", send("POST", f"{about}/vote", params=once(), json={"voteDir": "down"})
    yield "react", send("POST", f"{about}/reactions", params=once(), json={"emoji": "👀"})
    vote = opinion_id(another["comment"], world.people[kind, tenant].id)
    yield "take-back-ones-own", send("DELETE", f"{about}/vote/{vote}", params=once())
    for thing, whose in ((own, "ones-own"), (another, "anothers")):
        yield f"delete-{whose}", send("DELETE", f"{comments}/{thing['comment']}", params=once())
        yield f"bring-back-{whose}", send("POST", f"{comments}/{thing['comment']}/restore", params=once())
        yield f"unpin-{whose}", send("DELETE", f"{chats}/{thing['marker']}", json=once())
        yield f"pin-again-{whose}", send("POST", f"{chats}/{thing['marker']}/restore", json=once())


def expected(kind: str, state: str) -> dict[str, str]:
    """Return the answer of every entrance."""
    letter = LETTERS[kind, state]
    names = [row[0] for row in _CODES]
    found = {name: ALIKE.get(letter) or CODE[name, letter] for name in names}
    if kind == "nobody":  # has no ticket, and has made nothing
        found |= {"event-log": "unauthorized", "event-log-of-a-thread": "unauthorized"}
        found |= {name: "not-found" for name in names if name.endswith("ones-own") and letter not in ALIKE}
    return found


@pytest.mark.parametrize(("kind", "state"), list(LETTERS))
def test_AUTH1_every_entrance_answers_by_the_table(world: World, kind: str, state: str) -> None:
    found = {
        name: "ok" if answer.status_code == 200 else error_in(answer) for name, answer in entrances(world, kind, state)
    }
    assert found == expected(kind, state)


STAFF = """
                  of-a-visitor of-a-moderator of-an-admin
lock              forbidden    ok             ok
share             forbidden    forbidden      ok
see-the-bans      forbidden    ok             ok
see-what-waits    forbidden    ok             ok
see-the-audit     forbidden    forbidden      ok
see-deletions     forbidden    ok             ok
see-the-inbox     forbidden    ok             ok
follow-the-inbox  forbidden    ok             ok
review            forbidden    ok             ok
mark-as-spam      forbidden    ok             ok
use-the-dashboard forbidden    ok             ok
list-pictures     forbidden    ok             ok
see-the-people    forbidden    forbidden      ok
see-a-persons-data forbidden   forbidden      ok
see-the-settings  forbidden    forbidden      ok
change-settings   forbidden    forbidden      ok
"""


@pytest.mark.parametrize(("kind", "state"), list(LETTERS))
def test_AUTH1_what_is_for_moderators_and_admins_is_for_nobody_else(world: World, kind: str, state: str) -> None:
    tenant, letter = TENANT_OF[state], LETTERS[kind, state]
    send = world.people[kind, tenant].send
    picture = world.thing(kind, state, "another")["picture"]
    column = 3 if kind == "admin" else 2 if "moderator" in kind else 1
    table = {row[0]: row[column] for row in (line.split() for line in STAFF.strip().splitlines()[1:])}
    if letter == "h":  # who may do it elsewhere is told what everybody is told
        table |= {name: "not-found" for name in ("lock", "share") if table[name] == "ok"}
    at = {"params": {"urlId": picture}}
    found = {
        "lock": send(
            "PATCH", f"/pictures/{tenant}", **at, json={"broadcastId": fresh("b"), "readOnly": state == "locked"}
        ),
        "share": send(
            "PATCH", f"/pictures/{tenant}", **at, json={"broadcastId": fresh("b"), "groupIds": GROUPS.get(state)}
        ),
        "see-the-bans": send("GET", f"/moderation/{tenant}/bans"),
        "see-what-waits": send("GET", f"/moderation/{tenant}/held"),
        "see-the-audit": send("GET", f"/moderation/{tenant}/audit"),
        "see-deletions": send("GET", f"/moderation/{tenant}/mass-deletions"),
        "see-the-inbox": send("GET", f"/moderation/{tenant}/inbox"),
        "follow-the-inbox": send("GET", f"/moderation/{tenant}/live"),
        "review": send("POST", f"/moderation/{tenant}/reviews", json={"ids": ["nothing"], "reviewed": True}),
        "mark-as-spam": send(
            "POST", f"/moderation/{tenant}/spam", json={"ids": ["nothing"], "broadcastId": fresh("b")}
        ),
        "use-the-dashboard": send("GET", "/api/v1/me", params={"tenantId": tenant}),
        "list-pictures": send("GET", "/api/v1/pictures", params={"tenantId": tenant}),
        "see-the-people": send("GET", "/api/v1/people", params={"tenantId": tenant}),
        "see-a-persons-data": send("GET", "/api/v1/people/data", params={"tenantId": tenant, "userId": "x"}),
        "see-the-settings": send("GET", f"/api/v1/tenants/{tenant}"),
        "change-settings": send("PATCH", f"/api/v1/tenants/{tenant}", json={}),
    }
    codes = {name: "ok" if answer.status_code == 200 else error_in(answer) for name, answer in found.items()}
    assert codes == (dict.fromkeys(table, ALIKE[letter]) if letter in ALIKE else table)


async def test_AUTH1_the_live_channel_lets_in_by_the_table_in_every_way(world: World) -> None:
    """Every cell, as the picture and as a thread on it, plain, `imagechat.v1` and resuming; all at once."""
    ways: dict[str, tuple[bool, dict[str, Any]]] = {
        "plain": (False, {}),
        "v1": (True, {}),
        "resuming": (True, {"epoch": "an epoch", "seq": 0}),
    }

    async def enter(kind: str, state: str, room: str, way: str) -> int:
        """Return how it went: 0 is in, else the close code."""
        tenant = TENANT_OF[state]
        v1, position = ways[way]
        entrance = {
            "urlIdWS": world.thing(kind, state, "another")[room],
            "userIdWS": world.tickets.get((kind, tenant), "none"),
            "tenantIdWS": tenant,
        }
        async with open_live(live_url(world.node, entrance, **position), v1=v1) as connection:
            try:  # whoever is in is told who is there
                await asyncio.wait_for(connection.recv(), 20)
            except ConnectionClosed:
                return connection.close_code or -1
            return 0

    cells = list(product(LETTERS, ("picture", "thread"), ways))
    found = await asyncio.gather(*(enter(cell[0], cell[1], room, way) for cell, room, way in cells))
    wanted = [4401 if cell[0] == "nobody" else CLOSES.get(LETTERS[cell], 0) for cell, _, _ in cells]
    assert dict(zip(cells, found, strict=True)) == dict(zip(cells, wanted, strict=True))
