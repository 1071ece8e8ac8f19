"""The live channel's socket: an asyncio protocol that uvicorn is given as its `ws=`. Decisions are session.py's."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any

import msgspec

from imagechat.live.doors import Doors, Visit
from imagechat.live.frames import Framing
from imagechat.live.hub import Hub
from imagechat.live.rights import Rights, close_for
from imagechat.live.room import Subscriber
from imagechat.live.session import JoinRequest, Session, State
from imagechat.live.wheel import Wheel
from imagechat.model.addresses import Proxies, caller_address, is_secure, network_of
from imagechat.model.counting import Counting
from imagechat.model.errors import FAULT, GOING_AWAY, TICKET_EXPIRED, TOO_SLOW, CloseKind, Refusal, too_many
from imagechat.model.ids import RoomId, room_id
from imagechat.model.principal import Principal
from imagechat.model.tokens import Tokens

CLOSE_SECONDS = 5
"""How long a client may take to answer a close."""
AT_ONCE = 4096
"""Bytes from a client that are read before they are counted in frames: a flood comes in pieces of 256 KB."""
MOST_WAITING = 20_000
"""Handshakes that wait for their turn, each with its head of up to 64 KB; more are hung up on, and come again."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Live:
    """What every connection needs."""

    hub: Hub
    rights: Rights
    tokens: Tokens
    address: Callable[[str, str], str]
    wheel: Wheel
    proxies: Proxies
    now: Callable[[], int]
    counting: Counting
    outbox_bytes: int
    drain_seconds: float
    ping_seconds: float
    compression: bool
    say: Callable[[RoomId, Subscriber, bytes], None]  # what a client says in the room that it follows
    doors: Doors | None = None  # None where nobody is limited


