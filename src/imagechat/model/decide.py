"""The decision: what a command does to what is there, or why it is refused. Pure: the same in, the same out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from imagechat.model import policy
from imagechat.model.commands import (
    Command,
    CreateComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    NewComment,
    UpdateMarker,
)
from imagechat.model.entities import Marker, Room, RoomKind, ThreadComment
from imagechat.model.errors import CONFLICT, INVALID_BODY, NOT_FOUND, Refusal
from imagechat.model.events import (
    CommentCreated,
    CommentDeleted,
    CommentEdited,
    Event,
    MarkerCreated,
    MarkerDeleted,
    MarkerUpdated,
    Placed,
)
from imagechat.model.geometry import checked_place
from imagechat.model.ids import RoomId, room_id
from imagechat.model.limits import REPLY_DEPTH
from imagechat.model.policy import Operation
from imagechat.model.principal import Principal, Role
from imagechat.model.times import iso
from imagechat.model.wire import Comment, ConversationRef

NAMELESS = "Anonymous"


@dataclass(slots=True)
class View:
    """What is there now, as far as the commands at hand need it. A change is put back into it before the next one."""

    epoch: str
    rooms: dict[RoomId, Room] = field(default_factory=dict)
    markers: dict[str, Marker] = field(default_factory=dict)
    comments: dict[str, ThreadComment] = field(default_factory=dict)
    marker_of_thread: dict[RoomId, str] = field(default_factory=dict)

    def put(self, change: "Change") -> None:
        """Make a change part of the view."""
        for room in change.rooms:
            self.rooms[room.id] = room
        for marker in change.markers:
            self.markers[marker.id] = marker
            self.marker_of_thread[marker.thread_id] = marker.id
        for comment in change.comments:
            self.comments[comment.comment.id] = comment


@dataclass(frozen=True, slots=True)
class Change:
    """What a command does: its event in each room that carries it (the picture's first), and the things after it."""

    placed: tuple[Placed, ...]
    rooms: tuple[Room, ...]
    markers: tuple[Marker, ...] = ()
    comments: tuple[ThreadComment, ...] = ()


def decide(view: View, principal: Principal, command: Command, now: int) -> Change:
    """Return what a command does to what is there; `now` is in milliseconds since 1970.

    Raises `Refusal`, and then nothing has happened.
    """
    match command:
        case CreateMarker():
            return _create_marker(view, principal, command, now)
        case UpdateMarker():
            return _update_marker(view, principal, command, now)
        case DeleteMarker():
            return _delete_marker(view, principal, command, now)
        case CreateComment():
            return _create_comment(view, principal, command, now)
        case EditComment():
            return _edit_comment(view, principal, command, now)
        case DeleteComment():
            return _delete_comment(view, principal, command, now)


def _create_marker(view: View, principal: Principal, command: CreateMarker, now: int) -> Change:
    policy.check(principal, Operation.CREATE_MARKER, tenant_id=command.tenant_id)
    checked_place(command.x, command.y, command.region)
    picture = _room(view, command, command.url_id, RoomKind.PICTURE)
    if picture.kind is not RoomKind.PICTURE:
        raise Refusal(CONFLICT, "This urlId names a marker's thread, not a picture: use the picture's own urlId.")
    thread = _room(view, command, command.window_url_id, RoomKind.THREAD)
    if thread.kind is not RoomKind.THREAD or thread.id in view.marker_of_thread or thread.id == picture.id:
        raise Refusal(CONFLICT, "This windowUrlId is taken: make another one for the new marker.")
    if command.created_from_comment_id is not None:
        _adopt(view, principal, command.created_from_comment_id, thread)
    elif thread.seq:
        raise Refusal(CONFLICT, "This thread has comments: name the first one, your own, as createdFromCommentId.")

    timestamp = _next_timestamp(now, picture, thread)
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
    )
    picture = picture.at(timestamp)
    thread = msgspec.structs.replace(thread.at(timestamp), picture_id=picture.id)
    comments: tuple[ThreadComment, ...] = ()
    if command.comment is not None:
        comment = _comment(principal, command.comment, thread, timestamp)
        thread = _counted(thread, comment)
        comments = (ThreadComment(thread_id=thread.id, position=thread.seq, comment=comment),)

    placed = _place(
        MarkerCreated,
        principal,
        command,
        (picture, thread),
        conversation=marker.conversation(thread.comment_count, thread.last_comment_at),
        comment=comments[0].comment if comments else msgspec.UNSET,
    )
    return Change(placed, (picture, thread), (marker,), comments)


