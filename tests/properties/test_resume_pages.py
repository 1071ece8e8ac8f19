"""However clients come back, with shared pages and frames: each event once and in order, or a reset, never a part."""

import asyncio
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from imagechat.live.frames import Framing
from imagechat.live.log_pages import LOG_PAGE
from imagechat.live.resume import Position
from live_fakes import ROOM, FakeSubscriber, Stage, until

Step = tuple[str, int]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("come back"), st.integers(0, 1_500)),
        st.tuples(st.just("commit"), st.integers(1, LOG_PAGE + 20)),
        st.tuples(st.just("commit, lost by the bus"), st.integers(1, LOG_PAGE + 20)),
        st.tuples(st.just("trim"), st.integers(1, LOG_PAGE)),
        st.tuples(st.just("turn"), st.integers(1, 5)),
    ),
    min_size=3,
    max_size=25,
)


async def play(steps: Sequence[Step]) -> None:
    stage = Stage()
    log = stage.history.logs.setdefault(ROOM, [])
    stage.commit(900, size=200)  # far more than memory holds
    came: list[tuple[int, FakeSubscriber]] = []
    joining: list[asyncio.Task[None]] = []
    for number, (what, count) in enumerate(steps):
        if what == "come back":
            viewer = FakeSubscriber(Framing.V1_DEFLATE if number % 2 else Framing.V1, f"user-{number}")
            seq = count % (log[-1][0] + 1)
            came.append((seq, viewer))
            joining.append(asyncio.create_task(stage.hub.join(ROOM, viewer, Position("e1", seq))))
        elif what == "trim":
            del log[: min(count, len(log) - 1)]
        elif what == "turn":
            for _ in range(count):
                await asyncio.sleep(0)
        else:
            stage.commit(count, lost=what != "commit", size=200)
    await asyncio.gather(*joining)
    stage.commit(1)  # so that the node finds what was lost
    head = log[-1][0]
    await until(lambda: all(viewer.seqs and viewer.seqs[-1] == head for _, viewer in came))
    for seq, viewer in came:
        first, *parts = split_at_resets(viewer)
        assert first == list(range(seq + 1, seq + 1 + len(first)))
        for part in parts:
            assert part == list(range(part[0], part[0] + len(part)))
        assert parts or first[-1] == head
    await stage.hub.close()


def split_at_resets(viewer: FakeSubscriber) -> list[list[int]]:
    parts: list[list[int]] = [[]]
    for one in viewer.messages[1:]:
        for each in one:
            if each["type"] == "reset":
                parts.append([])
            elif "seq" in each:
                parts[-1].append(each["seq"])
    return [parts[0], *filter(None, parts[1:])]


@given(steps)
@settings(max_examples=60)
def test_RES1_RES2_every_viewer_gets_all_that_follows_its_position_or_is_reset(steps: list[Step]) -> None:
    asyncio.run(play(steps))
