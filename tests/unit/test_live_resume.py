"""Where the events are that a client missed: every kind of position against one room."""

import pytest

from imagechat.live.resume import MOST_EVENTS, NO_POSITION, Position, Source, Span, missing_from

SPAN = Span("e1", first=91, flushed=100, head=103)


@pytest.mark.parametrize(
    ("position", "source"),
    [
        (None, Source.NOTHING_MISSING),
        (Position("e1", 100), Source.NOTHING_MISSING),
        (Position("e1", 99), Source.MEMORY),
        (Position("e1", 90), Source.MEMORY),
        (Position("e1", 89), Source.LOG),
        (Position("e1", 0), Source.LOG),
    ],
)
def test_RES1_what_is_missing_is_found_in_memory_or_in_the_log(position: Position | None, source: Source) -> None:
    assert missing_from(position, SPAN) is source


@pytest.mark.parametrize("seq", [101, 103])
def test_RES1_a_snapshot_newer_than_the_last_flush_misses_nothing(seq: int) -> None:
    assert missing_from(Position("e1", seq), SPAN) is Source.NOTHING_MISSING


@pytest.mark.parametrize(
    "position", [Position("e2", 100), Position("e2", 1), Position("", 50), Position("e1", 104), NO_POSITION]
)
def test_RES2_a_position_of_another_history_or_of_the_future_is_nowhere(position: Position) -> None:
    assert missing_from(position, SPAN) is Source.NOWHERE


@pytest.mark.parametrize("epoch", ["e1", "e2", ""])
def test_SEQ3_seq_0_is_the_beginning_whatever_epoch_stands_beside_it(epoch: str) -> None:
    assert missing_from(Position(epoch, 0), SPAN) is Source.LOG
    assert missing_from(Position(epoch, 0), Span("e1", first=1, flushed=3, head=3)) is Source.MEMORY
    assert missing_from(Position(epoch, 0), Span("e1", first=1, flushed=0, head=0)) is Source.NOTHING_MISSING


def test_RES2_a_position_too_far_behind_is_answered_with_a_reset() -> None:
    far = Span("e1", first=20_001, flushed=20_000, head=20_000)
    assert missing_from(Position("e1", 20_000 - MOST_EVENTS), far) is Source.LOG
    assert missing_from(Position("e1", 20_000 - MOST_EVENTS - 1), far) is Source.NOWHERE
