"""Commands that come to several nodes at once: as if they had come to one."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from imagechat.model.errors import Refusal
from imagechat.model.events import MarkerCreated
from imagechat.model.ids import room_id
from imagechat.model.quotas import Quotas
from imagechat.model.tenant import TenantSettings
from imagechat.model.view import By
from imagechat.store.tenants import create_tenant
from imagechat.store.write_events import Committed, Submitted
from making import (
    ANN,
    BEN,
    PICTURE_ROOM,
    TENANT,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    person,
    update_marker,
    words,
)
from side_by_side import Given, Nodes, side_by_side
from storing import PostgresBackend, code_of
from visiting import fresh

THREAD_ROOM = room_id(TENANT, "thread")


@pytest.fixture
async def nodes(postgres_backend: PostgresBackend) -> AsyncIterator[Nodes]:
    async with side_by_side(postgres_backend) as nodes:
        yield nodes


async def test_SEQ1_SEQ2_many_begin_the_same_picture_on_all_nodes_at_once(nodes: Nodes) -> None:
    outcomes = await nodes.do_all(
        *([(ANN, create_marker(f"w-{node}-{number}")) for number in range(40)] for node in range(3))
    )
    assert all(isinstance(outcome, Committed) and not outcome.again for each in outcomes for outcome in each)
    assert await nodes.check() == list(range(1, 121))
    for node, store in enumerate(nodes.stores):
        own = {event.placed[0].event.seq for event in outcomes[node] if isinstance(event, Committed)}
        assert set(store.bus.seqs(PICTURE_ROOM)) == own
    snapshot = await nodes.stores[0].snapshot()
    assert (snapshot.seq, len(snapshot.conversations)) == (120, 120)


async def test_SEQ1_many_write_in_one_thread_while_others_move_and_delete(nodes: Nodes) -> None:
    await nodes.stores[0].do(ANN, create_marker(comment=words(comment_id="first")))
    for node in range(3):
        await nodes.stores[node].do(BEN, create_comment(comment=words(comment_id=f"c{node}")))
    outcomes = await nodes.do_all(
        [(BEN, create_comment(comment=words(parent_id=f"c{number % 3}"))) for number in range(30)],
        [(ANN, update_marker(x=float(number))) for number in range(30)],
        [(BEN, delete_comment("c0")), *((BEN, create_comment(comment=words(parent_id="c1"))) for _ in range(29))],
    )
    codes = {code_of(outcome) for each in outcomes for outcome in each}
    assert codes <= {None, "conflict", "not-found"}
    await nodes.check()
    await nodes.check(THREAD_ROOM)
    page = await nodes.stores[1].comments()
    assert page is not None
    live = [each.comment for each in page.comments]
    assert page.comment_count == sum(comment.is_deleted is not True for comment in live)
    for parent in page.comments:
        assert parent.replies == sum(comment.parent_id == parent.comment.id for comment in live)
    assert {comment.parent_id for comment in live if isinstance(comment.parent_id, str)} <= {each.id for each in live}


@pytest.mark.parametrize("new", [True, False])
async def test_IDEM1_the_same_command_on_all_nodes_at_once_has_one_effect_and_one_answer(
    nodes: Nodes, *, new: bool
) -> None:
    if not new:
        await nodes.stores[0].do(ANN, create_marker("before"))
    twice = [(ANN, create_marker(f"w{number}", broadcast_id=f"same-{number}")) for number in range(10)]
    outcomes = await nodes.do_all(twice, twice, twice)
    for same in zip(*outcomes, strict=True):
        committed = [each for each in same if isinstance(each, Committed)]
        assert sorted(each.again for each in committed) == [False, True, True]
        assert committed[0].placed == committed[1].placed == committed[2].placed
    assert len(await nodes.check()) == 10 + (not new)


async def test_IDEM1_an_operation_and_another_with_its_broadcastid_elsewhere_is_one_of_them(nodes: Nodes) -> None:
    outcomes = await nodes.do_all(
        *([(ANN, create_marker(f"w{node}", url_id=f"picture {node}", broadcast_id="one"))] for node in range(3))
    )
    assert sorted(str(code_of(outcome)) for [outcome] in outcomes) == ["None", "conflict", "conflict"]


async def test_rooms_that_two_nodes_make_in_opposite_order_are_all_made(nodes: Nodes) -> None:
    pictures = [f"picture {number}" for number in range(30)]

    def pins(node: int) -> list[Given]:
        order = pictures if node % 2 else pictures[::-1]
        return [(ANN, create_marker(f"w-{node}-{url}", url_id=url)) for url in order]

    outcomes = await nodes.do_all(*(pins(node) for node in range(3)))
    assert {code_of(outcome) for each in outcomes for outcome in each} == {None}
    for url in pictures:
        assert await nodes.check(room_id(TENANT, url)) == [1, 2, 3]


async def test_a_marker_and_words_that_come_before_it_meet_in_one_thread(nodes: Nodes) -> None:
    for number in range(8):
        thread = f"thread {number}"
        [[early], [made], [late]] = await nodes.do_all(
            [(BEN, create_comment(thread, words(comment_id=f"early-{number}")))],
            [(ANN, create_marker(thread))],
            [(BEN, create_comment(thread))],
        )
        assert (code_of(early), code_of(late)) == (None, None)
        if code_of(made) is not None:  # it came after the words, and then is to say so
            assert code_of(made) == "conflict"
            await nodes.stores[1].do(BEN, create_marker(thread, created_from_comment_id=f"early-{number}"))
        conversations = (await nodes.stores[0].snapshot()).conversations
        [marker] = [each for each in conversations if each.url_id == thread]
        assert marker.comment_count == 2
        assert len(await nodes.check(room_id(TENANT, thread))) == 3
    await nodes.check()


async def test_one_marker_of_a_thread_when_each_node_makes_one(nodes: Nodes) -> None:
    outcomes = await nodes.do_all(*([(ANN, create_marker(marker_id=f"m{node}"))] for node in range(3)))
    assert sorted(str(code_of(outcome)) for [outcome] in outcomes) == ["None", "conflict", "conflict"]
    assert len((await nodes.stores[0].snapshot()).conversations) == 1


async def test_a_deleted_markers_thread_takes_no_words_from_another_node(nodes: Nodes) -> None:
    for number in range(8):
        thread = f"thread {number}"
        await nodes.stores[0].do(ANN, create_marker(thread))
        outcomes = await nodes.do_all(
            [(ANN, delete_marker(f"m-{thread}"))],
            [(BEN, create_comment(thread))],
            [(ANN, update_marker(f"m-{thread}", x=1.0))],
        )
        assert code_of(outcomes[0][0]) is None
        assert {code_of(outcome) for each in outcomes[1:] for outcome in each} <= {None, "not-found", "conflict"}
        last = (await nodes.stores[0].log(room_id(TENANT, thread))).events[-1]
        assert "DELETED" in last.data.upper()
    await nodes.check()


async def submit_all(nodes: Nodes, settings: TenantSettings, pictures: list[str]) -> list[str | None]:
    """Pin each picture on all nodes at once, and return what came of each."""

    async def pin(number: int, url: str) -> str | None:
        store = nodes.stores[number % len(nodes.stores)]
        who = person(f"p{number}")
        submitted = Submitted(By(who, settings), create_marker(fresh("w"), url_id=url))
        try:
            await store.group_commit.carry_out(submitted)
        except Refusal as refusal:
            return refusal.kind.code
        return None

    return await asyncio.gather(*(pin(*each) for each in enumerate(pictures)))


async def test_the_quota_of_a_picture_is_exact(nodes: Nodes) -> None:
    settings = TenantSettings(limits=Quotas(markers_per_picture=25))
    codes = await submit_all(nodes, settings, ["picture"] * 90)
    assert sorted(map(str, codes)) == ["None"] * 25 + ["limit-reached"] * 65
    assert len(await nodes.check()) == 25


async def test_the_quota_of_pictures_is_exact(nodes: Nodes) -> None:
    await nodes.stores[0].database.write(partial(create_tenant, tenant_id=TENANT, name="Demo", now=1))
    settings = TenantSettings(limits=Quotas(pictures_per_tenant=25))
    codes = await submit_all(nodes, settings, [f"picture {number}" for number in range(90)])
    assert sorted(map(str, codes)) == ["None"] * 25 + ["limit-reached"] * 65


async def test_what_is_written_is_what_was_answered(nodes: Nodes) -> None:
    outcomes = await nodes.do_all(*([(ANN, create_marker(f"w-{node}"))] for node in range(3)))
    answered = set()
    for [outcome] in outcomes:
        assert isinstance(outcome, Committed)
        event = outcome.placed[0].event
        assert isinstance(event, MarkerCreated)
        answered.add((event.seq, event.conversation.id))
    snapshot = await nodes.stores[0].snapshot()
    assert {number for number, _ in answered} == {1, 2, 3}
    assert {marker for _, marker in answered} == {each.id for each in snapshot.conversations}
