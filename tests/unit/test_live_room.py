"""A room's memory: what it takes, what it remembers, what it sends."""

import zlib
from collections.abc import Iterable
from typing import Any

import pytest

from imagechat.bus.base import RoomEvents
from imagechat.live import room as room_module
from imagechat.live.frames import FLUSH_BYTES, Framing, encode
from imagechat.live.resume import Position, Source
from imagechat.live.room import MOST_PENDING, REMEMBERED_BYTES, REMEMBERED_EVENTS, LiveRoom
from imagechat.model.access import OPEN
from imagechat.model.counting import Counting
from live_fakes import ROOM, FakeSubscriber, batch, event


def room_at(seq: int, remembered: int = 0) -> LiveRoom:
    room = LiveRoom(ROOM, Counting(lambda: 1_000))
    room.start("e1", seq, [event(number) for number in range(seq - remembered + 1, seq + 1)], OPEN)
    return room


# -- take


def test_SEQ1_a_batch_that_continues_the_room_is_taken() -> None:
    room = room_at(3)
    assert room.take(batch(4, 5))
    assert (room.seq, room.pending) == (5, [event(4), event(5)])


def test_RES1_what_is_in_already_is_not_taken_twice() -> None:
    room = room_at(3)
    assert room.take(batch(2, 3, 4))
    assert room.take(batch(2, 3, 4))
    assert (room.seq, room.pending) == (4, [event(4)])


@pytest.mark.parametrize("wrong", [batch(5), batch(4, epoch="e2"), batch(3, epoch="e2")])
def test_a_gap_and_another_epoch_are_refused_and_change_nothing(wrong: RoomEvents) -> None:
    room = room_at(3, remembered=2)
    assert not room.take(wrong)
    assert (room.epoch, room.seq, room.pending, room.first_in_memory) == ("e1", 3, [], 2)


# -- memory


def test_what_is_not_flushed_is_not_part_of_a_resume() -> None:
    room = room_at(3, remembered=3)
    room.take(batch(4, 5))
    assert room.flushed == 3
    assert room.remembered_after(1) == [event(2), event(3)]
    assert room.source(Position("e1", 3)) is Source.NOTHING_MISSING
    room.flush()
    assert room.flushed == 5
    assert room.remembered_after(3) == [event(4), event(5)]
    assert room.source(Position("e1", 3)) is Source.MEMORY


def test_a_room_remembers_a_number_of_events_and_no_more() -> None:
    room = room_at(0)
    for seq in range(1, REMEMBERED_EVENTS + 101):
        room.take(batch(seq))
        room.flush()
    assert room.first_in_memory == 101
    assert len(room.remembered_after(100)) == REMEMBERED_EVENTS
    assert room.source(Position("e1", 100)) is Source.MEMORY
    assert room.source(Position("e1", 99)) is Source.LOG


def test_a_room_remembers_a_number_of_bytes_and_no_more() -> None:
    room = room_at(0)
    for seq in range(1, 101):
        room.take(RoomEvents(ROOM, "e1", ((seq, event(seq, size=4096)),)))
        room.flush()
    remembered = room.remembered_after(room.first_in_memory - 1)
    assert sum(map(len, remembered)) <= REMEMBERED_BYTES
    assert sum(map(len, remembered)) > REMEMBERED_BYTES - 8192
    assert remembered[-1] == event(100, size=4096)


def test_a_long_log_is_not_kept_whole_when_a_room_starts() -> None:
    room = LiveRoom(ROOM, Counting(lambda: 1_000))
    room.start("e1", 200, [event(seq, size=4096) for seq in range(1, 201)], OPEN)
    assert room.first_in_memory > 150
    assert sum(map(len, room.remembered_after(room.first_in_memory - 1))) <= REMEMBERED_BYTES


