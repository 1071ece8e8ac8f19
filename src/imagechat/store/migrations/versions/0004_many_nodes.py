"""What nodes on one database share: a name, a key, and which programs may use it."""

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add to the history's one row, and have PostgreSQL order texts by their characters, as SQLite does."""
    op.add_column("history", sa.Column("installation", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("history", sa.Column("secret_key", sa.Text))
    op.add_column("history", sa.Column("oldest_program", sa.Text, nullable=False, server_default=revision))
    op.execute(sa.text("UPDATE history SET installation = :name").bindparams(name=token_hex(6)))
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        found = sa.inspect(connection)
        for table in found.get_table_names():
            for column in found.get_columns(table):
                if isinstance(column["type"], sa.Text):
                    op.alter_column(table, column["name"], type_=sa.Text(collation="C"))
