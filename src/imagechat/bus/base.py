"""What nodes tell each other: the events of rooms, after they are durable, and hints that may be lost."""

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
    trace: bytes = b""
    """Where it belongs in a trace, as W3C's `traceparent` says it; empty where nobody follows it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What another node, by its name, said: to all, or to those that joined a room."""

    node: str
    data: bytes
    room_id: RoomId | None = None


@dataclass(slots=True)
class BusCounts:
    """What a node's bus has done since its start, in messages."""

    sent: int = 0
    heard: int = 0
    unsaid: int = 0
    """Not sent: there was no connection, or too much waited."""
    missed: int = 0
    """Dropped on the way in, because this node was too slow."""
    not_understood: int = 0
    doubts: int = 0
    """Times that this node had to look into the log, in a room or in all of them."""
    connections: int = 0
    """Times that a connection to a server of the bus was made."""


Receiver = Callable[[RoomEvents], None]
Doubter = Callable[[RoomId | None], None]
"""Told that batches of a room, or of any, may not have arrived."""
Hearer = Callable[[Told], None]


class Bus(Protocol):
    """Brings each published batch to every node that joined its room, the publishing one included.

    At most once: a receiver that sees a gap reads the log, and so does one that is in doubt.
    """

    @property
    def alone(self) -> bool:
        """Tell whether there is no other node, whose events might be missed."""

    def receive_with(self, receiver: Receiver, doubter: Doubter) -> None:
        """Name who takes what arrives, and who is told when something may not have; once, before anything is joined."""

    def hear_with(self, topic: str, hearer: Hearer) -> None:
        """Name who takes what other nodes tell on a topic; once a topic, before `start`."""

    async def start(self) -> None:
        """Begin. Raises `RuntimeError`, with a line for the operator, for what only an operator can mend."""

    async def join(self, room_id: RoomId) -> None:
        """Ask for a room's events; what is published after this returns arrives, or is doubted.

        Of joins and leaves of a room, the last that began counts.
        """

    async def leave(self, room_id: RoomId) -> None:
        """Ask for a room's events no more."""

    def publish(self, batch: RoomEvents) -> None:
        """Send a batch to all who joined its room."""

    def doubt(self, room_id: RoomId) -> None:
        """Have every node that joined a room, this one included, look whether it has all of it."""

    def tell(self, topic: str, data: bytes, room_id: RoomId | None = None) -> None:
        """Send something to every other node, or to those that joined a room; nothing is kept for who is away."""

    @property
    def trouble(self) -> str:
        """Why other nodes cannot be heard now, in words; empty while they can."""

    async def close(self) -> None:
        """Send nothing and receive nothing any more."""