def test_RES1_what_is_pending_is_remembered_whatever_it_weighs() -> None:
    room = room_at(3, remembered=3)
    large = tuple((seq, event(seq, size=REMEMBERED_BYTES // 4)) for seq in range(4, 14))
    assert room.take(RoomEvents(ROOM, "e1", large))
    assert room.first_in_memory <= 4
    while room.flush():
        pass
    assert room.remembered_after(3) == [data for _, data in large]
    assert room.take(batch(14))
    room.flush()
    assert sum(map(len, room.remembered_after(room.first_in_memory - 1))) <= REMEMBERED_BYTES


def test_starting_over_forgets_everything() -> None:
    room = room_at(3, remembered=3)
    room.take(batch(4))
    room.start("e2", 1, [event(1)], OPEN)
    assert (room.epoch, room.seq, room.flushed, room.pending, room.first_in_memory) == ("e2", 1, 1, [], 1)


# -- sending


def test_BAT2_a_flush_encodes_once_per_framing_that_somebody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[tuple[Framing, int]] = []

    def counting(framing: Framing, events: list[bytes]) -> bytes:
        encoded.append((framing, len(events)))
        return encode(framing, events)

    monkeypatch.setattr(room_module, "encode", counting)
    room = room_at(0)
    crowd = [FakeSubscriber(framing) for framing in Framing for _ in range(50)]
    for subscriber in crowd:
        room.subscribers[subscriber.framing].add(subscriber)
    room.take(batch(1, 2, 3))
    room.flush()
    assert sorted(encoded, key=str) == sorted([(framing, 3) for framing in Framing], key=str)
    for framing in Framing:
        sent = {id(frames) for one in crowd if one.framing is framing for frames in one.sent}
        assert len(sent) == 1  # the very same bytes for all
    for framing in set(Framing) - {Framing.V1}:
        room.subscribers[framing].clear()
    encoded.clear()
    room.take(batch(4))
    room.flush()
    assert encoded == [(Framing.V1, 1)]


def test_BAT2_a_batch_is_compressed_once_for_a_hundred_who_agreed_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compressed = []

    def counting(*arguments: Any, **more: Any) -> object:
        compressed.append(arguments)
        return compressobj(*arguments, **more)

    compressobj = zlib.compressobj
    monkeypatch.setattr(zlib, "compressobj", counting)
    room = room_at(0)
    crowd = [FakeSubscriber(Framing.V1_DEFLATE) for _ in range(100)]
    room.subscribers[Framing.V1_DEFLATE].update(crowd)
    room.take(batch(*range(1, 11)))
    room.flush()
    assert len(compressed) == 1
    assert all(viewer.seqs == list(range(1, 11)) for viewer in crowd)


def test_OVF1_a_burst_leaves_in_portions_of_bounded_size_and_in_order() -> None:
    room = room_at(0)
    viewer = FakeSubscriber()
    room.subscribers[Framing.V1].add(viewer)
    room.take(sized(range(1, 101), 4096))
    room.signals.append(b'{"type":"p-u"}')
    flushes = 1
    while room.flush():
        assert room.flushed == viewer.seqs[-1]
        flushes += 1
    assert flushes == len(viewer.sent) > 1
    assert max(map(len, viewer.sent)) < FLUSH_BYTES + 1024
    assert viewer.seqs == list(range(1, 101))


def test_OVF1_what_comes_faster_than_it_is_flushed_is_not_heaped_up() -> None:
    room = room_at(0)
    viewer = FakeSubscriber()
    room.subscribers[Framing.V1].add(viewer)
    for first in range(1, 1001, 100):
        room.take(sized(range(first, first + 100), 8192))
        room.flush()
        assert sum(map(len, room.pending)) <= MOST_PENDING
    while room.flush():
        pass
    assert viewer.seqs == list(range(1, 1001))


def test_an_event_larger_than_a_flush_is_sent_alone() -> None:
    room = room_at(0)
    viewer = FakeSubscriber()
    room.subscribers[Framing.V1].add(viewer)
    room.take(sized([1, 2, 3], FLUSH_BYTES + 1))
    while room.flush():
        pass
    assert [len(message) for message in viewer.messages] == [1, 1, 1]


def test_a_room_that_was_given_up_sends_nothing_more() -> None:
    room = room_at(0)
    viewer = FakeSubscriber()
    room.subscribers[Framing.V1].add(viewer)
    room.take(sized(range(1, 301), 8192))
    room.fail()
    assert room.flush() is False
    assert viewer.sent == []


def sized(seqs: Iterable[int], size: int) -> RoomEvents:
    return RoomEvents(ROOM, "e1", tuple((seq, event(seq, size)) for seq in seqs))


def test_a_flush_of_nothing_sends_nothing() -> None:
    room = room_at(3)
    viewer = FakeSubscriber()
    room.subscribers[Framing.V1].add(viewer)
    room.flush()
    assert viewer.sent == []


def test_OVF1_a_subscriber_over_its_outbox_is_told_and_the_others_get_everything() -> None:
    room = room_at(0)
    slow, quick = FakeSubscriber(), FakeSubscriber()
    slow.has_room = False
    for subscriber in (slow, quick):
        room.subscribers[Framing.V1].add(subscriber)
    room.take(batch(1, 2))
    room.flush()
    assert (slow.overflowed, quick.overflowed) == (True, False)
    assert quick.seqs == [1, 2]
