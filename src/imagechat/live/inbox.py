"""Tells moderators that something they look through has changed, wherever it was written; what, they read (REST).

A hint may be lost: where there are other nodes, each looks now and then whether there is something newer than it knew.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress

import msgspec

from imagechat.bus.base import Bus, Told
from imagechat.live.frames import InboxChanged, encode_signal
from imagechat.live.room import LiveRoom
from imagechat.live.timers import LoopTimers, Timer, Timers
from imagechat.model.ids import RoomId, inbox_of, is_inbox, tenant_of

PAUSE = 0.25
"""Seconds over which changes are gathered: one signal to a tenant's moderators."""
LOOKS = 2.0
"""Seconds between two looks at the database, where other nodes write to it."""
AT_ONCE = 2_000
"""Tenants in one message at most."""
TOPIC = "inbox"

logger = logging.getLogger(__name__)

Newest = Callable[[Collection[str]], Awaitable[Mapping[str, object]]]
"""Reads what is newest in the inboxes of some tenants, to be compared with what it was."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[str])


class Inbox:
    """The inboxes of a node's tenants, as far as moderators here have them open."""

    def __init__(  # noqa: PLR0913 -- where it hears, and where it tells
        self,
        rooms: Mapping[RoomId, LiveRoom],
        bus: Bus,
        newest: Newest,
        now: Callable[[], int],
        timers: Timers | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Tell who is in the inbox rooms among `rooms`, and over `bus` the other nodes.

        `now` gives milliseconds since 1970, `sleep` takes seconds.
        """
        self._rooms = rooms
        self._bus = bus
        self._newest = newest
        self._now = now
        self._timers = timers or LoopTimers()
        self._sleep = sleep
        self._timer: Timer | None = None
        self._changed_here: set[str] = set()
        self._changed: set[str] = set()
        self._known: dict[str, object] = {}
        self._task: asyncio.Task[None] | None = None
        self._failing = False
        bus.hear_with(TOPIC, self._hear)

    async def start(self) -> None:
        """Begin to look, if there are other nodes."""
        if not self._bus.alone:
            self._task = asyncio.create_task(self._run(), name="inbox")

    async def close(self) -> None:
        """Tell nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def written(self, tenant_ids: Iterable[str]) -> None:
        """Take that something was written here in some tenants."""
        self._changed_here.update(tenant_ids)
        self._tell_soon()

    def heed(self, tenant_id: str) -> None:
        """Take that something has changed that every node knows of by itself."""
        self._changed.add(tenant_id)
        self._tell_soon()

    async def look(self) -> None:
        """Tell of tenants in whose inbox something is newer than at the last look.

        Those of which there was none are told of, too: something may have come after their moderators had read.
        """
        tenants = [tenant_of(room) for room in self._rooms if is_inbox(room)]
        found = dict(await self._newest(tenants)) if tenants else {}
        for tenant_id, newest in found.items():
            if self._known.get(tenant_id) != newest:
                self.heed(tenant_id)
        self._known = found

    def _hear(self, told: Told) -> None:
        with suppress(msgspec.MsgspecError):  # of a node of another version
            self._changed.update(_decoder.decode(told.data))
            self._tell_soon()

    def _tell_soon(self) -> None:
        if self._timer is None and (self._changed_here or self._changed):
            self._timer = self._timers.call_later(PAUSE, self._tell)

    def _tell(self) -> None:
        self._timer = None
        here, changed = sorted(self._changed_here), self._changed_here | self._changed
        self._changed_here, self._changed = set(), set()
        for start in range(0, len(here), AT_ONCE):
            self._bus.tell(TOPIC, _encoder.encode(here[start : start + AT_ONCE]))
        for tenant_id in changed:
            room = self._rooms.get(inbox_of(tenant_id))
            if room is not None and not room.failed:
                room.send([encode_signal(InboxChanged(self._now()))])

    async def _run(self) -> None:
        while True:
            await self._sleep(LOOKS)
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 -- the next look may find the database again
                if not self._failing:
                    logger.warning("what is new for moderators cannot be read (%r)", error)
                self._failing = True
            else:
                self._failing = False
