"""Validated requests: plain values that say what somebody wants, and what must be looked at to decide."""

from dataclasses import dataclass, field, replace

from imagechat.model.ids import RoomId, opinion_id, room_id
from imagechat.model.wire import Comment, Mention, Region


@dataclass(frozen=True, slots=True)
class NewComment:
    """The words of a comment to be made; `html` is already safe."""

    comment_id: str
    text: str
    html: str
    commenter_name: str | None
    avatar_src: str | None = None
    page_url: str = ""
    parent_id: str | None = None
    mentions: tuple[Mention, ...] = ()

    def without_mention_of(self, user_id: str) -> "NewComment":
        """Return it with somebody mentioned no more."""
        return replace(self, mentions=tuple(each for each in self.mentions if each.id != user_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateMarker:
    """Put a marker on a picture, with its first comment, with a thread that is there, or empty."""

    tenant_id: str
    broadcast_id: str
    url_id: str
    marker_id: str
    window_url_id: str
    x: float
    y: float
    src: str = ""
    title: str | None = None
    region: Region | None = None
    comment: NewComment | None = None
    created_from_comment_id: str | None = None

    @property
    def picture(self) -> RoomId:
        """The room of the picture."""
        return room_id(self.tenant_id, self.url_id)

    @property
    def thread(self) -> RoomId:
        """The room of the marker's own thread."""
        return room_id(self.tenant_id, self.window_url_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMarker:
    """Move, resolve, reopen or resize a marker; None leaves a field as it is."""

    tenant_id: str
    broadcast_id: str
    marker_id: str
    x: float | None = None
    y: float | None = None
    resolved: bool | None = None
    region: Region | None = None
    without_region: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteMarker:
    """Take a marker and its thread away."""

    tenant_id: str
    broadcast_id: str
    marker_id: str
    undoable: bool = True
    """Whether whoever gives it may take it back; a mass deletion has an undo of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateComment:
    """Write in a thread, which may be there before its marker."""

    tenant_id: str
    broadcast_id: str
    url_id: str
    comment: NewComment
    title: str | None = None

    @property
    def thread(self) -> RoomId:
        """The room of the thread."""
        return room_id(self.tenant_id, self.url_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditComment:
    """Give a comment other words, and other mentions where they are given."""

    tenant_id: str
    broadcast_id: str
    comment_id: str
    text: str
    html: str
    mentions: tuple[Mention, ...] | None = None
    """None: those before, as far as their tags still stand in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteComment:
    """Take a comment away."""

    tenant_id: str
    broadcast_id: str
    comment_id: str
    undoable: bool = True
    """Whether whoever gives it may take it back; a mass deletion has an undo of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePicture:
    """Lock a picture or unlock it, give it to groups (`()` is nobody's but admins') or to everyone."""

    tenant_id: str
    broadcast_id: str
    url_id: str
    read_only: bool | None = None
    groups: tuple[str, ...] | None = None
    for_everyone: bool = False
    title: str | None = None

    @property
    def shares(self) -> bool:
        """Whether it says who may see the picture."""
        return self.groups is not None or self.for_everyone

    @property
    def picture(self) -> RoomId:
        """The room of the picture."""
        return room_id(self.tenant_id, self.url_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreMarker:
    """Bring a deleted marker back with its thread."""

    tenant_id: str
    broadcast_id: str
    marker_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreComment:
    """Bring a deleted comment back, as it was."""

    tenant_id: str
    broadcast_id: str
    comment: Comment

    @property
    def comment_id(self) -> str:
        """The comment's id."""
        return self.comment.id


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoMarkerDeletion:
    """Take back one's own deletion of a marker, soon after it."""

    tenant_id: str
    broadcast_id: str
    marker_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoCommentDeletion:
    """Take back one's own deletion of a comment, soon after it."""

    tenant_id: str
    broadcast_id: str
    comment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """Vote for a comment (1) or against it (-1), instead of what the same person has voted before."""

    tenant_id: str
    broadcast_id: str
    comment_id: str
    user_id: str
    direction: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawVote:
    """Take a person's vote back."""

    tenant_id: str
    broadcast_id: str
    comment_id: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReaction:
    """Give a comment an emoji."""

    tenant_id: str
    broadcast_id: str
    comment_id: str
    user_id: str
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawReaction:
    """Take a person's emoji back."""

    tenant_id: str
    broadcast_id: str
    comment_id: str
    user_id: str
    emoji: str


OpinionCommand = CastVote | WithdrawVote | AddReaction | WithdrawReaction

Command = (
    CreateMarker
    | UpdateMarker
    | DeleteMarker
    | CreateComment
    | EditComment
    | DeleteComment
    | UpdatePicture
    | RestoreMarker
    | RestoreComment
    | UndoMarkerDeletion
    | UndoCommentDeletion
    | OpinionCommand
)


@dataclass(slots=True)
class Needs:
    """What has to be loaded before a command can be decided: ids, by kind."""

    rooms: set[RoomId] = field(default_factory=set)
    threads: set[RoomId] = field(default_factory=set)
    markers: set[str] = field(default_factory=set)
    comments: set[str] = field(default_factory=set)
    opinions: set[str] = field(default_factory=set)
    opinions_of: set[str] = field(default_factory=set)
    """Comments of which all opinions are needed."""


def add_needs(needs: Needs, command: Command) -> None:
    """Add what one command needs to a batch's needs."""
    match command:
        case CreateMarker():
            needs.rooms |= {command.picture, command.thread}
            needs.threads |= {command.picture, command.thread}
            if command.created_from_comment_id is not None:
                needs.comments.add(command.created_from_comment_id)
        case UpdateMarker() | DeleteMarker() | RestoreMarker() | UndoMarkerDeletion():
            needs.markers.add(command.marker_id)
        case CreateComment():
            needs.rooms.add(command.thread)
            needs.threads.add(command.thread)
            if command.comment.parent_id is not None:
                needs.comments.add(command.comment.parent_id)
        case EditComment() | DeleteComment():
            needs.comments.add(command.comment_id)
        case RestoreComment() | UndoCommentDeletion():
            needs.comments.add(command.comment_id)
            needs.opinions_of.add(command.comment_id)
        case CastVote() | WithdrawVote() | AddReaction() | WithdrawReaction():
            needs.comments.add(command.comment_id)
            needs.opinions.add(opinion_id(command.comment_id, command.user_id))
        case UpdatePicture():
            needs.rooms.add(command.picture)
            needs.threads.add(command.picture)
