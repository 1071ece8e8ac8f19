"""How callers stand with their tenants now: what this node remembers of tenants, keys, bans and people.

Whoever asks gets today's answer: a notice (see `notices.py`) makes the node forget what it remembers of whom the notice
is about, and what was being read of them meanwhile is read again. Others do not wait for that.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Connection

from imagechat.model.errors import INVALID_TENANT_ID, UNAUTHORIZED, Refusal
from imagechat.model.ids import TENANT_ID
from imagechat.model.operators import OperatorSession, is_operator
from imagechat.model.principal import Principal, Role
from imagechat.model.tenant import Tenant, admit
from imagechat.store.database import Database
from imagechat.store.operator_sessions import read_session
from imagechat.store.people import Vouched, read_person
from imagechat.store.tenants import read_tenant

REMEMBERED_PEOPLE = 20_000
OPERATOR_ENDED = "This session was ended, or its time is over: imagechat dashboard-link gives a new link."

PersonKey = tuple[str, str]
Key = tuple[str, str | None]
"""A tenant and one of its people, or the tenant itself."""


class Standings:
    """Reads what is not remembered."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        """Read from `database`; `now` gives milliseconds since 1970."""
        self._database = database
        self._now = now
        self._tenants: dict[str, Tenant] = {}
        self._people: OrderedDict[PersonKey, Vouched | None] = OrderedDict()
        self._reading: dict[Key, asyncio.Task[Any]] = {}
        self._looked_at = now()

    async def tenant(self, tenant_id: str) -> Tenant:
        """Return a tenant. Raises `Refusal` (`invalid-tenant-id`)."""
        while (known := self._tenants.get(tenant_id)) is None:
            found = None
            if TENANT_ID.fullmatch(tenant_id):
                reading = partial(read_tenant, tenant_id=tenant_id)
                found = await self._read((tenant_id, None), reading, self._remember_tenant)
            if found is None:
                raise Refusal(INVALID_TENANT_ID, "There is no such tenant here: check the tenantId.")
        return known

    async def current(self, principal: Principal) -> tuple[Principal, Tenant]:
        """Return a caller as it stands now, whatever its token says, with its tenant.

        Raises `Refusal`: `invalid-tenant-id`, `tenant-disabled`, `banned`, or `unauthorized` for an ended session.
        """
        tenant = await self.tenant(principal.tenant_id)
        if is_operator(principal):
            session = await self.operator(principal.session_id)
            if session is None or not session.opens(tenant.id):
                raise Refusal(UNAUTHORIZED, OPERATOR_ENDED)
        elif principal.role is not Role.ANONYMOUS:
            vouched = await self.vouched(principal.tenant_id, principal.user_id)
            if vouched is not None:
                principal = vouched.person.as_principal(principal)
        admit(tenant, principal, self._now())
        return principal, tenant

    async def operator(self, digest: str) -> OperatorSession | None:
        """Return a session of the operator's that lasts, if there is one. Nothing of it is remembered."""
        return await self._database.read(partial(read_session, digest=digest, now=self._now()))

    async def vouched(self, tenant_id: str, user_id: str) -> Vouched | None:
        """Return what is known of somebody who signed in; None of those whom only a token vouches for."""
        key = tenant_id, user_id
        while key not in self._people:
            reading = partial(read_person, tenant_id=tenant_id, user_id=user_id)
            await self._read(key, reading, partial(self._remember_person, key))
        self._people.move_to_end(key)
        return self._people[key]

    def retired(self) -> list[str]:
        """Return the tenants of which a key has retired since this was asked last."""
        before, self._looked_at = self._looked_at, self._now()
        return [
            tenant.id
            for tenant in self._tenants.values()
            if any(key.retires_at is not None and before < key.retires_at <= self._looked_at for key in tenant.keys)
        ]

    @property
    def remembered(self) -> set[str]:
        """The tenants of which something is remembered, or being read."""
        return {*self._tenants, *(key[0] for key in self._people), *(key[0] for key in self._reading)}

    def forget(self, tenant_id: str, user_id: str | None) -> None:
        """Remember a tenant, or one of its people, no more."""
        if user_id is not None:
            self._people.pop((tenant_id, user_id), None)
            self._reading.pop((tenant_id, user_id), None)
            return
        self._tenants.pop(tenant_id, None)
        for key in [key for key in self._people if key[0] == tenant_id]:
            del self._people[key]
        for reading in [key for key in self._reading if key[0] == tenant_id]:
            del self._reading[reading]

    def _remember_tenant(self, found: Tenant | None) -> None:
        if found is not None:
            self._tenants[found.id] = found

    def _remember_person(self, key: PersonKey, found: Vouched | None) -> None:
        self._people[key] = found
        if len(self._people) > REMEMBERED_PEOPLE:
            self._people.popitem(last=False)

    async def _read(self, key: Key, reading: Callable[[Connection], Any], remember: Callable[[Any], None]) -> Any:
        """Read for all who ask at once; it is remembered unless a notice came meanwhile."""
        task = self._reading.get(key)
        if task is None:
            task = self._reading[key] = asyncio.get_running_loop().create_task(self._learn(key, reading, remember))
            task.add_done_callback(lambda task: task.cancelled() or task.exception())  # nobody may be waiting any more
        return await asyncio.shield(task)

    async def _learn(self, key: Key, reading: Callable[[Connection], Any], remember: Callable[[Any], None]) -> Any:
        found, this = None, asyncio.current_task()
        try:
            found = await self._database.read(reading)
        finally:
            is_current = self._reading.get(key) is this  # else it may be what was before a change
            if is_current:
                del self._reading[key]
        if is_current:
            remember(found)
        return found
