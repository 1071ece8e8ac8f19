"""A server as small as can be, for the benchmark's load to look at: it relays lines to WebSockets, with faults."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

ANSWER = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

Fault = Callable[[int, list[bytes]], list[bytes]]
"""What a subscriber, by its number, gets in place of these lines."""


class Relay:
    """Subscribers and what they are sent."""

    def __init__(self, fault: Fault, piece: int) -> None:
        self._fault = fault
        self._piece = piece
        self._subscribers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readline()
        if first.startswith(b"GET "):
            await reader.readuntil(b"\r\n\r\n")
            self._subscribers.append(writer)
            writer.write(ANSWER)
            await reader.read()
            return
        while first:
            await self._relay(first.rstrip(b"\n"))
            first = await reader.readline()

    async def _relay(self, line: bytes) -> None:
        for number, subscriber in enumerate(self._subscribers):
            data = b"".join(
                b"\x81\x7e" + len(event).to_bytes(2, "big") + event for event in self._fault(number, [line])
            )
            for at in range(0, len(data), self._piece):
                subscriber.write(data[at : at + self._piece])
                await subscriber.drain()
                await asyncio.sleep(0)


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[int]:
    """Serve on a free port, which is given; leave nothing open."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await serve(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve_and_close, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        if tasks:
            await asyncio.wait(tasks, timeout=5)


def relaying(fault: Fault, piece: int = 1 << 20) -> AbstractAsyncContextManager[int]:
    """Run a relay and give its port; `piece` is how many bytes it writes at once."""
    return listening(Relay(fault, piece).serve)
