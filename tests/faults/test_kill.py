"""A node that is killed in mid-burst, again and again: nothing acknowledged is lost, nothing comes twice."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from exactness import all_is_exact
from live_clients import Person, Viewer, live_url, open_live
from loading import ROUNDS, Load
from plain_viewing import PlainViewer
from running import RunningNode

CYCLES = 5 * ROUNDS
PICTURES = ["one", "two", "three"]
BEFORE_THE_KILL = 60
"""Acknowledged commands of a cycle after which the node is killed, give or take."""


async def test_DUR1_SEQ1_RES1_a_node_that_is_killed_in_mid_burst_loses_nothing_and_repeats_nothing(
    tmp_path: Path,
) -> None:
    with RunningNode(tmp_path / "data") as node:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(node.client())
            viewers = [
                await stack.enter_async_context(kind(node, Person(client), picture))
                for picture in PICTURES
                for kind in (Viewer, Viewer, PlainViewer)
            ]
            load = await stack.enter_async_context(Load(node.client, PICTURES))
            for _ in range(CYCLES):
                await load.goes_on(BEFORE_THE_KILL)
                node.kill()
                await asyncio.to_thread(node.start)
            await load.goes_on(BEFORE_THE_KILL)
            await load.end()
            await all_is_exact([node], load, viewers)
            for viewer in viewers:
                assert viewer.connected == CYCLES + 1
                assert len(viewer.seen) == viewer.state.seq  # from the first event on: none is missing


async def test_IDEM1_a_command_whose_answer_was_lost_with_the_node_gets_the_same_answer_again(
    tmp_path: Path,
) -> None:
    with RunningNode(tmp_path / "data") as node:
        async with node.client() as client:
            person = Person(client)
            broadcast_id = str(uuid4())
            first = await person.mark("one", broadcastId=broadcast_id)
        node.kill()
        node.start()
        async with node.client() as client:
            again = Person(client, person.session)
            second = await again.mark("one", broadcastId=broadcast_id)
            assert {**second, "user": None} == {**first, "user": None}
            snapshot = await again.enter("one")
            assert (snapshot["seq"], len(snapshot["conversations"])) == (1, 1)


@pytest.mark.parametrize("framing", ["v1", "plain"])
async def test_a_ticket_and_a_session_outlive_a_restart(tmp_path: Path, framing: str) -> None:
    with RunningNode(tmp_path / "data") as node:
        async with node.client() as client:
            snapshot = await Person(client).enter("one")
        node.kill()
        node.start()
        async with node.client() as client, open_live(live_url(node, snapshot), v1=framing == "v1") as connection:
            made = await Person(client, snapshot["user"]["sessionId"]).mark("one")
            assert made["user"]["id"] == snapshot["user"]["id"]
            while "new-image-chat" not in (text := str(await asyncio.wait_for(connection.recv(), 10))):
                assert "hello" in text
            assert made["createdChatId"] in msgspec.json.encode(msgspec.json.decode(text)).decode()
