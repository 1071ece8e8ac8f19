"""A copy of everything, made beside running nodes: a file that `restore.py` brings back."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from imagechat.opening import DATABASE_FILE, LOCK_FILE
from imagechat.settings import KEY_FILE, Settings, kept_key
from imagechat.store import postgres_tools
from imagechat.store.sqlite_copy import Progress, copy_database, in_words
from imagechat.store.whole_file import whole_file

_OF_A_NODE = {KEY_FILE, LOCK_FILE, *(f"{DATABASE_FILE}{suffix}" for suffix in ("", "-wal", "-shm", "-journal"))}
"""Files of the data directory that a node has open, and would go on with when another one has the name."""


def back_up(settings: Settings, file: Path, progress: Progress, *, force: bool, with_key: bool) -> Sequence[str]:
    """Write a backup, and return what is to be said of it, line by line.

    It is read again and compared before it gets its name, and what was at `file` goes only then, and only with `force`.
    Raises `RuntimeError` and `OSError` with a line for the operator.
    """
    wrong = _wrong_with(file, Path(settings.data), force=force)
    if wrong:
        raise RuntimeError(wrong)
    if settings.database_url:
        return _of_postgres(settings, file, with_key=with_key)
    return _of_sqlite(settings, file, progress, with_key=with_key)


def _wrong_with(file: Path, data: Path, *, force: bool) -> str:
    """Return why no backup can be at a place; nothing where one can be."""
    if file.is_dir():
        return f"{file} is a directory: name a file"
    if os.path.lexists(file) and not force:  # also a link to what is not there now, such as another disk
        return f"{file} is there already: choose another name, or say --force"
    if file.exists() and not file.is_file():  # a device, a pipe: its name would be given to a file
        return f"{file} is no ordinary file: choose another name"
    if file.name in _OF_A_NODE and file.parent.resolve() == data.resolve():
        return f"{file} is what the node itself uses: choose another name"
    return ""


def _of_sqlite(settings: Settings, file: Path, progress: Progress, *, with_key: bool) -> Sequence[str]:
    database = Path(settings.data) / DATABASE_FILE
    if not database.is_file():
        msg = f"there is no database in {settings.data}"
        raise RuntimeError(msg)
    with whole_file(file) as partial:
        held = copy_database(database, partial, progress)
        has_key = with_key and not settings.secret_key and _put_in(partial, kept_key(settings))
    lines = [f"{file} holds {held}."]
    if has_key:
        return [*lines, "The server's key is in it: whoever has this file can sign anybody in. Keep it as a secret."]
    where = "IMAGECHAT_SECRET_KEY" if settings.secret_key else f"{Path(settings.data) / KEY_FILE}"
    return [*lines, f"The server's key is not in it: keep {where} too, and not beside it."]


def _put_in(copy: Path, key: str) -> bool:
    """Put a key into a copy; a schema of before nodes had one in common has no place for it."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection, in_words(copy):
        columns = [row[1] for row in connection.execute("PRAGMA table_info(history)")]
        if not key or "secret_key" not in columns:
            return False
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("UPDATE history SET secret_key = ?", [key])
    return True


def _of_postgres(settings: Settings, file: Path, *, with_key: bool) -> Sequence[str]:
    if not with_key:
        msg = "beside PostgreSQL the key is kept apart by setting IMAGECHAT_SECRET_KEY: leave --without-key out"
        raise RuntimeError(msg)
    if settings.database_pooled == "on":
        msg = "pg_dump needs PostgreSQL itself and not a pgbouncer: give its address, and IMAGECHAT_DATABASE_POOLED=off"
        raise RuntimeError(msg)
    with whole_file(file) as partial:
        postgres_tools.dump(settings.database_url, partial)
        dumped = postgres_tools.read_dump(partial)
    lines = [f"pg_dump wrote {file}: schema {dumped.revision}, {dumped.tables} tables."]
    if settings.secret_key:
        return [*lines, "The server's key is not in it: keep IMAGECHAT_SECRET_KEY too, and not beside it."]
    return [*lines, "The server's key is in it: whoever has this file can sign anybody in. Keep it as a secret."]
