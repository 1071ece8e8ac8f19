"""Commands that wait for a moderator: kept, listed, let go or turned down."""

from collections.abc import Collection
from contextlib import suppress

import msgspec
from sqlalchemy import ColumnElement, Connection, select, update

from imagechat.model.commands import Command, CreateComment, CreateMarker
from imagechat.model.errors import CONFLICT, Refusal
from imagechat.model.events import CommentCreated, MarkerCreated
from imagechat.model.held import Held
from imagechat.model.ids import RoomId, inbox_of, tenant_of
from imagechat.model.principal import Principal
from imagechat.model.view import By, Change, nothing_here
from imagechat.model.wire import Comment
from imagechat.store import tables
from imagechat.store.audit import Act, write_act
from imagechat.store.notices import Notice, note
from imagechat.store.read_rooms import May, enter, passes, read_access
from imagechat.store.rows import Values
from imagechat.store.statements import find, one_of, texts

WAITS, WENT_AHEAD, TURNED_DOWN = "waits", "went ahead", "turned down"
LOOKED_AT = 500
"""Things that wait in rooms that are looked at in one question."""

_held = msgspec.json.Decoder(Held)
_encoder = msgspec.json.Encoder()
_BY_NAME = select(tables.held.c.name, tables.held.c.body).where(one_of(tables.held.c.name, "names"))


def held_from(change: Change, by: By, command: Command, reason: str) -> Held:
    """Return what is to be kept of a command that was decided and is not carried out."""
    event = change.placed[-1].event
    assert isinstance(event, MarkerCreated | CommentCreated)  # noqa: S101 -- only creates are held
    comment = event.comment if isinstance(event.comment, Comment) else None
    conversation = event.conversation if isinstance(event, MarkerCreated) else None
    return Held(
        id=event.conversation.id if isinstance(event, MarkerCreated) else event.comment.id,
        reason=reason,
        created_at=event.timestamp,
        principal=by.principal,
        marker=command if isinstance(command, CreateMarker) else None,
        words=command if isinstance(command, CreateComment) else None,
        conversation=None if conversation is None else msgspec.structs.replace(conversation, approved=False),
        comment=None if comment is None else msgspec.structs.replace(comment, approved=False),
    )


def held_values(held: Held, name: str) -> Values:
    """Return the columns of a held command; its room is the picture of a marker, the thread of a comment."""
    return {
        "id": held.id,
        "tenant_id": held.command.tenant_id,
        "name": name,
        "room_id": held.command.thread if held.marker is None else held.marker.picture,
        "user_id": held.principal.user_id,
        "created_at": held.created_at,
        "state": WAITS,
        "reason": held.reason,
        "body": _encoder.encode(held).decode(),
    }


def read_held_by_name(connection: Connection, names: Collection[str]) -> dict[str, Held]:
    """Return what was held of some commands, by their receipts' names."""
    return {row.name: _held.decode(row.body) for row in find(connection, _BY_NAME, names=texts(names)) if row.body}


