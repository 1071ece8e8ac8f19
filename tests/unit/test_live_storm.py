"""Everybody comes back at once: what is read grows with rooms and pages, and what is made is made once."""

import asyncio
from random import Random

import pytest

from imagechat.live import missed as missed_module
from imagechat.live.frames import Framing, encode
from imagechat.live.log_pages import LOG_PAGE
from imagechat.live.remembering import LEAST_REMEMBERED, NODE_REMEMBERS
from imagechat.live.resume import Position
from imagechat.live.room import REMEMBERED_BYTES, REMEMBERED_EVENTS
from imagechat.model.ids import RoomId
from live_fakes import FakeSubscriber, Stage, until

ROOMS = [RoomId(f"demo.{number}") for number in range(5)]
HEAD = REMEMBERED_EVENTS + 4 * LOG_PAGE


def with_history() -> Stage:
    stage = Stage()
    for room_id in ROOMS:
        stage.commit(HEAD, room_id=room_id)
    return stage


@pytest.mark.parametrize("clients", [40, 400])
async def test_RES1_reads_grow_with_rooms_and_pages_and_not_with_clients(clients: int) -> None:
    stage = with_history()
    chance = Random(clients)
    positions = [(ROOMS[number % len(ROOMS)], chance.randrange(HEAD + 1)) for number in range(clients)]
    viewers = await asyncio.gather(
        *[stage.join(Position("e1", seq), room_id=room_id, user=f"user-{seq}") for room_id, seq in positions]
    )
    for viewer, (_, seq) in zip(viewers, positions, strict=True):
        assert viewer.seqs == list(range(seq + 1, HEAD + 1))
        assert "reset" not in viewer.types
    assert stage.history.reads.count("tail") == len(ROOMS)
    pages = HEAD // LOG_PAGE + 1
    assert stage.history.reads.count("after") <= len(ROOMS) * pages


async def test_RES2_trimmed_positions_are_all_reset_by_one_read_a_page() -> None:
    stage = with_history()
    for room_id in ROOMS:
        del stage.history.logs[room_id][: LOG_PAGE * 2]
    viewers = await asyncio.gather(
        *[stage.join(Position("e1", number % LOG_PAGE), room_id=ROOMS[number % len(ROOMS)]) for number in range(300)]
    )
    assert all(viewer.types == ["hello", "reset"] for viewer in viewers)
    assert stage.history.reads.count("after") == len(ROOMS)


async def test_BAT2_who_comes_with_the_same_position_gets_the_very_same_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = []

    def counting(framing: Framing, events: list[bytes]) -> bytes:
        encoded.append(framing)
        return encode(framing, events)

    monkeypatch.setattr(missed_module, "encode", counting)
    stage = with_history()
    viewers: list[FakeSubscriber] = []
    for framing in (Framing.V1, Framing.V1_DEFLATE):
        came = [
            stage.join(Position("e1", HEAD - 100), framing=framing, user=f"u{number}", room_id=ROOMS[0])
            for number in range(100)
        ]
        viewers += await asyncio.gather(*came)
    assert encoded == [Framing.V1, Framing.V1_DEFLATE]
    assert all(viewer.seqs == list(range(HEAD - 99, HEAD + 1)) for viewer in viewers)


async def test_RES1_a_storm_in_the_middle_of_a_burst_has_no_seam() -> None:
    stage = with_history()
    room_id = ROOMS[0]
    live = await stage.join(room_id=room_id)
    joining = [asyncio.create_task(stage.join(Position("e1", seq), room_id=room_id)) for seq in range(0, HEAD, 7)]
    for _ in range(40):
        stage.commit(3, room_id=room_id)
        await asyncio.sleep(0)
    viewers = await asyncio.gather(*joining)
    stage.commit(1, room_id=room_id)
    head = HEAD + 121
    await until(lambda: not stage.hub._rooms[room_id].pending)
    assert live.seqs == list(range(HEAD + 1, head + 1))
    for seq, viewer in zip(range(0, HEAD, 7), viewers, strict=True):
        assert viewer.seqs == list(range(seq + 1, head + 1))


async def test_a_crowd_that_waited_for_a_room_comes_in_by_turns_so_that_a_live_room_stays_live() -> None:
    stage = with_history()
    live = await stage.join(room_id=ROOMS[1])
    stage.history.hold()
    crowd = [asyncio.create_task(stage.join(Position("e1", HEAD - 1), room_id=ROOMS[0])) for _ in range(500)]
    await stage.history.reading.wait()
    stage.history.open.set()
    joined, most = 0, 0
    while joined < len(crowd):
        await asyncio.sleep(0)
        stage.commit(1, room_id=ROOMS[1])
        now = sum(task.done() for task in crowd)
        joined, most = now, max(most, now - joined)
    assert most <= 32  # those of one turn, and of the next
    assert len(live.seqs) > 10


async def test_what_all_rooms_remember_together_is_bounded() -> None:
    stage = Stage()
    assert stage.hub._remembering.size() == REMEMBERED_BYTES
    rooms = [RoomId(f"demo.{number}") for number in range(2_000)]
    for room_id in rooms:
        stage.history.logs[room_id] = [(seq, b"x" * 1024) for seq in range(1, 200)]
        await stage.join(room_id=room_id)
    held = sum(room._recent_bytes for room in stage.hub._rooms.values())
    assert held <= 3 * NODE_REMEMBERS
    assert LEAST_REMEMBERED <= stage.hub._remembering.size() <= NODE_REMEMBERS // len(rooms)
