"""Everything that a store is asked and told by a node, once."""

from functools import partial

from imagechat.model.ids import room_id
from imagechat.model.read_marks import ReadUpTo
from imagechat.store.holding import waiting_of
from imagechat.store.inbox import Question, read_inbox, read_newest
from imagechat.store.inbox_counts import count_held, count_new
from imagechat.store.inbox_deleted import read_deleted
from imagechat.store.mass_deletion import of_ids
from imagechat.store.mentionable import mentionable
from imagechat.store.operator_sessions import read_session
from imagechat.store.opinion_rows import own_opinions
from imagechat.store.people_list import list_people
from imagechat.store.person_opinions import rename_opinions, withdrawals_of
from imagechat.store.picture_list import PictureOrder, list_pictures
from imagechat.store.read_marks import Reading, drop_marks_of, read_marks, write_marks
from imagechat.store.read_rooms import CommentQuery, LogQuery, anybody, read_comment, read_place, read_tail
from imagechat.store.retention import Keep, Trimmer, old_rooms, trim_room
from imagechat.store.reviewing import review, unreview
from imagechat.store.spam_texts import ban_texts
from making import (
    ANN,
    BEN,
    MODERATOR,
    PICTURE_ROOM,
    TENANT,
    add_reaction,
    cast_vote,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    restore_comment,
    update_marker,
    withdraw_reaction,
    withdraw_vote,
    words,
)
from storing import Store


async def do_everything(store: Store) -> None:
    """Give every command, in groups of several, and ask every question."""
    await store.do_all(*((ANN, create_marker(f"w{number}")) for number in range(3)))
    await store.do_all(*((BEN, create_comment("w1", words(comment_id=f"c{number}"))) for number in range(4)))
    await store.do_all(*((BEN, create_comment("w1", words(parent_id=f"c{number}"))) for number in range(4)))
    await store.do_all((BEN, edit_comment("c1")), (BEN, edit_comment("c2")), (ANN, update_marker("m-w0", x=1.0)))
    await store.do_all((BEN, delete_comment("c1")), (BEN, delete_comment("c2")), (ANN, delete_marker("m-w0")))
    await store.do_all((ANN, cast_vote(ANN, "c3")), (BEN, add_reaction(BEN, "c3")), (ANN, cast_vote(ANN, "c0")))
    await store.do_all((ANN, withdraw_vote(ANN, "c3")), (BEN, withdraw_reaction(BEN, "c3")))
    found = await store.comments("w1")
    assert found is not None
    kept = [each.comment for each in found.comments if each.comment.id == "c0"]
    await store.do_all((BEN, delete_comment("c0")))
    await store.do_all((MODERATOR, restore_comment(kept[0])))
    await store.database.read(partial(own_opinions, user_id=ANN.user_id, comments=kept))
    await store.database.read(partial(withdrawals_of, tenant_id=TENANT, user_id=ANN.user_id))
    await store.database.write(partial(rename_opinions, tenant_id=TENANT, user_id=ANN.user_id, pseudonym="erased"))
    await store.snapshot()
    for query in (
        CommentQuery(offset=1, limit=2),
        CommentQuery(offset=0, limit=2, newest_first=True, before_id="c3"),
        CommentQuery(offset=0, limit=2, parent_id="c0", after_id="c0"),
    ):
        await store.comments("w1", query)
    await store.database.read(partial(read_place, thread_id=room_id(TENANT, "w1")))
    await store.log(query=LogQuery(limit=5, start=1, end=store.now))
    await store.database.read(lambda connection: read_tail(connection, PICTURE_ROOM, 2))
    await store.database.read(lambda connection: read_comment(connection, TENANT, "c1", anybody))
    for question in (
        Question(2),
        Question(2, only_new=True),
        Question(2, only_held=True),
        Question(2, before="0" * 12),
    ):
        await store.database.read(partial(read_inbox, tenant_id=TENANT, question=question, may=anybody))
    await store.database.read(
        partial(read_inbox, tenant_id=TENANT, question=Question(1, before=f"{5:012x}.h"), may=anybody)
    )
    for place in (None, f"{store.now}.x.0"):
        question = Question(2, before=place)
        await store.database.read(
            partial(read_deleted, tenant_id=TENANT, question=question, now=store.now, may=anybody)
        )
    await store.database.read(partial(count_new, tenant_id=TENANT, may=anybody))
    await store.database.read(partial(count_held, tenant_id=TENANT, may=anybody))
    await store.database.read(partial(read_newest, tenant_ids=[TENANT]))
    await store.database.read(partial(of_ids, tenant_id=TENANT, ids=["m-w1", "c0"], may=anybody))
    await store.database.read(partial(waiting_of, tenant_id=TENANT, ids=["m-w1"], may=anybody))
    for order in (PictureOrder.ACTIVITY, PictureOrder.COMMENTS):
        listing = partial(list_pictures, tenant_id=TENANT, words="", order=order, skip=0, limit=2, may=anybody)
        await store.database.read(listing)
    for searched in ("", "ann"):
        asking = partial(mentionable, room_id=PICTURE_ROOM, caller=MODERATOR, search=searched, may=anybody)
        await store.database.read(asking)
    for searched in ("", "ann"):
        await store.database.read(partial(list_people, tenant_id=TENANT, words=searched, skip=0, limit=2))
    up_to = ReadUpTo(1, {room_id(TENANT, "w1"): store.now})
    reading = Reading(PICTURE_ROOM, ANN.user_id, up_to, anybody)
    await store.database.write(partial(write_marks, readings=[reading]))
    await store.database.read(partial(read_marks, room_id=PICTURE_ROOM, user_id=ANN.user_id))
    await store.database.write(partial(drop_marks_of, tenant_id=TENANT, chunk=5))
    await store.database.read(lambda connection: read_session(connection, "digest", 1))
    for doing in (review, unreview):
        await store.database.write(partial(doing, by=MODERATOR, ids=["m-w1", "c0"], may=anybody, now=store.now))
    await store.database.write(partial(ban_texts, by=MODERATOR, texts={"c0": "hello"}, quoted={"c0"}, now=store.now))
    old = partial(old_rooms, tenant_id=TENANT, before=store.now + 10**9, after="")
    rooms, _ = await store.database.read(old)
    await store.database.write(partial(trim_room, room_id=rooms[0], before=store.now, chunk=5))
    await Trimmer(store.database, Keep(days=1, events=1), lambda: store.now + 10**9).trim()
