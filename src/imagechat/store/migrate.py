"""The schema: which revision a database is at, and on to this program's.

Nodes of two versions run side by side while they are upgraded. So a migration that they cannot both live with is made
in two steps, a version apart: one adds, a later one takes away. `history.oldest_program` says which programs, by the
newest revision that they know, can still use the database.
"""

from sqlalchemy import Connection, inspect, text

NEWEST = "0007"
"""The last migration's revision (a test compares them)."""
_LOCK = 1_802_398_060
"""Any number, for those who migrate at the same moment."""
LOCK_SECONDS = 2
"""What a change of a table waits for who uses it: as long, everybody who comes after waits behind it."""


def migrate(connection: Connection) -> tuple[str | None, str]:
    """Bring a database to this program's schema; return its revision before and after.

    One that is newer stays as it is. Raises `RuntimeError` when this program cannot use it.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    before = revision(connection)
    if before is not None and before >= NEWEST:
        return check(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
    from imagechat.store.upgrade import upgrade  # noqa: PLC0415 -- Alembic is 12 MB, and seldom has work

    upgrade(connection)
    return before, NEWEST


def check(connection: Connection) -> tuple[str, str]:
    """Return a database's revision, twice, as `migrate` does. Raises `RuntimeError` when it is not for this program."""
    found = revision(connection)
    if found is None:
        msg = "the database is empty: run `imagechat migrate` first"
        raise RuntimeError(msg)
    if found < NEWEST:
        msg = f"the database has schema {found}, and this version needs {NEWEST}: run `imagechat migrate` first"
        raise RuntimeError(msg)
    if found > NEWEST:
        oldest = connection.execute(text("SELECT oldest_program FROM history")).scalar_one()
        if oldest > NEWEST:
            msg = f"the database has schema {found}, which this version cannot use: run a newer imagechat"
            raise RuntimeError(msg)
    return found, found


def revision(connection: Connection) -> str | None:
    """Return the revision that a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
