"""Rights that are lost by way of one node, or beside all of them, are lost on every node (AUTH2)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from clustered import Cluster, comes, rotate_key
from dashboards import SESSION, SIGN_IN, new_link
from housing import House, events_in
from live_clients import Person, close_code, new_picture, next_message, rest_of
from running import TENANT
from signing import TenantServer
from visiting import CHATS, fresh


@pytest.fixture(scope="module")
def server(cluster: Cluster) -> TenantServer:
    return rotate_key(cluster.nodes.nodes, cluster.nodes.nodes[0])


@pytest.fixture
async def houses(cluster: Cluster, server: TenantServer) -> AsyncIterator[list[House]]:
    """One for each node."""
    made = [House(node, server, node.client()) for node in cluster.nodes.nodes]
    yield made
    for house in made:
        await house.client.aclose()


@pytest.fixture
async def admin(houses: list[House]) -> Person:
    """An admin, at the first node."""
    return await houses[0].sign_in(fresh("admin"), isAdmin=True)


async def beside(cluster: Cluster, *words: str) -> None:
    """Run a command of the program beside the nodes."""
    await asyncio.to_thread(cluster.nodes.nodes[0].run, *words)


async def follow(stack: AsyncExitStack, houses: list[House], entrance: dict[str, Any]) -> list[ClientConnection]:
    """Follow a room on each of the nodes, whichever gave the ticket."""
    found = [await stack.enter_async_context(house.follow(entrance)) for house in houses]
    for connection in found:
        assert (await next_message(connection))["type"] == "hello"
    return found


async def next_events(connection: ClientConnection, count: int = 1) -> list[dict[str, Any]]:
    """Return the next events of a room; they may come one by one, or together."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        found += events_in([await next_message(connection)])
    assert len(found) == count
    return found


async def codes(houses: list[House], person: Person, picture: str) -> list[str]:
    """Return what each node says to somebody who wants a picture's snapshot: the code of an error, or `success`."""
    headers = {"Authorization": f"Bearer {person.session}"}
    answers = [await house.client.get(CHATS, params={"urlId": picture}, headers=headers) for house in houses]
    return [answer.json().get("code", answer.json()["status"]) for answer in answers]


async def test_AUTH2_a_ban_on_one_node_closes_connections_on_all(houses: list[House], admin: Person) -> None:
    user, picture = fresh("user"), new_picture()
    banned = await houses[1].sign_in(user)
    async with AsyncExitStack() as stack:
        theirs = await follow(stack, houses, await banned.enter(picture))
        others = await follow(stack, houses, await admin.enter(picture))
        await houses[0].ban(admin, userId=user)
        assert [await close_code(connection) for connection in theirs] == [4403] * 3
        assert await codes(houses, banned, picture) == ["banned"] * 3
        made = await admin.mark(picture)
        for connection in others:
            assert [event["seq"] for event in await next_events(connection)] == [made["seq"]]


async def test_AUTH2_a_session_that_is_ended_on_one_node_is_ended_on_all(houses: list[House]) -> None:
    picture = new_picture()
    person = await houses[2].sign_in(fresh("user"))
    async with AsyncExitStack() as stack:
        theirs = await follow(stack, houses, await person.enter(picture))
        await person._ask("DELETE", f"/sessions/{TENANT}")
        assert [await close_code(connection) for connection in theirs] == [4401] * 3
        assert await codes(houses, person, picture) == ["unauthorized"] * 3


async def test_AUTH2_a_picture_that_is_given_to_a_group_is_closed_to_others_on_all_nodes_at_once(
    houses: list[House], admin: Person
) -> None:
    picture = new_picture()
    await admin.mark(picture)
    stranger = await houses[1].sign_in(fresh("user"), groupIds=["others"])
    member = await houses[1].sign_in(fresh("user"), groupIds=["ours"])
    async with AsyncExitStack() as stack:
        theirs = await follow(stack, houses, await stranger.enter(picture))
        ours = await follow(stack, houses, await member.enter(picture))
        seq = await houses[0].share(admin, picture, ["ours"])
        await admin.mark(picture)
        for connection in theirs:
            assert all(event["seq"] < seq for event in events_in(await rest_of(connection)))
            assert connection.close_code == 4404
        assert await codes(houses, stranger, picture) == ["not-found"] * 3
        for connection in ours:
            assert [event["seq"] for event in await next_events(connection, 2)] == [seq, seq + 1]
        assert await codes(houses, member, picture) == ["success"] * 3


