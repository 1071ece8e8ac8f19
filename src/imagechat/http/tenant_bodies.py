"""Tenants as the operator and their admins see and change them."""

from typing import Annotated, Any

from msgspec import Meta

from imagechat.http.bodies import Body, Success
from imagechat.model.tenant import DEFAULTS, ApiKey, Tenant
from imagechat.model.tenant_settings import filled
from imagechat.model.times import iso
from imagechat.store.tenant_counts import TenantCounts

NAME_CHARACTERS = 200
KEEP_HOURS = 24 * 366

Name = Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS)]


class TenantEntry(Body, kw_only=True):
    """A tenant in the operator's list."""

    id: str
    name: str
    disabled: bool
    created_at: str
    pictures: int
    markers: int
    comments: int
    held: int

    @classmethod
    def of(cls, tenant: Tenant, counts: TenantCounts) -> "TenantEntry":
        """Return a tenant with what it holds."""
        return cls(
            id=tenant.id,
            name=tenant.name,
            disabled=tenant.disabled,
            created_at=tenant.created_at,
            pictures=counts.pictures,
            markers=counts.markers,
            comments=counts.comments,
            held=counts.held,
        )


class TenantEntries(Success, kw_only=True):
    """GET /api/v1/tenants."""

    tenants: list[TenantEntry]


class KeyEntry(Body, kw_only=True):
    """An API key, without the key; it is valid until `retiresAt`, or for ever."""

    id: str
    created_at: str
    retires_at: str | None

    @classmethod
    def of(cls, key: ApiKey) -> "KeyEntry":
        """Return what is shown of a key."""
        retires_at = None if key.retires_at is None else iso(key.retires_at)
        return cls(id=key.id, created_at=key.created_at, retires_at=retires_at)


class TenantDetail(Body, kw_only=True):
    """A tenant with its settings, every default filled in, and what the defaults are."""

    id: str
    name: str
    disabled: bool
    created_at: str
    settings: dict[str, Any]
    defaults: dict[str, Any]
    keys: list[KeyEntry]

    @classmethod
    def of(cls, tenant: Tenant, now: int) -> "TenantDetail":
        """Return all of a tenant that admins see; keys that have retired are left out."""
        return cls(
            id=tenant.id,
            name=tenant.name,
            disabled=tenant.disabled,
            created_at=tenant.created_at,
            settings=filled(tenant.settings),
            defaults=filled(DEFAULTS),
            keys=[KeyEntry.of(key) for key in tenant.live_keys(now)],
        )


class OneTenant(Success, kw_only=True):
    """GET and PATCH /api/v1/tenants/{tenantId}."""

    tenant: TenantDetail


class NewTenantBody(Body, kw_only=True):
    """POST /api/v1/tenants."""

    id: str
    name: Name | None = None
    domains: Annotated[tuple[str, ...], Meta(max_length=1_000)] = ()


class NewTenant(Success, kw_only=True):
    """A tenant that was made, and its API key, which is shown this once."""

    tenant: TenantDetail
    api_key: str


class ChangeTenantBody(Body, kw_only=True):
    """PATCH /api/v1/tenants/{tenantId}; a setting that is null gets its default, and objects are given as a whole."""

    name: Name | None = None
    disabled: bool | None = None
    settings: dict[str, Any] | None = None


class NewKeyBody(Body, kw_only=True):
    """POST /api/v1/tenants/{tenantId}/keys: how long the key before stays valid."""

    keep_hours: Annotated[float, Meta(ge=0, le=KEEP_HOURS)] = 24.0


class NewKey(Success, kw_only=True):
    """A key, shown this once, and all that are valid now."""

    api_key: str
    keys: list[KeyEntry]
