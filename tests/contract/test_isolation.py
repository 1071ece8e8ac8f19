"""AUTH1: two tenants with the same ids, users and urlIds on one node. Whatever is tried, nothing crosses."""

import asyncio
import json
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from itsdangerous.encoding import base64_decode, base64_encode

from imagechat.model.ids import opinion_id
from live_clients import close_code, live_url, next_message, open_live, rest_of
from operating import Operator
from running import TRUSTED, RunningNode
from signing import TenantServer
from visiting import Visitor, error_in, fresh, tokens_of

PICTURE, THREAD, BROADCAST, USER = "the-same-picture", "the-same-thread", "the-same-broadcast", "the-same-user"


@dataclass
class Side:
    """One tenant, with the same things in it as the other one but for the words."""

    server: TenantServer
    client: httpx.Client
    users: dict[str, Visitor] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)
    entrance: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.server.tenant_id

    @property
    def words(self) -> str:
        return f"only {self.id} may read this"

    def fill(self) -> None:
        for name, claims in (("user", {"groupIds": ["red"]}), ("admin", {"isAdmin": True})):
            who = self.users[name] = Visitor(self.client)
            sso = self.server.sso(f"{USER}-{name}", displayName=f"{name} of {self.id}", **claims)
            who.call("GET", self.server.chats, params={"urlId": PICTURE, "sso": sso})
        body = {"urlId": PICTURE, "windowUrlId": THREAD, "broadcastId": BROADCAST, "x": 1, "y": 1}
        self.made = self.users["user"].call("POST", self.server.chats, json=body | {"comment": {"comment": self.words}})
        self.entrance = self.users["user"].call("GET", self.server.chats, params={"urlId": PICTURE})
        self.users["nobody"] = Visitor(self.client)

    def paths(self, tenant: str, things: dict[str, Any], ticket: str) -> list[tuple[str, str, dict[str, Any]]]:
        """Return every call, in one tenant's paths, on anybody's things, with anybody's ticket."""
        chats, comments = f"/comment-image-chats/{tenant}", f"/comments/{tenant}"
        marker, comment = things["createdChatId"], things["comment"]["_id"]
        rooms = (PICTURE, THREAD, self.entrance["urlIdWS"])
        log = {"userIdWS": ticket, "startTime": 0}
        moderation = f"/moderation/{tenant}"
        return [
            *(("GET", chats, {"params": {"urlId": room}}) for room in rooms),
            *(("GET", comments, {"params": {"urlId": room}}) for room in rooms),
            *(("GET", f"/pages/{tenant}/users/online", {"params": {"urlId": room}}) for room in rooms),
            *(("GET", f"/event-log/{tenant}", {"params": log | {"urlId": room}}) for room in rooms),
            *(("GET", f"/pages/{tenant}/users/mentionable", {"params": {"urlId": room}}) for room in rooms),
            ("GET", f"{comments}/{comment}/text", {}),
            ("PATCH", f"{chats}/{marker}", {"json": {"broadcastId": BROADCAST, "x": 50}}),
            ("PATCH", f"{chats}/{marker}", {"json": {"broadcastId": fresh("b"), "resolved": True}}),
            ("POST", f"{comments}/{comment}/update-text", once() | {"json": {"comment": "taken over"}}),
            ("POST", f"{comments}/{comment}/vote", once() | {"json": {"voteDir": "up"}}),
            ("DELETE", f"{comments}/{comment}/vote/{opinion_id(comment, self.users['user'].id)}", once()),
            ("POST", f"{comments}/{comment}/reactions", once() | {"json": {"emoji": "👍"}}),
            ("DELETE", f"{comments}/{comment}/reactions/{quote('👍')}", once()),
            ("POST", comments, {"params": once()["params"] | {"urlId": fresh("t")}, "json": reply_to(comment)}),
            ("POST", chats, {"json": adopting(comment)}),
            ("GET", f"{moderation}/held", {}),
            ("GET", f"{moderation}/bans", {}),
            ("GET", f"{moderation}/audit", {}),
            ("GET", f"{moderation}/mass-deletions", {}),
            *(("GET", f"{moderation}/inbox", {"params": {"state": state}}) for state in ("all", "new", "deleted")),
            ("GET", f"{moderation}/live", {}),
            *(("GET", f"/api/v1/{what}", {"params": {"tenantId": tenant}}) for what in ("me", "pictures", "people")),
            ("GET", "/api/v1/people/data", {"params": {"tenantId": tenant, "userId": f"{USER}-user"}}),
            ("GET", f"/api/v1/tenants/{tenant}", {}),
            ("POST", f"{moderation}/reviews", {"json": {"ids": [comment, marker], "reviewed": True}}),
            ("POST", f"{moderation}/spam", {"json": {"ids": [comment, marker], "broadcastId": fresh("b")}}),
            ("POST", f"{moderation}/mass-deletions", {"json": deleting(comment, marker)}),
            ("POST", f"{moderation}/bans", {"json": {"authorOf": comment}}),
            ("POST", f"{moderation}/bans", {"json": {"authorOf": marker, "kinds": ["address"]}}),
            ("DELETE", f"{comments}/{comment}", once()),
            ("DELETE", f"{chats}/{marker}", {"json": {"broadcastId": fresh("b")}}),
        ]

    def state(self) -> Any:
        """Return all that can be seen of the tenant's things, to compare."""
        who = self.users["admin"]
        snapshot = who.call("GET", self.server.chats, params={"urlId": PICTURE})
        thread = who.call("GET", self.server.comments, params={"urlId": THREAD})
        bans = who.call("GET", f"/moderation/{self.id}/bans")["bans"]
        inbox = who.call("GET", f"/moderation/{self.id}/inbox", params={"state": "all"})
        seqs = snapshot["seq"], thread["seq"]
        return snapshot["conversations"], thread["comments"], seqs, bans, inbox["entries"], inbox["counts"]


