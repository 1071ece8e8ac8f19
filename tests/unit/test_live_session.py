"""The session without sockets: a real client's bytes in, bytes and requests out. Each row of its table of states."""

import gc
from types import FunctionType, ModuleType

import pytest
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State as ClientState
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from imagechat.live.frames import SUBPROTOCOL, Framing, text_frame
from imagechat.live.resume import Position
from imagechat.live.session import CLIENT_FRAME_BYTES, SAID_AT_ONCE, JoinRequest, Session, State
from imagechat.model.errors import GOING_AWAY, TOO_SLOW

QUERY = "urlId=~room&userIdWS=ticket&tenantIdWS=demo"


class Client:
    """A client's half, by a library that is not the product's own code, joined to a session by hand."""

    def __init__(self, address: str = f"/sub?{QUERY}", *subprotocols: str) -> None:
        self.session = Session()
        self.protocol = ClientProtocol(
            parse_uri(f"ws://test{address}"), subprotocols=[Subprotocol(name) for name in subprotocols] or None
        )
        self.protocol.send_request(self.protocol.connect())
        self.request = self.deliver()

    def deliver(self) -> JoinRequest | None:
        """Bring what each half has to say to the other."""
        request = self.session.receive(b"".join(self.protocol.data_to_send()))
        self.fetch()
        return request

    def fetch(self) -> None:
        for data in self.session.output():
            if data:
                self.protocol.receive_data(data)
            else:
                self.protocol.receive_eof()

    def raw(self, data: bytes) -> None:
        self.session.receive(data)
        self.fetch()

    def frames(self) -> list[Frame]:
        return [event for event in self.protocol.events_received() if isinstance(event, Frame)]

    @property
    def close_code(self) -> int | None:
        return None if self.protocol.close_rcvd is None else self.protocol.close_rcvd.code


def live_client() -> Client:
    client = Client()
    client.session.admit()
    client.frames()
    return client


def joins(framing: Framing) -> JoinRequest:
    return JoinRequest(
        tenant_id="demo",
        url_id="~room",
        ticket="ticket",
        framing=framing,
        position=None,
        host="test",
        origin=None,
        forwarded_for=(),
        forwarded_proto="",
    )


def frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


# -- handshake


def test_a_client_without_a_subprotocol_gets_the_plain_framing() -> None:
    client = Client()
    assert client.request == joins(Framing.PLAIN)
    assert client.protocol.state is ClientState.OPEN
    assert client.protocol.subprotocol is None
    assert client.session.state is State.JOINING


def test_a_client_that_offers_the_subprotocol_gets_it() -> None:
    client = Client(f"/sub?{QUERY}", "something.else", SUBPROTOCOL)
    assert client.request == joins(Framing.V1)
    assert client.protocol.subprotocol == SUBPROTOCOL


def test_a_client_that_offers_only_others_gets_the_plain_framing() -> None:
    client = Client(f"/sub?{QUERY}", "something.else")
    assert client.request is not None
    assert client.request.framing is Framing.PLAIN
    assert client.protocol.subprotocol is None


def test_RES1_a_position_is_read_from_the_address() -> None:
    client = Client(f"/sub?{QUERY}&epoch=e1&seq=41", SUBPROTOCOL)
    assert client.request is not None
    assert client.request.position == Position("e1", 41)


def test_a_position_means_nothing_in_the_plain_framing() -> None:
    client = Client(f"/sub?{QUERY}&epoch=e1&seq=x")
    assert client.request is not None
    assert client.request.position is None


def test_parameters_are_decoded() -> None:
    client = Client("/sub?urlId=a%2Fb+c%C3%A9&userIdWS=t%3D&tenantIdWS=demo")
    assert client.request is not None
    assert (client.request.url_id, client.request.ticket) == ("a/b cé", "t=")


def shake(*lines: str, host: str = "Host: test") -> tuple[JoinRequest | None, bytes]:
    """Ask with these lines in the head; what comes of it, and the answer."""
    session = Session()
    head = [
        f"GET /sub?{QUERY} HTTP/1.1",
        *([host] if host else []),
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        *lines,
    ]
    return session.receive(("\r\n".join(head) + "\r\n\r\n").encode()), b"".join(session.output())


