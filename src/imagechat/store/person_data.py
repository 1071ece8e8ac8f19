"""A person's data: given out as a whole, and erased without a hole in any history.

What a person wrote is deleted as a moderator would delete it, so that everybody sees it go. Then the rows and the event
log lose the words, the name, the picture and the id; numbers, times and the order of events stay (SEQ1, SEQ2).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select, update

from imagechat.model.commands import Command, DeleteComment, DeleteMarker
from imagechat.model.entities import ThreadComment
from imagechat.model.events import Event, decode_event, encode_event
from imagechat.model.held import Held
from imagechat.model.ids import RoomId, erased_name, opinion_id
from imagechat.model.opinions import uncounted
from imagechat.model.principal import OPERATOR, Principal, Role
from imagechat.model.tenant import USER
from imagechat.model.wire import Comment, Conversation, Vote
from imagechat.store import tables
from imagechat.store.audit import Act, write_act
from imagechat.store.banning import end_sessions_of
from imagechat.store.mass_deletion import Deletion, deletion_from
from imagechat.store.notices import Notice, note
from imagechat.store.people import forget_person, read_person
from imagechat.store.person_opinions import of_person, rename_opinions, withdrawals_of
from imagechat.store.room_locks import lock_rooms
from imagechat.store.rows import comment_from
from imagechat.store.spam_texts import blank_texts
from imagechat.store.tenant_rows import in_tenant, names_user

CHUNK = 200
"""Rows in one transaction at most; a node that runs writes in between."""

_encoder = msgspec.json.Encoder()
_held = msgspec.json.Decoder(Held)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is."""

    tenant_id: str
    user_id: str


def export(connection: Connection, subject: Subject) -> dict[str, Any]:
    """Return everything that is kept of a person, as JSON has it."""
    vouched = read_person(connection, subject.tenant_id, subject.user_id)
    markers, audit, held, revocations = tables.markers, tables.audit, tables.held, tables.revocations
    reviewed, read = tables.reviewed, tables.read_marks
    of_markers = in_tenant(markers.c.room_id, subject.tenant_id) & (markers.c.user_id == subject.user_id)
    return {
        "tenantId": subject.tenant_id,
        "userId": subject.user_id,
        "profile": None if vouched is None else msgspec.to_builtins(vouched.person),
        "markers": _rows(connection, markers, of_markers),
        "comments": [msgspec.to_builtins(each.comment) for each in _comments(connection, subject)],
        "deleted": [
            msgspec.to_builtins(comment)
            for deletion in _deletions(connection, subject)
            for comment in deletion.comments
            if comment.user_id == subject.user_id
        ],
        "events": [
            msgspec.json.decode(data)
            for _, _, data in _events(connection, subject)
            if _erased(decode_event(data), subject.user_id, "")
        ],
        "waiting": _rows(connection, held, _of(held, subject) & (held.c.user_id == subject.user_id)),
        "revocations": _rows(
            connection, revocations, _of(revocations, subject) & (revocations.c.subject == subject.user_id)
        ),
        "opinions": _rows(connection, tables.opinions, of_person(subject.tenant_id, subject.user_id)),
        "reviewed": _rows(connection, reviewed, _of(reviewed, subject) & (reviewed.c.by == subject.user_id)),
        "read": _rows(connection, read, _of(read, subject) & (read.c.user_id == subject.user_id)),
        "acts": _rows(connection, audit, _of(audit, subject) & (audit.c.who == subject.user_id)),
    }


def deletions_of(connection: Connection, subject: Subject) -> list[Command]:
    """Return the commands that delete what a person made: comments, markers in which nobody else has written, votes."""
    markers = tables.markers.c
    mine = select(markers.id, markers.thread_id).where(
        in_tenant(markers.room_id, subject.tenant_id), markers.user_id == subject.user_id, markers.deleted.is_(False)
    )
    whole = {row.thread_id: row.id for row in connection.execute(mine) if _is_alone(connection, subject, row.thread_id)}
    commands: list[Command] = [
        DeleteMarker(
            tenant_id=subject.tenant_id, broadcast_id=f"erase-{token_hex(8)}", marker_id=marker_id, undoable=False
        )
        for marker_id in whole.values()
    ]
    commands += [
        DeleteComment(
            tenant_id=subject.tenant_id,
            broadcast_id=f"erase-{token_hex(8)}",
            comment_id=each.comment.id,
            undoable=False,
        )
        for each in reversed(_comments(connection, subject))
        if not (each.removed or each.comment.is_deleted is True or each.thread_id in whole)
    ]
    return commands + withdrawals_of(connection, subject.tenant_id, subject.user_id)


