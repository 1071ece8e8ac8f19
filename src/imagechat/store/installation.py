"""What all nodes on one database have in common, kept in it."""

from secrets import token_urlsafe

from sqlalchemy import Connection, select, update

from imagechat.store import tables


def installation(connection: Connection) -> str:
    """Return the name of all nodes on this database, among those of others on the same bus."""
    return str(connection.execute(select(tables.history.c.installation)).scalar_one())


def shared_key(connection: Connection) -> str:
    """Return the key that signs and seals, made by the first who asks."""
    column = tables.history.c.secret_key
    found: str | None = connection.execute(select(column)).scalar_one()
    if found is None:
        found = token_urlsafe(32)
        connection.execute(update(tables.history).values(secret_key=found))
    return found


def stored_key(connection: Connection) -> str | None:
    """Return the key that is kept in the database, if one is."""
    found: str | None = connection.execute(select(tables.history.c.secret_key)).scalar_one()
    return found


def store_key(connection: Connection, key: str | None) -> None:
    """Keep a key in the database, or none."""
    connection.execute(update(tables.history).values(secret_key=key))