def test_AUTH1_who_asks_and_from_where_is_read_from_the_head() -> None:
    request, _ = shake(
        "Origin: https://page.example",
        "X-Forwarded-For: 198.51.100.1, 198.51.100.2",
        "X-Forwarded-For: 198.51.100.3",
        "X-Forwarded-Proto: wss",
        host="Host: chat.example:8443",
    )
    assert request is not None
    assert (request.host, request.origin) == ("chat.example:8443", "https://page.example")
    assert request.forwarded_for == ("198.51.100.1, 198.51.100.2", "198.51.100.3")
    assert request.forwarded_proto == "wss"


@pytest.mark.parametrize("host", ["", "Host: test\r\nHost: test"], ids=["none", "two"])
def test_AUTH1_a_request_without_a_host_or_with_several_closes_with_4400(host: str) -> None:
    request, answer = shake(host=host)
    assert request is None
    assert b"Host must be given once" in answer


def test_AUTH1_a_request_with_several_origins_is_no_handshake() -> None:
    request, answer = shake("Origin: https://page.example", "Origin: https://page.example")
    assert request is None
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_another_path_is_not_found() -> None:
    client = Client(f"/subscribe?{QUERY}")
    assert client.request is None
    assert isinstance(client.protocol.handshake_exc, InvalidStatus)
    assert client.protocol.handshake_exc.response.status_code == 404
    assert client.session.state is State.CLOSED


@pytest.mark.parametrize(
    "head",
    [
        b"POST /sub HTTP/1.1\r\nHost: test\r\n\r\n",
        b"GET /sub HTTP/1.1\r\nHost: test\r\n\r\n",
        b"GET /sub HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"GET /sub HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"GET /sub HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"GET /" + b"s" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"\x00\xff\r\n\r\n",
    ],
)
def test_a_request_that_is_no_handshake_ends_the_connection(head: bytes) -> None:
    session = Session()
    assert session.receive(head) is None
    *answer, last = session.output()
    assert last == b""
    assert not answer or answer[0].startswith(b"HTTP/1.1 4")
    assert session.state is State.CLOSED


@pytest.mark.parametrize(
    "query",
    [
        "",
        "urlId=~room&userIdWS=ticket",
        "urlId=~room&tenantIdWS=demo",
        "userIdWS=ticket&tenantIdWS=demo",
        "urlId=&userIdWS=ticket&tenantIdWS=demo",
        f"{QUERY}&urlId=~other",
        f"{QUERY}&userIdWS=other",
        "urlId=%FF&userIdWS=ticket&tenantIdWS=demo",
        QUERY + "&a=1" * 20,
        f"{QUERY}&seq=-1",
        f"{QUERY}&seq=1.5",
        f"{QUERY}&seq=one",
        f"{QUERY}&seq=%D9%A3",
        f"{QUERY}&seq=1234567890123456",
    ],
)
def test_parameters_that_make_no_sense_close_with_4400(query: str) -> None:
    client = Client(f"/sub?{query}", SUBPROTOCOL)
    assert client.request is None
    assert client.close_code == 4400
    assert client.session.state is State.CLOSED


# -- what clients may send


@pytest.mark.parametrize("text", [b"ping", b"", b"{}", "é".encode(), b"x" * CLIENT_FRAME_BYTES])
def test_text_is_read_and_not_answered(text: bytes) -> None:
    client = live_client()
    client.raw(frame(Opcode.TEXT, text))
    assert client.frames() == []
    assert client.session.state is State.LIVE


def test_text_that_is_not_answered_while_joining_either() -> None:
    client = Client()
    client.raw(frame(Opcode.TEXT, b"ping"))
    assert client.frames() == []
    assert client.session.state is State.JOINING


def test_a_letter_may_be_cut_by_a_fragment() -> None:
    client = live_client()
    first, second = "é".encode()[:1], "é".encode()[1:]
    client.raw(frame(Opcode.TEXT, first, fin=False) + frame(Opcode.PING, b"?") + frame(Opcode.CONT, second))
    assert [answer.opcode for answer in client.frames()] == [Opcode.PONG]
    assert client.session.state is State.LIVE


def test_a_ping_is_answered_with_its_own_words() -> None:
    client = live_client()
    client.raw(frame(Opcode.PING, b"are you there"))
    assert [(answer.opcode, bytes(answer.data)) for answer in client.frames()] == [(Opcode.PONG, b"are you there")]


