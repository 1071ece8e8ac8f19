"""Markers: create, change, delete, and the snapshot of a picture."""

from dataclasses import replace
from functools import partial

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import Connection

from imagechat.http.asking import Asking
from imagechat.http.bodies import (
    BroadcastBody,
    CreatedMarker,
    CreateMarkerBody,
    DeletedMarker,
    ReadUpTo,
    RestoredMarker,
    SnapshotAnswer,
    UpdatedMarker,
    UpdateMarkerBody,
)
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import (
    checked_broadcast_id,
    checked_title,
    checked_url_id,
    new_comment,
    new_id,
    short_src,
)
from imagechat.http.fresh import FRESH
from imagechat.http.mentioning import checked_mentions
from imagechat.http.principal import AnyRequest, Caller, resolve
from imagechat.http.screening import create
from imagechat.http.services import Services
from imagechat.model.commands import CreateMarker, DeleteMarker, UndoMarkerDeletion, UpdateMarker
from imagechat.model.errors import INVALID_BODY, Refusal
from imagechat.model.events import MarkerCreated, MarkerUpdated
from imagechat.model.held import Held
from imagechat.model.ids import RoomId, room_id, wire_room_id
from imagechat.model.policy import Operation
from imagechat.model.read_marks import ReadUpTo as ReadMarks
from imagechat.model.wire import Conversation
from imagechat.store.holding import own_held
from imagechat.store.read_marks import read_marks
from imagechat.store.read_rooms import Snapshot, read_snapshot

PATH = "/comment-image-chats/{tenant_id:str}"


@get(
    PATH,
    summary="Snapshot of a picture: its conversations, at a position",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["markers"],
)
async def snapshot(
    services: NamedDependency[Services], request: AnyRequest, tenant_id: FromPath[str], urlId: FromQuery[str]
) -> SnapshotAnswer:
    """Return every conversation on a picture, and what is needed to follow it live from here."""
    caller = await resolve(services, request, tenant_id, Operation.READ)
    url_id = checked_url_id(urlId)
    found, waiting, read = await services.database.read(
        partial(_read_picture, room_id=room_id(tenant_id, url_id), caller=caller)
    )
    services.counting.fetched(room_id(tenant_id, url_id))
    return SnapshotAnswer(
        user=caller.user,
        conversations=[*found.conversations, *waiting],
        read_only=caller.sees_read_only(found.access),
        may_comment=caller.may_comment(found.access),
        read_up_to=msgspec.UNSET if read is None else msgspec.convert(read.as_wire(), ReadUpTo),
        url_id_clean=url_id,
        is_site_admin=caller.principal.moderates,
        tenant_id_ws=tenant_id,
        url_id_ws=wire_room_id(url_id),
        user_id_ws=services.ticket(caller.principal),
        epoch=found.epoch,
        seq=found.seq,
    )


def _read_picture(
    connection: Connection, room_id: RoomId, caller: Caller
) -> tuple[Snapshot, list[Conversation], ReadMarks | None]:
    """Return a picture, what of it waits for a moderator that the caller made, and what of it the caller has read."""
    found = read_snapshot(connection, room_id, partial(caller.check, Operation.READ))
    held = own_held(connection, room_id, caller.principal.user_id)
    read = None if not caller.may_keep_read else read_marks(connection, room_id, caller.principal.user_id)
    return found, [each.conversation for each in held if each.conversation is not None], read


@post(
    PATH,
    status_code=200,
    summary="Put a marker on a picture, with its first comment or without",
    responses=ERROR_ANSWERS,
    tags=["markers"],
)
async def create_marker(
    services: NamedDependency[Services], request: AnyRequest, tenant_id: FromPath[str], data: JSONBody[CreateMarkerBody]
) -> CreatedMarker:
    """Create a marker; `comment` makes it and its first comment in one transaction."""
    return await make_marker(services, request, tenant_id, data)