def operator_of(tenant_id: str) -> Principal:
    """Return the operator as a caller who may delete anything in a tenant."""
    return Principal(tenant_id=tenant_id, user_id=OPERATOR, session_id=OPERATOR, role=Role.ADMIN, groups=None)


def erase_rows(  # noqa: PLR0913 -- who is erased, as what, by whom, and when
    connection: Connection, subject: Subject, pseudonym: str, by: Principal, now: int, sessions_until: int
) -> set[RoomId]:
    """Take a person out of every row but comments and the event log, and return the rooms that named the person."""
    tenant_id, user_id = subject.tenant_id, subject.user_id
    markers = tables.markers
    mine = in_tenant(markers.c.room_id, tenant_id) & (markers.c.user_id == user_id)
    rooms = {RoomId(room) for room in connection.execute(select(markers.c.room_id).where(mine)).scalars()}
    lock_rooms(connection, rooms)  # a node that has read a marker would write the person back into it
    connection.execute(update(markers).where(mine).values(user_id=pseudonym, address=None))
    rename_opinions(connection, tenant_id, user_id, pseudonym)
    held, deletions = tables.held, tables.deletions
    connection.execute(delete(held).where(_of(held, subject), held.c.user_id == user_id))
    _erase_from_held(connection, subject)
    for deletion in _deletions(connection, subject):
        connection.execute(delete(deletions).where(deletions.c.id == deletion.id))
    audit, revocations = tables.audit, tables.revocations
    mine = _of(audit, subject) & (audit.c.who == user_id)
    connection.execute(update(audit).where(mine).values(who=pseudonym, address=""))
    connection.execute(update(audit).where(_of(audit, subject), audit.c.what == user_id).values(what=pseudonym))
    reviewed = tables.reviewed
    connection.execute(update(reviewed).where(_of(reviewed, subject), reviewed.c.by == user_id).values(by=pseudonym))
    banned = _of(revocations, subject) & (revocations.c.kind == USER) & (revocations.c.subject == user_id)
    connection.execute(update(revocations).where(banned).values(subject=erased_name(tenant_id, user_id), reason=""))
    banning = _of(revocations, subject) & (revocations.c.by == user_id)
    connection.execute(update(revocations).where(banning).values(by=pseudonym))
    read = tables.read_marks
    connection.execute(delete(read).where(_of(read, subject), read.c.user_id == user_id))
    forget_person(connection, tenant_id, user_id)
    noticed = _of(tables.notices, subject) & (tables.notices.c.user_id == user_id)
    connection.execute(update(tables.notices).where(noticed).values(user_id=None))
    end_sessions_of(connection, tenant_id, user_id, now, sessions_until)
    write_act(connection, Act(tenant_id, now, by.user_id, "erase a person", pseudonym, by.address))
    return rooms


def _erase_from_held(connection: Connection, subject: Subject) -> None:
    """Take a person out of what others wrote that waits for a moderator."""
    held, user_id = tables.held, subject.user_id
    query = select(held.c.id, held.c.body).where(_of(held, subject), names_user(held.c.body, user_id))
    for row in connection.execute(query).all():
        body = _encoder.encode(_held.decode(row.body).without_mention_of(user_id)).decode()
        connection.execute(update(held).where(held.c.id == row.id).values(body=body))


def comments_of(connection: Connection, subject: Subject) -> list[str]:
    """Return the ids of a person's comments, those that were deleted too, and of those that mention the person."""
    return [each.comment.id for each in _comments(connection, subject, mentioning=True)]


def erase_comments(connection: Connection, subject: Subject, pseudonym: str, comment_ids: Sequence[str]) -> set[RoomId]:
    """Take a person out of some comments, and return the rooms that carry them."""
    rooms: set[RoomId] = set()
    comments = tables.comments
    chosen = comments.c.id.in_(comment_ids)
    threads = connection.execute(select(comments.c.thread_id).where(chosen)).scalars()
    lock_rooms(connection, {RoomId(thread) for thread in threads})  # as in `erase_rows`
    for row in connection.execute(select(comments).where(chosen)).all():
        found = comment_from(row)
        rooms |= _carriers(connection, found.thread_id)
        values: dict[str, Any] = {
            "body": _encoder.encode(_without(uncounted(found.comment), subject.user_id, pseudonym)).decode()
        }
        if found.comment.user_id == subject.user_id:
            blank_texts(connection, [row.id])
            values["address"] = None
        connection.execute(update(comments).where(comments.c.id == row.id).values(values))
    return rooms


def events_of(connection: Connection, subject: Subject) -> list[tuple[int, RoomId]]:
    """Return the events that a person is in: their rows of the log, in order, and rooms."""
    return [
        (number, room)
        for number, room, data in _events(connection, subject)
        if _erased(decode_event(data), subject.user_id, "")
    ]


