"""Any bytes, cut anywhere: the session never raises, and ends in a state of its table."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from imagechat.live.session import Session, State

HANDSHAKE = (
    b"GET /sub?urlId=~room&userIdWS=ticket&tenantIdWS=demo HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


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
