"""What the routes work with; wiring.py fills it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from imagechat.bus.base import Bus
from imagechat.http.dashboard_bodies import NodeSeen
from imagechat.http.limiter import Limiter
from imagechat.live.hub import Hub
from imagechat.model.counting import Counting
from imagechat.model.finding import Finding
from imagechat.model.operators import lasts_until
from imagechat.model.principal import Principal
from imagechat.model.sealing import Seal
from imagechat.model.spam import RecentTexts
from imagechat.model.tenant import Tenant
from imagechat.model.tokens import Tokens
from imagechat.store.database import Database
from imagechat.store.group_commit import GroupCommit
from imagechat.store.keeping_read import KeepingRead
from imagechat.store.metering import Meter
from imagechat.store.notices import Notices
from imagechat.store.person_data import Subject
from imagechat.store.person_erasing import Erased
from imagechat.store.standings import Standings
from imagechat.store.watched_database import WatchedDatabase

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Services:
    """Built once per node."""

    database: Database
    storage: WatchedDatabase
    group_commit: GroupCommit
    keeping_read: KeepingRead
    bus: Bus
    hub: Hub
    standings: Standings
    notices: Notices
    limiter: Limiter
    counting: Counting
    meter: Meter
    recent: RecentTexts
    tokens: Tokens
    seal: Seal
    now: Callable[[], int]
    ticket_ms: int
    session_ms: int
    examine: Callable[[], list[Finding]]
    """Looks the installation over, for as long as that takes."""
    seen: NodeSeen
    erase: Callable[[Subject, Principal], Erased]
    """Erases a person as somebody, for as long as that takes. Raises what opening the database does."""
    draining: bool = False
    _opened: dict[str, str] = field(default_factory=dict)

    @property
    def trouble(self) -> str:
        """What is wrong with a node that can serve, in words; empty while all is well."""
        return "; ".join(filter(None, (self.storage.trouble, self.bus.trouble)))

    def ticket(self, principal: Principal) -> str:
        """Return a ticket for the live channel that is valid from now."""
        return self.tokens.ticket(principal, lasts_until(principal, self.now() + self.ticket_ms))

    def is_old(self, principal: Principal) -> bool:
        """Tell whether a session is so old that the caller gets it anew. Half of its life is left then."""
        return principal.since > 0 and principal.since < self.now() - self.session_ms // 2

    def is_over(self, principal: Principal) -> bool:
        """Tell whether a session's life is over."""
        return principal.since > 0 and principal.since <= self.now() - self.session_ms

    def api_keys(self, tenant: Tenant) -> list[tuple[str, str]]:
        """Return a tenant's valid keys, (id, key) in the clear; one that cannot be unsealed is left out, and logged."""
        found = []
        for key in tenant.live_keys(self.now()):
            if key.id not in self._opened:
                try:
                    self._opened[key.id] = self.seal.open(key.sealed, key.id)
                except ValueError as error:
                    logger.error("tenant %s: %s", tenant.id, error)  # noqa: TRY400 -- a line for the operator
                    self._opened[key.id] = ""
            if self._opened[key.id]:
                found.append((key.id, self._opened[key.id]))
        return found
