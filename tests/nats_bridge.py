"""Between nodes and NATS: passes on what they say, or is cut, or falls silent, or loses and shuffles messages."""

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any, Self

Meddler = Callable[[str, bytes], list[bytes]]
"""Takes a message's subject and its frame, and returns the frames that a node gets in its place."""


class NodesBridge:
    """A node's ways to all NATS servers. What is changed holds when the call returns."""

    def __init__(self, loop: asyncio.AbstractEventLoop, servers: Sequence[int]) -> None:
        self.meddler: Meddler | None = None
        self._loop = loop
        self._servers = servers
        self._ports: list[int] = []
        self._listening: list[asyncio.Server] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_cut = False
        self._flows = asyncio.Event()

    @property
    def url(self) -> str:
        """What the node's `IMAGECHAT_BUS_URL` takes."""
        return ",".join(f"nats://127.0.0.1:{port}" for port in self._ports)

    def cut(self) -> None:
        """End all connections, and take no new ones."""
        self._run(self._cut())

    def silence(self) -> None:
        """Carry nothing either way, as a network does that has lost its route; connections stay open."""
        self._run(self._set_flow(flows=False))

    def heal(self) -> None:
        """Carry everything again, what had to wait first."""
        self._run(self._set_flow(flows=True))

    async def open(self) -> None:
        await self._set_flow(flows=True)
        for server in self._servers:
            listening = await asyncio.start_server(partial(self._carry, server), "127.0.0.1", 0)
            self._listening.append(listening)
            self._ports.append(listening.sockets[0].getsockname()[1])

    async def close(self) -> None:
        await self._cut()
        for listening in self._listening:
            listening.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _cut(self) -> None:
        self._is_cut = True
        for writer in list(self._writers):
            writer.transport.abort()

    async def _set_flow(self, *, flows: bool) -> None:
        self._is_cut = False
        (self._flows.set if flows else self._flows.clear)()

    async def _carry(self, server: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        writers = {writer}
        with suppress(OSError, asyncio.IncompleteReadError):
            from_server, to_server = await asyncio.open_connection("127.0.0.1", server)
            writers.add(to_server)
            self._writers |= writers
            both = [self._carry_bytes(reader, to_server), self._carry_frames(from_server, writer)]
            tasks = [asyncio.ensure_future(each) for each in both]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self._writers -= writers
        for each in writers:
            each.transport.abort()

    async def _carry_bytes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await self._flows.wait()
            writer.write(data)
            await writer.drain()

    async def _carry_frames(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            frames = [line]
            if line.startswith(b"MSG "):
                words = line.split()
                frame = line + await reader.readexactly(int(words[-1]) + 2)
                frames = self.meddler(words[1].decode(), frame) if self.meddler is not None else [frame]
            await self._flows.wait()
            writer.writelines(frames)
            await writer.drain()


class Bridges:
    """One for each node, carried by a thread."""

    def __init__(self, servers: Sequence[int], nodes: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bridges", daemon=True)
        self.nodes = [NodesBridge(self._loop, servers) for _ in range(nodes)]

    def __enter__(self) -> Self:
        self._thread.start()
        for node in self.nodes:
            node._run(node.open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for node in self.nodes:
            node._run(node.close())
        asyncio.run_coroutine_threadsafe(self._rest(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _rest(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=5)


class Shuffler:
    """Loses some messages about rooms' events, and lets some come after those that follow them."""

    def __init__(self, seed: int, *, lost: float = 0.1, late: float = 0.2) -> None:
        self.lost = 0
        self.late = 0
        self._dice = random.Random(seed)
        self._chances = (lost, late)
        self._held: list[bytes] = []

    def __call__(self, subject: str, frame: bytes) -> list[bytes]:
        if not subject.endswith(".events"):
            return [frame]
        lost, late = self._chances
        rolled = self._dice.random()
        if rolled < lost:
            self.lost += 1
            return []
        if rolled < lost + late:
            self.late += 1
            self._held.append(frame)
            return []
        held, self._held = self._held, []
        self._dice.shuffle(held)
        return [frame, *held]