@pytest.mark.parametrize("parts", [[b"\xff"], [b"\xc3", b"x"], [b"\xc3"], [b"ok", b"", b"\xed\xa0\x80"]])
def test_text_that_is_not_UTF8_closes_with_1007(parts: list[bytes]) -> None:
    client = live_client()
    last = len(parts) - 1
    for index, part in enumerate(parts):
        client.raw(frame(Opcode.CONT if index else Opcode.TEXT, part, fin=index == last))
    assert client.close_code == 1007
    assert client.session.state is State.CLOSED


def test_bytes_of_an_earlier_text_do_not_spoil_the_next() -> None:
    client = live_client()
    client.raw(frame(Opcode.TEXT, b"a", fin=False) + frame(Opcode.CONT, b"b") + frame(Opcode.TEXT, "é".encode()))
    assert client.session.state is State.LIVE


@pytest.mark.parametrize("fin", [True, False])
def test_binary_closes_with_1003(*, fin: bool) -> None:
    client = live_client()
    client.raw(frame(Opcode.BINARY, b"x", fin=fin))
    assert client.close_code == 1003


def test_a_frame_over_the_limit_closes_with_1009_before_it_is_here() -> None:
    client = live_client()
    whole = frame(Opcode.TEXT, b"x" * (CLIENT_FRAME_BYTES + 1))
    client.raw(whole[:10])
    assert client.close_code == 1009
    assert client.session.state is State.CLOSED


def test_fragments_over_the_limit_together_close_with_1009() -> None:
    client = live_client()
    client.raw(frame(Opcode.TEXT, b"x" * 3000, fin=False))
    assert client.close_code is None
    client.raw(frame(Opcode.CONT, b"x" * 3000, fin=False))
    assert client.close_code == 1009


@pytest.mark.parametrize(
    "data",
    [
        Frame(Opcode.TEXT, b"not masked").serialize(mask=False),
        frame(Opcode.CONT, b"of nothing"),
        frame(Opcode.TEXT, b"a", fin=False) + frame(Opcode.TEXT, b"b"),
        b"\xf1\x80\x00\x00\x00\x00",
        b"\x83\x80\x00\x00\x00\x00",
        b"\x09\x80\x00\x00\x00\x00",
    ],
    ids=["unmasked", "continues nothing", "inside another", "reserved bits", "reserved opcode", "cut control frame"],
)
def test_a_broken_frame_closes_with_1002(data: bytes) -> None:
    client = live_client()
    client.raw(data)
    assert client.close_code == 1002
    assert client.session.state is State.CLOSED


@pytest.mark.parametrize(
    "before", [frame(Opcode.BINARY, b"x"), frame(Opcode.TEXT, b"\xff")], ids=["binary", "not UTF-8"]
)
@pytest.mark.parametrize(
    "goodbye", [frame(Opcode.CLOSE, b"\x03\xe8"), frame(Opcode.CONT, b"of nothing")], ids=["close", "broken frame"]
)
def test_what_came_together_with_a_goodbye_has_no_consequence_of_its_own(before: bytes, goodbye: bytes) -> None:
    client = live_client()
    client.raw(before + goodbye)
    assert client.close_code in {1000, 1002}
    assert client.session.state is State.CLOSED


def test_a_client_may_say_goodbye() -> None:
    client = live_client()
    client.protocol.send_close(1000)
    client.deliver()
    assert client.session.state is State.CLOSED
    assert client.close_code == 1000


def test_a_client_may_end_without_a_word() -> None:
    client = live_client()
    client.session.receive_eof()
    assert client.session.state is State.CLOSED
    assert client.session.output() == [b""]


# -- signs of life


def test_a_ping_goes_out_and_its_pong_allows_the_next() -> None:
    client = live_client()
    for _ in range(3):
        assert client.session.beat()
        client.fetch()
        client.deliver()
        assert [ping.opcode for ping in client.frames()] == [Opcode.PING]


def test_a_pong_that_is_missing_at_the_next_ping_is_the_end() -> None:
    client = live_client()
    assert client.session.beat()
    assert not client.session.beat()


def test_other_signs_of_life_are_no_pong() -> None:
    client = live_client()
    client.session.beat()
    client.raw(frame(Opcode.TEXT, b"ping") + frame(Opcode.PING, b""))
    assert not client.session.beat()


# -- the table of states


def in_handshake() -> Session:
    return Session()


def joining() -> Session:
    return Client().session