def erase_events(connection: Connection, subject: Subject, pseudonym: str, rows: Sequence[int]) -> None:
    """Take a person out of some events, by their rows; those that left the log meanwhile are let be."""
    events = tables.events
    for number in rows:
        data = connection.execute(select(events.c.data).where(events.c.id == number)).scalar()
        if data is not None:
            event = decode_event(data)
            changed = msgspec.structs.replace(event, **_erased(event, subject.user_id, pseudonym))
            rewritten = encode_event(changed).decode()
            connection.execute(update(events).where(events.c.id == number).values(data=rewritten))


def note_rooms(connection: Connection, tenant_id: str, rooms: Collection[RoomId], now: int) -> None:
    """Have every node forget what it remembers of some rooms."""
    for room in sorted(rooms):
        note(connection, Notice(tenant_id, room_id=room), now)


def _erased(event: Event, user_id: str, pseudonym: str) -> dict[str, Any]:
    """Return the fields of an event that are other ones without a person; none where it is not of that person."""
    changes: dict[str, Any] = {}
    if event.user_id == user_id:
        changes["user_id"] = pseudonym
    comment: object = getattr(event, "comment", None)
    if isinstance(comment, Comment) and (comment.user_id == user_id or comment.mentions_somebody(user_id)):
        changes["comment"] = _without(comment, user_id, pseudonym)
    vote: object = getattr(event, "vote", None)
    if isinstance(vote, Vote) and vote.user_id == user_id:
        name = opinion_id(vote.comment_id, pseudonym)
        changes["vote"] = msgspec.structs.replace(vote, id=name, user_id=pseudonym)
    conversation: object = getattr(event, "conversation", None)
    if isinstance(conversation, Conversation) and conversation.user_id == user_id:
        changes["conversation"] = msgspec.structs.replace(conversation, user_id=pseudonym)
    return changes


def _without(comment: Comment, user_id: str, pseudonym: str) -> Comment:
    """Return a comment without a person: who wrote it, or who is mentioned in it."""
    return _blank(comment, pseudonym) if comment.user_id == user_id else comment.without_mention_of(user_id)


def _blank(comment: Comment, pseudonym: str) -> Comment:
    return msgspec.structs.replace(
        comment,
        user_id=pseudonym,
        commenter_name="",
        comment="",
        comment_html="",
        url="",
        locale=None,
        avatar_src=msgspec.UNSET,
        mentions=msgspec.UNSET,
    )


def _comments(connection: Connection, subject: Subject, *, mentioning: bool = False) -> list[ThreadComment]:
    comments = tables.comments.c
    query = select(tables.comments).where(
        in_tenant(comments.thread_id, subject.tenant_id), names_user(comments.body, subject.user_id)
    )
    found = [comment_from(row) for row in connection.execute(query.order_by(comments.position, comments.id))]
    user_id = subject.user_id
    return [
        each
        for each in found
        if each.comment.user_id == user_id or (mentioning and each.comment.mentions_somebody(user_id))
    ]


def _events(connection: Connection, subject: Subject) -> Iterator[tuple[int, RoomId, str]]:
    events = tables.events.c
    query = select(events.id, events.room_id, events.data).where(
        in_tenant(events.room_id, subject.tenant_id), names_user(events.data, subject.user_id)
    )
    rows = connection.execute(query.order_by(events.id))
    return ((row.id, RoomId(row.room_id), row.data) for row in rows)


def _deletions(connection: Connection, subject: Subject) -> list[Deletion]:
    """Return the deletions that a person did, or that took something of the person's."""
    table, user_id = tables.deletions, subject.user_id
    query = select(table.c.body).where(_of(table, subject), names_user(table.c.body, user_id))
    found = [deletion_from(body) for body in connection.execute(query.order_by(table.c.created_at)).scalars()]
    return [
        each
        for each in found
        if user_id in {each.by, each.user_id, *(comment.user_id for comment in each.comments)}
        or any(comment.mentions_somebody(user_id) for comment in each.comments)
    ]


def _carriers(connection: Connection, thread_id: RoomId) -> set[RoomId]:
    """Return the rooms that carry a thread's events."""
    picture = connection.execute(select(tables.rooms.c.picture_id).where(tables.rooms.c.id == thread_id)).scalar()
    return {thread_id} if picture is None else {thread_id, RoomId(picture)}


def _is_alone(connection: Connection, subject: Subject, thread_id: str) -> bool:
    comments = tables.comments.c
    query = select(tables.comments).where(comments.thread_id == thread_id, comments.removed.is_(False))
    return all(comment_from(row).comment.user_id == subject.user_id for row in connection.execute(query))


def _of(table: Any, subject: Subject) -> Any:
    return table.c.tenant_id == subject.tenant_id


def _rows(connection: Connection, table: Any, where: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(where)).mappings()]
