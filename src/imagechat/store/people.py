"""People who signed in, as the newest SSO vouched for them."""

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, Select, delete, insert, select, update

from imagechat.model.person import Person
from imagechat.store import tables
from imagechat.store.notices import Notice, note

_person = msgspec.json.Decoder(Person)
_encoder = msgspec.json.Encoder()

RENEWED_MS = 60_000
"""How much newer an SSO that says the same must be to be worth a write."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """A person, and when it was vouched for (ms since 1970)."""

    person: Person
    at: int

    def is_older_than(self, person: Person, at: int) -> bool:
        """Tell whether what an SSO says at some time is news, or makes what is known newer by a while."""
        return at > self.at and (person != self.person or at > self.at + RENEWED_MS)


def read_person(connection: Connection, tenant_id: str, user_id: str) -> Vouched | None:
    """Return somebody who signed in once, if so."""
    return _vouched(connection, _known(tenant_id, user_id))


def read_people(connection: Connection, tenant_id: str, user_ids: Collection[str]) -> list[Person]:
    """Return those of some users who signed in once."""
    people = tables.people.c
    query = select(people.profile).where(people.tenant_id == tenant_id, people.user_id.in_(user_ids))
    return [_person.decode(profile) for profile in connection.execute(query).scalars()]


def vouch(connection: Connection, tenant_id: str, person: Person, at: int, now: int) -> bool:
    """Keep what an SSO says of somebody, unless a newer one said something else (an old one may be sent again).

    Return whether it is the first one.

    It locks what it decides on: a class that signs in at once is no crowd in each other's way.
    """
    people = tables.people
    before = _vouched(connection, _known(tenant_id, person.id).with_for_update())
    values = {"profile": _encoder.encode(person).decode(), "vouched_at": at}
    if before is None:
        connection.execute(insert(people).values(tenant_id=tenant_id, user_id=person.id, **values))
    elif at > before.at:
        chosen = people.c.tenant_id == tenant_id, people.c.user_id == person.id
        connection.execute(update(people).where(*chosen).values(**values))
    if before is None or (at > before.at and person != before.person):
        note(connection, Notice(tenant_id, person.id), now)
    return before is None


def forget_person(connection: Connection, tenant_id: str, user_id: str) -> None:
    """Delete what is known of somebody."""
    people = tables.people
    connection.execute(delete(people).where(people.c.tenant_id == tenant_id, people.c.user_id == user_id))


def _known(tenant_id: str, user_id: str) -> Select[tuple[str, int]]:
    people = tables.people.c
    chosen = people.tenant_id == tenant_id, people.user_id == user_id
    return select(people.profile, people.vouched_at).where(*chosen)


def _vouched(connection: Connection, query: Select[tuple[str, int]]) -> Vouched | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else vouched_from(row.profile, row.vouched_at)


def vouched_from(profile: str, vouched_at: int) -> Vouched:
    """Return the person that a row's columns are."""
    return Vouched(_person.decode(profile), vouched_at)