def once() -> dict[str, Any]:
    return {"params": {"broadcastId": fresh("b")}}


def deleting(*things: str) -> dict[str, Any]:
    return {"ids": things, "broadcastId": fresh("b"), "confirm": len(things)}


def reply_to(comment: str) -> dict[str, Any]:
    return {"comment": "hello", "commenterName": "x", "url": "", "urlId": "t", "parentId": comment}


def adopting(comment: str) -> dict[str, Any]:
    return {
        "urlId": fresh("p"),
        "broadcastId": fresh("b"),
        "x": 1,
        "y": 1,
        "windowUrlId": THREAD,
        "createdFromCommentId": comment,
    }


@pytest.fixture(scope="module")
def sides(shared_node: RunningNode, operator: Operator) -> Iterator[tuple[Side, Side]]:
    with httpx.Client(base_url=shared_node.url, timeout=30, verify=TRUSTED) as client:
        one, other = (Side(operator.tenant(name), client) for name in ("one", "other"))
        for side in (one, other):
            side.fill()
        yield one, other


def test_the_same_is_made_in_both_and_each_sees_its_own(sides: tuple[Side, Side]) -> None:
    one, other = sides
    assert one.made["createdChatId"] != other.made["createdChatId"], "the same broadcastId of the same user"
    assert one.made["comment"]["userId"] == other.made["comment"]["userId"]
    assert one.entrance["urlIdWS"] == other.entrance["urlIdWS"]
    for side in sides:
        [conversation] = side.entrance["conversations"]
        assert (conversation["_id"], conversation["urlId"]) == (side.made["createdChatId"], THREAD)


def test_AUTH1_a_session_or_ticket_of_the_other_tenant_opens_no_call(sides: tuple[Side, Side]) -> None:
    one, other = sides
    before = one.state()
    for name in ("user", "admin"):
        for method, path, more in one.paths(one.id, one.made, other.entrance["userIdWS"]):
            answer = other.users[name].send(method, path, **more)
            assert error_in(answer) == "unauthorized", (name, method, path)
            assert one.words not in answer.text
            query = {"params": more.get("params", {}) | {"sessionId": other.users[name].session}}
            answer = Visitor(one.client).send(method, path, **(more | query))
            assert error_in(answer) == "unauthorized"
    assert one.state() == before