async def test_a_picture_that_is_locked_on_one_node_takes_nothing_on_another_and_its_viewers_know(
    houses: list[House], admin: Person
) -> None:
    picture = new_picture()
    person = await houses[1].sign_in(fresh("user"))
    await person.mark(picture)
    async with AsyncExitStack() as stack:
        theirs = await follow(stack, houses, await person.enter(picture))
        body = {"broadcastId": fresh("b"), "readOnly": True}
        await admin._ask("PATCH", f"/pictures/{TENANT}", params={"urlId": picture}, json=body)
        for house in houses:
            mark = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1}
            answer = await house.client.post(CHATS, json=mark, headers={"Authorization": f"Bearer {person.session}"})
            assert answer.json()["code"] == "read-only"
        for connection in theirs:
            [event] = await next_events(connection)
            assert event["picture"] == {"readOnly": True}


async def test_AUTH2_a_tenant_that_is_switched_off_beside_the_nodes_is_off_on_all_of_them(
    cluster: Cluster, houses: list[House]
) -> None:
    picture = new_picture()
    person = await houses[1].sign_in(fresh("user"))
    async with AsyncExitStack() as stack:
        theirs = await follow(stack, houses, await person.enter(picture))
        await beside(cluster, "tenant", "disable", TENANT)
        try:
            assert [await close_code(connection) for connection in theirs] == [4403] * 3
            assert await codes(houses, person, picture) == ["tenant-disabled"] * 3
        finally:
            await beside(cluster, "tenant", "enable", TENANT)

    async def all_let_in() -> bool:
        return await codes(houses, person, picture) == ["success"] * 3

    await comes(all_let_in)


async def test_settings_that_are_changed_beside_the_nodes_hold_on_all_of_them(
    cluster: Cluster, houses: list[House]
) -> None:
    picture = new_picture()
    person = await houses[1].sign_in(fresh("user"))
    for read_only in (True, False):
        await beside(cluster, "tenant", "update", TENANT, "--set", f"read_only={str(read_only).lower()}")

        async def all_know(read_only: bool = read_only) -> bool:  # noqa: FBT001 -- bound at once
            people = [Person(house.client, person.session) for house in houses]
            return [(await each.enter(picture))["readOnly"] for each in people] == [read_only] * 3

        await comes(all_know)


async def test_a_person_who_is_erased_beside_the_nodes_is_gone_on_all_of_them(
    cluster: Cluster, houses: list[House], admin: Person
) -> None:
    picture, user, thread = new_picture(), fresh("user"), fresh("window")
    person = await houses[1].sign_in(user, displayName="Anna Erased")
    await admin.mark(picture, windowUrlId=thread)
    await person.comment(thread, "what Anna said")
    async with AsyncExitStack() as stack:
        theirs = await follow(stack, houses, await person.enter(picture))
        others = await follow(stack, houses, await admin.enter(picture))
        await beside(cluster, "person", "erase", TENANT, user, "--yes")
        assert [await close_code(connection) for connection in theirs] == [4401] * 3
        for house, connection in zip(houses, others, strict=True):
            while "reset" not in {event["type"] for event in await next_message(connection)}:
                pass
            here = Person(house.client, admin.session)
            snapshot = await here.enter(picture)
            log = await here.log(picture, snapshot["userIdWS"], 0)
            left = json.dumps([snapshot["conversations"], log, await here.thread(thread)])
            assert "Anna" not in left
            assert user not in left
    assert await codes(houses, person, picture) == ["unauthorized"] * 3


async def test_AUTH2_an_operators_session_that_is_ended_on_one_node_is_ended_on_all(
    cluster: Cluster, houses: list[House]
) -> None:
    """A link is made beside the nodes, used on one, and the session that it opens is good on every one of them."""
    node = houses[0].node
    link = await asyncio.to_thread(new_link, node)
    begun = await houses[1].client.post(SIGN_IN, json={"link": link})
    assert begun.status_code == 200, begun.text
    again = await houses[2].client.post(SIGN_IN, json={"link": link})
    assert again.status_code == 401
    picture = new_picture()
    chiefs = [Person(house.client, begun.json()["sessionId"]) for house in houses]
    async with AsyncExitStack() as stack:
        theirs = []
        for chief, house in zip(chiefs, houses, strict=True):
            theirs += await follow(stack, [house], await chief.enter(picture))
        await chiefs[2]._ask("DELETE", SESSION)
        assert [await close_code(connection) for connection in theirs] == [4401] * 3
        for chief in chiefs:
            assert await codes(houses, chief, picture) == ["unauthorized"] * 3
    assert len(cluster.nodes.nodes) == 3
