"""Whether somebody may follow a room now, and how a connection that may not is closed (AUTH1, AUTH2)."""

from sys import intern
from typing import Protocol

from imagechat.model import errors, policy
from imagechat.model.access import OPEN, Access
from imagechat.model.errors import CloseKind, ErrorKind, Refusal
from imagechat.model.ids import RoomId, is_inbox
from imagechat.model.origins import check_domain, check_origin, is_own
from imagechat.model.policy import Operation, Place
from imagechat.model.principal import Principal
from imagechat.model.tenant import Tenant


class Standing(Protocol):
    """What the node knows of callers. All of it raises `ConnectionError` while that cannot be read."""

    async def tenant(self, tenant_id: str) -> Tenant:
        """Return a tenant. Raises `Refusal`."""

    async def current(self, principal: Principal) -> tuple[Principal, Tenant]:
        """Return a caller as it stands now, with its tenant. Raises `Refusal`."""


class Rights:
    """The policy, for the live channel."""

    def __init__(self, standing: Standing) -> None:
        """Ask `standing` who callers are now."""
        self._standing = standing

    async def come_from(self, tenant_id: str, origin: str | None, host: str, *, secure: bool) -> str | None:
        """Let a page pass that may use the tenant; a program that is no browser has no origin, and has its ticket.

        Return the origin of another site's page, which the tenant may send away later: one for all of its visitors.
        Raises `Refusal` (`origin-not-allowed`).
        """
        tenant = await self._standing.tenant(tenant_id)
        check_origin(origin, host, tenant, secure=secure)
        return None if origin is None or is_own(origin, host, secure=secure) else intern(origin)

    async def enter(self, principal: Principal, site: str | None, room_id: RoomId, access: Access) -> Principal:
        """Return a caller as it stands now, if it may follow a room with some access from a `site` of `come_from`'s.

        A tenant's inbox is for who moderates there. Raises `Refusal`.
        """
        current, tenant = await self._standing.current(principal)
        if site is not None:
            check_domain(site, tenant)
        operation, access = (Operation.MODERATE, OPEN) if is_inbox(room_id) else (Operation.READ, access)
        policy.check(current, operation, Place(tenant.id, tenant.settings, access))
        return current

    async def comment(self, principal: Principal, access: Access) -> Principal:
        """Return a caller as it stands now, if it may comment in a room with some access now. Raises `Refusal`."""
        current, tenant = await self._standing.current(principal)
        policy.check(current, Operation.CREATE_COMMENT, Place(tenant.id, tenant.settings, access))
        return current


_CLOSES: dict[ErrorKind, CloseKind] = {
    errors.UNAUTHORIZED: errors.TICKET_EXPIRED,
    errors.NOT_FOUND: errors.NO_SUCH_ROOM,
    errors.INVALID_TENANT_ID: errors.NO_SUCH_ROOM,
}


def close_for(refusal: Refusal) -> CloseKind:
    """Return how a connection is closed that was refused so: what its client then does stands in SPEC.md."""
    return _CLOSES.get(refusal.kind) or errors.not_allowed(refusal.kind)
