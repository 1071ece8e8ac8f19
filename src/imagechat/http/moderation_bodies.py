"""What the calls of moderators and admins take and give."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from imagechat.http.bodies import Body, Success
from imagechat.model.held import Held
from imagechat.model.limits import GROUP_CHARACTERS, GROUPS, USER_ID_CHARACTERS
from imagechat.model.tenant import Revocation
from imagechat.model.times import iso
from imagechat.model.wire import Comment, Conversation
from imagechat.store.audit import Act
from imagechat.store.mass_deletion import Deletion

MOST_IDS = 200
"""Things that one call names at most."""

Ids = Annotated[list[Annotated[str, Meta(min_length=1, max_length=64)]], Meta(min_length=1, max_length=MOST_IDS)]
Group = Annotated[str, Meta(min_length=1, max_length=GROUP_CHARACTERS)]
_REASON_CHARACTERS = 500
_HOURS = 24 * 366 * 10


class UpdatePictureBody(Body, kw_only=True):
    """PATCH /pictures/{tenantId}; `groupIds: null` opens it to everyone, `[]` leaves it to admins."""

    broadcast_id: str
    read_only: bool | None = None
    group_ids: Annotated[list[Group], Meta(max_length=GROUPS)] | msgspec.UnsetType | None = msgspec.UNSET


class UpdatedPicture(Success, kw_only=True):
    """PATCH /pictures/{tenantId}."""

    seq: int
    timestamp: int
    read_only: bool


class HeldThing(Body, kw_only=True):
    """A marker or a comment that waits."""

    id: str = msgspec.field(name="_id")
    reason: str
    created_at: str
    user_id: str
    url_id: str
    conversation: Conversation | None
    comment: Comment | None

    @classmethod
    def of(cls, held: Held) -> "HeldThing":
        """Return what waits as moderators see it."""
        return cls(
            id=held.id,
            reason=held.reason,
            created_at=iso(held.created_at),
            user_id=held.principal.user_id,
            url_id=held.command.url_id,
            conversation=held.conversation,
            comment=held.comment,
        )


class HeldList(Success, kw_only=True):
    """GET /moderation/{tenantId}/held."""

    held: list[HeldThing]


class BanBody(Body, kw_only=True):
    """POST /moderation/{tenantId}/bans: a user, or the author of a marker or comment, or the network it came from."""

    user_id: Annotated[str, Meta(min_length=1, max_length=USER_ID_CHARACTERS)] | None = None
    author_of: str | None = None
    kinds: list[Literal["user", "address"]] = msgspec.field(default_factory=lambda: ["user"])
    hours: Annotated[float, Meta(gt=0, le=_HOURS)] | None = None
    reason: Annotated[str, Meta(max_length=_REASON_CHARACTERS)] = ""


class Ban(Body, kw_only=True):
    """A ban; `subject` is a user's id, or the digest of a network."""

    id: str = msgspec.field(name="_id")
    kind: str
    subject: str
    reason: str
    by: str
    created_at: str
    until: str | None

    @classmethod
    def of(cls, ban: Revocation) -> "Ban":
        """Return a ban as moderators see it."""
        until = None if ban.until is None else iso(ban.until)
        return cls(
            id=ban.id,
            kind=ban.kind,
            subject=ban.subject,
            reason=ban.reason,
            by=ban.by,
            created_at=iso(ban.created_at),
            until=until,
        )


class BanList(Success, kw_only=True):
    """GET and POST /moderation/{tenantId}/bans."""

    bans: list[Ban]


class MassDeletionBody(Body, kw_only=True):
    """POST /moderation/{tenantId}/mass-deletions: all of a user, all on a picture, or what `ids` name.

    `confirm` is how many things would go, as the call without it says; otherwise nothing is deleted.
    """

    broadcast_id: str
    user_id: Annotated[str, Meta(min_length=1, max_length=USER_ID_CHARACTERS)] | None = None
    url_id: str | None = None
    ids: Ids | None = None
    confirm: int | None = None


class MassDeletion(Success, kw_only=True):
    """A mass deletion; `undoId` is there once it was done."""

    count: int
    deleted: int
    undo_id: str | None = None
    undo_until: str | None = None
    undone: bool = False

    @classmethod
    def of(cls, deletion: Deletion, *, deleted: int, undone: bool = False) -> "MassDeletion":
        """Return a mass deletion that was done."""
        return cls(
            count=deletion.size,
            deleted=deleted,
            undo_id=deletion.id,
            undo_until=iso(deletion.until),
            undone=undone,
        )


class SpamBody(Body, kw_only=True):
    """POST /moderation/{tenantId}/spam: markers, comments, and what waits."""

    broadcast_id: str
    ids: Ids


class SpamDeletion(Success, kw_only=True):
    """What was spam: how much is gone, how to undo that, and how many texts wait from now on."""

    deleted: int
    undo_id: str
    undo_until: str
    texts: int


class MassDeletionList(Success, kw_only=True):
    """GET /moderation/{tenantId}/mass-deletions."""

    deletions: list[MassDeletion]


class BroadcastOnly(Body, kw_only=True):
    """A call that needs nothing but its broadcastId."""

    broadcast_id: str


class AuditEntry(Body, kw_only=True):
    """Who did what to what, when, from where."""

    number: int
    at: str
    who: str
    act: str
    what: str
    address: str

    @classmethod
    def of(cls, number: int, act: Act) -> "AuditEntry":
        """Return an act as admins see it."""
        return cls(number=number, at=iso(act.timestamp), who=act.who, act=act.act, what=act.what, address=act.address)


class AuditLog(Success, kw_only=True):
    """GET /moderation/{tenantId}/audit; the newest first; `nextBefore` is null on the last page."""

    entries: list[AuditEntry]
    next_before: int | None
