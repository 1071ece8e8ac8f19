"""Databases of this version's schema, copied: to migrate an empty one takes longer than most tests on it."""

from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from imagechat.store.new_history import begin_new_history
from imagechat.store.sqlite import SqliteFile, alone_with


def prepare_sqlite(path: Path) -> Path:
    """Make an empty SQLite file with a history of its own where there is none yet, and return its path."""
    if not path.exists():
        path.write_bytes(_migrated())
        with alone_with(path) as connection:
            begin_new_history(connection)
    return path


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "migrated.sqlite3"
        with closing(SqliteFile(path)):
            pass
        return path.read_bytes()
