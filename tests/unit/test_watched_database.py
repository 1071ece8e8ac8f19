"""A database without room: what it says, to whom, and how often."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import cast

import asyncpg
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from imagechat.model.errors import STORAGE_FULL, UNAVAILABLE
from imagechat.store.retention import Keep, Trimmer
from imagechat.store.sqlite import SqliteDatabase, SqliteFile
from imagechat.store.storage_trouble import FAILING, FULL, READ_ONLY, CannotSave, Trouble, trouble_of
from imagechat.store.tenants import create_tenant, list_tenants
from imagechat.store.watched_database import LONGEST_QUIET, QUIET, RELAPSE, WatchedDatabase
from preparing import prepare_sqlite


class Pauses:
    """Time that stands still until told: each `sleep` waits to be let go."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._waiting: asyncio.Queue[asyncio.Future[None]] = asyncio.Queue()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait(future)
        await future

    async def over(self) -> None:
        future = await asyncio.wait_for(self._waiting.get(), 10)
        self.now += self.slept[-1]
        future.set_result(None)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def database(tmp_path: Path, pauses: Pauses) -> AsyncIterator[WatchedDatabase]:
    made = WatchedDatabase(
        SqliteDatabase(SqliteFile(prepare_sqlite(tmp_path / "store.sqlite3"))), pauses.sleep, lambda: pauses.now
    )
    yield made
    await made.close()


def pragma(database: WatchedDatabase, words: str) -> None:
    """Set something on the writer's own connection."""
    assert isinstance(database._database, SqliteDatabase)
    driver = cast("sqlite3.Connection", database._database._file._connection.connection.dbapi_connection)
    driver.execute(f"PRAGMA {words}")


def much(connection: Connection) -> None:
    create_tenant(connection, "much", "word " * 20_000, 0)


async def ended(database: WatchedDatabase) -> None:
    """Wait until it is over; nobody fails meanwhile."""
    async with asyncio.timeout(10):
        while database.trouble:  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0.001)


async def sleeping(pauses: Pauses, times: int) -> None:
    """Wait until it has begun to sleep for so many times."""
    async with asyncio.timeout(10):
        while len(pauses.slept) < times:  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0.001)


async def test_a_full_disk_is_refused_with_507_told_once_and_over_by_itself(
    database: WatchedDatabase, pauses: Pauses, caplog: pytest.LogCaptureFixture
) -> None:
    pragma(database, "max_page_count = 1")  # as many as there are
    for _ in range(3):
        with pytest.raises(CannotSave) as refused:
            await database.write(much)
        assert (refused.value.kind, refused.value.message) == (STORAGE_FULL, FULL.sentence)
        await sleeping(pauses, 1)
    assert database.trouble == FULL.words
    assert await database.read(list_tenants) == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "database or disk is full" in caplog.text
    pragma(database, "max_page_count = 1000000")
    await database.write(much)  # at once
    await pauses.over()
    await pauses.over()  # it had failed in the first
    await ended(database)
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert pauses.slept == [QUIET, QUIET]


async def test_it_is_over_only_when_nothing_has_failed_for_a_while(database: WatchedDatabase, pauses: Pauses) -> None:
    pragma(database, "query_only = on")
    with pytest.raises(CannotSave) as refused:
        await database.write(much)
    assert (refused.value.kind, database.trouble) == (UNAVAILABLE, READ_ONLY.words)
    await pauses.over()  # it is tried whether there is room: there is none
    await sleeping(pauses, 2)
    pragma(database, "query_only = off")
    pragma(database, "max_page_count = 1")
    with pytest.raises(CannotSave):
        await database.write(much)
    await pauses.over()  # a small write would go well, and one has just failed
    await pauses.over()
    await ended(database)
    assert len(pauses.slept) == 3


async def test_what_comes_back_again_and_again_is_told_more_and_more_seldom(
    database: WatchedDatabase, pauses: Pauses
) -> None:
    pragma(database, "max_page_count = 1")
    for _ in range(9):
        with pytest.raises(CannotSave):
            await database.write(much)
        await pauses.over()
        await ended(database)
    assert pauses.slept == [min(QUIET * 2**times, LONGEST_QUIET) for times in range(9)]
    pauses.now += RELAPSE
    with pytest.raises(CannotSave):
        await database.write(much)
    await pauses.over()
    await ended(database)
    assert pauses.slept[-1] == QUIET


async def test_what_a_transaction_does_wrong_is_no_trouble_of_the_disk(database: WatchedDatabase) -> None:
    with pytest.raises(DBAPIError):
        await database.write(lambda connection: connection.exec_driver_sql("SELECT nothing"))
    assert database.trouble == ""


async def test_the_trimmer_goes_on_and_says_nothing_of_its_own(
    database: WatchedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    await database.write(much)
    pragma(database, "query_only = on")
    rounds = Pauses()
    trimmer = Trimmer(_Refusing(database), Keep(1, 1), lambda: 0, rounds.sleep)  # type: ignore[arg-type]  # as much as is used
    await trimmer.start()
    for _ in range(3):
        await rounds.over()
    await sleeping(rounds, 4)
    await trimmer.close()
    assert len(caplog.records) == 1


class _Refusing:
    """A database in which all that is written writes something."""

    def __init__(self, database: WatchedDatabase) -> None:
        self._database = database

    async def write(self, transaction: object, *, locking: bool = False) -> None:
        del transaction, locking
        await self._database.write(partial(create_tenant, tenant_id="t", name="t", now=0))


@pytest.mark.parametrize(
    ("code", "trouble"),
    [(13, FULL), (778, FULL), (4874, FULL), (8, READ_ONLY), (1032, READ_ONLY), (1034, FAILING), (5, None), (1, None)],
)
def test_what_sqlite_says_is_understood(code: int, trouble: Trouble | None) -> None:
    error = sqlite3.OperationalError("words")
    error.sqlite_errorcode = code
    assert trouble_of(OperationalError("INSERT", None, error)) is trouble


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (asyncpg.DiskFullError("words"), FULL),
        (asyncpg.ReadOnlySQLTransactionError("words"), READ_ONLY),
        (asyncpg.TooManyConnectionsError("words"), None),
        (TimeoutError(), None),
    ],
)
def test_what_postgresql_says_is_understood(error: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(OperationalError("INSERT", None, error)) is trouble
