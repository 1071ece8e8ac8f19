"""What every bus does. Arrival is awaited, never assumed: a bus between nodes takes its time."""

import asyncio

import pytest

from imagechat.bus.base import Bus, RoomEvents
from imagechat.model.ids import RoomId, room_id

HERE, THERE, OTHER_TENANT = room_id("demo", "here"), room_id("demo", "there"), room_id("elsewhere", "here")


class Receiver:
    """Keeps what arrives; a last batch in a room of its own tells that all before it has arrived."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._end = room_id("demo", "the end")
        self._ended = asyncio.Event()
        self.batches: list[RoomEvents] = []
        self.doubted: list[RoomId | None] = []
        bus.receive_with(self._receive, self.doubted.append)

    def _receive(self, batch: RoomEvents) -> None:
        if batch.room_id == self._end:
            self._ended.set()
        else:
            self.batches.append(batch)

    async def all(self) -> list[RoomEvents]:
        await self._bus.join(self._end)
        self._ended.clear()
        self._bus.publish(RoomEvents(self._end, "epoch", ((1, b"{}"),)))
        await asyncio.wait_for(self._ended.wait(), 10)
        return self.batches


@pytest.fixture
def received(bus: Bus) -> Receiver:
    return Receiver(bus)


def batch(room: RoomId, *seqs: int) -> RoomEvents:
    return RoomEvents(room, "epoch", tuple((seq, b'{"seq":%d}' % seq) for seq in seqs))


async def test_what_is_published_arrives_as_it_was_in_the_rooms_that_were_joined(bus: Bus, received: Receiver) -> None:
    await bus.join(HERE)
    bus.publish(batch(HERE, 1, 2))
    bus.publish(batch(THERE, 1))
    bus.publish(batch(OTHER_TENANT, 1))
    assert await received.all() == [batch(HERE, 1, 2)]


async def test_a_rooms_batches_arrive_in_the_order_they_were_published(bus: Bus, received: Receiver) -> None:
    await bus.join(HERE)
    await bus.join(THERE)
    for seq in range(1, 101):
        bus.publish(batch(HERE, seq))
        bus.publish(batch(THERE, seq))
    arrived = await received.all()
    for room in (HERE, THERE):
        assert [each for each in arrived if each.room_id == room] == [batch(room, seq) for seq in range(1, 101)]


async def test_nothing_arrives_before_joining_or_after_leaving(bus: Bus, received: Receiver) -> None:
    bus.publish(batch(HERE, 1))
    await bus.join(HERE)
    bus.publish(batch(HERE, 2))
    await bus.leave(HERE)
    bus.publish(batch(HERE, 3))
    await bus.join(HERE)
    bus.publish(batch(HERE, 4))
    assert await received.all() == [batch(HERE, 2), batch(HERE, 4)]


async def test_joining_twice_is_joining_once(bus: Bus, received: Receiver) -> None:
    await bus.join(HERE)
    await bus.join(HERE)
    bus.publish(batch(HERE, 1))
    assert await received.all() == [batch(HERE, 1)]


async def test_leaving_a_room_that_was_not_joined_is_nothing(bus: Bus, received: Receiver) -> None:
    await bus.leave(HERE)
    assert await received.all() == []


async def test_any_bytes_travel_unchanged(bus: Bus, received: Receiver) -> None:
    await bus.join(HERE)
    strange = RoomEvents(HERE, "epoch", ((1, bytes(range(256))), (2, b""), (2**53, "ünï\n".encode() * 10_000)))
    bus.publish(strange)
    assert await received.all() == [strange]


async def test_a_bus_that_is_closed_brings_nothing(bus: Bus, received: Receiver) -> None:
    await bus.join(HERE)
    await bus.close()
    bus.publish(batch(HERE, 1))
    assert received.batches == []
