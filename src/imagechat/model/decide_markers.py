"""What commands on markers and pictures do, or why they are refused. Pure."""

import msgspec

from imagechat.model.access import access_to
from imagechat.model.commands import (
    CreateMarker,
    DeleteMarker,
    RestoreMarker,
    UndoMarkerDeletion,
    UpdateMarker,
    UpdatePicture,
)
from imagechat.model.decide_comments import new_comment_of
from imagechat.model.entities import Marker, Room, RoomKind, ThreadComment
from imagechat.model.errors import CONFLICT, INVALID_BODY, NOT_FOUND, Refusal
from imagechat.model.events import MarkerCreated, MarkerDeleted, MarkerUpdated, PictureUpdated
from imagechat.model.geometry import checked_place
from imagechat.model.policy import Operation
from imagechat.model.times import iso
from imagechat.model.view import (
    By,
    Change,
    View,
    access_at,
    counted,
    limited,
    marker_of,
    next_timestamp,
    nothing_here,
    place_event,
    room_of,
    undo_of,
    with_markers,
)
from imagechat.model.wire import ConversationRef, PictureState


def create_marker(view: View, by: By, command: CreateMarker, now: int) -> Change:
    """Put a marker on a picture. Raises `Refusal`."""
    principal = by.principal
    access = access_at(view, command.picture)
    by.check(Operation.CREATE_MARKER, command, access)
    checked_place(command.x, command.y, command.region)
    picture = room_of(view, command, command.url_id, RoomKind.PICTURE)
    if picture.kind is not RoomKind.PICTURE:
        raise Refusal(
            CONFLICT,
            "This urlId names a thread, not a picture: use the picture's own, or have the thread's comments deleted.",
        )
    thread = room_of(view, command, command.window_url_id, RoomKind.THREAD)
    if thread.kind is not RoomKind.THREAD or thread.id in view.marker_of_thread or thread.id == picture.id:
        raise Refusal(CONFLICT, "This windowUrlId is taken: make another one for the new marker.")
    act = None
    if command.created_from_comment_id is not None:
        act = _adopt(view, by, command, thread)
    elif thread.seq:
        raise Refusal(CONFLICT, "This thread has comments: name the first one, your own, as createdFromCommentId.")
    limits = by.settings.limits
    limited(picture.marker_count, limits.markers_per_picture, "markers on this picture")
    if picture.id not in view.rooms:
        limited(view.pictures.get(picture.tenant_id, 0), limits.pictures_per_tenant, "pictures in this tenant")

    timestamp = next_timestamp(now, picture, thread)
    marker = Marker(
        id=command.marker_id,
        room_id=picture.id,
        thread_id=thread.id,
        url_id=thread.url_id,  # the comments' own word for it: both name the thread alike, also when given a urlIdWS
        x=command.x,
        y=command.y,
        src=command.src,
        region=command.region,
        resolved=False,
        user_id=principal.user_id,
        created_at=iso(timestamp),
        address=principal.address,
    )
    picture = with_markers(picture.at(timestamp), 1)
    thread = msgspec.structs.replace(thread.at(timestamp), picture_id=picture.id)
    comments: tuple[ThreadComment, ...] = ()
    if command.comment is not None:
        comment = new_comment_of(principal, command.comment, thread, timestamp)
        thread = counted(thread, comment.date)
        comments = (
            ThreadComment(thread_id=thread.id, position=thread.seq, comment=comment, address=principal.address),
        )

    placed = place_event(
        MarkerCreated,
        principal.user_id,
        command,
        (picture, thread),
        conversation=marker.conversation(thread.comment_count, thread.last_comment_at),
        comment=comments[0].comment if comments else msgspec.UNSET,
    )
    return Change(placed, (picture, thread), access_to(picture), (marker,), comments, act=act)


def _adopt(view: View, by: By, command: CreateMarker, thread: Room) -> str | None:
    first = view.comments.get(command.created_from_comment_id or "")
    if first is None or first.removed or first.thread_id != thread.id:
        raise Refusal(NOT_FOUND, "createdFromCommentId names no comment in the thread windowUrlId.")
    return by.check(Operation.ADOPT_THREAD, command, access_to(thread), first.comment.user_id)


