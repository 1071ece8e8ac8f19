"""The socket's side, in this process with real sockets, so that reads of the log can be held back or fail.

On both event loops: uvloop is what a node runs on, asyncio's own is what it runs on where there is none.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage

from imagechat.live import hub as hub_module
from imagechat.live import protocol as protocol_module
from imagechat.live.frames import SUBPROTOCOL, Framing
from imagechat.live.protocol import Live, LiveConnection
from imagechat.live.rights import Rights
from imagechat.live.session import JoinRequest
from imagechat.live.wheel import Wheel
from imagechat.model.addresses import Proxies
from imagechat.model.errors import GOING_AWAY
from imagechat.model.ids import room_id
from imagechat.model.principal import Principal
from imagechat.model.tokens import Tokens
from live_clients import V1, close_code, next_message
from live_fakes import Stage, settle, until

ROOM = room_id("demo", "picture")
NEVER = 4_102_444_800_000


class Node:
    """What of a node a live connection needs, and a door to it."""

    def __init__(self) -> None:
        self.connections: set[LiveConnection] = set()  # as uvicorn's state has them
        self.stage = Stage()
        self.wheel = Wheel(asyncio.get_running_loop().time)
        self.tokens = Tokens("key")
        self.live = Live(
            hub=self.stage.hub,
            rights=Rights(self.stage.standing),
            tokens=self.tokens,
            address=lambda tenant_id, network: f"{tenant_id} {network}",
            wheel=self.wheel,
            proxies=Proxies(),
            now=lambda: 1_000,
            counting=self.stage.counting,
            outbox_bytes=65_536,
            drain_seconds=0.0,
            ping_seconds=25.0,
            compression=False,
            say=lambda _room, _subscriber, text: self.said.append(text),
        )
        self.said: list[bytes] = []
        self.faults: list[dict[str, Any]] = []
        self.port = 0

    def come(self, **more: str | int) -> connect:
        ticket = self.tokens.ticket(Principal(tenant_id="demo", user_id="u", session_id="s"), NEVER)
        position = "".join(f"&{name}={value}" for name, value in more.items())
        url = f"ws://127.0.0.1:{self.port}/sub?urlId=picture&userIdWS={ticket}&tenantIdWS=demo{position}"
        return connect(url, subprotocols=V1, compression=None, proxy=None)

    async def is_empty(self) -> None:
        """Wait until nothing of any connection is left."""
        await until(lambda: not self.connections and not self.wheel._slots)
        await until(lambda: not self.stage.hub._rooms and not self.stage.hub._tasks)
        await settle()
        gc.collect()
        assert not any(isinstance(thing, LiveConnection) for thing in gc.get_objects())

    def stop(self) -> None:
        """Do what uvicorn does to its connections."""
        for connection in list(self.connections):
            connection.shutdown()


@asynccontextmanager
async def serving() -> AsyncIterator[Node]:
    node = Node()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: node.faults.append(context))
    server = await loop.create_server(lambda: LiveConnection(node.live, node), "127.0.0.1", 0)
    node.port = server.sockets[0].getsockname()[1]
    yield node
    server.close()
    await server.wait_closed()
    node.wheel.close()
    await node.stage.hub.close()
    assert node.faults == []


Scenario = Callable[[Callable[[Node], Awaitable[None]]], None]


@pytest.fixture(params=["uvloop", "asyncio"])
def play(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """Play a scenario on an event loop, with rooms that are forgotten as soon as they are empty."""
    monkeypatch.setattr(hub_module, "LINGER", 0.01)
    factory = uvloop.new_event_loop if request.param == "uvloop" else asyncio.new_event_loop

    def run(scenario: Callable[[Node], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with serving() as node:
                await scenario(node)

        work: Coroutine[Any, Any, None] = whole()
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(work)

    return run


def cut(connection: ClientConnection) -> None:
    connection.transport.abort()


def test_AUTH1_the_caller_is_the_peer_unless_a_trusted_proxy_tells_another(play: Scenario) -> None:
    async def scenario(node: Node) -> None:
        asked = JoinRequest(
            tenant_id="demo",
            url_id="picture",
            ticket="",
            framing=Framing.V1,
            position=None,
            host="test",
            origin=None,
            forwarded_for=("198.51.100.7",),
            forwarded_proto="",
        )
        async with node.come() as connection:
            await next_message(connection)
            [served] = node.connections
            assert served._caller(asked) == "127.0.0.1"
            node.live = served._live = replace(node.live, proxies=Proxies.parse("127.0.0.1"))
            assert served._caller(asked) == "198.51.100.7"

    play(scenario)


def test_connections_that_came_and_went_leave_nothing(play: Scenario) -> None:
    async def scenario(node: Node) -> None:
        for _ in range(3):
            crowd = await asyncio.gather(*[node.come() for _ in range(30)])
            for connection in crowd[:10]:
                cut(connection)
            await asyncio.gather(*[connection.close() for connection in crowd[10:]])
            crowd.clear()
        del connection
        await node.is_empty()

    play(scenario)


def test_a_connection_that_dies_while_its_room_is_read_leaves_nothing(play: Scenario) -> None:
    async def scenario(node: Node) -> None:
        node.stage.history.hold()
        connection = await node.come()
        await node.stage.history.reading.wait()
        cut(connection)
        await until(lambda: not node.connections)
        node.stage.history.open.set()
        await until(lambda: not node.stage.hub._tasks)
        assert (await node.stage.hub.present(ROOM))[0] == 0
        async with node.come() as other:
            assert (await next_message(other))["sc"] == 1
        await node.is_empty()

    play(scenario)


def test_a_connection_that_dies_while_it_resumes_from_the_log_leaves_nothing(play: Scenario) -> None:
    async def scenario(node: Node) -> None:
        node.stage.commit(100, size=4096, room_id=ROOM)
        async with node.come() as first:
            await next_message(first)
            node.stage.history.hold()
            connection = await node.come(epoch="e1", seq=1)
            await node.stage.history.reading.wait()
            cut(connection)
            await until(lambda: len(node.connections) == 1)
            node.stage.history.open.set()
        await node.is_empty()

    play(scenario)


@pytest.mark.parametrize("when", ["while the room is read", "while it resumes", "live"])
def test_a_node_that_stops_says_1012_to_every_connection(play: Scenario, when: str) -> None:
    async def scenario(node: Node) -> None:
        node.stage.commit(100, size=4096, room_id=ROOM)
        if when == "while the room is read":
            node.stage.history.hold()
        if when == "while it resumes":
            async with node.come() as first:
                await next_message(first)
                node.stage.history.hold()
                connection = await node.come(epoch="e1", seq=1)
                await node.stage.history.reading.wait()
        else:
            connection = await node.come(epoch="e1", seq=100)
        if when == "live":
            await next_message(connection)
        node.stop()
        assert await close_code(connection) == 1012
        node.stage.history.open.set()
        await node.is_empty()

    play(scenario)


def test_a_stop_that_finds_its_connection_gone_does_nothing(play: Scenario) -> None:
    async def scenario(node: Node) -> None:
        connection = await node.come()
        await next_message(connection)
        [served] = node.connections
        cut(connection)
        await until(lambda: not node.connections)
        served.close(GOING_AWAY)
        served.overflow()
        served.fail()
        assert served.look(0.0) == 0
        assert not served.send(b"x")
        del served
        await node.is_empty()

    play(scenario)


def test_a_room_that_cannot_be_read_closes_to_resume_and_works_again_later(
    play: Scenario, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(node: Node) -> None:
        node.stage.history.fails = True
        crowd = [await node.come() for _ in range(5)]
        assert [await close_code(connection) for connection in crowd] == [1011] * 5
        node.stage.history.fails = False
        async with node.come() as connection:
            assert (await next_message(connection))["type"] == "hello"

    with caplog.at_level(logging.CRITICAL):
        play(scenario)


def test_a_log_that_cannot_be_read_in_mid_resume_closes_to_resume(
    play: Scenario, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(node: Node) -> None:
        node.stage.commit(100, size=4096, room_id=ROOM)
        async with node.come() as first:
            assert (await next_message(first))["type"] == "hello"
            node.stage.history.fails = True
            assert await close_code(await node.come(epoch="e1", seq=1)) == 1011
            node.stage.commit(1, room_id=ROOM)
            assert [event["seq"] for event in await next_message(first)] == [101]
        node.stage.history.fails = False
        await node.is_empty()

    with caplog.at_level(logging.CRITICAL):
        play(scenario)


def test_RES1_who_joins_while_events_arrive_has_no_seam(play: Scenario) -> None:
    async def scenario(node: Node) -> None:
        node.stage.commit(5, room_id=ROOM)
        node.stage.history.hold()
        crowd = [await node.come(epoch="e1", seq=seq) for seq in range(6)]
        await node.stage.history.reading.wait()
        node.stage.commit(3, room_id=ROOM)
        node.stage.history.open.set()
        for position, connection in enumerate(crowd):
            seqs: list[int] = []
            assert (await next_message(connection))["type"] == "hello"
            while not seqs or seqs[-1] < 8:
                seqs += [event["seq"] for event in await next_message(connection) if "seq" in event]
            assert seqs == list(range(position + 1, 9))
            await connection.close()

    play(scenario)


def test_a_client_that_closes_first_gets_its_code_back(play: Scenario) -> None:
    async def scenario(node: Node) -> None:
        connection = await node.come()
        assert connection.subprotocol == SUBPROTOCOL
        await next_message(connection)
        await connection.close(3000)
        with pytest.raises(ConnectionClosed):
            await connection.recv()
        assert connection.close_code == 3000
        await node.is_empty()

    play(scenario)


def test_a_crowd_that_is_larger_than_may_wait_is_hung_up_on_and_may_come_again(
    play: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(node: Node) -> None:
        admission = node.stage.hub.admission
        monkeypatch.setattr(admission, "ask", admission._waiting.append)  # nobody's turn comes
        monkeypatch.setattr(protocol_module, "MOST_WAITING", 3)
        crowd = [asyncio.create_task(come(node)) for _ in range(5)]
        done, waiting = await asyncio.wait(crowd, timeout=10, return_when="FIRST_EXCEPTION")
        while len(done) < 2:
            more, waiting = await asyncio.wait(waiting, timeout=10, return_when="FIRST_EXCEPTION")
            done |= more
        assert [type(one.exception()) for one in done] == [InvalidMessage] * 2
        await until(lambda: admission.waiting == 3)
        monkeypatch.undo()
        admission._timers.call_later(0, admission._admit)
        for connection in await asyncio.gather(*waiting):
            assert (await next_message(connection))["type"] == "hello"
            await connection.close()

    async def come(node: Node) -> ClientConnection:
        return await node.come()

    play(scenario)
