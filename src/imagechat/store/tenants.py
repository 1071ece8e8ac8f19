"""Tenants: isolated customers of one server."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from imagechat.model.errors import INVALID_TENANT_ID, Refusal
from imagechat.model.ids import TENANT_ID
from imagechat.model.times import iso
from imagechat.store import tables
from imagechat.store.database import Database


@dataclass(frozen=True, slots=True)
class Tenant:
    """An isolated customer."""

    id: str
    name: str
    created_at: str


def create_tenant(connection: Connection, tenant_id: str, name: str, now: int) -> Tenant:
    """Make a tenant. Raises `ValueError` for an id that does not fit or is taken."""
    if not TENANT_ID.fullmatch(tenant_id):
        msg = f"{tenant_id!r} is no tenant id: use 1–64 letters, digits, '-' and '_'"
        raise ValueError(msg)
    if read_tenant(connection, tenant_id) is not None:
        msg = f"there is a tenant {tenant_id!r} already"
        raise ValueError(msg)
    tenant = Tenant(tenant_id, name, iso(now))
    connection.execute(insert(tables.tenants).values(id=tenant.id, name=tenant.name, created_at=tenant.created_at))
    return tenant


def read_tenant(connection: Connection, tenant_id: str) -> Tenant | None:
    """Return a tenant, if there is one."""
    row = connection.execute(select(tables.tenants).where(tables.tenants.c.id == tenant_id)).one_or_none()
    return None if row is None else Tenant(row.id, row.name, row.created_at)


def list_tenants(connection: Connection) -> list[Tenant]:
    """Return every tenant, by id."""
    rows = connection.execute(select(tables.tenants).order_by(tables.tenants.c.id))
    return [Tenant(row.id, row.name, row.created_at) for row in rows]


class Tenants:
    """The tenants that this node has met, so that a request does not ask the database for its own."""

    def __init__(self, database: Database) -> None:
        """Read from `database` what is not known yet."""
        self._database = database
        self._known: dict[str, Tenant] = {}

    async def get(self, tenant_id: str) -> Tenant:
        """Return a tenant. Raises `Refusal` (`invalid-tenant-id`)."""
        known = self._known.get(tenant_id)
        if known is not None:
            return known
        tenant = None
        if TENANT_ID.fullmatch(tenant_id):
            tenant = await self._database.read(_reading(tenant_id))
        if tenant is None:
            raise Refusal(INVALID_TENANT_ID, "There is no such tenant here: check the tenantId.")
        self._known[tenant_id] = tenant
        return tenant


def _reading(tenant_id: str) -> Callable[[Connection], Tenant | None]:
    return lambda connection: read_tenant(connection, tenant_id)