def read_held(connection: Connection, tenant_id: str, held_id: str, may: May) -> Held:
    """Return a command that waits or waited, in a room that the caller may know of. Raises `Refusal`."""
    table = tables.held
    row = connection.execute(select(table).where(table.c.id == held_id, table.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        raise nothing_here()
    enter(connection, RoomId(row.room_id), may)
    return _held.decode(row.body)


def list_held(connection: Connection, tenant_id: str, limit: int, may: May) -> list[Held]:
    """Return what waits in a tenant's rooms that the caller may know of, the oldest first."""
    columns = tables.held.c
    query = select(columns.id, columns.room_id).where(columns.tenant_id == tenant_id, columns.state == WAITS)
    chosen: list[str] = []
    for rows in connection.execute(query.order_by(columns.created_at, columns.id)).partitions(LOOKED_AT):
        access = read_access(connection, {RoomId(row.room_id) for row in rows})
        for row in rows:
            with suppress(Refusal):
                may(access[RoomId(row.room_id)])
                chosen.append(row.id)
        if len(chosen) >= limit:
            break
    bodies = select(columns.body).where(columns.id.in_(chosen[:limit])).order_by(columns.created_at, columns.id)
    return [_held.decode(body) for body in connection.execute(bodies).scalars()]


def own_held(connection: Connection, room_id: RoomId, user_id: str) -> list[Held]:
    """Return what waits in a room of one author, for that author's eyes."""
    columns = tables.held.c
    mine = _of_author(tenant_of(room_id), user_id) & (columns.room_id == room_id)
    query = select(columns.body).where(mine).order_by(columns.created_at, columns.id)
    return [_held.decode(body) for body in connection.execute(query).scalars()]


def held_in_own_marker(connection: Connection, tenant_id: str, thread_id: RoomId, user_id: str) -> list[Held]:
    """Return the marker that one author waits for and that a thread would be of, with its comment, if there is one."""
    query = select(tables.held.c.body).where(_of_author(tenant_id, user_id))
    found = [_held.decode(body) for body in connection.execute(query).scalars()]
    return [held for held in found if held.marker is not None and held.marker.thread == thread_id]


def _of_author(tenant_id: str, user_id: str) -> ColumnElement[bool]:
    columns = tables.held.c
    return (columns.tenant_id == tenant_id) & (columns.user_id == user_id) & (columns.state == WAITS)


def held_from_body(body: str) -> Held:
    """Return what waits or waited, of a row's `body`."""
    return _held.decode(body)


def check_waits(connection: Connection, held_id: str) -> None:
    """Let a command pass that waits. Raises `Refusal`."""
    columns = tables.held.c
    if connection.execute(select(columns.state).where(columns.id == held_id).with_for_update()).scalar() != WAITS:
        raise _over()


def release(connection: Connection, held_id: str) -> None:
    """Note that a command went ahead. Raises `Refusal` when it does not wait."""
    _end(connection, held_id, WENT_AHEAD)


def turn_down(connection: Connection, by: Principal, held_id: str, may: May, now: int) -> None:
    """Turn a command down. Raises `Refusal` when it does not wait."""
    read_held(connection, by.tenant_id, held_id, may)
    _end(connection, held_id, TURNED_DOWN)
    write_act(connection, Act(by.tenant_id, now, by.user_id, "turn down what waited", held_id, by.address))
    note(connection, Notice(by.tenant_id, room_id=inbox_of(by.tenant_id)), now)


def waiting_of(connection: Connection, tenant_id: str, ids: Collection[str], may: May) -> list[Held]:
    """Return those of some commands that wait, in rooms that the caller may know of, by their ids."""
    columns = tables.held.c
    chosen = columns.id.in_(ids), columns.tenant_id == tenant_id, columns.state == WAITS
    rows = connection.execute(select(columns.room_id, columns.body).where(*chosen)).all()
    access = read_access(connection, {RoomId(row.room_id) for row in rows})
    return [_held.decode(row.body) for row in rows if passes(may, access[RoomId(row.room_id)])]


def end_waiting(connection: Connection, ids: Collection[str]) -> None:
    """Turn commands down that wait."""
    columns = tables.held.c
    chosen = columns.id.in_(ids), columns.state == WAITS
    connection.execute(update(tables.held).where(*chosen).values(state=TURNED_DOWN))


def wait_again(connection: Connection, ids: Collection[str]) -> None:
    """Have commands wait that were turned down, as far as they are still kept."""
    columns = tables.held.c
    again = update(tables.held).where(columns.id.in_(ids), columns.state == TURNED_DOWN).values(state=WAITS)
    connection.execute(again)


def _end(connection: Connection, held_id: str, state: str) -> None:
    columns = tables.held.c
    ended = update(tables.held).where(columns.id == held_id, columns.state == WAITS).values(state=state)
    if connection.execute(ended).rowcount != 1:
        raise _over()


def _over() -> Refusal:
    return Refusal(CONFLICT, "This does not wait any more: it went ahead, or was turned down.")
