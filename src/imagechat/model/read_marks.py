"""How far somebody has read the conversations on a picture: by the server's own times, so no other clock matters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from imagechat.model.times import iso

MARKS_KEPT = 5_000
"""Threads of one picture of which it is kept for one person; the oldest marks go first."""
MARKS_AT_ONCE = 200
"""Threads in one call."""


@dataclass(frozen=True, slots=True)
class ReadUpTo:
    """Times of the newest thing that was read, in ms since 1970: of the whole picture, and of threads read further.

    Threads go by their `windowUrlId`, or by their room's id where that is said. A time never goes back.
    """

    picture: int = 0
    threads: Mapping[str, int] = field(default_factory=dict)

    def further(self, other: Self) -> "ReadUpTo":
        """Return how far somebody has read who has read both."""
        picture = max(self.picture, other.picture)
        names = self.threads.keys() | other.threads.keys()
        furthest = {name: max(self.threads.get(name, 0), other.threads.get(name, 0)) for name in sorted(names)}
        return ReadUpTo(picture, {name: at for name, at in furthest.items() if at > picture})

    def as_wire(self) -> dict[str, object]:
        """Return it as the wire writes it; `picture` is null for somebody who has read nothing there as a whole."""
        return {
            "picture": iso(self.picture) if self.picture else None,
            "threads": {name: iso(at) for name, at in self.threads.items()},
        }
