"""Floods on the live channel: who makes one is told 4429 and when to come back; who is there already stays live.

All of a test's people come from this machine; a flood from elsewhere has another loopback address.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close, Frame, Opcode

from imagechat.live.doors import DoorLimits
from imagechat.model.principal import Principal
from imagechat.model.tokens import Tokens
from live_clients import Person, Viewer, live_url, new_picture, next_message, open_live, raw_live
from live_fakes import parse_frames, until
from proc import connections, forget_peak, memory_kb
from running import TENANT, RunningNode

KEY = "the key of these tests, long enough"
NEVER = 4_102_444_800_000
ELSEWHERE = ("127.0.0.2", 0)
LIMITS = DoorLimits()


@pytest.fixture
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    environment = {"IMAGECHAT_LIMITS": "on", "IMAGECHAT_SECRET_KEY": KEY}
    with RunningNode(tmp_path_factory.mktemp("node"), environment=environment) as running:
        yield running


def ticket(session: str) -> str:
    principal = Principal(tenant_id=TENANT, user_id=f"anon-{session}", session_id=session)
    return Tokens(KEY).ticket(principal, NEVER)


async def goodbye(connection: ClientConnection) -> Close:
    """Read until the server closes; what it said."""
    async with asyncio.timeout(15):
        with suppress(ConnectionClosed):
            while True:
                await connection.recv()
    assert connection.close_code is not None
    return Close(connection.close_code, connection.close_reason or "")


async def refused(url: str, **more: Any) -> Close:
    async with open_live(url, **more) as connection:
        return await goodbye(connection)


async def goodbye_on(reader: asyncio.StreamReader) -> Close:
    """The same of a socket without a client."""
    received = b""
    async with asyncio.timeout(20):
        while more := await reader.read(65_536):
            received += more
    [frame] = [frame for frame in parse_frames(received) if frame.opcode is Opcode.CLOSE]
    return Close.parse(frame.data)


async def test_a_flood_of_handshakes_from_one_address_is_told_to_wait_and_harms_nobody(node: RunningNode) -> None:
    async with node.client() as client:
        person = Person(client)
        snapshot = await person.enter("one")
        forged = live_url(node, snapshot, userIdWS="forged")
        async with Viewer(node, Person(client), "one") as viewer:
            answers: list[Close] = []
            for _ in range(8):
                answers += await asyncio.gather(*[refused(forged, local_addr=ELSEWHERE) for _ in range(25)])
                await person.mark("one")
            codes = [answer.code for answer in answers]
            assert set(codes) == {4401, 4429}
            assert codes.count(4401) >= LIMITS.unproven.count
            assert {answer.reason for answer in answers if answer.code == 4429} == {"too many: resume after 1 s"}
            await viewer.equals_a_fresh_snapshot()
            # a good ticket is not looked at either while its address floods; at another address it opens the door
            assert (await refused(live_url(node, snapshot), local_addr=ELSEWHERE)).code == 4429
            async with open_live(live_url(node, snapshot)) as newcomer:
                assert (await next_message(newcomer))["type"] == "hello"
            assert viewer.connected == 1
    await until(lambda: connections(node) == 0)


async def test_more_sockets_of_a_session_than_it_may_have_are_told_to_wait(node: RunningNode) -> None:
    async with node.client() as client, AsyncExitStack() as stack:
        url = live_url(node, await Person(client).enter("one"))
        opened = [await stack.enter_async_context(open_live(url)) for _ in range(LIMITS.sockets_per_session)]
        for connection in opened:
            assert (await next_message(connection))["type"] == "hello"
        assert await refused(url, local_addr=ELSEWHERE) == Close(4429, "too many: resume after 30 s")
        await opened[0].close()
        await until(lambda: connections(node) <= LIMITS.sockets_per_session)
        async with open_live(url) as again:
            assert (await next_message(again))["type"] == "hello"


async def test_more_sockets_of_an_address_than_it_may_have_are_told_to_wait(node: RunningNode) -> None:
    async with node.client() as client, AsyncExitStack() as stack:
        snapshot = await Person(client).enter("one")

        def url(number: int) -> str:
            return live_url(node, snapshot, userIdWS=ticket(f"session-{number}"))

        for start in range(0, LIMITS.sockets_per_address, 50):
            crowd = [open_live(url(number), local_addr=ELSEWHERE) for number in range(start, start + 50)]
            opened = await asyncio.gather(*[stack.enter_async_context(coming) for coming in crowd])
            for connection in opened:
                assert (await next_message(connection))["type"] == "hello"
        assert (await refused(url(-1), local_addr=ELSEWHERE)).code == 4429
        async with open_live(url(-1)) as neighbour:
            assert (await next_message(neighbour))["type"] == "hello"


async def is_told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, piece: bytes) -> int:
    """Send the same again and again until the server says goodbye; the code it gave."""
    end = asyncio.create_task(goodbye_on(reader))
    while not end.done():
        writer.write(piece)
        waiting = writer.transport.get_write_buffer_size()
        await asyncio.wait({end}, timeout=0.1 if waiting > 1_000_000 else 0.001)
    return (await end).code


FLOODS = {
    "empty texts": [Frame(Opcode.TEXT, b"")],
    "pings": [Frame(Opcode.PING, b"?")],
    "pongs": [Frame(Opcode.PONG, b"")],
    "large texts": [Frame(Opcode.TEXT, bytes(4_000).replace(b"\0", b"x"))],
    "a message of fragments without an end": [Frame(Opcode.CONT, b"", fin=False)],
}


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_client_that_sends_without_a_pause_is_told_to_wait_and_costs_nobody_anything(
    node: RunningNode, flood: str
) -> None:
    picture = new_picture()
    async with node.client() as client:
        person = Person(client)
        snapshot = await person.enter(picture)
        async with Viewer(node, Person(client), picture) as viewer:
            before = memory_kb(node)
            forget_peak(node)
            reader, writer = await raw_live(node, snapshot)
            if flood.startswith("a message"):
                writer.write(Frame(Opcode.TEXT, b"x", fin=False).serialize(mask=True))
            piece = b"".join(frame.serialize(mask=True) for frame in FLOODS[flood]) * 200
            assert await is_told(reader, writer, piece) == 4429
            writer.transport.abort()
            await person.mark(picture)
            await viewer.equals_a_fresh_snapshot()
            assert viewer.connected == 1
            assert memory_kb(node, "VmHWM") - before < 16 * 1024


async def test_a_client_that_sends_what_clients_send_stays(node: RunningNode) -> None:
    async with node.client() as client:
        person = Person(client)
        async with open_live(live_url(node, await person.enter("one")), v1=False) as connection:
            for _ in range(100):
                await connection.send("ping")
            await connection.ping()
            marked = await person.mark("one")
            event = await next_message(connection)
            while event["type"] == "p-u":
                event = await next_message(connection)
            assert event["conversation"]["_id"] == marked["createdChatId"]


async def test_a_client_that_is_told_to_wait_and_goes_on_is_cut_off(node: RunningNode) -> None:
    async with node.client() as client:
        reader, writer = await raw_live(node, await Person(client).enter("one"))
        piece = Frame(Opcode.PING, b"?").serialize(mask=True) * 200
        assert await is_told(reader, writer, piece) == 4429
        async with asyncio.timeout(15):
            while not writer.transport.is_closing():
                writer.write(piece)
                await asyncio.sleep(0.01)  # as fast as a flood needs to be
    await until(lambda: connections(node) == 0)


async def test_a_node_whose_limits_are_off_says_so_and_limits_nobody(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_LIMITS": "off"}) as node:
        await until(lambda: any("IMAGECHAT_LIMITS=off" in line for line in node.output))
        async with node.client() as client, AsyncExitStack() as stack:
            url = live_url(node, await Person(client).enter("one"))
            for _ in range(LIMITS.sockets_per_session + 1):
                connection = await stack.enter_async_context(open_live(url))
                assert (await next_message(connection))["type"] == "hello"
            for _ in range(2 * LIMITS.frames.count):
                await connection.send("ping")
            await asyncio.wait_for(await connection.ping(), 10)
