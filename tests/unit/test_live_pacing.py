"""How long a room rests after a flush."""

from hypothesis import given
from hypothesis import strategies as st

from imagechat.live.pacing import LONGEST_PAUSE, pause_after


def test_BAT1_a_flush_that_cost_nothing_needs_no_rest() -> None:
    assert pause_after(0.0) == 0.0


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_BAT1_the_pause_grows_with_the_cost_and_never_exceeds_50_ms(one: float, other: float) -> None:
    shorter, longer = sorted([one, other])
    assert 0 <= pause_after(shorter) <= pause_after(longer) <= LONGEST_PAUSE == 0.050


def test_BAT1_a_clock_that_went_backwards_makes_no_pause() -> None:
    assert pause_after(-1.0) == 0.0
