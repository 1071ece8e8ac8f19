"""What a node remembers of callers: today's answer, also where rights change while it is being read."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from imagechat.model.errors import INVALID_TENANT_ID, Refusal
from imagechat.model.person import Person
from imagechat.model.principal import Role
from imagechat.store.people import vouch
from imagechat.store.sqlite import SqliteDatabase, SqliteFile
from imagechat.store.standings import Standings
from imagechat.store.tenants import create_tenant, switch_tenant
from preparing import prepare_sqlite

T = TypeVar("T")


class SlowAnswers:
    """A database that has read, and does not answer before it is told to."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._answers: asyncio.Queue[asyncio.Event] = asyncio.Queue()
        self.reads = 0
        self.write, self.close = database.write, database.close

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        self.reads += 1
        found = await self._database.read(transaction)
        answer = asyncio.Event()
        self._answers.put_nowait(answer)
        await answer.wait()
        return found

    async def has_read(self) -> asyncio.Event:
        """Return, once it has read, what lets it answer."""
        return await asyncio.wait_for(self._answers.get(), timeout=10)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SlowAnswers]:
    database = SlowAnswers(SqliteDatabase(SqliteFile(prepare_sqlite(tmp_path / "standings.sqlite3"))))
    for tenant_id in ("demo", "other"):
        await database.write(lambda connection, name=tenant_id: create_tenant(connection, name, name, 0))  # type: ignore[misc]
    yield database
    await database.close()


@pytest.fixture
def standings(database: SlowAnswers) -> Standings:
    return Standings(database, lambda: 0)


async def test_AUTH2_what_was_read_before_a_change_is_read_again(database: SlowAnswers, standings: Standings) -> None:
    asked = [asyncio.create_task(standings.tenant("demo")) for _ in range(3)]
    answer = await database.has_read()
    await database.write(lambda connection: switch_tenant(connection, "demo", 1, disabled=True))
    standings.forget("demo", None)
    late = asyncio.create_task(standings.tenant("demo"))
    answer.set()
    (await database.has_read()).set()
    assert [found.disabled for found in await asyncio.gather(*asked, late)] == [True] * 4
    assert database.reads == 2


async def test_AUTH2_a_person_that_a_newer_sso_came_for_is_read_again(
    database: SlowAnswers, standings: Standings
) -> None:
    asked = asyncio.create_task(standings.vouched("demo", "ann"))
    answer = await database.has_read()
    ann = Person(id="ann", role=Role.ADMIN)
    await database.write(lambda connection: vouch(connection, "demo", ann, 1, 1))
    standings.forget("demo", "ann")
    answer.set()
    (await database.has_read()).set()
    found = await asked
    assert found is not None
    assert found.person.role is Role.ADMIN


async def test_nobody_waits_for_the_changes_of_others(database: SlowAnswers, standings: Standings) -> None:
    asked = asyncio.create_task(standings.vouched("demo", "ann"))
    answer = await database.has_read()
    for number in range(100):  # a class signs in, and another tenant has its own troubles
        standings.forget("demo", f"user-{number}")
        standings.forget("other", None)
    answer.set()
    assert await asyncio.wait_for(asked, timeout=10) is None
    assert (await standings.vouched("demo", "ann"), database.reads) == (None, 1)


async def test_those_who_ask_at_once_share_a_read_and_one_who_leaves_takes_it_from_nobody(
    database: SlowAnswers, standings: Standings
) -> None:
    first, *others = [asyncio.create_task(standings.tenant("demo")) for _ in range(3)]
    answer = await database.has_read()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    answer.set()
    assert {found.id for found in await asyncio.gather(*others)} == {"demo"}
    assert database.reads == 1


async def test_a_tenant_that_is_not_there_is_asked_for_each_time(database: SlowAnswers, standings: Standings) -> None:
    for _ in range(2):
        asked = asyncio.create_task(standings.tenant("nobody"))
        (await database.has_read()).set()
        with pytest.raises(Refusal) as refused:
            await asked
        assert refused.value.kind is INVALID_TENANT_ID
    assert database.reads == 2
