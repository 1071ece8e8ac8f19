"""People who may be mentioned on a picture: who wrote there lately, and who signed in and may see it."""

from collections.abc import Collection

from sqlalchemy import Connection, func, or_, select

from imagechat.model.access import Access
from imagechat.model.decide_comments import NAMELESS
from imagechat.model.events import CommentCreated, MarkerCreated, decode_event
from imagechat.model.ids import RoomId
from imagechat.model.mentionable import MENTIONABLE_AT_ONCE, Mentionable, found_among, is_met
from imagechat.model.principal import Principal
from imagechat.store import tables
from imagechat.store.people import read_people, vouched_from
from imagechat.store.read_rooms import May, read_place, read_tail, with_access

EVENTS_LOOKED_AT = 300
"""The latest of a picture, for who wrote there."""
PEOPLE_LOOKED_AT = 20_000
"""Of a tenant, by their ids; a search finds nobody beyond them."""
FOUND = 200
"""Of those, how many that a search found are looked at more closely."""


def mentionable(connection: Connection, room_id: RoomId, caller: Principal, search: str, may: May) -> list[Mentionable]:
    """Return whom a caller may mention, found by the beginning of a word of the name; not those who are there now.

    `may` lets the caller pass to the picture, or raises (AUTH1). Without a search it is those who wrote there.
    """
    [(room, access)] = with_access(connection, [room_id]).values()
    may(access)
    if room is None:
        return []
    found = found_among(_authors(connection, room_id), search, caller)
    if search.strip() and len(found) < MENTIONABLE_AT_ONCE:
        found = found_among([*found, *_people(connection, caller, search, access)], search, caller)
    return found


def known(
    connection: Connection, room_id: RoomId, caller: Principal, ids: Collection[str], may: May
) -> list[Mentionable]:
    """Return those of some people whom a caller may mention in a picture, or in a thread; as `mentionable` does."""
    [(_, access)] = with_access(connection, [room_id]).values()
    may(access)
    place = read_place(connection, room_id)
    authors = [each for each in _authors(connection, room_id if place is None else place[0]) if each.id in ids]
    people = read_people(connection, caller.tenant_id, ids)
    return authors + [
        Mentionable(each.id, each.name, each.avatar) for each in people if each.name and is_met(caller, each, access)
    ]


def _authors(connection: Connection, room_id: RoomId) -> list[Mentionable]:
    """Return who wrote on a picture, the latest first."""
    found = []
    for logged in reversed(read_tail(connection, room_id, EVENTS_LOOKED_AT).events):
        event = decode_event(logged.data)
        comment = event.comment if isinstance(event, CommentCreated | MarkerCreated) else None
        if comment and comment.commenter_name not in {"", NAMELESS}:
            found.append(Mentionable(comment.user_id, comment.commenter_name, comment.avatar_src or None))
    return found


def _people(connection: Connection, caller: Principal, search: str, access: Access) -> list[Mentionable]:
    people = tables.people.c
    looked_at = (
        select(people.profile, people.vouched_at)
        .where(people.tenant_id == caller.tenant_id)
        .order_by(people.user_id)
        .limit(PEOPLE_LOOKED_AT)
        .subquery()
    )
    words = search.strip().lower()
    profile = func.lower(looked_at.c.profile)
    begins = (profile.contains(before + words, autoescape=True) for before in ('"', " "))
    rows = connection.execute(select(looked_at).where(or_(*begins)).limit(FOUND))
    met = (vouched_from(*row).person for row in rows)
    return [Mentionable(each.id, each.name, each.avatar) for each in met if each.name and is_met(caller, each, access)]
