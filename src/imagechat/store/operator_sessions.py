"""Links to the dashboard and the operator's sessions: only digests of what opens them are here.

They are few and asked for by few, so that no node remembers any: each call is answered from the row.
"""

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from imagechat.model.ids import EVERY_TENANT
from imagechat.model.operators import SESSION_MS, OperatorSession
from imagechat.model.principal import OPERATOR
from imagechat.store import tables
from imagechat.store.audit import Act, write_act
from imagechat.store.notices import Notice, note
from imagechat.store.tenants import existing

_table = tables.operator_sessions


def make_link(connection: Connection, digest: str, tenant_id: str | None, now: int, expires_at: int) -> None:
    """Write a link down, for one tenant or all. Raises `ValueError` when there is no such tenant."""
    if tenant_id is not None:
        existing(connection, tenant_id)
    connection.execute(
        insert(_table).values(digest=digest, is_link=True, tenant_id=tenant_id, created_at=now, expires_at=expires_at)
    )
    _write_act(connection, tenant_id, "make a link to the dashboard", now)


def read_link(connection: Connection, digest: str, now: int) -> OperatorSession | None:
    """Return a link that is good, if there is one."""
    return _read(connection, digest, now, is_link=True)


def use_link(connection: Connection, link: str, digest: str, now: int, address: str = "") -> OperatorSession | None:
    """Make a session of a link, which is good for nothing more; None where it is good for nothing now.

    `link` and `digest` are digests: of the link, and of the new session's token. `address` is one too, of a network.
    """
    found = read_link(connection, link, now)
    if found is None or not connection.execute(delete(_table).where(_table.c.digest == link)).rowcount:
        return None
    made = OperatorSession(digest=digest, tenant_id=found.tenant_id, created_at=now, expires_at=now + SESSION_MS)
    connection.execute(insert(_table).values(is_link=False, **_values(made)))
    _write_act(connection, made.tenant_id, "sign in to the dashboard", now, address)
    return made


def read_session(connection: Connection, digest: str, now: int) -> OperatorSession | None:
    """Return a session that lasts, if there is one."""
    return _read(connection, digest, now, is_link=False)


def end_session(connection: Connection, session: OperatorSession, now: int) -> None:
    """End a session: its connections are looked at again (AUTH2)."""
    connection.execute(delete(_table).where(_table.c.digest == session.digest))
    _ended(connection, session.tenant_id, "sign out of the dashboard", now)


def end_all(connection: Connection, tenant_id: str | None, now: int) -> int:
    """End every link and session, or those for one tenant; return how many."""
    chosen = delete(_table) if tenant_id is None else delete(_table).where(_table.c.tenant_id == tenant_id)
    count = connection.execute(chosen).rowcount
    _ended(connection, tenant_id, "end all links to the dashboard and their sessions", now)
    return count


def _ended(connection: Connection, tenant_id: str | None, act: str, now: int) -> None:
    _write_act(connection, tenant_id, act, now)
    note(connection, Notice(tenant_id or EVERY_TENANT, OPERATOR), now)


def _write_act(connection: Connection, tenant_id: str | None, act: str, now: int, address: str = "") -> None:
    write_act(connection, Act(tenant_id or EVERY_TENANT, now, OPERATOR, act, tenant_id or "all tenants", address))


def _read(connection: Connection, digest: str, now: int, *, is_link: bool) -> OperatorSession | None:
    columns = _table.c
    row = connection.execute(select(_table).where(columns.digest == digest)).one_or_none()
    return None if row is None or bool(row.is_link) is not is_link or row.expires_at <= now else _session(row)


def _session(row: Row[Any]) -> OperatorSession:
    return OperatorSession(
        digest=row.digest, tenant_id=row.tenant_id, created_at=row.created_at, expires_at=row.expires_at
    )


def _values(session: OperatorSession) -> dict[str, Any]:
    return {
        "digest": session.digest,
        "tenant_id": session.tenant_id,
        "created_at": session.created_at,
        "expires_at": session.expires_at,
    }
