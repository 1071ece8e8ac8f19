"""A file that is there whole or not at all, whatever ends the program that writes it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BESIDE = ("-journal", "-wal", "-shm")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give the name of an empty file to write to; it becomes `path` when the block ends, and only its owner reads it.

    What was at `path` stays until then, and what is left of a run that was killed is written over. Raises
    `RuntimeError` where somebody else is writing the same file.
    """
    partial = path.with_name(f".{path.name}.partial")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _claim(descriptor, partial, path)
        os.fchmod(descriptor, 0o600)
        os.ftruncate(descriptor, 0)
        _drop_beside(partial)
        try:
            yield partial
            os.fsync(descriptor)
            partial.replace(path)
        except BaseException:
            _drop_beside(partial)
            partial.unlink(missing_ok=True)
            raise
        sync_directory(path.parent)
    finally:
        os.close(descriptor)


def sync_directory(directory: Path) -> None:
    """Have what was renamed in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _claim(descriptor: int, partial: Path, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ours = os.fstat(descriptor).st_ino == partial.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        ours = False
    if not ours:  # also where the other one has just finished: what is open here is its result
        msg = f"somebody else is writing {path} at this moment"
        raise RuntimeError(msg)


def _drop_beside(partial: Path) -> None:
    """Remove what SQLite has left beside a file: a journal would be rolled back into the next one of its name."""
    for suffix in _BESIDE:
        partial.with_name(partial.name + suffix).unlink(missing_ok=True)
