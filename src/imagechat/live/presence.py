"""Who is in a room, on this node and on others, counted by connection, and what changed since it was last told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from imagechat.live.frames import Face, Presence
from imagechat.model.principal import Principal, Role

NAMED_AT_MOST = 50
"""More changes at once than this are told by their number only, so that a crowd costs no more than a person."""
KNOWN_AT_MOST = 2_000
"""Users on one node that other nodes are told one by one; of more they know the number only."""

FACES_AT_MOST = 10
"""More who join at once are told by their ids: a list of all has their names and pictures (REST)."""
AVATARS_AT_MOST = 200
"""The same for the pictures of users on one node, that other nodes are told: an address has 512 characters."""

Names = Mapping[str, str | None]
"""User ids, with the names of those who gave one."""


@dataclass(frozen=True, slots=True)
class Others:
    """Who is in a room on another node: so many connections and users, and who they are unless they are too many."""

    connections: int
    count: int
    users: Names
    avatars: Mapping[str, str] = field(default_factory=dict)


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

    @property
    def faces(self) -> list[Face]:
        """The same with their pictures, in the order of their names."""
        names = sorted(self.names.items(), key=lambda each: (each[1], each[0]))
        return [Face(id=user, display_name=name, avatar_src=self._avatar(user)) for user, name in names]

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
        people = self.people
        if count <= KNOWN_AT_MOST:
            users = {user: people[user].name if user in people else None for user in self.connections}
        avatars = {user: person.avatar for user, person in people.items() if person.name and person.avatar}
        return Others(self.connections.total(), count, users, avatars if len(avatars) <= AVATARS_AT_MOST else {})

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
            return Presence(timestamp=timestamp, sc=count, many=True)
        return Presence(timestamp=timestamp, sc=count, uj=tuple(joined), ul=tuple(left), people=self._faces_of(joined))

    def _faces_of(self, users: Sequence[str]) -> tuple[Face, ...]:
        """Return those of some users who gave a name, unless they are too many."""
        if len(users) > FACES_AT_MOST:
            return ()
        found = ((user, self._name(user)) for user in users)
        return tuple(Face(id=user, display_name=name, avatar_src=self._avatar(user)) for user, name in found if name)

    def _name(self, user: str) -> str | None:
        if user in self.people:
            return self.people[user].name
        return next((name for others in self.others.values() if (name := others.users.get(user))), None)

    def _avatar(self, user: str) -> str | msgspec.UnsetType:
        if user in self.people:
            return self.people[user].avatar or msgspec.UNSET
        found = (others.avatars.get(user) for others in self.others.values())
        return next(filter(None, found), msgspec.UNSET)

    def _is_in(self, user: str) -> bool:
        return user in self.connections or any(user in others.users for others in self.others.values())
