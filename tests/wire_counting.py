"""Clients that count, on their own sockets, the data frames that pass and their bytes, whatever the node says."""

import asyncio
import os
import socket
import zlib
from base64 import b64encode
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from imagechat.live.frames import SUBPROTOCOL
from live_clients import live_url
from running import RunningNode

TEXT, CONT = 1, 0


class WireCounter:
    """Follows a room with the bare protocol: a parser of frames of its own, and a sum."""

    def __init__(
        self,
        node: RunningNode,
        snapshot: dict[str, Any],
        *,
        v1: bool = True,
        deflate: bool = False,
        sock: socket.socket | None = None,
        **more: Any,
    ) -> None:
        """Follow what a snapshot is of; `more` are parameters, `sock` is a connected socket to do it with."""
        self._url = urlsplit(live_url(node, snapshot, **more))
        self._v1, self._deflate, self._sock = v1, deflate, sock
        self.frames = self.size = 0
        """Data frames both ways, and what they were on the wire, headers included."""
        self.control = 0
        """Other frames."""
        self.reads = asyncio.Event()
        self.reads.set()
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._task: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        place = {"host": self._url.hostname, "port": self._url.port} if self._sock is None else {"sock": self._sock}
        self._reader, self._writer = await asyncio.open_connection(**place)
        asked = [
            f"GET {self._url.path}?{self._url.query} HTTP/1.1",
            f"Host: {self._url.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {b64encode(bytes(16)).decode()}",
        ]
        if self._v1:
            asked.append(f"Sec-WebSocket-Protocol: {SUBPROTOCOL}")
        if self._deflate:
            asked.append("Sec-WebSocket-Extensions: permessage-deflate")
        self._writer.write("\r\n".join([*asked, "", ""]).encode())
        head = await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), 20)
        assert head.startswith(b"HTTP/1.1 101 "), head
        assert (b"permessage-deflate" in head) is self._deflate
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._writer.close()

    @property
    def ended(self) -> bool:
        """Whether the node has ended the connection, and all that it sent was counted."""
        return self._task.done()

    def say(self, *parts: bytes, deflate: bool = False) -> None:
        """Send a text, in one frame or in several, as it is or compressed."""
        if deflate:
            packer = zlib.compressobj(wbits=-15)
            parts = ((packer.compress(b"".join(parts)) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4],)
        for number, part in enumerate(parts):
            first, last = number == 0, number == len(parts) - 1
            head = bytes([last << 7 | (deflate and first) << 6 | (TEXT if first else CONT)])
            length = bytes([0x80 | len(part)]) if len(part) < 126 else bytes([0xFE]) + len(part).to_bytes(2, "big")
            mask = os.urandom(4)
            frame = head + length + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(part))
            self._writer.write(frame)
            self.frames += 1
            self.size += len(frame)

    def ping(self) -> None:
        """Send a control frame, which is counted by nobody."""
        self._writer.write(bytes([0x89, 0x80, 0, 0, 0, 0]))

    async def _read(self) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await self.reads.wait()
                head = await self._reader.readexactly(2)
                size = head[1]  # a server's is not masked
                more = b""
                if size >= 126:
                    more = await self._reader.readexactly(2 if size == 126 else 8)
                    size = int.from_bytes(more, "big")
                await self._reader.readexactly(size)
                if head[0] & 0x0F in {TEXT, CONT}:
                    self.frames += 1
                    self.size += len(head) + len(more) + size
                else:
                    self.control += 1


def counted(clients: list[WireCounter]) -> tuple[int, int]:
    """Return the frames and the bytes of all of them."""
    return sum(client.frames for client in clients), sum(client.size for client in clients)
