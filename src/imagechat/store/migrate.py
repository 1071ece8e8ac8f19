"""The schema: which revision a database is at, and on to this program's."""

from sqlalchemy import Connection, inspect, text

NEWEST = "0003"
"""The last migration's revision (a test compares them)."""


def migrate(connection: Connection) -> tuple[str | None, str]:
    """Bring a database to this program's schema; return its revision before and after.

    Raises `RuntimeError` when the database is of a newer program.
    """
    before = revision(connection)
    if before != NEWEST:
        from imagechat.store.upgrade import upgrade  # noqa: PLC0415 -- Alembic is 12 MB, and seldom has work

        upgrade(connection, before)
    return before, NEWEST


def revision(connection: Connection) -> str | None:
    """Return the revision that a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
