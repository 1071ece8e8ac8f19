"""What a node knows and tells of people on pictures, beside events: what they have read, and who is writing."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy.exc import DBAPIError

from imagechat.bus.base import Bus
from imagechat.live.hub import Hub
from imagechat.live.read_signals import ReadSignals
from imagechat.live.rights import Rights
from imagechat.live.typing_signals import Place, TypingSignals
from imagechat.model.ids import RoomId
from imagechat.store.database import Database
from imagechat.store.keeping_read import KeepingRead
from imagechat.store.read_rooms import read_place


@dataclass(frozen=True, slots=True)
class People:
    """See above."""

    keeping_read: KeepingRead
    read_signals: ReadSignals
    typing: TypingSignals

    async def close(self) -> None:
        """Finish what was taken, and tell nothing any more."""
        await asyncio.gather(self.keeping_read.close(), self.typing.close())
        self.read_signals.close()


def people_of_node(hub: Hub, bus: Bus, rights: Rights, database: Database, now: Callable[[], int]) -> People:
    """Build it; `now` gives milliseconds since 1970."""

    async def place_of(thread_id: RoomId) -> Place | None:
        try:
            return await database.read(partial(read_place, thread_id=thread_id))
        except DBAPIError as error:
            msg = f"the database cannot be read: {error.orig}"
            raise ConnectionError(msg) from error

    read_signals = ReadSignals(hub.rooms, bus, now)
    typing = TypingSignals(hub.rooms, bus, rights, place_of, now, time.monotonic)
    return People(KeepingRead(database, read_signals.kept), read_signals, typing)
