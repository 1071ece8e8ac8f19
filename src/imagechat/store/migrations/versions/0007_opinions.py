"""Votes and emoji on comments."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add a table, and a column that the version before leaves as it is."""
    op.add_column("comments", sa.Column("tally", _text))
    op.create_table(
        "opinions",
        sa.Column("id", _text, primary_key=True),
        sa.Column("tenant_id", _text, nullable=False),
        sa.Column("comment_id", _text, nullable=False),
        sa.Column("user_id", _text, nullable=False),
        sa.Column("direction", sa.Integer, nullable=False),
        sa.Column("reactions", _text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("gone_at", sa.BigInteger),
    )
    op.create_index("opinions_of_comment", "opinions", ["comment_id"])
    op.create_index("opinions_of_user", "opinions", ["tenant_id", "user_id"])
    gone = sa.text("gone_at IS NOT NULL")
    op.create_index("opinions_gone", "opinions", ["gone_at"], sqlite_where=gone, postgresql_where=gone)
