"""What taking one's own deletion back does, or why it is refused. Pure.

Whoever deletes a thing may bring it back for a while: its author, or a moderator. An author cannot bring back what a
moderator deleted, as there the undo is the moderator's.
"""

from dataclasses import replace

from imagechat.model.access import access_to
from imagechat.model.commands import UndoCommentDeletion, UndoMarkerDeletion
from imagechat.model.decide_comments import comment_brought_back
from imagechat.model.decide_markers import marker_brought_back
from imagechat.model.entities import RoomKind, Undo
from imagechat.model.errors import CONFLICT, Refusal
from imagechat.model.policy import Operation
from imagechat.model.view import By, Change, View, access_of, carriers, limited, nothing_here


def undo_marker_deletion(view: View, by: By, command: UndoMarkerDeletion, now: int) -> Change:
    """Bring a marker back that the caller has just deleted. Raises `Refusal`."""
    marker = view.markers.get(command.marker_id)
    if marker is None or view.rooms[marker.room_id].tenant_id != command.tenant_id:
        raise nothing_here()
    picture = view.rooms[marker.room_id]
    act = by.check(Operation.RESTORE_MARKER, command, access_to(picture), marker.user_id)
    if not marker.deleted:
        raise Refusal(CONFLICT, "This marker is there: nothing has to be undone.")
    _own_undo(view, by, marker.id, now)
    limited(picture.marker_count, by.settings.limits.markers_per_picture, "markers on this picture")
    return replace(marker_brought_back(view, command, marker, now), act=act)


def undo_comment_deletion(view: View, by: By, command: UndoCommentDeletion, now: int) -> Change:
    """Bring a comment back that the caller has just deleted. Raises `Refusal`."""
    found = view.comments.get(command.comment_id)
    if found is None or found.comment.tenant_id != command.tenant_id:
        raise nothing_here()
    thread = view.rooms[found.thread_id]
    access = access_of(view, carriers(view, thread))
    act = by.check(Operation.RESTORE_COMMENT, command, access, found.comment.user_id)
    if found.comment.is_deleted is not True:
        raise Refusal(CONFLICT, "This comment is there: nothing has to be undone.")
    was = _own_undo(view, by, found.comment.id, now).comment
    if was is None or was.user_id != found.comment.user_id or thread.kind is not RoomKind.THREAD:
        raise nothing_here()  # its author was erased meanwhile, or its thread has become a picture
    limited(thread.comment_count, by.settings.limits.comments_per_thread, "comments in this conversation")
    return replace(comment_brought_back(view, command, found, was, now), act=act)


def _own_undo(view: View, by: By, thing_id: str, now: int) -> Undo:
    undo = view.undos.get(thing_id)
    if undo is None or undo.user_id != by.principal.user_id or now > undo.until:
        raise nothing_here()
    return undo
