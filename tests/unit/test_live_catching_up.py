"""A room on a bus that loses, repeats and reorders: gaps get a moment, then the log is read; heads are compared."""

import asyncio
import logging

import pytest

from imagechat.bus.base import RoomEvents
from imagechat.live import early, heads
from imagechat.live.catching_up import GRACE
from imagechat.live.heads import EVERY, SOON, TICK
from imagechat.live.log_pages import LOG_PAGE
from imagechat.model.access import Access
from imagechat.model.errors import BANNED, Refusal
from imagechat.model.ids import RoomId
from live_fakes import ROOM, FakeSubscriber, FakeTimers, LossyBus, Stage, batch, joined, settle, until

A_LONG_TIME = 60.0


@pytest.fixture
def timers() -> FakeTimers:
    return FakeTimers()


@pytest.fixture
def bus() -> LossyBus:
    return LossyBus()


@pytest.fixture
def stage(timers: FakeTimers, bus: LossyBus) -> Stage:
    return Stage(timers, bus)


@pytest.fixture
async def viewer(stage: Stage, timers: FakeTimers) -> FakeSubscriber:
    """Somebody in a room of which the comparison after joining is over."""
    viewer = await joined(stage, timers)
    await passes(timers, SOON)
    stage.history.compared.clear()
    return viewer


async def passes(timers: FakeTimers, seconds: float) -> None:
    timers.pass_by(seconds)
    await settle()


