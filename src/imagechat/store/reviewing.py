"""Markers and comments that a moderator has looked at and let be."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from imagechat.model.ids import RoomId, inbox_of, tenant_of
from imagechat.model.principal import Principal
from imagechat.store import tables
from imagechat.store.notices import Notice, note
from imagechat.store.read_rooms import May, passes, with_access


def things_there(connection: Connection, tenant_id: str, ids: Collection[str], may: May) -> dict[str, RoomId]:
    """Return which of some ids are markers or comments of a tenant's that the caller may know of, with their rooms.

    A marker's room is its picture, a comment's is its thread. What was deleted is among them.
    """
    comments, markers = tables.comments.c, tables.markers.c
    rows = [
        *connection.execute(select(comments.id, comments.thread_id).where(comments.id.in_(ids))),
        *connection.execute(select(markers.id, markers.room_id).where(markers.id.in_(ids))),
    ]
    found = {thing: RoomId(room) for thing, room in rows if tenant_of(RoomId(room)) == tenant_id}
    access = {room: access for room, (_, access) in with_access(connection, set(found.values())).items()}
    return {thing: room for thing, room in found.items() if passes(may, access[room])}


def review(connection: Connection, by: Principal, ids: Collection[str], may: May, now: int) -> int:
    """Note that somebody has looked at markers and comments; return how many are there that the caller may know of."""
    there = things_there(connection, by.tenant_id, ids, may)
    note_reviewed(connection, by, there, now)
    note(connection, Notice(by.tenant_id, room_id=inbox_of(by.tenant_id)), now)
    return len(there)


def unreview(connection: Connection, by: Principal, ids: Collection[str], may: May, now: int) -> int:
    """Take that back; return how many are there that the caller may know of."""
    there = things_there(connection, by.tenant_id, ids, may)
    connection.execute(delete(tables.reviewed).where(tables.reviewed.c.id.in_(there)))
    note(connection, Notice(by.tenant_id, room_id=inbox_of(by.tenant_id)), now)
    return len(there)


def note_reviewed(connection: Connection, by: Principal, ids: Collection[str], now: int) -> None:
    """Write down that somebody has looked at things; who looked first stays."""
    table = tables.reviewed
    known = set(connection.execute(select(table.c.id).where(table.c.id.in_(ids))).scalars())
    rows = [{"id": each, "tenant_id": by.tenant_id, "by": by.user_id, "at": now} for each in ids if each not in known]
    if rows:
        connection.execute(insert(table), rows)
