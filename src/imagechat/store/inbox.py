"""What moderators look through: comments, markers without any, and what waits; the newest first, page by page.

A page looks at so many rows at most, however long the history is that needs no looking at, and says where it goes on.
A place in it is a text: the id of a comment or marker, which begins with its time in ms (12 hex digits), or the time, a
dot and the id of what waits. They sort as texts, and so do the things on the pages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from imagechat.model.entities import Marker, Room
from imagechat.model.errors import INVALID_BODY, Refusal
from imagechat.model.held import Held
from imagechat.model.ids import RoomId
from imagechat.model.shown_text import comparable
from imagechat.model.wire import Comment
from imagechat.store import tables
from imagechat.store.holding import WAITS, held_from_body
from imagechat.store.read_rooms import May, passes, with_access
from imagechat.store.rows import comment_from, marker_from
from imagechat.store.statements import find, one_of, texts
from imagechat.store.tenant_rows import pictures_of, threads_of

LOOKED_AT = 1_000
"""Rows that one page looks at."""
CHUNK = 100
"""Rows of each table that are read at once."""
_TIME = 12

_MARKERS_OF_THREADS = select(tables.markers).where(one_of(tables.markers.c.thread_id, "ids"))
_REVIEWED = select(tables.reviewed).where(one_of(tables.reviewed.c.id, "ids"))


@dataclass(frozen=True, slots=True)
class Reviewed:
    """That a moderator looked at something and let it be, at a time (ms since 1970)."""

    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Thing:
    """A comment, a marker without any, or what waits, and where it is.

    `room` is the picture's, or the thread's where no picture is known; None for one that is not there yet.
    """

    id: str
    room: Room | None
    marker: Marker | None = None
    comment: Comment | None = None
    held: Held | None = None
    reviewed: Reviewed | None = None
    in_thread: int = 0
    """How many comments its thread has, this one among them."""

    @property
    def is_new(self) -> bool:
        """Whether it is to be looked at."""
        return self.held is not None or self.reviewed is None

    @property
    def is_marker(self) -> bool:
        """Whether it is a marker, be it with its first comment, and not a comment at one."""
        if self.held is not None:
            return self.held.marker is not None
        return self.comment is None or (self.marker is not None and self.marker.id == self.id)

    @property
    def picture(self) -> RoomId | None:
        """The picture's room, also where its first marker waits, and the thread's where no picture is known."""
        if self.room is not None:
            return self.room.id
        return None if self.held is None or self.held.marker is None else self.held.marker.picture

    @property
    def author(self) -> str:
        """The id of the user who made it."""
        if self.held is not None:
            return self.held.principal.user_id
        if self.comment is not None:
            return self.comment.user_id
        return "" if self.marker is None else self.marker.user_id

    def says(self, words: str) -> bool:
        """Tell whether some words, made comparable, stand in it, in its author's name or in its picture's."""
        shown = [self.author]
        if self.room is not None:
            shown += [self.room.url_id, self.room.title or ""]
        elif self.held is not None:  # the first thing on a picture
            shown += [self.held.command.url_id, (self.held.marker and self.held.marker.title) or ""]
        if self.comment is not None:
            shown += [self.comment.comment, self.comment.commenter_name]
        return any(words in comparable(each) for each in shown)


@dataclass(frozen=True, slots=True)
class Page:
    """Part of the inbox; `before` is where the next one goes on, None at the end."""

    things: list[Thing]
    before: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is wanted, from a place on: all, or only what is new, what waits, what has some words or is on a picture."""

    limit: int
    only_new: bool = False
    only_held: bool = False
    words: str = ""
    before: str | None = None
    picture: RoomId | None = None

    def is_about(self, thing: Thing) -> bool:
        """Tell whether a thing is on the picture that is wanted, and has the words."""
        if self.picture not in {None, thing.picture}:
            return False
        words = comparable(self.words)
        return not words or thing.says(words)


_Found = tuple[str, Thing | None]
"""A row that was looked at, by its place; None for what is not shown."""


def read_inbox(connection: Connection, tenant_id: str, question: Question, may: May) -> Page:
    """Return a page, of pictures that the caller may see. Raises `Refusal` for a place that is none."""
    if question.before is not None:
        _time_of(question.before)
    things = list[Thing]()
    looked_at, last = 0, question.before
    for place, thing in _rows(connection, tenant_id, question, may):
        if len(things) == question.limit or looked_at == LOOKED_AT:
            return Page(things, last)
        looked_at, last = looked_at + 1, place
        if thing is not None and (thing.is_new or not question.only_new) and question.is_about(thing):
            things.append(thing)
    return Page(things, None)


def _rows(connection: Connection, tenant_id: str, question: Question, may: May) -> Iterator[_Found]:
    held = _held(connection, tenant_id, question.before, may)
    if question.only_held:
        return held
    written = _written(connection, tenant_id, question, may)
    return merge(written, held, key=itemgetter(0), reverse=True)


# -- what is there


def _written(connection: Connection, tenant_id: str, question: Question, may: May) -> Iterator[_Found]:
    """Yield comments and markers, the newest first."""
    before, comments, markers, picture = question.before, tables.comments, tables.markers, question.picture
    of_threads, of_pictures = threads_of(tenant_id), pictures_of(tenant_id)
    if picture is not None:
        of_pictures = markers.c.room_id == picture
        of_threads = comments.c.thread_id.in_(select(markers.c.thread_id).where(of_pictures))
    rows = merge(
        _newest(connection, select(comments).where(of_threads), comments.c.id, before),
        _newest(connection, select(markers).where(of_pictures), markers.c.id, before),
        key=attrgetter("id"),
        reverse=True,
    )
    while chunk := list(islice(rows, CHUNK)):
        reviewed = _reviewed(connection, [row.id for row in chunk])
        chosen = [row for row in chunk if row.id not in reviewed] if question.only_new else chunk  # they may be few
        found = dict(_look_at(connection, chosen, reviewed, may))
        yield from ((row.id, found.get(row.id)) for row in chunk)


