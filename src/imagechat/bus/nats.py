"""The bus between nodes, over NATS: what a node publishes it hears at once, the others by way of the servers.

NATS brings a message at most once. What it may not have brought is doubted, and then compared with the log.
"""

import logging
from functools import partial
from secrets import token_urlsafe

from imagechat.bus.base import BusCounts, Doubter, Hearer, Receiver, RoomEvents
from imagechat.bus.line import Line, Listening, Make
from imagechat.bus.message import NotUnderstood, decode_events, decode_words, encode_events, encode_words
from imagechat.bus.servers import parse_servers
from imagechat.bus.subjects import DOUBT, EVENTS, Subjects, told, topic_of
from imagechat.model.ids import RoomId

NODE_BYTES = 9
MOST_UNSAID = 10_000
"""Rooms of which something was not said that are known by name; more, and every room is doubted."""

logger = logging.getLogger(__name__)


class NatsBus:
    """See `Bus`."""

    alone = False

    def __init__(
        self, url: str, installation: str, *, credentials: str | None = None, authority: str | None = None
    ) -> None:
        """Know where NATS is; the nodes of one `installation`, on one database, talk to each other.

        Raises `RuntimeError` for a URL that is none.
        """
        self.node = token_urlsafe(NODE_BYTES)
        self.counts = BusCounts()
        servers = parse_servers(url, credentials, authority)
        listening = Listening(self._hear, self._missed, self._not_said, self._is_up, self._say_what_was_not)
        self._line = Line(servers, f"imagechat {self.node}", listening)
        self._subjects = Subjects(installation)
        self._joined: set[RoomId] = set()
        self._receiver: Receiver | None = None
        self._doubter: Doubter | None = None
        self._hearers: dict[str, Hearer] = {}
        self._unsaid: set[RoomId] = set()
        self._too_much_unsaid = False
        self._closed = False
        self._stranger = False

    def receive_with(self, receiver: Receiver, doubter: Doubter) -> None:
        """See `Bus`."""
        self._receiver, self._doubter = receiver, doubter

    def hear_with(self, topic: str, hearer: Hearer) -> None:
        """See `Bus`."""
        self._hearers[told(topic)] = hearer

    async def start(self) -> None:
        """See `Bus`."""
        nobodys = RoomId(f"probe.{self.node}")
        await self._line.start(self._subjects.of(None, "*"), (self._subjects.of(nobodys, DOUBT),))
        self.counts.connections += 1

    async def join(self, room_id: RoomId) -> None:
        """See `Bus`."""
        if not self._closed:
            self._joined.add(room_id)
            await self._line.want(self._subjects.of(room_id, "*"))

    async def leave(self, room_id: RoomId) -> None:
        """See `Bus`."""
        self._joined.discard(room_id)
        self._line.unwant(self._subjects.of(room_id, "*"))

    def publish(self, batch: RoomEvents) -> None:
        """See `Bus`."""
        if self._closed:
            return
        size = sum(len(data) for _, data in batch.events)
        subject = self._subjects.of(batch.room_id, EVENTS)
        if not self._send(subject, partial(encode_events, self.node, batch), size):
            self._doubt_later(batch.room_id)
        if self._receiver is not None and batch.room_id in self._joined:
            self._receiver(batch)

    def doubt(self, room_id: RoomId) -> None:
        """See `Bus`."""
        if self._closed:
            return
        self._say_doubt(room_id)
        if room_id in self._joined:
            self._doubt_here(room_id)

    def tell(self, topic: str, data: bytes, room_id: RoomId | None = None) -> None:
        """See `Bus`."""
        message = encode_words(self.node, data)
        self._send(self._subjects.of(room_id, told(topic)), lambda _: (message,), len(message))

    @property
    def trouble(self) -> str:
        """See `Bus`."""
        return self._line.trouble

    async def close(self) -> None:
        """See `Bus`; what was published is sent first, in a bounded time."""
        self._closed = True
        self._joined.clear()
        await self._line.close()

    def _send(self, subject: str, make: Make, size: int = 0) -> bool:
        sent = self._line.send(subject, make, size)
        if sent:
            self.counts.sent += 1
        else:
            self.counts.unsaid += 1
        return sent

    # -- what comes

    def _hear(self, subject: str, message: bytes) -> None:
        self.counts.heard += 1
        room_id, about = self._subjects.read(subject)
        if self._closed or (room_id is not None and room_id not in self._joined):
            return
        try:
            if about == EVENTS and room_id is not None:
                self._receive(room_id, message)
            elif about == DOUBT:
                self._doubt_here(room_id)
            elif about in self._hearers:
                self._hearers[about](decode_words(message, room_id))
        except NotUnderstood as error:
            self.counts.not_understood += 1
            if not self._stranger:
                logger.warning("a node of another version is on the bus (%s); its rooms' logs are read instead", error)
                self._stranger = True
            if topic_of(about) is None:
                self._doubt_here(room_id)
        except Exception:
            logger.exception("a message of another node could not be taken")

    def _receive(self, room_id: RoomId, message: bytes) -> None:
        batch = decode_events(room_id, message)
        if batch is None:
            self._doubt_here(room_id)
        elif self._receiver is not None:
            self._receiver(batch)

    def _missed(self, subject: str) -> None:
        """Doubt where a message was dropped, because this node was too slow."""
        self.counts.missed += 1
        self._doubt_here(self._subjects.read(subject)[0])

    def _doubt_here(self, room_id: RoomId | None) -> None:
        self.counts.doubts += 1
        if self._doubter is not None:
            self._doubter(room_id)

    # -- what could not be said

    def _say_doubt(self, room_id: RoomId) -> None:
        message = encode_words(self.node)
        if not self._send(self._subjects.of(room_id, DOUBT), lambda _: (message,)):
            self._doubt_later(room_id)

    def _not_said(self, subject: str) -> None:
        self.counts.unsaid += 1
        room_id, about = self._subjects.read(subject)
        if room_id is not None and topic_of(about) is None:
            self._doubt_later(room_id)

    def _doubt_later(self, room_id: RoomId) -> None:
        if len(self._unsaid) < MOST_UNSAID:
            self._unsaid.add(room_id)
        else:
            self._too_much_unsaid = True

    def _is_up(self) -> None:
        self.counts.connections += 1
        self._say_what_was_not()
        if self._joined:
            self._doubt_here(None)

    def _say_what_was_not(self) -> None:
        """Have others look at the rooms in which this node could not say something."""
        unsaid, self._unsaid = self._unsaid, set()
        if self._too_much_unsaid:
            self._too_much_unsaid = False
            message = encode_words(self.node)
            self._send(self._subjects.of(None, DOUBT), lambda _: (message,))
        else:
            for room_id in unsaid:
                self._say_doubt(room_id)
