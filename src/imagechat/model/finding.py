"""What was found when something was looked at."""

from typing import Literal

import msgspec

State = Literal["good", "note", "bad"]


class Finding(msgspec.Struct, frozen=True):
    """One line for an operator: `bad` is to be mended, `note` to be known."""

    name: str
    state: State
    says: str
    advice: str | None = None


def good(name: str, says: str) -> Finding:
    """Return a finding that is as it should be."""
    return Finding(name, "good", says)


def note(name: str, says: str, advice: str) -> Finding:
    """Return a finding that may be meant so."""
    return Finding(name, "note", says, advice)


def bad(name: str, says: str, advice: str) -> Finding:
    """Return a finding that is to be mended."""
    return Finding(name, "bad", says, advice)
