"""What a node does about news: notices, which every node reads, and what was just committed here."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

from imagechat.bus.base import Bus
from imagechat.live.hub import Hub
from imagechat.live.inbox import Inbox
from imagechat.model.commands import OpinionCommand
from imagechat.model.ids import is_inbox, tenant_of
from imagechat.store.database import Database
from imagechat.store.group_commit import GroupDone
from imagechat.store.inbox import read_newest
from imagechat.store.notices import Notice
from imagechat.store.standings import Standings


class Heeding:
    """Has everything that a node remembers heed a notice."""

    def __init__(self, standings: Standings, hub: Hub, inbox: Inbox) -> None:
        """Tell these."""
        self._standings = standings
        self._hub = hub
        self._inbox = inbox

    async def heed(self, notice: Notice) -> None:
        """Forget, read again, or tell moderators, as a notice asks for."""
        if notice.room_id is not None and is_inbox(notice.room_id):
            self._inbox.heed(notice.tenant_id)
        elif notice.room_id is not None:
            await self._hub.reread(notice.room_id)
        else:
            self._standings.forget(notice.tenant_id, notice.user_id)
            await self._hub.heed(notice.tenant_id, notice.user_id)

    def remembered(self) -> list[Notice]:
        """Return the notices that would make the node forget all that notices are about."""
        rooms = self._hub.rooms
        tenants = self._standings.remembered | {tenant_of(room_id) for room_id in rooms}
        return [*map(Notice, sorted(tenants)), *(Notice(tenant_of(each), room_id=each) for each in rooms)]


def inbox_of_node(hub: Hub, bus: Bus, database: Database, now: Callable[[], int]) -> Inbox:
    """Return the inboxes of a node's tenants, which look into its database for what no hint told."""

    async def newest(tenant_ids: Collection[str]) -> Mapping[str, object]:
        return await database.read(partial(read_newest, tenant_ids=tenant_ids))

    return Inbox(hub.rooms, bus, newest, now)


def telling(inbox: Inbox) -> Callable[[GroupDone], None]:
    """Return what tells moderators of a group of commands, also of what waits; votes are nothing to look through."""

    def tell(done: GroupDone) -> None:
        pairs = zip(done.submitted, done.outcomes, strict=True)
        inbox.written(
            submitted.command.tenant_id
            for submitted, outcome in pairs
            if not isinstance(outcome, Exception) and not isinstance(submitted.command, OpinionCommand)
        )

    return tell
