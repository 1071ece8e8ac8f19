"""What the routes work with; wiring.py fills it."""

from collections.abc import Callable
from dataclasses import dataclass

from imagechat.live.hub import Hub
from imagechat.model.principal import Principal
from imagechat.model.tokens import Tokens
from imagechat.store.database import Database
from imagechat.store.group_commit import GroupCommit
from imagechat.store.tenants import Tenants


@dataclass(slots=True)
class Services:
    """Built once per node."""

    database: Database
    group_commit: GroupCommit
    hub: Hub
    tenants: Tenants
    tokens: Tokens
    now: Callable[[], int]
    ticket_ms: int
    draining: bool = False

    def ticket(self, principal: Principal) -> str:
        """Return a ticket for the live channel that is valid from now."""
        return self.tokens.ticket(principal, self.now() + self.ticket_ms)
