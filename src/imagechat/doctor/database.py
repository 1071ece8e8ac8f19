"""What a database tells of itself, and what that means. Pure."""

from dataclasses import dataclass

from imagechat.model.finding import Finding, bad, good, note
from imagechat.store.migrate import NEWEST
from imagechat.store.postgres_words import LEAST_VERSION

SAFE_SQLITE = (3, 51, 3)
FAR_MS = 2_000
"""A clock that is further off than this is worth a line."""
AHEAD_MS = 60_000
"""An event of so much later than now was written by a clock that was wrong, or is read by one."""
LARGE_WAL = 256 * 1024**2


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read from a database. Times are in ms since 1970."""

    kind: str
    """`sqlite` or `postgresql`."""
    version: str
    numbers: tuple[int, ...]
    revision: str | None
    oldest_program: str | None = None
    integrity: str | None = None
    """What the database's own check said; None where it was not asked."""
    read_only: bool = False
    file_bytes: int = 0
    wal_bytes: int = 0
    clock_off: int | None = None
    """How far this machine's clock is ahead of the database's."""
    newest_event: int | None = None
    stored_key: str | None = None
    sealed: tuple[str, str] | None = None
    """An API key as it is kept, and its id."""


def version(facts: Facts) -> Finding:
    """Tell what the database's version is known for."""
    if facts.kind == "postgresql":
        says = f"PostgreSQL {facts.version}"
        if facts.numbers < (LEAST_VERSION,):
            return bad("database", says, f"{LEAST_VERSION} or newer is needed")
        if facts.read_only:
            return bad(
                "database", f"{says}, which takes nothing new: it is read-only", "give the address of the primary"
            )
        return good("database", says)
    says = f"SQLite {facts.version}"
    if facts.numbers < SAFE_SQLITE:
        return note(
            "database",
            f"{says}, which can be ruined where two write to it at the same moment (mended in 3.51.3)",
            "this program has one write at a time: write to its file with nothing else while it runs",
        )
    return good("database", says)


def schema(facts: Facts) -> Finding:
    """Tell whether this program can use what is there."""
    found = facts.revision
    if found == NEWEST:
        return good("schema", f"the schema is {found}, this version's")
    says = f"the schema is {found}, this version's is {NEWEST}" if found else "the database is empty"
    if found is not None and found > NEWEST:
        if (facts.oldest_program or found) > NEWEST:
            return bad("schema", f"{says}, which cannot use it", "run a newer imagechat, or restore a backup")
        return note("schema", f"{says}, which can use it", "bring the other nodes' version in here too")
    if facts.kind == "postgresql":
        return bad("schema", says, "run `imagechat migrate`")
    if found is None:
        return note("schema", says, "the first start makes everything")
    return note("schema", says, "a node brings it up to date when it starts: make a backup first")


def integrity(facts: Facts) -> Finding | None:
    """Tell what the database's own check found."""
    if facts.integrity is None:
        return None
    if facts.integrity == "ok":
        return good("integrity", "the database's file is sound")
    return bad(
        "integrity", f"the database's file is damaged: {facts.integrity}", "stop the node, `imagechat restore FILE`"
    )


def size(facts: Facts) -> Finding | None:
    """Tell how large it is, and whether something keeps its log from being taken in."""
    if facts.revision is None:
        return None
    says = f"the database takes {megabytes(facts.file_bytes)}"
    if facts.kind == "postgresql":
        return good("size", says)
    says += f", its WAL {megabytes(facts.wal_bytes)}"
    if facts.wal_bytes > LARGE_WAL:
        return note(
            "size", says, "something reads for long, such as a backup that stands still: the WAL grows meanwhile"
        )
    return good("size", says)


def clock(facts: Facts, now: int) -> Finding:
    """Tell whether times can be right."""
    if facts.clock_off is not None and abs(facts.clock_off) > FAR_MS:
        return note(
            "clock",
            f"this machine's clock is {facts.clock_off} ms off the database's, which nodes go by",
            "have both keep time by NTP",
        )
    if facts.newest_event is not None and facts.newest_event > now + AHEAD_MS:
        seconds = (facts.newest_event - now) // 1000
        return bad(
            "clock",
            f"the newest event is of {seconds} s after now",
            "this clock is behind, or was ahead: set it by NTP, before the log is trimmed by it",
        )
    return good("clock", "this machine's clock agrees with what is in the database")


def megabytes(count: int) -> str:
    """Return a size for people."""
    return f"{count / 1024**2:,.1f} MB" if count < 1024**3 else f"{count / 1024**3:,.1f} GB"
