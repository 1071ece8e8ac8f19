"""What a subscriber that comes with a position is to be given. Pure."""

from dataclasses import dataclass
from enum import Enum, auto

MOST_EVENTS = 5_000
"""A position further behind than this is answered with `reset`: a snapshot is smaller than so much history."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far into which history a client is."""

    epoch: str
    seq: int


class Source(Enum):
    """Where the missing events are."""

    NOTHING_MISSING = auto()
    MEMORY = auto()
    LOG = auto()
    NOWHERE = auto()


def missing_from(position: Position | None, epoch: str, seq: int, first_in_memory: int) -> Source:
    """Tell where what came after `position` is, for a room at (epoch, seq) that remembers events from one seq on.

    A position at seq 0 is the beginning of every history (SEQ3). One of another epoch, or beyond the room's end, cannot
    be continued (RES2).
    """
    if position is None:
        return Source.NOTHING_MISSING
    if (position.epoch != epoch and position.seq != 0) or position.seq > seq or position.seq < 0:
        return Source.NOWHERE
    if position.seq == seq:
        return Source.NOTHING_MISSING
    if position.seq + 1 >= first_in_memory:
        return Source.MEMORY
    return Source.LOG if seq - position.seq <= MOST_EVENTS else Source.NOWHERE
