"""What nodes tell each other of who is in the rooms that they share.

Each says all of it: when it changed, once a second at most, and every `AGAIN` seconds in any case. So a message that is
lost is made good by the next, and a node that died is forgotten when it has been silent.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from imagechat.bus.base import Bus, Told
from imagechat.live.delay import Delay
from imagechat.live.presence import NOBODY, Attendance, Others
from imagechat.live.timers import Timers
from imagechat.model.ids import RoomId

TOPIC = "presence"
AGAIN = 20.0
"""Seconds between two messages about a room in which nobody comes and goes."""
ANSWERED = 0.1
"""Seconds in which whoever was asked has answered."""
SILENT = 50.0
"""Seconds after which a node that says nothing of a room has nobody there: two messages may be lost."""
LOOKS = 5.0
"""Seconds between two looks whether a node is silent."""


class Message(msgspec.Struct, frozen=True, array_like=True):
    """Who is there; with `asks`, the others are to say the same."""

    connections: int
    count: int
    users: dict[str, str | None]
    asks: bool = False
    avatars: dict[str, str] = {}


class Room(Protocol):
    """A room as far as this goes."""

    id: RoomId
    attendance: Attendance


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Message)


class PresenceExchange:
    """Keeps the attendance of a node's rooms up to date with that on other nodes."""

    def __init__(
        self, bus: Bus, rooms: Mapping[RoomId, Room], changed: Callable[[RoomId], None], timers: Timers
    ) -> None:
        """Tell and hear over `bus` about `rooms`; `changed` is called with a room of which others told news."""
        self._bus = bus
        self._rooms = rooms
        self._changed = changed
        self._timers = timers
        self._told: dict[RoomId, Others] = {}
        self._open: dict[RoomId, Room] = {}
        self._asked: dict[RoomId, float] = {}
        self._heard: dict[tuple[RoomId, str], float] = {}
        self._again: Delay[RoomId] = Delay(AGAIN, timers, self._tell_again)
        self._silence: Delay[tuple[RoomId, str]] = Delay(LOOKS, timers, self._forget_silent)
        bus.hear_with(TOPIC, self._hear)

    def tell(self, room: Room) -> None:
        """Tell the others who is in a room here, if that is news; the first time they are asked for the same."""
        if self._bus.alone:
            return
        first = self._open.get(room.id) is not room  # one that was given up and opened again has heard of nobody yet
        if first:
            if room.id not in self._open:
                self._again.put(room.id)
            self._open[room.id] = room
            self._asked[room.id] = self._timers.time()
        if first or room.attendance.here() != self._told[room.id]:
            self._send(room, asks=first)

    async def ask(self, room: Room) -> None:
        """Have the others say who is there, where they were not asked yet; returns when they may have answered."""
        if self._bus.alone:
            return
        if self._open.get(room.id) is not room:
            self.tell(room)
        wait = self._asked[room.id] + ANSWERED - self._timers.time()
        if wait > 0:
            await asyncio.sleep(wait)

    def close(self) -> None:
        """Tell nothing any more, but that nobody is here."""
        for waiting in (self._again, self._silence):
            waiting.close()
        for room_id in self._told:
            self._bus.tell(TOPIC, _encoder.encode(Message(0, 0, {})), room_id)
        self._told.clear()
        self._open.clear()

    def _send(self, room: Room, *, asks: bool) -> None:
        here = self._told[room.id] = room.attendance.here()
        message = Message(here.connections, here.count, dict(here.users), asks, dict(here.avatars))
        self._bus.tell(TOPIC, _encoder.encode(message), room.id)

    def _hear(self, told: Told) -> None:
        room = None if told.room_id is None else self._rooms.get(told.room_id)
        if room is None:
            return
        try:
            message = _decoder.decode(told.data)
        except msgspec.MsgspecError:  # of a node of another version, which counts for itself
            return
        place = room.id, told.node
        if place not in self._heard:
            self._silence.put(place)
        self._heard[place] = self._timers.time()
        others = Others(message.connections, message.count, message.users, message.avatars)
        if others != room.attendance.others.get(told.node, NOBODY):
            room.attendance.hear(told.node, others)
            self._changed(room.id)
        if message.asks and room.id in self._told:
            self._send(room, asks=False)

    def _tell_again(self, room_id: RoomId) -> None:
        room = self._rooms.get(room_id)
        if room is None or not room.attendance.connections:  # whoever comes next is told of at once
            for known in (self._told, self._open, self._asked):
                known.pop(room_id, None)
            return
        self._again.put(room_id)
        self._send(room, asks=False)

    def _forget_silent(self, place: tuple[RoomId, str]) -> None:
        room_id, node = place
        room = self._rooms.get(room_id)
        if room is not None and self._timers.time() < self._heard[place] + SILENT:
            self._silence.put(place)
            return
        del self._heard[place]
        if room is not None and node in room.attendance.others:
            room.attendance.hear(node, NOBODY)
            self._changed(room_id)
