"""Thousands who begin and never end: they are cut off when their time is over, and nobody else notices."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest

from live_clients import Person, Viewer, live_url
from live_fakes import until
from proc import connections, forget_peak, memory_kb
from running import TENANT, RunningNode

CROWD = 2_000
BEGINNINGS = [
    b"",
    b"G",
    b"GET /comment-image-chats/demo?urlId=x HTTP/1.1\r\nHost: te",
    b"GET /sub?urlId=x HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgr",
    f"POST /comment-image-chats/{TENANT} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
    "Content-Length: 500\r\n\r\n{".encode(),
    b"\r\n\r\n",
]
IMPATIENT = {"IMAGECHAT_REQUEST_SECONDS": "2"}

Socket = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    with RunningNode(tmp_path_factory.mktemp("node"), environment=IMPATIENT) as running:
        yield running


async def open_socket(node: RunningNode, beginning: bytes) -> Socket:
    reader, writer = await asyncio.open_connection("127.0.0.1", node.port)
    writer.write(beginning)
    return reader, writer


async def is_cut_off(socket: Socket) -> None:
    """Wait for the server to end a connection, one way or the other."""
    reader, writer = socket
    with suppress(ConnectionError):
        async with asyncio.timeout(30):
            while await reader.read(65_536):
                pass
    writer.transport.abort()


async def dribble(socket: Socket, text: bytes) -> None:
    """Send a request byte by byte, with a pause after each, until cut off."""
    _, writer = socket
    end = asyncio.create_task(is_cut_off(socket))
    for byte in text:
        writer.write(bytes([byte]))
        await asyncio.wait({end}, timeout=0.25)
        if end.done():
            return
    pytest.fail("it was given all the time it wanted")


async def test_thousands_of_half_open_sockets_end_in_time_and_harm_nobody(node: RunningNode) -> None:
    async with node.client() as client:
        person = Person(client)
        async with Viewer(node, Person(client), "one") as viewer:
            crowd: list[Socket] = []
            for start in range(0, CROWD, 200):
                crowd += await asyncio.gather(
                    *[open_socket(node, BEGINNINGS[index % len(BEGINNINGS)]) for index in range(start, start + 200)]
                )
                await person.mark("one", comment={"comment": "still here", "commenterName": "Anna"})
            await viewer.equals_a_fresh_snapshot()
            await asyncio.gather(*[is_cut_off(socket) for socket in crowd])
            await person.mark("one")
            await viewer.equals_a_fresh_snapshot()
            assert viewer.connected == 1
    await until(lambda: connections(node) == 0)


async def test_requests_and_handshakes_that_dribble_are_cut_off(node: RunningNode) -> None:
    async with node.client() as client:
        address = live_url(node, await Person(client).enter("one")).removeprefix(node.ws_url)
    handshake = f"GET {address} HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    body = f"POST /comment-image-chats/{TENANT} HTTP/1.1\r\nHost: test\r\nContent-Length: 5000\r\n\r\n"
    await asyncio.gather(
        dribble(await open_socket(node, b""), handshake.encode()),
        dribble(await open_socket(node, handshake.encode()), b"X-More: " + b"x" * 400),
        dribble(await open_socket(node, body.encode()), b"x" * 400),
        dribble(await open_socket(node, b""), b"\r\n" * 400),
    )


@pytest.mark.parametrize("query", ["", "?urlId=x", "?urlId=x&userIdWS=y&tenantIdWS=z&epoch=e&seq=x"])
@pytest.mark.parametrize("more", [b"", b"\x81\x80\x00\x00\x00\x00" * 40], ids=["silent", "empty texts"])
async def test_a_refused_handshake_whose_client_never_answers_is_cut_off(
    node: RunningNode, query: str, more: bytes
) -> None:
    handshake = (
        f"GET /sub{query} HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        "Sec-WebSocket-Protocol: imagechat.v1\r\n\r\n"
    )
    socket = await open_socket(node, handshake.encode())
    await asyncio.wait_for(socket[0].readuntil(b"\r\n\r\n"), 10)
    if more:
        await dribble(socket, more)
    else:
        await is_cut_off(socket)


async def test_a_client_that_breaks_the_rules_and_never_answers_leaves_its_room_and_is_cut_off(
    node: RunningNode,
) -> None:
    async with node.client() as client:
        person = Person(client)
        address = live_url(node, await person.enter("rules")).removeprefix(node.ws_url)
        handshake = (
            f"GET {address} HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Protocol: imagechat.v1\r\n\r\n"
        )
        socket = await open_socket(node, handshake.encode())
        await asyncio.wait_for(socket[0].readuntil(b'"hello"'), 10)
        socket[1].write(b"\x82\x80\x00\x00\x00\x00")  # binary
        await is_cut_off(socket)


async def test_trailers_without_an_end_are_cut_off_before_they_fill_the_memory(node: RunningNode) -> None:
    async with node.client() as client:
        await client.get("/healthz")
    before = memory_kb(node)
    forget_peak(node)
    head = b"POST /x HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
    for beginning, more in [
        (b"0\r\n", b"x: y\r\n" * 10_000),
        (b"0\r\nX: ", b"x" * 60_000),
        (b"5;", b"x" * 60_000),
    ]:
        _, writer = socket = await open_socket(node, head + beginning)
        end = asyncio.create_task(is_cut_off(socket))
        with suppress(ConnectionError):
            async with asyncio.timeout(20):
                while not end.done():
                    writer.write(more)
                    await writer.drain()
                    await asyncio.sleep(0)
        await end
    assert memory_kb(node, "VmHWM") - before < 16 * 1024


async def test_a_body_in_the_smallest_chunks_is_read(node: RunningNode) -> None:
    body = b'{"urlId":"p","broadcastId":"chunks","x":1,"y":2,"pageTitle":"' + b"t" * 2_000 + b'"}'
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    head = f"POST /comment-image-chats/{TENANT} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
    reader, writer = await open_socket(node, head.encode())
    for start in range(0, len(chunks), 100):
        writer.write(chunks[start : start + 100])
        await writer.drain()
    assert (await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_line_breaks_after_an_answer_do_not_keep_a_connection(node: RunningNode) -> None:
    sockets = [await open_socket(node, b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n") for _ in range(3)]
    for (reader, writer), more in zip(sockets, [b"\r\n", b"\r\n\r\n", b"G"], strict=True):
        await asyncio.wait_for(reader.readuntil(b'"ok"}'), 10)
        writer.write(more)
    await asyncio.gather(*[is_cut_off(socket) for socket in sockets])


async def test_a_connection_that_is_used_again_and_again_is_not_cut_off(node: RunningNode) -> None:
    reader, writer = await open_socket(node, b"")
    loop = asyncio.get_running_loop()
    end = loop.time() + 4  # twice what one request is given
    while loop.time() < end:
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n")
        await asyncio.wait_for(reader.readuntil(b'"ok"}'), 10)
    writer.close()


async def test_a_head_without_an_end_is_cut_off_before_it_fills_the_memory(node: RunningNode) -> None:
    async with node.client() as client:
        await client.get("/healthz")
    before = memory_kb(node)
    forget_peak(node)
    for beginning in (b"GET /", b"GET / HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\n"):
        _, writer = socket = await open_socket(node, beginning)
        end = asyncio.create_task(is_cut_off(socket))
        more = b"x: y\r\n" * 10_000 if beginning.endswith(b"\r\n") else b"x" * 60_000
        with suppress(ConnectionError):
            async with asyncio.timeout(20):
                while not end.done():
                    writer.write(more)
                    await writer.drain()
                    await asyncio.sleep(0)
        await end
    assert memory_kb(node, "VmHWM") - before < 16 * 1024
