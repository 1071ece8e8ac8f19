"""SIGTERM: what was taken is finished, everybody is told to come back, and the process ends well."""

import asyncio
import json
import os
import signal
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from live_clients import Person, Viewer, close_code, live_url, open_live
from live_fakes import until
from running import TENANT, RunningNode

DRAIN_SECONDS = 2.0


async def stops_listening(node: RunningNode) -> None:
    """Wait until the node has understood the signal; it is never ready meanwhile."""
    async with asyncio.timeout(20):
        while True:
            try:
                async with node.client() as client:
                    answer = await client.get("/readyz")
            except httpx.TransportError:
                return
            # the signal may not have been delivered yet; after it was, the node says that it is not ready
            assert answer.status_code in {200, 503}


async def test_a_stopping_node_tells_everybody_to_come_back_one_after_the_other(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_DRAIN_SECONDS": str(DRAIN_SECONDS)}) as node:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(node.client())
            assert (await client.get("/readyz")).status_code == 200
            snapshot = await Person(client).enter("one")
            connections = [
                await stack.enter_async_context(open_live(live_url(node, snapshot), v1=index % 2 == 0))
                for index in range(60)
            ]
            waiting = [asyncio.create_task(close_code(connection, 30)) for connection in connections]
            stopping = asyncio.create_task(asyncio.to_thread(node.stop))
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            # when the first is told, others are still served
            assert any(await asyncio.gather(*[is_served(connection) for connection in connections]))
            assert await asyncio.gather(*waiting) == [1012] * 60
            assert await stopping == 0


async def is_served(connection: ClientConnection) -> bool:
    try:
        await (await connection.ping())
    except ConnectionClosed:
        return False
    return True


async def test_DUR1_commands_in_flight_are_answered_before_a_node_ends(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data") as node:
        ids = [str(uuid4()) for _ in range(20)]
        halves = [await half_a_create(node, broadcast_id) for broadcast_id in ids]
        stopping = asyncio.create_task(asyncio.to_thread(node.stop))
        await stops_listening(node)
        answers = []
        for (reader, writer), rest in halves:
            writer.write(rest)
            answers.append(await asyncio.wait_for(reader.read(), 20))
            writer.close()
        assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers)
        assert await stopping == 0
        node.start()
        async with node.client() as client:
            snapshot = await Person(client).enter("one")
        made = {json.loads(answer.partition(b"\r\n\r\n")[2])["createdChatId"] for answer in answers}
        assert {conversation["_id"] for conversation in snapshot["conversations"]} == made
        assert (snapshot["seq"], len(made)) == (20, 20)


async def is_leaving(node: RunningNode) -> None:
    """Wait until the node, which still listens, says that it is not ready."""
    async with asyncio.timeout(20), node.client() as client:
        while (await client.get("/readyz")).status_code != 503:
            pass
        assert (await client.get("/healthz")).status_code == 200


async def test_a_leaving_node_is_not_ready_and_still_serves_who_is_there_and_who_comes(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_LEAVE_SECONDS": "300"}) as node:
        async with node.client() as client, Viewer(node, Person(client), "one") as there:
            os.kill(node.pid, signal.SIGTERM)
            await is_leaving(node)
            async with node.client() as another, Viewer(node, Person(another), "one") as came:
                await Person(another).mark("one")
                for viewer in (there, came):
                    await viewer.reaches(1)
                    await viewer.equals_a_fresh_snapshot()
                    assert viewer.close_codes == []
        # a second signal does not wait for the five minutes
        assert await asyncio.to_thread(node.stop) == 130


async def test_DUR1_a_node_that_has_left_drains_and_finishes_what_it_took_on_the_way(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_LEAVE_SECONDS": "3"}) as node:
        async with node.client() as client:
            snapshot = await Person(client).enter("one")
        async with open_live(live_url(node, snapshot)) as connection:
            stopping = asyncio.create_task(asyncio.to_thread(node.stop))
            await is_leaving(node)
            (reader, writer), rest = await half_a_create(node, str(uuid4()))
            assert await close_code(connection, 30) == 1012
            writer.write(rest)
            answer = await asyncio.wait_for(reader.read(), 20)
            writer.close()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert await stopping == 0
        node.start()
        async with node.client() as client:
            assert (await Person(client).enter("one"))["seq"] == 1


async def half_a_create(
    node: RunningNode, broadcast_id: str
) -> tuple[tuple[asyncio.StreamReader, asyncio.StreamWriter], bytes]:
    """Send a command up to the middle of its body, and wait until the node has asked for the rest."""
    body = json.dumps({"urlId": "one", "broadcastId": broadcast_id, "x": 1, "y": 2}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", node.port)
    writer.write(
        f"POST /comment-image-chats/{TENANT} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode()
    )
    assert await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10) == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(body[:10])
    return (reader, writer), body[10:]


async def test_what_a_burst_was_told_while_a_node_stopped_is_true_after_it_started_again(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data") as node:
        acknowledged: set[str] = set()

        async def write() -> None:
            async with node.client() as client:
                person = Person(client)
                while True:
                    try:
                        acknowledged.add((await person.mark("one"))["createdChatId"])
                    except httpx.HTTPStatusError as error:
                        assert error.response.status_code == 503  # noqa: PT017 -- the only refusal there may be
                        return
                    except httpx.TransportError:
                        return

        writers = [asyncio.create_task(write()) for _ in range(10)]
        await until(lambda: len(acknowledged) >= 30)
        assert await asyncio.to_thread(node.stop) == 0
        await asyncio.gather(*writers)
        node.start()
        async with node.client() as client:
            snapshot = await Person(client).enter("one")
        there = {conversation["_id"] for conversation in snapshot["conversations"]}
        assert acknowledged <= there
        assert snapshot["seq"] == len(there)


async def test_RES1_viewers_come_back_after_a_restart_and_miss_nothing(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data") as node:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(node.client())
            person = Person(client)
            viewers = [await stack.enter_async_context(Viewer(node, Person(client), "one")) for _ in range(10)]
            for _ in range(3):
                await person.mark("one")
                assert await asyncio.to_thread(node.stop) == 0
                await asyncio.to_thread(node.start)
                await person.mark("one")
            for viewer in viewers:
                await viewer.reaches(6)
                await viewer.equals_a_fresh_snapshot()
                assert set(viewer.close_codes) <= {1012}
                assert viewer.resets == 0


async def test_clients_that_do_not_answer_a_close_do_not_keep_a_node_from_ending(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data") as node:
        async with node.client() as client:
            snapshot = await Person(client).enter("one")
        connection = await open_live(live_url(node, snapshot), ping_interval=None)
        connection.transport.pause_reading()
        assert await asyncio.to_thread(node.stop) == 0
        connection.transport.abort()


@pytest.mark.parametrize("v1", [True, False], ids=["v1", "plain"])
async def test_a_node_that_stops_while_clients_come_and_go_ends_all_the_same(tmp_path: Path, *, v1: bool) -> None:
    with RunningNode(tmp_path / "data") as node:
        async with node.client() as client:
            snapshot = await Person(client).enter("one")
        came = 0

        async def come_and_go() -> None:
            nonlocal came
            with suppress(OSError, EOFError, InvalidHandshake, ConnectionClosed):
                while True:
                    async with open_live(live_url(node, snapshot, epoch="", seq=0), v1=v1):
                        came += 1

        crowd = [asyncio.create_task(come_and_go()) for _ in range(30)]
        await until(lambda: came > 100)
        assert await asyncio.to_thread(node.stop) == 0
        await asyncio.gather(*crowd)
        assert "Traceback" not in "".join(node.output)
