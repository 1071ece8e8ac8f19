"""What the hub tells of events on their way to whoever makes traces, if anybody does."""

from collections.abc import Callable
from typing import Protocol

from imagechat.bus.base import RoomEvents
from imagechat.live.room import LiveRoom


class DeliveryTraces(Protocol):
    """Follows batches from the bus to the subscribers."""

    def received(self, batch: RoomEvents) -> None:
        """Take note of a batch that has a place in a trace, before its room has it."""

    def flushed(self, room: LiveRoom, seconds: float) -> None:
        """Take note of a flush, which took so long."""


def both(first: Callable[[LiveRoom, float], None], traces: DeliveryTraces | None) -> Callable[[LiveRoom, float], None]:
    """Return what a flush is told to: `first`, and `traces` if there are any."""
    if traces is None:
        return first

    def told(room: LiveRoom, seconds: float) -> None:
        first(room, seconds)
        traces.flushed(room, seconds)

    return told
