"""Bans and ended sessions in the database. Each is noted, so that open connections are looked at again (AUTH2)."""

from secrets import token_hex

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from imagechat.model.errors import CONFLICT, FORBIDDEN, NOT_FOUND, Refusal
from imagechat.model.ids import RoomId, erased_name
from imagechat.model.principal import Principal, Role
from imagechat.model.tenant import ADDRESS, SESSION, USER, Revocation
from imagechat.model.view import nothing_here
from imagechat.model.wire import Comment
from imagechat.store import tables
from imagechat.store.audit import Act, write_act
from imagechat.store.holding import read_held
from imagechat.store.notices import Notice, note
from imagechat.store.people import read_person
from imagechat.store.read_rooms import May, enter
from imagechat.store.tenants import revocation_from

MOST_ENDED = 50
"""Sessions that one user has ended, at most: they are kept one by one, and each node holds all of a tenant's."""


def author_of(connection: Connection, tenant_id: str, thing_id: str, may: May) -> tuple[str, str]:
    """Return who made a marker or a comment, and the digest of the network it came from.

    Also of what was deleted, or is held. Raises `Refusal` for what is not there, or not for the caller.
    """
    comments, markers = tables.comments.c, tables.markers.c
    of_comment = select(comments.thread_id.label("room_id"), comments.body, comments.address)
    row = connection.execute(of_comment.where(comments.id == thing_id)).one_or_none()
    if row is not None:
        author = msgspec.json.decode(row.body, type=Comment).user_id
    else:
        of_marker = select(markers.room_id, markers.user_id, markers.address).where(markers.id == thing_id)
        row = connection.execute(of_marker).one_or_none()
        author = "" if row is None else row.user_id
    if row is None:
        waiting = read_held(connection, tenant_id, thing_id, may)
        return waiting.principal.user_id, waiting.principal.address
    if not row.room_id.startswith(f"{tenant_id}."):
        raise nothing_here()
    enter(connection, RoomId(row.room_id), may)
    return author, row.address or ""


def ban(connection: Connection, by: Principal, wanted: Revocation, user_id: str) -> None:
    """Ban a user, or the network that `user_id` came from.

    Raises `Refusal`: nobody bans themselves, and only an admin bans who moderates.
    """
    if not wanted.subject:
        raise Refusal(CONFLICT, "It is not known what network that came from: ban the user.")
    if wanted.subject == {USER: by.user_id, SESSION: by.session_id, ADDRESS: by.address}[wanted.kind]:
        raise Refusal(CONFLICT, "That is yourself, or the network that you come from.")
    vouched = read_person(connection, by.tenant_id, user_id)
    moderates = vouched is not None and vouched.person.role in {Role.MODERATOR, Role.ADMIN}
    if moderates and by.role is not Role.ADMIN:
        raise Refusal(FORBIDDEN, "Only an admin may ban somebody who moderates.")
    _write(connection, by.tenant_id, wanted)
    write_act(
        connection, Act(by.tenant_id, wanted.created_at, by.user_id, f"ban a {wanted.kind}", wanted.subject, by.address)
    )


def list_bans(connection: Connection, tenant_id: str, now: int) -> list[Revocation]:
    """Return the bans of a tenant that are not over, the newest first."""
    columns = tables.revocations.c
    query = select(tables.revocations).where(columns.tenant_id == tenant_id, columns.is_ban.is_(True))
    found = connection.execute(query.order_by(columns.created_at.desc(), columns.id))
    return [revocation_from(row) for row in found if row.until is None or row.until > now]


def lift_ban(connection: Connection, by: Principal, ban_id: str, now: int) -> None:
    """End a ban before its time. Raises `Refusal` when there is none."""
    columns = tables.revocations.c
    chosen = columns.id == ban_id, columns.tenant_id == by.tenant_id, columns.is_ban.is_(True)
    if not connection.execute(delete(tables.revocations).where(*chosen)).rowcount:
        raise Refusal(NOT_FOUND, "There is no ban by that name.")
    write_act(connection, Act(by.tenant_id, now, by.user_id, "lift a ban", ban_id, by.address))
    note(connection, Notice(by.tenant_id), now)


def end_session(connection: Connection, by: Principal, now: int, until: int) -> None:
    """End a caller's own session; `until` is when its tokens are too old anyhow (both in ms since 1970).

    After very many, all sessions that the caller has begun end instead.
    """
    columns = tables.revocations.c
    before = columns.tenant_id == by.tenant_id, columns.is_ban.is_(False), columns.by == by.user_id
    count = connection.execute(select(func.count()).select_from(tables.revocations).where(*before)).scalar_one()
    made = ended(SESSION, by.session_id, now, until)
    if count >= MOST_ENDED:
        connection.execute(delete(tables.revocations).where(*before))
        made = ended(USER, by.user_id, now, until)
    _write(connection, by.tenant_id, msgspec.structs.replace(made, by=by.user_id))


def end_sessions_of(connection: Connection, tenant_id: str, user_id: str, now: int, until: int) -> None:
    """End every session that a user has begun, without keeping whose."""
    _write(connection, tenant_id, ended(USER, erased_name(tenant_id, user_id), now, until))


def ended(kind: str, subject: str, now: int, until: int) -> Revocation:
    """Return what ends a session, or a user's sessions that began before `now`."""
    return Revocation(id=token_hex(8), kind=kind, subject=subject, is_ban=False, created_at=now, until=until)


def _write(connection: Connection, tenant_id: str, made: Revocation) -> None:
    values = msgspec.structs.asdict(made)
    connection.execute(insert(tables.revocations).values(tenant_id=tenant_id, **values))
    note(connection, Notice(tenant_id), made.created_at)
