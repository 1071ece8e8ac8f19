"""One connection's conversation, without I/O: bytes in, bytes and requests out. protocol.py puts sockets to it.

The table of states; an illegal move raises and changes nothing:

| state | bytes come in | `admit` | `write` | `close` |
| --- | --- | --- | --- | --- |
| HANDSHAKE | → JOINING with a request, or → CLOSED | raises | raises | raises |
| JOINING | read and dropped | → LIVE | allowed: hello, resume | → CLOSED |
| LIVE | read; what is said in `imagechat.v1` is kept until it is taken | raises | allowed | → CLOSED |
| CLOSED | read and dropped | raises | raises | nothing |
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import parse_qs

from websockets.datastructures import Headers
from websockets.exceptions import NegotiationError
from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import Protocol
from websockets.server import ServerProtocol
from websockets.typing import ExtensionParameter, Subprotocol

from imagechat.live.frames import SUBPROTOCOL, WINDOW_BITS, Framing
from imagechat.live.resume import Position
from imagechat.model.errors import BAD_REQUEST, BINARY, NOT_TEXT, CloseKind

PATH = "/sub"
CLIENT_FRAME_BYTES = 4096
SAID_AT_ONCE = 10
"""Messages in one piece of what a client sends that are kept; it may say little, so more are no loss."""
_HEAD_BYTES, _LONG = 6, 126
"""Of a client's frame, mask included; a payload of so many bytes has two more (RFC 6455, 5.2)."""

_quiet = logging.getLogger(__name__ + ".websockets")
_quiet.setLevel(logging.CRITICAL)  # what clients do wrong is answered, not logged; its lines would hold query strings


class State(Enum):
    """Where a session is."""

    HANDSHAKE = auto()
    JOINING = auto()
    LIVE = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """What a client asked for in its handshake; the ticket is not checked yet."""

    tenant_id: str
    url_id: str
    ticket: str
    framing: Framing
    position: Position | None
    host: str
    origin: str | None
    forwarded_for: tuple[str, ...]
    """The lines of `X-Forwarded-For`, which anybody may have written."""
    forwarded_proto: str


class _Deflate(PerMessageDeflate):
    """Inflates what a client sends, and knows what it was before."""

    def __init__(self, agreed: PerMessageDeflate) -> None:
        super().__init__(
            agreed.remote_no_context_takeover,
            agreed.local_no_context_takeover,
            agreed.remote_max_window_bits,
            agreed.local_max_window_bits,
        )
        self.sizes: list[int] = []
        """Of the payloads of data frames, in their order, on the wire."""

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        inflated = super().decode(frame, max_size=max_size)
        if frame.opcode in {Opcode.TEXT, Opcode.CONT}:
            self.sizes.append(len(frame.data))
        return inflated


class _SharedDeflate(ServerPerMessageDeflateFactory):
    """Agrees to compression only if a message stands for itself, so that one is made for all who agreed."""

    def __init__(self) -> None:
        super().__init__(server_no_context_takeover=True, client_no_context_takeover=True)

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], PerMessageDeflate]:
        """Refuse an offer with a smaller window than the compressor's; the client's next one, or none, is taken."""
        answer, deflate = super().process_request_params(params, accepted_extensions)
        if deflate.local_max_window_bits < WINDOW_BITS:
            msg = "the window is too small"
            raise NegotiationError(msg)
        return answer, _Deflate(deflate)


