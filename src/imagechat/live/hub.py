"""The rooms of a node: events in from the bus, frames out to subscribers, no event lost between a resume and live."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from contextlib import suppress

from imagechat.bus.base import Bus, RoomEvents
from imagechat.live.admission import Admission
from imagechat.live.catching_up import Around, CatchingUp
from imagechat.live.counts import LiveCounts
from imagechat.live.delay import Delay
from imagechat.live.delivery_traces import DeliveryTraces, both
from imagechat.live.frames import Face, Hello, Reset, encode, encode_signal, text_frame
from imagechat.live.heads import Heads
from imagechat.live.log_pages import History, LogPages
from imagechat.live.missed import Missed
from imagechat.live.pacing import Pacer
from imagechat.live.presence_exchange import PresenceExchange
from imagechat.live.remembering import Remembering
from imagechat.live.resume import Position, Source, outcome_of
from imagechat.live.rights import Rights
from imagechat.live.room import LiveRoom, Subscriber
from imagechat.live.timers import LoopTimers, Timers
from imagechat.live.watch import Watch
from imagechat.model.access import Access
from imagechat.model.counting import Counting
from imagechat.model.errors import UNAVAILABLE, Refusal
from imagechat.model.ids import RoomId, is_inbox, tenant_of

LINGER = 30.0
"""Seconds that a room is remembered after the last subscriber left, for a reload or a short loss of network."""
PRESENCE_PAUSE = 1.0
"""Seconds over which joins and leaves are gathered into one signal."""

logger = logging.getLogger(__name__)


class Hub:
    """Rooms and their subscribers."""

    def __init__(  # noqa: PLR0913 -- it brings all of this together
        self,
        bus: Bus,
        history: History,
        rights: Rights,
        counting: Counting,
        timers: Timers | None = None,
        traces: DeliveryTraces | None = None,
    ) -> None:
        """Hear from `bus`, read what it missed from `history`, let in whom `rights` lets; count in `counting`."""
        timers = timers or LoopTimers()
        self.admission = Admission(timers)
        self.counts = LiveCounts()
        self._bus = bus
        self._traces = traces
        self._counting = counting
        self._rooms: dict[RoomId, LiveRoom] = {}
        self.rooms: Mapping[RoomId, LiveRoom] = self._rooms
        self._watch = Watch(self._rooms, history, rights)
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers = timers
        self._pacer: Pacer[LiveRoom] = Pacer(timers, self._flush_failed, both(self.counts.flushed, traces))
        self._telling = Delay(PRESENCE_PAUSE, timers, self._tell_presence)
        self._lingering = Delay(LINGER, timers, self._forget_if_empty)
        self._pages = LogPages(history, timers)
        self._missed = Missed(self._pages, self.admission, timers)
        self._remembering = Remembering(self._rooms)
        around = Around(self._spawn, self._remembering.tail, self._flush_soon, self._loaded, self._drop)
        self._catching_up = CatchingUp(history, self._watch, timers, around, self.counts)
        self._heads = Heads(bus, history, self._rooms, timers, self._spawn, self._catching_up.read_on)
        self._exchange = PresenceExchange(bus, self._rooms, self._others_changed, timers)
        bus.receive_with(self.receive, self.doubt)

    # -- subscribers

    async def join(self, room_id: RoomId, subscriber: Subscriber, position: Position | None) -> None:
        """Subscribe a connection: hello, what it missed since `position` (RES1) or reset (RES2), then live.

        Raises `ConnectionError` when the connection goes away or the room cannot be read, `Refusal` when it has no
        right to the room (AUTH1).
        """
        await self._watch.knock(room_id, subscriber)
        room = await self._open(room_id)
        entered = await self._watch.enter(room, subscriber)
        asked, first = position, room.source(position)
        if subscriber.framing.is_v1:
            hello = Hello(room.epoch, room.flushed, room.attendance.total + 1)
            self._give(room, subscriber, text_frame(encode_signal(hello)))
        room, position = await self._bring_up(room, position, subscriber)
        # a right may have been lost meanwhile, or the room forgotten
        while entered != self._watch.seen(room) or self._rooms.get(room_id) is not room:
            room = await self._open(room_id)
            entered = await self._watch.enter(room, subscriber)
            room, position = await self._bring_up(room, position, subscriber)
        # no await from here on: what is flushed next goes to this subscriber too, so there is no seam
        last = room.source(position)
        self.counts.joins[outcome_of(asked, first, last)] += 1
        if last is Source.NOWHERE:
            self._give(room, subscriber, encode(subscriber.framing, [encode_signal(Reset(room.epoch, room.flushed))]))
        room.add(subscriber)
        self._tell_presence_soon(room)

    def leave(self, room_id: RoomId, subscriber: Subscriber) -> None:
        """Unsubscribe a connection; one that is not in the room is let be."""
        room = self._rooms.get(room_id)
        if room is None or not room.remove(subscriber):
            return
        if room.empty:
            self._linger(room)
        if not room.empty or not self._bus.alone:
            self._tell_presence_soon(room)

    async def present(self, room_id: RoomId) -> tuple[int, list[Face]]:
        """Return how many users are in a room, on any node, and those who gave a name.

        Raises `Refusal` (`unavailable`) when the room cannot be read.
        """
        room = self._rooms.get(room_id)
        if room is None and not self._bus.alone:
            try:
                room = await self._open(room_id)
            except ConnectionError:
                raise _cannot_read() from None
        if room is None:
            return 0, []
        await self._exchange.ask(room)
        return room.attendance.users, room.attendance.faces

    # -- events

    def receive(self, batch: RoomEvents) -> None:
        """Take a batch from the bus; a gap or another epoch makes the node read the log, which is the truth.

        Where other people may come to the room now, they are looked at before it is delivered.
        """
        room = self._rooms.get(batch.room_id)
        if room is not None:
            self.counts.events_received += len(batch.events)
            if self._traces is not None and batch.trace:
                self._traces.received(batch)
            self._catching_up.receive(room, batch)

    def doubt(self, room_id: RoomId | None) -> None:
        """Look whether a room, or any, has all of its events: the bus may not have brought some."""
        self._heads.doubt(room_id)

    async def close(self) -> None:
        """Stop what runs in the background."""
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._pages.close()
        for waiting in (self._pacer, self._telling, self._lingering, self._catching_up, self._heads, self._exchange):
            waiting.close()

    def _flush_soon(self, room: LiveRoom) -> None:
        if room.pending:
            self._pacer.ask(room)

    def _flush_failed(self, room: LiveRoom, error: Exception) -> None:
        """Give up a room that some got a flush of and some did not; the writers of the room have no part in it."""
        logger.error("room %s could not be flushed", room.id, exc_info=error)
        self._drop(room)

    def _tell_presence_soon(self, room: LiveRoom) -> None:
        if not room.tells_presence and not is_inbox(room.id):
            room.tells_presence = True
            self._telling.put(room)

    def _others_changed(self, room_id: RoomId) -> None:
        self._tell_presence_soon(self._rooms[room_id])

    def _tell_presence(self, room: LiveRoom) -> None:
        room.tells_presence = False
        self._exchange.tell(room)
        signal = room.attendance.tell(self._counting.now())
        if signal is not None and not room.empty:
            room.signals.append(encode_signal(signal))
            self._pacer.ask_later(room)

    # -- rights

    async def access(self, room_id: RoomId) -> Access:
        """See `Watch`. Raises `Refusal` (`unavailable`) when the room cannot be read."""
        try:
            return await self._watch.access(room_id)
        except ConnectionError:
            raise _cannot_read() from None

    async def heed(self, tenant_id: str, user_id: str | None = None) -> None:
        """See `Watch`. Rooms that nobody follows are forgotten, where a whole tenant is meant: it may be gone."""
        await self._watch.heed(tenant_id, user_id)
        if user_id is None:
            for room in [room for room in self._rooms.values() if tenant_of(room.id) == tenant_id]:
                self._forget_empty(room)

    async def reread(self, room_id: RoomId) -> None:
        """Forget a room's events, of which some were rewritten, and have everybody there take a new snapshot."""
        self._pages.forget()
        self._missed.forget()
        room = self._rooms.get(room_id)
        if room is None:
            return
        await room.loaded.wait()
        if not room.failed:
            room.forget()
            while await self._read_ahead(room):  # another process has no other way to say what it wrote
                pass
            room.send([encode_signal(Reset(room.epoch, room.flushed))])

    # -- rooms

    async def _bring_up(
        self, room: LiveRoom, position: Position | None, subscriber: Subscriber
    ) -> tuple[LiveRoom, Position | None]:
        """Send what came after a position, and return the position that this leads to, in the room as it is then."""
        while position is not None:
            if room.source(position) in {Source.MEMORY, Source.LOG}:
                after = position.seq
                missed, position = await self._missed.after(room, position, subscriber.framing)
                if missed:
                    await self._watch.enter(room, subscriber)  # a slow reader's way in is long: rights may be lost
                    self._give(room, subscriber, missed, position.seq - after)
                    await subscriber.drained()
            elif not room.is_behind(position) or not await self._read_ahead(room):
                break
            room = await self._open(room.id)
        return room, position

    async def _open(self, room_id: RoomId) -> LiveRoom:
        """Return a loaded room; many who ask at once share one read."""
        while True:
            room = self._rooms.get(room_id)
            if room is None:
                room = self._rooms[room_id] = LiveRoom(room_id, self._counting, self._remembering.size)
                self._spawn(self._load(room))
            if not room.loaded.is_set():
                await room.loaded.wait()
                await self.admission.turn()  # so did everybody else who wants this room
            if room.failed:
                msg = "the room could not be read"
                raise ConnectionError(msg)
            if self._rooms.get(room_id) is room and room.loaded.is_set():  # neither forgotten nor busy again
                return room

    async def _read_ahead(self, room: LiveRoom) -> bool:
        """Take from the log what the bus has not brought yet; False if there is nothing.

        A snapshot may be newer than what was published: its client brings a position that the room has not reached.
        """
        epoch, seq = room.epoch, room.seq
        events = await self._pages.after(room.id, epoch, seq)
        if events and room.loaded.is_set():
            room.take(RoomEvents(room.id, epoch, tuple(enumerate(events, seq + 1)), room.access))
            self._flush_soon(room)
        return bool(events)

    def _give(self, room: LiveRoom, subscriber: Subscriber, frames: bytes, events: int = 1) -> None:
        """Send to one that is on its way in."""
        if subscriber.send(frames):
            self._counting.carried(room.id, subscriber.framing.frames(events), len(frames))

    async def _load(self, room: LiveRoom) -> None:
        try:
            await self._bus.join(room.id)
            self._heads.joined(room.id)
            self._exchange.tell(room)  # and so asks: the others have answered when the log is read, mostly
            await self._catching_up.load(room)
        except Exception as error:
            if not isinstance(error, ConnectionError):  # the database is away, which others say once for all rooms
                logger.exception("room %s could not be read", room.id)
            self._drop(room)

    def _loaded(self, room: LiveRoom) -> None:
        if room.empty:  # who asked for it may be gone before the answer, and would never leave it
            self._linger(room)

    async def _leave_bus(self, room_id: RoomId) -> None:
        if room_id not in self._rooms:  # it may have been opened again
            await self._bus.leave(room_id)

    def _drop(self, room: LiveRoom) -> None:
        """Give a room up: its connections are closed to resume, and whoever asks for it next reads it anew."""
        if room.failed:
            return
        if self._rooms.get(room.id) is room:
            del self._rooms[room.id]
        room.fail()
        self._spawn(self._leave_bus(room.id))
        for subscribers in room.subscribers.values():
            for subscriber in list(subscribers):
                try:
                    subscriber.fail()
                except Exception:  # the others are closed all the same
                    logger.exception("a connection could not be closed")

    def _linger(self, room: LiveRoom) -> None:
        room.empty_since = self._timers.time()
        if not room.lingers:
            room.lingers = True
            self._lingering.put(room)

    def _forget_if_empty(self, room: LiveRoom) -> None:
        room.lingers = False
        if not room.empty or not room.loaded.is_set() or self._rooms.get(room.id) is not room:
            return
        if self._timers.time() < room.empty_since + self._lingering.seconds:  # somebody came and went meanwhile
            room.lingers = True
            self._lingering.put(room)
            return
        self._forget_empty(room)

    def _forget_empty(self, room: LiveRoom) -> None:
        if room.empty and room.loaded.is_set() and self._rooms.get(room.id) is room:
            del self._rooms[room.id]
            self._spawn(self._leave_bus(room.id))

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _cannot_read() -> Refusal:
    return Refusal(UNAVAILABLE, "The server cannot read this picture now: try again in a moment.")
