"""The operator beside a running node: what the command line does to tenants, without a process for each."""

from collections.abc import Callable
from contextlib import closing
from itertools import count
from typing import Any, TypeVar

import httpx
import msgspec
from sqlalchemy import Connection

from imagechat.model.sealing import Seal
from imagechat.model.tenant import TenantSettings
from imagechat.opening import open_beside_node
from imagechat.settings import secret_key
from imagechat.store.tenants import create_tenant, existing, read_tenant, rotate_key, switch_tenant, update_tenant
from imagechat.wiring import milliseconds
from running import TENANT, TRUSTED, RunningNode
from signing import TenantServer

T = TypeVar("T")

_people = count(1)


class Operator:
    """Changes tenants; `heeded` waits until the node has read the notices of it."""

    def __init__(self, node: RunningNode) -> None:
        self._settings = node.settings
        self._seal = Seal(secret_key(self._settings))
        self._node = node
        self._clock = self.tenant("clock")

    def write(self, transaction: Callable[[Connection], T]) -> T:
        with closing(open_beside_node(self._settings)) as file:
            return file.write(transaction)

    def tenant(self, tenant_id: str, **settings: Any) -> TenantServer:
        """Make a tenant, if it is not there, and give it a key."""

        def make(connection: Connection) -> None:
            if read_tenant(connection, tenant_id) is None:
                wanted = msgspec.convert(settings, TenantSettings)
                create_tenant(connection, tenant_id, tenant_id, milliseconds(), wanted)

        self.write(make)
        return self.rotate(tenant_id)

    def rotate(self, tenant_id: str = TENANT, *, overlap_ms: int = 0) -> TenantServer:
        now = milliseconds()
        made = self.write(lambda connection: rotate_key(connection, self._seal, tenant_id, now, overlap_ms))
        return TenantServer(tenant_id, made.api_key)

    def set(self, tenant_id: str = TENANT, **changes: Any) -> None:
        """Change settings of a tenant."""

        def change(connection: Connection) -> None:
            before = msgspec.to_builtins(existing(connection, tenant_id).settings)
            wanted = msgspec.convert(before | changes, TenantSettings)
            update_tenant(connection, tenant_id, milliseconds(), settings=wanted)

        self.write(change)

    def switch(self, tenant_id: str, *, disabled: bool) -> None:
        self.write(lambda connection: switch_tenant(connection, tenant_id, milliseconds(), disabled=disabled))

    def heeded(self) -> None:
        """Return when the node has read every notice: whoever is new to it makes it look before it answers."""
        sso = self._clock.sso(f"person-{next(_people)}")
        found = httpx.get(
            self._node.url + self._clock.chats, params={"urlId": "p", "sso": sso}, timeout=30, verify=TRUSTED
        )
        assert found.status_code == 200, found.text
