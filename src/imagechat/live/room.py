"""A room on this node: its head, its latest events, who subscribes to it. No I/O of its own."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

from imagechat.bus.base import RoomEvents
from imagechat.live.early import Early
from imagechat.live.frames import FLUSH_BYTES, Framing, encode, portion
from imagechat.live.presence import Attendance
from imagechat.live.resume import Position, Source, Span, missing_from
from imagechat.model.access import OPEN, Access
from imagechat.model.counting import Counting
from imagechat.model.errors import CloseKind
from imagechat.model.ids import RoomId
from imagechat.model.principal import Principal

REMEMBERED_EVENTS = 512
REMEMBERED_BYTES = 128 * 1024
"""What a room remembers at most."""
MOST_PENDING = 8 * FLUSH_BYTES
"""Bytes that may wait to be flushed. A burst leaves in portions, so that no reader is closed for its size; but what the
loop cannot send as fast as it comes is not heaped up."""


class Subscriber(Protocol):
    """A connection in a room."""

    framing: Framing
    principal: Principal
    site: str | None
    """The origin of its page, if that is another site's."""

    def send(self, frames: bytes) -> bool:
        """Send frames; False, and they are not sent, to one that ends or has an outbox full already (OVF1)."""

    async def drained(self) -> None:
        """Wait until the outbox is empty. Raises `ConnectionError` when the connection is gone."""

    def close(self, kind: CloseKind) -> None:
        """Close a connection that may not be here any more (AUTH2)."""

    def overflow(self) -> None:
        """Close a connection that fell behind; one that ends is let be."""

    def fail(self) -> None:
        """Close a connection that cannot be served; its client resumes."""


