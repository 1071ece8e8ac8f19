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


NO_POSITION = Position("", -1)
"""One that cannot be continued, whatever the room."""


class Source(Enum):
    """Where the missing events are."""

    NOTHING_MISSING = auto()
    MEMORY = auto()
    LOG = auto()
    NOWHERE = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """What a room has: its history up to `head`, sent to its subscribers up to `flushed`, in memory from `first` on."""

    epoch: str
    first: int
    flushed: int
    head: int


def outcome_of(position: Position | None, first: Source, last: Source) -> str:
    """Name what became of who came with a position, by where its missing events were at `first`, and at the end.

    `new` brought none, of `none` nothing was missing; `memory`, `log`, `reset`.
    """
    if position is None:
        return "new"
    if last is Source.NOWHERE:
        return "reset"
    # what the bus had not brought yet was read, too
    return {Source.NOTHING_MISSING: "none", Source.MEMORY: "memory"}.get(first, "log")


def missing_from(position: Position | None, span: Span) -> Source:
    """Tell where what came after `position`, up to what was flushed, is; the rest comes by itself.

    A position at seq 0 is the beginning of every history (SEQ3). One of another epoch, or beyond the room's end, cannot
    be continued (RES2). One between what was flushed and the end is of a snapshot taken meanwhile: nothing is missing.
    """
    if position is None:
        return Source.NOTHING_MISSING
    if (position.epoch != span.epoch and position.seq != 0) or not 0 <= position.seq <= span.head:
        return Source.NOWHERE
    if position.seq >= span.flushed:
        return Source.NOTHING_MISSING
    if position.seq + 1 >= span.first:
        return Source.MEMORY
    return Source.LOG if span.flushed - position.seq <= MOST_EVENTS else Source.NOWHERE
