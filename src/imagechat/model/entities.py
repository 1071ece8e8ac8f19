"""What the store keeps and `decide` looks at: rooms, markers and comments with what the wire does not show."""

from enum import StrEnum
from typing import Self

import msgspec

from imagechat.model.ids import RoomId
from imagechat.model.wire import Comment, Conversation, Region


class RoomKind(StrEnum):
    """What a room's `urlId` names."""

    PICTURE = "picture"
    THREAD = "thread"


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """A room and the head of its history; a thread's room names its picture's once it has a marker.

    `groups`, `read_only` and `marker_count` are a picture's; a thread is as open as its picture.
    """

    id: RoomId
    tenant_id: str
    url_id: str
    kind: RoomKind
    epoch: str
    seq: int = 0
    last_timestamp: int = 0
    picture_id: RoomId | None = None
    title: str | None = None
    comment_count: int = 0
    last_comment_at: str | None = None
    groups: tuple[str, ...] | None = None
    read_only: bool = False
    marker_count: int = 0

    def at(self, timestamp: int) -> Self:
        """Return the room one event later (SEQ1, SEQ2)."""
        return msgspec.structs.replace(self, seq=self.seq + 1, last_timestamp=timestamp)


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """A marker in its picture's room, with the room of its thread."""

    id: str
    room_id: RoomId
    thread_id: RoomId
    url_id: str
    x: float
    y: float
    src: str
    region: Region | None
    resolved: bool
    user_id: str
    created_at: str
    deleted: bool = False
    address: str = ""

    def conversation(self, comment_count: int, last_comment_at: str | None) -> Conversation:
        """Return the marker as the wire shows it, with its thread's totals."""
        return Conversation(
            id=self.id,
            url_id=self.url_id,
            x=self.x,
            y=self.y,
            src=self.src,
            resolved=self.resolved,
            comment_count=comment_count,
            last_comment_at=last_comment_at,
            created_at=self.created_at,
            user_id=self.user_id,
            region=msgspec.UNSET if self.region is None else self.region,
        )


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has just deleted and may bring back: a marker by its id, or a comment as it was.

    It was deleted `at` that time (ms since 1970), and its undo ends `until` another.
    """

    thing_id: str
    tenant_id: str
    user_id: str
    at: int
    until: int
    comment: Comment | None = None


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What one person thinks of one comment: a vote (1, -1 or none, 0) and emoji, of `at` (ms since 1970).

    `gone_at` is when the comment was deleted: until it cannot come back any more, its opinions wait.
    """

    id: str
    tenant_id: str
    comment_id: str
    user_id: str
    direction: int = 0
    reactions: tuple[str, ...] = ()
    at: int = 0
    gone_at: int | None = None

    @property
    def is_none(self) -> bool:
        """Whether everything was taken back."""
        return not self.direction and not self.reactions


class ThreadComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment in its thread's room; `position` is its seq there, which orders a thread exactly."""

    thread_id: RoomId
    position: int
    comment: Comment
    depth: int = 0
    replies: int = 0
    removed: bool = False
    address: str = ""
