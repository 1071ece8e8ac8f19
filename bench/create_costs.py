"""What a create takes of the node, of the database's processes, of its log and of the disk."""

import sqlite3
from contextlib import closing

from bench.backends import Backends, Shared
from bench.creates import CONNECTIONS, PICTURE
from bench.generator import Figures, arguments, run_load, texts
from bench.node import Node, create_requests, fresh_data, principals, serving
from bench.processes import cpu_seconds
from imagechat.opening import DATABASE_FILE

_SIZE = "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
_LOG_SIZE = "SELECT pg_total_relation_size('events') + pg_total_relation_size('receipts')"
_WAL = "SELECT pg_current_wal_lsn() - '0/0'"
_CREATES = f"SELECT coalesce(max(seq), 0) FROM rooms WHERE url_id = '{PICTURE}'"  # noqa: S608 -- a constant

WARM_SECONDS = 0.5
"""What a node does once, such as connecting to the database, is not a create's."""

Costs = dict[str, float]


def creates_of_many(both: Backends, seconds: float) -> Costs:
    """Measure creates of many connections, which are committed together."""
    cost = _created(both.database(), CONNECTIONS, seconds)
    return {
        "create_us": cost["create"],
        "postgres_us": cost["postgres"],
        "wal_bytes": cost["wal"],
        "postgres_bytes": cost["size"],
        "log_bytes": cost["log"],
        "transaction_of_many_ms": 1000 * CONNECTIONS / cost["rate"],
    }


def creates_alone(both: Backends, seconds: float) -> Costs:
    """Measure creates of one connection, each committed alone."""
    cost = _created(both.database(), 1, seconds)
    return {
        "create_alone_us": cost["create"],
        "postgres_alone_us": cost["postgres"],
        "wal_alone_bytes": cost["wal"],
        "transaction_ms": cost["p50"],
    }


def creates_sqlite(seconds: float) -> Costs:
    """Measure creates of many connections on a node that is alone."""
    with fresh_data() as data:
        file = data / DATABASE_FILE
        before = file.stat().st_size
        with serving(data) as node:
            cpu = cpu_seconds(node.server.pids)
            _load(node, CONNECTIONS, seconds)
            cpu = cpu_seconds(node.server.pids) - cpu
        with closing(sqlite3.connect(file)) as opened:
            [creates] = opened.execute(_CREATES).fetchone()
        return {"create_sqlite_us": 1e6 * cpu / creates, "sqlite_bytes": (file.stat().st_size - before) / creates}


def _created(shared: Shared, connections: int, seconds: float) -> Costs:
    """Return what a create takes of everything; the load's warm-up counts, for it is in the database as well."""
    asked = {"creates": _CREATES, "wal": _WAL, "size": _SIZE, "log": _LOG_SIZE}
    with shared.node() as node:
        _load(node, connections, WARM_SECONDS)
        before = {name: shared.ask(sql) for name, sql in asked.items()}
        cpu, used = cpu_seconds(node.server.pids), shared.backends.cpu()[0]
        figures = _load(node, connections, seconds)
        cpu, used = cpu_seconds(node.server.pids) - cpu, shared.backends.cpu()[0] - used
        grown = {name: shared.ask(sql) - before[name] for name, sql in asked.items()}
        creates = grown.pop("creates")
    return {name: more / creates for name, more in grown.items()} | {
        "create": 1e6 * cpu / creates,
        "postgres": 1e6 * used / creates,
        "rate": figures["creates_s"],
        "p50": figures["create_ms"]["p50"],
    }


def _load(node: Node, connections: int, seconds: float) -> Figures:
    requests = texts(create_requests([PICTURE], principals(connections)), "\0")
    return run_load(*arguments(port=node.port, creators=connections, requests=requests), seconds=seconds)
