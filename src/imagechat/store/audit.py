"""The audit log: what moderators, admins and the operator did."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from imagechat.store import tables


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to what, when (ms since 1970), from where (a digest)."""

    tenant_id: str
    timestamp: int
    who: str
    act: str
    what: str
    address: str = ""


def write_act(connection: Connection, act: Act) -> None:
    """Write an act down, in the transaction that does it."""
    connection.execute(
        insert(tables.audit).values(
            tenant_id=act.tenant_id,
            timestamp=act.timestamp,
            who=act.who,
            act=act.act,
            what=act.what,
            address=act.address,
        )
    )


def read_acts(connection: Connection, tenant_id: str, limit: int, before: int | None = None) -> list[tuple[int, Act]]:
    """Return a tenant's acts with their numbers, the newest first; `before` is the number to go on from."""
    columns = tables.audit.c
    query = select(tables.audit).where(columns.tenant_id == tenant_id).order_by(columns.id.desc()).limit(limit)
    if before is not None:
        query = query.where(columns.id < before)
    return [
        (row.id, Act(row.tenant_id, row.timestamp, row.who, row.act, row.what, row.address))
        for row in connection.execute(query)
    ]
