"""Pictures and people, as the dashboard lists them."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from imagechat.http.bodies import Body, Success
from imagechat.model.ids import wire_room_id
from imagechat.model.limits import USER_ID_CHARACTERS
from imagechat.model.times import iso
from imagechat.store.people import Vouched
from imagechat.store.person_erasing import Erased
from imagechat.store.picture_list import ListedPicture

UserId = Annotated[str, Meta(min_length=1, max_length=USER_ID_CHARACTERS)]


class PictureEntry(Body, kw_only=True):
    """A picture. `open` are its markers that are not resolved, `watching` the connections to it on this node."""

    url_id: str
    url_id_ws: str = msgspec.field(name="urlIdWS")
    title: str | None
    src: str | None
    markers: int
    open: int
    comments: int
    last_activity: str | None
    read_only: bool
    group_ids: tuple[str, ...] | None
    watching: int

    @classmethod
    def of(cls, picture: ListedPicture, watching: int) -> "PictureEntry":
        """Return a picture as moderators see it."""
        return cls(
            url_id=picture.url_id,
            url_id_ws=wire_room_id(picture.url_id),
            title=picture.title,
            src=picture.src,
            markers=picture.markers,
            open=picture.open,
            comments=picture.comments,
            last_activity=iso(picture.last_timestamp) if picture.last_timestamp else None,
            read_only=picture.access.read_only,
            group_ids=picture.access.groups,
            watching=watching,
        )


class PictureList(Success, kw_only=True):
    """GET /api/v1/pictures."""

    pictures: list[PictureEntry]
    total: int
    has_more: bool


class PersonEntry(Body, kw_only=True):
    """Somebody who signed in. `groupIds: null` is all groups; `lastSeen` is when they were last signed in."""

    id: str
    name: str
    email: str | None
    avatar_src: str | None
    role: Literal["anonymous", "member", "moderator", "admin"]
    group_ids: tuple[str, ...] | None
    last_seen: str
    banned: bool

    @classmethod
    def of(cls, vouched: Vouched, *, banned: bool) -> "PersonEntry":
        """Return a person as admins see them."""
        person = vouched.person
        return cls(
            id=person.id,
            name=person.name or person.username or person.id,
            email=person.email or None,
            avatar_src=person.avatar,
            role=person.role.value,
            group_ids=person.groups,
            last_seen=iso(vouched.at),
            banned=banned,
        )


class PeopleList(Success, kw_only=True):
    """GET /api/v1/people."""

    people: list[PersonEntry]
    total: int
    has_more: bool


class PersonData(Success, kw_only=True):
    """GET /api/v1/people/data: what `imagechat person export` prints."""

    data: dict[str, Any]


class EraseBody(Body, kw_only=True):
    """POST /api/v1/people/erase; `confirm` is the user's id once more."""

    tenant_id: str
    user_id: UserId
    confirm: str


class ErasedPerson(Success, kw_only=True):
    """How many things were deleted and histories rewritten; `isGone` is false where files are to be scrubbed yet."""

    deleted: int
    histories: int
    is_gone: bool

    @classmethod
    def of(cls, erased: Erased) -> "ErasedPerson":
        """Return what came of it."""
        return cls(deleted=erased.deleted, histories=erased.histories, is_gone=erased.is_gone)
