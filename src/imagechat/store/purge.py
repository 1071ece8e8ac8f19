"""A tenant that is deleted: everything it had, a few rows at a time."""

from secrets import token_hex

from sqlalchemy import ColumnElement, Connection, Table, delete, select, update

from imagechat.model.principal import OPERATOR
from imagechat.store import tables
from imagechat.store.audit import Act, write_act
from imagechat.store.notices import Notice, note
from imagechat.store.read_marks import drop_marks_of
from imagechat.store.tenant_rows import in_tenant
from imagechat.store.tenants import existing
from imagechat.store.usage_rows import drop_pictures_of

CHUNK = 2_000
"""Rows in one transaction at most; a node that runs writes in between."""

_BY_ROOM = ((tables.events, "room_id"), (tables.comments, "thread_id"), (tables.markers, "room_id"))
_BY_TENANT = (
    tables.rooms,
    tables.people,
    tables.revocations,
    tables.held,
    tables.deletions,
    tables.api_keys,
    tables.reviewed,
    tables.opinions,
    tables.operator_sessions,
    tables.usage,
)


def purge(connection: Connection, tenant_id: str) -> bool:
    """Delete some of what a tenant that is switched off has; False when nothing is left but the tenant itself.

    Receipts stay until they are too old, and the operator's acts: they name nobody. Raises `ValueError` when it is not
    switched off.
    """
    if not existing(connection, tenant_id).disabled:
        msg = f"switch {tenant_id!r} off first: imagechat tenant disable {tenant_id}"
        raise ValueError(msg)
    for table, column in _BY_ROOM:
        if _delete_some(connection, table, in_tenant(table.c[column], tenant_id)):
            return True
    if drop_pictures_of(connection, tenant_id, CHUNK) or drop_marks_of(connection, tenant_id, CHUNK):
        return True
    if any(_delete_some(connection, table, table.c.tenant_id == tenant_id) for table in _BY_TENANT):
        return True
    audit = tables.audit.c
    return _delete_some(connection, tables.audit, (audit.tenant_id == tenant_id) & (audit.who != OPERATOR))


def end_tenant(connection: Connection, tenant_id: str, now: int) -> None:
    """Delete a tenant that was purged. What is made by its name later begins another history (SEQ3)."""
    connection.execute(delete(tables.tenants).where(tables.tenants.c.id == tenant_id))
    connection.execute(update(tables.history).values(epoch=token_hex(6)))
    write_act(connection, Act(tenant_id, now, OPERATOR, "delete the tenant", tenant_id))
    note(connection, Notice(tenant_id), now)


def _delete_some(connection: Connection, table: Table, where: ColumnElement[bool]) -> bool:
    key = next(iter(table.primary_key))
    if len(table.primary_key) > 1:  # a tenant's own, by tenant: few and small
        return connection.execute(delete(table).where(where)).rowcount > 0
    chosen = select(key).where(where).limit(CHUNK)
    return connection.execute(delete(table).where(key.in_(chosen))).rowcount > 0