def _adopt(view: View, principal: Principal, comment_id: str, thread: Room) -> None:
    first = view.comments.get(comment_id)
    if first is None or first.removed or first.thread_id != thread.id:
        raise Refusal(NOT_FOUND, "createdFromCommentId names no comment in the thread windowUrlId.")
    policy.check(principal, Operation.ADOPT_THREAD, tenant_id=thread.tenant_id, owner_id=first.comment.user_id)


def _update_marker(view: View, principal: Principal, command: UpdateMarker, now: int) -> Change:
    marker, picture, thread = _marker(view, command.tenant_id, command.marker_id)
    policy.check(principal, Operation.CHANGE_MARKER, tenant_id=picture.tenant_id, owner_id=marker.user_id)
    changes = {
        name: value for name in ("x", "y", "resolved", "region") if (value := getattr(command, name)) is not None
    }
    if command.without_region:
        changes["region"] = None
    if not changes:
        raise Refusal(INVALID_BODY, "Say what to change: x, y, resolved or region.")
    changed = msgspec.structs.replace(marker, **changes)
    checked_place(changed.x, changed.y, changed.region)
    timestamp = _next_timestamp(now, picture, thread)
    picture, thread = picture.at(timestamp), thread.at(timestamp)

    placed = _place(
        MarkerUpdated,
        principal,
        command,
        (picture, thread),
        conversation=changed.conversation(thread.comment_count, thread.last_comment_at),
    )
    return Change(placed, (picture, thread), (changed,))


def _delete_marker(view: View, principal: Principal, command: DeleteMarker, now: int) -> Change:
    marker, picture, thread = _marker(view, command.tenant_id, command.marker_id)
    policy.check(principal, Operation.DELETE_MARKER, tenant_id=picture.tenant_id, owner_id=marker.user_id)
    timestamp = _next_timestamp(now, picture, thread)
    picture, thread = picture.at(timestamp), thread.at(timestamp)

    placed = _place(
        MarkerDeleted,
        principal,
        command,
        (picture, thread),
        conversation=ConversationRef(id=marker.id, url_id=marker.url_id),
    )
    gone = msgspec.structs.replace(marker, deleted=True)
    return Change(placed, (picture, thread), (gone,))


def _create_comment(view: View, principal: Principal, command: CreateComment, now: int) -> Change:
    policy.check(principal, Operation.CREATE_COMMENT, tenant_id=command.tenant_id)
    thread = _room(view, command, command.url_id, RoomKind.THREAD)
    if thread.kind is not RoomKind.THREAD:
        raise Refusal(CONFLICT, "This urlId names a picture: comment in the thread of a marker, its windowUrlId.")
    carriers = _carriers(view, thread)
    depth = 0
    parent: ThreadComment | None = None
    if command.comment.parent_id is not None:
        parent = view.comments.get(command.comment.parent_id)
        if parent is None or parent.removed or parent.comment.is_deleted is True or parent.thread_id != thread.id:
            raise Refusal(NOT_FOUND, "The comment that this one replies to is not there any more.")
        depth = parent.depth + 1
        if depth > REPLY_DEPTH:
            raise Refusal(INVALID_BODY, f"Replies go {REPLY_DEPTH} deep at most: reply to an earlier comment.")

    timestamp = _next_timestamp(now, *carriers)
    rooms = [room.at(timestamp) for room in carriers]
    comment = _comment(principal, command.comment, thread, timestamp)
    rooms[-1] = _counted(rooms[-1], comment)
    made = ThreadComment(thread_id=thread.id, position=rooms[-1].seq, comment=comment, depth=depth)
    comments = [made]
    if parent is not None:
        comments.append(msgspec.structs.replace(parent, replies=parent.replies + 1))

    placed = _place(
        CommentCreated,
        principal,
        command,
        rooms,
        comment=comment,
    )
    return Change(placed, tuple(rooms), comments=tuple(comments))


def _edit_comment(view: View, principal: Principal, command: EditComment, now: int) -> Change:
    found, carriers = _existing_comment(view, command.tenant_id, command.comment_id)
    policy.check(principal, Operation.EDIT_COMMENT, tenant_id=found.comment.tenant_id, owner_id=found.comment.user_id)
    timestamp = _next_timestamp(now, *carriers)
    rooms = [room.at(timestamp) for room in carriers]
    edited = msgspec.structs.replace(
        found.comment, comment=command.text, comment_html=command.html, edited_at=iso(timestamp)
    )

    placed = _place(
        CommentEdited,
        principal,
        command,
        rooms,
        comment=edited,
    )
    changed = msgspec.structs.replace(found, comment=edited)
    return Change(placed, tuple(rooms), comments=(changed,))


