"""Whether a broadcastId that comes again stands for the operation that it stood for before (IDEM1). Pure."""

from collections.abc import Sequence

from imagechat.model.commands import (
    AddReaction,
    CastVote,
    Command,
    CreateComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    OpinionCommand,
    RestoreComment,
    RestoreMarker,
    UndoCommentDeletion,
    UndoMarkerDeletion,
    UpdateMarker,
    UpdatePicture,
    WithdrawReaction,
    WithdrawVote,
)
from imagechat.model.events import (
    CommentCreated,
    CommentDeleted,
    CommentEdited,
    Event,
    MarkerCreated,
    MarkerDeleted,
    MarkerUpdated,
    PictureUpdated,
    Placed,
    ReactionAdded,
    ReactionWithdrawn,
    VoteCast,
    VoteWithdrawn,
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
    if isinstance(command, OpinionCommand):
        return _is_same_opinion(command, placed[0].event)
    return _is_on_the_same(command, placed)


def _is_on_the_same(command: Command, placed: Sequence[Placed]) -> bool:
    same = False
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
    return same


def _is_same_opinion(command: OpinionCommand, event: Event) -> bool:
    match command, event:
        case CastVote(), VoteCast(vote=vote):
            return (vote.comment_id, vote.direction) == (command.comment_id, command.direction)
        case WithdrawVote(comment_id=wanted), VoteWithdrawn(vote=vote):
            return vote.comment_id == wanted
        case AddReaction(emoji=emoji), ReactionAdded(reaction=reaction):
            return (reaction.comment_id, reaction.emoji) == (command.comment_id, emoji)
        case WithdrawReaction(emoji=emoji), ReactionWithdrawn(reaction=reaction):
            return (reaction.comment_id, reaction.emoji) == (command.comment_id, emoji)
        case _:
            return False
