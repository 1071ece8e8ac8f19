"""What PostgreSQL's errors mean to a transaction, and to an operator. Pure."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

LEAST_VERSION = 15

_DUPLICATE = "23505"
"""unique_violation: somebody else was first, and the next run finds what they made."""
_LOCKED = "55P03"
"""lock_not_available"""
_CONTENTION = {
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    _DUPLICATE,
}
_AWAY = (
    "08",  # connection exceptions
    "53",  # insufficient resources: connections, memory, disk
    "57",  # operator intervention: shutdown, starting up, a cancelled statement
    "58",  # system errors
    "25006",  # a read-only transaction: the server has become a standby
    _LOCKED,
    "28",  # authorization: a password that was changed
    "3D000",  # the database is gone
)

_WORDS = (
    (
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
        "PostgreSQL at {place} refuses the user or the password of IMAGECHAT_DATABASE_URL",
    ),
    (
        asyncpg.InvalidCatalogNameError,
        "PostgreSQL at {place} has no such database: make it with createdb, then run `imagechat migrate`",
    ),
    (asyncpg.InsufficientPrivilegeError, "PostgreSQL at {place} does not let this user do that: {said}"),
    (
        asyncpg.TooManyConnectionsError,
        "PostgreSQL at {place} has no connection left: lower IMAGECHAT_DATABASE_CONNECTIONS, or raise max_connections",
    ),
    (
        asyncpg.LockNotAvailableError,
        "somebody uses the tables at {place} for long (pg_stat_activity shows who): end that, and run this again",
    ),
    (socket.gaierror, "PostgreSQL cannot be reached: IMAGECHAT_DATABASE_URL names {place}, a host that is unknown"),
    (TimeoutError, "PostgreSQL at {place} does not answer"),
    (OSError, "PostgreSQL cannot be reached at {place}: {said}"),
    (
        ValueError,  # also of asyncpg's own, which would show parts of the URL
        "IMAGECHAT_DATABASE_URL makes no sense: give postgresql://user:password@host/database, with %40 for an @ in it",
    ),
    ((asyncpg.PostgresError, asyncpg.InterfaceError), "PostgreSQL at {place} cannot be used: {said}"),
)
"""The first that fits; the special before the general."""


def is_contention(error: BaseException) -> bool:
    """Tell whether a transaction failed because another one was in its way, and may be run again."""
    return _state(error) in _CONTENTION


def is_duplicate(error: BaseException) -> bool:
    """Tell whether a transaction made what is there already."""
    return _state(error) == _DUPLICATE


def is_locked(error: BaseException) -> bool:
    """Tell whether somebody had locked for too long what a transaction wanted."""
    return _state(error) == _LOCKED


def is_away(error: BaseException) -> bool:
    """Tell whether the server cannot be used now, whatever is asked of it."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, OSError | TimeoutError | PoolTimeoutError | asyncpg.InterfaceError):
        return True
    return _state(error).startswith(_AWAY) or isinstance(getattr(error, "orig", None), OSError | TimeoutError)


def in_words(error: BaseException, url: str) -> str | None:
    """Return a line that says what an operator can do about an error at the start; None for one of ours."""
    if isinstance(error, RuntimeError):
        return str(error)
    first = origin_of(error)
    for kinds, words in _WORDS:
        if isinstance(first, kinds):
            said = os.strerror(first.errno) if isinstance(first, OSError) and first.errno else first
            return words.format(place=_place(url), said=said)
    return None


@contextmanager
def told_of(url: str) -> Iterator[None]:
    """Turn what goes wrong at the start, where an operator can do something, into a `RuntimeError` that says what."""
    try:
        yield
    except Exception as error:
        words = in_words(error, url)
        if words is None:
            raise
        raise RuntimeError(words) from None


def origin_of(error: BaseException) -> BaseException:
    """Return what the driver itself raised."""
    while True:
        below = getattr(error, "orig", None) or error.__cause__
        if below is None or below is error or isinstance(below, asyncio.CancelledError):  # how a timeout ends things
            return error
        error = below


def _state(error: BaseException) -> str:
    state = getattr(error, "sqlstate", None) or getattr(getattr(error, "orig", None), "sqlstate", None)
    return state or ""


def _place(url: str) -> str:
    """Return host and port of a URL, without its user and password; it may be no URL at all."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or "its socket"
    except ValueError:
        return "?"
