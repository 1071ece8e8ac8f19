"""Who is in a room, on this node and on others, counted by connection, and what changed since it was last told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from imagechat.live.frames import Presence
from imagechat.model.principal import Principal, Role

NAMED_AT_MOST = 50
"""More changes at once than this are told by their number only, so that a crowd costs no more than a person."""
KNOWN_AT_MOST = 2_000
"""Users on one node that other nodes are told one by one; of more they know the number only."""

Names = Mapping[str, str | None]
"""User ids, with the names of those who gave one."""


@dataclass(frozen=True, slots=True)
class Others:
    """Who is in a room on another node: so many connections and users, and who they are unless they are too many."""

    connections: int
    count: int
    users: Names


NOBODY = Others(0, 0, {})


@dataclass(slots=True)
class Attendance:
    """One room's people. A person with two connections joins once and leaves once, wherever they are."""

    connections: Counter[str] = field(default_factory=Counter)
    people: dict[str, Principal] = field(default_factory=dict)
    others: dict[str, Others] = field(default_factory=dict)
    """By the name of the node."""
    _told: set[str] = field(default_factory=set)
    _told_count: int = 0
    _changed: set[str] = field(default_factory=set)

    @property
    def total(self) -> int:
        """How many connections there are."""
        return self.connections.total() + sum(others.connections for others in self.others.values())

    @property
    def users(self) -> int:
        """How many users there are; one of whom only the number is known may count twice."""
        known = self.connections.keys() | {user for others in self.others.values() for user in others.users}
        return len(known) + sum(others.count - len(others.users) for others in self.others.values())

    @property
    def names(self) -> dict[str, str]:
        """Those who gave a name, by user id."""
        found = {user: name for others in self.others.values() for user, name in others.users.items() if name}
        return found | {user: person.name for user, person in self.people.items() if person.name}

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

    def here(self) -> Others:
        """Return who is here, as other nodes are told."""
        count = len(self.connections)
        users: Names = {}
        if count <= KNOWN_AT_MOST:
            people = self.people
            users = {user: people[user].name if user in people else None for user in self.connections}
        return Others(self.connections.total(), count, users)

    def hear(self, node: str, others: Others) -> None:
        """Take what another node says of who is there."""
        before = self.others.pop(node, NOBODY)
        if others.connections:
            self.others[node] = others
        self._changed |= before.users.keys() ^ others.users.keys()

    def tell(self, timestamp: int) -> Presence | None:
        """Return the signal that brings viewers up to date, or None when nothing changed for them."""
        joined = sorted(user for user in self._changed if user not in self._told and self._is_in(user))
        left = sorted(user for user in self._changed if user in self._told and not self._is_in(user))
        count = self.total
        changed = bool(joined or left) or count != self._told_count
        self._told = (self._told | set(joined)) - set(left)
        self._told_count = count
        self._changed.clear()
        if not changed:
            return None
        if len(joined) + len(left) > NAMED_AT_MOST:
            joined, left = [], []
        return Presence(timestamp=timestamp, sc=count, uj=tuple(joined), ul=tuple(left))

    def _is_in(self, user: str) -> bool:
        return user in self.connections or any(user in others.users for others in self.others.values())
