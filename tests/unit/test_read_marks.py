"""How far somebody has read: it never goes back, whatever comes in whatever order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat.model.read_marks import ReadUpTo
from imagechat.model.times import iso, milliseconds_of

TIMES = st.integers(0, 2_000_000_000_000)
MARKS = st.builds(ReadUpTo, TIMES, st.dictionaries(st.sampled_from("abcd"), TIMES))


@given(MARKS, MARKS, MARKS)
def test_reading_further_is_the_same_in_any_order_and_any_number_of_times(
    one: ReadUpTo, two: ReadUpTo, three: ReadUpTo
) -> None:
    assert one.further(two) == two.further(one)
    assert one.further(two).further(three) == one.further(two.further(three))
    assert one.further(two).further(two) == one.further(two)


@given(MARKS, MARKS)
def test_what_was_read_stays_read(one: ReadUpTo, two: ReadUpTo) -> None:
    both = one.further(two)
    for thread in "abcd":
        assert max(both.picture, both.threads.get(thread, 0)) == max(
            one.picture, one.threads.get(thread, 0), two.picture, two.threads.get(thread, 0)
        )


@given(TIMES)
def test_a_time_is_read_as_it_was_written(milliseconds: int) -> None:
    assert milliseconds_of(iso(milliseconds)) == milliseconds


@pytest.mark.parametrize(
    "written", ["", "now", "2026-01-31", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.1Z", "2026-02-30T12:00:00.000Z"]
)
def test_what_the_server_does_not_write_is_no_time(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        milliseconds_of(written)
