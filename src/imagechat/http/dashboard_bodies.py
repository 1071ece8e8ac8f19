"""What the calls of the dashboard take and give that are about who is there."""

from typing import Annotated, Literal

from msgspec import Meta

from imagechat.http.bodies import Body, Success
from imagechat.model.finding import Finding
from imagechat.model.tenant import Tenant

Secret = Annotated[str, Meta(max_length=200)]


class SignInBody(Body, kw_only=True):
    """POST /dashboard/sign-in; `link` is what stands behind `#link=` in the link."""

    link: Secret


class SignedIn(Success, kw_only=True):
    """POST /dashboard/sign-in: a token for `Authorization: Bearer`, until `expiresAt` (ms since 1970)."""

    session_id: str
    expires_at: int


class Myself(Body, kw_only=True):
    """Who uses the dashboard. An operator's session for one tenant is an admin's there."""

    id: str
    name: str
    role: Literal["operator", "admin", "moderator"]
    session_id: str


class MyTenant(Body, kw_only=True):
    """A tenant that the caller has to do with."""

    id: str
    name: str
    disabled: bool

    @classmethod
    def of(cls, tenant: Tenant) -> "MyTenant":
        """Return a tenant as the dashboard lists it."""
        return cls(id=tenant.id, name=tenant.name, disabled=tenant.disabled)


class Me(Success, kw_only=True):
    """GET /api/v1/me."""

    user: Myself
    tenants: list[MyTenant]


class NodeSeen(Body, kw_only=True):
    """The node that answers; `dataDirectory` is of the embedded database's."""

    version: str
    started_at: int
    database: str
    bus: str
    data_directory: str | None = None


class Health(Success, kw_only=True):
    """GET /api/v1/health."""

    findings: list[Finding]
    node: NodeSeen
