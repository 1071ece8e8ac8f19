"""A database of an earlier version: what was written there is read, resumed and answered as if written here."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command as alembic
from sqlalchemy import create_engine

from imagechat.model.commands import Command
from imagechat.model.ids import room_id
from imagechat.model.principal import Principal
from imagechat.store.read_rooms import LogQuery
from imagechat.store.sqlite import SqliteDatabase, SqliteFile
from imagechat.store.upgrade import _config
from making import (
    ANN,
    BEN,
    PICTURE_ROOM,
    TENANT,
    create_comment,
    create_marker,
    delete_comment,
    edit_comment,
    update_marker,
    words,
)
from storing import SqliteBackend, Store

Given = list[tuple[Principal, Command]]
ROOMS = [room_id(TENANT, name) for name in ("picture", "thread", "other", "second picture")]


def commands() -> Given:
    return [
        (ANN, create_marker(comment=words(comment_id="first"))),
        (BEN, create_marker("other", url_id="second picture")),
        *((BEN, create_comment("other", words(f"word {number}"))) for number in range(30)),
        (BEN, create_comment(comment=words(comment_id="reply", parent_id="first"))),
        (ANN, update_marker(x=77.0)),
        (BEN, edit_comment("reply")),
        (ANN, delete_comment("first")),
    ]


def make_0001(path: Path) -> None:
    """Make an empty database as the first version did."""
    config = _config()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.upgrade(config, "0001")
    engine.dispose()


def write_as_0001(source: Path, target: Path, given: Given) -> None:
    """Put everything of a database of today into one of the first version, whose log and receipts were other tables."""
    make_0001(target)
    new = sqlite3.connect(source)
    old = sqlite3.connect(target)
    old.execute("DELETE FROM history")
    for table in ("history", "tenants", "rooms", "markers", "comments"):
        columns = [row[1] for row in old.execute(f"PRAGMA table_info({table})")]
        rows = new.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()  # noqa: S608 -- names from above
        old.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608
    events = new.execute("SELECT room_id, seq, timestamp, broadcast_id, data FROM events").fetchall()
    old.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", events)
    places = [places for (places,) in new.execute("SELECT places FROM receipts ORDER BY id")]
    old.executemany(
        "INSERT INTO receipts VALUES (?, ?, ?, ?, ?)",
        [
            (who.tenant_id, who.user_id, command.broadcast_id, type(command).__name__, place)
            for (who, command), place in zip(given, places, strict=True)
        ],
    )
    old.commit()
    new.close()
    old.close()


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's rows; those of the log in its order of time, in which rows of one moment have none."""
    connection = sqlite3.connect(path)
    found = {
        "events": "SELECT room_id, seq, timestamp, broadcast_id, data FROM events ORDER BY timestamp, room_id",
        "receipts": "SELECT timestamp, name, places FROM receipts ORDER BY timestamp, name",
        "comments": "SELECT * FROM comments ORDER BY id",
        "markers": "SELECT * FROM markers ORDER BY id",
        "rooms": "SELECT * FROM rooms ORDER BY id",
        "by age": "SELECT timestamp FROM events ORDER BY id",
        "receipts by age": "SELECT timestamp FROM receipts ORDER BY id",
    }
    rows = {name: connection.execute(query).fetchall() for name, query in found.items()}
    connection.close()
    return rows


@pytest.fixture
def given() -> Given:
    return commands()


@pytest.fixture
async def todays(tmp_path: Path, given: Given) -> AsyncIterator[Store]:
    directory = tmp_path / "today"
    directory.mkdir()
    store = Store(SqliteBackend(directory))
    for who, command in given:
        await store.do(who, command)
        store.now += 1000
    yield store
    await store.close()


@pytest.fixture
def of_0001(tmp_path: Path, todays: Store, given: Given) -> Path:
    directory = tmp_path / "before"
    directory.mkdir()
    write_as_0001(tmp_path / "today" / "store.sqlite3", directory / "store.sqlite3", given)
    del todays
    return directory / "store.sqlite3"


async def test_a_database_of_0001_becomes_what_this_version_would_have_written(
    todays: Store, of_0001: Path, tmp_path: Path
) -> None:
    file = SqliteFile(of_0001)
    assert file.migrated == ("0001", "0007")
    await SqliteDatabase(file).close()
    del todays
    assert rows_of(of_0001) == rows_of(tmp_path / "today" / "store.sqlite3")


async def test_RES1_IDEM1_positions_and_answers_of_0001_are_still_good(
    todays: Store, of_0001: Path, given: Given
) -> None:
    upgraded = Store(SqliteBackend(of_0001.parent))
    upgraded.now = todays.now
    for room in ROOMS:
        for after in (0, 3):
            query = LogQuery(limit=1000, after=after)
            assert await upgraded.log(room, query) == await todays.log(room, query)
    assert await upgraded.snapshot(PICTURE_ROOM) == await todays.snapshot(PICTURE_ROOM)
    for who, command in given:
        again, expected = await upgraded.do(who, command), await todays.do(who, command)
        assert again.again
        assert again.placed == expected.placed
    made = await upgraded.do(ANN, create_comment())
    assert made.placed[0].event.seq == (await todays.log()).head + 1
    await upgraded.close()