def _delete_comment(view: View, principal: Principal, command: DeleteComment, now: int) -> Change:
    found, carriers = _existing_comment(view, command.tenant_id, command.comment_id)
    policy.check(principal, Operation.DELETE_COMMENT, tenant_id=found.comment.tenant_id, owner_id=found.comment.user_id)
    timestamp = _next_timestamp(now, *carriers)
    rooms = [room.at(timestamp) for room in carriers]
    rooms[-1] = msgspec.structs.replace(rooms[-1], comment_count=rooms[-1].comment_count - 1)
    emptied = msgspec.structs.replace(found.comment, comment="", comment_html="", is_deleted=True)
    hard_removed = found.replies == 0

    placed = _place(
        CommentDeleted,
        principal,
        command,
        rooms,
        comment=emptied,
        hard_removed=hard_removed,
    )
    comments = [msgspec.structs.replace(found, comment=emptied, removed=hard_removed)]
    parent = view.comments.get(found.comment.parent_id or "")
    if hard_removed and parent is not None:
        comments.append(msgspec.structs.replace(parent, replies=parent.replies - 1))
    return Change(placed, tuple(rooms), comments=tuple(comments))


def _room(view: View, command: CreateMarker | CreateComment, url_id: str, kind: RoomKind) -> Room:
    room = room_id(command.tenant_id, url_id)
    return view.rooms.get(room) or Room(
        id=room, tenant_id=command.tenant_id, url_id=url_id, kind=kind, epoch=view.epoch, title=command.title
    )


def _marker(view: View, tenant_id: str, marker_id: str) -> tuple[Marker, Room, Room]:
    marker = view.markers.get(marker_id)
    if marker is not None and not marker.deleted:
        picture = view.rooms[marker.room_id]
        if picture.tenant_id == tenant_id:
            return marker, picture, view.rooms[marker.thread_id]
    raise Refusal(NOT_FOUND, "This marker is not there any more.")


def _existing_comment(view: View, tenant_id: str, comment_id: str) -> tuple[ThreadComment, tuple[Room, ...]]:
    found = view.comments.get(comment_id)
    if found is None or found.removed or found.comment.is_deleted is True or found.comment.tenant_id != tenant_id:
        raise Refusal(NOT_FOUND, "This comment is not there any more.")
    return found, _carriers(view, view.rooms[found.thread_id])


def _carriers(view: View, thread: Room) -> tuple[Room, ...]:
    """Return the rooms that carry a thread's events: its picture's, if it has a marker, and its own, last."""
    marker_id = view.marker_of_thread.get(thread.id)
    if marker_id is None:
        return (thread,)
    marker = view.markers[marker_id]
    if marker.deleted:
        raise Refusal(NOT_FOUND, "This conversation was deleted.")
    return view.rooms[marker.room_id], thread


def _next_timestamp(now: int, *rooms: Room) -> int:
    return max(now, *(room.last_timestamp + 1 for room in rooms))


def _place(
    kind: Callable[..., Event], principal: Principal, command: Command, rooms: Sequence[Room], **content: object
) -> tuple[Placed, ...]:
    """Return a command's event in each room that carries it; the rooms are as they are after it."""
    return tuple(
        Placed(
            room.id,
            kind(
                timestamp=room.last_timestamp,
                seq=room.seq,
                broadcast_id=command.broadcast_id,
                user_id=principal.user_id,
                **content,
            ),
        )
        for room in rooms
    )


def _counted(thread: Room, comment: Comment) -> Room:
    return msgspec.structs.replace(thread, comment_count=thread.comment_count + 1, last_comment_at=comment.date)


def _comment(principal: Principal, new: NewComment, thread: Room, timestamp: int) -> Comment:
    avatar = principal.avatar or new.avatar_src
    return Comment(
        id=new.comment_id,
        tenant_id=thread.tenant_id,
        url_id=thread.url_id,
        user_id=principal.user_id,
        commenter_name=principal.name or new.commenter_name or NAMELESS,
        comment_html=new.html,
        comment=new.text,
        date=iso(timestamp),
        url=new.page_url,
        parent_id=msgspec.UNSET if new.parent_id is None else new.parent_id,
        avatar_src=msgspec.UNSET if avatar is None else avatar,
        is_by_moderator=True if principal.role is Role.MODERATOR else msgspec.UNSET,
        is_by_admin=True if principal.role is Role.ADMIN else msgspec.UNSET,
    )