def live() -> Session:
    return live_client().session


def closed() -> Session:
    session = live()
    session.close(TOO_SLOW)
    session.output()
    return session


@pytest.mark.parametrize("session", [in_handshake(), live(), closed()], ids=["handshake", "live", "closed"])
def test_admitting_anything_but_a_joining_session_raises_and_changes_nothing(session: Session) -> None:
    before = session.state
    with pytest.raises(RuntimeError, match=before.name):
        session.admit()
    assert session.state is before
    assert session.output() == []


def test_closing_before_the_handshake_raises_and_changes_nothing() -> None:
    session = in_handshake()
    with pytest.raises(RuntimeError, match="handshake"):
        session.close(TOO_SLOW)
    assert session.state is State.HANDSHAKE
    assert session.output() == []


@pytest.mark.parametrize("session", [joining(), live()], ids=["joining", "live"])
def test_closing_says_the_code_once(session: Session) -> None:
    session.output()
    session.close(GOING_AWAY)
    assert len(session.output()) == 1
    session.close(TOO_SLOW)
    assert session.output() == []
    assert session.state is State.CLOSED


@pytest.mark.parametrize(
    ("session", "writable"),
    [(in_handshake(), False), (joining(), True), (live(), True), (closed(), False)],
    ids=["handshake", "joining", "live", "closed"],
)
def test_frames_are_allowed_from_the_handshake_to_the_goodbye(session: Session, *, writable: bool) -> None:
    assert session.writable is writable


def test_a_closed_session_reads_on_and_drops_what_it_reads() -> None:
    client = live_client()
    client.session.close(TOO_SLOW)
    client.raw(frame(Opcode.TEXT, b"\xff") + frame(Opcode.BINARY, b"x"))
    assert client.close_code == 4008
    assert client.session.output() == []
    assert client.session.state is State.CLOSED


def test_a_closed_session_sends_no_pings_and_ends_with_the_clients_answer() -> None:
    client = live_client()
    client.session.close(TOO_SLOW)
    assert client.session.beat()
    client.fetch()
    assert [last.opcode for last in client.frames()] == [Opcode.CLOSE]
    assert client.session.receive(b"".join(client.protocol.data_to_send())) is None
    assert client.session.output() == [b""]


def test_frames_written_beside_the_session_reach_the_client() -> None:
    client = live_client()
    client.protocol.receive_data(text_frame(b"{}"))
    assert [bytes(received.data) for received in client.frames()] == [b"{}"]


def test_a_session_keeps_nothing_of_the_request_after_its_handshake() -> None:
    client = live_client()
    gc.collect()
    requests = [thing for thing in gc.get_objects() if isinstance(thing, Request)]
    held = [request for request in requests if referenced_by(request, client.session)]
    assert held == []
    assert client.session.state is State.LIVE


def referenced_by(wanted: object, start: object) -> bool:
    """Whether an object is held by another, however far away."""
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        thing = waiting.pop()
        if thing is wanted:
            return True
        if id(thing) not in seen and not isinstance(thing, type | ModuleType | FunctionType):
            seen.add(id(thing))
            waiting += gc.get_referents(thing)
    return False


# -- what a client says


def saying(*subprotocols: str) -> Client:
    client = Client(f"/sub?{QUERY}", *subprotocols)
    client.session.admit()
    client.frames()
    return client


def test_what_is_said_in_v1_is_kept_until_it_is_taken_whole_and_in_order() -> None:
    client = saying(SUBPROTOCOL)
    client.session.receive(frame(Opcode.TEXT, b"one") + frame(Opcode.TEXT, b"t", fin=False))
    client.session.receive(frame(Opcode.CONT, b"wo"))
    assert list(client.session.take_said()) == [b"one", b"two"]
    assert list(client.session.take_said()) == []


def test_nothing_is_kept_of_what_is_said_in_the_plain_framing_or_before_the_client_is_live() -> None:
    for client in (saying(), Client(f"/sub?{QUERY}", SUBPROTOCOL)):
        client.session.receive(frame(Opcode.TEXT, b"one"))
        assert list(client.session.take_said()) == []


def test_of_what_is_said_at_once_a_few_are_kept() -> None:
    client = saying(SUBPROTOCOL)
    client.session.receive(frame(Opcode.TEXT, b"x") * 100)
    assert len(client.session.take_said()) == SAID_AT_ONCE
