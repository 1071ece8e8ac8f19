"""What REST takes and gives, in the shapes of SPEC.md. Fields of ours stand beside the reference's."""

from typing import Self

import msgspec

from imagechat.model.entities import Opinion
from imagechat.model.opinions import AGAINST, FOR
from imagechat.model.principal import Principal, Role
from imagechat.model.wire import Comment, Conversation, Mention, Region


class Body(msgspec.Struct, kw_only=True, rename="camel"):
    """JSON with camelCase names; fields that are not known here are let be."""


# -- requests


class FirstComment(Body, kw_only=True):
    """The first comment of a marker that is made with it; people do not see the field `website` and leave it empty."""

    comment: str
    commenter_name: str | None = None
    avatar_src: str | None = None
    url: str = ""
    website: str = ""
    mentions: list[Mention] = []


class CreateMarkerBody(Body, kw_only=True):
    """POST /comment-image-chats/{tenantId}."""

    url_id: str
    broadcast_id: str
    x: float
    y: float
    window_url_id: str | None = None
    page_title: str | None = None
    src: str | None = None
    region: Region | None = None
    created_from_comment_id: str | None = None
    comment: FirstComment | None = None


class ReadUpTo(Body, kw_only=True):
    """How far a picture was read: as a whole, and threads (by `windowUrlId`) further; times as the server wrote them.

    They are `lastCommentAt`s, or `createdAt`s of markers without comments.
    """

    picture: str | None = None
    threads: dict[str, str] = {}


class ReadBody(Body, kw_only=True):
    """POST /comment-image-chats/{tenantId}/read."""

    url_id: str
    read_up_to: ReadUpTo


class UpdateMarkerBody(Body, kw_only=True):
    """PATCH /comment-image-chats/{tenantId}/{chatId}; `region: null` removes the region."""

    broadcast_id: str
    x: float | None = None
    y: float | None = None
    resolved: bool | None = None
    region: Region | msgspec.UnsetType | None = msgspec.UNSET


class BroadcastBody(Body, kw_only=True):
    """DELETE /comment-image-chats/{tenantId}/{chatId}."""

    broadcast_id: str


class CreateCommentBody(Body, kw_only=True):
    """POST /comments/{tenantId}; people do not see the field `website` and leave it empty."""

    comment: str
    commenter_name: str | None = None
    parent_id: str | None = None
    avatar_src: str | None = None
    page_title: str | None = None
    url: str = ""
    website: str = ""
    mentions: list[Mention] = []


class EditCommentBody(Body, kw_only=True):
    """POST /comments/{tenantId}/{commentId}/update-text; without `mentions`, those of before stay that still fit."""

    comment: str
    mentions: list[Mention] | None = None


# -- answers


class User(Body, kw_only=True):
    """The caller, as `UserSessionInfo`; `sessionId` names it in later requests."""

    id: str
    session_id: str
    username: str | msgspec.UnsetType = msgspec.UNSET
    display_name: str | msgspec.UnsetType = msgspec.UNSET
    avatar_src: str | None
    group_ids: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    authorized: bool
    is_anon_session: bool

    @classmethod
    def of(cls, principal: Principal, session_id: str) -> Self:
        """Return a principal with its session token."""
        return cls(
            id=principal.user_id,
            session_id=session_id,
            username=principal.name or msgspec.UNSET,
            display_name=principal.name or msgspec.UNSET,
            avatar_src=principal.avatar,
            group_ids=principal.groups or msgspec.UNSET,
            authorized=principal.role is not Role.ANONYMOUS,
            is_anon_session=principal.role is Role.ANONYMOUS,
        )


class Success(Body, kw_only=True):
    """Every answer that is not an error."""

    status: str = "success"


class Entrance(Success, kw_only=True):
    """What a caller needs for the live channel of the room that it asked for, and the position to start from."""

    user: User
    url_id_clean: str
    is_site_admin: bool
    tenant_id_ws: str = msgspec.field(name="tenantIdWS")
    url_id_ws: str = msgspec.field(name="urlIdWS")
    user_id_ws: str = msgspec.field(name="userIdWS")
    epoch: str
    seq: int


class SnapshotAnswer(Entrance, kw_only=True):
    """GET /comment-image-chats/{tenantId}; `readOnly` and `mayComment` say what the caller may do here.

    `readUpTo` is there for who signed in.
    """

    conversations: list[Conversation]
    read_only: bool
    may_comment: bool
    read_up_to: ReadUpTo | msgspec.UnsetType = msgspec.UNSET


class CreatedMarker(Success, kw_only=True):
    """POST /comment-image-chats/{tenantId}; `held` while it waits for a moderator, and then it is in no history yet."""

    created_chat_id: str
    conversation: Conversation
    comment: Comment | msgspec.UnsetType
    user: User
    seq: int | msgspec.UnsetType = msgspec.UNSET
    timestamp: int | msgspec.UnsetType = msgspec.UNSET
    held: bool | msgspec.UnsetType = msgspec.UNSET


