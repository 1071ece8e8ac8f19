"""Connections that end because the node wants it: a pong that is missing, a ticket whose time is over."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from websockets.frames import Opcode

from imagechat.model.principal import Principal
from imagechat.model.tokens import Tokens
from live_clients import Person, Viewer, close_code, live_url, new_picture, next_message, open_live, raw_live
from live_fakes import parse_frames, until
from proc import connections
from running import TENANT, RunningNode

KEY = "a key that the test knows, long enough"
RESTLESS = {"IMAGECHAT_PING_SECONDS": "1", "IMAGECHAT_SECRET_KEY": KEY}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    with RunningNode(tmp_path_factory.mktemp("node"), environment=RESTLESS) as running:
        yield running


async def test_a_client_that_answers_no_ping_is_dropped_at_the_next_and_others_stay(node: RunningNode) -> None:
    picture = new_picture()
    async with node.client() as client:
        person = Person(client)
        snapshot = await person.enter(picture)
        async with Viewer(node, Person(client), picture) as viewer:
            reader, writer = await raw_live(node, snapshot)
            received = b""
            try:
                async with asyncio.timeout(20):
                    while more := await reader.read(65_536):
                        received += more
            except ConnectionResetError:
                pass
            opcodes = [frame.opcode for frame in parse_frames(received)]
            assert opcodes.count(Opcode.PING) == 1
            writer.close()
            await person.mark(picture)
            await viewer.equals_a_fresh_snapshot()
            assert viewer.connected == 1  # it outlived as many pings


async def test_a_client_that_vanished_without_a_word_leaves_the_room(node: RunningNode) -> None:
    picture = new_picture()
    async with node.client() as client:
        snapshot = await Person(client).enter(picture)
    _, writer = await raw_live(node, snapshot)
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport
    await until(lambda: connections(node) == 1)
    await until(lambda: connections(node) == 0, within=20)
    writer.transport.abort()
    async with node.client() as client:
        online = await client.get(f"/pages/{TENANT}/users/online", params={"urlId": picture})
        assert online.json()["totalCount"] == 0


@pytest.mark.parametrize("v1", [True, False], ids=["v1", "plain"])
async def test_AUTH2_a_ticket_whose_time_is_over_ends_its_open_connection_with_4401(
    node: RunningNode, *, v1: bool
) -> None:
    picture = new_picture()
    async with node.client() as client:
        person = Person(client)
        snapshot = await person.enter(picture)
        principal = Principal(tenant_id=TENANT, user_id="u", session_id="s")
        ticket = Tokens(KEY).ticket(principal, int(time.time() * 1000) + 1_500)
        async with open_live(live_url(node, snapshot, userIdWS=ticket), v1=v1) as connection:
            assert await close_code(connection) == 4401
        await person.mark(picture)
        renewed = await person.enter(picture)
        url = live_url(node, renewed, epoch=snapshot["epoch"], seq=snapshot["seq"])
        async with open_live(url) as connection:
            assert (await next_message(connection))["seq"] == 1
            assert [event["seq"] for event in await next_message(connection)] == [1]
