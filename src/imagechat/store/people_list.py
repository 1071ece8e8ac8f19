"""A tenant's people, as its admins list them."""

from sqlalchemy import Connection, func, select

from imagechat.model.shown_text import comparable
from imagechat.store import tables
from imagechat.store.people import Vouched, vouched_from

FOUND = 1_000
"""People that one search finds at most."""


def list_people(connection: Connection, tenant_id: str, words: str, skip: int, limit: int) -> tuple[list[Vouched], int]:
    """Return some of a tenant's people, by id, and how many there are; only those who have some words about them.

    Of those, `FOUND` are looked at.
    """
    people = tables.people.c
    query = select(people.profile, people.vouched_at).where(people.tenant_id == tenant_id).order_by(people.user_id)
    searched = comparable(words)
    if not searched:
        counting = select(func.count()).select_from(tables.people).where(people.tenant_id == tenant_id)
        total = connection.execute(counting).scalar_one()
        return [vouched_from(*row) for row in connection.execute(query.offset(skip).limit(limit))], total
    # the database looks through the text, and what it finds in names of fields is left out here
    chosen = func.lower(people.profile).contains(words.strip().lower(), autoescape=True)
    rows = connection.execute(query.where(chosen).limit(FOUND))
    found = [each for each in (vouched_from(*row) for row in rows) if _has(each, searched)]
    return found[skip : skip + limit], len(found)


def _has(vouched: Vouched, searched: str) -> bool:
    person = vouched.person
    shown = (person.id, person.name, person.username, person.email, person.label, *(person.groups or ()))
    return any(searched in comparable(each) for each in shown if each)
