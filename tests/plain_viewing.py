"""Viewers in the plain framing, on one node or from node to node."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from websockets.asyncio.client import ClientConnection

from live_clients import Viewer, live_url


@dataclass
class PlainViewer(Viewer):
    """The same in the plain framing, which cannot resume: what it missed it reads from the event log.

    What comes on one connection must follow without a gap (RES1).
    """

    v1: ClassVar[bool] = False

    def _address(self) -> str:
        return live_url(self.node, self._snapshot)

    async def _listen(self, connection: ClientConnection) -> None:
        last: int | None = None
        message = await self._first(connection)
        while True:
            event = msgspec.json.decode(message)
            if event["type"] == "reset":
                last = None
            if "seq" in event and event["type"] != "reset":
                assert last is None or event["seq"] == last + 1, f"{event['seq']} came after {last}"
                last = int(event["seq"])
                if last > self.state.seq + 1:
                    await self._read_log()
                if last > self.state.seq:
                    await self._take(event)
            else:
                await self._take(event)
            message = await connection.recv()

    async def _first(self, connection: ClientConnection) -> str | bytes:
        """Wait for the first frame, which proves that nothing is missed from here on, and read what came before."""
        self.live.set()
        while True:
            try:
                message = await asyncio.wait_for(connection.recv(), 1)
            except TimeoutError:
                await self._read_log()
            else:
                await self._read_log()
                return message

    async def _read_log(self) -> None:
        ticket = self._snapshot["userIdWS"]
        while True:
            page = await self.person.log(self.picture, ticket, self.state.seq)
            for each in page["events"]:
                await self._take(msgspec.json.decode(each["data"]))
            if page["nextSeq"] is None:
                return
