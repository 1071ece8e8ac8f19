"""What group commit tells of itself to whoever makes traces, if anybody does."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from imagechat.bus.base import Bus, RoomEvents


class GroupTraces(Protocol):
    """Follows commands through their group."""

    def mark(self) -> object:
        """Return where in its caller's trace a command is handed in; asked while the caller runs."""

    def group(self, marks: Sequence[object]) -> AbstractContextManager[None]:
        """Return what a group of commands with these marks is committed and published in."""

    def publish(self, bus: Bus, batch: RoomEvents) -> None:
        """Publish a batch of that group, with its place in the trace."""
