"""The bus of a node without NATS: what it publishes, it hears."""

from imagechat.bus.base import BusCounts, Doubter, Hearer, Receiver, RoomEvents
from imagechat.model.ids import RoomId


class MemoryBus:
    """See `Bus`."""

    def __init__(self, *, alone: bool = True) -> None:
        """Start with no room joined; not `alone`, other nodes may write to the same database."""
        self.alone = alone
        self.counts = BusCounts()
        self.trouble = "" if alone else "IMAGECHAT_BUS_URL is not set: what is written on other nodes comes later"
        self._joined: set[RoomId] = set()
        self._receiver: Receiver | None = None
        self._doubter: Doubter | None = None

    def receive_with(self, receiver: Receiver, doubter: Doubter) -> None:
        """See `Bus`."""
        self._receiver, self._doubter = receiver, doubter

    def hear_with(self, topic: str, hearer: Hearer) -> None:
        """See `Bus`; there is no other node."""

    async def start(self) -> None:
        """See `Bus`."""

    async def join(self, room_id: RoomId) -> None:
        """See `Bus`."""
        self._joined.add(room_id)

    async def leave(self, room_id: RoomId) -> None:
        """See `Bus`."""
        self._joined.discard(room_id)

    def publish(self, batch: RoomEvents) -> None:
        """See `Bus`."""
        if self._receiver is not None and batch.room_id in self._joined:
            self._receiver(batch)

    def doubt(self, room_id: RoomId) -> None:
        """See `Bus`."""
        if self._doubter is not None and room_id in self._joined:
            self.counts.doubts += 1
            self._doubter(room_id)

    def tell(self, topic: str, data: bytes, room_id: RoomId | None = None) -> None:
        """See `Bus`; there is no other node."""

    async def close(self) -> None:
        """See `Bus`."""
        self._joined.clear()
