"""What the store asks is found by an index on PostgreSQL too: where it may not scan a whole table, it does not."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from deploy.local.postgres import PostgresServer
from sqlalchemy import Connection, event, text

from asking import do_everything
from imagechat.model.ids import room_id
from imagechat.store.holding import held_in_own_marker, own_held
from imagechat.store.postgres import PostgresDatabase
from imagechat.store.read_rooms import read_access
from making import PICTURE_ROOM, TENANT
from storing import PostgresBackend, Store
from visiting import fresh

ONE_ROW = "history"
"""The table that has one row for ever."""


class ListeningBackend:
    """A database whose statements are kept, with their parameters."""

    def __init__(self, backend: PostgresBackend) -> None:
        self._link = backend.link()
        self.statements: dict[str, Any] = {}
        for side in (self._link._writing, self._link._reading):
            event.listen(side._engine.sync_engine, "before_cursor_execute", self._heard)

    def open(self) -> PostgresDatabase:
        return PostgresDatabase(self._link)

    def _heard(
        self, _connection: object, _cursor: object, statement: str, values: Any, _context: object, many: object
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            self.statements.setdefault(statement, values[0] if many and isinstance(values, list) else values)

    def scans(self) -> dict[str, list[str]]:
        """Return the tables that are read from end to end, for each statement, where PostgreSQL had a choice."""
        statements = dict(self.statements)

        def explained(connection: Connection) -> dict[str, list[str]]:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            return {
                statement: re.findall(
                    r"Seq Scan on (\w+)",
                    "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars()),
                )
                for statement, values in statements.items()
            }

        return self._link.write(explained)


@pytest.fixture
def listening(postgres: PostgresServer) -> Iterator[ListeningBackend]:
    backend = PostgresBackend(postgres, fresh("plans"))
    yield ListeningBackend(backend)
    backend.drop()


async def test_no_command_and_no_question_looks_at_every_row_of_a_table(listening: ListeningBackend) -> None:
    store = Store(listening)
    await do_everything(store)
    rooms = [room_id(TENANT, name) for name in ("picture", "w1", "none")]
    await store.database.read(lambda connection: read_access(connection, rooms))
    await store.database.read(lambda connection: own_held(connection, PICTURE_ROOM, "ann"))
    await store.database.read(lambda connection: held_in_own_marker(connection, TENANT, PICTURE_ROOM, "ann"))
    scans = listening.scans()
    assert len(scans) > 15
    assert {statement: found for statement, found in scans.items() if set(found) - {ONE_ROW}} == {}
    await store.close()
