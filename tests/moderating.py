"""What moderators do over REST, and what tenants have set, on a running node."""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from imagechat.model.principal import Role
from imagechat.model.tenant import TenantSettings
from imagechat.opening import open_beside_node
from imagechat.store.tables import metadata
from imagechat.store.tenants import update_tenant
from imagechat.wiring import milliseconds
from making import person
from running import TENANT, RunningNode
from visiting import CHATS, COMMENTS, Visitor, fresh, tokens_of

T = TypeVar("T")

MODERATION = f"/moderation/{TENANT}"
BANS, MASS, AUDIT, HELD = (f"{MODERATION}/{what}" for what in ("bans", "mass-deletions", "audit", "held"))
INBOX = f"{MODERATION}/inbox"
PICTURES, SESSIONS = f"/pictures/{TENANT}", f"/sessions/{TENANT}"


def beside(node: RunningNode, transaction: Callable[[Connection], T]) -> T:
    """Write to the database of a node that runs, as a command line beside it does."""
    with closing(open_beside_node(node.settings)) as file:
        return file.write(transaction)


def rows_with(node: RunningNode, words: str) -> list[str]:
    """Return the tables that have a row with some words in it."""

    def look(connection: Connection) -> list[str]:
        rows = ((table.name, row) for table in metadata.sorted_tables for row in connection.execute(select(table)))
        return sorted({name for name, row in rows if words in "\n".join(map(str, row))})

    return beside(node, look)


def set_tenant(node: RunningNode, visitor: Visitor, settings: TenantSettings) -> None:
    """Give the tenant other settings, and return when the node knows."""
    domains = ("127.0.0.1:*", "localhost:*")
    given = TenantSettings(
        **({name: getattr(settings, name) for name in settings.__struct_fields__} | {"domains": domains})
    )
    beside(node, partial(update_tenant, tenant_id=TENANT, now=milliseconds(), settings=given))
    heed(node, visitor)


def heed(node: RunningNode, visitor: Visitor) -> None:
    """Have the node look at its notices: somebody who ends a session makes it do so before it answers."""
    somebody = person(fresh("somebody"), role=Role.MEMBER)
    Visitor(visitor.client, tokens_of(node).session(somebody)).call("DELETE", SESSIONS)


def held(moderator: Visitor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = moderator.call("GET", HELD)["held"]
    return found


def approve(moderator: Visitor, held_id: str, broadcast_id: str = "") -> None:
    moderator.call("POST", f"{HELD}/{held_id}/approve", json={"broadcastId": broadcast_id or fresh("b")})


def lock(moderator: Visitor, picture: str, **change: Any) -> dict[str, Any]:
    body = {"broadcastId": fresh("b")} | (change or {"readOnly": True})
    return moderator.call("PATCH", PICTURES, params={"urlId": picture}, json=body)


def ban(moderator: Visitor, **more: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = moderator.call("POST", BANS, json=more)["bans"]
    return made


def mass_delete(moderator: Visitor, broadcast_id: str = "", **more: Any) -> dict[str, Any]:
    """Ask how much it is, then delete that."""
    body = {"broadcastId": broadcast_id or fresh("b")} | more
    count = moderator.call("POST", MASS, json=body)["count"]
    return moderator.call("POST", MASS, json=body | {"confirm": count})


def undo(moderator: Visitor, undo_id: str) -> dict[str, Any]:
    return moderator.call("POST", f"{MASS}/{undo_id}/undo", json={"broadcastId": fresh("b")})


def acts(moderator: Visitor) -> list[dict[str, Any]]:
    """Return the audit log, oldest first."""
    found: list[dict[str, Any]] = []
    before: int | None = None
    while True:
        page = moderator.call("GET", AUDIT, params={} if before is None else {"before": before})
        found += page["entries"]
        before = page["nextBefore"]
        if before is None:
            return found[::-1]


def seen(visitor: Visitor, picture: str) -> dict[str, Any]:
    """Return all that somebody can see on a picture, without its position."""
    conversations = visitor.call("GET", CHATS, params={"urlId": picture})["conversations"]
    threads = {
        one["urlId"]: [
            [answer["comments"], answer["commentCount"]]
            for tree in (False, True)
            for answer in [visitor.call("GET", COMMENTS, params={"urlId": one["urlId"], "asTree": tree, "limit": 200})]
        ]
        for one in conversations
    }
    return {"conversations": conversations, "threads": threads}
