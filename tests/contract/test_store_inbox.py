"""The inbox as the store has it: complete, in order, page by page, and never more than so many rows at once."""

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, event, insert

from imagechat.model.access import Access
from imagechat.model.held import Held
from imagechat.model.ids import room_id, timed_id
from imagechat.model.principal import Principal
from imagechat.model.view import nothing_here
from imagechat.store import spam_texts, tables
from imagechat.store.banning import list_bans
from imagechat.store.holding import held_values
from imagechat.store.inbox import CHUNK, LOOKED_AT, Question, read_inbox
from imagechat.store.inbox_counts import count_held, count_new
from imagechat.store.inbox_deleted import read_deleted
from imagechat.store.mass_deletion import Deletion, begin, of_ids
from imagechat.store.read_rooms import anybody
from imagechat.store.reviewing import note_reviewed, review
from making import ANN, MODERATOR, TENANT, create_comment, create_marker, delete_comment, delete_marker, words
from storing import Store


def id_at(milliseconds: int, number: int = 0) -> str:
    return timed_id(milliseconds, number.to_bytes(6))


async def ask(store: Store, may: Any = anybody, **question: Any) -> tuple[list[str], str | None]:
    """Return a page's ids, and where it goes on."""
    asked = Question(**({"limit": 50} | question))
    page = await store.database.read(partial(read_inbox, tenant_id=TENANT, question=asked, may=may))
    return [thing.id for thing in page.things], page.before


async def everything(store: Store, limit: int, **question: Any) -> list[str]:
    """Return all pages' ids."""
    found: list[str] = []
    before: str | None = None
    while True:
        ids, before = await ask(store, limit=limit, before=before, **question)
        assert len(ids) <= limit
        found += ids
        if before is None:
            return found


def hold(connection: Connection, held_id: str, at: int, room: str = "p") -> None:
    """Have a marker with a comment wait, since a time."""
    command = create_marker(held_id, url_id=room, marker_id=held_id, comment=words("let me in"))
    held = Held(id=held_id, reason="because", created_at=at, principal=ANN, marker=command)
    connection.execute(insert(tables.held).values(held_values(held, f"name-{held_id}")))


async def comments_at(store: Store, *times: int) -> list[str]:
    """Make a marker's thread with comments of some times."""
    made = [id_at(time, number) for number, time in enumerate(times)]
    await store.do(ANN, create_marker("w", url_id="p", marker_id=id_at(1)))
    for each in made:
        await store.do(ANN, create_comment("w", words(comment_id=each)))
    return made


