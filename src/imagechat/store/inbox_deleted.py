"""What mass deletions took that can still be undone, for moderators to look through: the latest deletion first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from imagechat.model.errors import INVALID_BODY, Refusal
from imagechat.store import tables
from imagechat.store.inbox import LOOKED_AT, Question, Thing
from imagechat.store.mass_deletion import DONE, Deletion, deletion_from
from imagechat.store.read_rooms import May, passes, with_access
from imagechat.store.rows import comment_from, marker_from
from imagechat.store.statements import find, one_of, texts

_COMMENTS = select(tables.comments).where(one_of(tables.comments.c.id, "ids"))
_MARKERS = select(tables.markers).where(one_of(tables.markers.c.id, "ids"))
_MARKERS_OF_THREADS = select(tables.markers).where(one_of(tables.markers.c.thread_id, "ids"))

_PLACE = re.compile(r"(\d{1,15})\.([\w-]+)\.(\d{1,5})", re.ASCII)
"""No number in it is more than a database can hold."""

_OTHERS = tables.comments.alias()
_FIRST_COMMENTS = select(tables.comments).where(
    one_of(tables.comments.c.thread_id, "ids"),
    tables.comments.c.removed.is_(False),
    tables.comments.c.position
    == select(func.min(_OTHERS.c.position))
    .where(_OTHERS.c.thread_id == tables.comments.c.thread_id, _OTHERS.c.removed.is_(False))
    .scalar_subquery(),
)
"""What was said first at some markers: by that, moderators know which they were."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A thing that is gone, and what took it."""

    thing: Thing
    deletion: Deletion


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: a deletion, by its time and name, and how many of its things came before."""

    created_at: int
    deletion_id: str
    offset: int

    @classmethod
    def parse(cls, text: str) -> "_Place":
        """Return the place that a text names. Raises `Refusal`."""
        found = _PLACE.fullmatch(text)
        if found is None:
            raise Refusal(INVALID_BODY, "before must be the nextBefore of an earlier page.")
        return cls(int(found[1]), found[2], int(found[3]))

    def __str__(self) -> str:
        return f"{self.created_at}.{self.deletion_id}.{self.offset}"


def read_deleted(
    connection: Connection, tenant_id: str, question: Question, now: int, may: May
) -> tuple[list[Taken], str | None]:
    """Return a page of what is gone and can come back, and where the next one begins. Raises `Refusal`."""
    place = None if question.before is None else _Place.parse(question.before)
    taken, looked_at = list[Taken](), 0
    for deletion in _deletions(connection, tenant_id, place, now):
        start = place.offset if place is not None and place.deletion_id == deletion.id else 0
        while start < deletion.size:
            if len(taken) >= question.limit or looked_at >= LOOKED_AT:
                return taken, str(_Place(deletion.created_at, deletion.id, start))
            end = min(start + question.limit - len(taken), deletion.size)
            for thing in _things(connection, deletion, slice(start, end), may):
                if question.is_about(thing):
                    taken.append(Taken(thing, deletion))
            looked_at, start = looked_at + end - start, end
    return taken, None


def _deletions(connection: Connection, tenant_id: str, place: _Place | None, now: int) -> Iterator[Deletion]:
    """Yield those that can be undone, one by one: each may hold thousands of texts."""
    columns = tables.deletions.c
    query = select(tables.deletions).where(columns.tenant_id == tenant_id, columns.until > now, columns.state == DONE)
    chosen = query
    if place is not None:
        same = and_(columns.created_at == place.created_at, columns.id <= place.deletion_id)
        chosen = query.where(columns.created_at <= place.created_at, or_(columns.created_at < place.created_at, same))
    while True:
        row = connection.execute(chosen.order_by(columns.created_at.desc(), columns.id.desc()).limit(1)).one_or_none()
        if row is None:
            return
        yield deletion_from(row.body)
        same = and_(columns.created_at == row.created_at, columns.id < row.id)
        chosen = query.where(columns.created_at <= row.created_at, or_(columns.created_at < row.created_at, same))


def _things(connection: Connection, deletion: Deletion, part: slice, may: May) -> Iterator[Thing]:
    """Yield some of what a deletion took, as far as it is still gone and the caller may know of it."""
    ids = [*deletion.markers, *(comment.id for comment in deletion.comments)][part]
    was = {comment.id: comment for comment in deletion.comments}
    markers = {row.id: marker_from(row) for row in _found(connection, _MARKERS, ids)}
    comments = {row.id: comment_from(row) for row in _found(connection, _COMMENTS, ids)}
    said = _found(connection, _FIRST_COMMENTS, [marker.thread_id for marker in markers.values()])
    firsts = {row.thread_id: comment_from(row).comment for row in said}
    threads = [comment.thread_id for comment in comments.values()]
    of_thread = {row.thread_id: marker_from(row) for row in _found(connection, _MARKERS_OF_THREADS, threads)}
    pictures = {marker.room_id for marker in (*markers.values(), *of_thread.values())}
    rooms = with_access(connection, {*threads, *pictures})
    for each in ids:
        comment, marker = comments.get(each), markers.get(each)
        if comment is not None:
            is_gone = comment.removed or comment.comment.is_deleted is True
            marker = of_thread.get(comment.thread_id)
            where = comment.thread_id if marker is None else marker.room_id
        elif marker is not None:
            is_gone, where = marker.deleted, marker.room_id
        else:
            continue
        room, access = rooms[where]
        if is_gone and passes(may, access):
            first = None if marker is None or comment is not None else firsts.get(marker.thread_id)
            yield Thing(each, room, marker, was.get(each, first))


def _found(connection: Connection, query: Any, ids: Sequence[str]) -> Sequence[Row[Any]]:
    return find(connection, query, ids=texts(set(ids))).all() if ids else []
