"""What was used, written down: many nodes add to the same rows, each batch once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from imagechat.model.entities import RoomKind
from imagechat.model.ids import RoomId, tenant_of
from imagechat.model.usage import OF_PICTURES, OF_TENANTS, Key, Tally, by_tenant, tenant_in
from imagechat.store import tables
from imagechat.store.node_rows import NodeRow, write_report
from imagechat.store.rows import Values
from imagechat.store.statements import find, one_of, texts

PICTURES_KEPT_DAYS = 400
"""How long it is known what each picture used; of a tenant it is kept for as long as the tenant."""

_tenant = tables.tenants.c
_TENANTS = (
    select(_tenant.id)
    .where(one_of(_tenant.id, "ids"))
    .order_by(_tenant.id)
    .with_for_update(read=True, key_share=True)  # that none is deleted meanwhile
)
_room = tables.rooms.c
_ROOMS = select(_room.id, _room.kind, _room.picture_id).where(one_of(_room.id, "ids"))
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Batch:
    """What a node counted in some seconds, and the how manieth batch of that node it is."""

    number: int
    tallies: Mapping[Key, Tally]


def write_down(connection: Connection, node: NodeRow, batch: Batch | None) -> None:
    """Write a node's report, and add a batch to what was used, unless it was added before.

    A write of which nobody knows whether it was made is simply made again: the node's row holds the number of the last
    batch, from the same transaction. What is of no tenant, or of one that is not there any more, is dropped.
    """
    written = write_report(connection, node, 0 if batch is None else batch.number)
    if batch is None or written >= batch.number:
        return
    names = find(connection, _TENANTS, ids=texts({tenant_in(place) for _, place in batch.tallies}))
    tenants = {row.id for row in names}
    tallies = {key: tally for key, tally in batch.tallies.items() if tenant_in(key[1]) in tenants}
    of_tenants = [
        {"tenant_id": tenant_id, "day": day, "created_at": node.at} | _numbers(tally, OF_TENANTS)
        for (day, tenant_id), tally in by_tenant(tallies).items()
    ]
    of_pictures = [
        {"tenant_id": tenant_of(picture), "day": day, "room_id": picture} | _numbers(tally, OF_PICTURES)
        for (day, picture), tally in _by_picture(connection, tallies).items()
    ]
    _add(connection, tables.usage, ("tenant_id", "day"), OF_TENANTS, of_tenants)
    _add(connection, tables.picture_usage, ("tenant_id", "day", "room_id"), OF_PICTURES, of_pictures)


def drop_old_pictures(connection: Connection, today: int, chunk: int) -> int:
    """Delete some of what pictures used more than `PICTURES_KEPT_DAYS` before a day; return how many rows went."""
    columns = tables.picture_usage.c
    known = columns.tenant_id.in_(select(tables.tenants.c.id))  # by tenants, of which an index has the days
    old = select(columns.tenant_id, columns.day).where(known, columns.day < today - PICTURES_KEPT_DAYS).limit(1)
    oldest = connection.execute(old).one_or_none()
    return 0 if oldest is None else _drop(connection, oldest, chunk)


def drop_pictures_of(connection: Connection, tenant_id: str, chunk: int) -> int:
    """Delete some of what a tenant's pictures used; return how many rows went."""
    columns = tables.picture_usage.c
    any_day = select(columns.tenant_id, columns.day).where(columns.tenant_id == tenant_id).limit(1)
    found = connection.execute(any_day).one_or_none()
    return 0 if found is None else _drop(connection, found, chunk)


def _drop(connection: Connection, of: Any, chunk: int) -> int:
    """Delete some rows of a tenant and day."""
    columns = tables.picture_usage.c
    there = (columns.tenant_id == of.tenant_id) & (columns.day == of.day)
    chosen = select(columns.room_id).where(there).limit(chunk)
    return connection.execute(delete(tables.picture_usage).where(there, columns.room_id.in_(chosen))).rowcount


def _by_picture(connection: Connection, tallies: Mapping[Key, Tally]) -> dict[tuple[int, RoomId], Tally]:
    """Return what was used of pictures that are there: what threads used is their picture's."""
    rooms = {place for _, place in tallies if place != tenant_in(place)}
    pictures = {
        row.id: RoomId(row.id if row.kind == RoomKind.PICTURE else row.picture_id)
        for row in find(connection, _ROOMS, ids=texts(rooms))
        if row.kind == RoomKind.PICTURE or row.picture_id is not None
    }
    found: dict[tuple[int, RoomId], Tally] = {}
    for (day, place), tally in tallies.items():
        if place in pictures:
            found.setdefault((day, pictures[place]), Tally()).add(tally)
    return {key: tally for key, tally in found.items() if any(_numbers(tally, OF_PICTURES).values())}


def _numbers(tally: Tally, names: Sequence[str]) -> Values:
    return {name: getattr(tally, name) for name in names}


def _add(
    connection: Connection, table: Table, key: Sequence[str], numbers: Sequence[str], rows: Sequence[Values]
) -> None:
    """Add numbers to rows, which are made where they are not there; in one order, as other nodes do too."""
    if not rows:
        return
    inserting = _INSERTS[connection.dialect.name](table)
    adding = inserting.on_conflict_do_update(
        index_elements=list(key), set_={name: table.c[name] + inserting.excluded[name] for name in numbers}
    )
    connection.execute(adding, sorted(rows, key=lambda row: [row[name] for name in key]))
