"""The door to the database: what happens inside a transaction is a plain function of a SQLAlchemy connection.

It is the same for every database; only `sqlite.py` and `postgres.py` know which one it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


class StartOver(Exception):
    """What a transaction decided on has changed under it: it is to be run again from its beginning."""


@dataclass(frozen=True, slots=True)
class DatabaseFigures:
    """How an open database does now; None is what its kind has none of."""

    kind: str
    """`sqlite` or `postgresql`."""
    retries: int = 0
    """Transactions that were run again, because others were in the way or a connection had died, since the start."""
    file_bytes: int | None = None
    wal_bytes: int | None = None
    """What was written and is not in the file yet."""
    free_bytes: int | None = None
    """Room left on the file's disk, for whoever is not root."""


class Database(Protocol):
    """Runs functions in transactions, for a node. A function may be run again, so it does nothing but what is in it."""

    async def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        """Run a function in a writing transaction; it is durable when this returns (DUR1).

        It is as if no other transaction ran meanwhile; with `locking` the function sees to that by the rows that it
        locks. Raises what the function raises, and `DBAPIError`.
        """

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        """Run a function in a read-only transaction, which sees one moment (SNAP1)."""

    async def close(self) -> None:
        """Finish what runs, or as much as ends within seconds, then close every connection."""


class Direct(Protocol):
    """The same for a command line, or before a node runs: whoever calls waits."""

    migrated: tuple[str | None, str]
    """The schema's revision before this was opened, and now."""

    def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        """See `Database`."""

    def read(self, transaction: Callable[[Connection], T]) -> T:
        """See `Database`."""

    def scrub(self) -> bool:
        """See that what was overwritten or deleted is nowhere in the database's files; False if that must wait."""

    def described(self) -> str:
        """Return what database it is, for people."""

    def figures(self) -> DatabaseFigures:
        """Return how it does; asks no server."""

    def close(self) -> None:
        """Close every connection."""
