"""Whether a broadcastId that comes again stands for the operation that it stood for before (IDEM1). Pure."""

from collections.abc import Sequence

from imagechat.model.commands import (
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
)
from imagechat.model.events import (
    CommentCreated,
    CommentDeleted,
    CommentEdited,
    MarkerCreated,
    MarkerDeleted,
    MarkerUpdated,
    PictureUpdated,
    Placed,
)
from imagechat.model.ids import receipt_name
from imagechat.model.principal import Principal


def name_of(command: Command, principal: Principal) -> str:
    """Return what a command is known by: its broadcastId and who gives it.

    What a mass deletion took comes back once, whoever asks for that.
    """
    user_id = "" if isinstance(command, RestoreMarker | RestoreComment) else principal.user_id
    return receipt_name(principal.tenant_id, user_id, command.broadcast_id)


def is_repeat(command: Command, placed: Sequence[Placed]) -> bool:
    """Tell whether events that were made under a command's broadcastId are of its kind, and on what it is about."""
    match command, placed[0].event:
        case CreateMarker(), MarkerCreated():
            same = placed[0].room_id == command.picture
        case CreateComment(), CommentCreated():
            same = placed[-1].room_id == command.thread
        case UpdateMarker(marker_id=wanted), MarkerUpdated(conversation=conversation):
            same = conversation.id == wanted
        case DeleteMarker(marker_id=wanted), MarkerDeleted(conversation=conversation_ref):
            same = conversation_ref.id == wanted
        case EditComment(comment_id=wanted), CommentEdited(comment=comment):
            same = comment.id == wanted
        case DeleteComment(comment_id=wanted), CommentDeleted(comment=comment):
            same = comment.id == wanted
        case UpdatePicture(), PictureUpdated():
            same = placed[0].room_id == command.picture
        case RestoreMarker(marker_id=wanted) | UndoMarkerDeletion(marker_id=wanted), MarkerCreated(
            conversation=conversation
        ):
            same = conversation.id == wanted
        case RestoreComment(comment_id=wanted) | UndoCommentDeletion(comment_id=wanted), CommentCreated(
            comment=comment
        ):
            same = comment.id == wanted
        case _:
            same = False
    return same
