"""The rooms of a node: events in from the bus, frames out to subscribers, no event lost between a resume and live."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Protocol

from imagechat.bus.base import Bus, RoomEvents
from imagechat.live.frames import Framing, Hello, Reset, encode, encode_signal, text_frame
from imagechat.live.pacing import pause_after
from imagechat.live.resume import NO_POSITION, Position, Source
from imagechat.live.room import REMEMBERED_EVENTS, LiveRoom, Subscriber
from imagechat.model.ids import RoomId
from imagechat.model.principal import Principal

LOG_PAGE = 200
LINGER = 30.0
"""Seconds that a room is remembered after the last subscriber left, for a reload or a short loss of network."""
PRESENCE_PAUSE = 1.0
"""Seconds over which joins and leaves are gathered into one signal."""

logger = logging.getLogger(__name__)

Logged = tuple[str, int, list[tuple[int, bytes]]]
"""A room's epoch, its head's seq, and events (seq, JSON) of its log."""


class History(Protocol):
    """The event log, as the hub reads it."""

    async def tail(self, room_id: RoomId, limit: int) -> Logged:
        """Return a room's last events."""

    async def after(self, room_id: RoomId, seq: int, limit: int) -> Logged:
        """Return a room's events after `seq`, the first `limit` of them."""


class Hub:
    """Rooms and their subscribers."""

    def __init__(self, bus: Bus, history: History, now: Callable[[], int]) -> None:
        """Hear from `bus`, read what it missed from `history`; `now` gives milliseconds since 1970."""
        self._bus = bus
        self._history = history
        self._now = now
        self._rooms: dict[RoomId, LiveRoom] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        bus.receive_with(self.receive)

    # -- subscribers

    async def join(self, room_id: RoomId, subscriber: Subscriber, position: Position | None) -> None:
        """Subscribe a connection: hello, what it missed since `position` (RES1) or reset (RES2), then live.

        The caller has checked its right to the room (AUTH1). Raises `ConnectionError` when the connection goes away.
        """
        room = await self._open(room_id)
        if subscriber.framing is Framing.V1:
            hello = Hello(room.epoch, room.flushed, room.attendance.connections.total() + 1)
            subscriber.send(text_frame(encode_signal(hello)))
        while position is not None and (source := room.source(position)) in {Source.MEMORY, Source.LOG}:
            if source is Source.MEMORY:
                missed, position = room.remembered_after(position.seq), Position(room.epoch, room.flushed)
            else:
                missed, position = await self._logged_after(room, position)
            if missed:
                subscriber.send(encode(subscriber.framing, missed))
                await subscriber.drained()
            room = await self._open(room_id)
        # no await from here on: what is flushed next goes to this subscriber too, so there is no seam
        if room.source(position) is Source.NOWHERE:
            subscriber.send(encode(subscriber.framing, [encode_signal(Reset(room.epoch, room.flushed))]))
        room.subscribers[subscriber.framing].add(subscriber)
        room.attendance.join(subscriber.principal)
        self._tell_presence_soon(room)

    def leave(self, room_id: RoomId, subscriber: Subscriber) -> None:
        """Unsubscribe a connection; one that is not in the room is let be."""
        room = self._rooms.get(room_id)
        if room is None or subscriber not in room.subscribers[subscriber.framing]:
            return
        room.subscribers[subscriber.framing].discard(subscriber)
        room.attendance.leave(subscriber.principal)
        if room.empty:
            self._linger(room)
        else:
            self._tell_presence_soon(room)

    def present(self, room_id: RoomId) -> tuple[int, list[Principal]]:
        """Return how many users are in a room on this node, and those of them that have a name."""
        room = self._rooms.get(room_id)
        return (0, []) if room is None else (len(room.attendance.connections), list(room.attendance.people.values()))

    # -- events

    def receive(self, batch: RoomEvents) -> None:
        """Take a batch from the bus; a gap or another epoch makes the node read the log, which is the truth."""
        room = self._rooms.get(batch.room_id)
        if room is None:
            return
        if not room.loaded.is_set():
            room.early.append(batch)
        elif room.take(batch):
            self._flush_soon(room)
        else:
            room.early.append(batch)
            room.loaded.clear()
            self._spawn(self._catch_up(room))

    async def close(self) -> None:
        """Stop what runs in the background."""
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for room in self._rooms.values():
            for timer in (room.flush_timer, room.presence_timer):
                if timer is not None:
                    timer.cancel()

    def _flush_soon(self, room: LiveRoom) -> None:
        """Flush now if the room has rested (BAT1), else when it will have."""
        if not room.pending or room.flush_timer is not None:
            return
        loop = asyncio.get_running_loop()
        if loop.time() >= room.rests_until:
            self._flush(room)
        else:
            room.flush_timer = loop.call_at(room.rests_until, self._flush, room)

    def _flush(self, room: LiveRoom) -> None:
        loop = asyncio.get_running_loop()
        room.flush_timer = None
        started = loop.time()
        try:
            room.flush()
        except Exception:  # some may have got it and some not, and the writers of the room have no part in it
            logger.exception("room %s could not be flushed", room.id)
            self._drop(room)
        ended = loop.time()
        room.rests_until = ended + pause_after(ended - started)

    def _tell_presence_soon(self, room: LiveRoom) -> None:
        if room.presence_timer is None:
            room.presence_timer = asyncio.get_running_loop().call_later(PRESENCE_PAUSE, self._tell_presence, room)

    def _tell_presence(self, room: LiveRoom) -> None:
        room.presence_timer = None
        signal = room.attendance.tell(self._now())
        if signal is not None and not room.empty:
            room.send([encode_signal(signal)])

    # -- rooms

    async def _open(self, room_id: RoomId) -> LiveRoom:
        """Return a loaded room; many who ask at once share one read."""
        while True:
            room = self._rooms.get(room_id)
            if room is None:
                room = self._rooms[room_id] = LiveRoom(room_id)
                self._spawn(self._load(room))
            await room.loaded.wait()
            if room.failed:
                msg = "the room could not be read"
                raise ConnectionError(msg)
            if self._rooms.get(room_id) is room and room.loaded.is_set():  # neither forgotten nor busy again
                return room

    async def _logged_after(self, room: LiveRoom, position: Position) -> tuple[list[bytes], Position]:
        """Read a page of what came after a position, and the position it leads to; of nothing, if it is not there.

        What the room has not flushed yet is left out: it will come by itself, and would come twice.
        """
        flushed = room.flushed
        epoch, _, events = await self._history.after(room.id, position.seq, LOG_PAGE)
        other_history = position.seq != 0 and epoch != position.epoch
        if other_history or not events or events[0][0] != position.seq + 1:  # replaced meanwhile, or trimmed
            return [], NO_POSITION
        page = [(seq, data) for seq, data in events if seq <= flushed]
        return [data for _, data in page], Position(epoch, page[-1][0])

    async def _load(self, room: LiveRoom) -> None:
        try:
            await self._bus.join(room.id)
            epoch, seq, events = await self._history.tail(room.id, REMEMBERED_EVENTS)
            room.start(epoch, seq, [data for _, data in events])
            await self._take_early(room)
        except Exception:
            logger.exception("room %s could not be read", room.id)
            self._drop(room)

    async def _catch_up(self, room: LiveRoom) -> None:
        try:
            await self._take_early(room)
        except Exception:
            logger.exception("room %s could not catch up", room.id)
            self._drop(room)

    async def _take_early(self, room: LiveRoom) -> None:
        """Take what came while the room was busy reading; read the log for what is missing in between."""
        while room.early:
            if room.take(room.early[0]):
                room.early.pop(0)
                continue
            epoch, _, events = await self._history.after(room.id, room.seq, LOG_PAGE)
            if epoch != room.epoch or not events or not room.take(RoomEvents(room.id, epoch, tuple(events))):
                await self._start_over(room)
        room.loaded.set()
        self._flush_soon(room)
        if room.empty:  # who asked for it may be gone before the answer, and would never leave it
            self._linger(room)

    async def _start_over(self, room: LiveRoom) -> None:
        """Another history has begun, or this one has a hole: everybody takes a new snapshot (RES2)."""
        epoch, seq, events = await self._history.tail(room.id, REMEMBERED_EVENTS)
        room.start(epoch, seq, [data for _, data in events])
        room.early = [batch for batch in room.early if batch.epoch == epoch and batch.events[-1][0] > seq]
        room.send([encode_signal(Reset(epoch, seq))])

    def _drop(self, room: LiveRoom) -> None:
        """Give a room up: its connections are closed to resume, and whoever asks for it next reads it anew."""
        if room.failed:
            return
        del self._rooms[room.id]
        room.failed = True
        room.loaded.set()  # those who wait are told
        self._spawn(self._bus.leave(room.id))
        for subscribers in room.subscribers.values():
            for subscriber in list(subscribers):
                subscriber.fail()

    def _linger(self, room: LiveRoom) -> None:
        asyncio.get_running_loop().call_later(LINGER, self._forget_if_empty, room)

    def _forget_if_empty(self, room: LiveRoom) -> None:
        if room.empty and room.loaded.is_set() and self._rooms.get(room.id) is room:
            del self._rooms[room.id]
            self._spawn(self._bus.leave(room.id))

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