@pytest.mark.parametrize("name", ["user", "admin", "nobody"])
def test_AUTH1_things_of_the_other_tenant_are_not_there(sides: tuple[Side, Side], name: str) -> None:
    """With a good session of one's own tenant, and ids of the other's."""
    for mine, theirs in (sides, sides[::-1]):
        before = theirs.state()
        for method, path, more in mine.paths(mine.id, theirs.made, theirs.entrance["userIdWS"]):
            answer = mine.users[name].send(method, path, **more)
            assert theirs.words not in answer.text, (method, path)
            assert theirs.made["createdChatId"] not in answer.text
            assert f"of {theirs.id}" not in answer.text, "a name of theirs"
            if theirs.made["comment"]["_id"] in path or theirs.made["createdChatId"] in path:
                used = name == "user" and more.get("json", {}).get("broadcastId") == BROADCAST  # by itself, here
                assert error_in(answer) == ("conflict" if used else "not-found"), (method, path)
        assert theirs.state() == before


def test_IDEM1_the_same_broadcastId_of_the_same_user_is_another_command_in_another_tenant(
    sides: tuple[Side, Side],
) -> None:
    broadcast_id, answers = fresh("b"), []
    for side in sides:
        body = {"urlId": fresh("p"), "broadcastId": broadcast_id, "x": 1, "y": 1, "comment": {"comment": side.words}}
        answers += [side.users["user"].call("POST", side.server.chats, json=body) for _ in range(2)]
    ids = [answer["createdChatId"] for answer in answers]
    assert ids[0] == ids[1]
    assert ids[2] == ids[3]
    assert ids[0] != ids[2]
    assert [answer["comment"]["comment"] for answer in answers] == [sides[0].words] * 2 + [sides[1].words] * 2


def test_AUTH1_a_room_name_of_the_wire_names_the_callers_own_room(sides: tuple[Side, Side]) -> None:
    for side in sides:
        answer = side.users["user"].call("GET", side.server.chats, params={"urlId": side.entrance["urlIdWS"]})
        assert [each["_id"] for each in answer["conversations"]] == [side.made["createdChatId"]]
    for name in (f"{sides[1].id}.{sides[1].entrance['urlIdWS'][1:]}", f"../{sides[1].id}/{PICTURE}"):
        answer = sides[0].users["user"].call("GET", sides[0].server.chats, params={"urlId": name})
        assert (answer["conversations"], answer["seq"]) == ([], 0)


async def test_AUTH1_no_event_and_no_presence_crosses(shared_node: RunningNode, sides: tuple[Side, Side]) -> None:
    async with AsyncExitStack() as stack:
        connections = {
            (side.id, room, v1): await stack.enter_async_context(
                open_live(live_url(shared_node, side.entrance | {"urlIdWS": room}), v1=v1)
            )
            for side in sides
            for room in (PICTURE, THREAD)
            for v1 in (True, False)
        }
        for (_, _, v1), connection in connections.items():
            if v1:
                assert (await next_message(connection))["sc"] <= 2, "those of one's own tenant"
        for side in sides:
            online = side.users["user"].call("GET", f"/pages/{side.id}/users/online", params={"urlId": PICTURE})
            assert [each["displayName"] for each in online["users"]] == [f"user of {side.id}"]
            body = {"comment": f"said in {side.id}", "commenterName": "x", "url": "", "urlId": THREAD}
            params = {"urlId": THREAD, "broadcastId": fresh("b")}
            await asyncio.to_thread(side.users["user"].call, "POST", side.server.comments, params=params, json=body)
        for (tenant, _, _), connection in connections.items():
            heard = ""
            async with asyncio.timeout(10):
                while "new-comment" not in heard:
                    heard += str(await connection.recv())
            assert f"said in {tenant}" in heard
            assert all(f"said in {side.id}" not in heard for side in sides if side.id != tenant)


