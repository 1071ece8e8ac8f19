"""What the store asks is found by an index, however much there is: SQLite's own plans say so."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert

from asking import do_everything
from imagechat.model.access import Access
from imagechat.model.counting import Counting
from imagechat.model.usage import day_of
from imagechat.model.view import nothing_here
from imagechat.store import tables
from imagechat.store.holding import LOOKED_AT, WAITS, held_in_own_marker, list_held, own_held
from imagechat.store.metering import Meter
from imagechat.store.node_rows import Node
from imagechat.store.read_usage import read_days, read_pictures_usage, read_tenants_usage
from imagechat.store.sqlite import SqliteDatabase, SqliteFile
from imagechat.store.tenants import create_tenant
from imagechat.store.usage_rows import drop_old_pictures
from making import (
    ANN,
    PICTURE_ROOM,
    TENANT,
    create_marker,
)
from storing import Store

ONE_ROW = "SCAN history"
"""The table that has one row for ever."""
BOUNDED = "SCAN anon_1"
"""Of what another select has found, which has a limit."""
SAME_MOMENT = "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"


class ListeningBackend:
    """A file whose statements are kept, with their parameters."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.statements: dict[str, object] = {}

    def open(self) -> SqliteDatabase:
        self.file = SqliteFile(self._path)
        self.database = SqliteDatabase(self.file)
        for engine in (self.file._engine, self.database._readers):
            event.listen(engine, "before_cursor_execute", self._heard)
        return self.database

    def _heard(self, _connection: object, _cursor: object, statement: str, values: object, *more: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            _context, many = more
            self.statements.setdefault(statement, values[0] if many and isinstance(values, list) else values)

    def plans(self) -> dict[str, list[str]]:
        statements = dict(self.statements)

        def explained(connection: Connection) -> dict[str, list[str]]:
            return {
                statement: [
                    row[3]
                    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]  # as given to the driver
                ]
                for statement, values in statements.items()
            }

        return self.file.write(explained)


@pytest.fixture
def listening(tmp_path: Path) -> ListeningBackend:
    return ListeningBackend(tmp_path / "store.sqlite3")


@pytest.fixture
async def store(listening: ListeningBackend) -> AsyncIterator[Store]:
    store = Store(listening)
    yield store
    await store.close()


async def test_no_command_and_no_question_looks_at_every_row_of_a_table(
    store: Store, listening: ListeningBackend
) -> None:
    await do_everything(store)
    plans = listening.plans()
    assert len(plans) > 15
    for statement, steps in plans.items():
        ordered_by_age = "ORDER BY events.id" in statement or "ORDER BY receipts.id" in statement or "max(" in statement
        for step in steps:
            looks_at_all = step.startswith("SCAN") and step not in {ONE_ROW, BOUNDED} and "json_each" not in step
            assert not looks_at_all or ordered_by_age, (statement, steps)
            # of what came at the same moment, and has no order but by its name
            assert "TEMP B-TREE" not in step or step == SAME_MOMENT, (statement, steps)


async def test_what_was_used_is_added_to_and_read_by_tenants_and_their_days(
    store: Store, listening: ListeningBackend
) -> None:
    await store.database.write(lambda connection: create_tenant(connection, TENANT, TENANT, store.now))
    await store.do(ANN, create_marker())
    counting = Counting(lambda: store.now)
    counting.carried(PICTURE_ROOM, 1, 10)
    listening.statements.clear()
    await Meter(store.database, counting, Node("one", "1.0", store.now)).write()
    for tenant_id in (TENANT, None):
        for read in (read_days, read_tenants_usage):
            await store.database.read(partial(read, first=1, last=10**6, tenant_id=tenant_id))
    await store.database.read(partial(read_pictures_usage, first=1, last=10**6, tenant_id=TENANT, limit=5))
    far = day_of(store.now) + 1_000
    assert await store.database.write(partial(drop_old_pictures, today=far, chunk=5)) == 1
    plans = listening.plans().items()
    used = [step for statement, steps in plans for step in steps if "usage" in statement and "usage" in step]
    assert len(used) > 5
    assert all(step.startswith("SEARCH") and "(tenant_id=?" in step for step in used), used


async def test_what_waits_of_one_author_is_found_without_what_waits_of_all_others(
    store: Store, listening: ListeningBackend
) -> None:
    listening.statements.clear()
    await store.database.read(lambda connection: own_held(connection, PICTURE_ROOM, "ann"))
    await store.database.read(lambda connection: held_in_own_marker(connection, TENANT, PICTURE_ROOM, "ann"))
    for steps in listening.plans().values():
        assert steps[:1] == ["SEARCH held USING INDEX held_of_user (tenant_id=? AND user_id=? AND state=?)"]


async def test_what_waits_is_listed_with_few_questions_about_rooms(store: Store, listening: ListeningBackend) -> None:
    asked = []

    def nobody(access: Access) -> None:
        asked.append(access)
        raise nothing_here()

    def fill(connection: Connection) -> None:
        row = {"tenant_id": TENANT, "user_id": "ann", "created_at": 1, "state": WAITS, "reason": "", "body": ""}
        rows = [row | {"id": f"h{n}", "name": f"n{n}", "room_id": f"{TENANT}.{n}"} for n in range(LOOKED_AT + 1)]
        connection.execute(insert(tables.held), rows)

    await store.database.write(fill)
    questions: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        questions.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(listening.database._readers, "before_cursor_execute", heard)
    found = await store.database.read(lambda connection: list_held(connection, TENANT, 10, nobody))
    assert (found, len(asked), len(questions)) == ([], LOOKED_AT + 1, 4)
