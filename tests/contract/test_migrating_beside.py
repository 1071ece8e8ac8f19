"""A migration of PostgreSQL beside nodes that serve people."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
from deploy.local.postgres import PostgresServer
from sqlalchemy import Connection, text

from imagechat.store import migrate, upgrade
from making import ANN, create_marker
from storing import PostgresBackend, Store
from visiting import fresh

HOLDS = "SELECT count(*) FROM rooms"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"


@pytest.fixture
def backend(postgres: PostgresServer) -> Iterator[PostgresBackend]:
    made = PostgresBackend(postgres, fresh("migrating"), seconds=5.0)
    yield made
    made.drop()


@pytest.fixture
def older(backend: PostgresBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the database be of a version before, from which one column leads to this one."""

    def add_a_column(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE rooms ADD COLUMN more text"))
        connection.execute(text("UPDATE alembic_version SET version_num = :now").bindparams(now=migrate.NEWEST))

    monkeypatch.setattr(upgrade, "upgrade", add_a_column)
    link = backend.link()
    link.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '0001'")))
    link.close()


@pytest.mark.usefixtures("older")
async def test_a_migration_that_waits_for_who_reads_long_holds_up_nobody_else(
    backend: PostgresBackend, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other_version:
        other_version.setattr("imagechat.store.postgres.check", lambda _connection: ("0001", "0001"))
        store = Store(backend)
    await store.do(ANN, create_marker())
    reader = await asyncpg.connect(backend.url)
    reading = reader.transaction(isolation="repeatable_read")
    await reading.start()
    await reader.fetch(HOLDS)
    migrating = asyncio.create_task(asyncio.to_thread(backend.link, migrating=True))
    try:
        async with asyncio.timeout(60):
            while await asyncio.to_thread(postgres.run, WAITING) == "0":
                assert not migrating.done()
        assert (await store.snapshot()).seq == 1
    finally:
        await reading.rollback()
        await reader.close()
        link = await migrating
    assert link.migrated == ("0001", migrate.NEWEST)
    link.close()
    await store.close()


@pytest.mark.usefixtures("older")
async def test_a_migration_that_somebody_is_in_the_way_of_for_ever_says_so(
    backend: PostgresBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagechat.store.postgres.MIGRATION_TRIES", 2)
    monkeypatch.setattr("imagechat.store.postgres.MIGRATION_PAUSE", 0.01)
    reader = await asyncpg.connect(backend.url)
    reading = reader.transaction()
    await reading.start()
    await reader.fetch(HOLDS)
    with pytest.raises(RuntimeError, match="pg_stat_activity"):
        await asyncio.to_thread(backend.link, migrating=True)
    await reading.rollback()
    await reader.close()
