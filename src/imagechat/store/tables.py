"""The tables, in SQLAlchemy Core; Alembic's numbered migrations build the same ones (a test compares them)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    false,
    literal_column,
    text,
)
from sqlalchemy import Text as AnyText

metadata = MetaData()

Text = AnyText().with_variant(AnyText(collation="C"), "postgresql")
"""Ordered by its characters everywhere: what belongs to a tenant is a range of ids."""

history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("installation", Text, nullable=False, server_default=text("''")),
    Column("secret_key", Text),
    Column("oldest_program", Text, nullable=False, server_default="0004"),
)
"""One row. `epoch` is what a new room's history gets; a restore changes it, and every room's (SEQ3).

`installation` is what the nodes on this database are known by on the bus; `secret_key` is theirs, where none is set;
`oldest_program` is the newest revision that a program must know to use the database."""

tenants = Table(
    "tenants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("settings", Text, nullable=False, server_default="{}"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("retires_at", BigInteger),
    Index("keys_of_tenant", "tenant_id"),
)

people = Table(
    "people",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("profile", Text, nullable=False),
    Column("vouched_at", BigInteger, nullable=False),
)
"""Who signed in. `profile` is a `Person` as JSON, as the newest SSO said it, at `vouched_at` (ms since 1970)."""

_IS_PICTURE = text("kind = 'picture'")

rooms = Table(
    "rooms",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("url_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("last_timestamp", BigInteger, nullable=False),
    Column("picture_id", Text),
    Column("title", Text),
    Column("comment_count", Integer, nullable=False),
    Column("last_comment_at", Text),
    Column("groups", Text),
    Column("read_only", Boolean, nullable=False, server_default=false()),
    Column("marker_count", Integer, nullable=False, server_default="0"),
    Index("pictures_of_tenant", "tenant_id", "id", sqlite_where=_IS_PICTURE, postgresql_where=_IS_PICTURE),
)
"""`groups` is a JSON array; NULL leaves a picture open to everyone."""

TENANT_OF = "substr({0}, 1, length({0}) - 21)"
"""The tenant in a room's id, which ends with a dot and 20 characters. An index has it, and a query that writes it alike
finds what is newest of a tenant."""
TENANT_OF_ROOM: ColumnElement[str] = literal_column(TENANT_OF.format("room_id"), Text)

markers = Table(
    "markers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("room_id", Text, ForeignKey("rooms.id"), nullable=False),
    Column("thread_id", Text, ForeignKey("rooms.id"), nullable=False, unique=True),
    Column("url_id", Text, nullable=False),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("w", Float),
    Column("h", Float),
    Column("src", Text, nullable=False),
    Column("resolved", Boolean, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("address", Text),
    Index("markers_of_room", "room_id", "deleted", "created_at", "id"),
    Index("markers_of_tenant", TENANT_OF_ROOM, "id"),
)

TENANT_OF_THREAD: ColumnElement[str] = literal_column(TENANT_OF.format("thread_id"), Text)

_IS_A_REPLY = text("parent_id IS NOT NULL")

comments = Table(
    "comments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("thread_id", Text, ForeignKey("rooms.id"), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("parent_id", Text),
    Column("depth", Integer, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("address", Text),
    Column("tally", Text),
    Index("comments_of_thread", "thread_id", "removed", "position"),
    Index("comments_of_tenant", TENANT_OF_THREAD, "id"),
    Index(
        "replies_of_comment",
        "parent_id",
        "thread_id",
        "removed",
        "position",
        sqlite_where=_IS_A_REPLY,
        postgresql_where=_IS_A_REPLY,
    ),
)
"""`body` is the comment's JSON as the wire writes it: lists and events show the same thing. `address` is the digest of
the network that it came from, for bans. `tally` is its opinions counted, as JSON: older nodes write `body` whole."""

_IS_GONE = text("gone_at IS NOT NULL")
opinions = Table(
    "opinions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("comment_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("direction", Integer, nullable=False),
    Column("reactions", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("gone_at", BigInteger),
    Index("opinions_of_comment", "comment_id"),
    Index("opinions_of_user", "tenant_id", "user_id"),
    Index("opinions_gone", "gone_at", sqlite_where=_IS_GONE, postgresql_where=_IS_GONE),
)
"""Votes and emoji, by person and comment. `reactions` is a JSON array; `gone_at` is when the comment was deleted."""

_Id = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database gives: SQLite does so only where the type is INTEGER."""

