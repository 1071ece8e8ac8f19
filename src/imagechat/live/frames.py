"""Events to WebSocket frames: once per room and framing (BAT2), ready to be written to any number of sockets."""

from collections.abc import Sequence
from enum import Enum

import msgspec
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode

SUBPROTOCOL = "imagechat.v1"


FLUSH_BYTES = 128 * 1024
"""What is sent to a connection at once, at most, or one event: the measure of what may wait beyond an outbox (OVF1)."""

WORTH_COMPRESSING = 128
"""Bytes; a smaller message would hardly shrink."""

COMPRESSION_LEVEL = 3
"""A batch of events shrinks to a sixth or so at any level, and this one costs a third of what 6 costs."""


WINDOW_BITS = 15
"""Of the compressor that all share (RFC 7692, 7.1.2)."""


class Framing(Enum):
    """How events are put into frames: as an array or one by one, as they are or compressed."""

    PLAIN = "plain"
    V1 = SUBPROTOCOL
    PLAIN_DEFLATE = "plain, compressed"
    V1_DEFLATE = SUBPROTOCOL + ", compressed"

    @property
    def is_v1(self) -> bool:
        """Whether events are sent as arrays, after a hello."""
        return self is Framing.V1 or self is Framing.V1_DEFLATE

    @property
    def is_compressed(self) -> bool:
        """Whether the client takes compressed messages (permessage-deflate, RFC 7692)."""
        return self is Framing.PLAIN_DEFLATE or self is Framing.V1_DEFLATE

    def frames(self, events: int) -> int:
        """Return how many frames some events are, sent together."""
        return 1 if self.is_v1 else events


class Hello(msgspec.Struct, frozen=True, tag_field="type", tag="hello"):
    """The first frame of `imagechat.v1`: the room's position and its number of connections."""

    epoch: str
    seq: int
    sc: int


class Reset(msgspec.Struct, frozen=True, tag_field="type", tag="reset"):
    """History cannot be continued: take a snapshot (RES2)."""

    epoch: str
    seq: int


class Face(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody who gave a name, as others see them."""

    id: str
    display_name: str
    avatar_src: str | msgspec.UnsetType = msgspec.UNSET


class Presence(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="p-u"):
    """Who joined and who left, by user id, and how many connections there are now.

    `people` are those who joined and gave a name, unless they are too many; `many` came and went, and are told by
    their number only.
    """

    timestamp: int
    sc: int
    uj: tuple[str, ...] = ()
    ul: tuple[str, ...] = ()
    people: tuple[Face, ...] = ()
    many: bool = False


class InboxChanged(msgspec.Struct, frozen=True, tag_field="type", tag="inbox"):
    """Something that a tenant's moderators look through has changed."""

    timestamp: int


class HaveRead(msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag_field="type", tag="read"):
    """How far the person whose connection it comes to has read, on another one of theirs; in the snapshot's words."""

    timestamp: int
    read_up_to: dict[str, object]


class Typing(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel", tag_field="type", tag="typing"
):
    """Somebody is writing in a thread, `urlId`, and has said so at `timestamp`; `name` where one was given."""

    timestamp: int
    user_id: str
    url_id: str
    name: str | None = None


Signal = Hello | Reset | Presence | InboxChanged | HaveRead | Typing


def encode_signal(signal: Signal) -> bytes:
    r"""Return a signal's JSON; `%` is written `\u0025` as in events."""
    return msgspec.json.encode(signal).replace(b"%", b"\\u0025")


def text_frame(payload: bytes) -> bytes:
    """Return a payload as a server's text frame, header included."""
    return Frame(Opcode.TEXT, payload).serialize(mask=False)


def compressed_frame(payload: bytes) -> bytes:
    """Return a payload as a compressed text frame that stands for itself, so that it can be sent to anybody.

    One that is too small to gain is sent as it is, which the extension allows for each message (RFC 7692, 6).
    """
    if len(payload) < WORTH_COMPRESSING:
        return text_frame(payload)
    deflate = PerMessageDeflate(
        remote_no_context_takeover=True,
        local_no_context_takeover=True,
        remote_max_window_bits=WINDOW_BITS,
        local_max_window_bits=WINDOW_BITS,
        compress_settings={"level": COMPRESSION_LEVEL},
    )
    return Frame(Opcode.TEXT, payload).serialize(mask=False, extensions=[deflate])


def encode(framing: Framing, events: Sequence[bytes]) -> bytes:
    """Return events as one or more frames: a JSON array in one frame, or a frame each."""
    frame = compressed_frame if framing.is_compressed else text_frame
    if framing.is_v1:
        return frame(b"[" + b",".join(events) + b"]")
    return b"".join(map(frame, events))


def portion(events: Sequence[bytes]) -> int:
    """Return how many of the first events fit `FLUSH_BYTES`; one at least, if there is one."""
    size = 0
    for number, event in enumerate(events):
        size += len(event)
        if size > FLUSH_BYTES:
            return max(1, number)
    return len(events)
