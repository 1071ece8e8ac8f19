"""Counts what a node does, where it does it. Whoever sends to a thousand connections says so once."""

from collections import Counter
from collections.abc import Callable, Iterable

from imagechat.model.commands import Command, RestoreComment, RestoreMarker, UndoCommentDeletion, UndoMarkerDeletion
from imagechat.model.events import CommentCreated, MarkerCreated, Placed, ReactionAdded, VoteCast, timestamp_in
from imagechat.model.histogram import Histogram
from imagechat.model.ids import RoomId, tenant_of
from imagechat.model.latency import BOUNDS
from imagechat.model.usage import DAY_MS, MOST_PLACES, Key, Ledger, Tally, day_of
from imagechat.model.wire import Comment

LOOK_MS = 50
"""Between two looks at how long a room's events are on their way. To look costs as much as all the rest of counting."""
FAULT = 500
REFUSED = 400
"""HTTP statuses from which an answer is one, or the other."""

_BRINGS_BACK = RestoreMarker | RestoreComment | UndoMarkerDeletion | UndoCommentDeletion


class Counting:
    """One for a node. The day of what is counted is that of the moment, in UTC."""

    def __init__(self, now: Callable[[], int]) -> None:
        """Take days from `now`, in milliseconds since 1970."""
        self.now = now
        self.connections: Counter[str] = Counter()
        """Subscribers, by tenant."""
        self.rooms: Counter[str] = Counter()
        """Rooms with a subscriber, by tenant."""
        self._ledger = Ledger()
        self._here: dict[str, Tally] = {}
        """Tallies of the ledger, of the day that begins and ends at the milliseconds below: those asked for before."""
        self._begins = self._ends = 0

    def take(self) -> dict[Key, Tally]:
        """Return what was counted since this was asked last."""
        self._here = {}
        return self._ledger.take()

    def _of(self, place: str) -> Tally:
        return self._at(self.now(), place)

    def _at(self, now: int, place: str) -> Tally:
        if not self._begins <= now < self._ends:
            self._begins = now - now % DAY_MS
            self._ends = self._begins + DAY_MS
            self._here = {}
        tally = self._here.get(place)
        if tally is None:
            if len(self._here) >= MOST_PLACES:
                self._here = {}
            tally = self._here[place] = self._ledger.of(day_of(now), place)
        return tally

    # -- the live channel

    def carried(self, room_id: RoomId, frames: int, size: int) -> None:
        """Count frames that were written to subscribers of a room, or that one sent, and the bytes of all of them."""
        tally = self._of(room_id)
        tally.messages += frames
        tally.bandwidth += size

    def flushed(self, room_id: RoomId, frames: int, size: int, oldest: bytes) -> None:
        """Count a flush, as `carried` does, and now and then how long the oldest of its events was on its way."""
        now = self.now()
        tally = self._at(now, room_id)
        tally.messages += frames
        tally.bandwidth += size
        if now >= tally.looks_at:
            tally.looks_at = now + LOOK_MS
            timestamp = timestamp_in(oldest)
            if timestamp is not None:
                if tally.latencies is None:
                    tally.latencies = Histogram(BOUNDS)
                tally.latencies.add(now - timestamp)

    def came(self, room_id: RoomId, *, first: bool) -> None:
        """Count a subscriber, who may be a room's first one."""
        tenant_id = tenant_of(room_id)
        self.connections[tenant_id] += 1
        self.rooms[tenant_id] += first

    def left(self, room_id: RoomId, subscribers: int, *, last: bool) -> None:
        """Count subscribers no more, and a room neither if they were its last."""
        tenant_id = tenant_of(room_id)
        for counted, number in ((self.connections, subscribers), (self.rooms, int(last))):
            counted[tenant_id] -= number
            if not counted[tenant_id]:
                del counted[tenant_id]

    # -- REST

    def fetched(self, room_id: RoomId) -> None:
        """Count a snapshot or a list that was answered."""
        self._of(room_id).fetches += 1

    def signed_in(self, tenant_id: str) -> None:
        """Count somebody who signed in for the first time."""
        self._of(tenant_id).accounts += 1

    def answered(self, tenant_id: str | None, status: int) -> None:
        """Count a call that was answered, by the HTTP status; of those that are no tenant's, the faults only."""
        if tenant_id is None and status < FAULT:
            return
        tally = self._of(tenant_id or "")
        tally.calls += 1
        tally.errors += status >= REFUSED
        tally.faults += status >= FAULT

    # -- commits

    def committed(self, command: Command, placed: Iterable[Placed]) -> None:
        """Count what a command did, once that is durable. What comes back is not made anew."""
        first = next(iter(placed))
        tally = self._of(first.room_id)
        tally.events += 1
        if isinstance(command, _BRINGS_BACK):
            return
        if isinstance(first.event, MarkerCreated):
            tally.conversations += 1
            tally.comments += isinstance(first.event.comment, Comment)
        elif isinstance(first.event, CommentCreated):
            tally.comments += 1
        elif isinstance(first.event, VoteCast | ReactionAdded):
            tally.votes += 1
