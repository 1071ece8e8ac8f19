"""Limits that hold over all nodes: each tells the others what was spent with it, a moment later.

So somebody who comes by many nodes at once may have a burst with each of them, for the length of that moment, and from
then on no more than with one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec

from imagechat.bus.base import Bus, Told
from imagechat.model.rate_limits import Buckets, Spent
from imagechat.model.spam import RecentTexts, Said

EVERY = 0.5
"""Seconds between two messages."""
AT_ONCE = 2_000
"""Buckets in one message at most."""
TEXTS = "texts"

logger = logging.getLogger(__name__)

_encoder = msgspec.msgpack.Encoder()
_spent = msgspec.msgpack.Decoder(list[Spent])
_said = msgspec.msgpack.Decoder(Said)


class SharedBuckets:
    """Brings what was spent from a node's buckets to other nodes, and back."""

    def __init__(
        self, bus: Bus, topic: str, buckets: Buckets, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Share `buckets` with those of other nodes on the same `topic`; `sleep` takes seconds."""
        self._bus = bus
        self._topic = topic
        self._buckets = buckets
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None
        bus.hear_with(topic, self._hear)

    async def start(self) -> None:
        """Begin to tell, until `close`."""
        if not self._bus.alone:
            self._buckets.remembers_spent = True
            self._task = asyncio.create_task(self._run(), name=f"share-{self._topic}")

    def tell(self) -> None:
        """Tell what was spent since the last time."""
        spent = self._buckets.take_spent()
        for start in range(0, len(spent), AT_ONCE):
            self._bus.tell(self._topic, _encoder.encode(spent[start : start + AT_ONCE]))

    async def close(self) -> None:
        """Tell nothing any more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _hear(self, told: Told) -> None:
        try:
            spent = _spent.decode(told.data)
        except msgspec.MsgspecError:
            return  # of a node of another version, which limits by itself
        self._buckets.spend_elsewhere(spent)

    async def _run(self) -> None:
        while True:
            await self._sleep(EVERY)
            self.tell()


def share_texts(bus: Bus, recent: RecentTexts) -> None:
    """Let every node know of the texts that were said by way of others, by their digests."""

    def hear(told: Told) -> None:
        with suppress(msgspec.MsgspecError):  # of a node of another version
            recent.hear(_said.decode(told.data))

    bus.hear_with(TEXTS, hear)
    recent.tell = lambda said: bus.tell(TEXTS, _encoder.encode(said))
