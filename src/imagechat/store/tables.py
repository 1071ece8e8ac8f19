"""The tables, in SQLAlchemy Core; Alembic's numbered migrations build the same ones (a test compares them)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

metadata = MetaData()

history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("epoch", Text, nullable=False),
)
"""One row: the epoch that a new room's history gets. A restore changes it, and every room's (SEQ3)."""

tenants = Table(
    "tenants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

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
)

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
    Index("markers_of_room", "room_id", "deleted", "created_at", "id"),
)

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
    Index("comments_of_thread", "thread_id", "removed", "position"),
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
"""`body` is the comment's JSON as the wire writes it: lists and events show the same thing."""

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
