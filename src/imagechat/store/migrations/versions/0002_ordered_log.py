"""The log and the receipts in the order they were written, to be trimmed; indexes without what was removed."""

from base64 import urlsafe_b64encode
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_is_a_reply = sa.text("parent_id IS NOT NULL")


def upgrade() -> None:
    """Move the events and their receipts into tables that are ordered by age, and sharpen three indexes."""
    op.rename_table("events", "events_before")
    op.rename_table("receipts", "receipts_before")
    _move_events()
    _move_receipts()
    op.drop_table("receipts_before")
    op.drop_table("events_before")

    op.drop_index("comments_of_thread", "comments")
    op.create_index("comments_of_thread", "comments", ["thread_id", "removed", "position"])
    op.create_index(
        "replies_of_comment",
        "comments",
        ["parent_id", "thread_id", "removed", "position"],
        sqlite_where=_is_a_reply,
        postgresql_where=_is_a_reply,
    )
    op.drop_index("markers_of_room", "markers")
    op.create_index("markers_of_room", "markers", ["room_id", "deleted", "created_at", "id"])


def _move_events() -> None:
    before = _table("events_before", "room_id", "seq", "timestamp", "broadcast_id", "data")
    events = op.create_table(
        "events",
        sa.Column("id", _id, primary_key=True),
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("broadcast_id", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    # in a room time rises with seq (SEQ2), so the order of time is also each room's own
    moved = sa.select(*before.c).order_by(before.c.timestamp, before.c.room_id, before.c.seq)
    op.execute(sa.insert(events).from_select(list(before.c.keys()), moved))
    op.create_index("events_of_room", "events", ["room_id", "seq"], unique=True)


def _move_receipts() -> None:
    """Give each receipt its name, and the time of the first event that it points to."""
    before = _table("receipts_before", "tenant_id", "user_id", "broadcast_id", "places")
    events = _table("events", "room_id", "seq", "timestamp")
    receipts = op.create_table(
        "receipts",
        sa.Column("id", _id, primary_key=True),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("places", sa.Text, nullable=False),
    )
    connection = op.get_bind()
    as_json = sa.type_coerce if connection.dialect.name == "sqlite" else sa.cast  # SQLite's JSON is text
    places = as_json(before.c.places, sa.JSON)
    of_first = sa.and_(events.c.room_id == places[(0, 0)].as_string(), events.c.seq == places[(0, 1)].as_integer())
    timed = sa.select(*before.c, events.c.timestamp).join_from(before, events, of_first).order_by(events.c.timestamp)
    for rows in connection.execute(timed).partitions(1_000):
        connection.execute(
            sa.insert(receipts),
            [
                {
                    "timestamp": row.timestamp,
                    "name": _receipt_name(row.tenant_id, row.user_id, row.broadcast_id),
                    "places": row.places,
                }
                for row in rows
            ],
        )
    op.create_index("receipts_by_name", "receipts", ["name"], unique=True)


def _receipt_name(tenant_id: str, user_id: str, broadcast_id: str) -> str:
    """Return what `imagechat.model.ids.receipt_name` returned at this revision."""
    text = f"{tenant_id} {len(user_id)} {user_id} {broadcast_id}"
    return urlsafe_b64encode(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=15).digest()).decode("ascii")


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))
