"""What people do beside events is heard on every node: who is writing, and what one's other devices have read."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from clustered import Cluster, rotate_key
from housing import House
from live_clients import new_picture, next_message
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


async def follow(stack: AsyncExitStack, house: House, entrance: dict[str, Any]) -> ClientConnection:
    connection: ClientConnection = await stack.enter_async_context(house.follow(entrance))
    assert (await next_message(connection))["type"] == "hello"
    return connection


async def next_of(connection: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next signal of a type."""
    while True:
        for signal in await next_message(connection):
            if signal["type"] == kind:
                return dict(signal)


async def test_who_is_writing_on_one_node_is_seen_on_every_other(houses: list[House]) -> None:
    picture = new_picture()
    people = [await house.sign_in(fresh("user"), displayName=name) for house, name in zip(houses, "ABC", strict=True)]
    made = await people[0].mark(picture, comment={"comment": "hello"})
    thread = made["conversation"]["urlId"]
    async with AsyncExitStack() as stack:
        entrances = [await who.enter(picture) for who in people]
        one, two, three = [await follow(stack, *pair) for pair in zip(houses, entrances, strict=True)]
        in_thread = await follow(stack, houses[2], entrances[2] | {"urlIdWS": thread})
        await one.send(json.dumps({"type": "typing", "urlId": thread}))
        for connection in (two, three, in_thread):
            signal = await next_of(connection, "typing")
            assert (signal["name"], signal["urlId"]) == ("A", thread)
            assert signal["userId"] == entrances[0]["user"]["id"]


async def test_what_is_read_by_way_of_one_node_is_read_on_the_persons_devices_on_every_node(
    houses: list[House],
) -> None:
    picture, user = new_picture(), fresh("ann")
    devices = [await house.sign_in(user) for house in houses]
    made = await devices[0].mark(picture, comment={"comment": "hello"})
    conversation = made["conversation"]
    async with AsyncExitStack() as stack:
        entrances = [await who.enter(picture) for who in devices]
        connections = [await follow(stack, *pair) for pair in zip(houses, entrances, strict=True)]
        read = {"threads": {conversation["urlId"]: conversation["lastCommentAt"]}}
        await devices[1]._ask("POST", f"{CHATS}/read", json={"urlId": picture, "readUpTo": read})
        for connection in connections:
            assert (await next_of(connection, "read"))["readUpTo"] == {"picture": None} | read
    assert (await devices[2].enter(picture))["readUpTo"] == {"picture": None} | read
