"""Who changes what is in a room has the room locked, where the database has row locks: one at a time over all nodes."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from imagechat.model.entities import Room
from imagechat.model.ids import RoomId
from imagechat.store import tables
from imagechat.store.rows import room_from
from imagechat.store.statements import find, one_of, texts

# in the order of their ids: two nodes that take the same rooms do not wait for each other
_ROOMS = select(tables.rooms).where(one_of(tables.rooms.c.id, "ids")).order_by(tables.rooms.c.id).with_for_update()


def lock_rooms(connection: Connection, room_ids: Collection[RoomId]) -> list[Room]:
    """Return those of some rooms that are there, as they are now; nobody else changes them until this is committed."""
    return [room_from(row) for row in find(connection, _ROOMS, ids=texts(room_ids))]
