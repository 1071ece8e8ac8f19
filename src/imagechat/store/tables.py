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
    PrimaryKeyConstraint,
    Table,
    Text,
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
    Index("markers_of_room", "room_id", "created_at", "id"),
)

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
    Index("comments_of_thread", "thread_id", "position", unique=True),
)
"""`body` is the comment's JSON as the wire writes it: lists and events show the same thing."""

events = Table(
    "events",
    metadata,
    Column("room_id", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("broadcast_id", Text, nullable=False),
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("room_id", "seq"),
    Index("events_by_time", "room_id", "timestamp"),
    sqlite_with_rowid=False,
)

receipts = Table(
    "receipts",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("broadcast_id", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("places", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "user_id", "broadcast_id"),
    sqlite_with_rowid=False,
)
"""What IDEM1 answers from: which events, `[[room_id, seq], …]`, a caller's command made."""
