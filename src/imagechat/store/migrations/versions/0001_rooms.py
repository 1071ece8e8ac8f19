"""Rooms, markers, comments, their events and receipts; tenants; the history's epoch."""

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first version."""
    history = op.create_table(
        "history",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("epoch", sa.Text, nullable=False),
    )
    op.bulk_insert(history, [{"id": 1, "epoch": token_hex(6)}])
    op.create_table(
        "tenants",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
    )
    op.create_table(
        "rooms",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("url_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("epoch", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("last_timestamp", sa.BigInteger, nullable=False),
        sa.Column("picture_id", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("comment_count", sa.Integer, nullable=False),
        sa.Column("last_comment_at", sa.Text),
    )
    op.create_table(
        "markers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, sa.ForeignKey("rooms.id"), nullable=False),
        sa.Column("thread_id", sa.Text, sa.ForeignKey("rooms.id"), nullable=False, unique=True),
        sa.Column("url_id", sa.Text, nullable=False),
        sa.Column("x", sa.Float, nullable=False),
        sa.Column("y", sa.Float, nullable=False),
        sa.Column("w", sa.Float),
        sa.Column("h", sa.Float),
        sa.Column("src", sa.Text, nullable=False),
        sa.Column("resolved", sa.Boolean, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
    )
    op.create_index("markers_of_room", "markers", ["room_id", "created_at", "id"])
    op.create_table(
        "comments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("thread_id", sa.Text, sa.ForeignKey("rooms.id"), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("parent_id", sa.Text),
        sa.Column("depth", sa.Integer, nullable=False),
        sa.Column("replies", sa.Integer, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("comments_of_thread", "comments", ["thread_id", "position"], unique=True)
    op.create_table(
        "events",
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("broadcast_id", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("room_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("events_by_time", "events", ["room_id", "timestamp"])
    op.create_table(
        "receipts",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("broadcast_id", sa.Text, nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("places", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "broadcast_id"),
        sqlite_with_rowid=False,
    )