class UpdatedMarker(Success, kw_only=True):
    """PATCH /comment-image-chats/{tenantId}/{chatId}."""

    seq: int
    timestamp: int
    conversation: Conversation


class RestoredMarker(Success, kw_only=True):
    """POST /comment-image-chats/{tenantId}/{chatId}/restore."""

    seq: int
    timestamp: int
    conversation: Conversation


class RestoredComment(Success, kw_only=True):
    """POST /comments/{tenantId}/{commentId}/restore."""

    comment: Comment
    seq: int
    picture_seq: int | None
    timestamp: int


class DeletedMarker(Success, kw_only=True):
    """DELETE /comment-image-chats/{tenantId}/{chatId}."""

    seq: int
    timestamp: int


class CommentNode(Comment, frozen=True, kw_only=True, rename="camel"):
    """A comment in a list, with what the caller thinks of it; with `asTree`, with its replies inside."""

    my_vote_id: str | msgspec.UnsetType = msgspec.UNSET
    is_voted_up: bool | msgspec.UnsetType = msgspec.UNSET
    is_voted_down: bool | msgspec.UnsetType = msgspec.UNSET
    my_reactions: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET

    children: "list[CommentNode] | msgspec.UnsetType" = msgspec.UNSET
    has_children: bool | msgspec.UnsetType = msgspec.UNSET

    @classmethod
    def of(cls, comment: Comment, own: Opinion | None = None) -> Self:
        """Return a comment of a flat list; `own` is the caller's opinion of it."""
        node = cls(**msgspec.structs.asdict(comment))
        if own is None:
            return node
        return msgspec.structs.replace(
            node,
            my_vote_id=own.id if own.direction else msgspec.UNSET,
            is_voted_up=own.direction == FOR or msgspec.UNSET,
            is_voted_down=own.direction == AGAINST or msgspec.UNSET,
            my_reactions=own.reactions or msgspec.UNSET,
        )


class CommentList(Entrance, kw_only=True):
    """GET /comments/{tenantId}."""

    comments: list[CommentNode]
    page_number: int
    comment_count: int
    has_more: bool
    picture_seq: int | None


class CreatedComment(Success, kw_only=True):
    """POST /comments/{tenantId}; `seq` is in the thread's room, `pictureSeq` in its picture's.

    `comment.approved` is false while it waits for a moderator; then it is in no history yet.
    """

    comment: Comment
    user: User
    user_id_ws: str = msgspec.field(name="userIdWS")
    seq: int | msgspec.UnsetType = msgspec.UNSET
    picture_seq: int | msgspec.UnsetType | None = msgspec.UNSET
    timestamp: int | msgspec.UnsetType = msgspec.UNSET


class NewText(Body, kw_only=True):
    """A comment's new words."""

    approved: bool
    comment_html: str = msgspec.field(name="commentHTML")


class EditedComment(Success, kw_only=True):
    """POST /comments/{tenantId}/{commentId}/update-text."""

    comment: NewText
    seq: int
    picture_seq: int | None
    timestamp: int


class CommentText(Success, kw_only=True):
    """GET /comments/{tenantId}/{commentId}/text."""

    comment_text: str
    sanitized_comment_text: str


class EmptiedComment(Body, kw_only=True):
    """What is left of a deleted comment."""

    is_deleted: bool
    comment_html: str = msgspec.field(name="commentHTML")
    commenter_name: str


class DeletedComment(Success, kw_only=True):
    """DELETE /comments/{tenantId}/{commentId}."""

    hard_removed: bool
    comment: EmptiedComment
    seq: int
    picture_seq: int | None
    timestamp: int


class LogEntry(Body, kw_only=True):
    """An event of the log; `data` is the event as a JSON string."""

    id: str = msgspec.field(name="_id")
    created_at: str
    tenant_id: str
    url_id: str
    broadcast_id: str
    data: str


class EventLog(Success, kw_only=True):
    """GET /event-log/{tenantId}; `firstSeq` is where the log begins, `nextSeq` is null on the last page."""

    events: list[LogEntry]
    epoch: str
    first_seq: int
    next_seq: int | None


class OnlineUser(Body, kw_only=True):
    """Somebody who is connected, and has a name."""

    id: str
    display_name: str
    avatar_src: str | msgspec.UnsetType = msgspec.UNSET


class UsersOnline(Success, kw_only=True):
    """GET /pages/{tenantId}/users/online."""

    users: list[OnlineUser]
    total_count: int
    anon_count: int
    next_after_user_id: str | None = None
    next_after_name: str | None = None


class MentionableUsers(Success, kw_only=True):
    """GET /pages/{tenantId}/users/mentionable."""

    users: list[OnlineUser]


class ErrorAnswer(Body, kw_only=True):
    """Every error; `code` is what a client tests, `reason` and `message` are for a person."""

    status: str
    reason: str
    code: str
    message: str
