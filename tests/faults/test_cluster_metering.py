"""Three nodes write what was used into the same rows: together it is what clients that count have seen."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from deploy.local.nats import NatsServer
from deploy.local.postgres import PostgresServer

from clustered import NodeSet, comes, new_database, rotate_key
from dashboards import operator_in
from live_clients import Person
from live_fakes import until
from metered import written
from running import TENANT, TRUSTED, RunningNode
from wire_counting import WireCounter, counted

FRAMINGS: list[dict[str, Any]] = [{"v1": True}, {"v1": False}, {"v1": True, "deflate": True}]


@pytest.fixture
def three(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RunningNode]]:
    """Nodes of the test's own, with a database in which nothing was used yet."""
    directory = tmp_path_factory.mktemp("metering")
    with (
        new_database(postgres) as url,
        NatsServer(directory) as nats,
        NodeSet(directory, url, [nats.url] * 3, environment={"IMAGECHAT_COMPRESSION": "on"}) as nodes,
    ):
        yield nodes.nodes


async def stop(nodes: list[RunningNode]) -> None:
    assert await asyncio.gather(*[asyncio.to_thread(node.stop) for node in nodes]) == [0] * len(nodes)


async def test_counts_of_three_nodes_are_what_clients_on_all_of_them_counted(three: list[RunningNode]) -> None:
    server = await asyncio.to_thread(rotate_key, three, three[0])
    async with AsyncExitStack() as stack:
        people = [Person(await stack.enter_async_context(node.client())) for node in three]
        snapshots = [await person.enter("one") for person in people]
        follow = [
            WireCounter(node, snapshot, **how)
            for node, snapshot in zip(three, snapshots, strict=True)
            for how in FRAMINGS
        ]
        clients = [await stack.enter_async_context(each) for each in follow]
        await until(lambda: all(client.frames for client in clients))
        for _ in range(5):
            made = await asyncio.gather(*[person.mark("one", comment={"comment": "hello"}) for person in people])
            thread = made[0]["conversation"]["urlId"]
            await asyncio.gather(*[person.comment(thread, "more " * 20) for person in people])
        for client in clients:
            client.say(b"ping")
        for node in three[:2]:  # who signs in for the first time does so once, wherever
            await asyncio.to_thread(_sign_in, node, server.sso("ann"))
        await stop(three)
        await until(lambda: all(client.ended for client in clients), within=30)
    tally = await asyncio.to_thread(written, three[0])
    assert (tally.messages, tally.bandwidth) == counted(clients)
    assert (tally.conversations, tally.comments) == (15, 30)
    assert tally.accounts == 2  # and whoever the new key was tried with


async def test_each_node_tells_how_busy_all_of_them_are_and_one_that_stopped_is_not_counted(
    three: list[RunningNode],
) -> None:
    with httpx.Client(base_url=three[0].url, timeout=30, verify=TRUSTED) as client:
        boss = await asyncio.to_thread(operator_in, client, three[0])
    async with AsyncExitStack() as stack:
        asking = [await stack.enter_async_context(node.client()) for node in three]
        people = [Person(client) for client in asking]
        snapshots = [await person.enter("one") for person in people]
        for node, snapshot in zip(three, snapshots, strict=True):
            await stack.enter_async_context(WireCounter(node, snapshot))
        for person in people:
            await person.mark("one")

        async def overviews() -> list[dict[str, Any]]:
            header = {"Authorization": f"Bearer {boss.session}"}
            return [
                (await client.get("/api/v1/overview", headers=header)).raise_for_status().json()
                for node, client in zip(three, asking, strict=True)
                if node.is_running
            ]

        async def all_know() -> bool:
            return all((each["connections"], each["today"]["conversations"]) == (3, 3) for each in await overviews())

        await comes(all_know)
        for each, node in zip(await overviews(), three, strict=True):
            assert each["nodeCount"] == len(each["nodes"]) == 3
            [own] = [one for one in each["nodes"] if one["self"]]
            assert own["connections"] == 1
            assert own["trouble"] is None
            assert node.is_running
            assert each["history"]
        await asyncio.to_thread(three[2].stop)

        async def others_know() -> bool:
            return all((each["connections"], each["nodeCount"]) == (2, 2) for each in await overviews())

        await comes(others_know)


def _sign_in(node: RunningNode, sso: str) -> None:
    answer = httpx.get(
        f"{node.url}/comment-image-chats/{TENANT}", params={"urlId": "hall", "sso": sso}, timeout=30, verify=TRUSTED
    )
    assert answer.status_code == 200, answer.text