def _newest(
    connection: Connection, query: Select[Any], place: ColumnElement[str], before: str | None
) -> Iterator[Row[Any]]:
    while True:
        bounded = query if before is None else query.where(place < before)
        rows = connection.execute(bounded.order_by(place.desc()).limit(CHUNK)).all()
        yield from rows
        if len(rows) < CHUNK:
            return
        before = rows[-1].id


def _look_at(
    connection: Connection, rows: Sequence[Row[Any]], reviewed: Mapping[str, Reviewed], may: May
) -> Iterator[tuple[str, Thing]]:
    comments = {row.id: comment_from(row) for row in rows if "body" in row._fields}
    markers = [marker_from(row) for row in rows if row.id not in comments]
    of_thread = {marker.thread_id: marker for marker in markers}
    of_thread |= markers_of(connection, {each.thread_id for each in comments.values()} - of_thread.keys())
    threads = {RoomId(row.thread_id) for row in rows}
    rooms = with_access(connection, threads | {marker.room_id for marker in of_thread.values()})
    for row in rows:
        comment, marker = comments.get(row.id), of_thread.get(RoomId(row.thread_id))
        thread = rooms[RoomId(row.thread_id)][0]
        room, access = rooms[RoomId(row.thread_id) if marker is None else marker.room_id]
        if comment is None:
            is_there = thread is None or not thread.comment_count  # else its comments stand for it
        else:
            is_there = not comment.removed and comment.comment.is_deleted is not True
        if is_there and (marker is None or not marker.deleted) and passes(may, access):
            words = None if comment is None else comment.comment
            in_thread = 0 if thread is None else thread.comment_count
            yield row.id, Thing(row.id, room, marker, words, reviewed=reviewed.get(row.id), in_thread=in_thread)


# -- what waits


def _held(connection: Connection, tenant_id: str, before: str | None, may: May) -> Iterator[_Found]:
    """Yield what waits, the newest first."""
    columns = tables.held.c
    waits = select(tables.held).where(columns.tenant_id == tenant_id, columns.state == WAITS)
    while True:
        query = waits if before is None else waits.where(_waited_before(before))
        rows = connection.execute(query.order_by(columns.created_at.desc(), columns.id.desc()).limit(CHUNK)).all()
        yield from _look_at_held(connection, rows, may)
        if len(rows) < CHUNK:
            return
        before = _place_of_held(rows[-1])


def _look_at_held(connection: Connection, rows: Sequence[Row[Any]], may: May) -> Iterator[_Found]:
    waiting_in = {RoomId(row.room_id) for row in rows}
    of_thread = markers_of(connection, waiting_in)
    rooms = with_access(connection, waiting_in | {marker.room_id for marker in of_thread.values()})
    for row in rows:
        marker = of_thread.get(RoomId(row.room_id))
        room, access = rooms[RoomId(row.room_id) if marker is None else marker.room_id]
        if not passes(may, access):
            yield _place_of_held(row), None
            continue
        held = held_from_body(row.body)
        yield _place_of_held(row), Thing(row.id, room, marker, held.comment, held)


def _place_of_held(row: Row[Any]) -> str:
    return f"{row.created_at:0{_TIME}x}.{row.id}"


def _waited_before(place: str) -> ColumnElement[bool]:
    """Return the condition that what waits comes after a place: what waits is below what was written in the same ms."""
    columns, time = tables.held.c, _time_of(place)
    if place[_TIME : _TIME + 1] != ".":
        return columns.created_at <= time
    same = and_(columns.created_at == time, columns.id < place[_TIME + 1 :])
    return and_(columns.created_at <= time, or_(columns.created_at < time, same))


def _time_of(place: str) -> int:
    try:
        return int(place[:_TIME], 16)
    except ValueError:
        raise Refusal(INVALID_BODY, "before must be the nextBefore of an earlier page.") from None


# -- what belongs to it


def markers_of(connection: Connection, threads: Iterable[RoomId]) -> dict[RoomId, Marker]:
    """Return the markers of some threads, by the thread."""
    wanted = set(threads)
    if not wanted:
        return {}
    return {row.thread_id: marker_from(row) for row in find(connection, _MARKERS_OF_THREADS, ids=texts(wanted))}


def _reviewed(connection: Connection, ids: Sequence[str]) -> dict[str, Reviewed]:
    return {row.id: Reviewed(row.by, row.at) for row in find(connection, _REVIEWED, ids=texts(ids))}


def read_newest(connection: Connection, tenant_ids: Iterable[str]) -> dict[str, tuple[str | None, ...]]:
    """Return the ids of what was written last in some tenants: a comment, a marker, and what waits."""
    comments, markers, held = tables.comments.c, tables.markers.c, tables.held.c
    found = {}
    for tenant_id in tenant_ids:
        waits = select(held.id).where(held.tenant_id == tenant_id, held.state == WAITS)
        newest = (
            select(comments.id).where(threads_of(tenant_id)).order_by(comments.id.desc()),
            select(markers.id).where(pictures_of(tenant_id)).order_by(markers.id.desc()),
            waits.order_by(held.created_at.desc()),
        )
        found[tenant_id] = tuple(connection.execute(query.limit(1)).scalar() for query in newest)
    return found
