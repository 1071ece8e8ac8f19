"""Whatever subset of batches a bus brings, in whatever order and however often: everybody gets everything once."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat.live.catching_up import GRACE
from imagechat.live.heads import EVERY, TICK
from imagechat.live.resume import Position
from live_fakes import ROOM, FakeSubscriber, FakeTimers, LossyBus, Stage, joined, settle

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.integers(1, 5)),
        st.tuples(st.sampled_from(["bring", "bring twice", "lose"]), st.integers(0, 7)),
        st.tuples(st.just("pass"), st.sampled_from([GRACE / 2, GRACE, TICK, EVERY])),
        st.tuples(st.just("join"), st.integers(0, 3)),
        st.tuples(st.sampled_from(["doubt", "trouble", "outage", "repair"]), st.just(0)),
    ),
    max_size=60,
)


@dataclass
class Play:
    """A room, its viewers and the seqs from which on each is to get everything."""

    timers: FakeTimers = field(default_factory=FakeTimers)
    bus: LossyBus = field(default_factory=LossyBus)
    viewers: list[tuple[FakeSubscriber, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stage = Stage(self.timers, self.bus)

    @property
    def head(self) -> int:
        log = self.stage.history.logs.get(ROOM)
        return log[-1][0] if log else 0

    async def join(self, behind: int = 0) -> None:
        """Join with a snapshot that is a little behind the log, and so maybe ahead of the bus."""
        position = Position("e1", max(0, self.head - behind))
        self.viewers.append((await joined(self.stage, self.timers, position), position.seq))

    async def do(self, what: str, number: float) -> None:
        on_the_way = self.bus.on_the_way
        match what:
            case "commit":
                self.stage.commit(int(number))
            case "bring" | "bring twice" if on_the_way:
                self.bus.bring(int(number) % len(on_the_way), twice=what == "bring twice")
            case "lose" if on_the_way:
                del on_the_way[int(number) % len(on_the_way)]
            case "pass":
                self.timers.pass_by(number)
            case "join" if not self.stage.history.fails:
                await self.join(int(number))
            case "doubt":
                self.stage.hub.doubt(None)
            case "trouble":
                self.bus.trouble = "" if self.bus.trouble else "away"
            case "outage" | "repair":
                self.stage.history.fails = what == "outage"
        await settle()

    def has(self, viewer: FakeSubscriber, after: int) -> list[int]:
        """Return what a viewer got of what it is to get; what its snapshot had already may come again."""
        return [seq for seq in viewer.seqs if seq > after]


@given(STEPS)
def test_RES1_SEQ1_everybody_gets_everything_once_and_in_order(steps: list[tuple[str, float]]) -> None:
    async def play() -> None:
        play = Play()
        await play.join()
        for step in steps:
            await play.do(*step)
            for viewer, after in play.viewers:
                got = play.has(viewer, after)
                assert got == list(range(after + 1, after + 1 + len(got)))
        await play.do("repair", 0)
        async with asyncio.timeout(30):
            while any(len(play.has(viewer, after)) < play.head - after for viewer, after in play.viewers):
                await play.do("pass", TICK)
                await asyncio.sleep(0.002)  # a log that could not be read is read again in real time
        for viewer, after in play.viewers:
            assert play.has(viewer, after) == list(range(after + 1, play.head + 1))
            assert "reset" not in viewer.types
            assert not viewer.failed
        await play.stage.hub.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("imagechat.live.catching_up.FIRST_PAUSE", 0.001)
        patch.setattr("imagechat.live.catching_up.LONGEST_PAUSE", 0.001)
        asyncio.run(play())
