"""What nodes tell each other about lost rights: each is heeded, in order, also when heeding one fails at first."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete

from bussing import Air
from imagechat.bus.base import Bus
from imagechat.bus.memory import MemoryBus
from imagechat.store import tables
from imagechat.store.notices import KEPT_MS, Notice, Notices, drop_old, note
from imagechat.store.sqlite import SqliteDatabase, SqliteFile
from live_fakes import until
from preparing import prepare_sqlite

ONE, TWO, THREE = Notice("demo", "ann"), Notice("demo"), Notice("other", "ben")


class Node:
    """Heeds notices, except as often as it is told to fail."""

    def __init__(self, database: SqliteDatabase, bus: Bus | None = None) -> None:
        self.database = database
        self.heeded: list[Notice] = []
        self.fails = 0
        self.retired: list[str] = []
        self.notices = Notices(database, self.heed, self.those_retired, bus or MemoryBus(), self.all)

    async def heed(self, notice: Notice) -> None:
        if self.fails:
            self.fails -= 1
            message = "the database is away"
            raise OSError(message)
        self.heeded.append(notice)

    def all(self) -> list[Notice]:
        """Return what the node remembers."""
        return [THREE]

    def those_retired(self) -> list[str]:
        """Return what a node tells once."""
        found, self.retired = self.retired, []
        return found

    async def write(self, *notices: Notice, now: int = 0) -> None:
        for each in notices:
            await self.database.write(lambda connection, each=each: note(connection, each, now))  # type: ignore[misc]

    async def look(self) -> None:
        await self.notices.look()


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    database = SqliteDatabase(SqliteFile(prepare_sqlite(tmp_path / "notices.sqlite3")))
    yield Node(database)
    await database.close()


async def test_AUTH2_every_notice_is_heeded_once_in_order(node: Node) -> None:
    await node.write(ONE, TWO)
    await node.look()
    await node.look()
    await node.write(THREE)
    await node.look()
    assert node.heeded == [ONE, TWO, THREE]


async def test_AUTH2_a_notice_that_could_not_be_heeded_is_tried_again_before_those_after_it(node: Node) -> None:
    node.fails = 2
    await node.write(ONE, TWO)
    for _ in range(2):
        with pytest.raises(OSError, match="away"):
            await node.look()
        assert node.heeded == []
    await node.write(THREE)
    await node.look()
    assert node.heeded == [ONE, TWO, THREE]


async def test_AUTH2_a_key_that_retired_while_nothing_could_be_heeded_is_heeded_later(node: Node) -> None:
    node.fails, node.retired = 1, ["demo"]
    with pytest.raises(OSError, match="away"):
        await node.look()
    await node.look()
    assert node.heeded == [Notice("demo")]


async def test_a_node_begins_after_the_notices_that_are_there(node: Node) -> None:
    await node.write(ONE)
    await node.notices.start()
    await node.write(TWO)
    await node.look()
    assert node.heeded == [TWO]
    await node.notices.close()


async def test_old_notices_go_some_at_a_time_and_the_last_stays_for_ids_to_go_on_from(node: Node) -> None:
    await node.write(ONE, ONE, TWO)
    gone = [await node.database.write(partial(drop_old, now=KEPT_MS + 1, chunk=chunk)) for chunk in (1, 10, 10)]
    assert gone == [1, 1, 0]
    await node.look()
    assert node.heeded == [THREE, TWO]


async def test_AUTH2_a_node_that_was_away_while_notices_went_looks_at_all_that_it_remembers(node: Node) -> None:
    await node.write(ONE)
    await node.look()
    await node.write(TWO, ONE)
    assert await node.database.write(partial(drop_old, now=KEPT_MS + 1, chunk=10)) == 2
    await node.look()
    await node.look()
    assert node.heeded == [ONE, THREE, ONE]


async def test_a_node_that_read_each_notice_before_it_went_looks_at_nothing_anew(node: Node) -> None:
    await node.write(ONE, TWO)
    await node.look()
    assert await node.database.write(partial(drop_old, now=KEPT_MS + 1, chunk=10)) == 1
    await node.look()
    await node.write(ONE)
    assert await node.database.write(partial(drop_old, now=KEPT_MS + 1, chunk=10)) == 1
    await node.look()
    assert node.heeded == [ONE, TWO, ONE]


async def test_AUTH2_a_database_that_went_back_makes_a_node_look_at_all_that_it_remembers(node: Node) -> None:
    await node.write(ONE, TWO)
    await node.look()
    await node.database.write(lambda connection: connection.execute(delete(tables.notices)))
    await node.look()
    assert node.heeded == [ONE, TWO, THREE]


async def test_AUTH2_what_one_node_wrote_another_heeds_without_waiting(node: Node) -> None:
    air = Air()
    here, there = Node(node.database, air.node()), Node(node.database, air.node())
    await node.write(ONE)
    await here.look()
    await until(lambda: there.heeded == [ONE])
    await there.notices.close()


async def test_AUTH2_a_hint_that_comes_while_a_node_looks_makes_it_look_once_more(node: Node) -> None:
    air = Air()
    here, there = Node(node.database, air.node()), Node(node.database)  # its notices of before hear no hint
    heeds, goes_on = asyncio.Event(), asyncio.Event()

    async def heed_slowly(notice: Notice) -> None:
        heeds.set()
        await goes_on.wait()
        there.heeded.append(notice)

    there.notices = Notices(node.database, heed_slowly, there.those_retired, air.node())
    await node.write(ONE)
    await here.look()
    await heeds.wait()
    await node.write(TWO)
    await here.look()
    goes_on.set()
    await until(lambda: there.heeded == [ONE, TWO])
    await there.notices.close()
