"""The decision: what a command does to what is there, or why it is refused. Pure: the same in, the same out."""

from collections.abc import Callable
from typing import Any

from imagechat.model.commands import (
    AddReaction,
    CastVote,
    Command,
    CreateComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    RestoreComment,
    RestoreMarker,
    UndoCommentDeletion,
    UndoMarkerDeletion,
    UpdateMarker,
    UpdatePicture,
    WithdrawReaction,
    WithdrawVote,
)
from imagechat.model.decide_comments import create_comment, delete_comment, edit_comment, restore_comment
from imagechat.model.decide_markers import create_marker, delete_marker, restore_marker, update_marker, update_picture
from imagechat.model.decide_opinions import add_reaction, cast_vote, withdraw_reaction, withdraw_vote
from imagechat.model.decide_undos import undo_comment_deletion, undo_marker_deletion
from imagechat.model.view import By, Change, View

_DECISIONS: dict[type[Command], Callable[[View, By, Any, int], Change]] = {
    CreateMarker: create_marker,
    UpdateMarker: update_marker,
    DeleteMarker: delete_marker,
    CreateComment: create_comment,
    EditComment: edit_comment,
    DeleteComment: delete_comment,
    UpdatePicture: update_picture,
    RestoreMarker: restore_marker,
    RestoreComment: restore_comment,
    UndoMarkerDeletion: undo_marker_deletion,
    UndoCommentDeletion: undo_comment_deletion,
    CastVote: cast_vote,
    WithdrawVote: withdraw_vote,
    AddReaction: add_reaction,
    WithdrawReaction: withdraw_reaction,
}


def decide(view: View, by: By, command: Command, now: int) -> Change:
    """Return what a command does to what is there; `now` is in milliseconds since 1970.

    Raises `Refusal`, and then nothing has happened.
    """
    return _DECISIONS[type(command)](view, by, command, now)