class LiveConnection(asyncio.Protocol):
    """One socket: handshake, ticket, room, and then frames out until one side has had enough."""

    __slots__ = (
        "_connections",
        "_deaf",
        "_drained",
        "_expires_at",
        "_flows",
        "_joining",
        "_live",
        "_parting",
        "_room_id",
        "_session",
        "_transport",
        "_visit",
        "due",
        "framing",
        "principal",
        "site",
    )

    def __init__(self, live: Live, server_state: Any) -> None:
        """Serve with `live`; `server_state` is uvicorn's list of what must close before it stops."""
        self._live = live
        self._connections: set[Any] = server_state.connections
        self._session = Session(compression=live.compression)
        self._transport: asyncio.Transport
        self._room_id: RoomId | None = None
        self._joining: asyncio.Task[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._expires_at = 0
        self._visit = None if live.doors is None else Visit(live.doors)
        self._deaf = False
        self._parting = False
        self._flows = True  # the system has taken everything so far, and more may be sent
        self.framing = Framing.PLAIN
        self.principal: Principal
        self.site: str | None = None
        self.due = 0

    # -- asyncio's side

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a stream's, always
        """Take the socket over from uvicorn's HTTP protocol."""
        self._transport = transport
        self._connections.add(self)
        self._live.hub.counts.connections += 1
        transport.set_write_buffer_limits(high=1, low=0)  # to be told whenever the system has not taken everything

    def data_received(self, data: bytes) -> None:
        """Feed the session; a handshake waits for its turn, and nothing is read meanwhile."""
        if self._session.state is State.HANDSHAKE:
            if self._live.hub.admission.waiting >= MOST_WAITING:
                self._live.hub.counts.handshakes["crowded"] += 1
                self._transport.abort()
                return
            self._transport.pause_reading()
            self._live.hub.admission.ask(partial(self._shake_hands, data))
            return
        if self._deaf:
            return
        if self._visit is None:
            self._session.receive(data)
        else:
            self._hear(self._visit, data)
        if self._room_id is not None and self._session.texts:
            self._live.counting.carried(self._room_id, *self._session.take_texts())
            for text in self._session.take_said():
                self._live.say(self._room_id, self, text)
        self._answer()
        if not self._flows and self._transport.get_write_buffer_size() > self._live.outbox_bytes:
            self._transport.pause_reading()  # a client that asks for pongs and takes none would fill the memory

    def eof_received(self) -> None:
        """End with the client's stream."""
        self._session.receive_eof()
        self._answer()

    def pause_writing(self) -> None:
        """Note that the system takes no more for now; what is sent from here on waits in the outbox."""
        self._flows = False
        self._live.hub.counts.behind.add(self)
        if self._drained is None:
            self._drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """Read on, and wake whoever waits in `drained`."""
        self._flows = self._session.writable
        self._live.hub.counts.behind.discard(self)
        self._transport.resume_reading()
        if self._drained is not None:
            self._drained.set_result(None)
            self._drained = None

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio's signature
        """Leave everything."""
        self._connections.discard(self)
        counts = self._live.hub.counts
        counts.connections -= 1
        counts.behind.discard(self)
        if self._session.accepted:
            counts.closes[self._session.ended_by] += 1
        self._live.wheel.remove(self)
        if self._joining is not None:
            self._joining.cancel()
        if self._visit is not None:
            self._visit.leave()
        if self._room_id is not None:
            self._live.hub.leave(self._room_id, self)
        if self._drained is not None:
            self._drained.set_exception(ConnectionError("the connection is gone"))
            self._drained.exception()  # nobody may be waiting
            self._drained = None

    @property
    def waiting_bytes(self) -> int:
        """What waits in the outbox."""
        return self._transport.get_write_buffer_size()

    # -- the room's side

    def send(self, frames: bytes) -> bool:
        """See `Subscriber`."""
        if self._flows:  # nearly always, and a flush asks every subscriber
            self._transport.write(frames)
            return True
        if not self._session.writable or self._transport.is_closing() or self.waiting_bytes > self._live.outbox_bytes:
            return False
        self._transport.write(frames)
        return True

    async def drained(self) -> None:
        """See `Subscriber`."""
        if self._transport.is_closing():
            msg = "the connection is gone"
            raise ConnectionError(msg)
        if self._drained is not None:
            await asyncio.shield(self._drained)

    def overflow(self) -> None:
        """See `Subscriber`."""
        if not self._transport.is_closing():
            self.close(TOO_SLOW)

    def fail(self) -> None:
        """See `Subscriber`."""
        self.close(FAULT)

    # -- the node's side

    def shutdown(self) -> None:
        """Close because the node stops: spread over some seconds, so that clients do not all come back at once."""
        pause = random.uniform(0, self._live.drain_seconds)  # noqa: S311 -- not a secret
        asyncio.get_running_loop().call_later(pause, self.close, GOING_AWAY)

    def look(self, now: float) -> int:
        """Do what the wheel finds due: give up, close on an expired ticket, or ping."""
        if not self._session.writable or not self._session.beat():
            self._flows = False  # it takes nothing more, though it is in its room until it is lost
            self._transport.abort()
            return 0
        remaining = (self._expires_at - self._live.now()) / 1000
        if remaining <= 0:
            self.close(TICKET_EXPIRED)
            return 0
        self._write_output()
        return ceil(now + min(self._live.ping_seconds, remaining))

    def close(self, kind: CloseKind) -> None:
        """Say goodbye, and hang up if the client does not answer in time."""
        if self._session.state is State.HANDSHAKE:
            self._transport.abort()
        if self._session.writable:
            self._session.close(kind)
        self._answer()

    def _shake_hands(self, data: bytes) -> None:
        """Take a client's handshake; one that is complete starts the join."""
        if self._transport.is_closing() or self._session.state is not State.HANDSHAKE:
            self._live.hub.counts.handshakes["gone"] += 1  # the client was not so patient
            return
        request = self._session.receive(data)
        if self._session.greeted:
            self._live.hub.counts.handshakes["accepted" if self._session.accepted else "refused"] += 1
        self._answer()
        self._transport.resume_reading()
        if request is not None and self._may(self._knock(request)):
            self._joining = asyncio.get_running_loop().create_task(self._join(request))

    def _knock(self, request: JoinRequest) -> float:
        return 0.0 if self._visit is None else self._visit.knock(network_of(self._caller(request)))

    def _may(self, wait: float) -> bool:
        """Close on whoever has to wait some seconds; 0 is nobody."""
        if wait:
            self.close(too_many(wait))
        return not wait

    def _hear(self, visit: Visit, data: bytes) -> None:
        """Read what a client sends, and no more of it once that is too much."""
        wait = visit.send(len(data))
        for start in range(0, len(data), AT_ONCE):
            if wait:
                break
            before = self._session.frames
            self._session.receive(data[start : start + AT_ONCE])
            wait = visit.send_frames(self._session.frames - before)
        if not self._may(wait):
            self._deaf = True  # its answer to the close may be among what is not read
            self._end()

    async def _join(self, request: JoinRequest) -> None:
        try:
            await self._join_room(request)
        except Refusal as refusal:
            self.close(close_for(refusal))
        except ConnectionError:
            self.close(FAULT)
        except Exception:
            logger.exception("a connection could not join")
            self.close(FAULT)
        finally:
            self._joining = None

    async def _join_room(self, request: JoinRequest) -> None:
        live = self._live
        ticket = live.tokens.read_ticket(request.ticket, request.tenant_id, live.now())
        if self._visit is not None and not self._may(self._visit.prove(ticket.principal)):
            return
        secure = self._is_secure(request)
        self.site = await live.rights.come_from(request.tenant_id, request.origin, request.host, secure=secure)
        address = live.address(request.tenant_id, network_of(self._caller(request)))
        self.principal = msgspec.structs.replace(ticket.principal, address=address)
        self.framing, self._expires_at = request.framing, ticket.expires_at
        # from now on, so that one that stops reading in mid-resume is dropped too; the first ping comes at a random
        # time, so that a crowd that came at once is not pinged at once
        first = random.uniform(1, live.ping_seconds)  # noqa: S311 -- not a secret
        live.wheel.put_in(self, min(first, (ticket.expires_at - live.now()) / 1000))
        room = room_id(request.tenant_id, request.url_id)
        await live.hub.join(room, self, request.position)
        self._room_id = room
        if self._transport.is_closing() or not self._session.writable:
            live.hub.leave(room, self)
            return
        self._session.admit()

    def _caller(self, request: JoinRequest) -> str:
        """Return the caller's address, empty where a socket has none. Nothing of it is kept: most connections idle."""
        peer = self._transport.get_extra_info("peername")
        return caller_address(peer[0] if peer else "", request.forwarded_for, self._live.proxies)

    def _is_secure(self, request: JoinRequest) -> bool:
        peer = self._transport.get_extra_info("peername")
        over_tls = self._transport.get_extra_info("sslcontext") is not None
        return is_secure(peer[0] if peer else "", over_tls, request.forwarded_proto, self._live.proxies)

    def _answer(self) -> None:
        """Answer; a session that is closed sends nothing more, is in no room, and is hung up on before long."""
        if not self._session.writable:
            self._flows = False
        self._write_output()
        if not self._session.writable:
            self._part()

    def _part(self) -> None:
        """Leave the room, and give the client `CLOSE_SECONDS` to end the connection, whatever it goes on sending."""
        if self._room_id is not None:
            self._live.hub.leave(self._room_id, self)
        if not self._parting and not self._transport.is_closing():
            self._parting = True
            self._live.wheel.put_in(self, CLOSE_SECONDS)

    def _write_output(self) -> None:
        for data in self._session.output():
            if self._transport.is_closing():
                return
            if data:
                self._transport.write(data)
            else:
                self._end()

    def _end(self) -> None:
        """Send no more, and let the client end the connection.

        Closing it here would answer what the client is still sending with a reset, and that overtakes the close code.
        """
        if self._transport.can_write_eof():
            with suppress(OSError):  # the client was quicker
                self._transport.write_eof()
        else:  # TLS
            self._transport.close()
