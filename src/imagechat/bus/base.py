"""What nodes tell each other: the events of rooms, after they are durable."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from imagechat.model.access import OPEN, Access
from imagechat.model.ids import RoomId


@dataclass(frozen=True, slots=True)
class RoomEvents:
    """Consecutive events of a room, (seq, JSON), in order; never empty. `access` is who may come to it after them."""

    room_id: RoomId
    epoch: str
    events: tuple[tuple[int, bytes], ...]
    access: Access = OPEN


Receiver = Callable[[RoomEvents], None]


class Bus(Protocol):
    """Brings each published batch to every node that joined its room, the publishing one included.

    At most once: a receiver that sees a gap reads the log.
    """

    def receive_with(self, receiver: Receiver) -> None:
        """Name who takes what arrives; once, before anything is joined."""

    async def join(self, room_id: RoomId) -> None:
        """Ask for a room's events; what is published after this returns arrives."""

    async def leave(self, room_id: RoomId) -> None:
        """Ask for a room's events no more."""

    def publish(self, batch: RoomEvents) -> None:
        """Send a batch to all who joined its room."""

    async def close(self) -> None:
        """Send nothing and receive nothing any more."""