def numbers(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


def after_reads(stage: Stage) -> int:
    return stage.history.reads.count("after")


# -- a moment's grace


async def test_RES1_batches_that_change_places_on_the_way_are_delivered_in_order_without_a_read(
    stage: Stage, bus: LossyBus, timers: FakeTimers, viewer: FakeSubscriber
) -> None:
    for _ in range(5):
        stage.commit(2)
    for number in (4, 2, 1, 1):
        bus.bring(number)
    assert viewer.seqs == []
    bus.bring()
    assert viewer.seqs == numbers(1, 10)
    await passes(timers, 2 * GRACE)
    assert after_reads(stage) == 0


async def test_RES1_a_gap_that_stays_is_read_when_its_moment_is_over(
    stage: Stage, bus: LossyBus, timers: FakeTimers, viewer: FakeSubscriber
) -> None:
    stage.commit()
    stage.commit()
    bus.bring(1)
    await passes(timers, GRACE - 0.001)
    assert (viewer.seqs, after_reads(stage)) == ([], 0)
    await passes(timers, 0.002)
    assert (viewer.seqs, after_reads(stage)) == ([1, 2], 1)
    bus.bring()  # late, and not twice
    assert viewer.seqs == [1, 2]


async def test_RES1_a_gap_behind_one_that_closed_has_a_moment_of_its_own(
    stage: Stage, bus: LossyBus, timers: FakeTimers, viewer: FakeSubscriber
) -> None:
    for _ in range(4):
        stage.commit()
    bus.bring(1)  # 2
    bus.bring(2)  # 4
    await passes(timers, GRACE * 0.8)
    bus.bring()  # 1
    assert viewer.seqs == [1, 2]
    await passes(timers, GRACE * 0.8)
    assert after_reads(stage) == 0
    bus.bring()  # 3
    await passes(timers, GRACE)
    assert (viewer.seqs, after_reads(stage)) == ([1, 2, 3, 4], 0)


@pytest.mark.parametrize(("name", "most"), [("MOST_BATCHES", 10), ("MOST_BYTES", 500)])
async def test_what_comes_early_is_bounded_and_then_the_log_is_read_at_once(
    stage: Stage, bus: LossyBus, viewer: FakeSubscriber, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(early, name, most)
    for _ in range(12):
        stage.commit(size=40)
    stage.history.hold()
    for _ in range(11):
        bus.bring(1)
    assert len(stage.hub._rooms[ROOM].early) <= 10
    await stage.history.reading.wait()
    for _ in range(30):  # also while the log is read
        stage.commit(size=40)
        bus.bring(len(bus.on_the_way) - 1)
    assert len(stage.hub._rooms[ROOM].early) <= 10
    stage.history.open.set()
    await settle()
    assert viewer.seqs == numbers(1, 42)


async def test_a_batch_of_a_history_that_is_over_resets_nobody(
    stage: Stage, bus: LossyBus, timers: FakeTimers, viewer: FakeSubscriber
) -> None:
    stage.commit(3)
    bus.bring()
    stage.hub.receive(batch(2, 3, epoch="before"))
    await passes(timers, GRACE)
    stage.commit()
    bus.bring()
    assert viewer.seqs == [1, 2, 3, 4]
    assert "reset" not in viewer.types


async def test_a_batch_that_the_log_does_not_have_ends_in_no_loop(
    stage: Stage, timers: FakeTimers, viewer: FakeSubscriber
) -> None:
    stage.hub.receive(batch(7))
    await passes(timers, GRACE)
    assert after_reads(stage) == 1
    assert stage.hub._rooms[ROOM].loaded.is_set()
    assert viewer.types == ["hello"]


async def test_AUTH1_events_that_are_read_from_the_log_are_given_only_to_those_who_may_come_now(
    stage: Stage, viewer: FakeSubscriber
) -> None:
    stage.commit()
    stage.history.accesses[ROOM] = Access(groups=("friends",))
    stage.standing.refusals["anna"] = Refusal(BANNED, "banned")
    viewer.when_closed = lambda: stage.hub.leave(ROOM, viewer)
    stage.hub.doubt(ROOM)
    await settle()
    assert viewer.closed is not None
    assert viewer.seqs == []


# -- comparing heads


async def test_RES1_a_room_is_compared_just_after_it_was_joined(
    stage: Stage, timers: FakeTimers, bus: LossyBus
) -> None:
    viewer = await joined(stage, timers)
    stage.commit(3)
    bus.on_the_way.clear()
    await passes(timers, SOON)
    assert viewer.seqs == [1, 2, 3]


async def test_RES1_all_rooms_are_compared_now_and_then_and_each_second_in_trouble(
    stage: Stage, bus: LossyBus, timers: FakeTimers, viewer: FakeSubscriber
) -> None:
    stage.commit(LOG_PAGE + 3)
    await passes(timers, EVERY - SOON - 0.1)
    assert stage.history.compared == []
    await passes(timers, 0.2)
    assert stage.history.compared == [[ROOM]]
    assert viewer.seqs == numbers(1, LOG_PAGE + 3)
    await passes(timers, TICK)
    assert len(stage.history.compared) == 1
    bus.trouble = "away"
    for number in range(3):
        stage.commit()
        await passes(timers, TICK)
        assert viewer.seqs[-1] == LOG_PAGE + 4 + number
    bus.trouble = ""
    assert len(stage.history.compared) == 4
    await passes(timers, TICK)
    assert len(stage.history.compared) == 4


@pytest.mark.parametrize("room_id", [ROOM, None])
async def test_RES1_a_doubt_is_answered_at_once_and_costs_no_read_where_nothing_is_missing(
    stage: Stage, viewer: FakeSubscriber, room_id: RoomId | None
) -> None:
    stage.hub.doubt(room_id)
    await settle()
    assert stage.history.compared == [[ROOM]]
    assert after_reads(stage) == 0
    stage.commit(2)
    stage.hub.doubt(room_id)
    stage.hub.doubt(room_id)
    await settle()
    assert viewer.seqs == [1, 2]


async def test_RES1_after_a_reconnect_rooms_are_compared_a_second_time(
    stage: Stage, timers: FakeTimers, viewer: FakeSubscriber
) -> None:
    stage.hub.doubt(None)
    await settle()
    stage.commit()  # by a node whose server does not know yet of this one
    await passes(timers, SOON)
    assert viewer.seqs == [1]


async def test_RES1_a_doubt_while_a_room_is_read_makes_it_read_on(
    stage: Stage, bus: LossyBus, timers: FakeTimers, viewer: FakeSubscriber
) -> None:
    stage.commit()
    stage.commit()
    stage.history.hold()
    bus.bring(1)
    await passes(timers, GRACE)
    await stage.history.reading.wait()
    stage.commit()  # lost, after the read saw the log
    stage.hub.doubt(ROOM)
    stage.history.open.set()
    await settle()
    assert viewer.seqs == [1, 2, 3]


async def test_a_doubt_about_a_room_that_is_not_here_is_nothing(stage: Stage) -> None:
    stage.hub.doubt(ROOM)
    await settle()
    assert stage.history.compared == []


async def test_SEQ3_another_history_is_found_by_comparing(stage: Stage, viewer: FakeSubscriber) -> None:
    stage.commit(3)
    stage.hub.doubt(ROOM)
    await settle()
    stage.begin_another_history(2)
    stage.hub.doubt(None)
    await settle()
    assert viewer.messages[-1] == [{"type": "reset", "epoch": "e2", "seq": 2}]


async def test_RES2_a_log_that_went_back_resets_everybody(stage: Stage, viewer: FakeSubscriber) -> None:
    stage.commit(5)
    stage.hub.doubt(ROOM)
    await settle()
    del stage.history.logs[ROOM][3:]  # a standby took over that had not received it
    stage.hub.doubt(ROOM)
    await settle()
    assert viewer.messages[-1] == [{"type": "reset", "epoch": "e1", "seq": 3}]
    stage.commit()
    stage.hub.doubt(ROOM)
    await settle()
    assert viewer.messages[-1][-1]["seq"] == 4


async def test_RES2_a_head_that_the_log_does_not_lead_to_resets_everybody(stage: Stage, viewer: FakeSubscriber) -> None:
    stage.commit(6)
    del stage.history.logs[ROOM][:4]
    stage.hub.doubt(ROOM)
    await settle()
    assert viewer.types == ["hello", "reset"]


async def test_many_rooms_are_compared_in_few_questions(
    stage: Stage, timers: FakeTimers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "AT_ONCE", 10)
    viewers = [await joined(stage, timers, room_id=RoomId(f"demo.{number}")) for number in range(25)]
    await passes(timers, SOON)
    stage.history.compared.clear()
    for number in range(25):
        stage.commit(room_id=RoomId(f"demo.{number}"))
    stage.hub.doubt(None)
    await settle()
    assert [len(asked) for asked in stage.history.compared] == [10, 10, 5]
    assert [viewer.seqs for viewer in viewers] == [[1]] * 25


async def test_heads_that_cannot_be_read_are_asked_for_again(
    stage: Stage, timers: FakeTimers, viewer: FakeSubscriber, caplog: pytest.LogCaptureFixture
) -> None:
    stage.commit(2)
    stage.history.fails = True
    with caplog.at_level(logging.WARNING):
        stage.hub.doubt(ROOM)
        await settle()
        await passes(timers, 3 * TICK)
    assert caplog.text.count("heads of rooms cannot be read") == 1
    stage.history.fails = False
    await passes(timers, TICK)
    assert viewer.seqs == [1, 2]


async def test_a_node_without_rooms_or_without_others_asks_for_nothing(
    stage: Stage, timers: FakeTimers, viewer: FakeSubscriber
) -> None:
    alone = Stage(timers)
    await joined(alone, timers)
    stage.hub._drop(stage.hub._rooms[ROOM])
    await passes(timers, A_LONG_TIME)
    assert viewer.failed
    assert stage.history.compared == alone.history.compared == []
    assert timers.coming == []


async def test_a_node_alone_looks_at_what_is_doubted_until_it_could_and_no_further(timers: FakeTimers) -> None:
    alone = Stage(timers)
    viewer = await joined(alone, timers)
    alone.commit(2, lost=True)
    alone.history.fails = True
    alone.hub.doubt(ROOM)
    await settle()
    alone.history.fails = False
    await passes(timers, TICK)
    assert viewer.seqs == [1, 2]
    await passes(timers, A_LONG_TIME)
    assert len(alone.history.compared) == 2
    assert timers.coming == []


# -- coming and going


async def test_a_room_that_is_opened_again_while_it_is_left_stays_joined(stage: Stage, bus: LossyBus) -> None:
    stage = Stage(bus=bus)
    first = await stage.join()
    stage.hub.leave(ROOM, first)
    stage.hub._forget_empty(stage.hub._rooms[ROOM])
    viewer = await stage.join()
    await settle()
    stage.commit()
    bus.bring()
    assert viewer.seqs == [1]


async def test_RES1_who_joins_while_the_log_cannot_be_read_waits_with_the_others_and_misses_nothing(
    bus: LossyBus,
) -> None:
    stage = Stage(bus=bus)
    viewer = await stage.join()
    stage.commit(3)
    stage.history.fails = True
    stage.hub._catching_up.read_on(stage.hub._rooms[ROOM])
    await until(lambda: after_reads(stage) > 0)
    joining = asyncio.create_task(stage.join())
    stage.hub.receive(RoomEvents(ROOM, "e1", stage.commit(1)))
    stage.history.fails = False
    newcomer = await joining
    await until(lambda: viewer.seqs == [1, 2, 3, 4])
    stage.hub.receive(RoomEvents(ROOM, "e1", stage.commit(1)))
    assert viewer.seqs == [1, 2, 3, 4, 5]
    assert newcomer.seqs == [5]
    await stage.hub.close()
