"""Programs whose clock is wrong, by Debian's libfaketime; what they measure time with goes right."""

from pathlib import Path


def clock_off(seconds: int) -> dict[str, str]:
    """Return the environment of a program whose clock is so many seconds ahead."""
    return {"LD_PRELOAD": str(_library()), "FAKETIME": f"{seconds:+}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def fast_clock(times: int) -> dict[str, str]:
    """Return the environment of a program whose time runs so many times as fast."""
    return {"LD_PRELOAD": str(_library()), "FAKETIME": f"+0 x{times}"}


def _library() -> Path:
    [library] = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    return library
