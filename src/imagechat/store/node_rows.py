"""Nodes that run, as they tell each other by the database: each has a row since it started, and says how it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from imagechat.store import tables

SILENT_MS = 65_000
"""A node that has said nothing for so long is gone, or has lost the database: it is not counted."""
DROPPED_MS = 86_400_000
"""When its row goes; one that stops in order takes it along."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node, by a name that it has since it started, in ms since 1970."""

    id: str
    version: str
    started_at: int


@dataclass(frozen=True, slots=True)
class NodeRow:
    """What a node has said: `at` is in ms since 1970, `report` is JSON."""

    id: str
    started_at: int
    at: int
    report: str


def write_report(connection: Connection, row: NodeRow, batch: int) -> int:
    """Write how a node is, and the number of its last batch; return the number that was there before.

    The row is locked from here on, so of two writes of one batch the second sees the first.
    """
    nodes = tables.nodes
    found = select(nodes.c.flushes).where(nodes.c.id == row.id).with_for_update()
    written: int | None = connection.execute(found).scalar()
    if written is None:
        values = {"id": row.id, "started_at": row.started_at, "at": row.at, "flushes": batch, "report": row.report}
        connection.execute(insert(nodes).values(values))
        return 0
    values = {"at": row.at, "flushes": max(batch, written), "report": row.report}
    connection.execute(update(nodes).where(nodes.c.id == row.id).values(values))
    return written


def read_nodes(connection: Connection, now: int) -> Sequence[NodeRow]:
    """Return the nodes that are not silent, the oldest first."""
    nodes = tables.nodes.c
    query = select(nodes.id, nodes.started_at, nodes.at, nodes.report).where(nodes.at > now - SILENT_MS)
    return [NodeRow(*row) for row in connection.execute(query.order_by(nodes.started_at, nodes.id))]


def forget_node(connection: Connection, node_id: str) -> None:
    """Delete the row of a node that stops."""
    connection.execute(delete(tables.nodes).where(tables.nodes.c.id == node_id))