async def make_marker(services: Services, request: Asking, tenant_id: str, data: CreateMarkerBody) -> CreatedMarker:
    """Do what `create_marker` is asked to, for whoever carries the request here."""
    caller = await resolve(services, request, tenant_id, Operation.CREATE_MARKER)
    if data.comment is not None and data.created_from_comment_id is not None:
        raise Refusal(INVALID_BODY, "Give comment or createdFromCommentId, not both.")
    now = services.now()
    marker_id = new_id(now)
    words = None if data.comment is None else new_comment(data.comment, now)
    if words is not None and data.comment is not None:
        picture = room_id(tenant_id, checked_url_id(data.url_id))
        mentions = await checked_mentions(services, caller, picture, words.text, data.comment.mentions)
        words = replace(words, mentions=mentions)
    command = CreateMarker(
        tenant_id=tenant_id,
        broadcast_id=checked_broadcast_id(data.broadcast_id),
        url_id=checked_url_id(data.url_id),
        marker_id=marker_id,
        window_url_id=checked_url_id(data.window_url_id or marker_id, "windowUrlId"),
        x=data.x,
        y=data.y,
        src=short_src(data.src),
        title=checked_title(data.page_title),
        region=data.region,
        comment=words,
        created_from_comment_id=data.created_from_comment_id,
    )
    outcome = await create(services, caller, command, data.comment.website if data.comment else "")
    if isinstance(outcome, Held):
        assert outcome.conversation is not None  # noqa: S101 -- what is held of this command
        return CreatedMarker(
            created_chat_id=outcome.id,
            conversation=outcome.conversation,
            comment=outcome.comment or msgspec.UNSET,
            user=caller.user,
            held=True,
        )
    event = outcome.placed[0].event
    assert isinstance(event, MarkerCreated)  # noqa: S101 -- what this command makes
    return CreatedMarker(
        created_chat_id=event.conversation.id,
        seq=event.seq,
        timestamp=event.timestamp,
        conversation=event.conversation,
        comment=event.comment,
        user=caller.user,
    )


@patch(
    PATH + "/{chat_id:str}",
    summary="Move, resolve, reopen or resize a marker",
    responses=ERROR_ANSWERS,
    tags=["markers"],
)
async def update_marker(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    chat_id: FromPath[str],
    data: JSONBody[UpdateMarkerBody],
) -> UpdatedMarker:
    """Change a marker; fields that are not given stay as they are."""
    caller = await resolve(services, request, tenant_id, Operation.CHANGE_MARKER)
    command = UpdateMarker(
        tenant_id=tenant_id,
        broadcast_id=checked_broadcast_id(data.broadcast_id),
        marker_id=chat_id,
        x=data.x,
        y=data.y,
        resolved=data.resolved,
        region=None if data.region is msgspec.UNSET else data.region,
        without_region=data.region is None,
    )
    committed = await services.group_commit.submit(caller.principal, command, caller.tenant.settings)
    event = committed.placed[0].event
    assert isinstance(event, MarkerUpdated)  # noqa: S101 -- what this command makes
    return UpdatedMarker(seq=event.seq, timestamp=event.timestamp, conversation=event.conversation)


@post(
    PATH + "/{chat_id:str}/restore",
    status_code=200,
    summary="Bring a marker back that one has just deleted",
    responses=ERROR_ANSWERS,
    tags=["markers"],
)
async def restore_marker(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    chat_id: FromPath[str],
    data: JSONBody[BroadcastBody],
) -> RestoredMarker:
    """Take one's own deletion of a marker back, within ten minutes; its thread comes with it."""
    caller = await resolve(services, request, tenant_id, Operation.RESTORE_MARKER)
    command = UndoMarkerDeletion(
        tenant_id=tenant_id, broadcast_id=checked_broadcast_id(data.broadcast_id), marker_id=chat_id
    )
    committed = await services.group_commit.submit(caller.principal, command, caller.tenant.settings)
    event = committed.placed[0].event
    assert isinstance(event, MarkerCreated)  # noqa: S101 -- what this command makes
    return RestoredMarker(seq=event.seq, timestamp=event.timestamp, conversation=event.conversation)


@delete(
    PATH + "/{chat_id:str}",
    status_code=200,
    summary="Delete a marker and its thread",
    responses=ERROR_ANSWERS,
    tags=["markers"],
)
async def delete_marker(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    chat_id: FromPath[str],
    data: JSONBody[BroadcastBody],
) -> DeletedMarker:
    """Delete a marker; its thread goes with it."""
    caller = await resolve(services, request, tenant_id, Operation.DELETE_MARKER)
    command = DeleteMarker(tenant_id=tenant_id, broadcast_id=checked_broadcast_id(data.broadcast_id), marker_id=chat_id)
    committed = await services.group_commit.submit(caller.principal, command, caller.tenant.settings)
    event = committed.placed[0].event
    return DeletedMarker(seq=event.seq, timestamp=event.timestamp)
