"""Tenants in the database: made, changed, given keys, switched off. Each change is noted for the nodes that run."""

import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from imagechat.model.ids import TENANT_ID
from imagechat.model.principal import OPERATOR, Principal
from imagechat.model.sealing import Seal, digest_of, new_api_key
from imagechat.model.tenant import ApiKey, Revocation, Tenant, TenantSettings
from imagechat.model.times import iso
from imagechat.store import tables
from imagechat.store.audit import Act, write_act
from imagechat.store.notices import Notice, note

_settings = msgspec.json.Decoder(TenantSettings)
_encoder = msgspec.json.Encoder()
_DOMAIN = re.compile(
    r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?|\[[0-9a-f:.]+\]"
)
_PORT = re.compile(r"\*|[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown, once."""

    id: str
    api_key: str


def create_tenant(  # noqa: PLR0913 -- what it is to be, and by whom
    connection: Connection,
    tenant_id: str,
    name: str,
    now: int,
    settings: TenantSettings | None = None,
    by: Principal | None = None,
) -> Tenant:
    """Make a tenant, without a key; in this file all acts are `by` somebody, or else the operator's.

    Raises `ValueError` for an id that does not fit or is taken.
    """
    if not TENANT_ID.fullmatch(tenant_id):
        msg = f"{tenant_id!r} is no tenant id: use 1–64 letters, digits, '-' and '_'"
        raise ValueError(msg)
    if read_tenant(connection, tenant_id) is not None:
        msg = f"there is a tenant {tenant_id!r} already"
        raise ValueError(msg)
    tenant = Tenant(id=tenant_id, name=name, created_at=iso(now), settings=settings or TenantSettings())
    connection.execute(
        insert(tables.tenants).values(
            id=tenant.id, name=tenant.name, created_at=tenant.created_at, settings=_text(tenant.settings)
        )
    )
    _noted(connection, tenant_id, "create the tenant", now, by)
    return tenant


def read_tenant(connection: Connection, tenant_id: str) -> Tenant | None:
    """Return a tenant with its keys and revocations, if there is one."""
    row = connection.execute(select(tables.tenants).where(tables.tenants.c.id == tenant_id)).one_or_none()
    if row is None:
        return None
    keys = tables.api_keys
    found = connection.execute(select(keys).where(keys.c.tenant_id == tenant_id).order_by(keys.c.created_at.desc()))
    return _tenant(row, tuple(_key(each) for each in found), _revocations(connection, tenant_id))


def list_tenants(connection: Connection) -> list[Tenant]:
    """Return every tenant, by id, without its keys."""
    rows = connection.execute(select(tables.tenants).order_by(tables.tenants.c.id))
    return [_tenant(row, (), {}) for row in rows]


def update_tenant(  # noqa: PLR0913 -- what changes, and by whom
    connection: Connection,
    tenant_id: str,
    now: int,
    *,
    name: str | None = None,
    settings: TenantSettings | None = None,
    by: Principal | None = None,
) -> Tenant:
    """Give a tenant another name or other settings. Raises `ValueError` when there is none."""
    tenant = existing(connection, tenant_id)
    changed = msgspec.structs.replace(tenant, name=name or tenant.name, settings=settings or tenant.settings)
    connection.execute(
        update(tables.tenants)
        .where(tables.tenants.c.id == tenant_id)
        .values(name=changed.name, settings=_text(changed.settings))
    )
    _noted(connection, tenant_id, "change the tenant's settings", now, by)
    return changed


def switch_tenant(
    connection: Connection, tenant_id: str, now: int, *, disabled: bool, by: Principal | None = None
) -> None:
    """Switch a tenant off, or on again. Raises `ValueError` when there is none."""
    existing(connection, tenant_id)
    connection.execute(update(tables.tenants).where(tables.tenants.c.id == tenant_id).values(disabled=disabled))
    _noted(connection, tenant_id, "switch the tenant off" if disabled else "switch the tenant on", now, by)


def rotate_key(  # noqa: PLR0913 -- whose key, sealed by what, from when on, and by whom
    connection: Connection, seal: Seal, tenant_id: str, now: int, overlap_ms: int, by: Principal | None = None
) -> NewKey:
    """Give a tenant a new key; the one before stays valid for `overlap_ms`, and all others go at once."""
    tenant = existing(connection, tenant_id)
    keys = tables.api_keys
    before = tenant.live_keys(now)
    kept = before[0].id if before and overlap_ms > 0 else None
    connection.execute(delete(keys).where(keys.c.tenant_id == tenant_id, keys.c.id != (kept or "")))
    if kept is not None:
        connection.execute(update(keys).where(keys.c.id == kept).values(retires_at=now + overlap_ms))
    made = NewKey(token_hex(6), new_api_key())
    connection.execute(
        insert(keys).values(
            id=made.id,
            tenant_id=tenant_id,
            digest=digest_of(made.api_key),
            sealed=seal.close(made.api_key, made.id),
            created_at=iso(now),
        )
    )
    _noted(connection, tenant_id, "give the tenant a new key", now, by)
    return made


def existing(connection: Connection, tenant_id: str) -> Tenant:
    """Return a tenant. Raises `ValueError` when there is none."""
    tenant = read_tenant(connection, tenant_id)
    if tenant is None:
        msg = f"there is no tenant {tenant_id!r}: `imagechat tenant list` shows those that there are"
        raise ValueError(msg)
    return tenant


def checked_domain(text: str) -> str:
    """Return a domain as it is kept: `host`, `host:port`, `host:*` or `*.host`. Raises `ValueError`."""
    domain = text.strip().lower().removesuffix(".")
    host, colon, port = domain.rpartition(":") if not domain.endswith("]") else (domain, "", "")
    if not colon:
        host, port = domain, ""
    if not _DOMAIN.fullmatch(host) or (colon and not _PORT.fullmatch(port)):
        msg = f"{text!r} is no domain: give a host such as example.com, localhost:3000 or *.example.com"
        raise ValueError(msg)
    return domain


def _noted(connection: Connection, tenant_id: str, act: str, now: int, by: Principal | None) -> None:
    who, address = (OPERATOR, "") if by is None else (by.user_id, by.address)
    write_act(connection, Act(tenant_id, now, who, act, tenant_id, address))
    note(connection, Notice(tenant_id), now)


def _tenant(row: Row[Any], keys: tuple[ApiKey, ...], revocations: dict[tuple[str, str], Any]) -> Tenant:
    return Tenant(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        disabled=bool(row.disabled),
        settings=_settings.decode(row.settings),
        keys=keys,
        revocations=revocations,
    )


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(id=row.id, digest=row.digest, sealed=row.sealed, created_at=row.created_at, retires_at=row.retires_at)


def _revocations(connection: Connection, tenant_id: str) -> dict[tuple[str, str], tuple[Revocation, ...]]:
    table = tables.revocations
    found: dict[tuple[str, str], tuple[Revocation, ...]] = {}
    for row in connection.execute(select(table).where(table.c.tenant_id == tenant_id)):
        place = row.kind, row.subject
        found[place] = (*found.get(place, ()), revocation_from(row))
    return found


def revocation_from(row: Row[Any]) -> Revocation:
    """Return the revocation of a row."""
    values = row._asdict()
    del values["tenant_id"]
    return Revocation(**(values | {"is_ban": bool(row.is_ban)}))


def _text(settings: TenantSettings) -> str:
    return _encoder.encode(settings).decode()
