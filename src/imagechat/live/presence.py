"""Who is in a room, counted by connection, and what changed since it was last told."""

from collections import Counter
from dataclasses import dataclass, field

from imagechat.live.frames import Presence
from imagechat.model.principal import Principal, Role

NAMED_AT_MOST = 50
"""More changes at once than this are told by their number only, so that a crowd costs no more than a person."""


@dataclass(slots=True)
class Attendance:
    """One room's people. A person with two connections joins once and leaves once."""

    connections: Counter[str] = field(default_factory=Counter)
    people: dict[str, Principal] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _told_count: int = 0
    _changed: set[str] = field(default_factory=set)

    def join(self, principal: Principal) -> None:
        """Count a connection."""
        self.connections[principal.user_id] += 1
        if principal.role is not Role.ANONYMOUS or principal.name:
            self.people[principal.user_id] = principal
        self._changed.add(principal.user_id)

    def leave(self, principal: Principal) -> None:
        """Count a connection less."""
        self.connections[principal.user_id] -= 1
        if not self.connections[principal.user_id]:
            del self.connections[principal.user_id]
            self.people.pop(principal.user_id, None)
        self._changed.add(principal.user_id)

    def tell(self, timestamp: int) -> Presence | None:
        """Return the signal that brings viewers up to date, or None when nothing changed for them."""
        joined = sorted(user for user in self._changed if user in self.connections and user not in self._told)
        left = sorted(user for user in self._changed if user not in self.connections and user in self._told)
        count = self.connections.total()
        changed = bool(joined or left) or count != self._told_count
        self._told = (self._told | set(joined)) - set(left)
        self._told_count = count
        self._changed.clear()
        if not changed:
            return None
        if len(joined) + len(left) > NAMED_AT_MOST:
            joined, left = [], []
        return Presence(timestamp=timestamp, sc=count, uj=tuple(joined), ul=tuple(left))
