"""Whoever runs the server, in a browser: what a link and a session are, and whom a session makes its holder."""

from secrets import token_urlsafe

import msgspec

from imagechat.model.principal import OPERATOR, Principal, Role
from imagechat.model.sealing import digest_of

LINK_MINUTES = 15.0
"""How long a link opens the dashboard; once."""
SESSION_MS = 12 * 3_600_000
"""How long a session lasts that began with a link."""

_PREFIX = "op_"


class OperatorSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session of the operator's; `digest` is of its token. Times are in ms since 1970.

    `tenant_id` is the one tenant that it is for; None is all.
    """

    digest: str
    tenant_id: str | None
    created_at: int
    expires_at: int

    def opens(self, tenant_id: str) -> bool:
        """Tell whether it is for a tenant."""
        return self.tenant_id is None or self.tenant_id == tenant_id

    def principal(self, tenant_id: str) -> Principal:
        """Return the operator as a caller of a tenant: an admin, known by what is no secret."""
        return Principal(
            tenant_id=tenant_id,
            user_id=OPERATOR,
            session_id=self.digest,
            role=Role.ADMIN,
            name="Operator",
            groups=None,
            since=self.created_at,
        )


def new_secret() -> str:
    """Return what a link holds, or a session's token: 256 bits of chance, with a mark that scanners can look for."""
    return _PREFIX + token_urlsafe(32)


def digest_if_operators(token: str | None) -> str | None:
    """Return what a token is looked up by that says to be the operator's; None for any other."""
    return digest_of(token) if token is not None and token.startswith(_PREFIX) else None


def is_operator(principal: Principal) -> bool:
    """Tell whether a caller is the operator. Nobody signs in by that id, and no tenant vouches for it."""
    return principal.user_id == OPERATOR


def lasts_until(principal: Principal, otherwise: int) -> int:
    """Return when a ticket of a caller ends at the latest: the operator's no later than its session (ms since 1970)."""
    return min(otherwise, principal.since + SESSION_MS) if is_operator(principal) else otherwise
