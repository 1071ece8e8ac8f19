"""A tenant's pictures, as its moderators list them."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, Select, case, func, literal_column, select

from imagechat.model.access import Access
from imagechat.model.ids import RoomId
from imagechat.model.shown_text import comparable
from imagechat.store import tables
from imagechat.store.read_rooms import May, passes
from imagechat.store.rows import groups_from
from imagechat.store.tenant_rows import in_tenant


class PictureOrder(StrEnum):
    """What pictures are sorted by: the latest, the most, or by name."""

    ACTIVITY = "activity"
    COMMENTS = "comments"
    MARKERS = "markers"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class ListedPicture:
    """A picture: what is on it, and when something last happened there (ms since 1970; 0 is never)."""

    id: RoomId
    url_id: str
    title: str | None
    src: str | None
    markers: int
    open: int
    """Markers that are not resolved."""
    comments: int
    last_timestamp: int
    access: Access


def list_pictures(  # noqa: PLR0913 -- a question with its bounds
    connection: Connection, tenant_id: str, words: str, order: PictureOrder, skip: int, limit: int, may: May
) -> tuple[list[ListedPicture], int]:
    """Return some of a tenant's pictures, of those that the caller may see and that have some words in their name.

    And how many such pictures there are. Sorting by comments adds up all of the tenant's.
    """
    rooms = tables.rooms.c
    # written out: an index is of these rows only, and is found by the very words
    query = select(
        *(rooms.id, rooms.url_id, rooms.title, rooms.last_timestamp, rooms.marker_count, rooms.groups, rooms.read_only)
    ).where(rooms.tenant_id == tenant_id, rooms.kind == literal_column("'picture'"))
    searched = comparable(words)
    allowed: dict[tuple[str | None, bool], bool] = {}
    found: list[Row[Any]] = []
    rows: CursorResult[Any] = connection.execute(query.order_by(rooms.id))
    for row in rows:
        key = row.groups, bool(row.read_only)
        if key not in allowed:
            allowed[key] = passes(may, _access(row))
        if allowed[key] and any(searched in comparable(name) for name in (row.url_id, row.title or "")):
            found.append(row)
    comments = _comments_of_all(connection, tenant_id) if order is PictureOrder.COMMENTS else {}
    match order:
        case PictureOrder.ACTIVITY:
            found.sort(key=lambda row: -row.last_timestamp)
        case PictureOrder.MARKERS:
            found.sort(key=lambda row: -row.marker_count)
        case PictureOrder.COMMENTS:
            found.sort(key=lambda row: -comments.get(row.id, 0))
        case PictureOrder.TITLE:
            found.sort(key=lambda row: (comparable(row.title or row.url_id), row.url_id))
    page = found[skip : skip + limit]
    counts = _counts(connection, [row.id for row in page])
    return [_listed(connection, row, counts) for row in page], len(found)


def _listed(connection: Connection, row: Row[Any], counts: dict[str, tuple[int, int, int]]) -> ListedPicture:
    markers, opened, comments = counts.get(row.id, (0, 0, 0))
    return ListedPicture(
        id=RoomId(row.id),
        url_id=row.url_id,
        title=row.title,
        src=_src(connection, row.id),
        markers=markers,
        open=opened,
        comments=comments,
        last_timestamp=row.last_timestamp,
        access=_access(row),
    )


def _access(row: Row[Any]) -> Access:
    return Access(groups_from(row.groups), bool(row.read_only))


def _counts(connection: Connection, pictures: Collection[str]) -> dict[str, tuple[int, int, int]]:
    """Return how many markers are on some pictures, how many are not resolved, and how many comments there are."""
    columns = tables.markers.c
    found = connection.execute(_summed().where(columns.room_id.in_(pictures)))
    return {room: (markers, int(opened), int(comments)) for room, markers, opened, comments in found}


def _comments_of_all(connection: Connection, tenant_id: str) -> dict[str, int]:
    found = connection.execute(_summed().where(in_tenant(tables.markers.c.room_id, tenant_id)))
    return {room: int(comments) for room, _, _, comments in found}


def _summed() -> Select[Any]:
    columns, thread = tables.markers.c, tables.rooms.alias()
    opened = func.sum(case((columns.resolved.is_(False), 1), else_=0))
    return (
        select(columns.room_id, func.count(), opened, func.sum(thread.c.comment_count))
        .join_from(tables.markers, thread, thread.c.id == columns.thread_id)
        .where(columns.deleted.is_(False))
        .group_by(columns.room_id)
    )


def _src(connection: Connection, picture: str) -> str | None:
    """Return where a picture was, as its newest marker says."""
    columns = tables.markers.c
    query = select(columns.src).where(columns.room_id == picture, columns.deleted.is_(False))
    newest = query.order_by(columns.created_at.desc(), columns.id.desc()).limit(1)
    return connection.execute(newest).scalar() or None
