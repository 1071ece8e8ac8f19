"""A node that is killed in mid-burst, again and again: nothing acknowledged is lost, nothing comes twice."""

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from live_clients import Person, Viewer, live_url, next_message, open_live
from running import RunningNode

CYCLES = 5
PICTURES = ["one", "two", "three"]
WRITERS = 12
BEFORE_THE_KILL = 60
"""Acknowledged commands of a cycle after which the node is killed, give or take."""


@dataclass
class Acknowledged:
    """What the node said is done."""

    markers: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: dict[str, dict[str, Any]] = field(default_factory=dict)
    count: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 0

    def add(self) -> None:
        self.count += 1
        if self.count >= self.wanted:
            self.enough.set()

    async def reaches(self, wanted: int) -> None:
        self.enough.clear()
        self.wanted = wanted
        await asyncio.wait_for(self.enough.wait(), 30)


async def insist(operation: Any) -> dict[str, Any]:
    """Try the same command until it is answered, as a client with a broadcastId may."""
    async with asyncio.timeout(30):
        while True:
            try:
                answer: dict[str, Any] = await operation()
            except (httpx.TransportError, httpx.HTTPStatusError) as error:
                if isinstance(error, httpx.HTTPStatusError) and error.response.status_code != 503:
                    raise
                await asyncio.sleep(0.02)
            else:
                return answer


async def write(node: RunningNode, seed: int, done: Acknowledged, ending: asyncio.Event) -> None:
    """Make markers and comments until told to end; each command is tried until it is answered."""
    dice = random.Random(seed)
    async with node.client() as client:
        person = Person(client)
        await insist(partial(person.enter, PICTURES[0]))
        while not ending.is_set():
            picture, broadcast_id = dice.choice(PICTURES), str(uuid4())
            window = f"window-{broadcast_id}"
            made = await insist(partial(person.mark, picture, broadcastId=broadcast_id, windowUrlId=window))
            assert made["createdChatId"] not in done.markers
            done.markers[made["createdChatId"]] = made | {"picture": picture, "broadcastId": broadcast_id}
            done.add()
            comment_broadcast_id = str(uuid4())
            said = await insist(partial(person.comment, window, f"text {seed}", comment_broadcast_id))
            assert said["comment"]["_id"] not in done.comments
            done.comments[said["comment"]["_id"]] = said | {"broadcastId": comment_broadcast_id}
            done.add()


async def whole_history(node: RunningNode, person: Person, picture: str) -> list[dict[str, Any]]:
    """Every event of a room, by a resume from the beginning."""
    snapshot = await person.enter(picture)
    events: list[dict[str, Any]] = []
    async with open_live(live_url(node, snapshot, epoch="", seq=0)) as connection:
        hello = await next_message(connection)
        while len(events) < hello["seq"]:
            events += [event for event in await next_message(connection) if "seq" in event]
    return events


async def test_DUR1_SEQ1_RES1_a_node_that_is_killed_in_mid_burst_loses_nothing_and_repeats_nothing(
    tmp_path: Path,
) -> None:
    done, ending = Acknowledged(), asyncio.Event()
    with RunningNode(tmp_path / "data") as node:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(node.client())
            person = Person(client)
            viewers = [
                await stack.enter_async_context(Viewer(node, Person(client), picture))
                for picture in PICTURES
                for _ in range(4)
            ]
            writers = [asyncio.create_task(write(node, seed, done, ending)) for seed in range(WRITERS)]
            for _ in range(CYCLES):
                await done.reaches(done.count + BEFORE_THE_KILL)
                node.kill()
                await asyncio.to_thread(node.start)
            await done.reaches(done.count + BEFORE_THE_KILL)
            ending.set()
            await asyncio.gather(*writers)

            await every_acknowledged_command_is_there(person, done)
            for picture in PICTURES:
                await the_history_is_whole(node, person, picture, done)
            for viewer in viewers:
                await viewer.equals_a_fresh_snapshot()
                assert viewer.connected == CYCLES + 1
                assert viewer.resets == 0
                assert len(viewer.seen) == viewer.state.seq  # from the first event on: none is missing


async def every_acknowledged_command_is_there(person: Person, done: Acknowledged) -> None:
    found = {
        conversation["_id"]: conversation | {"picture": picture}
        for picture in PICTURES
        for conversation in (await person.enter(picture))["conversations"]
    }
    assert found.keys() == done.markers.keys()
    for marker_id, made in done.markers.items():
        assert found[marker_id]["picture"] == made["picture"]
    windows = {said["comment"]["urlId"] for said in done.comments.values()}
    comments = {comment["_id"]: comment for window in windows for comment in (await person.thread(window))["comments"]}
    assert comments == {comment_id: said["comment"] for comment_id, said in done.comments.items()}


async def the_history_is_whole(node: RunningNode, person: Person, picture: str, done: Acknowledged) -> None:
    events = await whole_history(node, person, picture)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    times = [event["timestamp"] for event in events]
    assert times == sorted(set(times))  # SEQ2
    causes = [event["broadcastId"] for event in events]
    assert len(causes) == len(set(causes))  # IDEM1: one effect for all the tries of a command
    here = [made for made in done.markers.values() if made["picture"] == picture]
    assert {made["broadcastId"] for made in here} <= set(causes)
    by_cause = {event["broadcastId"]: event for event in events}
    for made in here:
        assert by_cause[made["broadcastId"]]["seq"] == made["seq"]
        assert by_cause[made["broadcastId"]]["timestamp"] == made["timestamp"]


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