def update_marker(view: View, by: By, command: UpdateMarker, now: int) -> Change:
    """Move, resolve, reopen or resize a marker. Raises `Refusal`."""
    marker, picture, thread = marker_of(view, command.tenant_id, command.marker_id)
    act = by.check(Operation.CHANGE_MARKER, command, access_to(picture), marker.user_id)
    changes = {
        name: value for name in ("x", "y", "resolved", "region") if (value := getattr(command, name)) is not None
    }
    if command.without_region:
        changes["region"] = None
    if not changes:
        raise Refusal(INVALID_BODY, "Say what to change: x, y, resolved or region.")
    changed = msgspec.structs.replace(marker, **changes)
    checked_place(changed.x, changed.y, changed.region)
    timestamp = next_timestamp(now, picture, thread)
    picture, thread = picture.at(timestamp), thread.at(timestamp)

    placed = place_event(
        MarkerUpdated,
        by.principal.user_id,
        command,
        (picture, thread),
        conversation=changed.conversation(thread.comment_count, thread.last_comment_at),
    )
    return Change(placed, (picture, thread), access_to(picture), (changed,), act=act)


def delete_marker(view: View, by: By, command: DeleteMarker, now: int) -> Change:
    """Take a marker and its thread away. Raises `Refusal`."""
    marker, picture, thread = marker_of(view, command.tenant_id, command.marker_id)
    act = by.check(Operation.DELETE_MARKER, command, access_to(picture), marker.user_id)
    timestamp = next_timestamp(now, picture, thread)
    picture, thread = with_markers(picture.at(timestamp), -1), thread.at(timestamp)

    placed = place_event(
        MarkerDeleted,
        by.principal.user_id,
        command,
        (picture, thread),
        conversation=ConversationRef(id=marker.id, url_id=marker.url_id),
    )
    gone = msgspec.structs.replace(marker, deleted=True)
    undos = {marker.id: undo_of(by, command, marker.id, now)}
    return Change(placed, (picture, thread), access_to(picture), (gone,), act=act, undos=undos)


def restore_marker(view: View, by: By, command: RestoreMarker, now: int) -> Change:
    """Bring a deleted marker and its thread back, as they were. Raises `Refusal`."""
    marker = view.markers.get(command.marker_id)
    if marker is None or view.rooms[marker.room_id].tenant_id != command.tenant_id:
        raise nothing_here()
    if not marker.deleted:
        raise Refusal(CONFLICT, "This marker is there: nothing has to be undone.")
    by.check(Operation.MODERATE, command, access_to(view.rooms[marker.room_id]))
    return marker_brought_back(view, command, marker, now)


def marker_brought_back(view: View, command: RestoreMarker | UndoMarkerDeletion, marker: Marker, now: int) -> Change:
    """Return what puts a deleted marker and its thread back, as they were."""
    picture, thread = view.rooms[marker.room_id], view.rooms[marker.thread_id]
    timestamp = next_timestamp(now, picture, thread)
    picture, thread = with_markers(picture.at(timestamp), 1), thread.at(timestamp)
    back = msgspec.structs.replace(marker, deleted=False)

    placed = place_event(
        MarkerCreated,
        marker.user_id,
        command,
        (picture, thread),
        conversation=back.conversation(thread.comment_count, thread.last_comment_at),
    )
    return Change(placed, (picture, thread), access_to(picture), (back,), undos={marker.id: None})


def update_picture(view: View, by: By, command: UpdatePicture, now: int) -> Change:
    """Lock or unlock a picture, or say whose groups' it is. Raises `Refusal`."""
    picture = room_of(view, command, command.url_id, RoomKind.PICTURE)
    access = access_at(view, picture.id)
    acts = []
    if command.read_only is not None:
        by.check(Operation.LOCK_PICTURE, command, access)
        acts.append("lock this picture" if command.read_only else "unlock this picture")
    if command.shares:
        by.check(Operation.SHARE_PICTURE, command, access)
        acts.append("open this picture to everyone" if command.for_everyone else "give this picture to groups")
    if not acts:
        raise Refusal(INVALID_BODY, "Say what to change: readOnly or groupIds.")
    if picture.kind is not RoomKind.PICTURE:
        raise Refusal(
            CONFLICT,
            "This urlId names a thread, not a picture: use the picture's own, or have the thread's comments deleted.",
        )
    changed = msgspec.structs.replace(
        picture.at(next_timestamp(now, picture)),
        read_only=picture.read_only if command.read_only is None else command.read_only,
        groups=None if command.for_everyone else picture.groups if command.groups is None else command.groups,
    )
    placed = place_event(
        PictureUpdated,
        by.principal.user_id,
        command,
        (changed,),
        picture=PictureState(read_only=changed.read_only),
    )
    return Change(placed, (changed,), access_to(changed), act=", ".join(acts))
