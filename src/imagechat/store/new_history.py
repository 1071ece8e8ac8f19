"""Another history for a database that does not go on where its visitors saw it last (SEQ3)."""

from secrets import token_hex

from sqlalchemy import Connection, delete, update

from imagechat.store import tables


def begin_new_history(connection: Connection) -> None:
    """Give the history and every room a new epoch, and the nodes on this database a name of their own.

    Clients that know the old one are reset (RES2), and nodes of the database that this is a copy of are not heard.
    What nodes said of themselves goes, and so do operators' sessions: one that has ended since must not live again.
    Receipts stay: what they answer from is here with them, and a retry of what was lost is to be carried out (IDEM1).
    """
    epoch = token_hex(6)
    connection.execute(update(tables.history).values(epoch=epoch, installation=token_hex(6)))
    connection.execute(update(tables.rooms).values(epoch=epoch))
    connection.execute(delete(tables.nodes))
    connection.execute(delete(tables.operator_sessions))
