"""How callers stand with their tenants now: what this node remembers of tenants, keys, bans and people.

Whoever asks gets today's answer: a notice (see `notices.py`) makes the node forget what it remembers, and what was
being read meanwhile is read again.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from imagechat.model.errors import INVALID_TENANT_ID, Refusal
from imagechat.model.ids import TENANT_ID
from imagechat.model.principal import Principal, Role
from imagechat.model.tenant import Tenant, admit
from imagechat.store.database import Database
from imagechat.store.people import Vouched, read_person
from imagechat.store.tenants import read_tenant

REMEMBERED_PEOPLE = 20_000

PersonKey = tuple[str, str]


class Standings:
    """Reads what is not remembered."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        """Read from `database`; `now` gives milliseconds since 1970."""
        self._database = database
        self._now = now
        self._tenants: dict[str, Tenant] = {}
        self._people: OrderedDict[PersonKey, Vouched | None] = OrderedDict()
        self._forgotten = 0
        self._looked_at = now()

    async def tenant(self, tenant_id: str) -> Tenant:
        """Return a tenant. Raises `Refusal` (`invalid-tenant-id`)."""
        while True:
            known = self._tenants.get(tenant_id)
            if known is not None:
                return known
            before, found = self._forgotten, None
            if TENANT_ID.fullmatch(tenant_id):
                found = await self._database.read(partial(read_tenant, tenant_id=tenant_id))
            if found is None:
                raise Refusal(INVALID_TENANT_ID, "There is no such tenant here: check the tenantId.")
            if before == self._forgotten:  # else it may be what was before a change
                self._tenants[tenant_id] = found

    async def current(self, principal: Principal) -> tuple[Principal, Tenant]:
        """Return a caller as it stands now, whatever its token says, with its tenant.

        Raises `Refusal`: `invalid-tenant-id`, `tenant-disabled`, `banned`, or `unauthorized` for an ended session.
        """
        tenant = await self.tenant(principal.tenant_id)
        if principal.role is not Role.ANONYMOUS:
            vouched = await self.vouched(principal.tenant_id, principal.user_id)
            if vouched is not None:
                principal = vouched.person.as_principal(principal)
        admit(tenant, principal, self._now())
        return principal, tenant

    async def vouched(self, tenant_id: str, user_id: str) -> Vouched | None:
        """Return what is known of somebody who signed in; None of those whom only a token vouches for."""
        key = tenant_id, user_id
        while True:
            if key in self._people:
                self._people.move_to_end(key)
                return self._people[key]
            before = self._forgotten
            found = await self._database.read(partial(read_person, tenant_id=tenant_id, user_id=user_id))
            if before == self._forgotten:
                self._people[key] = found
                if len(self._people) > REMEMBERED_PEOPLE:
                    self._people.popitem(last=False)

    def retired(self) -> list[str]:
        """Return the tenants of which a key has retired since this was asked last."""
        before, self._looked_at = self._looked_at, self._now()
        return [
            tenant.id
            for tenant in self._tenants.values()
            if any(key.retires_at is not None and before < key.retires_at <= self._looked_at for key in tenant.keys)
        ]

    def forget(self, tenant_id: str, user_id: str | None) -> None:
        """Remember a tenant, or one of its people, no more."""
        self._forgotten += 1
        if user_id is not None:
            self._people.pop((tenant_id, user_id), None)
        else:
            self._tenants.pop(tenant_id, None)
            for key in [key for key in self._people if key[0] == tenant_id]:
                del self._people[key]