class Session:
    """See the table above."""

    __slots__ = (
        "_awaits_pong",
        "_fragments",
        "_protocol",
        "_said",
        "accepted",
        "frames",
        "state",
        "text_bytes",
        "texts",
    )

    def __init__(self, *, compression: bool = False) -> None:
        """Start before the handshake; agree to `compression` if the client offers it."""
        self.state = State.HANDSHAKE
        self._protocol = ServerProtocol(
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            select_subprotocol=_select_subprotocol,
            extensions=[_SharedDeflate()] if compression else None,
            max_size=CLIENT_FRAME_BYTES,
            logger=_quiet,
        )
        self._awaits_pong = False
        self._fragments = b""
        self._said: tuple[bytes, ...] = ()
        self.accepted = False
        """Whether the handshake was answered with 101."""
        self.frames = 0
        """Frames that came, of any kind, fragments each."""
        self.texts = self.text_bytes = 0
        """Data frames that came while live, and what they were on the wire, until they are taken."""

    def receive(self, data: bytes) -> JoinRequest | None:
        """Take bytes from the client; returns its request when they complete the handshake."""
        self._protocol.receive_data(data)
        return self._after_receiving()

    def take_texts(self) -> tuple[int, int]:
        """Return `texts` and `text_bytes`, and begin anew."""
        taken = self.texts, self.text_bytes
        self.texts = self.text_bytes = 0
        return taken

    def take_said(self) -> Sequence[bytes]:
        """Return the whole messages, in UTF-8, that came while live in `imagechat.v1`, and keep them no more."""
        said, self._said = self._said, ()
        return said

    def receive_eof(self) -> None:
        """Take the end of the client's stream."""
        self._protocol.receive_eof()
        self.state = State.CLOSED

    def admit(self) -> None:
        """Go live: the client has its room."""
        if self.state is not State.JOINING:
            msg = f"cannot admit a session that is {self.state.name}"
            raise RuntimeError(msg)
        self.state = State.LIVE

    @property
    def writable(self) -> bool:
        """Whether frames may be written."""
        return self.state is State.JOINING or self.state is State.LIVE

    def close(self, kind: CloseKind) -> None:
        """Say goodbye with a code that tells the client what to do; once is enough."""
        if self.state is State.HANDSHAKE:
            msg = "cannot close a session before its handshake"
            raise RuntimeError(msg)
        if self.state is not State.CLOSED:
            self.state = State.CLOSED
            self._protocol.send_close(kind.code, kind.reason)

    @property
    def greeted(self) -> bool:
        """Whether the handshake is over, one way or the other."""
        return self.state is not State.HANDSHAKE

    @property
    def ended_by(self) -> str:
        """How the connection ended: with a code that was sent, by the `client` closing first, or `lost`."""
        if self._protocol.close_sent is None:
            return "lost"
        return "client" if self._protocol.close_rcvd_then_sent else str(int(self._protocol.close_sent.code))

    def beat(self) -> bool:
        """Ask the client for a sign of life; False when the last one was not answered."""
        if self._awaits_pong:
            return False
        if self.writable:
            self._protocol.send_ping(b"")
            self._awaits_pong = True
        return True

    def output(self) -> Sequence[bytes]:
        """Return what is to be written to the socket; an empty item means: end the stream."""
        return self._protocol.data_to_send()

    def _after_receiving(self) -> JoinRequest | None:
        asked = None
        # first: a goodbye may have come with the frames before it, and then they have no consequence any more
        if self._protocol.close_expected() or self._protocol.parser_exc is not None:
            self.state = State.CLOSED
        while events := self._protocol.events_received():  # shaking hands may bring more
            for event in events:
                if isinstance(event, Request) and self.state is State.HANDSHAKE:
                    asked = self._shake_hands(event)
                elif isinstance(event, Frame):
                    self.frames += 1
                    self._take(event)
        return asked

    def _shake_hands(self, request: Request) -> JoinRequest | None:
        path, _, query = request.path.partition("?")
        accepted = path == PATH
        response = (
            self._protocol.accept(request) if accepted else self._protocol.reject(404, "The live channel is at /sub.\n")
        )
        self._protocol.send_response(response)
        if not accepted or response.status_code != 101:  # noqa: PLR2004 -- Switching Protocols
            self.state = State.CLOSED
            return None
        self.state = State.JOINING
        self.accepted = True
        # the parser of the handshake would hold the request with its headers, as much memory as all the rest of a
        # connection; uvicorn hands over the head alone, so no frame is in the middle of being read
        self._protocol.parser = Protocol.parse(self._protocol)
        next(self._protocol.parser)
        if self._protocol.parser_exc is not None:  # of the first bytes after the head
            self.state = State.CLOSED
            return None
        asked = _read_request(query, request.headers, self._framing())
        if isinstance(asked, CloseKind):
            self.close(asked)
            return None
        return asked

    def _framing(self) -> Framing:
        if self._protocol.subprotocol is None:
            return Framing.PLAIN_DEFLATE if self._protocol.extensions else Framing.PLAIN
        return Framing.V1_DEFLATE if self._protocol.extensions else Framing.V1

    def _take(self, frame: Frame) -> None:
        """Read a frame: what no client may send ends the session, and what it says is kept for whoever takes it."""
        if frame.opcode is Opcode.PONG:
            self._awaits_pong = False
        elif frame.opcode is Opcode.BINARY:
            self.close(BINARY)
        elif frame.opcode in {Opcode.TEXT, Opcode.CONT}:
            self._measure(frame)
            self._fragments += frame.data  # bounded: the protocol limits the size of a whole message
            if frame.fin:
                text, self._fragments = self._fragments, b""
                try:
                    text.decode()
                except UnicodeDecodeError:
                    self.close(NOT_TEXT)
                else:
                    self._hear(text)

    def _hear(self, text: bytes) -> None:
        if self.state is State.LIVE and self._framing().is_v1 and len(self._said) < SAID_AT_ONCE:
            self._said += (text,)

    def _measure(self, frame: Frame) -> None:
        inflating = next((each for each in self._protocol.extensions if isinstance(each, _Deflate)), None)
        size = len(frame.data) if inflating is None else inflating.sizes.pop(0)
        if self.state is State.LIVE:
            self.texts += 1
            self.text_bytes += _HEAD_BYTES + size + (2 if size >= _LONG else 0)  # none is over CLIENT_FRAME_BYTES


def _select_subprotocol(_protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return Subprotocol(SUBPROTOCOL) if SUBPROTOCOL in offered else None


def _read_request(query: str, headers: Headers, framing: Framing) -> JoinRequest | CloseKind:
    try:
        fields = parse_qs(query, errors="strict", max_num_fields=20)
    except ValueError:
        return CloseKind(BAD_REQUEST.code, "the query string is not readable")
    found = {}
    for name in ("tenantIdWS", "urlId", "userIdWS"):
        values = fields.get(name, [])
        if len(values) != 1:
            return CloseKind(BAD_REQUEST.code, f"{name} must be given once")
        found[name] = values[0]
    hosts = headers.get_all("Host")
    if len(hosts) != 1:
        return CloseKind(BAD_REQUEST.code, "Host must be given once")
    position = None
    if framing.is_v1 and "seq" in fields:
        number = fields["seq"][0]
        if not (number.isascii() and number.isdigit() and len(number) < 16):  # noqa: PLR2004 -- fits 64 bits
            return CloseKind(BAD_REQUEST.code, "seq must be a whole number")
        position = Position(fields.get("epoch", [""])[0], int(number))
    return JoinRequest(
        tenant_id=found["tenantIdWS"],
        url_id=found["urlId"],
        ticket=found["userIdWS"],
        framing=framing,
        position=position,
        host=hosts[0],
        origin=headers.get("Origin"),  # one at most: `accept` has refused several
        forwarded_for=tuple(headers.get_all("X-Forwarded-For")),
        forwarded_proto=",".join(headers.get_all("X-Forwarded-Proto")),
    )
