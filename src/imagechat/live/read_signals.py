"""Tells a person's connections, on every node, what that person has read on another one, so that devices agree.

A signal may be lost: the next snapshot has it.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

import msgspec

from imagechat.bus.base import Bus, Told
from imagechat.live.delay import Delay
from imagechat.live.frames import HaveRead, encode_signal
from imagechat.live.room import LiveRoom, Subscriber
from imagechat.live.timers import LoopTimers, Timers
from imagechat.model.ids import RoomId
from imagechat.model.read_marks import ReadUpTo

PAUSE = 0.25
"""Seconds over which what was read in a room is gathered: a class that reads a new comment is one look at the room."""
TOPIC = "read"

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[str, int, dict[str, int]])


class ReadSignals:
    """What was just read in a node's rooms, by whom, until it is told."""

    def __init__(
        self, rooms: Mapping[RoomId, LiveRoom], bus: Bus, now: Callable[[], int], timers: Timers | None = None
    ) -> None:
        """Tell who is in `rooms`, and over `bus` the other nodes; `now` gives milliseconds since 1970."""
        self._rooms = rooms
        self._bus = bus
        self._now = now
        self._read: dict[RoomId, dict[str, ReadUpTo]] = {}
        self._telling: Delay[RoomId] = Delay(PAUSE, timers or LoopTimers(), self._tell)
        bus.hear_with(TOPIC, self._hear)

    def kept(self, room_id: RoomId, user_id: str, up_to: ReadUpTo) -> None:
        """Take that somebody has read a picture so far, by way of this node."""
        if not up_to.picture and not up_to.threads:
            return
        self._bus.tell(TOPIC, _encoder.encode((user_id, up_to.picture, dict(up_to.threads))), room_id)
        self._tell_soon(room_id, user_id, up_to)

    def close(self) -> None:
        """Tell nothing any more."""
        self._telling.close()

    def _hear(self, told: Told) -> None:
        with suppress(msgspec.MsgspecError):  # of a node of another version
            user_id, picture, threads = _decoder.decode(told.data)
            if told.room_id is not None:
                self._tell_soon(told.room_id, user_id, ReadUpTo(picture, threads))

    def _tell_soon(self, room_id: RoomId, user_id: str, up_to: ReadUpTo) -> None:
        room = self._rooms.get(room_id)
        if room is None or user_id not in room.attendance.connections:
            return
        if room_id not in self._read:
            self._telling.put(room_id)
        read = self._read.setdefault(room_id, {})
        read[user_id] = read.get(user_id, ReadUpTo()).further(up_to)

    def _tell(self, room_id: RoomId) -> None:
        read, room = self._read.pop(room_id), self._rooms.get(room_id)
        if room is None or room.failed:
            return
        for user_id, connections in _of_users(room.everybody, read).items():
            signal = HaveRead(timestamp=self._now(), read_up_to=read[user_id].as_wire())
            room.give(connections, encode_signal(signal))


def _of_users(subscribers: Iterable[Subscriber], users: Mapping[str, object]) -> dict[str, list[Subscriber]]:
    found: dict[str, list[Subscriber]] = {}
    for subscriber in subscribers:
        user_id = subscriber.principal.user_id
        if user_id in users:
            found.setdefault(user_id, []).append(subscriber)
    return found
