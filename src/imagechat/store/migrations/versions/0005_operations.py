"""What was used, which nodes run, who runs them in a browser, and what is newest of a tenant."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add tables, which the version before does not know, and indexes."""
    for table, column in (("markers", "room_id"), ("comments", "thread_id")):
        tenant: sa.ColumnElement[str] = sa.literal_column(f"substr({column}, 1, length({column}) - 21)")
        op.create_index(f"{table}_of_tenant", table, [tenant, "id"])
    op.create_table(
        "reviewed",
        sa.Column("id", _text, primary_key=True),
        sa.Column("tenant_id", _text, nullable=False),
        sa.Column("by", _text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("reviewed_of_tenant", "reviewed", ["tenant_id", "id"])
    op.create_table(
        "operator_sessions",
        sa.Column("digest", _text, primary_key=True),
        sa.Column("is_link", sa.Boolean, nullable=False),
        sa.Column("tenant_id", _text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_index("operator_sessions_by_age", "operator_sessions", ["expires_at"])
    _usage()


def _usage() -> None:
    def count(name: str) -> sa.Column[int]:
        return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")

    of_both = ("messages", "bandwidth", "conversations", "comments", "fetches", "votes")
    op.create_table(
        "usage",
        sa.Column("tenant_id", _text, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        *map(count, (*of_both, "accounts", "calls", "errors")),
    )
    op.create_table(
        "picture_usage",
        sa.Column("tenant_id", _text, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("room_id", _text, primary_key=True),
        *map(count, of_both),
    )
    op.create_table(
        "nodes",
        sa.Column("id", _text, primary_key=True),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("flushes", sa.BigInteger, nullable=False),
        sa.Column("report", _text, nullable=False),
    )
