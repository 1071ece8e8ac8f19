"""What docs/deployment.md has an operator do after a restore does what it says."""

import re
from collections.abc import Iterator

import pytest
from deploy.local.postgres import PostgresServer
from sqlalchemy import text

from documents import REPOSITORY
from making import ANN, create_marker
from storing import PostgresBackend, Store
from visiting import fresh

STATEMENTS = re.findall(r"^    (UPDATE .*);$", (REPOSITORY / "docs" / "deployment.md").read_text("utf-8"), re.MULTILINE)
NAMES = "SELECT epoch, installation FROM history"
EPOCHS = "SELECT DISTINCT epoch FROM rooms"


@pytest.fixture
def backend(postgres: PostgresServer) -> Iterator[PostgresBackend]:
    made = PostgresBackend(postgres, fresh("restored"))
    yield made
    made.drop()


async def test_SEQ3_a_restored_database_has_another_history_and_a_copy_another_name(backend: PostgresBackend) -> None:
    store = Store(backend)
    await store.do(ANN, create_marker())
    before = await store.snapshot()
    await store.close()
    link = backend.link()
    [(epoch, installation)] = link.read(lambda connection: connection.execute(text(NAMES)).all())
    for statement in STATEMENTS:
        link.write(lambda connection, statement=statement: connection.execute(text(statement)))  # type: ignore[misc]
    [(new_epoch, new_installation)] = link.read(lambda connection: connection.execute(text(NAMES)).all())
    assert {epoch, new_epoch, installation, new_installation} == {
        before.epoch,
        new_epoch,
        installation,
        new_installation,
    }
    assert (new_epoch != epoch, new_installation != installation) == (True, True)
    assert link.read(lambda connection: connection.execute(text(EPOCHS)).scalars().all()) == [new_epoch]
    link.close()
