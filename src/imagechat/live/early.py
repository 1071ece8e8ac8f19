"""Batches of a room that came before those in front of them, or while the room was busy reading."""

from bisect import insort

from imagechat.bus.base import RoomEvents

MOST_BATCHES = 512
MOST_BYTES = 2 * 1024 * 1024
"""What a room keeps so; the log has it all, and a bus that brings nothing but gaps cannot heap up more."""


class Early:
    """In the order of their events, as far as there is room."""

    def __init__(self) -> None:
        """Start empty."""
        self._batches: list[RoomEvents] = []
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._batches)

    @property
    def first(self) -> RoomEvents | None:
        """Return the batch whose events come first."""
        return self._batches[0] if self._batches else None

    def keep(self, batch: RoomEvents) -> bool:
        """Keep a batch; False when that is too much, and then nothing is kept."""
        self._bytes += _size(batch)
        if len(self._batches) >= MOST_BATCHES or self._bytes > MOST_BYTES:
            self.clear()
            return False
        insort(self._batches, batch, key=_seq)
        return True

    def pop(self) -> None:
        """Forget the first batch."""
        self._bytes -= _size(self._batches.pop(0))

    def keep_only(self, epoch: str, after: int) -> None:
        """Forget what is of another history, and what ends at `after` or before."""
        kept = [batch for batch in self._batches if batch.epoch == epoch and batch.events[-1][0] > after]
        self._batches, self._bytes = kept, sum(map(_size, kept))

    def clear(self) -> None:
        """Forget all."""
        self._batches.clear()
        self._bytes = 0


def _seq(batch: RoomEvents) -> int:
    return batch.events[0][0]


def _size(batch: RoomEvents) -> int:
    return sum(len(data) for _, data in batch.events)
