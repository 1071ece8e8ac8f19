"""What people have read, as rows: one for a whole picture, and one for each thread that was read further."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from imagechat.model.access import Access
from imagechat.model.entities import RoomKind
from imagechat.model.errors import Refusal
from imagechat.model.ids import RoomId, tenant_of
from imagechat.model.read_marks import MARKS_KEPT, ReadUpTo
from imagechat.store import tables
from imagechat.store.read_rooms import with_access
from imagechat.store.statements import find, one_of, texts

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_marks, _markers = tables.read_marks, tables.markers
_THREADS = select(_markers.c.thread_id, _markers.c.room_id, _markers.c.url_id).where(
    one_of(_markers.c.thread_id, "ids"), _markers.c.deleted.is_(False)
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody's wish to have it kept how far a picture was read; `up_to` names threads by their rooms.

    `may` lets the reader pass to the picture, or raises (AUTH1).
    """

    room_id: RoomId
    user_id: str
    up_to: ReadUpTo
    may: Callable[[Access], None]


def read_marks(connection: Connection, room_id: RoomId, user_id: str) -> ReadUpTo:
    """Return how far somebody has read a picture; threads of markers that are gone are left out."""
    query = (
        select(_marks.c.thread_id, _marks.c.up_to, _markers.c.url_id)
        .join_from(_marks, _markers, (_markers.c.thread_id == _marks.c.thread_id), isouter=True)
        .where(_of(room_id, user_id), func.coalesce(_markers.c.deleted, False).is_(False))
    )
    picture, threads = 0, {}
    for thread_id, up_to, url_id in connection.execute(query):
        if thread_id == room_id:
            picture = up_to
        elif url_id is not None:
            threads[url_id] = up_to
    return ReadUpTo(picture, {url_id: at for url_id, at in sorted(threads.items()) if at > picture})


def write_marks(connection: Connection, readings: Sequence[Reading]) -> list[ReadUpTo | Refusal]:
    """Keep what some people have read, and return for each what was taken of it, or why it may not be.

    Taken is what is of the picture and there, and not later than the picture's last event: threads go by their
    `windowUrlId` in it. A mark that is there already and further stays.
    """
    places = with_access(connection, {each.room_id for each in readings})
    let_in: list[Reading | Refusal] = []
    for each in readings:
        try:
            each.may(places[each.room_id][1])
        except Refusal as refusal:
            let_in.append(refusal)
        else:
            let_in.append(each)
    asked = {thread for each in let_in if isinstance(each, Reading) for thread in each.up_to.threads}
    found = find(connection, _THREADS, ids=texts(asked)) if asked else ()
    known = {(row.room_id, row.thread_id): row.url_id for row in found}
    rows: dict[tuple[str, RoomId, str], int] = {}
    outcomes: list[ReadUpTo | Refusal] = []
    for one in let_in:
        if isinstance(one, Refusal):
            outcomes.append(one)
            continue
        room, _ = places[one.room_id]
        if room is None or room.kind is not RoomKind.PICTURE:
            outcomes.append(ReadUpTo())
            continue
        picture = min(one.up_to.picture, room.last_timestamp)
        threads = {
            thread: min(at, room.last_timestamp)
            for thread, at in one.up_to.threads.items()
            if (one.room_id, thread) in known and at > picture
        }
        of_picture = {str(one.room_id): picture} if picture else {}
        for place, at in (of_picture | threads).items():
            key = one.user_id, one.room_id, place
            rows[key] = max(at, rows.get(key, 0))
        outcomes.append(ReadUpTo(picture, {known[one.room_id, thread]: at for thread, at in threads.items()}))
    _keep(connection, rows)
    return outcomes


def drop_marks_of(connection: Connection, tenant_id: str, chunk: int) -> int:
    """Delete some of what a tenant's people have read; return how many rows went."""
    found = select(_marks.c.user_id).where(_marks.c.tenant_id == tenant_id).limit(1)
    user_id = connection.execute(found).scalar()
    if user_id is None:
        return 0
    theirs = (_marks.c.tenant_id == tenant_id) & (_marks.c.user_id == user_id)
    rooms = select(_marks.c.room_id).where(theirs).limit(chunk)
    return connection.execute(delete(_marks).where(theirs, _marks.c.room_id.in_(rooms))).rowcount


def _keep(connection: Connection, rows: Mapping[tuple[str, RoomId, str], int]) -> None:
    """Write marks, in one order, as other nodes do too; what is not further than before stays."""
    if not rows:
        return
    inserting = _INSERTS[connection.dialect.name](_marks)
    new = inserting.excluded.up_to
    keeping = inserting.on_conflict_do_update(
        index_elements=["tenant_id", "user_id", "room_id", "thread_id"], set_={"up_to": new}, where=new > _marks.c.up_to
    )
    values = [
        {"tenant_id": tenant_of(room), "user_id": user, "room_id": room, "thread_id": thread, "up_to": at}
        for (user, room, thread), at in sorted(rows.items())
    ]
    connection.execute(keeping, values)
    for user_id, room_id in sorted({(user, room) for user, room, _ in rows}):
        _tidy(connection, room_id, user_id)


def _tidy(connection: Connection, room_id: RoomId, user_id: str) -> None:
    """Drop marks of threads that the picture's own has overtaken, and the oldest ones that are too many."""
    theirs, of_threads = _of(room_id, user_id), _marks.c.thread_id != room_id
    whole = connection.execute(select(_marks.c.up_to).where(theirs, _marks.c.thread_id == room_id)).scalar()
    if whole is not None:
        connection.execute(delete(_marks).where(theirs, of_threads, _marks.c.up_to <= whole))
    count = connection.execute(select(func.count()).select_from(_marks).where(theirs)).scalar_one()
    if count > MARKS_KEPT + 1:
        oldest = select(_marks.c.thread_id).where(theirs, of_threads).order_by(_marks.c.up_to)
        too_many = oldest.limit(count - MARKS_KEPT - 1)
        connection.execute(delete(_marks).where(theirs, _marks.c.thread_id.in_(too_many)))


def _of(room_id: RoomId, user_id: str) -> ColumnElement[bool]:
    columns = _marks.c
    return (columns.tenant_id == tenant_of(room_id)) & (columns.user_id == user_id) & (columns.room_id == room_id)
