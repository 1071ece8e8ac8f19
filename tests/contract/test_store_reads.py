import asyncio
from functools import partial

import pytest

from imagechat.model.events import decode_event
from imagechat.model.ids import room_id
from imagechat.model.room_state import RoomState, fold
from imagechat.store.read_rooms import CommentQuery, LogQuery, Snapshot, anybody, read_comment, read_heads, read_tail
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

THREAD_ROOM = room_id(TENANT, "thread")


def state_of(snapshot: Snapshot) -> RoomState:
    return RoomState(snapshot.epoch, snapshot.seq, {each.id: each for each in snapshot.conversations})


async def ids(store: Store, query: CommentQuery) -> list[str]:
    page = await store.comments(query=query)
    assert page is not None
    return [each.comment.id for each in page.comments]


async def test_a_picture_that_nobody_wrote_on_is_empty_at_the_beginning_of_history(store: Store) -> None:
    empty = await store.snapshot()
    assert (empty.seq, empty.conversations) == (0, [])
    made = await store.do(ANN, create_marker())
    assert made.epochs == (empty.epoch, empty.epoch)


async def test_a_thread_that_nobody_wrote_in_is_an_empty_list(store: Store) -> None:
    page = await store.comments("none")
    assert page is not None
    assert (page.seq, page.picture_seq, page.comment_count, page.comments, page.has_more) == (0, None, 0, [], False)


async def test_SNAP1_a_snapshot_and_the_events_after_it_are_a_fresh_snapshot(store: Store) -> None:
    """Snapshots are taken while a burst of commands runs; each is brought forward by the log and compared."""
    await store.do(ANN, create_marker())
    commands = [
        (ANN, create_marker(f"thread-{number}", x=number % 100)) if number % 3 else (BEN, create_comment())
        for number in range(300)
    ]
    burst = asyncio.gather(*(store.do(*command) for command in commands))
    taken = [await store.snapshot()]
    while not burst.done():
        taken.append(await store.snapshot())
    await burst
    fresh, events = await store.snapshot(), (await store.log()).events
    assert fresh.seq == 301
    for snapshot in taken:
        state = state_of(snapshot)
        for event in events[snapshot.seq :]:
            state = fold(state, decode_event(event.data))
        assert state == state_of(fresh)


async def test_SNAP1_a_list_has_the_positions_of_its_thread_and_of_its_picture(store: Store) -> None:
    await store.do(ANN, create_comment(comment=words(comment_id="c1")))
    page = await store.comments()
    assert page is not None
    assert (page.seq, page.picture_seq) == (1, None)
    await store.do(ANN, create_marker("another"))
    await store.do(ANN, create_marker(created_from_comment_id="c1"))
    page = await store.comments()
    assert page is not None
    assert (page.seq, page.picture_seq, page.comment_count) == (2, 2, 1)


async def test_a_snapshot_counts_each_threads_comments(store: Store) -> None:
    await store.do(ANN, create_marker(comment=words(comment_id="c1")))
    await store.do(BEN, create_comment())
    await store.do(ANN, delete_comment("c1"))
    page = await store.comments()
    assert page is not None
    [conversation] = (await store.snapshot()).conversations
    assert conversation.comment_count == page.comment_count == 1
    assert conversation.last_comment_at == page.comments[-1].comment.date


async def test_conversations_are_in_the_order_they_were_made_and_without_the_deleted(store: Store) -> None:
    for name in ("z", "a", "m"):
        await store.do(ANN, create_marker(name))
    await store.do(ANN, update_marker("m-z", x=1.0))
    await store.do(ANN, delete_marker("m-a"))
    assert [each.id for each in (await store.snapshot()).conversations] == ["m-z", "m-m"]


async def test_a_thread_is_read_page_by_page_from_either_end(store: Store) -> None:
    for number in range(7):
        await store.do(ANN, create_comment(comment=words(comment_id=f"c{number}")))
    assert await ids(store, CommentQuery(offset=0, limit=3)) == ["c0", "c1", "c2"]
    assert await ids(store, CommentQuery(offset=6, limit=3)) == ["c6"]
    assert await ids(store, CommentQuery(offset=7, limit=3)) == []
    assert await ids(store, CommentQuery(offset=0, limit=3, newest_first=True)) == ["c6", "c5", "c4"]
    assert await ids(store, CommentQuery(offset=0, limit=3, after_id="c3")) == ["c4", "c5", "c6"]
    assert await ids(store, CommentQuery(offset=0, limit=9, before_id="c2")) == ["c0", "c1"]
    assert await ids(store, CommentQuery(offset=0, limit=9, after_id="c1", before_id="c4")) == ["c2", "c3"]


async def test_a_page_tells_whether_there_is_more(store: Store) -> None:
    for _ in range(4):
        await store.do(ANN, create_comment())
    for limit, more in ((3, True), (4, False), (5, False)):
        page = await store.comments(query=CommentQuery(offset=0, limit=limit))
        assert page is not None
        assert (page.has_more, page.comment_count) == (more, 4)


