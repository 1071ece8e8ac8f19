"""Moderators on any node hear at once what was written, or done by another moderator, on any other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from deploy.local.postgres import PostgresServer
from websockets.asyncio.client import ClientConnection

from clustered import Cluster, NodeSet, new_database, rotate_key
from housing import House
from live_clients import Person, new_picture, next_message
from running import TENANT, RunningNode
from visiting import fresh

MODERATION = f"/moderation/{TENANT}"


class Desk:
    """A moderator at a node, who reads the inbox again whenever something has changed."""

    def __init__(self, moderator: Person, connection: ClientConnection) -> None:
        self.moderator = moderator
        self.connection = connection

    async def look(self, picture: str, state: str = "new") -> list[str]:
        params = {"search": picture, "state": state}
        page = await self.moderator._ask("GET", f"{MODERATION}/inbox", params=params)
        return [entry["id"] for entry in page["entries"]]

    async def sees(self, picture: str, things: list[str], within: float = 10.0) -> None:
        """Wait until the inbox has some things of a picture, and look after each signal only."""
        async with asyncio.timeout(within):
            while await self.look(picture) != things:
                await self.connection.recv()


async def sit_down(stack: AsyncExitStack, house: House) -> Desk:
    moderator = await house.sign_in(fresh("mo"), isModerator=True)
    entrance = await moderator._ask("GET", f"{MODERATION}/live")
    connection = await stack.enter_async_context(house.follow(entrance))
    assert (await next_message(connection))["type"] == "hello"
    return Desk(moderator, connection)


async def one_at_each(stack: AsyncExitStack, nodes: list[RunningNode]) -> list[Desk]:
    server = await asyncio.to_thread(rotate_key, nodes, nodes[0])
    houses = [House(node, server, await stack.enter_async_context(node.client())) for node in nodes]
    return [await sit_down(stack, house) for house in houses]


@pytest.fixture
async def desks(cluster: Cluster) -> AsyncIterator[list[Desk]]:
    async with AsyncExitStack() as stack:
        yield await one_at_each(stack, cluster.nodes.nodes)


async def test_moderators_on_all_nodes_hear_what_was_written_and_done_on_each(desks: list[Desk]) -> None:
    picture = new_picture()
    for desk in desks:
        await desk.sees(picture, [])
    things: list[str] = []
    for desk in desks:
        made: dict[str, Any] = await Person(desk.moderator.client).mark(picture)
        things.insert(0, made["createdChatId"])
        for each in desks:
            await each.sees(picture, things)
    for desk in desks:
        body = {"ids": [things.pop()], "reviewed": True}
        await desk.moderator._ask("POST", f"{MODERATION}/reviews", json=body)
        for each in desks:
            await each.sees(picture, things)


async def test_nodes_without_a_bus_find_what_the_others_wrote(postgres: PostgresServer, tmp_path: Path) -> None:
    picture = new_picture()
    async with AsyncExitStack() as stack:
        url = stack.enter_context(new_database(postgres))
        nodes = stack.enter_context(NodeSet(tmp_path, url, ["", ""]))
        desks = await one_at_each(stack, nodes.nodes)
        made = await Person(desks[0].moderator.client).mark(picture)
        thing = made["createdChatId"]
        for desk in desks:
            await desk.sees(picture, [thing])
        await desks[1].moderator._ask("POST", f"{MODERATION}/reviews", json={"ids": [thing], "reviewed": True})
        for desk in desks:
            await desk.sees(picture, [])
