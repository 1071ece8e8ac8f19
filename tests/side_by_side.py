"""Several nodes' stores on one PostgreSQL database, with clocks that are minutes apart."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from imagechat.model.commands import Command
from imagechat.model.ids import RoomId
from imagechat.model.principal import Principal
from imagechat.store.write_events import Committed
from making import PICTURE_ROOM
from storing import Backend, Store

CLOCKS_APART_MS = 5 * 60_000

Given = tuple[Principal, Command]


class Nodes:
    """See the module; what is given to one is written and published by that one."""

    def __init__(self, stores: list[Store]) -> None:
        self.stores = stores

    async def do_all(self, *given: Iterable[Given]) -> list[list[Committed | BaseException]]:
        """Give each node its commands, all at once, and return each node's outcomes."""
        return await asyncio.gather(*(store.do_all(*each) for store, each in zip(self.stores, given, strict=True)))

    async def check(self, room: RoomId = PICTURE_ROOM) -> list[int]:
        """Check a room's log, and that each event was published by one node, once; return the log's seqs."""
        events = (await self.stores[0].log(room)).events
        seqs, times = [event.seq for event in events], [event.timestamp for event in events]
        assert seqs == list(range(1, len(seqs) + 1))  # SEQ1
        assert times == sorted(set(times))  # SEQ2
        assert sorted(seq for store in self.stores for seq in store.bus.seqs(room)) == seqs
        data = {event.seq: event.data for event in events}
        for store in self.stores:
            for batch in store.bus.published:
                if batch.room_id == room:
                    assert [published.decode() for _, published in batch.events] == [
                        data[seq] for seq, _ in batch.events
                    ]
        return seqs


@asynccontextmanager
async def side_by_side(backend: Backend, count: int = 3) -> AsyncIterator[Nodes]:
    """Run some nodes' stores; the first one's clock is the most behind."""
    stores: list[Store] = []
    try:
        for number in range(count):
            stores.append(Store(backend))
            stores[-1].now += number * CLOCKS_APART_MS
        yield Nodes(stores)
    finally:
        for store in stores:
            await store.close()
