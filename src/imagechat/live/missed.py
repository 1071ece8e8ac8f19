"""What those who come back have missed, as frames: made once for all who are at the same position (RES1)."""

from imagechat.live.admission import Admission
from imagechat.live.frames import Framing, encode, portion
from imagechat.live.log_pages import LogPages
from imagechat.live.resume import NO_POSITION, Position, Source
from imagechat.live.room import LiveRoom
from imagechat.live.shelf import Shelf
from imagechat.live.timers import Timers
from imagechat.model.ids import RoomId

KEPT_SECONDS = 10.0
KEPT_BYTES = 16 * 1024 * 1024
"""Frames are kept for others at the same position: for so long, so many bytes."""

_Key = tuple[RoomId, str, int, int, Framing]


class Missed:
    """Makes them from what a room remembers, or from the log."""

    def __init__(self, pages: LogPages, admission: Admission, timers: Timers) -> None:
        """Read the log by its `pages`; whoever waited for one goes on in a turn of `admission`."""
        self._pages = pages
        self._admission = admission
        self._kept: Shelf[_Key, tuple[bytes, Position]] = Shelf(KEPT_SECONDS, KEPT_BYTES, timers.time)

    async def after(self, room: LiveRoom, position: Position, framing: Framing) -> tuple[bytes, Position]:
        """Return frames with what came next after a position, and the position they lead to; none if it is not there.

        What the room has not flushed yet is left out: it will come by itself, and would come twice.
        """
        epoch, flushed = room.epoch, room.flushed
        key = room.id, epoch, position.seq, flushed, framing
        found = self._kept.get(key)
        if found is not None:
            return found
        if room.source(position) is Source.MEMORY:
            events = room.remembered_after(position.seq)
        else:
            page = await self._pages.after(room.id, epoch, position.seq)
            events = list(page[: flushed - position.seq])
            await self._admission.turn()  # so did everybody else who wanted this page
        found = self._kept.get(key)
        if found is None:
            events = events[: portion(events)]
            if not events:  # replaced meanwhile, or trimmed
                return b"", NO_POSITION
            frames = encode(framing, events)
            found = frames, Position(epoch, position.seq + len(events))
            self._kept.put(key, found, len(frames))
        return found

    def forget(self) -> None:
        """Keep nothing of what was made so far."""
        self._kept.clear()
