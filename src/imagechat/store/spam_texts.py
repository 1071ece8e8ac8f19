"""Texts that moderators have marked as spam: digests, by which the same words wait from then on. They are bans."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from imagechat.model.principal import Principal
from imagechat.model.shown_text import one_line
from imagechat.model.spam import spam_digest
from imagechat.model.tenant import TEXT, Revocation
from imagechat.store import tables
from imagechat.store.read_rooms import May
from imagechat.store.reviewing import things_there

LAST_MS = 30 * 86_400_000
"""How long the same words wait."""
MOST = 1_000
"""Texts of one tenant; the oldest make room. Each node holds all of a tenant's."""
_SHOWN = 100

_PREFIX = "text-"


def ban_texts(
    connection: Connection, by: Principal, texts: Mapping[str, str], quoted: Collection[str], now: int
) -> list[str]:
    """Have the words of some things wait from now on; return the ids of the bans, those that were there left out.

    `texts` are by the ids of the things that have them. The bans of those that are `quoted` show how the text begins:
    comments, which can be found for as long when their author is to be erased. Have nodes heed it (`Notice`).
    """
    columns = tables.revocations.c
    mine = columns.tenant_id == by.tenant_id, columns.kind == TEXT
    before = connection.execute(
        select(columns.id, columns.subject, columns.created_at, columns.until).where(*mine)
    ).all()
    known = {row.subject for row in before if row.until is None or row.until > now}
    rows = {}
    for thing_id, text in sorted(texts.items()):
        digest = spam_digest(by.tenant_id, text)
        if digest not in known:
            known.add(digest)
            reason = one_line(text)[:_SHOWN] if thing_id in quoted else ""
            rows[_PREFIX + thing_id] = {"subject": digest, "reason": reason}
    if rows:
        oldest = sorted(before, key=lambda row: row.created_at)[: max(0, len(before) + len(rows) - MOST)]
        gone = [*rows, *(row.id for row in oldest)]
        connection.execute(delete(tables.revocations).where(*mine, columns.id.in_(gone)))
        common = {"tenant_id": by.tenant_id, "kind": TEXT, "is_ban": True, "created_at": now, "until": now + LAST_MS}
        made = [{"id": name, "by": by.user_id, **common, **row} for name, row in rows.items()]
        connection.execute(insert(tables.revocations), made)
    return list(rows)


def lift_texts(connection: Connection, tenant_id: str, bans: Sequence[str]) -> None:
    """Have some texts wait no more. Have nodes heed it (`Notice`)."""
    columns = tables.revocations.c
    chosen = columns.tenant_id == tenant_id, columns.kind == TEXT, columns.id.in_(bans)
    connection.execute(delete(tables.revocations).where(*chosen))


def without_private_texts(
    connection: Connection, tenant_id: str, bans: Sequence[Revocation], may: May
) -> list[Revocation]:
    """Return bans as a caller may see them: what was said on pictures that are not theirs is left out (AUTH1)."""
    things = {ban.id: thing_of(ban.id) for ban in bans if ban.kind == TEXT and ban.reason}
    known = things_there(connection, tenant_id, things.values(), may)
    return [
        msgspec.structs.replace(ban, reason="") if things.get(ban.id, "") not in {"", *known} else ban for ban in bans
    ]


def thing_of(ban: str) -> str:
    """Return the id of the thing that a ban has its words from."""
    return ban.removeprefix(_PREFIX)


def blank_texts(connection: Connection, things: Collection[str]) -> None:
    """Show nothing more of the texts of some things, whose author is erased. That the words wait goes on."""
    columns = tables.revocations.c
    chosen = columns.kind == TEXT, columns.id.in_([_PREFIX + each for each in things])
    connection.execute(update(tables.revocations).where(*chosen).values(reason=""))
