"""What it means when a database cannot save: told from its own codes. Pure."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from imagechat.model.errors import STORAGE_FULL, UNAVAILABLE, ErrorKind, Refusal

_SQLITE_READONLY, _SQLITE_IOERR, _SQLITE_FULL = 8, 10, 13
_SQLITE_NO_ROOM = {
    _SQLITE_FULL,
    778,  # SQLITE_IOERR_WRITE: SQLite's word for a quota, or a limit on files, that is reached
    1546,  # SQLITE_IOERR_TRUNCATE
    4874,  # SQLITE_IOERR_SHMSIZE: the WAL's index cannot grow
}
_POSTGRES_FULL, _POSTGRES_READ_ONLY = "53100", "25006"


class CannotSave(Refusal):
    """The database takes nothing from anybody now. It is said once, where it begins, and not by those who meet it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing can be saved."""

    words: str
    """For operators."""
    kind: ErrorKind
    sentence: str
    """For whoever wanted to save something."""

    def refusal(self) -> CannotSave:
        """Return what a command is refused with."""
        return CannotSave(self.kind, self.sentence)


FULL = Trouble(
    "there is no room left to save anything: free some, or give more (what is there can be read)",
    STORAGE_FULL,
    "The server has no room to save this now. Try again later.",
)
READ_ONLY = Trouble(
    "the database takes nothing new: it is read-only (what is there can be read)",
    UNAVAILABLE,
    "The server can save nothing now. Try again later: a broadcastId has one effect.",
)
FAILING = Trouble(
    "the disk fails, and nothing can be saved (what is there may still be read)",
    UNAVAILABLE,
    "The server can save nothing now. Try again later: a broadcastId has one effect.",
)


def trouble_of(error: DBAPIError) -> Trouble | None:
    """Return why nothing at all can be saved, if it is that."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return {_POSTGRES_FULL: FULL, _POSTGRES_READ_ONLY: READ_ONLY}.get(state)
    code = getattr(error.orig, "sqlite_errorcode", 0)
    if code in _SQLITE_NO_ROOM:
        return FULL
    return {_SQLITE_READONLY: READ_ONLY, _SQLITE_IOERR: FAILING}.get(code & 0xFF)
