from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from imagechat.store import tables
from imagechat.store.migrate import NEWEST, migrate, revision
from imagechat.store.sqlite import SqliteFile
from imagechat.store.upgrade import newest

_UNREFLECTED = pytest.mark.filterwarnings("ignore:.*expression-based index")
"""SQLAlchemy does not read these from SQLite: their words are compared instead."""


@pytest.fixture
def file(tmp_path: Path) -> Iterator[SqliteFile]:
    file = SqliteFile(tmp_path / "new.sqlite3")
    yield file
    file.close()


def test_the_newest_revision_is_the_last_migration() -> None:
    assert newest() == NEWEST


@_UNREFLECTED
def test_the_migrations_build_the_tables_of_the_program(file: SqliteFile) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, tables.metadata))

    assert file.write(differences) == []


@_UNREFLECTED
def test_the_migrations_build_the_same_tables_as_create_all(file: SqliteFile, tmp_path: Path) -> None:
    """Beyond what Alembic compares: primary keys, foreign keys, uniqueness, the order of columns, WITHOUT ROWID."""

    def described(connection: Connection) -> dict[str, object]:
        found = inspect(connection)
        words = text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql LIKE '%substr%'")
        return {
            name: (
                [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(name)],
                found.get_pk_constraint(name)["constrained_columns"],
                found.get_foreign_keys(name),
                found.get_unique_constraints(name),
                sorted(
                    ({**index, "dialect_options": described_options(index)} for index in found.get_indexes(name)),
                    key=str,
                ),
                found.get_table_options(name),
                sorted(connection.scalars(words, {"name": name})),
            )
            for name in tables.metadata.tables
        }

    def described_options(index: ReflectedIndex) -> dict[str, str]:
        return {name: str(value) for name, value in index.get("dialect_options", {}).items()}

    other = SqliteFile(tmp_path / "other.sqlite3")

    def rebuilt(connection: Connection) -> dict[str, object]:
        tables.metadata.drop_all(connection)
        tables.metadata.create_all(connection)
        return described(connection)

    try:
        assert file.write(described) == other.write(rebuilt)
    finally:
        other.close()


def test_a_new_database_has_an_epoch_of_its_own(file: SqliteFile, tmp_path: Path) -> None:
    def epoch(connection: Connection) -> str:
        return str(connection.execute(select(tables.history.c.epoch)).scalar_one())

    other = SqliteFile(tmp_path / "other.sqlite3")
    try:
        assert file.write(epoch) != other.write(epoch)
    finally:
        other.close()


def test_migrating_twice_changes_nothing(file: SqliteFile) -> None:
    assert file.migrated == (None, "0007")
    assert file.write(migrate) == ("0007", "0007")
    assert file.write(revision) == "0007"
