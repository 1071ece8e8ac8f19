"""Bytes that mean nothing, wherever bytes may come: a clean end for their sender, nothing for anybody else."""

import asyncio
import random
import socket
import struct
from pathlib import Path
from typing import Any

from websockets.frames import Frame, Opcode

from live_clients import Person, Viewer, live_url, raw_live
from live_fakes import parse_frames, until
from proc import connections
from running import RunningNode

SEED = 20_240
ROUNDS = 40


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """What the server sent until it ended the connection."""
    received = b""
    try:
        async with asyncio.timeout(20):
            while more := await reader.read(65_536):
                received += more
    except ConnectionResetError:
        pass
    return received


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a crashed client's system does."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def some_frame(dice: random.Random) -> bytes:
    """A frame that is well-formed or nearly so."""
    opcode = dice.choice(list(Opcode))
    data = dice.randbytes(dice.choice([0, 1, 2, 125] if opcode.value & 8 else [0, 1, 2, 125, 126, 5000]))
    fin = bool(opcode.value & 8) or dice.random() < 0.7
    frame = bytearray(Frame(opcode, data, fin=fin).serialize(mask=dice.random() < 0.9))
    if dice.random() < 0.3:
        frame[dice.randrange(min(len(frame), 4))] ^= 1 << dice.randrange(8)
    return bytes(frame)


async def garbage_instead_of_http(node: RunningNode, dice: random.Random) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", node.port)
    kind = dice.choice(
        [b"", b"GET ", b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"PRI * HTTP/2.0\r\n\r\n"]
    )
    writer.write(kind + dice.randbytes(dice.randrange(1, 3000)) + b"\r\n\r\n")
    received = await read_all(reader)
    assert not received or received.startswith(b"HTTP/1.1 4")
    writer.close()


async def garbage_after_the_handshake(node: RunningNode, snapshot: dict[str, Any], dice: random.Random) -> None:
    reader, writer = await raw_live(node, snapshot)
    while not writer.is_closing() and dice.random() < 0.95:
        writer.write(dice.randbytes(dice.randrange(1, 200)) if dice.random() < 0.5 else some_frame(dice))
    if dice.random() < 0.3:
        reset(writer)
        return
    writer.write_eof()
    codes = [frame.data[:2] for frame in parse_frames(await read_all(reader)) if frame.opcode is Opcode.CLOSE]
    assert len(codes) <= 1
    writer.close()


async def garbage_in_the_same_breath(node: RunningNode, snapshot: dict[str, Any], dice: random.Random) -> None:
    after = dice.choice([some_frame(dice), dice.randbytes(300), Frame(Opcode.CLOSE, b"").serialize(mask=True)])
    reader, writer = await raw_live(node, snapshot, after=after)
    writer.write_eof()
    await read_all(reader)
    writer.close()


async def garbage_as_a_handshake(node: RunningNode, snapshot: dict[str, Any], dice: random.Random) -> None:
    address = live_url(node, snapshot).removeprefix(node.ws_url)
    method = dice.choice(["GET", "POST", "OPTIONS"])
    lines = [
        f"{method} {address}{dice.choice(['', '&seq=x', '&%FF=%', '&' * 500, '&urlId=~other'])} HTTP/1.1",
        "Host: test",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Version: {dice.choice(['13', '8', 'x', ''])}",
        f"Sec-WebSocket-Key: {dice.choice(['', 'x', 'AAAAAAAAAAAAAAAAAAAAAA==', '=' * 24])}",
        f"Sec-WebSocket-Protocol: {dice.choice(['imagechat.v1', ',', 'a b', 'ü'])}",
        f"Sec-WebSocket-Extensions: {dice.choice(['', 'permessage-deflate', ';;;', 'x; y='])}",
    ]
    if dice.random() < 0.3:
        lines.pop(dice.randrange(1, len(lines)))
    reader, writer = await asyncio.open_connection("127.0.0.1", node.port)
    writer.write("\r\n".join([*lines, "", ""]).encode())
    writer.write_eof()
    received = await read_all(reader)
    assert not received or received.startswith((b"HTTP/1.1 4", b"HTTP/1.1 101 ", b"HTTP/1.1 200 ", b"HTTP/1.1 204 "))
    writer.close()


async def half_a_body(node: RunningNode, dice: random.Random) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", node.port)
    writer.write(b"POST /comment-image-chats/demo HTTP/1.1\r\nHost: test\r\nContent-Length: 500\r\n\r\n{")
    await writer.drain()
    if dice.random() < 0.5:
        reset(writer)
        return
    writer.write_eof()
    await read_all(reader)
    writer.close()


async def test_garbage_harms_nobody_and_leaves_neither_secrets_nor_faults_in_the_log(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_REQUEST_SECONDS": "3"}) as node:
        async with node.client() as client:
            person = Person(client)
            snapshot = await person.enter("one")
            async with Viewer(node, Person(client), "one") as viewer:
                for _ in range(ROUNDS):
                    await asyncio.gather(
                        garbage_instead_of_http(node, dice),
                        garbage_after_the_handshake(node, snapshot, dice),
                        garbage_after_the_handshake(node, snapshot, dice),
                        garbage_in_the_same_breath(node, snapshot, dice),
                        garbage_as_a_handshake(node, snapshot, dice),
                        half_a_body(node, dice),
                        person.mark("one"),
                    )
                await viewer.equals_a_fresh_snapshot()
                assert viewer.connected == 1
                assert viewer.state.seq == ROUNDS
        await until(lambda: connections(node) == 0)
        assert node.stop() == 0
        log = "".join(node.output)
        for secret in (
            snapshot["userIdWS"],
            snapshot["user"]["sessionId"],
            person.session,
            snapshot["urlIdWS"],
            "userIdWS",
            "urlId=",
            (node.data / "secret-key").read_text().strip(),
        ):
            assert secret not in log
        assert "Traceback" not in log
        assert "ERROR" not in log
