"""A wire to PostgreSQL that can be cut when a commit has been carried out and its answer is on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from relaying import listening

COMMIT = b"COMMIT;\0"
"""As asyncpg sends it."""


class Wire:
    """Passes everything on, until it is told to cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.cuts = 0
        """How many of the next commits lose their answer."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._port)
        answers = asyncio.create_task(self._answer(from_server, writer))
        try:
            while data := await reader.read(1 << 16):
                cut = self.cuts and data.endswith(COMMIT)
                if cut:
                    self.cuts -= 1
                    answers.cancel()
                to_server.write(data)
                await to_server.drain()
                if cut:
                    await asyncio.wait({answers})
                    await from_server.read(1)  # what was asked for is done
                    return
        finally:
            answers.cancel()
            to_server.close()

    @staticmethod
    async def _answer(from_server: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await from_server.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def wire_to(port: int) -> AsyncIterator[tuple[Wire, int]]:
    """Run a wire to a port of this machine, and give it with its own port."""
    wire = Wire(port)
    async with listening(wire.serve) as own:
        yield wire, own