async def test_a_list_has_the_replies_to_one_comment_only_when_asked(store: Store) -> None:
    await store.do(ANN, create_comment(comment=words(comment_id="root")))
    await store.do(BEN, create_comment(comment=words(comment_id="reply", parent_id="root")))
    await store.do(BEN, create_comment(comment=words(comment_id="other")))
    assert await ids(store, CommentQuery(offset=0, limit=9)) == ["root", "reply", "other"]
    assert await ids(store, CommentQuery(offset=0, limit=9, parent_id="root")) == ["reply"]


async def test_an_edited_comment_keeps_its_place_and_a_removed_one_loses_it(store: Store) -> None:
    for name in ("c1", "c2", "c3"):
        await store.do(ANN, create_comment(comment=words(comment_id=name)))
    await store.do(ANN, edit_comment("c1", "later"))
    await store.do(ANN, delete_comment("c2"))
    page = await store.comments()
    assert page is not None
    assert [(each.comment.id, each.comment.comment) for each in page.comments] == [("c1", "later"), ("c3", "hello")]


async def test_a_deleted_markers_thread_and_comments_are_gone(store: Store) -> None:
    await store.do(ANN, create_marker(comment=words(comment_id="c1")))
    assert await store.database.read(lambda connection: read_comment(connection, TENANT, "c1", anybody)) is not None
    await store.do(ANN, delete_marker())
    assert await store.comments() is None
    assert await store.database.read(lambda connection: read_comment(connection, TENANT, "c1", anybody)) is None


async def test_AUTH1_a_comment_is_read_in_its_own_tenant_only(store: Store) -> None:
    await store.do(ANN, create_comment(comment=words(comment_id="c1")))
    assert await store.database.read(lambda connection: read_comment(connection, "elsewhere", "c1", anybody)) is None
    await store.do(ANN, create_comment(comment=words(comment_id="c2", parent_id="c1")))
    await store.do(ANN, delete_comment("c1"))
    assert await store.database.read(lambda connection: read_comment(connection, TENANT, "c1", anybody)) is None


@pytest.mark.parametrize(
    ("query", "seqs"),
    [
        (LogQuery(limit=100), [1, 2, 3, 4, 5]),
        (LogQuery(limit=2), [1, 2]),
        (LogQuery(limit=2, after=2), [3, 4]),
        (LogQuery(limit=100, after=5), []),
        (LogQuery(limit=100, start=2000, end=4000), [2, 3, 4]),
        (LogQuery(limit=100, start=2001), [3, 4, 5]),
        (LogQuery(limit=100, end=1999), [1]),
        (LogQuery(limit=100, after=3, start=1000, end=4000), [4]),
    ],
)
async def test_the_log_is_read_by_time_with_both_ends_and_by_seq(
    store: Store, query: LogQuery, seqs: list[int]
) -> None:
    for number in range(1, 6):
        store.now = number * 1000
        await store.do(ANN, create_marker(f"thread-{number}"))
    log = await store.log(query=query)
    assert [event.seq for event in log.events] == seqs
    assert [event.timestamp for event in log.events] == [seq * 1000 for seq in seqs]
    assert log.head == 5


async def test_the_tail_is_the_last_events_oldest_first(store: Store) -> None:
    for number in range(5):
        await store.do(ANN, create_marker(f"thread-{number}"))
    tail = await store.database.read(lambda connection: read_tail(connection, PICTURE_ROOM, 2))
    assert ([event.seq for event in tail.events], tail.head) == ([4, 5], 5)
    none = await store.database.read(lambda connection: read_tail(connection, room_id(TENANT, "none"), 2))
    assert (none.events, none.head, none.epoch) == ([], 0, tail.epoch)


async def test_a_threads_own_log_has_its_marker_and_its_comments(store: Store) -> None:
    await store.do(ANN, create_comment(comment=words(comment_id="c1")))
    await store.do(ANN, create_marker(created_from_comment_id="c1"))
    await store.do(ANN, create_marker("another"))
    await store.do(BEN, create_comment())
    await store.do(ANN, delete_marker())
    kinds = [type(decode_event(event.data)).__name__ for event in (await store.log(THREAD_ROOM)).events]
    assert kinds == ["CommentCreated", "MarkerCreated", "CommentCreated", "MarkerDeleted"]
    kinds = [type(decode_event(event.data)).__name__ for event in (await store.log()).events]
    assert kinds == ["MarkerCreated", "MarkerCreated", "CommentCreated", "MarkerDeleted"]


async def test_RES1_heads_of_many_rooms_are_one_question_and_a_room_that_is_not_there_is_at_0(store: Store) -> None:
    made = await store.do(ANN, create_marker())
    await store.do(BEN, create_comment())
    nowhere = room_id("nobody", "nothing")
    log = await store.log()
    heads = await store.database.read(partial(read_heads, room_ids=[PICTURE_ROOM, nowhere, THREAD_ROOM]))
    assert heads[PICTURE_ROOM] == (log.epoch, log.head)
    assert heads[nowhere] == (made.epochs[0], 0)
    assert heads.keys() == {PICTURE_ROOM, nowhere, THREAD_ROOM}
    assert await store.database.read(partial(read_heads, room_ids=[])) == {}
