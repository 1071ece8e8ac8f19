"""How much there is for moderators to look through, counted by the database; asked for with every look."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, select

from imagechat.model.ids import RoomId
from imagechat.store import tables
from imagechat.store.holding import WAITS
from imagechat.store.inbox import LOOKED_AT, markers_of
from imagechat.store.read_rooms import May, passes, with_access
from imagechat.store.tenant_rows import pictures_of, threads_of

_IS_DELETED = '"isDeleted":true'
"""As a comment's JSON has it; in a text its quotes are escaped."""


def count_new(connection: Connection, tenant_id: str, may: May) -> int:
    """Return how many things nobody has looked at, of the newest `LOOKED_AT` comments and as many markers."""
    of_threads = Counter(_new_comments(connection, tenant_id))
    markers = markers_of(connection, of_threads)
    of_rooms: Counter[RoomId] = Counter(_new_markers(connection, tenant_id))
    for thread, count in of_threads.items():
        marker = markers.get(thread)
        if marker is None or not marker.deleted:
            of_rooms[thread if marker is None else marker.room_id] += count
    rooms = with_access(connection, of_rooms.keys())
    return sum(count for room, count in of_rooms.items() if passes(may, rooms[room][1]))


def count_held(connection: Connection, tenant_id: str, may: May) -> int:
    """Return how many things wait, of the newest `LOOKED_AT`."""
    columns = tables.held.c
    query = select(columns.room_id).where(columns.tenant_id == tenant_id, columns.state == WAITS)
    rooms = list(connection.execute(query.order_by(columns.created_at.desc()).limit(LOOKED_AT)).scalars())
    known = with_access(connection, set(rooms))
    allowed = {room for room, (_, access) in known.items() if passes(may, access)}
    return sum(room in allowed for room in rooms)


def _new_comments(connection: Connection, tenant_id: str) -> Iterable[RoomId]:
    """Return the thread of each."""
    columns, reviewed = tables.comments.c, tables.reviewed.c
    newest = select(columns.id, columns.thread_id, columns.removed, columns.body).where(threads_of(tenant_id))
    part = newest.order_by(columns.id.desc()).limit(LOOKED_AT).subquery().c
    looked_at = select(reviewed.id).where(reviewed.id == part.id).exists()
    query = select(part.thread_id).where(part.removed.is_(False), ~part.body.contains(_IS_DELETED), ~looked_at)
    return map(RoomId, connection.execute(query).scalars())


def _new_markers(connection: Connection, tenant_id: str) -> Iterable[RoomId]:
    """Return the picture of each that has no comments."""
    columns, reviewed, threads = tables.markers.c, tables.reviewed.c, tables.rooms.c
    newest = select(columns.id, columns.room_id, columns.thread_id, columns.deleted).where(pictures_of(tenant_id))
    part = newest.order_by(columns.id.desc()).limit(LOOKED_AT).subquery().c
    looked_at = select(reviewed.id).where(reviewed.id == part.id).exists()
    says = select(threads.id).where(threads.id == part.thread_id, threads.comment_count > 0).exists()
    query = select(part.room_id).where(part.deleted.is_(False), ~looked_at, ~says)
    return map(RoomId, connection.execute(query).scalars())
