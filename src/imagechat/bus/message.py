"""What travels between nodes: one byte that says which kind of message follows, then msgpack.

Nodes of two versions talk to each other while a set is upgraded. A field that is new comes last, has a default, and is
skipped by whoever does not know it; what cannot be said so gets another first byte, and whoever does not know that one
reads the log instead.
"""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from imagechat.bus.base import RoomEvents, Told
from imagechat.model.access import Access
from imagechat.model.ids import RoomId

VERSION = b"\x01"
OVERHEAD = 512
"""Bytes that a message takes beside its events and the names of its groups, and some to spare."""
PER_EVENT = 5
"""Bytes that msgpack puts before an event, at most."""


T = TypeVar("T")


class NotUnderstood(ValueError):
    """A message of another version, or no message at all."""


class _Events(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """`events` are those from `first` to `last`; none where they are too large to travel."""

    node: str
    epoch: str
    first: int
    last: int
    events: list[bytes]
    groups: tuple[str, ...] | None = None
    read_only: bool = False
    is_there: bool = True
    trace: bytes = b""


class _Words(msgspec.Struct, array_like=True, frozen=True, gc=False):
    node: str
    data: bytes = b""


_encoder = msgspec.msgpack.Encoder()
_events_in = msgspec.msgpack.Decoder(_Events)
_words_in = msgspec.msgpack.Decoder(_Words)


def encode_events(node: str, batch: RoomEvents, most: int) -> Iterator[bytes]:
    """Make messages of at most `most` bytes of a batch, in order: one if it fits."""
    room = most - OVERHEAD - sum(PER_EVENT + 4 * len(group) for group in batch.access.groups or ())
    part: list[bytes] = []
    first, size = batch.events[0][0], 0
    for seq, data in batch.events:
        if part and size + len(data) + PER_EVENT > room:
            yield _message(node, batch, first, part)
            part, first, size = [], seq, 0
        if len(data) + PER_EVENT > room:
            yield VERSION + _encoder.encode(_Events(node, batch.epoch, seq, seq, []))
            first = seq + 1
        else:
            part.append(data)
            size += len(data) + PER_EVENT
    if part:
        yield _message(node, batch, first, part)


def decode_events(room_id: RoomId, message: bytes) -> RoomEvents | None:
    """Return the batch in a message; None if it says only that there are events. Raises `NotUnderstood`."""
    said = _decode(_events_in, message)
    if not said.events:
        return None
    if said.first < 1 or said.last - said.first + 1 != len(said.events):
        msg = "a batch with other events than it says"
        raise NotUnderstood(msg)
    access = Access(said.groups, said.read_only, said.is_there)
    return RoomEvents(room_id, said.epoch, tuple(enumerate(said.events, said.first)), access, said.trace)


def encode_words(node: str, data: bytes = b"") -> bytes:
    """Make the message that tells something."""
    return VERSION + _encoder.encode(_Words(node, data))


def decode_words(message: bytes, room_id: RoomId | None) -> Told:
    """Return what a message tells. Raises `NotUnderstood`."""
    said = _decode(_words_in, message)
    return Told(said.node, said.data, room_id)


def _message(node: str, batch: RoomEvents, first: int, events: list[bytes]) -> bytes:
    last, access = first + len(events) - 1, batch.access
    said = _Events(
        node, batch.epoch, first, last, events, access.groups, access.read_only, access.is_there, batch.trace
    )
    return VERSION + _encoder.encode(said)


def _decode(decoder: msgspec.msgpack.Decoder[T], message: bytes) -> T:
    if message[:1] != VERSION:
        msg = "a message of another version"
        raise NotUnderstood(msg)
    try:
        return decoder.decode(memoryview(message)[1:])
    except msgspec.DecodeError as error:
        raise NotUnderstood(str(error)) from None
