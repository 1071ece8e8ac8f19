"""Markers and comments as the wire writes them, and as rooms hold them."""

from typing import Self

import msgspec


class Region(msgspec.Struct, frozen=True):
    """A rectangle in percent of the picture; the marker's (x, y) is its top left corner."""

    w: float
    h: float


class Conversation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A marker on the wire; `urlId` is its thread's `windowUrlId`. `approved` is there while it waits, as false."""

    id: str = msgspec.field(name="_id")
    url_id: str
    x: float
    y: float
    src: str
    resolved: bool
    comment_count: int
    last_comment_at: str | None
    created_at: str
    user_id: str
    region: Region | msgspec.UnsetType = msgspec.UNSET
    approved: bool | msgspec.UnsetType = msgspec.UNSET


class ConversationRef(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A marker that is gone."""

    id: str = msgspec.field(name="_id")
    url_id: str


class PictureState(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a picture is to everybody who sees it."""

    read_only: bool


class Mention(msgspec.Struct, frozen=True):
    """Somebody who is mentioned in a text: `tag` is what stands there, `@` and the name."""

    id: str
    tag: str


class Comment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A comment, on the live channel and in lists alike; `comment` is what was typed, `commentHTML` is safe to show.

    The last four are there once somebody has voted, or reacted: `votes` is those for it less those against it.
    """

    id: str = msgspec.field(name="_id")
    tenant_id: str
    url_id: str
    user_id: str
    commenter_name: str
    comment_html: str = msgspec.field(name="commentHTML")
    comment: str
    date: str
    url: str
    verified: bool = True
    approved: bool = True
    locale: str | None = None
    parent_id: str | msgspec.UnsetType = msgspec.UNSET
    avatar_src: str | msgspec.UnsetType = msgspec.UNSET
    edited_at: str | msgspec.UnsetType = msgspec.UNSET
    is_by_moderator: bool | msgspec.UnsetType = msgspec.UNSET
    is_by_admin: bool | msgspec.UnsetType = msgspec.UNSET
    is_deleted: bool | msgspec.UnsetType = msgspec.UNSET
    mentions: tuple[Mention, ...] | msgspec.UnsetType = msgspec.UNSET
    votes: int | msgspec.UnsetType = msgspec.UNSET
    votes_up: int | msgspec.UnsetType = msgspec.UNSET
    votes_down: int | msgspec.UnsetType = msgspec.UNSET
    reactions: dict[str, int] | msgspec.UnsetType = msgspec.UNSET

    def without_mention_of(self, user_id: str) -> Self:
        """Return the comment with somebody mentioned no more, though the words stay."""
        left = tuple(each for each in self.mentions or () if each.id != user_id)
        return msgspec.structs.replace(self, mentions=left or msgspec.UNSET)

    def mentions_somebody(self, user_id: str) -> bool:
        """Tell whether somebody is mentioned."""
        return any(each.id == user_id for each in self.mentions or ())


class Vote(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody's vote on a comment: `direction` is 1 for it, -1 against it; `createdAt` is in ms since 1970."""

    id: str = msgspec.field(name="_id")
    tenant_id: str
    url_id: str
    url_id_raw: str
    comment_id: str
    user_id: str
    direction: int
    created_at: int
    verification_id: str | None = None


class Reaction(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An emoji on a comment that somebody gave or took back, and how many people give it after that."""

    comment_id: str
    url_id: str
    emoji: str
    count: int
