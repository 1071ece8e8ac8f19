"""A backup brought back, under another history: all of it or nothing."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection, inspect, select

from imagechat.model.sealing import Seal
from imagechat.opening import (
    DATABASE_FILE,
    aside,
    claim,
    key_of,
    open_beside_node,
    open_file,
    postgres_of,
)
from imagechat.settings import KEY_FILE, Settings, data_directory
from imagechat.store import postgres_tools, tables
from imagechat.store.installation import store_key, stored_key
from imagechat.store.migrate import NEWEST, migrate
from imagechat.store.new_history import begin_new_history
from imagechat.store.sqlite import alone_with
from imagechat.store.sqlite_copy import Progress, contents_of, copy_database, is_busy
from imagechat.store.whole_file import sync_directory, whole_file

_WITH_NODES = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def restore(settings: Settings, file: Path, progress: Progress, *, force: bool) -> Sequence[str]:
    """Bring a backup back, and return what is to be said of it, line by line.

    What is kept goes on under a new epoch and a new name (`begin_new_history`). A database that is there is replaced
    only with `force`, and kept under another name. Raises `RuntimeError` and `OSError` with a line for the operator.
    """
    if settings.database_url:
        return _to_postgres(settings, file, force=force)
    return _to_sqlite(settings, file, progress, force=force)


def new_history(settings: Settings) -> None:
    """Begin another history in a database that was brought back by other means, while no node uses it.

    Raises `RuntimeError` with a line for the operator.
    """
    if not settings.database_url:
        with claim(settings), closing(open_file(settings)) as opened:
            opened.write(begin_new_history)
        return
    with closing(open_beside_node(settings)) as opened:
        opened.read(_refuse_company)
        opened.write(begin_new_history)


def _to_sqlite(settings: Settings, file: Path, progress: Progress, *, force: bool) -> Sequence[str]:
    contents_of(file)
    database = data_directory(settings) / DATABASE_FILE
    with claim(settings):
        if database.exists() and not force:
            msg = f"{database} is there already: say --force, and it is kept under another name"
            raise RuntimeError(msg)
        _forget_unfinished(database)
        with whole_file(database) as partial:
            held = copy_database(file, partial, progress)
            with alone_with(partial) as connection:
                before, _ = migrate(connection)
                begin_new_history(connection)
                _settle_key(connection, settings)
            kept = _set_aside(database)
        with closing(open_file(settings)) as opened:
            key = key_of(settings, opened)
            fits = opened.read(lambda connection: _fits(connection, key))
    lines = [f"{database} holds {held}."]
    lines += [f"Its schema was brought from {before} to {NEWEST}."] if before != NEWEST else []
    lines += [f"What was there is {kept}."] if kept else []
    lines += ["Every page takes a new snapshot: what was written after the backup is gone."]
    if not fits:
        place = database.with_name(KEY_FILE)
        lines += [f"Its API keys were sealed with another key: put that into {place}, or rotate every tenant's key."]
    return lines


def _settle_key(connection: Connection, settings: Settings) -> None:
    """Leave the key in the database for the first who opens it to take out, unless one is set."""
    brought = stored_key(connection)
    if not settings.secret_key or brought is None:
        return
    if brought != settings.secret_key:
        msg = "IMAGECHAT_SECRET_KEY is not the key of this backup: unset it, and the backup's is used"
        raise RuntimeError(msg)
    store_key(connection, None)


def _fits(connection: Connection, key: str) -> bool:
    """Tell whether a key opens what was sealed."""
    sealed = connection.execute(select(tables.api_keys.c.sealed, tables.api_keys.c.id).limit(1)).one_or_none()
    try:
        return sealed is None or bool(Seal(key).open(*sealed))
    except ValueError:
        return False


def _set_aside(database: Path) -> Path | None:
    """Give a database, if there is one, a second name, under which it is kept when its first is taken from it.

    Until then it stays where it is, so that whatever ends this leaves it in use.
    """
    kept, found = aside(database), database.exists()
    if found:
        _take_in_wal(database)
        kept.hardlink_to(database)
    for suffix in ("-wal", "-shm"):  # of a database that is damaged, or not there: they would ruin another
        left = database.with_name(database.name + suffix)
        if left.exists():
            left.replace(kept.with_name(kept.name + suffix))
    sync_directory(database.parent)
    return kept if found else None


def _take_in_wal(database: Path) -> None:
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            msg = f"somebody has {database} open: end that, and run this again"
            raise RuntimeError(msg) from None


def _forget_unfinished(database: Path) -> None:
    """Take away second names that a restore which was killed has left to a database that stayed in use."""
    for name in database.parent.glob(f"{database.name}.before-*"):
        if database.exists() and name.samefile(database):
            name.unlink()


def _to_postgres(settings: Settings, file: Path, *, force: bool) -> Sequence[str]:
    if force:
        msg = "PostgreSQL's is never replaced: make an empty database with createdb, and restore into that"
        raise RuntimeError(msg)
    dumped = postgres_tools.read_dump(file)
    if dumped.revision > NEWEST:
        msg = f"the backup has schema {dumped.revision}, which this version cannot use: run a newer imagechat"
        raise RuntimeError(msg)
    postgres_of(settings).look(_refuse_guests)
    epoch, name = token_hex(6), token_hex(6)
    here = f'"{dumped.schema}"'
    postgres_tools.load_dump(
        file,
        settings.database_url,
        f"UPDATE {here}.history SET epoch = '{epoch}', installation = '{name}';\n"  # noqa: S608 -- of ours alone
        f"UPDATE {here}.rooms SET epoch = '{epoch}';",
    )
    with closing(open_beside_node(settings, migrating=True)) as opened:
        opened.write(begin_new_history)  # what the dump's schema may not have had, too
        fits = opened.read(lambda connection: _fits(connection, settings.secret_key or stored_key(connection) or ""))
    lines = [f"The database holds {file}, with schema {max(dumped.revision, NEWEST)}."]
    lines += ["Every page takes a new snapshot: what was written after the backup is gone."]
    if not fits:
        lines += ["Its API keys were sealed with another key: set that as IMAGECHAT_SECRET_KEY, or rotate every key."]
    return lines


def _refuse_guests(connection: Connection) -> None:
    if inspect(connection).get_table_names():
        msg = "the database is not empty: make another with createdb, and restore into that"
        raise RuntimeError(msg)
    _refuse_company(connection)


def _refuse_company(connection: Connection) -> None:
    others = connection.exec_driver_sql(f"{_WITH_NODES} AND application_name = 'imagechat'").scalar_one()
    if others:
        msg = f"nodes use this database, by {others} connections: stop all of them first"
        raise RuntimeError(msg)
