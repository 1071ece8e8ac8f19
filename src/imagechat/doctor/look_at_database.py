"""Reads what a database tells of itself, without changing anything, also beside nodes."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, inspect

from imagechat.doctor.database import Facts
from imagechat.opening import postgres_of
from imagechat.settings import Settings
from imagechat.store.migrate import revision

_NEWEST_EVENT = "SELECT timestamp FROM events ORDER BY id DESC LIMIT 1"
_SEALED = "SELECT sealed, id FROM api_keys LIMIT 1"
_HISTORY = "SELECT oldest_program, secret_key FROM history"


def of_sqlite(path: Path, *, thorough: bool) -> Facts:
    """Read from a file. Raises `sqlite3.Error`.

    Only through SQLite: whoever opened and closed the file otherwise in a node's process would let go of its locks.
    """
    numbers = sqlite3.sqlite_version_info
    if not path.exists():
        return Facts("sqlite", sqlite3.sqlite_version, numbers, None)
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:

        def first(query: str) -> tuple[object, ...] | None:
            found: tuple[object, ...] | None = connection.execute(query).fetchone()
            return found

        integrity = None
        if thorough:
            [said] = connection.execute("PRAGMA quick_check(1)").fetchone()
            integrity = " ".join(str(said).split())
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        found = first("SELECT version_num FROM alembic_version") if "alembic_version" in names else None
        columns = {row[1] for row in connection.execute("PRAGMA table_info(history)")}
        oldest = first("SELECT oldest_program FROM history") if "oldest_program" in columns else None
        event = first(_NEWEST_EVENT) if "events" in names else None
        sealed = first(_SEALED) if "api_keys" in names else None
        wal = path.with_name(f"{path.name}-wal")
        return Facts(
            "sqlite",
            sqlite3.sqlite_version,
            numbers,
            None if found is None else str(found[0]),
            oldest_program=None if oldest is None else str(oldest[0]),
            integrity=integrity,
            file_bytes=path.stat().st_size,
            wal_bytes=wal.stat().st_size if wal.exists() else 0,
            newest_event=None if event is None else int(str(event[0])),
            sealed=None if sealed is None else (str(sealed[0]), str(sealed[1])),
        )


def of_postgres(settings: Settings, now: Callable[[], int]) -> Facts:
    """Read from PostgreSQL; `now` gives this machine's time. Raises `RuntimeError` with a line for the operator."""
    return postgres_of(settings).look(lambda connection: _read(connection, now))


def _read(connection: Connection, now: Callable[[], int]) -> Facts:
    def one(query: str) -> str:
        return str(connection.exec_driver_sql(query).scalar_one())

    before = now()
    there = int(one("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"))
    off = (before + now()) // 2 - there
    number = int(one("SHOW server_version_num"))
    found = revision(connection)
    facts = Facts(
        "postgresql",
        one("SHOW server_version"),
        (number // 10_000, number % 10_000),
        found,
        read_only=one("SHOW default_transaction_read_only") == "on" or one("SELECT pg_is_in_recovery()") == "True",
        file_bytes=int(one("SELECT pg_database_size(current_database())")),
        clock_off=off,
    )
    if not {"history", "events", "api_keys"} <= set(inspect(connection).get_table_names()):
        return facts
    oldest, key = connection.exec_driver_sql(_HISTORY).one()
    event = connection.exec_driver_sql(_NEWEST_EVENT).scalar()
    sealed = connection.exec_driver_sql(_SEALED).one_or_none()
    return replace(
        facts,
        oldest_program=oldest,
        stored_key=key,
        newest_event=event,
        sealed=None if sealed is None else (sealed.sealed, sealed.id),
    )
