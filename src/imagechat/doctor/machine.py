"""What the machine gives: room, open files, memory, Python. Pure."""

import sys

from imagechat.doctor.database import megabytes
from imagechat.model.finding import Finding, bad, good, note

LITTLE_ROOM, LEAST_ROOM = 1024**3, 256 * 1024**2
"""Bytes below which free room is worth a word, and below which it is to be mended."""
LEAST_SHARE = 0.1
FEW_INODES = 10_000
FILES_WANTED, LEAST_FILES = 65_536, 4_096
LEAST_MEMORY = 256 * 1024**2


def disk(place: str, free: int, total: int) -> Finding:
    """Tell whether there is room for what people write; in bytes."""
    says = f"{megabytes(free)} of {megabytes(total)} are free at {place}"
    advice = "make room: when it is full nothing can be saved (docs/operations.md)"
    if free < LEAST_ROOM:
        return bad("disk", says, advice)
    if free < LITTLE_ROOM or free < total * LEAST_SHARE:
        return note("disk", says, advice)
    return good("disk", says)


def inodes(place: str, free: int, total: int) -> Finding | None:
    """Tell whether files can be made; file systems that do not count them say 0."""
    if not total or free >= FEW_INODES:
        return None
    return bad("inodes", f"the file system of {place} can take {free} more files", "delete many small ones")


def writable(place: str, *, may: bool) -> Finding | None:
    """Tell whether the data can be written at all."""
    return None if may else bad("data", f"{place} cannot be written to", "give it to the user whom the node runs as")


def open_files(limit: int | None) -> Finding:
    """Tell how many connections the system lets a node have; None is no limit."""
    if limit is None or limit >= FILES_WANTED:
        return good("open files", f"{'no limit' if limit is None else limit} for a process")
    tell = bad if limit < LEAST_FILES else note
    return tell(
        "open files",
        f"{limit} for a process, and each connection is one",
        f"raise it to {FILES_WANTED}: LimitNOFILE= under systemd, ulimit -n in a shell, --ulimit nofile= in Docker",
    )


def memory(limit: int | None) -> Finding | None:
    """Tell whether this process may have enough; None is no limit of its own."""
    if limit is None:
        return None
    says = f"{megabytes(limit)} for this control group"
    if limit < LEAST_MEMORY:
        return note("memory", says, "a node takes 100 MB and 6 KB for each connection: give it 256 MB or more")
    return good("memory", says)


def python(version: tuple[int, ...], *, has_uvloop: bool) -> Finding:
    """Tell what runs it."""
    says = f"Python {'.'.join(map(str, version[:3]))}"
    if has_uvloop or sys.platform == "win32":
        return good("python", f"{says}, with uvloop")
    return note("python", f"{says}, without uvloop", "pip install uvloop: a node does about half as much without it")
