"""What was used, read: by day, by tenant, by picture. Days are days since 1970, in UTC, and both ends count."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select

from imagechat.model.usage import OF_PICTURES, OF_TENANTS, Tally
from imagechat.store import tables


@dataclass(frozen=True, slots=True)
class DayUsage:
    """What was used on a day; `created_at` is when that day's first use was written, in ms since 1970."""

    day: int
    created_at: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class TenantUsage:
    """What a tenant used."""

    tenant_id: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class PictureUsage:
    """What a picture used."""

    url_id: str
    title: str | None
    tally: Tally


def read_days(connection: Connection, first: int, last: int, tenant_id: str | None = None) -> list[DayUsage]:
    """Return the days on which a tenant used anything, or any tenant did, the oldest first."""
    columns = tables.usage.c
    query = select(columns.day, func.min(columns.created_at).label("created_at"), *_sums(tables.usage, OF_TENANTS))
    chosen = query.where(_of(tables.usage, tenant_id), columns.day.between(first, last))
    rows = connection.execute(chosen.group_by(columns.day).order_by(columns.day))
    return [DayUsage(row.day, row.created_at, _tally(row, OF_TENANTS)) for row in rows]


def read_tenants_usage(
    connection: Connection, first: int, last: int, tenant_id: str | None = None
) -> list[TenantUsage]:
    """Return what each tenant that used anything used, or one of them did, by id."""
    columns = tables.usage.c
    query = select(columns.tenant_id, *_sums(tables.usage, OF_TENANTS))
    chosen = query.where(_of(tables.usage, tenant_id), columns.day.between(first, last))
    rows = connection.execute(chosen.group_by(columns.tenant_id).order_by(columns.tenant_id))
    return [TenantUsage(row.tenant_id, _tally(row, OF_TENANTS)) for row in rows]


def read_pictures_usage(
    connection: Connection, first: int, last: int, tenant_id: str, limit: int
) -> list[PictureUsage]:
    """Return what a tenant's pictures used, the first `limit` of them, those with the most messages first."""
    columns, rooms = tables.picture_usage.c, tables.rooms.c
    sums = _sums(tables.picture_usage, OF_PICTURES)
    query = select(columns.room_id, *sums).where(columns.tenant_id == tenant_id, columns.day.between(first, last))
    used = query.group_by(columns.room_id).order_by(sums[0].desc(), columns.room_id).limit(limit).subquery()
    chosen: Select[Any] = (
        select(used, rooms.url_id, rooms.title)
        .join(tables.rooms, rooms.id == used.c.room_id)
        .order_by(used.c.messages.desc(), used.c.room_id)
    )
    return [PictureUsage(row.url_id, row.title, _tally(row, OF_PICTURES)) for row in connection.execute(chosen)]


def _of(table: Table, tenant_id: str | None) -> ColumnElement[bool]:
    if tenant_id is not None:
        return table.c.tenant_id == tenant_id
    return table.c.tenant_id.in_(select(tables.tenants.c.id))  # by each tenant's days, of which there is an index


def _sums(table: Table, names: tuple[str, ...]) -> list[Any]:
    return [func.sum(table.c[name]).label(name) for name in names]


def _tally(row: Row[Any], names: tuple[str, ...]) -> Tally:
    found = Tally()
    for name in names:
        setattr(found, name, int(getattr(row, name)))  # PostgreSQL's sums are of another kind
    return found
