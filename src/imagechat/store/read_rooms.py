"""Reads, each in one transaction and so of one moment (SNAP1). A room that nobody wrote in reads as empty, at seq 0."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select, union_all

from imagechat.model.access import Access, access_to
from imagechat.model.entities import Room, RoomKind, ThreadComment
from imagechat.model.errors import Refusal
from imagechat.model.ids import RoomId, tenant_of
from imagechat.model.wire import Conversation, Region
from imagechat.store import tables
from imagechat.store.rows import comment_from, room_from
from imagechat.store.statements import find, one_of, texts


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A picture at a position."""

    epoch: str
    seq: int
    access: Access
    conversations: list[Conversation]


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Part of a thread, at its own position and at its picture's (None before it has a marker)."""

    epoch: str
    seq: int
    picture_seq: int | None
    comment_count: int
    comments: list[ThreadComment]
    has_more: bool


@dataclass(frozen=True, slots=True)
class CommentQuery:
    """Which part of a thread; ids bound it on either side."""

    offset: int
    limit: int
    newest_first: bool = False
    parent_id: str | None = None
    after_id: str | None = None
    before_id: str | None = None


@dataclass(frozen=True, slots=True)
class LogQuery:
    """The first `limit` events with seq above `after` and a timestamp in `start`–`end` (ms, both included)."""

    limit: int
    after: int = 0
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event as the log keeps it."""

    seq: int
    timestamp: int
    broadcast_id: str
    data: str


@dataclass(frozen=True, slots=True)
class Log:
    """Part of a room's history, oldest first.

    `first` is the seq of the oldest event that is kept, `head` the room's seq, both at that moment; `first` is one past
    the head when nothing is kept.
    """

    epoch: str
    first: int
    head: int
    access: Access
    events: list[LoggedEvent]


_thread = tables.rooms.alias().c
_ROOMS_AND_PICTURES = select(tables.rooms).where(
    tables.rooms.c.id.in_(
        union_all(
            select(_thread.id).where(one_of(_thread.id, "ids")),
            select(_thread.picture_id).where(one_of(_thread.id, "ids")),
        )
    )
)

_HEADS = select(tables.rooms.c.id, tables.rooms.c.epoch, tables.rooms.c.seq).where(one_of(tables.rooms.c.id, "ids"))

May = Callable[[Access], None]
"""Lets a caller pass to a picture with some access, or raises; asked before anything else is read (AUTH1)."""


def passes(may: May, access: Access) -> bool:
    """Tell whether `may` lets its caller pass."""
    try:
        may(access)
    except Refusal:
        return False
    return True


def anybody(_access: Access) -> None:
    """Let the node itself pass: it asks for each of its subscribers."""


def read_snapshot(connection: Connection, room_id: RoomId, may: May) -> Snapshot:
    """Return a picture's conversations, in the order they were made."""
    room, access = enter(connection, room_id, may)
    if room is None or room.kind is not RoomKind.PICTURE:
        return Snapshot(_epoch(connection, room), 0 if room is None else room.seq, access, [])
    markers, thread = tables.markers.c, tables.rooms.alias()
    query = (
        select(
            *(markers.id, markers.url_id, markers.x, markers.y, markers.w, markers.h, markers.src, markers.resolved),
            *(thread.c.comment_count, thread.c.last_comment_at, markers.created_at, markers.user_id),
        )
        .join_from(tables.markers, thread, thread.c.id == markers.thread_id)
        .where(markers.room_id == room_id, markers.deleted.is_(False))
        .order_by(markers.created_at, markers.id)
    )
    found = connection.execute(query)
    conversations = [
        # from the row in one step, a third of the time that a marker in between takes: a picture may have thousands
        Conversation(
            id=marker_id,
            url_id=url_id,
            x=x,
            y=y,
            src=src,
            resolved=resolved,
            comment_count=comment_count,
            last_comment_at=last_comment_at,
            created_at=created_at,
            user_id=user_id,
            region=msgspec.UNSET if w is None else Region(w, h),
        )
        for marker_id, url_id, x, y, w, h, src, resolved, comment_count, last_comment_at, created_at, user_id in found
    ]
    return Snapshot(room.epoch, room.seq, access, conversations)


