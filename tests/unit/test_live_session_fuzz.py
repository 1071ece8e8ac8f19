"""Any bytes, cut anywhere: the session never raises, holds no more than it may, and ends in a state of its table."""

import zlib
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from imagechat.live.session import CLIENT_FRAME_BYTES, Session, State

HANDSHAKE = (
    b"GET /sub?urlId=~room&userIdWS=ticket&tenantIdWS=demo HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
COMPRESSED = HANDSHAKE.removesuffix(b"\r\n") + b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
CONTROL_BYTES = 125
HEADER_BYTES = 14
HELD_BACK = 16 * 1024
"""What a decompressor may have in hand over the limit of a message: a few bits of its input, at 258 bytes each."""


def header(first: int, second: int) -> bytes:
    return bytes([first, second]) + bytes(4)


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A frame, whole and allowed or not, with a mask of zeros."""
    opcode = draw(st.sampled_from(Opcode))
    control = opcode.value >= 8
    fin = control or draw(st.booleans())
    data = draw(st.one_of(st.binary(max_size=20), st.binary(min_size=125, max_size=125)))
    frame = Frame(opcode, data, fin).serialize(mask=draw(st.booleans()))
    return (
        frame if draw(st.integers(0, 4)) else bytes(byte ^ draw(st.integers(0, 255)) for byte in frame[:2]) + frame[2:]
    )


def feed(session: Session, data: bytes, cuts: Sequence[int]) -> None:
    """Bring data in pieces, as a network would; what comes out is thrown away."""
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    for start, end in pairwise(edges):
        if start < end:
            session.receive(data[start:end])
            session.output()
            holds_little(session)


def holds_little(session: Session) -> None:
    """No more of what a client sent is kept than one message and the beginning of a frame, and nothing to be sent."""
    protocol = session._protocol
    assert len(session._fragments) <= CLIENT_FRAME_BYTES + (HELD_BACK if protocol.extensions else 0)
    assert len(protocol.reader.buffer) <= CLIENT_FRAME_BYTES + HEADER_BYTES
    assert protocol.events == []
    assert protocol.writes == []


def ends_well(session: Session) -> None:
    session.beat()
    session.receive_eof()
    assert session.state is State.CLOSED
    assert not session.writable


@given(st.binary(max_size=600), st.lists(st.integers(0, 600), max_size=5))
@example(b"GET /sub HTTP/1.1\r\n\r\n", [])
@example(b"\r\n\r\n\r\n", [])
def test_any_bytes_instead_of_a_handshake_end_without_raising(data: bytes, cuts: list[int]) -> None:
    session = Session()
    feed(session, data, cuts)
    assert session.state in {State.HANDSHAKE, State.CLOSED}
    ends_well(session)


@given(st.lists(st.one_of(frames(), st.binary(max_size=40)), max_size=8), st.lists(st.integers(0, 2000), max_size=6))
@example([Frame(Opcode.BINARY, b"").serialize(mask=True), Frame(Opcode.CLOSE, b"").serialize(mask=True)], [])
@example([header(0x81, 0xFF)], [])
def test_any_bytes_after_a_handshake_end_without_raising(parts: list[bytes], cuts: list[int]) -> None:
    session = Session()
    assert session.receive(HANDSHAKE) is not None
    session.admit()
    feed(session, b"".join(parts), cuts)
    assert session.state in {State.LIVE, State.CLOSED}
    ends_well(session)


@given(st.lists(frames(), max_size=4), st.lists(st.integers(0, 2000), max_size=4))
@example([Frame(Opcode.TEXT, b"\xff").serialize(mask=True), b"\x00\x80j{\xf6B", bytes(2)], [len(HANDSHAKE) + 12])
@example([b"\x88\xfd" + bytes(4) + b"\x82\x80" + bytes(4)], [])
def test_frames_in_the_same_breath_as_the_handshake_raise_nothing(parts: list[bytes], cuts: list[int]) -> None:
    session = Session()
    feed(session, HANDSHAKE + b"".join(parts), cuts)
    assert session.state in {State.JOINING, State.CLOSED}
    ends_well(session)


@given(st.text(max_size=200))
@example("urlId=%")
@example("&" * 100)
@example("urlId=\udcff&userIdWS=\udcff&tenantIdWS=\udcff")
def test_any_query_is_answered(query: str) -> None:
    session = Session()
    path = query.encode("utf-8", "surrogateescape").replace(b"\r", b"").replace(b"\n", b"").replace(b" ", b"+")
    session.receive(HANDSHAKE.replace(b"urlId=~room&userIdWS=ticket&tenantIdWS=demo", path))
    assert session.output()
    assert session.state in {State.JOINING, State.CLOSED}


# -- compressed


def deflated(text: bytes, level: int = 9) -> bytes:
    """The text as a client that compresses sends it, all of it: without the end that RFC 7692 leaves out."""
    compressor = zlib.compressobj(level, wbits=-15)
    return (compressor.compress(text) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def fragment(data: bytes, *, first: bool, last: bool) -> bytes:
    """A part of a compressed message; its first has a bit that the library's own frames may not have."""
    whole = Frame(Opcode.TEXT if first else Opcode.CONT, data, last).serialize(mask=True)
    return bytes([whole[0] | (0b0100_0000 if first else 0)]) + whole[1:]


def in_fragments(data: bytes, size: int) -> bytes:
    """A compressed message in fragments."""
    starts = range(0, max(len(data), 1), size)
    return b"".join(
        fragment(data[start : start + size], first=start == 0, last=start + size >= len(data)) for start in starts
    )


def compressing() -> Session:
    session = Session(compression=True)
    assert session.receive(COMPRESSED) is not None
    session.admit()
    session.output()
    return session


@st.composite
def compressed_frames(draw: st.DrawFn) -> bytes:
    """A message that is compressed, whole or in fragments, in order or not; or one that says so and is not."""
    text = draw(st.one_of(st.binary(max_size=50), st.integers(0, 100_000).map(bytes)))
    data = deflated(text, draw(st.integers(0, 9))) if draw(st.booleans()) else draw(st.binary(max_size=60))
    frames = in_fragments(data[:4_000], draw(st.integers(1, 4_000)))
    start = draw(st.sampled_from([0, 0, 0, 6]))
    return frames[start:]


@given(st.lists(st.one_of(compressed_frames(), frames()), max_size=6), st.lists(st.integers(0, 5_000), max_size=6))
def test_any_compressed_bytes_end_without_raising_and_fill_no_memory(parts: list[bytes], cuts: list[int]) -> None:
    session = compressing()
    feed(session, b"".join(parts), cuts)
    assert session.state in {State.LIVE, State.CLOSED}
    ends_well(session)


@given(st.integers(1, 60), st.integers(CLIENT_FRAME_BYTES + 1, 40_000_000), st.integers(0, 9))
@example(1, 40_000_000, 9)
def test_a_message_that_inflates_over_the_limit_ends_before_it_is_inflated(size: int, length: int, level: int) -> None:
    session = compressing()
    data = deflated(bytes(length), level)[:20_000]
    for start in range(0, len(data), size):
        session.receive(fragment(data[start : start + size], first=start == 0, last=False))
        session.output()
        holds_little(session)
        if session.state is State.CLOSED:
            break
    session.receive(Frame(Opcode.CONT, b"").serialize(mask=True))
    holds_little(session)
    assert session.state is State.CLOSED
    assert session._protocol.close_sent is not None
    assert session._protocol.close_sent.code == 1009


# -- without an end


@given(
    st.lists(
        st.sampled_from(
            [
                Frame(Opcode.CONT, b"", fin=False),
                Frame(Opcode.CONT, b"x", fin=False),
                Frame(Opcode.PING, bytes(CONTROL_BYTES)),
                Frame(Opcode.PONG, bytes(CONTROL_BYTES)),
            ]
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 2_000),
)
def test_fragments_and_control_frames_without_an_end_fill_no_memory(loop: list[Frame], times: int) -> None:
    session = Session()
    assert session.receive(HANDSHAKE) is not None
    session.admit()
    session.output()
    session.receive(Frame(Opcode.TEXT, b"x", fin=False).serialize(mask=True))
    piece = b"".join(frame.serialize(mask=True) for frame in loop)
    sent = sum(frame.opcode is Opcode.PING for frame in loop)
    for _ in range(times):
        session.receive(piece)
        answer = session.output()
        assert len(b"".join(answer)) <= sent * (CONTROL_BYTES + 2) + 20
        holds_little(session)
    letters = 1 + times * sum(bool(frame.data) for frame in loop if frame.opcode is Opcode.CONT)
    assert (session.state is State.CLOSED) is (letters > CLIENT_FRAME_BYTES)
    ends_well(session)
