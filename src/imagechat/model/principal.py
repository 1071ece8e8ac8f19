"""Who is calling."""

from enum import StrEnum

import msgspec

OPERATOR = "operator"
"""Who runs the server, on the command line or in the dashboard. Nobody signs in by this id."""


class Role(StrEnum):
    """What a caller is to a tenant."""

    ANONYMOUS = "anonymous"
    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Principal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An authenticated caller of one tenant; sessions and tickets are this, signed.

    `groups` are those whose private pictures are open to the caller; None is all of them. `since` is when the session
    began (ms since 1970), `key_id` the tenant's key that vouched for it, or its `jwks_id`. `address` is the digest of
    the network that the caller comes from; it belongs to a request, and is in no token.
    """

    tenant_id: str
    user_id: str
    session_id: str
    role: Role = Role.ANONYMOUS
    name: str | None = None
    avatar: str | None = None
    groups: tuple[str, ...] | None = ()
    since: int = 0
    key_id: str | None = None
    address: str = ""

    @property
    def moderates(self) -> bool:
        """Whether the caller may act on what others made."""
        return self.role in {Role.MODERATOR, Role.ADMIN}
