"""How long a room rests after a flush (BAT1). Pure."""

LONGEST_PAUSE = 0.050
"""Seconds."""

SHARE = 1.0
"""Rest as long as the flush took: a busy room takes half of the loop at most, and larger batches make up for it."""


def pause_after(cost: float) -> float:
    """Return the seconds to wait after a flush that took `cost` seconds."""
    return min(LONGEST_PAUSE, SHARE * max(cost, 0.0))
