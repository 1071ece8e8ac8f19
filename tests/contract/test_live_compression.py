"""Compressed frames (permessage-deflate) on a real socket, for a client of a library that is not the product's own."""

import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.extensions import ClientExtensionFactory
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate
from websockets.frames import Frame, Opcode

from imagechat.live.session import CLIENT_FRAME_BYTES
from live_clients import V1, Person, close_code, live_url, new_picture, next_event
from running import RunningNode

LONG = "the same words again and again, " * 50


@pytest.fixture(scope="module")
def compressing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    data: Path = tmp_path_factory.mktemp("node")
    with RunningNode(data, environment={"IMAGECHAT_COMPRESSION": "on"}) as running:
        yield running


@pytest.fixture
async def anna(compressing: RunningNode) -> AsyncIterator[Person]:
    async with compressing.client() as http:
        yield Person(http)


def come(url: str, *, v1: bool = True, offers: Sequence[ClientExtensionFactory] | None = None) -> connect:
    """Connect as clients do that compress: with the library's own offer, or with others."""
    subprotocols = V1 if v1 else None
    if offers is None:
        return connect(url, subprotocols=subprotocols, compression="deflate", proxy=None)
    return connect(url, subprotocols=subprotocols, compression=None, extensions=offers or None, proxy=None)


def agreed(connection: ClientConnection) -> PerMessageDeflate | None:
    found = connection.protocol.extensions
    assert len(found) <= 1
    return found[0] if found and isinstance(found[0], PerMessageDeflate) else None


@pytest.mark.parametrize("v1", [True, False])
async def test_BAT2_a_client_that_offers_compression_gets_it_and_every_event(
    compressing: RunningNode, anna: Person, *, v1: bool
) -> None:
    picture = new_picture()
    async with come(live_url(compressing, await anna.enter(picture)), v1=v1) as connection:
        deflate = agreed(connection)
        assert deflate is not None
        assert (deflate.remote_no_context_takeover, deflate.local_no_context_takeover) == (True, True)
        if v1:
            await connection.recv()  # hello
        for number in range(3):
            await anna.mark(picture, comment={"comment": f"{number} {LONG}", "commenterName": "Anna"})
            event = await next_event(connection)
            assert event["seq"] == number + 1
            assert event["comment"]["comment"] == f"{number} {LONG}".strip()
        await connection.send("some text of the client's, compressed too " * 20)
        await connection.ping()


async def test_BAT2_those_who_compress_and_those_who_do_not_see_the_same(
    compressing: RunningNode, anna: Person
) -> None:
    picture = new_picture()
    url = live_url(compressing, await anna.enter(picture))
    async with come(url) as small, come(url, offers=[]) as plain:
        assert agreed(plain) is None
        for connection in (small, plain):
            await connection.recv()
        await anna.mark(picture, comment={"comment": LONG, "commenterName": "Anna"})
        assert await next_event(small) == await next_event(plain)


async def test_RES1_a_resume_is_compressed_too(compressing: RunningNode, anna: Person) -> None:
    picture = new_picture()
    snapshot = await anna.enter(picture)
    for number in range(3):
        await anna.mark(picture, comment={"comment": f"{number} {LONG}", "commenterName": "Anna"})
    async with come(live_url(compressing, snapshot, epoch=snapshot["epoch"], seq=0)) as connection:
        await connection.recv()
        message = await connection.recv()
        assert str(message).count('"new-image-chat"') == 3


@pytest.mark.parametrize("size", [100_000, 10_000_000])
async def test_what_inflates_to_more_than_a_client_may_send_closes_with_1009(
    compressing: RunningNode, anna: Person, size: int
) -> None:
    async with come(live_url(compressing, await anna.enter(new_picture()))) as connection:
        deflated = zlib.compressobj(9, wbits=-15)
        bomb = deflated.compress(bytes(size)) + deflated.flush(zlib.Z_SYNC_FLUSH)[:-4]
        assert len(bomb) < CLIENT_FRAME_BYTES or size > 100_000
        header = Frame(Opcode.TEXT, bomb).serialize(mask=True)
        connection.transport.write(bytes([header[0] | 0x40]) + header[1:])  # RSV1: compressed
        assert await close_code(connection) == 1009


async def test_an_offer_with_a_smaller_window_than_the_shared_one_gets_no_compression_or_the_next_offer(
    compressing: RunningNode, anna: Person
) -> None:
    url = live_url(compressing, await anna.enter(new_picture()))
    small, usual = ClientPerMessageDeflateFactory(server_max_window_bits=10), ClientPerMessageDeflateFactory()
    async with come(url, offers=[small]) as connection:
        assert agreed(connection) is None
    async with come(url, offers=[small, usual]) as connection:
        assert agreed(connection) is not None


async def test_compression_is_off_unless_it_is_asked_for(shared_node: RunningNode) -> None:
    async with shared_node.client() as http, come(live_url(shared_node, await other(http))) as connection:
        assert agreed(connection) is None


async def other(http: httpx.AsyncClient) -> dict[str, str]:
    return await Person(http).enter(new_picture())
