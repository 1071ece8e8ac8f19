"""How much a tenant lets its visitors do, and which buckets an operation is paid from."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from imagechat.model.principal import Principal
from imagechat.model.rate_limits import Charge, Limit

MODERATORS_TIMES = 10
"""How much more moderators may read and change; from buckets of their own, so that a flood does not keep them out."""

MINUTE = 60.0

Number = Annotated[int, Meta(ge=1, le=1_000_000_000)] | None


class Kind(StrEnum):
    """What is counted apart."""

    COMMENT = "comment"
    MARKER = "marker"
    CHANGE = "change"
    READ = "read"


class Quotas(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A tenant's limits, those of operations by the minute; `None` is no limit.

    A change is an edit, a deletion or a move. Whoever wants none at all of something has the tenant's other settings
    for it: 0 is refused.
    """

    comments_per_session: Number = 5
    markers_per_session: Number = 30
    changes_per_session: Number = 30
    reads_per_session: Number = 120

    sessions_per_address: Number = 30
    """How many sessions' worth an address has: a class or an office shares one."""

    comments_per_tenant: Number = 3_000
    markers_per_tenant: Number = 3_000
    changes_per_tenant: Number = 6_000
    reads_per_tenant: Number = 60_000

    markers_per_picture: Number = 5_000
    comments_per_thread: Number = 10_000
    pictures_per_tenant: Number = 100_000

    def of(self, kind: Kind) -> tuple[int | None, int | None, int | None]:
        """Return how many of a kind a session, an address and the tenant may do in a minute."""
        match kind:
            case Kind.COMMENT:
                session, tenant = self.comments_per_session, self.comments_per_tenant
            case Kind.MARKER:
                session, tenant = self.markers_per_session, self.markers_per_tenant
            case Kind.CHANGE:
                session, tenant = self.changes_per_session, self.changes_per_tenant
            case Kind.READ:
                session, tenant = self.reads_per_session, self.reads_per_tenant
        shared = self.sessions_per_address
        return session, None if session is None or shared is None else session * shared, tenant


def charges(kind: Kind, quotas: Quotas, caller: Principal) -> list[Charge]:
    """Return what one operation costs: of its user first, then of its address, and its tenant.

    An anonymous visitor's user is its session; whoever signed in pays for all sessions together.

    What has no limit costs nothing.
    """
    apart = caller.moderates and kind in {Kind.CHANGE, Kind.READ}
    times = MODERATORS_TIMES if apart else 1
    name = f"moderators' {kind}" if apart else str(kind)
    keys = (
        f"{name} user {caller.tenant_id} {caller.user_id}",
        f"{name} address {caller.tenant_id} {caller.address}",
        f"{name} tenant {caller.tenant_id}",
    )
    return [
        (key, Limit(count * times, MINUTE))
        for key, count in zip(keys, quotas.of(kind), strict=True)
        if count is not None
    ]
