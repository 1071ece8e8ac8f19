"""A node with a door that only the benchmark has: lines that come in are published to its bus as ready events.

What is measured through it is the live channel without storage: bus, hub, outboxes, sockets.
"""

import asyncio
import sys
from functools import partial

import click

from bench.node import TENANT
from imagechat.bus.base import Bus, RoomEvents
from imagechat.live.hub import Hub
from imagechat.model.ids import RoomId, room_id
from imagechat.node import run_node
from imagechat.settings import load_settings
from imagechat.store.read_rooms import Log, read_tail
from imagechat.wiring import Parts

PICTURE = "picture"


class Door(asyncio.Protocol):
    """Takes events of one room, a line each; their seq rises by one.

    What comes before anybody is in the room is left out: no log holds it, and whoever came later would wait for it.
    """

    def __init__(self, hub: Hub, room: RoomId, log: Log) -> None:
        self._rooms = hub.rooms
        self._bus: Bus = hub._bus  # noqa: SLF001 -- no product code needs it from here
        self._room = room
        self._log = log
        self._seq = 0
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        """Publish the whole lines that are here, as a group commit would."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if lines and self._room in self._rooms:
            events = tuple(enumerate(lines, self._seq + 1))
            self._seq += len(lines)
            self._bus.publish(RoomEvents(self._room, self._log.epoch, events, self._log.access))


async def open_door(parts: Parts, address: str) -> None:
    """Listen beside the node and say where."""
    room = room_id(TENANT, PICTURE)
    log = await parts.services.database.read(partial(read_tail, room_id=room, limit=1))
    hub = parts.services.hub
    server = await asyncio.get_running_loop().create_server(lambda: Door(hub, room, log), "127.0.0.1", 0)
    click.echo(f"{address} door {server.sockets[0].getsockname()[1]}")


if __name__ == "__main__":
    run_node(load_settings(data=sys.argv[1], port=0), demo=False, when_started=open_door)
