"""Rows to entities and back, in one place."""

from typing import Any

import msgspec
from sqlalchemy import Row

from imagechat.model.entities import Marker, Opinion, Room, RoomKind, ThreadComment
from imagechat.model.ids import RoomId
from imagechat.model.opinions import Tally, is_counted, tally_of, uncounted, with_tally
from imagechat.model.wire import Comment, Region

_encoder = msgspec.json.Encoder()
_comment = msgspec.json.Decoder(Comment)
_texts = msgspec.json.Decoder(tuple[str, ...])
_tally = msgspec.json.Decoder(Tally)

Values = dict[str, Any]


def room_from(row: Row[Any]) -> Room:
    """Return the room of a row of `rooms`."""
    values = row._asdict()
    values["groups"] = groups_from(values["groups"])
    values["read_only"] = bool(values["read_only"])  # SQLite's own is a number
    return Room(**(values | {"id": RoomId(values["id"]), "kind": RoomKind(values["kind"])}))


def groups_from(column: str | None) -> tuple[str, ...] | None:
    """Return a picture's groups; None is everyone."""
    return None if column is None else _texts.decode(column)


def room_values(room: Room) -> Values:
    """Return the columns of a room."""
    groups = None if room.groups is None else _encoder.encode(room.groups).decode()
    return msgspec.structs.asdict(room) | {"kind": room.kind.value, "groups": groups}


def marker_from(row: Row[Any]) -> Marker:
    """Return the marker of a row that starts with the columns of `markers`."""
    return Marker(
        id=row.id,
        room_id=RoomId(row.room_id),
        thread_id=RoomId(row.thread_id),
        url_id=row.url_id,
        x=row.x,
        y=row.y,
        src=row.src,
        region=None if row.w is None else Region(row.w, row.h),
        resolved=bool(row.resolved),
        user_id=row.user_id,
        created_at=row.created_at,
        deleted=bool(row.deleted),
        address=row.address or "",
    )


def marker_values(marker: Marker) -> Values:
    """Return the columns of a marker."""
    values = msgspec.structs.asdict(marker)
    region: Region | None = values.pop("region")
    values["address"] = marker.address or None
    values["w"], values["h"] = (None, None) if region is None else (region.w, region.h)
    return values


def comment_from(row: Row[Any]) -> ThreadComment:
    """Return the comment of a row of `comments`."""
    comment = _comment.decode(row.body)
    return ThreadComment(
        thread_id=RoomId(row.thread_id),
        position=row.position,
        comment=comment if row.tally is None else with_tally(comment, _tally.decode(row.tally)),
        depth=row.depth,
        replies=row.replies,
        removed=bool(row.removed),
        address=row.address or "",
    )


def comment_values(comment: ThreadComment) -> Values:
    """Return the columns of a comment."""
    body, tally = comment.comment, None
    if is_counted(body):
        tally = _encoder.encode(tally_of(body)).decode()
        body = uncounted(body)
    return {
        "id": body.id,
        "thread_id": comment.thread_id,
        "position": comment.position,
        "parent_id": None if body.parent_id is msgspec.UNSET else body.parent_id,
        "depth": comment.depth,
        "replies": comment.replies,
        "removed": comment.removed,
        "address": comment.address or None,
        "tally": tally,
        "body": _encoder.encode(body).decode(),
    }


def opinion_from(row: Row[Any]) -> Opinion:
    """Return the opinion of a row of `opinions`."""
    values = row._asdict()
    return Opinion(**(values | {"reactions": _texts.decode(values["reactions"])}))


def opinion_values(opinion: Opinion) -> Values:
    """Return the columns of an opinion."""
    return msgspec.structs.asdict(opinion) | {"reactions": _encoder.encode(opinion.reactions).decode()}
