"""What moderators look through, as JSON."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from imagechat.http.bodies import Body, Success
from imagechat.http.moderation_bodies import Ids
from imagechat.model.ids import wire_room_id
from imagechat.model.person import Person
from imagechat.model.principal import Role
from imagechat.model.sso import ANONYMOUS_PREFIX
from imagechat.model.times import iso
from imagechat.model.wire import Comment
from imagechat.store.inbox import Thing
from imagechat.store.mass_deletion import Deletion


class EntryPicture(Body, kw_only=True):
    """The picture that something is on, and where; or the thread, of a comment that is in no marker's."""

    url_id: str
    url_id_ws: str = msgspec.field(name="urlIdWS")
    title: str | None
    src: str | None
    x: float | None
    y: float | None


class EntryUser(Body, kw_only=True):
    """Who made something."""

    id: str
    name: str
    avatar_src: str | None
    role: Literal["anonymous", "member", "moderator", "admin"]


class EntryHeld(Body, kw_only=True):
    """That something waits, by the id that lets it go ahead."""

    id: str
    reason: str


class EntryReviewed(Body, kw_only=True):
    """That a moderator has looked at it and let it be."""

    by: str
    at: str


class EntryDeleted(Body, kw_only=True):
    """What took it, until when that can be undone (ms since 1970), and who did it."""

    undo_id: str
    undo_until: int
    by: str


class Entry(Body, kw_only=True):
    """A comment, a marker without comments, or what waits; a marker that waits may have its first comment with it.

    `inThread` is how many comments its thread has, this one among them: the last one is deleted with its marker.
    """

    id: str
    kind: Literal["comment", "marker"]
    at: str
    picture: EntryPicture
    marker_id: str | None
    resolved: bool
    user: EntryUser
    comment: str | None
    comment_html: str | None = msgspec.field(name="commentHTML")
    held: EntryHeld | None
    reviewed: EntryReviewed | None
    deleted: EntryDeleted | None
    parent_id: str | None
    in_thread: int

    @classmethod
    def of(cls, thing: Thing, people: Mapping[str, Person], deletion: Deletion | None = None) -> "Entry":
        """Return a thing as moderators see it; `people` are those who have signed in, by id."""
        comment, held, reviewed, marker = thing.comment, thing.held, thing.reviewed, thing.marker
        return cls(
            id=thing.id,
            kind="marker" if thing.is_marker else "comment",
            at=_time(thing),
            picture=_picture(thing),
            marker_id=None if marker is None else marker.id,
            resolved=marker is not None and marker.resolved,
            user=_user(thing, people.get(thing.author)),
            comment=None if comment is None else comment.comment,
            comment_html=None if comment is None else comment.comment_html,
            held=None if held is None else EntryHeld(id=held.id, reason=held.reason),
            reviewed=None if reviewed is None else EntryReviewed(by=reviewed.by, at=iso(reviewed.at)),
            deleted=None
            if deletion is None
            else EntryDeleted(undo_id=deletion.id, undo_until=deletion.until, by=deletion.by),
            parent_id=None if comment is None or comment.parent_id is msgspec.UNSET else comment.parent_id,
            in_thread=thing.in_thread,
        )


class InboxCounts(Body, kw_only=True):
    """How much there is to do: what nobody has looked at, of the newest 1,000 comments and markers each; what waits."""

    new: int
    held: int


class InboxPage(Success, kw_only=True):
    """GET /moderation/{tenantId}/inbox; there is no more where `nextBefore` is null, and maybe none where it is not."""

    entries: list[Entry]
    next_before: str | None
    counts: InboxCounts


class InboxEntrance(Success, kw_only=True):
    """GET /moderation/{tenantId}/live: what the live channel is asked for."""

    url_id_ws: str = msgspec.field(name="urlIdWS")
    user_id_ws: str = msgspec.field(name="userIdWS")
    tenant_id_ws: str = msgspec.field(name="tenantIdWS")


class ReviewsBody(Body, kw_only=True):
    """POST /moderation/{tenantId}/reviews: ids of comments and of markers; `reviewed: false` takes it back."""

    ids: Ids
    reviewed: bool


class Reviews(Success, kw_only=True):
    """How many of the ids are there."""

    count: int


def _time(thing: Thing) -> str:
    if thing.held is not None:
        return iso(thing.held.created_at)
    if thing.comment is not None:
        return thing.comment.date
    return "" if thing.marker is None else thing.marker.created_at


def _picture(thing: Thing) -> EntryPicture:
    marker, held, room = thing.marker, thing.held, thing.room
    waiting = None if held is None else held.conversation
    url_id = room.url_id if room is not None else "" if held is None else held.command.url_id
    placed = marker or waiting
    title = None if room is None else room.title
    if title is None and held is not None and held.marker is not None:
        title = held.marker.title
    return EntryPicture(
        url_id=url_id,
        url_id_ws=wire_room_id(url_id),
        title=title,
        src=None if placed is None else placed.src or None,
        x=None if placed is None else placed.x,
        y=None if placed is None else placed.y,
    )


def _user(thing: Thing, person: Person | None) -> EntryUser:
    comment = thing.comment
    name = comment.commenter_name if comment is not None else None
    avatar = comment.avatar_src if comment is not None and comment.avatar_src is not msgspec.UNSET else None
    if person is not None:
        name, avatar = name or person.name, avatar or person.avatar
    return EntryUser(
        id=thing.author, name=name or "", avatar_src=avatar, role=_role(thing.author, comment, person).value
    )


def _role(author: str, comment: Comment | None, person: Person | None) -> Role:
    """Return what the author was when it was written, as far as it says so, else what they are."""
    if comment is not None and comment.is_by_admin is True:
        return Role.ADMIN
    if comment is not None and comment.is_by_moderator is True:
        return Role.MODERATOR
    if author.startswith(ANONYMOUS_PREFIX) or person is None:
        return Role.ANONYMOUS
    return person.role
