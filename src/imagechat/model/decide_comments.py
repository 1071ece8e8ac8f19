"""What commands on comments do, or why they are refused. Pure."""

import msgspec

from imagechat.model.commands import (
    CreateComment,
    DeleteComment,
    EditComment,
    NewComment,
    RestoreComment,
    UndoCommentDeletion,
)
from imagechat.model.entities import Room, RoomKind, ThreadComment
from imagechat.model.errors import CONFLICT, INVALID_BODY, NOT_FOUND, Refusal
from imagechat.model.events import CommentCreated, CommentDeleted, CommentEdited
from imagechat.model.limits import REPLY_DEPTH
from imagechat.model.opinions import tally_of_all, uncounted, with_tally
from imagechat.model.policy import Operation
from imagechat.model.principal import Principal, Role
from imagechat.model.times import iso
from imagechat.model.view import (
    By,
    Change,
    View,
    access_of,
    carriers,
    comment_of,
    counted,
    limited,
    next_timestamp,
    nothing_here,
    place_event,
    room_of,
    undo_of,
)
from imagechat.model.wire import Comment

NAMELESS = "Anonymous"


def create_comment(view: View, by: By, command: CreateComment, now: int) -> Change:
    """Write in a thread. Raises `Refusal`."""
    principal = by.principal
    thread = room_of(view, command, command.url_id, RoomKind.THREAD)
    rooms_before = carriers(view, thread)
    access = access_of(view, rooms_before)
    by.check(Operation.CREATE_COMMENT, command, access)
    if thread.kind is not RoomKind.THREAD:
        raise Refusal(CONFLICT, "This urlId names a picture: comment in the thread of a marker, its windowUrlId.")
    depth = 0
    parent: ThreadComment | None = None
    if command.comment.parent_id is not None:
        parent = view.comments.get(command.comment.parent_id)
        if parent is None or parent.removed or parent.comment.is_deleted is True or parent.thread_id != thread.id:
            raise Refusal(NOT_FOUND, "The comment that this one replies to is not there any more.")
        depth = parent.depth + 1
        if depth > REPLY_DEPTH:
            raise Refusal(INVALID_BODY, f"Replies go {REPLY_DEPTH} deep at most: reply to an earlier comment.")

    limited(thread.comment_count, by.settings.limits.comments_per_thread, "comments in this conversation")
    timestamp = next_timestamp(now, *rooms_before)
    rooms = [room.at(timestamp) for room in rooms_before]
    comment = new_comment_of(principal, command.comment, thread, timestamp)
    rooms[-1] = counted(rooms[-1], comment.date)
    comments = [
        ThreadComment(
            thread_id=thread.id, position=rooms[-1].seq, comment=comment, depth=depth, address=principal.address
        )
    ]
    if parent is not None:
        comments.append(msgspec.structs.replace(parent, replies=parent.replies + 1))

    placed = place_event(CommentCreated, principal.user_id, command, rooms, comment=comment)
    return Change(placed, tuple(rooms), access, comments=tuple(comments))


def edit_comment(view: View, by: By, command: EditComment, now: int) -> Change:
    """Give a comment other words. Raises `Refusal`."""
    found, rooms_before = comment_of(view, command.tenant_id, command.comment_id)
    access = access_of(view, rooms_before)
    by.check(Operation.EDIT_COMMENT, command, access, found.comment.user_id)
    timestamp = next_timestamp(now, *rooms_before)
    rooms = [room.at(timestamp) for room in rooms_before]
    mentions = command.mentions
    if mentions is None:
        mentions = tuple(each for each in found.comment.mentions or () if each.tag in command.text)
    edited = msgspec.structs.replace(
        found.comment,
        comment=command.text,
        comment_html=command.html,
        edited_at=iso(timestamp),
        mentions=mentions or msgspec.UNSET,
    )

    placed = place_event(CommentEdited, by.principal.user_id, command, rooms, comment=edited)
    changed = msgspec.structs.replace(found, comment=edited)
    return Change(placed, tuple(rooms), access, comments=(changed,))


def delete_comment(view: View, by: By, command: DeleteComment, now: int) -> Change:
    """Take a comment away; one with replies stays as an empty place. Raises `Refusal`."""
    found, rooms_before = comment_of(view, command.tenant_id, command.comment_id)
    access = access_of(view, rooms_before)
    act = by.check(Operation.DELETE_COMMENT, command, access, found.comment.user_id)
    timestamp = next_timestamp(now, *rooms_before)
    rooms = [room.at(timestamp) for room in rooms_before]
    rooms[-1] = msgspec.structs.replace(rooms[-1], comment_count=rooms[-1].comment_count - 1)
    emptied = msgspec.structs.replace(
        uncounted(found.comment), comment="", comment_html="", is_deleted=True, mentions=msgspec.UNSET
    )
    hard_removed = found.replies == 0

    placed = place_event(
        CommentDeleted, by.principal.user_id, command, rooms, comment=emptied, hard_removed=hard_removed
    )
    comments = [msgspec.structs.replace(found, comment=emptied, removed=hard_removed)]
    parent = view.comments.get(found.comment.parent_id or "")
    if hard_removed and parent is not None:
        comments.append(msgspec.structs.replace(parent, replies=parent.replies - 1))
    undos = {found.comment.id: undo_of(by, command, found.comment.id, now, found.comment)}
    return Change(placed, tuple(rooms), access, comments=tuple(comments), act=act, undos=undos)


def restore_comment(view: View, by: By, command: RestoreComment, now: int) -> Change:
    """Bring a deleted comment back to where it was. Raises `Refusal`."""
    found = view.comments.get(command.comment.id)
    if found is None or found.comment.tenant_id != command.tenant_id:
        raise nothing_here()
    if found.comment.user_id != command.comment.user_id:  # its author was erased meanwhile
        raise nothing_here()
    if found.comment.is_deleted is not True:
        raise Refusal(CONFLICT, "This comment is there: nothing has to be undone.")
    if view.rooms[found.thread_id].kind is not RoomKind.THREAD:
        raise Refusal(CONFLICT, "The thread of this comment has become a picture.")
    access = access_of(view, carriers(view, view.rooms[found.thread_id]))
    by.check(Operation.MODERATE, command, access)
    return comment_brought_back(view, command, found, command.comment, now)


def comment_brought_back(
    view: View, command: RestoreComment | UndoCommentDeletion, found: ThreadComment, comment: Comment, now: int
) -> Change:
    """Return what puts a deleted comment back where it was, as it was."""
    rooms_before = carriers(view, view.rooms[found.thread_id])
    access = access_of(view, rooms_before)
    timestamp = next_timestamp(now, *rooms_before)
    rooms = [room.at(timestamp) for room in rooms_before]
    rooms[-1] = counted(rooms[-1], comment.date)
    opinions = tuple(
        msgspec.structs.replace(each, gone_at=None) for each in view.opinions.values() if each.comment_id == comment.id
    )
    comment = with_tally(comment, tally_of_all(opinions))
    comments = [msgspec.structs.replace(found, comment=comment, removed=False)]
    parent = view.comments.get(found.comment.parent_id or "")
    if found.removed and parent is not None:
        comments.append(msgspec.structs.replace(parent, replies=parent.replies + 1))

    placed = place_event(CommentCreated, comment.user_id, command, rooms, comment=comment)
    return Change(placed, tuple(rooms), access, comments=tuple(comments), opinions=opinions, undos={comment.id: None})


def new_comment_of(principal: Principal, new: NewComment, thread: Room, timestamp: int) -> Comment:
    """Return a comment as somebody makes it in a thread."""
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
        mentions=new.mentions or msgspec.UNSET,
    )
