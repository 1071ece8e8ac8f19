"""What the live channel counts of its own work."""

import pytest

from imagechat.live.catching_up import GRACE
from imagechat.live.counts import LiveCounts
from imagechat.live.frames import Framing
from imagechat.live.heads import SOON
from imagechat.live.resume import NO_POSITION, Position, Source, outcome_of
from imagechat.model.histogram import Histogram
from live_fakes import ROOM, FakeTimers, LossyBus, Stage, joined, settle


def test_a_histogram_counts_a_value_at_a_bound_below_it() -> None:
    values = Histogram((1, 10))
    for value in (0, 1, 1.5, 10, 11, 1000):
        values.add(value)
    assert (values.counts, values.count, values.total) == ([2, 2, 2], 6, 1023.5)


@pytest.mark.parametrize(
    ("position", "first", "last", "outcome"),
    [
        (None, Source.NOTHING_MISSING, Source.NOTHING_MISSING, "new"),
        (Position("e", 1), Source.NOTHING_MISSING, Source.NOTHING_MISSING, "none"),
        (Position("e", 1), Source.MEMORY, Source.NOTHING_MISSING, "memory"),
        (Position("e", 1), Source.LOG, Source.NOTHING_MISSING, "log"),
        (Position("e", 9), Source.NOWHERE, Source.NOTHING_MISSING, "log"),
        (Position("e", 1), Source.LOG, Source.NOWHERE, "reset"),
        (NO_POSITION, Source.NOWHERE, Source.NOWHERE, "reset"),
    ],
)
def test_a_resume_has_one_outcome(position: Position | None, first: Source, last: Source, outcome: str) -> None:
    assert outcome_of(position, first, last) == outcome


async def test_a_flush_is_counted_once_however_many_it_goes_to() -> None:
    stage = Stage()
    for framing in (Framing.V1, Framing.V1, Framing.PLAIN):
        await stage.join(framing=framing)
    events = stage.commit(4)
    counts = stage.hub.counts
    assert (counts.events_received, counts.flush_events.count, counts.flush_events.total) == (4, 1, 4)
    assert counts.flush_bytes.total == sum(len(data) for _, data in events)
    assert counts.deliveries == 12
    assert counts.flush_seconds.total > 0
    await stage.hub.close()


async def test_BAT1_what_a_burst_leaves_for_later_is_counted_when_it_is_sent() -> None:
    timers = FakeTimers()
    stage = Stage(timers)
    viewer = await joined(stage, timers)
    stage.commit(3_000, size=300)
    counts = stage.hub.counts
    assert counts.flush_events.total == len(viewer.seqs) < 3_000
    timers.pass_by(10)
    assert counts.flush_events.total == len(viewer.seqs) == counts.deliveries == 3_000
    assert counts.flush_events.count > 1


async def test_presence_alone_is_no_flush() -> None:
    timers = FakeTimers()
    stage = Stage(timers)
    viewer = await joined(stage, timers)
    sent = len(viewer.sent)
    timers.pass_by(10)
    assert len(viewer.sent) > sent
    assert stage.hub.counts.flush_events.count == 0


async def test_RES1_why_a_room_reads_its_log_is_counted() -> None:
    timers, bus = FakeTimers(), LossyBus()
    stage = Stage(timers, bus)
    await joined(stage, timers)
    timers.pass_by(SOON)
    await settle()
    counts: LiveCounts = stage.hub.counts
    assert counts.catch_ups == {}
    stage.commit()
    stage.commit()
    bus.bring(1)
    timers.pass_by(2 * GRACE)
    await settle()
    assert counts.catch_ups == {"gap": 1}
    stage.commit()
    stage.hub.doubt(ROOM)
    await settle()
    assert counts.catch_ups == {"gap": 1, "head": 1}
    stage.begin_another_history(events=2)
    stage.hub.doubt(ROOM)
    await settle()
    assert counts.catch_ups == {"gap": 1, "head": 2, "restart": 1}
    await stage.hub.close()
