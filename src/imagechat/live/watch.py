"""Who follows rooms, looked at on the way in and whenever rights change (AUTH1, AUTH2)."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from imagechat.live.log_pages import History
from imagechat.live.rights import Rights, close_for
from imagechat.live.room import LiveRoom, Subscriber
from imagechat.model.access import Access
from imagechat.model.errors import Refusal
from imagechat.model.ids import EVERY_TENANT, RoomId, tenant_of

JUDGED_AT_ONCE = 100
"""Subscribers in a turn of the loop that are looked at again."""

Seen = tuple[int, Access]


class Watch:
    """The rights of a node's subscribers."""

    def __init__(self, rooms: Mapping[RoomId, LiveRoom], history: History, rights: Rights) -> None:
        """Watch over `rooms`; `history` says who may come to them, `rights` who is who."""
        self._rooms = rooms
        self._history = history
        self._rights = rights
        self._heeded = 0
        """How often rights have changed: who is on the way in when they do is looked at again."""
        self._reads = 0
        self._asking: dict[RoomId, asyncio.Task[Mapping[RoomId, Access]]] = {}

    async def access(self, room_id: RoomId) -> Access:
        """Return who may come to a room; many who ask at once share one read."""
        room = self._rooms.get(room_id)
        if room is not None and room.loaded.is_set() and not room.failed:
            return room.access
        asking = self._asking.get(room_id)
        if asking is None:
            asking = self._asking[room_id] = asyncio.get_running_loop().create_task(self._history.access([room_id]))
            asking.add_done_callback(partial(self._asked, room_id))
        return (await asyncio.shield(asking))[room_id]

    async def heed(self, tenant_id: str, user_id: str | None = None) -> None:
        """Look again at who follows a tenant's rooms; returns when whoever lost the right to is closed (AUTH2).

        With `user_id` only that user's rights have changed, maybe in `EVERY_TENANT`.
        """
        self._heeded += 1
        self._asking.clear()  # what is being read may be what was before
        rooms = [room for room in self._rooms.values() if tenant_id == EVERY_TENANT or tenant_of(room.id) == tenant_id]
        for room in rooms:
            await room.loaded.wait()
        rooms = [room for room in rooms if not room.failed]
        if user_id is None:
            await self.refresh(rooms)
        else:
            for room in rooms:
                if user_id in room.attendance.connections:
                    await self._judge(room, user_id)

    async def knock(self, room_id: RoomId, subscriber: Subscriber) -> None:
        """Let a subscriber pass to a room before anything is read of it (AUTH1). Raises `Refusal`."""
        access = await self.access(room_id)
        await self._enter(room_id, subscriber, access)

    async def enter(self, room: LiveRoom, subscriber: Subscriber) -> Seen:
        """Let a subscriber pass by what holds when this returns, and return that. Raises `Refusal`."""
        while True:
            seen = self.seen(room)
            await self._enter(room.id, subscriber, room.access)
            if seen == self.seen(room):
                return seen

    def seen(self, room: LiveRoom) -> Seen:
        """Return what a decision would be made on now: one that was made on something else is to be made again."""
        return self._heeded, room.access

    async def refresh(self, rooms: Sequence[LiveRoom]) -> None:
        """Read anew who may come to some rooms, and close whoever may not; the read that began last counts."""
        self._reads += 1
        began = self._reads
        for room in rooms:
            room.access_read = began
        found = await self._history.access([room.id for room in rooms])
        for room in rooms:
            if room.access_read == began and found[room.id] != room.access:
                room.access = found[room.id]
                self._heeded += 1
        for room in rooms:
            await self._judge(room)

    async def _judge(self, room: LiveRoom, user_id: str | None = None) -> None:
        for number, subscriber in enumerate([each for group in room.subscribers.values() for each in group]):
            if user_id is not None and subscriber.principal.user_id != user_id:
                continue
            try:
                subscriber.principal = await self._rights.enter(
                    subscriber.principal, subscriber.site, room.id, room.access
                )
            except Refusal as refusal:
                subscriber.close(close_for(refusal))
            if number % JUDGED_AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _enter(self, room_id: RoomId, subscriber: Subscriber, access: Access) -> None:
        entered = await self._rights.enter(subscriber.principal, subscriber.site, room_id, access)
        subscriber.principal = entered

    def _asked(self, room_id: RoomId, asking: "asyncio.Task[Mapping[RoomId, Access]]") -> None:
        if self._asking.get(room_id) is asking:
            del self._asking[room_id]
        if not asking.cancelled():
            asking.exception()  # nobody may be waiting any more
