"""The bus of a node that is alone: what it publishes, it hears."""

from imagechat.bus.base import Receiver, RoomEvents
from imagechat.model.ids import RoomId


class MemoryBus:
    """See `Bus`."""

    def __init__(self) -> None:
        """Start with no room joined."""
        self._joined: set[RoomId] = set()
        self._receiver: Receiver | None = None

    def receive_with(self, receiver: Receiver) -> None:
        """See `Bus`."""
        self._receiver = receiver

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

    async def close(self) -> None:
        """See `Bus`."""
        self._joined.clear()
