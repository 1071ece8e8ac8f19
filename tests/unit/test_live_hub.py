"""The hub without sockets: joins, gaps and other histories, with reads that the test holds back or lets fail."""

import asyncio
import logging

import pytest

from bussing import Air
from imagechat.bus.base import RoomEvents
from imagechat.live.frames import Framing
from imagechat.live.hub import LINGER, PRESENCE_PAUSE
from imagechat.live.log_pages import LOG_PAGE
from imagechat.live.pacing import REST
from imagechat.live.resume import MOST_EVENTS, Position
from imagechat.live.room import REMEMBERED_EVENTS
from imagechat.model.errors import Refusal
from live_fakes import OTHER_ROOM, ROOM, FakeSubscriber, FakeTimers, Stage, batch, joined, settle, until


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def timers() -> FakeTimers:
    return FakeTimers()


@pytest.fixture
def paced(timers: FakeTimers) -> Stage:
    """A stage where time passes when the test says so."""
    return Stage(timers)


def numbers(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


async def all_flushed(*viewers: FakeSubscriber, upto: int) -> None:
    await until(lambda: all(viewer.seqs and viewer.seqs[-1] == upto for viewer in viewers))


# -- joining


async def test_a_room_that_nobody_wrote_in_begins_at_0(stage: Stage) -> None:
    viewer = await stage.join()
    assert viewer.messages == [{"type": "hello", "epoch": "e1", "seq": 0, "sc": 1}]
    stage.commit()
    assert viewer.seqs == [1]


async def test_hello_counts_connections_and_says_the_position(stage: Stage) -> None:
    stage.commit(3)
    await stage.join()
    second = await stage.join()
    assert second.messages == [{"type": "hello", "epoch": "e1", "seq": 3, "sc": 2}]


async def test_plain_gets_no_hello_and_only_what_comes_from_now_on(stage: Stage) -> None:
    stage.commit(3)
    viewer = await stage.join(framing=Framing.PLAIN)
    assert viewer.sent == []
    stage.commit()
    assert viewer.seqs == [4]


async def test_many_who_join_at_once_share_one_read(stage: Stage) -> None:
    stage.commit(10)
    viewers = await asyncio.gather(*[stage.join(Position("e1", 4)) for _ in range(50)])
    assert stage.history.reads == ["tail"]
    assert all(viewer.seqs == numbers(5, 10) for viewer in viewers)


async def test_rooms_hear_only_their_own_events(stage: Stage) -> None:
    here, there = await stage.join(), await stage.join(room_id=OTHER_ROOM)
    stage.commit(2)
    stage.commit(1, room_id=OTHER_ROOM)
    await all_flushed(here, upto=2)
    await all_flushed(there, upto=1)
    assert (here.seqs, there.seqs) == ([1, 2], [1])


# -- pacing


async def test_BAT1_an_event_in_an_idle_room_leaves_within_the_call_that_brings_it(stage: Stage) -> None:
    viewer = await stage.join()
    stage.commit()
    assert viewer.seqs == [1]


async def test_BAT1_what_comes_just_after_a_flush_leaves_together_when_the_room_has_rested(
    timers: FakeTimers, paced: Stage
) -> None:
    viewer = await joined(paced, timers)
    flushes_cost(timers, viewer, 0.005)
    paced.commit()
    sent_alone = len(viewer.sent)
    for _ in range(5):
        paced.commit()
    assert len(viewer.sent) == sent_alone
    timers.pass_by(REST * 0.005 - 0.0008)
    assert len(viewer.sent) == sent_alone
    timers.pass_by(0.0009)
    assert len(viewer.sent) == sent_alone + 1
    assert viewer.seqs == numbers(1, 6)


async def test_BAT1_a_room_that_has_rested_sends_at_once_again(timers: FakeTimers, paced: Stage) -> None:
    viewer = await joined(paced, timers)
    flushes_cost(timers, viewer, 0.020)
    paced.commit()
    timers.pass_by(0.041)
    paced.commit()
    assert viewer.seqs == [1, 2]


async def test_BAT1_presence_leaves_with_the_events_and_not_in_a_flush_of_its_own(
    timers: FakeTimers, paced: Stage
) -> None:
    viewer = await joined(paced, timers)
    flushes_cost(timers, viewer, 1.0)
    timers.pass_by(PRESENCE_PAUSE - 0.020)
    paced.commit()  # the room rests for 50 ms, and joins are told within them
    sent = len(viewer.sent)
    paced.commit()
    timers.pass_by(0.050)
    assert len(viewer.sent) == sent + 1
    assert [one["type"] for one in viewer.messages[-1]] == ["new-image-chat", "p-u"]


def flushes_cost(timers: FakeTimers, viewer: FakeSubscriber, seconds: float) -> None:
    """Let each flush to a viewer take some time."""
    send = viewer.send

    def slow(frames: bytes) -> bool:
        timers.now += seconds
        return send(frames)

    viewer.send = slow  # type: ignore[method-assign]


# -- resume


async def test_RES1_a_resume_from_memory_continues_live(stage: Stage) -> None:
    stage.commit(10)
    await stage.join()
    viewer = await stage.join(Position("e1", 7))
    stage.commit()
    await all_flushed(viewer, upto=11)
    assert viewer.types[0] == "hello"
    assert viewer.seqs == [8, 9, 10, 11]
    assert stage.history.reads == ["tail"]


async def test_RES1_nothing_missing_sends_nothing(stage: Stage) -> None:
    stage.commit(3)
    viewer = await stage.join(Position("e1", 3))
    assert viewer.types == ["hello"]


async def test_RES1_a_resume_beyond_memory_reads_the_log_in_pages(stage: Stage) -> None:
    count = REMEMBERED_EVENTS + 3 * LOG_PAGE
    stage.commit(count)
    viewer = await stage.join(Position("e1", 5))
    stage.commit()
    await all_flushed(viewer, upto=count + 1)
    assert viewer.seqs == numbers(6, count + 1)
    assert stage.history.reads.count("after") >= 3


async def test_RES1_events_that_arrive_while_a_room_is_read_make_no_seam(stage: Stage) -> None:
    stage.commit(5)
    stage.history.hold()
    joining = asyncio.create_task(stage.join(Position("e1", 2)))
    await stage.history.reading.wait()
    stage.commit(3)  # after the read saw the log, before the room has it
    stage.history.open.set()
    viewer = await joining
    await all_flushed(viewer, upto=8)
    assert viewer.seqs == numbers(3, 8)


async def test_RES1_events_that_arrive_while_a_client_is_sent_the_log_make_no_seam(stage: Stage) -> None:
    count = REMEMBERED_EVENTS + 2 * LOG_PAGE
    stage.commit(count)
    other = await stage.join()
    viewer = FakeSubscriber()
    viewer.takes.clear()  # it reads slowly
    joining = asyncio.create_task(stage.hub.join(ROOM, viewer, Position("e1", 0)))
    await until(lambda: bool(viewer.seqs))
    stage.commit(3)
    viewer.takes.set()
    await joining
    stage.commit(2)
    await all_flushed(viewer, other, upto=count + 5)
    assert viewer.seqs == numbers(1, count + 5)
    assert other.seqs == numbers(count + 1, count + 5)


async def test_RES1_a_page_of_the_log_that_is_ahead_of_the_last_flush_is_not_sent_twice(
    timers: FakeTimers, paced: Stage
) -> None:
    paced.commit(100, size=4096)  # so that memory holds a few only
    flushes_cost(timers, await joined(paced, timers), 0.020)
    paced.commit()
    paced.commit(2)  # pending, and in the log
    viewer = await joined(paced, timers, Position("e1", 50))
    timers.pass_by(0.040)
    assert paced.history.reads == ["tail", "after"]
    assert viewer.types.count("reset") == 0
    assert viewer.seqs == numbers(51, 103)


async def test_RES1_a_log_that_is_ahead_of_the_bus_is_not_sent_twice(stage: Stage) -> None:
    stage.commit(100, size=4096)  # so that memory holds a few only
    await stage.join()
    late = stage.commit(5, lost=True)
    viewer = await stage.join(Position("e1", 50))
    stage.bus.publish(RoomEvents(ROOM, "e1", late))
    await all_flushed(viewer, upto=105)
    assert stage.history.reads == ["tail", "after"]
    assert viewer.types.count("reset") == 0
    assert viewer.seqs == numbers(51, 105)


async def test_RES1_a_snapshot_that_is_newer_than_the_last_flush_needs_no_reset(
    timers: FakeTimers, paced: Stage
) -> None:
    flushes_cost(timers, await joined(paced, timers), 0.020)
    paced.commit()
    paced.commit(2)  # pending, and in the snapshot
    viewer = await joined(paced, timers, Position("e1", 3))
    timers.pass_by(0.040)
    paced.commit()
    timers.pass_by(0.080)
    assert viewer.types.count("reset") == 0
    assert [seq for seq in viewer.seqs if seq > 3] == [4]


@pytest.mark.parametrize("epoch", ["e1", "other", ""])
async def test_SEQ3_seq_0_is_the_beginning_whatever_epoch_stands_beside_it(stage: Stage, epoch: str) -> None:
    stage.commit(4)
    viewer = await stage.join(Position(epoch, 0))
    assert viewer.seqs == [1, 2, 3, 4]


async def test_SEQ3_the_beginning_may_be_in_the_log_only(stage: Stage) -> None:
    count = REMEMBERED_EVENTS + LOG_PAGE
    stage.commit(count)
    viewer = await stage.join(Position("other", 0))
    assert viewer.seqs == numbers(1, count)


async def test_RES1_a_snapshot_that_is_ahead_of_the_bus_needs_no_reset_and_nothing_comes_twice(stage: Stage) -> None:
    stage.commit(2)
    other = await stage.join()
    late = stage.commit(LOG_PAGE + 3, lost=True)  # durable, and in the snapshot of whoever comes now
    viewer = await stage.join(Position("e1", LOG_PAGE + 4))
    stage.bus.publish(RoomEvents(ROOM, "e1", late))
    stage.commit()
    await all_flushed(viewer, other, upto=LOG_PAGE + 6)
    assert "reset" not in viewer.types
    assert [seq for seq in viewer.seqs if seq > LOG_PAGE + 4] == [LOG_PAGE + 5, LOG_PAGE + 6]
    assert other.seqs == numbers(3, LOG_PAGE + 6)


@pytest.mark.parametrize("position", [Position("e2", 2), Position("e1", 5), Position("", 4)])
async def test_RES2_another_history_or_the_future_is_answered_with_a_reset_and_the_socket_stays(
    stage: Stage, position: Position
) -> None:
    stage.commit(4)
    viewer = await stage.join(position)
    assert viewer.messages[1:] == [[{"type": "reset", "epoch": "e1", "seq": 4}]]
    stage.commit()
    assert viewer.seqs == [5]


async def test_RES2_a_position_that_was_trimmed_from_the_log_is_answered_with_a_reset(stage: Stage) -> None:
    stage.commit(REMEMBERED_EVENTS + 100)
    del stage.history.logs[ROOM][:50]
    viewer = await stage.join(Position("e1", 20))
    assert viewer.types == ["hello", "reset"]
    at_the_edge = await stage.join(Position("e1", 50))
    assert at_the_edge.seqs == numbers(51, REMEMBERED_EVENTS + 100)


async def test_RES2_a_position_too_far_behind_is_answered_with_a_reset_and_no_read(stage: Stage) -> None:
    stage.commit(MOST_EVENTS + 1)
    viewer = await stage.join(Position("e1", 0))
    assert viewer.types == ["hello", "reset"]
    assert stage.history.reads == ["tail"]


async def test_RES2_a_history_that_is_replaced_in_the_middle_of_a_resume_ends_in_a_reset(stage: Stage) -> None:
    stage.commit(REMEMBERED_EVENTS + 2 * LOG_PAGE)
    viewer = FakeSubscriber()
    viewer.takes.clear()
    joining = asyncio.create_task(stage.hub.join(ROOM, viewer, Position("e1", 0)))
    await until(lambda: bool(viewer.seqs))
    stage.begin_another_history(7)
    stage.bus.publish(batch(7, epoch="e2"))
    viewer.takes.set()
    await joining
    assert viewer.messages[-1] == [{"type": "reset", "epoch": "e2", "seq": 7}]
    stage.commit()
    assert viewer.seqs[-1] == 8


async def test_OVF1_a_resume_waits_for_its_reader_and_is_live_only_when_that_has_caught_up(stage: Stage) -> None:
    stage.commit(100)
    await stage.join()
    viewer = FakeSubscriber()
    viewer.takes.clear()
    joining = asyncio.create_task(stage.hub.join(ROOM, viewer, Position("e1", 0)))
    await until(lambda: bool(viewer.seqs))
    stage.commit(20)
    await settle()
    assert viewer.seqs == numbers(1, 100)
    assert not viewer.overflowed
    viewer.takes.set()
    await joining
    assert viewer.seqs == numbers(1, 120)


# -- what the bus loses


async def test_RES1_a_gap_makes_the_node_read_the_log_and_every_event_comes_once_in_order(stage: Stage) -> None:
    viewer = await stage.join()
    stage.commit(2)
    stage.commit(LOG_PAGE * 2 + 5, lost=True)
    stage.commit(3)
    await all_flushed(viewer, upto=LOG_PAGE * 2 + 10)
    assert viewer.seqs == numbers(1, LOG_PAGE * 2 + 10)
    assert stage.history.reads.count("after") == 3


async def test_RES1_what_arrives_while_a_gap_is_read_is_neither_lost_nor_twice(stage: Stage) -> None:
    viewer = await stage.join()
    stage.commit(3, lost=True)
    stage.history.hold()
    stage.commit(1)
    await stage.history.reading.wait()
    stage.commit(2)
    stage.commit(2, lost=True)
    stage.commit(1)
    stage.history.open.set()
    await all_flushed(viewer, upto=9)
    assert viewer.seqs == numbers(1, 9)


async def test_RES1_who_joins_while_a_gap_is_read_has_no_seam_either(stage: Stage) -> None:
    await stage.join()
    stage.commit(3, lost=True)
    stage.history.hold()
    stage.commit(1)
    await stage.history.reading.wait()
    joining = asyncio.create_task(stage.join(Position("e1", 1)))
    await settle()
    assert not joining.done()
    stage.history.open.set()
    viewer = await joining
    stage.commit()
    await all_flushed(viewer, upto=5)
    assert viewer.seqs == [2, 3, 4, 5]


async def test_what_the_bus_brings_twice_is_sent_once(stage: Stage) -> None:
    viewer = await stage.join()
    events = stage.commit(3)
    for _ in range(2):
        stage.bus.publish(RoomEvents(ROOM, "e1", events))
    await settle()
    assert viewer.seqs == [1, 2, 3]
    assert stage.history.reads == ["tail"]


async def test_SEQ3_another_epoch_on_the_bus_resets_everybody_once(stage: Stage) -> None:
    stage.commit(5)
    viewers = [await stage.join(), await stage.join(), await stage.join(framing=Framing.PLAIN)]
    stage.begin_another_history(2)
    stage.commit(1)
    await until(lambda: all("reset" in viewer.types for viewer in viewers))
    stage.commit(1)
    await all_flushed(*viewers, upto=4)
    for viewer in viewers:
        assert viewer.types[-2:] == ["reset", "new-image-chat"]
        assert viewer.seqs == [4]


async def test_RES2_a_hole_that_the_log_cannot_fill_resets_everybody(stage: Stage) -> None:
    viewer = await stage.join()
    stage.commit(2)
    stage.commit(3, lost=True)
    del stage.history.logs[ROOM][:4]
    stage.commit(1)
    await until(lambda: "reset" in viewer.types)
    stage.commit(1)
    await all_flushed(viewer, upto=7)
    assert viewer.types == ["hello", "new-image-chat", "new-image-chat", "reset", "new-image-chat"]


async def test_a_reset_is_not_followed_by_an_empty_frame(timers: FakeTimers, paced: Stage) -> None:
    viewer = await joined(paced, timers)
    flushes_cost(timers, viewer, 0.020)
    paced.commit()
    paced.commit()  # pending
    paced.begin_another_history(2)
    paced.commit(1)
    await settle()
    timers.pass_by(0.050)
    assert "reset" in viewer.types
    assert [] not in viewer.messages


# -- faults


async def test_a_room_that_cannot_be_read_is_refused_and_works_again_later(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.commit(3)
    stage.history.fails = True
    with caplog.at_level(logging.CRITICAL):
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await stage.join()
    stage.history.fails = False
    viewer = await stage.join(Position("e1", 1))
    stage.commit()
    await all_flushed(viewer, upto=4)
    assert viewer.seqs == [2, 3, 4]


async def test_RES1_a_gap_that_cannot_be_read_waits_for_the_log_and_nobody_is_closed(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    viewers = [await stage.join(), await stage.join(framing=Framing.PLAIN)]
    stage.commit(2)
    stage.commit(2, lost=True)
    stage.history.fails = True
    with caplog.at_level(logging.INFO):
        stage.commit(1)
        await until(lambda: stage.history.reads.count("after") > 1)
        stage.commit(1)
        assert [viewer.seqs for viewer in viewers] == [[1, 2], [1, 2]]
        stage.history.fails = False
        await all_flushed(*viewers, upto=6)
    assert [viewer.seqs for viewer in viewers] == [numbers(1, 6)] * 2
    assert not any(viewer.failed for viewer in viewers)
    assert caplog.text.count("cannot be read") == 1
    assert "can be read again" in caplog.text


async def test_a_log_that_cannot_be_read_in_a_resume_harms_no_one_else(stage: Stage) -> None:
    count = REMEMBERED_EVENTS + 10
    stage.commit(count)
    other = await stage.join()
    stage.history.fails = True
    with pytest.raises(OSError, match="put in by the test"):
        await stage.join(Position("e1", 1))
    stage.commit()
    assert other.seqs == [count + 1]


async def test_a_fault_while_sending_closes_the_room_and_not_its_writer(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    broken, other = await stage.join(), await stage.join()
    elsewhere = await stage.join(room_id=OTHER_ROOM)
    broken.broken = True
    with caplog.at_level(logging.CRITICAL):
        stage.commit()
    assert (broken.failed, other.failed, elsewhere.failed) == (True, True, False)
    stage.commit()
    again = await stage.join(Position("e1", 0))
    assert again.seqs == [1, 2]


async def test_a_connection_that_goes_while_it_resumes_leaves_no_trace(stage: Stage) -> None:
    stage.hub._lingering.seconds = 0.01
    stage.commit(10)
    viewer = FakeSubscriber()
    viewer.takes.clear()
    joining = asyncio.create_task(stage.hub.join(ROOM, viewer, Position("e1", 0)))
    await until(lambda: bool(viewer.seqs))
    viewer.gone = True
    viewer.takes.set()
    with pytest.raises(ConnectionError):
        await joining
    await until(lambda: not stage.hub._rooms)
    await until(lambda: not stage.bus._joined)


async def test_a_connection_that_goes_while_its_room_is_read_leaves_no_trace(stage: Stage) -> None:
    stage.hub._lingering.seconds = 0.01
    stage.history.hold()
    joining = asyncio.create_task(stage.hub.join(ROOM, FakeSubscriber(), None))
    await stage.history.reading.wait()
    joining.cancel()
    stage.history.open.set()
    await until(lambda: not stage.hub._rooms)
    await settle()
    await until(lambda: not stage.bus._joined)


# -- leaving


async def test_who_left_gets_nothing_more_and_may_leave_twice(stage: Stage) -> None:
    viewer, other = await stage.join(), await stage.join()
    stage.hub.leave(ROOM, viewer)
    stage.hub.leave(ROOM, viewer)
    stage.commit()
    assert (viewer.seqs, other.seqs) == ([], [1])
    assert (await stage.hub.present(ROOM))[0] == 1


async def test_an_empty_room_is_forgotten_after_a_while_and_read_anew(stage: Stage) -> None:
    stage.hub._lingering.seconds = 0.01
    viewer = await stage.join()
    stage.hub.leave(ROOM, viewer)
    await until(lambda: not stage.hub._rooms)
    await settle()
    await until(lambda: not stage.bus._joined)
    stage.commit(2)
    viewer = await stage.join(Position("e1", 0))
    stage.commit()
    await all_flushed(viewer, upto=3)
    assert viewer.seqs == [1, 2, 3]


async def test_a_room_to_which_somebody_came_back_is_not_forgotten(timers: FakeTimers, paced: Stage) -> None:
    paced.hub.leave(ROOM, await joined(paced, timers))
    viewer = await joined(paced, timers)
    timers.pass_by(LINGER + 1)
    await settle()
    paced.commit()
    assert viewer.seqs == [1]
    assert paced.history.reads == ["tail"]


async def test_a_room_is_remembered_from_the_last_leave_on_and_its_visits_heap_nothing_up(
    timers: FakeTimers, paced: Stage
) -> None:
    for _ in range(100):
        paced.hub.leave(ROOM, await joined(paced, timers))
    timers.pass_by(LINGER - 1)
    paced.hub.leave(ROOM, await joined(paced, timers))
    assert len(timers.coming) <= 2
    timers.pass_by(LINGER - 1)
    assert ROOM in paced.hub._rooms
    timers.pass_by(LINGER)
    assert paced.hub._rooms == {}


async def test_p_u_reaches_both_framings_once_joins_were_gathered(stage: Stage) -> None:
    stage.hub._telling.seconds = 0.0
    viewers = [await stage.join(user="anna"), await stage.join(user="ben", framing=Framing.PLAIN)]

    def presence(viewer: FakeSubscriber) -> list[object]:
        return [one for one in viewer.events if one["type"] == "p-u"]

    await until(lambda: all(presence(viewer) for viewer in viewers))
    expected = [{"type": "p-u", "timestamp": 1000, "sc": 2, "uj": ["anna", "ben"]}]
    assert [presence(viewer) for viewer in viewers] == [expected, expected]


async def test_present_counts_people_and_a_room_without_any_is_not_opened(stage: Stage) -> None:
    assert await stage.hub.present(ROOM) == (0, [])
    assert stage.hub._rooms == {}
    await stage.join(user="anna")
    await stage.join(user="anna")
    await stage.join(user="ben")
    assert (await stage.hub.present(ROOM))[0] == 2


async def test_closing_ends_what_runs_in_the_background(stage: Stage) -> None:
    stage.history.hold()
    joining = asyncio.create_task(stage.join())
    await stage.history.reading.wait()
    await stage.hub.close()
    assert stage.hub._tasks == set()
    joining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await joining


async def test_p_u_who_is_first_on_a_node_is_told_how_many_there_are_on_others() -> None:
    air = Air()
    here, there = (Stage(bus=air.node()) for _ in range(2))
    await here.join(user="anna")
    here.hub._tell_presence(here.hub._rooms[ROOM])
    [hello] = (await there.join(user="ben")).messages
    assert (hello["type"], hello["sc"]) == ("hello", 2)
    await here.hub.close()
    await there.hub.close()


async def test_while_the_log_is_away_nobody_is_let_in_and_nothing_is_said_of_each(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(stage.history, "tail", away)
        with pytest.raises(ConnectionError):
            await stage.join()
        patch.setattr(stage.history, "access", away)
        with pytest.raises(ConnectionError):
            await stage.join()
        with pytest.raises(Refusal, match="cannot read"):
            await stage.hub.access(ROOM)
    assert caplog.text == ""
    assert (await stage.join()).types == ["hello"]
