"""Tenants with settings and keys, people, private and locked pictures, bans, the approval queue and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add columns to what is there, and the tables of rights."""
    op.add_column("tenants", sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("tenants", sa.Column("settings", sa.Text, nullable=False, server_default="{}"))
    op.add_column("rooms", sa.Column("groups", sa.Text))
    op.add_column("rooms", sa.Column("read_only", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("rooms", sa.Column("marker_count", sa.Integer, nullable=False, server_default="0"))
    op.execute(
        "UPDATE rooms SET marker_count = (SELECT count(*) FROM markers WHERE room_id = rooms.id AND NOT deleted) "
        "WHERE kind = 'picture'"
    )
    is_picture = sa.text("kind = 'picture'")
    op.create_index(
        "pictures_of_tenant", "rooms", ["tenant_id", "id"], sqlite_where=is_picture, postgresql_where=is_picture
    )
    op.add_column("markers", sa.Column("address", sa.Text))
    op.add_column("comments", sa.Column("address", sa.Text))
    _callers()
    _moderation()


def _callers() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("retires_at", sa.BigInteger),
    )
    op.create_index("keys_of_tenant", "api_keys", ["tenant_id"])
    op.create_table(
        "people",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("vouched_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "revocations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("is_ban", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.create_index("revocations_of_tenant", "revocations", ["tenant_id"])
    op.create_table(
        "notices",
        sa.Column("id", _id, primary_key=True),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text),
        sa.Column("room_id", sa.Text),
    )


def _moderation() -> None:
    op.create_table(
        "held",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("held_by_name", "held", ["name"], unique=True)
    op.create_index("held_of_tenant", "held", ["tenant_id", "state", "created_at"])
    op.create_index("held_of_user", "held", ["tenant_id", "user_id", "state", "created_at"])
    op.create_table(
        "deletions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("deletions_of_tenant", "deletions", ["tenant_id", "created_at"])
    op.create_table(
        "audit",
        sa.Column("id", _id, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
    )
    op.create_index("audit_of_tenant", "audit", ["tenant_id", "id"])
