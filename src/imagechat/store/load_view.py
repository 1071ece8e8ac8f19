"""What is there, as far as some commands need it; the rooms that they may change are locked from then on."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, literal_column, or_, select

from imagechat.model.commands import Command, CreateMarker, Needs, add_needs
from imagechat.model.view import By, View
from imagechat.store import tables
from imagechat.store.database import StartOver
from imagechat.store.opinion_rows import load_opinions
from imagechat.store.own_undos import load_undos
from imagechat.store.room_locks import lock_rooms
from imagechat.store.rows import comment_from, marker_from
from imagechat.store.statements import find, one_of, texts

_EPOCH = select(tables.history.c.epoch)
_COMMENTS = select(tables.comments).where(one_of(tables.comments.c.id, "ids"))
_MARKERS = select(tables.markers).where(
    or_(one_of(tables.markers.c.id, "ids"), one_of(tables.markers.c.thread_id, "thread_ids"))
)
_tenant = tables.tenants.c
_TENANTS = select(_tenant.id).where(one_of(_tenant.id, "ids")).order_by(_tenant.id).with_for_update()

Asked = tuple[Command, By]
"""A command, and who gave it."""


def load_view(connection: Connection, batch: Sequence[Asked]) -> View:
    """Return what commands have to look at. Raises `StartOver` where others have changed what they are about."""
    needs = Needs()
    for command, _ in batch:
        add_needs(needs, command)
    view = View(epoch=find(connection, _EPOCH).scalar_one())
    _load_things(connection, view, needs)
    _load_rooms(connection, view, needs)
    if connection.dialect.name == "postgresql":  # another node may have changed them before the rooms were locked
        locked = set(needs.rooms)
        for known in (view.comments, view.markers, view.marker_of_thread):
            known.clear()
        _load_things(connection, view, needs)
        if not needs.rooms <= locked:
            raise StartOver
    load_opinions(connection, view, needs)
    view.undos = load_undos(connection, [command for command, _ in batch])
    _count_pictures(connection, view, batch)
    return view


def _load_things(connection: Connection, view: View, needs: Needs) -> None:
    """Load comments and markers, and learn from them which rooms they need."""
    _load_comments(connection, view, needs)
    _load_markers(connection, view, needs)


def _load_comments(connection: Connection, view: View, needs: Needs) -> None:
    wanted = needs.comments
    for _step in ("those named", "their parents, whose replies a deletion counts down"):
        if not wanted:
            return
        found = [comment_from(row) for row in find(connection, _COMMENTS, ids=texts(wanted))]
        for comment in found:
            view.comments[comment.comment.id] = comment
            needs.threads.add(comment.thread_id)
            needs.rooms.add(comment.thread_id)
        parents = {comment.comment.parent_id for comment in found}
        wanted = {parent for parent in parents if isinstance(parent, str) and parent not in wanted}


def _load_markers(connection: Connection, view: View, needs: Needs) -> None:
    if not needs.markers and not needs.threads:
        return
    for row in find(connection, _MARKERS, ids=texts(needs.markers), thread_ids=texts(needs.threads)):
        marker = marker_from(row)
        view.markers[marker.id] = marker
        view.marker_of_thread[marker.thread_id] = marker.id
        needs.rooms |= {marker.room_id, marker.thread_id}


def _load_rooms(connection: Connection, view: View, needs: Needs) -> None:
    for room in lock_rooms(connection, needs.rooms):
        view.rooms[room.id] = room


def _count_pictures(connection: Connection, view: View, batch: Sequence[Asked]) -> None:
    """Count a tenant's pictures where one more may be begun: seldom, and by an index of its own.

    Not for who may begin none: a picture that is not there takes them as long as one that they may not know of.
    """
    begun = {
        command.tenant_id
        for command, by in batch
        if isinstance(command, CreateMarker)
        and command.picture not in view.rooms
        and by.settings.pictures.includes(by.principal.role)
    }
    if begun:  # locked: as many nodes as begin pictures of a tenant count them one after the other
        find(connection, _TENANTS, ids=texts(begun)).all()
    rooms = tables.rooms.c
    for tenant_id in begun:
        query = select(func.count()).select_from(tables.rooms)
        counted = query.where(rooms.tenant_id == tenant_id, rooms.kind == literal_column("'picture'"))
        view.pictures[tenant_id] = connection.execute(counted).scalar_one()
