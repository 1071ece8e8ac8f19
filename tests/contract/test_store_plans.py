"""What the store asks is found by an index, however much there is: SQLite's own plans say so."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from imagechat.store.database import SqliteDatabase, SqliteFile
from imagechat.store.read_rooms import CommentQuery, LogQuery, anybody, read_comment, read_tail
from imagechat.store.retention import Keep, Trimmer, old_rooms, trim_room
from making import (
    ANN,
    BEN,
    PICTURE_ROOM,
    TENANT,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    update_marker,
    words,
)
from storing import Store

ONE_ROW = "SCAN history"
"""The table that has one row for ever."""


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


async def do_everything(store: Store) -> None:
    """Give every command, in groups of several, and ask every question."""
    await store.do_all(*((ANN, create_marker(f"w{number}")) for number in range(3)))
    await store.do_all(*((BEN, create_comment("w1", words(comment_id=f"c{number}"))) for number in range(4)))
    await store.do_all(*((BEN, create_comment("w1", words(parent_id=f"c{number}"))) for number in range(4)))
    await store.do_all((BEN, edit_comment("c1")), (BEN, edit_comment("c2")), (ANN, update_marker("m-w0", x=1.0)))
    await store.do_all((BEN, delete_comment("c1")), (BEN, delete_comment("c2")), (ANN, delete_marker("m-w0")))
    await store.snapshot()
    for query in (
        CommentQuery(offset=1, limit=2),
        CommentQuery(offset=0, limit=2, newest_first=True, before_id="c3"),
        CommentQuery(offset=0, limit=2, parent_id="c0", after_id="c0"),
    ):
        await store.comments("w1", query)
    await store.log(query=LogQuery(limit=5, start=1, end=store.now))
    await store.database.read(lambda connection: read_tail(connection, PICTURE_ROOM, 2))
    await store.database.read(lambda connection: read_comment(connection, TENANT, "c1", anybody))
    old = partial(old_rooms, tenant_id=TENANT, before=store.now + 10**9, after="")
    rooms, _ = await store.database.read(old)
    await store.database.write(partial(trim_room, room_id=rooms[0], before=store.now, chunk=5))
    await Trimmer(store.database, Keep(days=1, events=1), lambda: store.now + 10**9).trim()


async def test_no_command_and_no_question_looks_at_every_row_of_a_table(
    store: Store, listening: ListeningBackend
) -> None:
    await do_everything(store)
    plans = listening.plans()
    assert len(plans) > 15
    for statement, steps in plans.items():
        ordered_by_age = "ORDER BY events.id" in statement or "ORDER BY receipts.id" in statement or "max(" in statement
        for step in steps:
            looks_at_all = step.startswith("SCAN") and step != ONE_ROW and "json_each" not in step
            assert not looks_at_all or ordered_by_age, (statement, steps)
            assert "TEMP B-TREE" not in step, (statement, steps)