async def test_a_page_looks_at_so_many_rows_and_says_where_it_goes_on(store: Store) -> None:
    thread = room_id(TENANT, "w")
    await store.do(ANN, create_marker("w", url_id="p", marker_id=id_at(1)))
    await store.do(ANN, create_comment("w", words(comment_id=id_at(2))))
    count = 3 * LOOKED_AT

    def fill(connection: Connection) -> None:
        body = connection.execute(tables.comments.select()).one().body
        ids = [id_at(10 + number) for number in range(count)]
        common = {"thread_id": thread, "depth": 0, "replies": 0, "removed": False, "body": body}
        connection.execute(
            insert(tables.comments), [{"id": each, "position": at, **common} for at, each in enumerate(ids)]
        )
        note_reviewed(connection, MODERATOR, ids[: count // 2], 5)
        note_reviewed(connection, MODERATOR, ids[count // 2 :], 5)

    await store.database.write(fill)
    rows: list[int] = []

    def fetched(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        rows.append(CHUNK if "LIMIT" in statement else 0)

    event.listen(Engine, "before_cursor_execute", fetched)
    try:
        ids, before = await ask(store, only_new=True)
    finally:
        event.remove(Engine, "before_cursor_execute", fetched)
    assert (ids, before) == ([], id_at(10 + count - LOOKED_AT))
    assert sum(rows) <= LOOKED_AT + 3 * CHUNK
    pages = 0
    while not ids and before is not None:
        ids, before = await ask(store, only_new=True, before=before)
        pages += 1
    assert (ids, before, pages) == ([id_at(2)], None, 3)
    assert await store.database.read(partial(count_new, tenant_id=TENANT, may=anybody)) == 0


async def test_everything_is_there_once_and_in_order_whatever_came_in_the_same_moment(store: Store) -> None:
    made = await comments_at(store, 5, 5, 6, 7, 7)
    times = {"a1": 5, "a2": 5, "a3": 6, "a4": 8}
    held = {f"{id_at(time)}{name}": time for name, time in times.items()}
    odd = {id_at(9, 9): 6}  # it was given its id late

    def fill(connection: Connection) -> None:
        for held_id, time in (held | odd).items():
            hold(connection, held_id, time)

    await store.database.write(fill)
    whole = await everything(store, 100)
    assert sorted(whole) == sorted([*made, *held, *odd])
    assert [each for each in whole if each in made] == made[::-1]
    for limit in range(1, 6):
        assert await everything(store, limit) == whole
        assert await everything(store, limit, only_held=True) == [each for each in whole if each not in made]


things_of = st.lists(st.tuples(st.sampled_from(["comment", "held", "marker"]), st.integers(1, 6)), max_size=14)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(things=things_of, limit=st.integers(1, 4))
async def test_pages_of_any_size_have_the_same_things(store: Store, things: list[tuple[str, int]], limit: int) -> None:
    def fill(connection: Connection) -> None:
        for table in (tables.comments, tables.held, tables.events, tables.receipts, tables.markers, tables.rooms):
            connection.execute(delete(table))

    await store.database.write(fill)
    made = []
    for number, (kind, time) in enumerate(things):
        thing = id_at(time, number)
        made.append(thing)
        if kind == "held":
            await store.database.write(partial(hold, held_id=thing, at=time))
        elif kind == "marker":
            await store.do(ANN, create_marker(thing, url_id="p", marker_id=thing))
        else:
            await store.do(ANN, create_comment("loose", words(comment_id=thing)))
    whole = await everything(store, 100)
    assert sorted(whole) == sorted(made)
    assert [each[:12] for each in whole] == sorted((each[:12] for each in made), reverse=True)
    assert await everything(store, limit) == whole


async def test_what_is_not_for_the_caller_counts_for_nothing(store: Store) -> None:
    await comments_at(store, 5, 6)
    await store.database.write(partial(hold, held_id=id_at(7), at=7))

    def nobody(_access: Access) -> None:
        raise nothing_here()

    assert await ask(store, nobody) == ([], None)
    for count in (count_new, count_held):
        assert await store.database.read(partial(count, tenant_id=TENANT, may=nobody)) == 0
    assert await store.database.read(partial(count_new, tenant_id=TENANT, may=anybody)) == 2
    assert await store.database.read(partial(count_held, tenant_id=TENANT, may=anybody)) == 1
    assert await store.database.read(partial(count_new, tenant_id="dem", may=anybody)) == 0


async def test_what_was_deleted_is_not_there_and_a_marker_without_comments_is(store: Store) -> None:
    [made] = await comments_at(store, 5)
    assert await everything(store, 10) == [made]
    await store.do(ANN, delete_comment(made))
    assert await everything(store, 10) == [id_at(1)]
    await store.do(ANN, delete_marker(id_at(1)))
    assert await everything(store, 10) == []


async def test_the_latest_deletion_is_first_and_pages_go_through_all_of_them(store: Store) -> None:
    made = await comments_at(store, *range(5, 15))
    for number in range(2):
        ids = made[number * 5 : number * 5 + 5]

        def take(connection: Connection, number: int = number, ids: list[str] = ids) -> None:
            markers, comments = of_ids(connection, TENANT, ids, anybody)
            deletion = Deletion(
                id=f"d{number}", by="mo", created_at=7, until=100, ids=ids, markers=markers, comments=comments
            )
            begin(connection, MODERATOR, deletion, 5)

        await store.database.write(take)
        for each in ids:
            await store.do(MODERATOR, delete_comment(each))

    async def pages(limit: int, **more: Any) -> list[str]:
        found: list[str] = []
        before: str | None = None
        while True:
            question = Question(limit, before=before, **more)
            reading = partial(read_deleted, tenant_id=TENANT, question=question, now=50, may=anybody)
            taken, before = await store.database.read(reading)
            found += [each.thing.id for each in taken]
            if before is None:
                return found

    for limit in (1, 2, 3, 5, 7, 50):
        assert await pages(limit) == made[5:] + made[:5]
    assert await pages(2, words="no such words") == []


async def test_things_of_another_tenant_are_reviewed_by_nobody_here(store: Store) -> None:
    [made] = await comments_at(store, 5)
    stranger = Principal(tenant_id="elsewhere", user_id="mo", session_id="s", role=MODERATOR.role)
    for who, count in ((stranger, 0), (MODERATOR, 1)):
        assert await store.database.write(partial(review, by=who, ids=[made], may=anybody, now=1)) == count


async def test_so_many_texts_of_a_tenant_wait_at_most_and_the_oldest_make_room(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spam_texts, "MOST", 3)

    def mark(connection: Connection, numbers: tuple[int, ...]) -> list[str]:
        texts = {f"c{number}": f"text {number}" for number in numbers}
        return spam_texts.ban_texts(connection, MODERATOR, texts, texts, 10 + numbers[0])

    made = [
        await store.database.write(partial(mark, numbers=numbers)) for numbers in ((1,), (2, 3), (4,), (4,), (2, 3))
    ]
    assert made == [["text-c1"], ["text-c2", "text-c3"], ["text-c4"], [], []]
    bans = await store.database.read(partial(list_bans, tenant_id=TENANT, now=20))
    assert sorted(ban.reason for ban in bans) == ["text 2", "text 3", "text 4"]
    later = 10 + spam_texts.LAST_MS + 2
    left = await store.database.read(partial(list_bans, tenant_id=TENANT, now=later))
    assert [ban.reason for ban in left] == ["text 4"]
