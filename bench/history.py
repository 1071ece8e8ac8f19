"""Histories to measure against, written straight into a node's database before it starts, with its own tables."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert, select

from bench.node import TENANT
from imagechat.model.entities import Marker, Room, RoomKind, ThreadComment
from imagechat.model.events import MarkerUpdated, encode_event
from imagechat.model.ids import RoomId, receipt_name, room_id
from imagechat.model.times import iso
from imagechat.model.wire import Comment
from imagechat.opening import open_file
from imagechat.settings import load_settings
from imagechat.store import tables
from imagechat.store.rows import comment_values, marker_values, room_values

BEGAN = 1_700_000_000_000
AUTHOR = "anon-history"
CHUNK = 20_000

T = TypeVar("T")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with a history: markers, each with as many comments, and events on the first marker."""

    url_id: str
    markers: int = 1
    comments: int = 0
    events: int = 0

    def thread(self, number: int) -> str:
        """Return the `windowUrlId` of a marker."""
        return f"{self.url_id}:thread-{number}"


def write_history(data: Path, pictures: Iterable[Picture]) -> str:
    """Write pictures into the database of a node that does not run; return the epoch of all of them."""
    with closing(open_file(load_settings({}, data=str(data)))) as file:
        epoch = file.write(lambda connection: str(connection.execute(select(tables.history.c.epoch)).scalar_one()))
        for some in _batched(pictures, 500):
            file.write(lambda connection, some=some: _write(connection, some, epoch))  # type: ignore[misc]
        return epoch


def _write(connection: Connection, pictures: Iterable[Picture], epoch: str) -> None:
    for picture in pictures:
        _insert(connection, tables.rooms, _rooms(picture, epoch))
        _insert(connection, tables.markers, map(marker_values, map(_marker(picture), range(picture.markers))))
        _insert(connection, tables.comments, _comments(picture))
        _insert(connection, tables.events, _events(picture))
        _insert(connection, tables.receipts, _receipts(picture))


def _insert(connection: Connection, table: Table, rows: Iterable[Values]) -> None:
    for some in _batched(rows, CHUNK):
        connection.execute(insert(table), some)


def _rooms(picture: Picture, epoch: str) -> Iterator[Values]:
    room = Room(
        id=room_id(TENANT, picture.url_id),
        tenant_id=TENANT,
        url_id=picture.url_id,
        kind=RoomKind.PICTURE,
        epoch=epoch,
        seq=picture.events,
        last_timestamp=BEGAN + picture.events,
    )
    yield room_values(room)
    for number in range(picture.markers):
        thread = Room(
            id=room_id(TENANT, picture.thread(number)),
            tenant_id=TENANT,
            url_id=picture.thread(number),
            kind=RoomKind.THREAD,
            epoch=epoch,
            seq=picture.comments,
            last_timestamp=BEGAN + picture.comments,
            picture_id=room.id,
            comment_count=picture.comments,
            last_comment_at=iso(BEGAN) if picture.comments else None,
        )
        yield room_values(thread)


def _marker(picture: Picture) -> Any:
    def marker(number: int) -> Marker:
        return Marker(
            id=f"{picture.url_id}-{number}",
            room_id=room_id(TENANT, picture.url_id),
            thread_id=room_id(TENANT, picture.thread(number)),
            url_id=picture.thread(number),
            x=number % 100,
            y=number // 100 % 100,
            src="https://example.org/picture.webp",
            region=None,
            resolved=False,
            user_id=AUTHOR,
            created_at=iso(BEGAN + number),
        )

    return marker


def _comments(picture: Picture) -> Iterator[Values]:
    for number in range(picture.markers):
        url_id = picture.thread(number)
        thread = RoomId(room_id(TENANT, url_id))
        for position in range(1, picture.comments + 1):
            text = f"Comment {position}, about as long as people write them when they look at a picture"
            comment = Comment(
                id=f"{picture.url_id}-{number}-{position:06}",
                tenant_id=TENANT,
                url_id=url_id,
                user_id=AUTHOR,
                commenter_name="Ada",
                comment_html=f"<p>{text}</p>",
                comment=text,
                date=iso(BEGAN + position),
                url="https://example.org/page",
            )
            yield comment_values(ThreadComment(thread_id=thread, position=position, comment=comment))


def _events(picture: Picture) -> Iterator[Values]:
    if not picture.events:
        return
    conversation = _marker(picture)(0).conversation(picture.comments, None)
    event = MarkerUpdated(timestamp=0, seq=0, broadcast_id="@", user_id=AUTHOR, conversation=conversation)
    made = json.loads(encode_event(event))
    room = room_id(TENANT, picture.url_id)
    for seq in range(1, picture.events + 1):
        made |= {"timestamp": BEGAN + seq, "seq": seq, "broadcastId": _broadcast_id(picture, seq)}
        data = json.dumps(made, separators=(",", ":"))
        yield {
            "room_id": room,
            "seq": seq,
            "timestamp": BEGAN + seq,
            "broadcast_id": made["broadcastId"],
            "data": data,
        }


def _receipts(picture: Picture) -> Iterator[Values]:
    room = room_id(TENANT, picture.url_id)
    for seq in range(1, picture.events + 1):
        yield {
            "timestamp": BEGAN + seq,
            "name": receipt_name(TENANT, AUTHOR, _broadcast_id(picture, seq)),
            "places": f'[["{room}",{seq}]]',
        }


def _broadcast_id(picture: Picture, seq: int) -> str:
    return f"{picture.url_id}-{seq:08}"


def _batched(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    rows = iter(rows)
    while some := list(islice(rows, size)):
        yield some
