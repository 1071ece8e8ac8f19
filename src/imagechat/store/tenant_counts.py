"""How much tenants hold, for the operator's list of them."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from imagechat.model.entities import RoomKind
from imagechat.store import tables
from imagechat.store.holding import WAITS


@dataclass(frozen=True, slots=True)
class TenantCounts:
    """What is there now: pictures, markers and comments on them and in threads without a marker, and what waits."""

    pictures: int = 0
    markers: int = 0
    comments: int = 0
    held: int = 0


def count_of_tenants(connection: Connection) -> dict[str, TenantCounts]:
    """Return the counts of every tenant that has anything."""
    rooms, markers, held = tables.rooms.c, tables.markers.c, tables.held.c
    found: dict[str, TenantCounts] = {}
    of_pictures = select(rooms.tenant_id, func.count(), func.sum(rooms.marker_count)).group_by(rooms.tenant_id)
    for tenant_id, pictures, count in connection.execute(of_pictures.where(rooms.kind == RoomKind.PICTURE.value)):
        found[tenant_id] = TenantCounts(pictures=pictures, markers=int(count))
    gone = select(markers.id).where(markers.thread_id == rooms.id, markers.deleted.is_(True))
    of_threads = select(rooms.tenant_id, func.sum(rooms.comment_count)).where(
        rooms.kind == RoomKind.THREAD.value, ~gone.exists()
    )
    for tenant_id, count in connection.execute(of_threads.group_by(rooms.tenant_id)):
        found[tenant_id] = replace(found.get(tenant_id, TenantCounts()), comments=int(count))
    waiting = select(held.tenant_id, func.count()).where(held.state == WAITS).group_by(held.tenant_id)
    for tenant_id, count in connection.execute(waiting):
        found[tenant_id] = replace(found.get(tenant_id, TenantCounts()), held=count)
    return found
