"""What a decision looks at and what it makes: a view of what is there, who acts, and the change that comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from imagechat.model import policy
from imagechat.model.access import Access, access_to
from imagechat.model.commands import Command, CreateComment, CreateMarker, DeleteComment, DeleteMarker, UpdatePicture
from imagechat.model.entities import Marker, Opinion, Room, RoomKind, ThreadComment, Undo
from imagechat.model.errors import LIMIT_REACHED, NOT_FOUND, Refusal
from imagechat.model.events import Event, Placed
from imagechat.model.ids import RoomId, room_id
from imagechat.model.limits import UNDO_MS
from imagechat.model.policy import NOTHING_HERE, Operation, Place
from imagechat.model.principal import Principal
from imagechat.model.tenant import DEFAULTS, TenantSettings
from imagechat.model.wire import Comment


@dataclass(slots=True)
class View:
    """What is there now, as far as the commands at hand need it. A change is put back into it before the next one."""

    epoch: str
    rooms: dict[RoomId, Room] = field(default_factory=dict)
    markers: dict[str, Marker] = field(default_factory=dict)
    comments: dict[str, ThreadComment] = field(default_factory=dict)
    opinions: dict[str, Opinion] = field(default_factory=dict)
    marker_of_thread: dict[RoomId, str] = field(default_factory=dict)
    undos: dict[str, Undo | None] = field(default_factory=dict)
    """By what they bring back; None where there is none, or none any more."""
    pictures: dict[str, int] = field(default_factory=dict)
    """How many pictures tenants have, where one more is to be begun."""

    def put(self, change: "Change") -> None:
        """Make a change part of the view."""
        for room in change.rooms:
            if room.kind is RoomKind.PICTURE and room.id not in self.rooms:
                self.pictures[room.tenant_id] = self.pictures.get(room.tenant_id, 0) + 1
            self.rooms[room.id] = room
        for marker in change.markers:
            self.markers[marker.id] = marker
            self.marker_of_thread[marker.thread_id] = marker.id
        for comment in change.comments:
            self.comments[comment.comment.id] = comment
        self.undos |= change.undos
        for opinion in change.opinions:
            self.opinions[opinion.id] = opinion


@dataclass(frozen=True, slots=True)
class Change:
    """What a command does: its event in each room that carries it (the picture's first), and the things after it.

    `access` is who may come to those rooms afterwards. `act` is for the audit log: what somebody did by a right over
    what others made.
    """

    placed: tuple[Placed, ...]
    rooms: tuple[Room, ...]
    access: Access
    markers: tuple[Marker, ...] = ()
    comments: tuple[ThreadComment, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    act: str | None = None
    undos: Mapping[str, Undo | None] = field(default_factory=dict)
    """What may be brought back from now on, by the thing; None where nobody may any more."""


@dataclass(frozen=True, slots=True)
class By:
    """Who gives a command, and what its tenant has set."""

    principal: Principal
    settings: TenantSettings = DEFAULTS

    def check(self, operation: Operation, command: Command, access: Access, owner_id: str | None = None) -> str | None:
        """Let a permitted operation pass; return what is to be noted where it is on somebody else's thing.

        Raises `Refusal`: see `policy.check`.
        """
        place = Place(command.tenant_id, self.settings, access)
        policy.check(self.principal, operation, place, owner_id=owner_id)
        return operation.value if owner_id is not None and owner_id != self.principal.user_id else None


def nothing_here() -> Refusal:
    """Return the answer to what is not there, and to what the caller may not know of."""
    return Refusal(NOT_FOUND, NOTHING_HERE)


def room_of(view: View, command: CreateMarker | CreateComment | UpdatePicture, url_id: str, kind: RoomKind) -> Room:
    """Return the room that a command names, or a new one.

    A thread that never had a marker and has no comment left may become a picture: else whoever comments under a
    picture's name first would have it for ever.
    """
    room = room_id(command.tenant_id, url_id)
    found = view.rooms.get(room)
    if found is None:
        return Room(
            id=room, tenant_id=command.tenant_id, url_id=url_id, kind=kind, epoch=view.epoch, title=command.title
        )
    is_free = found.kind is RoomKind.THREAD and found.picture_id is None and not found.comment_count
    return msgspec.structs.replace(found, kind=kind) if is_free else found


def undo_of(
    by: By, command: DeleteMarker | DeleteComment, thing_id: str, now: int, comment: Comment | None = None
) -> Undo | None:
    """Return what lets whoever deletes a thing bring it back for a while; None where that is not wanted."""
    if not command.undoable:
        return None
    return Undo(
        thing_id=thing_id,
        tenant_id=command.tenant_id,
        user_id=by.principal.user_id,
        at=now,
        until=now + UNDO_MS,
        comment=comment,
    )


def marker_of(view: View, tenant_id: str, marker_id: str) -> tuple[Marker, Room, Room]:
    """Return a marker that is there, with its picture and its thread. Raises `Refusal`."""
    marker = view.markers.get(marker_id)
    if marker is not None and not marker.deleted:
        picture = view.rooms[marker.room_id]
        if picture.tenant_id == tenant_id:
            return marker, picture, view.rooms[marker.thread_id]
    raise nothing_here()


def comment_of(view: View, tenant_id: str, comment_id: str) -> tuple[ThreadComment, tuple[Room, ...]]:
    """Return a comment that is there, with the rooms that carry it. Raises `Refusal`."""
    found = view.comments.get(comment_id)
    if found is None or found.removed or found.comment.is_deleted is True or found.comment.tenant_id != tenant_id:
        raise nothing_here()
    return found, carriers(view, view.rooms[found.thread_id])


def carriers(view: View, thread: Room) -> tuple[Room, ...]:
    """Return the rooms that carry a thread's events: its picture's, if it has a marker, and its own, last.

    Raises `Refusal` where the marker was deleted.
    """
    marker_id = view.marker_of_thread.get(thread.id)
    if marker_id is None:
        return (thread,)
    marker = view.markers[marker_id]
    if marker.deleted:
        raise nothing_here()
    return view.rooms[marker.room_id], thread


def access_of(view: View, rooms: Sequence[Room]) -> Access:
    """Return who may come to the rooms of `carriers`."""
    first = rooms[0]
    return access_to(first) if first.kind is RoomKind.PICTURE or first.id in view.rooms else access_to(None)


def access_at(view: View, room: RoomId) -> Access:
    """Return who may come to a room that a command names. Raises `Refusal` for the thread of a deleted marker."""
    found = view.rooms.get(room)
    return access_to(None) if found is None else access_to(carriers(view, found)[0])


def next_timestamp(now: int, *rooms: Room) -> int:
    """Return a time that is later than all that happened in the rooms (SEQ2)."""
    return max(now, *(room.last_timestamp + 1 for room in rooms))


def place_event(
    kind: Callable[..., Event], user_id: str, command: Command, rooms: Sequence[Room], **content: object
) -> tuple[Placed, ...]:
    """Return a command's event in each room that carries it; the rooms are as they are after it."""
    return tuple(
        Placed(
            room.id,
            kind(
                timestamp=room.last_timestamp,
                seq=room.seq,
                broadcast_id=command.broadcast_id,
                user_id=user_id,
                **content,
            ),
        )
        for room in rooms
    )


def limited(found: int, most: int | None, what: str) -> None:
    """Let one more of something pass, where a tenant's limit lets it. Raises `Refusal` (`limit-reached`)."""
    if most is not None and found >= most:
        raise Refusal(LIMIT_REACHED, f"There are {most:,} {what} already, and no more fit.")


def with_markers(picture: Room, more: int) -> Room:
    """Return a picture with so many markers more."""
    return msgspec.structs.replace(picture, marker_count=picture.marker_count + more)


def counted(thread: Room, date: str) -> Room:
    """Return a thread with one comment more, of some date: it may have come back."""
    latest = max(date, thread.last_comment_at or "")
    return msgspec.structs.replace(thread, comment_count=thread.comment_count + 1, last_comment_at=latest)