class LiveRoom:
    """The state of a room on this node."""

    def __init__(
        self, room_id: RoomId, counting: Counting, may_remember: Callable[[], int] = lambda: REMEMBERED_BYTES
    ) -> None:
        """Start unloaded: what arrives is kept until `start`. Remember as many bytes as `may_remember` says.

        What is sent is counted in `counting`.
        """
        self.id = room_id
        self._counting = counting
        self.epoch = ""
        self.seq = 0
        self.access = OPEN
        self.access_read = 0
        self.loaded: asyncio.Event = asyncio.Event()
        self.failed = False
        self.early = Early()
        self.behind = False
        self.gap_since = 0.0
        self.in_grace = False
        self.pending: list[bytes] = []
        self.signals: list[bytes] = []
        self.subscribers: dict[Framing, set[Subscriber]] = {framing: set() for framing in Framing}
        self.attendance = Attendance()
        self.rests_until = 0.0
        self.waits = False
        self.flushed_events = 0
        self.flush_cost = 0.0
        self.sent_events = self.sent_bytes = self.reached = 0
        """What the last flush sent, events and their bytes, and to how many; more may be left for another one."""
        self.tells_presence = False
        self.lingers = False
        self.empty_since = 0.0
        self._may_remember = may_remember
        self._recent: deque[bytes] = deque()
        self._recent_bytes = 0
        self._pending_bytes = 0

    @property
    def flushed(self) -> int:
        """The seq up to which every subscriber was sent everything."""
        return self.seq - len(self.pending)

    @property
    def first_in_memory(self) -> int:
        """The seq of the oldest event that is remembered; one past the head when there is none."""
        return self.seq - len(self._recent) + 1

    @property
    def empty(self) -> bool:
        """Whether nobody subscribes."""
        return not any(self.subscribers.values())

    @property
    def everybody(self) -> Iterator[Subscriber]:
        """Those who subscribe."""
        return chain.from_iterable(self.subscribers.values())

    def add(self, subscriber: Subscriber) -> None:
        """Let a connection subscribe."""
        self._counting.came(self.id, first=self.empty)
        self.subscribers[subscriber.framing].add(subscriber)
        self.attendance.join(subscriber.principal)

    def remove(self, subscriber: Subscriber) -> bool:
        """Let a connection subscribe no more; False for one that does not."""
        if subscriber not in self.subscribers[subscriber.framing]:
            return False
        self.subscribers[subscriber.framing].discard(subscriber)
        self.attendance.leave(subscriber.principal)
        self._counting.left(self.id, 1, last=self.empty)
        return True

    def start(self, epoch: str, seq: int, recent: Sequence[bytes], access: Access) -> None:
        """Set the head, the events just before it, and who may come."""
        self.epoch, self.seq, self.access = epoch, seq, access
        self.pending.clear()
        self._pending_bytes = 0
        self._recent = deque(recent)
        self._recent_bytes = sum(map(len, recent))
        self._forget()

    def fail(self) -> None:
        """Be given up: whoever waits is told, and nothing is sent any more."""
        self.failed = True
        self._counting.left(self.id, sum(map(len, self.subscribers.values())), last=not self.empty)
        self.loaded.set()
        self.pending.clear()
        self.signals.clear()
        self._pending_bytes = 0

    def forget(self) -> None:
        """Remember no event that was flushed: what one says may have been taken out of the log."""
        while len(self._recent) > len(self.pending):
            self._recent_bytes -= len(self._recent.popleft())

    def take(self, batch: RoomEvents) -> bool:
        """Add a batch to the head, skipping what is in; False, and no change, on a gap or another epoch."""
        if batch.epoch != self.epoch:
            return False
        if batch.events[0][0] > self.seq + 1:
            return False
        for seq, data in batch.events:
            if seq == self.seq + 1:
                self.seq = seq
                self.pending.append(data)
                self._recent.append(data)
                self._recent_bytes += len(data)
                self._pending_bytes += len(data)
        self._forget()
        return True

    def source(self, position: Position | None) -> Source:
        """Tell where a position's missing events are; those not flushed yet will come by themselves."""
        return missing_from(position, Span(self.epoch, self.first_in_memory, self.flushed, self.seq))

    def is_behind(self, position: Position) -> bool:
        """Tell whether a position is of this history and further on."""
        return position.epoch == self.epoch and position.seq > self.seq

    def remembered_after(self, seq: int) -> list[bytes]:
        """Return the events in memory after `seq` that were flushed."""
        return list(islice(self._recent, seq + 1 - self.first_in_memory, self.flushed + 1 - self.first_in_memory))

    def flush(self) -> bool:
        """Send what is pending to every subscriber, or as much of it as is sent at once; True when there is more."""
        size = self._pending_bytes
        self.flushed_events = len(self.pending)
        self._send_portion()
        while self._pending_bytes > MOST_PENDING:  # by whole events, so it ends
            self._send_portion()
        self.sent_events, self.sent_bytes = self.flushed_events - len(self.pending), size - self._pending_bytes
        return bool(self.pending)

    def _send_portion(self) -> None:
        count = portion(self.pending)
        events, self.pending = self.pending[:count], self.pending[count:]
        self._pending_bytes -= sum(map(len, events))
        signals, self.signals = self.signals, []
        if events:
            frames, size = self._write(events + signals)
            if frames:
                self._counting.flushed(self.id, frames, size, events[0])
        elif signals:  # a room that started over may have neither
            self.send(signals)

    def send(self, events: Sequence[bytes]) -> None:
        """Send events or signals to every subscriber."""
        frames, size = self._write(events)
        if frames:
            self._counting.carried(self.id, frames, size)

    def give(self, subscribers: Iterable[Subscriber], signal: bytes) -> None:
        """Send a signal to some of those who follow in `imagechat.v1`: who follows plainly knows only events."""
        encoded: dict[Framing, bytes] = {}
        number = size = 0
        for subscriber in list(subscribers):
            framing = subscriber.framing
            if not framing.is_v1:
                continue
            frames = encoded[framing] = encoded.get(framing) or encode(framing, [signal])
            if subscriber.send(frames):
                number, size = number + 1, size + len(frames)
            else:
                subscriber.overflow()
        if number:
            self._counting.carried(self.id, number, size)

    def _write(self, events: Sequence[bytes]) -> tuple[int, int]:
        """Send to every subscriber, encoded once per framing (BAT2); return how many frames that was, and bytes."""
        number = size = reached = 0
        refusing: list[Subscriber] = []
        for framing, subscribers in self.subscribers.items():
            if subscribers:
                frames = encode(framing, events)
                behind = [subscriber for subscriber in subscribers if not subscriber.send(frames)]
                took = len(subscribers) - len(behind)
                reached += took
                number += took * framing.frames(len(events))
                size += took * len(frames)
                refusing += behind
        self.reached = reached
        for subscriber in refusing:
            subscriber.overflow()
        return number, size

    def _forget(self) -> None:
        most = self._may_remember()
        while len(self._recent) > REMEMBERED_EVENTS or self._recent_bytes > most:
            if len(self._recent) <= len(self.pending):
                return  # what is not flushed yet must stay: a resume counts on it
            self._recent_bytes -= len(self._recent.popleft())
