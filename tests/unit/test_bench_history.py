"""The histories that the benchmark measures against are what the node would have written."""

from functools import partial
from pathlib import Path

from bench.history import Picture, write_history
from bench.node import TENANT

from imagechat.model.events import MarkerUpdated, decode_event
from imagechat.model.ids import room_id
from imagechat.opening import open_file
from imagechat.settings import load_settings
from imagechat.store.read_rooms import CommentQuery, LogQuery, anybody, read_comments, read_log, read_snapshot
from imagechat.store.sqlite import SqliteDatabase

PICTURE = Picture("picture", markers=3, comments=4, events=25)


async def test_a_node_reads_a_written_history(tmp_path: Path) -> None:
    epoch = write_history(tmp_path, [PICTURE, Picture("other")])
    database = SqliteDatabase(open_file(load_settings({}, data=str(tmp_path))))
    room = room_id(TENANT, PICTURE.url_id)
    snapshot = await database.read(partial(read_snapshot, room_id=room, may=anybody))
    assert (snapshot.epoch, snapshot.seq) == (epoch, PICTURE.events)
    assert [conversation.comment_count for conversation in snapshot.conversations] == [PICTURE.comments] * 3
    thread = room_id(TENANT, PICTURE.thread(2))
    page = await database.read(partial(read_comments, thread_id=thread, query=CommentQuery(0, 100), may=anybody))
    assert page is not None
    assert [comment.position for comment in page.comments] == [1, 2, 3, 4]
    log = await database.read(partial(read_log, room_id=room, query=LogQuery(100)))
    events = [decode_event(logged.data) for logged in log.events]
    assert [event.seq for event in events] == list(range(1, PICTURE.events + 1))
    assert all(isinstance(event, MarkerUpdated) for event in events)
    await database.close()
