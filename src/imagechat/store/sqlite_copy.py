"""Copies of an SQLite file that may be written to meanwhile, and whether a file is a whole one."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

STEP = 2_000
"""Pages of 4 KB that are copied between two reports."""

Progress = Callable[[int, int], None]
"""Told how many pages were copied, of how many."""

_BUSY, _FULL = 5, 13


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds, in numbers."""

    revision: str
    tenants: int
    pictures: int
    markers: int
    comments: int
    events: int

    def __str__(self) -> str:
        """Return it for people."""
        return (
            f"schema {self.revision}; tenants: {self.tenants}, pictures: {self.pictures}, markers: {self.markers}, "
            f"comments: {self.comments}, events: {self.events}"
        )


def copy_database(source: Path, into: Path, progress: Progress) -> Contents:
    """Copy a database as it is at one moment into an empty file, and compare the two.

    Others may write to it: for as long as this reads, what they write stays in the WAL. Raises `RuntimeError` with a
    line for the operator.
    """
    with closing(_reading(source)) as there, in_words(source):
        there.execute("BEGIN")  # held to the end: or each step would find a changed file, and begin anew
        held = _contents(there)
        with closing(sqlite3.connect(into, isolation_level=None)) as here:
            here.execute("PRAGMA synchronous = FULL")
            there.backup(here, pages=STEP, progress=lambda _status, left, total: progress(total - left, total))
            here.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
            _check(here)
            if _contents(here) != held:
                msg = f"the copy of {source} does not hold what {source} holds"
                raise RuntimeError(msg)
    return held


def contents_of(path: Path) -> Contents:
    """Return what is in a file, once it is known to be whole. Raises `RuntimeError` with a line for the operator."""
    if not path.is_file():
        msg = f"there is no file {path}"
        raise RuntimeError(msg)
    with closing(_reading(path)) as connection, in_words(path):
        _check(connection)
        return _contents(connection)


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a file into a line for the operator, as a `RuntimeError`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        msg = f"{path} cannot be used: {error}"
        if _primary(error) == _FULL:
            msg = f"there is no room for a copy of {path}"
        raise RuntimeError(msg) from None


def is_busy(error: sqlite3.Error) -> bool:
    """Tell whether somebody else uses the file."""
    return _primary(error) == _BUSY


def _primary(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _reading(path: Path) -> sqlite3.Connection:
    with in_words(path):
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)


def _check(connection: sqlite3.Connection) -> None:
    [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(" ".join(str(found).split()))


def _contents(connection: sqlite3.Connection) -> Contents:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not names >= {"alembic_version", "history", "tenants", "rooms", "markers", "comments", "events"}:
        msg = "it is no database of Image Chat"
        raise sqlite3.DatabaseError(msg)

    def count(of: str) -> int:
        [found] = connection.execute(f"SELECT count(*) FROM {of}").fetchone()  # noqa: S608 -- of the words below
        return int(found)

    [revision] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return Contents(
        revision=str(revision),
        tenants=count("tenants"),
        pictures=count("rooms WHERE kind = 'picture'"),
        markers=count("markers WHERE NOT deleted"),
        comments=count("comments WHERE NOT removed"),
        events=count("events"),
    )
