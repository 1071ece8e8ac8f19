"""Places on a picture, in percent."""

import math

from imagechat.model.errors import INVALID_COORDINATES, Refusal
from imagechat.model.wire import Region

_WHOLE = 100.0


def checked_place(x: float, y: float, region: Region | None = None) -> None:
    """Let a point, and a region whose top left corner it is, pass when they lie on the picture.

    Raises `Refusal` (`invalid-coordinates`).
    """
    for name, value in (("x", x), ("y", y)):
        if not (math.isfinite(value) and 0 <= value <= _WHOLE):
            raise Refusal(INVALID_COORDINATES, f"{name} must be a number from 0 to 100, in percent of the picture.")
    if region is None:
        return
    for name, start, size in (("w", x, region.w), ("h", y, region.h)):
        if not (math.isfinite(size) and size > 0 and start + size <= _WHOLE):
            raise Refusal(
                INVALID_COORDINATES, f"region.{name} must be above 0 and end inside the picture (100 percent)."
            )
