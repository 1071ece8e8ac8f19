"""What people have read."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add a table, which the version before does not know."""
    op.create_table(
        "read_marks",
        *(sa.Column(name, _text, primary_key=True) for name in ("tenant_id", "user_id", "room_id", "thread_id")),
        sa.Column("up_to", sa.BigInteger, nullable=False),
    )
