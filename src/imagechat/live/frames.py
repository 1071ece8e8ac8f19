"""Events to WebSocket frames: once per room and framing (BAT2), ready to be written to any number of sockets."""

from collections.abc import Sequence
from enum import Enum

import msgspec
from websockets.frames import Frame, Opcode

SUBPROTOCOL = "imagechat.v1"


class Framing(Enum):
    """How events are put into frames."""

    PLAIN = "plain"
    V1 = SUBPROTOCOL


class Hello(msgspec.Struct, frozen=True, tag_field="type", tag="hello"):
    """The first frame of `imagechat.v1`: the room's position and its number of connections."""

    epoch: str
    seq: int
    sc: int


class Reset(msgspec.Struct, frozen=True, tag_field="type", tag="reset"):
    """History cannot be continued: take a snapshot (RES2)."""

    epoch: str
    seq: int


class Presence(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="p-u"):
    """Who joined and who left, by user id, and how many connections there are now."""

    timestamp: int
    sc: int
    uj: tuple[str, ...] = ()
    ul: tuple[str, ...] = ()


Signal = Hello | Reset | Presence


def encode_signal(signal: Signal) -> bytes:
    r"""Return a signal's JSON; `%` is written `\u0025` as in events."""
    return msgspec.json.encode(signal).replace(b"%", b"\\u0025")


def text_frame(payload: bytes) -> bytes:
    """Return a payload as a server's text frame, header included."""
    return Frame(Opcode.TEXT, payload).serialize(mask=False)


def encode(framing: Framing, events: Sequence[bytes]) -> bytes:
    """Return events as one or more frames: a JSON array in one frame, or a frame each."""
    if framing is Framing.V1:
        return text_frame(b"[" + b",".join(events) + b"]")
    return b"".join(map(text_frame, events))