def read_place(connection: Connection, thread_id: RoomId) -> tuple[RoomId, str] | None:
    """Return the picture that a thread is on and the thread's `windowUrlId`; None where it has no marker."""
    markers = tables.markers.c
    query = select(markers.room_id, markers.url_id).where(markers.thread_id == thread_id, markers.deleted.is_(False))
    row = connection.execute(query).one_or_none()
    return None if row is None else (RoomId(row.room_id), row.url_id)


def read_comments(connection: Connection, thread_id: RoomId, query: CommentQuery, may: May) -> CommentPage | None:
    """Return part of a thread, or None when its marker was deleted."""
    thread, _ = enter(connection, thread_id, may)
    if thread is None or thread.kind is not RoomKind.THREAD:
        return CommentPage(_epoch(connection, thread), 0, None, 0, [], has_more=False)
    if thread.picture_id is not None and _marker_is_deleted(connection, thread_id):
        return None
    picture = None if thread.picture_id is None else _read_room(connection, thread.picture_id)
    rows = connection.execute(_comments_query(thread_id, query)).all()
    return CommentPage(
        epoch=thread.epoch,
        seq=thread.seq,
        picture_seq=None if picture is None else picture.seq,
        comment_count=thread.comment_count,
        comments=[comment_from(row) for row in rows[: query.limit]],
        has_more=len(rows) > query.limit,
    )


def read_comment(connection: Connection, tenant_id: str, comment_id: str, may: May) -> ThreadComment | None:
    """Return a comment that is there, also in its conversation."""
    place = select(tables.comments.c.thread_id).where(tables.comments.c.id == comment_id)
    thread_id = connection.execute(place).scalar()
    if thread_id is None or tenant_of(thread_id) != tenant_id:
        return None
    enter(connection, thread_id, may)
    row = connection.execute(select(tables.comments).where(tables.comments.c.id == comment_id)).one_or_none()
    if row is None:
        return None
    found = comment_from(row)
    gone = found.removed or found.comment.is_deleted is True
    return None if gone or _marker_is_deleted(connection, found.thread_id) else found


def read_access(connection: Connection, room_ids: Collection[RoomId]) -> dict[RoomId, Access]:
    """Return who may come to each of some rooms; a thread is as open as its picture, and open while it has none."""
    return {room_id: access for room_id, (_, access) in with_access(connection, room_ids).items()}


def read_heads(connection: Connection, room_ids: Collection[RoomId]) -> dict[RoomId, tuple[str, int]]:
    """Return each room's epoch and seq; one that is not there is at 0 of the history that it would have."""
    found = {room_id: (epoch, seq) for room_id, epoch, seq in connection.execute(_HEADS, {"ids": texts(room_ids)})}
    missing = [room_id for room_id in room_ids if room_id not in found]
    return found | dict.fromkeys(missing, (_epoch(connection, None), 0)) if missing else found


def read_log(connection: Connection, room_id: RoomId, query: LogQuery, may: May = anybody) -> Log:
    """Return part of a room's history."""
    room, access = enter(connection, room_id, may)
    if room is None:
        return Log(_epoch(connection, room), 1, 0, access, [])
    first = _first_kept(connection, room)
    after, last = query.after, room.seq
    # time rises with seq (SEQ2), so the log needs no index by time: some twenty reads find either end in a million
    kept, time_of = range(first, room.seq + 1), partial(_timestamp, connection, room_id)
    if query.start is not None:
        after = max(after, first - 1 + bisect_left(kept, query.start, key=time_of))
    if query.end is not None:
        last = first - 1 + bisect_right(kept, query.end, key=time_of)
    events = tables.events.c
    chosen = (
        _event_columns()
        .where(events.room_id == room_id, events.seq > after, events.seq <= last)
        .order_by(events.seq)
        .limit(query.limit)
    )
    return Log(room.epoch, first, room.seq, access, _logged(connection, chosen))


