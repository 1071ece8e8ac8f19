import asyncio
import logging
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from imagechat.model.ids import room_id
from imagechat.store.sqlite import SqliteFile
from making import ANN, BEN, PICTURE_ROOM, TENANT, create_comment, create_marker, delete_marker, words
from storing import Backend, FailingDatabase, HeldDatabase, SqliteBackend, Store, code_of


async def test_DUR1_nothing_is_answered_published_or_seen_before_the_commit(backend: Backend) -> None:
    store = Store(backend, HeldDatabase)
    held = store.database
    assert isinstance(held, HeldDatabase)
    answers = [asyncio.create_task(store.do(ANN, create_marker(f"thread-{number}"))) for number in range(5)]
    await held.about_to_commit.wait()
    assert not any(answer.done() for answer in answers)
    assert store.bus.published == []
    assert (await store.snapshot()).conversations == []
    assert not any(answer.done() for answer in answers)
    held.let_go()
    await asyncio.gather(*answers)
    assert store.bus.seqs(PICTURE_ROOM) == [1, 2, 3, 4, 5]
    assert len((await store.snapshot()).conversations) == 5
    await store.close()


async def test_DUR1_what_was_answered_is_there_after_a_restart(store: Store) -> None:
    await store.do(ANN, create_marker())
    await store.do(BEN, create_comment())
    before = await store.snapshot(), await store.comments(), await store.log()
    await store.restart()
    assert (await store.snapshot(), await store.comments(), await store.log()) == before


async def test_SEQ1_SEQ3_a_restart_goes_on_in_the_same_history(store: Store) -> None:
    first = await store.do(ANN, create_marker())
    await store.restart()
    second = await store.do(BEN, create_comment())
    assert [committed.placed[0].event.seq for committed in (first, second)] == [1, 2]
    assert first.epochs == second.epochs


async def test_SEQ2_timestamps_rise_though_the_clock_was_set_back_before_a_restart(store: Store) -> None:
    first = await store.do(ANN, create_marker())
    await store.restart()
    store.now -= 3_600_000
    second = await store.do(BEN, create_comment())
    assert second.placed[0].event.timestamp == first.placed[0].event.timestamp + 1


async def test_DUR1_a_database_that_cannot_write_refuses_and_publishes_nothing(backend: Backend) -> None:
    store = Store(backend, FailingDatabase)
    failing = store.database
    assert isinstance(failing, FailingDatabase)
    failing.fails_before = 100
    outcomes = await store.do_all(*((ANN, create_marker(f"thread-{number}")) for number in range(5)))
    assert {code_of(outcome) for outcome in outcomes} == {"unavailable"}
    assert store.bus.published == []
    assert (await store.snapshot()).seq == 0
    failing.fails_before = 0
    await store.do(ANN, create_marker())
    assert store.bus.seqs(PICTURE_ROOM) == [1]
    await store.close()


async def test_a_database_that_cannot_write_logs_a_line_for_each_command_and_nobodys_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(SqliteBackend(tmp_path))
    await store.do(ANN, create_marker())
    with closing(connect(tmp_path / "store.sqlite3")) as beside:
        beside.execute("CREATE TRIGGER no_more BEFORE INSERT ON comments BEGIN SELECT RAISE(FAIL, 'full'); END")
        beside.commit()
    with caplog.at_level(logging.ERROR):
        assert await store.refused(ANN, create_comment(comment=words("between you and me"))) == "unavailable"
    assert caplog.text.count("\n") == 1
    assert "a CreateComment could not be written: full" in caplog.text
    assert "between you and me" not in caplog.text
    await store.close()


async def test_IDEM1_a_commit_whose_fate_is_unknown_has_one_effect(backend: Backend) -> None:
    """The connection is lost after the commit, so that the group is tried again, command by command."""
    store = Store(backend, FailingDatabase)
    failing = store.database
    assert isinstance(failing, FailingDatabase)
    failing.fails_after = 1
    outcomes = await store.do_all(*((ANN, create_marker(f"thread-{number}")) for number in range(5)))
    assert [code_of(outcome) for outcome in outcomes] == [None] * 5
    assert len((await store.snapshot()).conversations) == 5
    assert [event.seq for event in (await store.log()).events] == [1, 2, 3, 4, 5]
    await store.close()


async def test_a_request_that_went_away_does_not_take_its_command_back(backend: Backend) -> None:
    store = Store(backend, HeldDatabase)
    held = store.database
    assert isinstance(held, HeldDatabase)
    gone = asyncio.create_task(store.do(ANN, create_marker()))
    await held.about_to_commit.wait()
    other = asyncio.create_task(store.do(BEN, create_comment()))
    gone.cancel()
    held.let_go()
    assert (await other).placed[0].event.seq == 2
    assert store.bus.seqs(PICTURE_ROOM) == [1, 2]
    await store.close()


async def test_closing_finishes_what_was_taken_and_refuses_what_comes_after(backend: Backend) -> None:
    store = Store(backend, HeldDatabase)
    held = store.database
    assert isinstance(held, HeldDatabase)
    first = asyncio.create_task(store.do(ANN, create_marker()))
    await held.about_to_commit.wait()
    second = asyncio.create_task(store.do(ANN, create_marker("another")))
    closing = asyncio.create_task(store.group_commit.close())
    await asyncio.wait({second, closing}, timeout=0)
    assert await store.refused(ANN, create_marker("late")) == "unavailable"
    held.let_go()
    await closing
    assert [(await answer).placed[0].event.seq for answer in (first, second)] == [1, 2]
    await store.close()


async def test_ECHO1_each_event_is_published_in_every_room_that_carries_it(store: Store) -> None:
    await store.do(ANN, create_marker(broadcast_id="one"))
    await store.do(ANN, delete_marker(broadcast_id="two"))
    for room in (PICTURE_ROOM, room_id(TENANT, "thread")):
        assert store.bus.seqs(room) == [1, 2]
        assert [event.broadcast_id for event in (await store.log(room)).events] == ["one", "two"]
        published = [
            data.decode() for batch in store.bus.published if batch.room_id == room for _, data in batch.events
        ]
        assert published == [event.data for event in (await store.log(room)).events]


def test_a_commit_that_failed_is_not_in_the_way_of_the_next(tmp_path: Path) -> None:
    file = SqliteFile(tmp_path / "new.sqlite3")
    try:

        def break_a_promise(connection: Connection) -> None:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            connection.exec_driver_sql(
                "INSERT INTO comments (id, thread_id, position, depth, replies, removed, body)"
                " VALUES ('c', 'nowhere', 1, 0, 0, 0, '{}')"
            )

        with pytest.raises(IntegrityError):
            file.write(break_a_promise)
        assert file.write(lambda connection: connection.exec_driver_sql("SELECT count(*) FROM comments").scalar()) == 0
    finally:
        file.close()
