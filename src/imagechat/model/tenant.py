"""Tenants: isolated customers of one server, what each has set, its keys, and whom it has sent away."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from imagechat.model.errors import BANNED, TENANT_DISABLED, UNAUTHORIZED, Refusal
from imagechat.model.ids import erased_name
from imagechat.model.principal import OPERATOR, Principal, Role
from imagechat.model.quotas import Quotas
from imagechat.model.spam import SpamSettings
from imagechat.model.times import iso


class Who(StrEnum):
    """For whom something is."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    MODERATORS = "moderators"
    ADMINS = "admins"

    def includes(self, role: Role) -> bool:
        """Tell whether a role is among them."""
        return role in _ROLES[self]


_ROLES = {
    Who.EVERYONE: frozenset(Role),
    Who.MEMBERS: frozenset(Role) - {Role.ANONYMOUS},
    Who.MODERATORS: frozenset({Role.MODERATOR, Role.ADMIN}),
    Who.ADMINS: frozenset({Role.ADMIN}),
}


class Approval(StrEnum):
    """Whose words wait for a moderator before anybody else sees them."""

    NOBODY = "nobody"
    ANONYMOUS = "anonymous"
    VISITORS = "visitors"
    """Everybody but moderators and admins."""

    def holds(self, role: Role) -> bool:
        """Tell whether what a role writes waits."""
        return role in _HELD[self]


_HELD = {
    Approval.NOBODY: frozenset[Role](),
    Approval.ANONYMOUS: frozenset({Role.ANONYMOUS}),
    Approval.VISITORS: frozenset({Role.ANONYMOUS, Role.MEMBER}),
}


class JwtAlgorithm(StrEnum):
    """How a tenant's own tokens are signed; a token that says otherwise is refused."""

    HS256 = "HS256"
    RS256 = "RS256"
    EDDSA = "EdDSA"


class Jwt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether a tenant's tokens are taken as SSO; for `HS256` the API key signs, else a key of `jwks` (a JWK set)."""

    algorithm: JwtAlgorithm
    jwks: dict[str, object] = msgspec.field(default_factory=dict)
    issuer: str | None = None


class TenantSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a tenant has set; everything has a default."""

    domains: Annotated[tuple[str, ...], Meta(description="hosts of the pages that may embed its pictures")] = ()
    anonymous: Annotated[bool, Meta(description="visitors need not sign in")] = True
    pictures: Annotated[Who, Meta(description="who may begin a new picture")] = Who.EVERYONE
    create: Annotated[Who, Meta(description="who may put markers")] = Who.EVERYONE
    comment: Annotated[Who, Meta(description="who may comment")] = Who.EVERYONE
    approval: Annotated[Approval, Meta(description="whose words wait for a moderator")] = Approval.NOBODY
    read_only: Annotated[bool, Meta(description="nothing can be written")] = False
    log_days: Annotated[int, Meta(description="days that its event log goes back", ge=1, le=36_500)] | None = None
    limits: Annotated[Quotas, Meta(description="how much its visitors may do")] = Quotas()
    spam: Annotated[SpamSettings, Meta(description="what waits for a moderator")] = SpamSettings()
    jwt: Annotated[Jwt | None, Meta(description="tokens of its own that sign people in")] = None


DEFAULTS = TenantSettings()


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a tenant. `digest` is for comparing (SHA-256, hex), `sealed` is the key, encrypted with the server's.

    It is valid until `retires_at` (ms since 1970); None is for ever.
    """

    id: str
    digest: str
    sealed: str
    created_at: str
    retires_at: int | None = None


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """A right that was taken: a ban until `until` (ms since 1970; None is for ever), or sessions that were ended."""

    id: str
    kind: str
    subject: str
    is_ban: bool
    created_at: int
    until: int | None = None
    reason: str = ""
    by: str = ""


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant as a node knows it: one moment of its rows."""

    id: str
    name: str
    created_at: str
    disabled: bool = False
    settings: TenantSettings = DEFAULTS
    keys: tuple[ApiKey, ...] = ()
    revocations: Mapping[tuple[str, str], tuple[Revocation, ...]] = {}

    def live_keys(self, now: int) -> list[ApiKey]:
        """Return the keys that are valid at `now` (ms since 1970), the newest first."""
        return [key for key in self.keys if key.retires_at is None or key.retires_at > now]

    def has_banned_text(self, digest: str, now: int) -> bool:
        """Tell whether a text waits for a moderator at `now` (ms since 1970), because another one like it was spam."""
        bans = self.revocations.get((TEXT, digest), ())
        return any(ban.until is None or ban.until > now for ban in bans)

    @property
    def jwks_id(self) -> str:
        """What stands for a key where one of its JWK set vouched; a later tenant by the same id has another."""
        return f"jwks {self.created_at}"


USER, SESSION, ADDRESS, TEXT = "user", "session", "address", "text"
"""What a revocation names its subject by; an address is a digest, and so is a text that waits for a moderator."""


def admit(tenant: Tenant, principal: Principal, now: int) -> None:
    """Let a caller pass whose rights were not taken; `now` is in ms since 1970.

    Raises `Refusal`: `tenant-disabled`, `banned`, or `unauthorized` for a session that was ended or whose key retired.
    """
    if tenant.disabled:
        raise Refusal(TENANT_DISABLED, "This tenant is switched off: ask who runs the server.")
    if principal.user_id == OPERATOR:
        return  # nobody here may send away who runs the server
    by = principal.key_id
    if by is not None and by != tenant.jwks_id and all(key.id != by for key in tenant.live_keys(now)):
        raise Refusal(UNAUTHORIZED, "The key that signed you in is not valid any more: sign in again.")
    if not tenant.revocations:
        return
    erased = erased_name(tenant.id, principal.user_id)
    subjects = (USER, principal.user_id), (USER, erased), (SESSION, principal.session_id), (ADDRESS, principal.address)
    for place in subjects:
        for revocation in tenant.revocations.get(place, ()):
            _stop(revocation, principal, now)


def _stop(revocation: Revocation, principal: Principal, now: int) -> None:
    if revocation.until is not None and revocation.until <= now:
        return
    if revocation.is_ban:
        until = "" if revocation.until is None else f" until {iso(revocation.until)}"
        raise Refusal(BANNED, f"You were banned here{until}: ask a moderator.")
    if revocation.kind == SESSION or principal.since <= revocation.created_at:
        raise Refusal(UNAUTHORIZED, "This session was ended: sign in again, or drop it for a new one.")