def read_tail(connection: Connection, room_id: RoomId, limit: int) -> Log:
    """Return the last events of a room, oldest first."""
    room, access = enter(connection, room_id, anybody)
    if room is None:
        return Log(_epoch(connection, room), 1, 0, access, [])
    query = _event_columns().where(tables.events.c.room_id == room_id).order_by(tables.events.c.seq.desc()).limit(limit)
    return Log(room.epoch, _first_kept(connection, room), room.seq, access, _logged(connection, query)[::-1])


def _event_columns() -> Select[Any]:
    events = tables.events.c
    return select(events.seq, events.timestamp, events.broadcast_id, events.data)


def _first_kept(connection: Connection, room: Room) -> int:
    events = tables.events.c
    oldest = select(events.seq).where(events.room_id == room.id).order_by(events.seq).limit(1)
    first: int | None = connection.execute(oldest).scalar()
    return room.seq + 1 if first is None else first


def _timestamp(connection: Connection, room_id: RoomId, seq: int) -> int:
    events = tables.events.c
    found = connection.execute(select(events.timestamp).where(events.room_id == room_id, events.seq == seq))
    timestamp: int = found.scalar_one()
    return timestamp


def _logged(connection: Connection, query: Select[Any]) -> list[LoggedEvent]:
    return [LoggedEvent(*row) for row in connection.execute(query)]


def enter(connection: Connection, room_id: RoomId, may: May) -> tuple[Room | None, Access]:
    """Return a room, if it is there, after letting `may` look at who may come to its picture."""
    [(room, access)] = with_access(connection, [room_id]).values()
    may(access)
    return room, access


def _read_room(connection: Connection, room_id: RoomId) -> Room | None:
    row = connection.execute(select(tables.rooms).where(tables.rooms.c.id == room_id)).one_or_none()
    return None if row is None else room_from(row)


def _epoch(connection: Connection, room: Room | None) -> str:
    if room is not None:
        return room.epoch
    return str(connection.execute(select(tables.history.c.epoch)).scalar_one())


def _marker_is_deleted(connection: Connection, thread_id: RoomId) -> bool:
    query = select(tables.markers.c.deleted).where(tables.markers.c.thread_id == thread_id)
    return bool(connection.execute(query).scalar())


def _comments_query(thread_id: RoomId, query: CommentQuery) -> Select[Any]:
    columns = tables.comments.c
    chosen = select(tables.comments).where(columns.thread_id == thread_id, columns.removed.is_(False))
    if query.parent_id is not None:
        chosen = chosen.where(columns.parent_id == query.parent_id)
    if query.after_id is not None:
        chosen = chosen.where(columns.position > _position(thread_id, query.after_id))
    if query.before_id is not None:
        chosen = chosen.where(columns.position < _position(thread_id, query.before_id))
    order = columns.position.desc() if query.newest_first else columns.position
    return chosen.order_by(order).offset(query.offset).limit(query.limit + 1)


def _position(thread_id: RoomId, comment_id: str) -> Any:
    columns = tables.comments.c
    found = select(columns.position).where(columns.id == comment_id, columns.thread_id == thread_id).scalar_subquery()
    return func.coalesce(found, 0)


def with_access(connection: Connection, room_ids: Collection[RoomId]) -> dict[RoomId, tuple[Room | None, Access]]:
    """Return rooms, where they are there, and who may come to their pictures.

    It is one question, whatever is there: a private picture's thread takes as long as no room at all.
    """
    found = {room.id: room for room in map(room_from, find(connection, _ROOMS_AND_PICTURES, ids=texts(room_ids)))}
    rooms = {room_id: found.get(room_id) for room_id in room_ids}
    return {
        room_id: (room, access_to(room if room is None or room.picture_id is None else found[room.picture_id]))
        for room_id, room in rooms.items()
    }
