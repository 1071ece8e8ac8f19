"""Where a position's missing events are, for any room."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat.live.resume import MOST_EVENTS, Position, Source, Span, missing_from

heads = st.integers(0, 20_000)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    head = draw(heads)
    flushed = draw(st.integers(0, head))
    first = draw(st.integers(1, head + 1))
    return Span("epoch", first, flushed, head)


positions = st.builds(Position, st.sampled_from(["epoch", "another", ""]), st.integers(-5, 20_010))


@given(span=spans())
def test_without_a_position_nothing_is_missing(span: Span) -> None:
    assert missing_from(None, span) is Source.NOTHING_MISSING


@given(position=positions, span=spans())
def test_RES1_what_is_said_to_be_in_memory_is_there_from_the_first_missing_event_on(
    position: Position, span: Span
) -> None:
    if missing_from(position, span) is Source.MEMORY:
        assert span.first <= position.seq + 1 <= span.flushed


@given(position=positions, span=spans())
def test_RES1_nothing_is_said_to_be_missing_only_when_the_next_flush_goes_on_at_the_position_or_before(
    position: Position, span: Span
) -> None:
    if missing_from(position, span) is Source.NOTHING_MISSING:
        assert span.flushed <= position.seq <= span.head


@given(position=positions, span=spans())
def test_RES2_a_position_is_continued_exactly_when_its_history_is_this_one(position: Position, span: Span) -> None:
    of_this_history = position.epoch == span.epoch or position.seq == 0
    within = 0 <= position.seq <= span.head
    near = span.flushed - position.seq <= MOST_EVENTS or position.seq + 1 >= span.first
    assert (missing_from(position, span) is not Source.NOWHERE) == (of_this_history and within and near)


@given(span=spans(), epoch=st.text(max_size=5))
def test_SEQ3_the_beginning_is_of_every_history(span: Span, epoch: str) -> None:
    assert missing_from(Position(epoch, 0), span) is missing_from(Position(span.epoch, 0), span)