events = Table(
    "events",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("room_id", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("broadcast_id", Text, nullable=False),
    Column("data", Text, nullable=False),
    Index("events_of_room", "room_id", "seq", unique=True),
)
"""The log, in the order it was written: in a room `id` rises with `seq`, so the oldest rows are the beginning of each
room's history and can go without leaving a hole."""

receipts = Table(
    "receipts",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("timestamp", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("places", Text, nullable=False),
    Index("receipts_by_name", "name", unique=True),
)
"""What IDEM1 answers from: which events, `[[room_id, seq], …]`, a caller's command made. `name` is one column, because
SQLite looks at every row for any of several pairs."""

revocations = Table(
    "revocations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("is_ban", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("revocations_of_tenant", "tenant_id"),
)
"""Bans, and sessions that were ended (AUTH2)."""

notices = Table(
    "notices",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("timestamp", BigInteger, nullable=False),
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text),
    Column("room_id", Text),
)
"""What changed about rights and histories, in order: every node reads on from the last one that it knows.

With `room_id` that room's log was rewritten, and what is remembered of it goes. Else rights have changed, of the user
or of everybody in the tenant, and open connections are looked at again."""

held = Table(
    "held",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("room_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("held_by_name", "name", unique=True),
    Index("held_of_tenant", "tenant_id", "state", "created_at"),
    Index("held_of_user", "tenant_id", "user_id", "state", "created_at"),
)
"""Commands that wait for a moderator; `body` is a `Held` as JSON. They are in no room, and so in nobody's sight."""

deletions = Table(
    "deletions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("deletions_of_tenant", "tenant_id", "created_at"),
)
"""Deletions that can be undone until `until` (ms since 1970); `body` is what they took, as JSON.

Those of single things have the `state` "own", and are for whoever deleted them.
"""

audit = Table(
    "audit",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("address", Text, nullable=False),
    Index("audit_of_tenant", "tenant_id", "id"),
)
"""What moderators, admins and the operator did: who, what, when, from where (a digest)."""

reviewed = Table(
    "reviewed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("reviewed_of_tenant", "tenant_id", "id"),
)
"""Markers and comments that a moderator has looked at and let be."""

read_marks = Table(
    "read_marks",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    Column("thread_id", Text, primary_key=True),
    Column("up_to", BigInteger, nullable=False),
)
"""How far people who signed in have read a picture (`thread_id` is `room_id`), and threads on it that they have read
further: the time of the newest thing, ms since 1970."""

operator_sessions = Table(
    "operator_sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("is_link", Boolean, nullable=False),
    Column("tenant_id", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("operator_sessions_by_age", "expires_at"),
)
"""Who runs the server, in a browser: links that have not been used yet, and sessions that began with one. Only a digest
of what opens them is kept. `tenant_id` is the one tenant that it is for; NULL is all."""


def _count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


_OF_BOTH = ("messages", "bandwidth", "conversations", "comments", "fetches", "votes")

usage = Table(
    "usage",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("created_at", BigInteger, nullable=False),
    *map(_count, (*_OF_BOTH, "accounts", "calls", "errors")),
)
"""What a tenant used on a day: days since 1970, in UTC; SPEC.md says what is counted."""

picture_usage = Table(
    "picture_usage",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("room_id", Text, primary_key=True),
    *map(_count, _OF_BOTH),
)
"""The same for each picture, where it is known."""

nodes = Table(
    "nodes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("started_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("flushes", BigInteger, nullable=False),
    Column("report", Text, nullable=False),
)
"""Nodes that run, each with a name of its own since it started: how it was `at` (ms since 1970), as JSON, and how often
it has written down what was used. A write of unknown fate is found out by that number, and not made twice."""