async def test_AUTH1_no_ticket_of_the_other_tenant_follows_anything(
    shared_node: RunningNode, sides: tuple[Side, Side]
) -> None:
    one, other = sides
    session = str(other.users["user"].session)
    for ticket, tenant in (
        (one.entrance["userIdWS"], other.id),
        (other.entrance["userIdWS"], one.id),
        (session, other.id),
        (other.entrance["userIdWS"], "nowhere"),
        (other.entrance["userIdWS"], f"{other.id}.x"),
        (other.entrance["userIdWS"], f"{other.id}\0"),
    ):
        for room in (PICTURE, THREAD):
            for v1, position in ((True, {}), (False, {}), (True, {"epoch": other.entrance["epoch"], "seq": 0})):
                entrance = {"urlIdWS": room, "userIdWS": ticket, "tenantIdWS": tenant}
                async with open_live(live_url(shared_node, entrance, **position), v1=v1) as connection:
                    assert (await rest_of(connection), connection.close_code) == ([], 4401)


# -- tokens


def altered(token: str, rng: random.Random) -> Iterator[str]:
    """Yield what somebody might try: cut, longer, and one character different, at places that chance picks."""
    yield from ("", ".", token[:-1], token[1:], token + "A", token + ".", token.replace(".", ""), token.upper())
    yield from (token[: token.index(".")], token[token.index(".") :], token * 2, f" {token}"[:-1])
    for place in sorted(rng.sample(range(len(token)), 60)):
        yield token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def test_AUTH1_no_altered_token_is_taken(sides: tuple[Side, Side], shared_node: RunningNode) -> None:
    one, other = sides
    rng = random.Random(4)
    session, ticket = str(one.users["user"].session), one.entrance["userIdWS"]
    mixed = [f"{a.rpartition('.')[0]}.{b.rpartition('.')[2]}" for a, b in token_pairs(one, other)]
    unsigned = [token.rpartition(".")[0] + "." for token in (session, ticket)]
    for token in (*altered(session, rng), ticket, *mixed, *unsigned):
        if not token:
            continue  # no token at all, which is nobody
        answer = Visitor(one.client).send("GET", one.server.chats, params={"urlId": PICTURE, "sessionId": token})
        assert error_in(answer) == "unauthorized", token
    for token in (*altered(ticket, rng), session, *mixed, *unsigned):
        log = {"urlId": PICTURE, "userIdWS": token, "startTime": 0}
        answer = Visitor(one.client).send("GET", f"/event-log/{one.id}", params=log)
        assert error_in(answer) == "unauthorized", token
    assert tokens_of(shared_node).read_session(session, one.id).user_id == f"{USER}-user"


def token_pairs(one: Side, other: Side) -> list[tuple[str, str]]:
    """Return pairs of which the first's content under the second's signature would be somebody else."""
    sessions = [str(side.users[name].session) for side in (one, other) for name in ("user", "admin")]
    tickets = [side.entrance["userIdWS"] for side in (one, other)]
    everything = sessions + tickets
    return [(first, second) for first in everything for second in everything if first != second]


def test_AUTH1_a_token_written_anew_with_its_old_signature_is_refused(sides: tuple[Side, Side]) -> None:
    one, _ = sides
    session = str(one.users["user"].session)
    content, _, signature = session.rpartition(".")
    told: dict[str, Any] = json.loads(base64_decode(content))
    assert told["tenant_id"] == one.id
    for change in ({"role": "admin"}, {"user_id": "boss"}, {"groups": None}, {"tenant_id": "other"}, {"since": 2**52}):
        again = base64_encode(json.dumps(told | change).encode()).decode()
        params = {"urlId": PICTURE, "sessionId": f"{again}.{signature}"}
        answer = Visitor(one.client).send("GET", one.server.chats, params=params)
        assert error_in(answer) == "unauthorized"


async def test_AUTH1_no_altered_ticket_is_taken_by_the_live_channel(
    shared_node: RunningNode, sides: tuple[Side, Side]
) -> None:
    one, _ = sides
    tickets = [each for each in altered(one.entrance["userIdWS"], random.Random(5)) if each][::4]

    async def follow(ticket: str) -> int | None:
        async with open_live(live_url(shared_node, one.entrance, userIdWS=ticket)) as connection:
            return await close_code(connection)

    assert set(await asyncio.gather(*(follow(ticket) for ticket in tickets))) == {4401}
