"""Who is writing where: what clients say on their sockets, told to others who follow, on every node. Nothing is kept.

| said | goes on to |
| --- | --- |
| in a picture's room, of a thread on it; or in a thread's own room, of that thread | whoever else follows either room |
| by somebody who may not comment there now, too often, or what makes no sense | nobody, and nobody is told |
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress

import msgspec

from imagechat.bus.base import Bus, Told
from imagechat.live.frames import Typing, encode_signal
from imagechat.live.rights import Rights
from imagechat.live.room import LiveRoom, Subscriber
from imagechat.model.errors import Refusal
from imagechat.model.ids import RoomId, is_inbox, room_id
from imagechat.model.limits import URL_ID_CHARACTERS
from imagechat.model.rate_limits import Buckets, Limit

SAID = Limit(1, 3.0)
"""Of a person in a thread, on the node that the person is on."""
TRIED = Limit(5, 5.0)
"""Of a person in a room, whatever the thread: each may have to be looked up."""
HEARD = Limit(1, 2.0)
"""Of a person in a thread, from all nodes together; some may come a little early."""
KNOWN = 10_000
"""Threads of which it is remembered on which picture they are: a thread stays where it is."""
TOPIC = "typing"

Place = tuple[RoomId, str]
"""The picture that a thread is on, and the thread's `windowUrlId`."""


class TypingFrame(msgspec.Struct, frozen=True, rename="camel", tag_field="type", tag="typing"):
    """What a client sends: its person is writing in a thread."""

    url_id: str


_frame = msgspec.json.Decoder(TypingFrame)
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[int, str, str, str | None])


class TypingSignals:
    """What is said on a node's sockets, on its way."""

    def __init__(  # noqa: PLR0913 -- whom it asks, and whom it tells
        self,
        rooms: Mapping[RoomId, LiveRoom],
        bus: Bus,
        rights: Rights,
        place_of: Callable[[RoomId], Awaitable[Place | None]],
        now: Callable[[], int],
        clock: Callable[[], float],
    ) -> None:
        """Tell who is in `rooms`, and over `bus` the other nodes; `place_of` looks a thread up, None before its marker.

        `now` gives milliseconds since 1970, `clock` seconds that never go back.
        """
        self._rooms = rooms
        self._bus = bus
        self._rights = rights
        self._place_of = place_of
        self._now = now
        self._said = Buckets(clock)
        self._heard = Buckets(clock)
        self._places: OrderedDict[RoomId, Place] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        bus.hear_with(TOPIC, self._hear)

    def say(self, room: RoomId, subscriber: Subscriber, text: bytes) -> None:
        """Take what a client has sent in a room that it follows; what is nothing that this knows is let be."""
        try:
            frame = _frame.decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return
        if not 0 < len(frame.url_id) <= URL_ID_CHARACTERS or is_inbox(room):
            return
        who = subscriber.principal
        thread = room_id(who.tenant_id, frame.url_id)
        charges = [(f"{room} {who.user_id}", TRIED), (f"{thread} {who.user_id} said", SAID)]
        if not self._said.take(charges):
            self._spawn(self._pass_on(room, thread, subscriber, frame.url_id))

    async def close(self) -> None:
        """Pass nothing on any more."""
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _pass_on(self, room_id: RoomId, thread: RoomId, subscriber: Subscriber, url_id: str) -> None:
        try:
            place = await self._place(thread)
            room = self._rooms.get(room_id)
            if room is None or room_id not in {thread, None if place is None else place[0]}:
                return
            who = await self._rights.comment(subscriber.principal, room.access)
        except (Refusal, ConnectionError):
            return
        if subscriber not in room.subscribers[subscriber.framing]:  # it may have lost its right meanwhile (AUTH2)
            return
        said = self._now(), who.user_id, url_id if place is None else place[1], who.name
        for carrier in (thread,) if place is None else (place[0], thread):
            self._bus.tell(TOPIC, _encoder.encode(said), carrier)
            self._tell(carrier, *said)

    def _hear(self, told: Told) -> None:
        with suppress(msgspec.MsgspecError):  # of a node of another version
            said = _decoder.decode(told.data)
            if told.room_id is not None:
                self._tell(told.room_id, *said)

    def _tell(self, room_id: RoomId, timestamp: int, user_id: str, url_id: str, name: str | None) -> None:
        room = self._rooms.get(room_id)
        if room is None or room.failed or self._heard.take([(f"{room_id} {user_id} {url_id}", HEARD)]):
            return
        signal = encode_signal(Typing(timestamp=timestamp, user_id=user_id, url_id=url_id, name=name))
        room.give((each for each in room.everybody if each.principal.user_id != user_id), signal)

    async def _place(self, thread: RoomId) -> Place | None:
        known = self._places.get(thread)
        if known is None:
            known = await self._place_of(thread)
            if known is not None:
                self._places[thread] = known
                while len(self._places) > KNOWN:
                    self._places.popitem(last=False)
        return known

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
