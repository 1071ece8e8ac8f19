"""How much each room of a node may remember: all of them together have one bound."""

from collections.abc import Mapping

from imagechat.live.room import REMEMBERED_BYTES, REMEMBERED_EVENTS, LiveRoom
from imagechat.model.ids import RoomId

NODE_REMEMBERS = 64 * 1024 * 1024
"""Bytes of events that all rooms remember: each may take its part, down to what a handful of events needs."""
LEAST_REMEMBERED = 4 * 1024
SMALL_EVENT = 256
"""Bytes; few events are smaller, so a room that may remember little reads little when it opens."""


class Remembering:
    """The share of a room."""

    def __init__(self, rooms: Mapping[RoomId, LiveRoom]) -> None:
        """Divide among `rooms`, however many there are."""
        self._rooms = rooms

    def size(self) -> int:
        """Return the bytes that a room may remember now."""
        return max(LEAST_REMEMBERED, min(REMEMBERED_BYTES, NODE_REMEMBERS // max(1, len(self._rooms))))

    def tail(self) -> int:
        """Return how many of its last events a room that opens is to read."""
        return min(REMEMBERED_EVENTS, self.size() // SMALL_EVENT)
