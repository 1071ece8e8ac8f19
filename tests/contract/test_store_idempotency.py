import asyncio

import pytest

from imagechat.model.commands import Command
from imagechat.model.principal import Principal
from imagechat.store.write_events import Committed
from making import (
    ANN,
    BEN,
    PICTURE_ROOM,
    STRANGER,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    undo_comment,
    undo_marker,
    update_marker,
    words,
)
from storing import Backend, HeldDatabase, Store, code_of


async def one_of_each(store: Store) -> list[tuple[Principal, Command]]:
    """Carry out one command of each kind and return them."""
    made = await store.do(ANN, create_comment("early", words(comment_id="c-early")))
    assert made.placed
    commands: list[tuple[Principal, Command]] = [
        (ANN, create_marker("early", created_from_comment_id="c-early")),
        (ANN, create_marker(comment=words(comment_id="c-first"))),
        (BEN, create_comment(comment=words(comment_id="c-second"))),
        (BEN, edit_comment("c-second")),
        (ANN, update_marker(x=5.0)),
        (BEN, delete_comment("c-second")),
        (BEN, undo_comment("c-second")),
        (ANN, delete_marker()),
        (ANN, undo_marker()),
    ]
    for who, command in commands:
        await store.do(who, command)
    return commands


@pytest.mark.parametrize("restarted", [False, True])
async def test_IDEM1_every_command_given_again_has_the_same_answer_and_no_effect(
    store: Store, *, restarted: bool
) -> None:
    given = await one_of_each(store)
    before = await store.log()
    if restarted:
        await store.restart()
    published = len(store.bus.published)
    for who, command in given:
        again = await store.do(who, command)
        assert again.again
        for placed in again.placed:
            [logged] = [event for event in (await store.log(placed.room_id)).events if event.seq == placed.event.seq]
            assert logged.broadcast_id == command.broadcast_id == placed.event.broadcast_id
            assert logged.timestamp == placed.event.timestamp
    assert await store.log() == before
    assert len(store.bus.published) == published


async def test_IDEM1_the_same_answer_means_every_byte(store: Store) -> None:
    command = create_marker(comment=words())
    first = await store.do(ANN, command)
    await store.do(ANN, update_marker(x=1.0))
    again = await store.do(ANN, command)
    assert again.placed == first.placed


async def test_IDEM1_two_of_one_group_are_one(backend: Backend) -> None:
    store = Store(backend, HeldDatabase)
    held = store.database
    assert isinstance(held, HeldDatabase)
    begun = asyncio.create_task(store.do(ANN, create_marker("begun")))  # its transaction makes the others wait
    await held.about_to_commit.wait()
    twice = create_marker(broadcast_id="twice")
    both = [asyncio.create_task(store.do(ANN, twice)) for _ in range(2)]
    await asyncio.wait(both, timeout=0)
    held.let_go()
    first, second = await asyncio.gather(*both)
    await begun
    assert held.transactions == 2
    assert (first.again, second.again) == (False, True)
    assert first.placed == second.placed
    assert store.bus.seqs(PICTURE_ROOM) == [1, 2]
    await store.close()


async def test_IDEM1_a_broadcastid_used_for_another_operation_is_refused(store: Store) -> None:
    await store.do(ANN, create_marker(broadcast_id="one"))
    for command in (
        update_marker(x=1.0, broadcast_id="one"),
        delete_marker(broadcast_id="one"),
        create_comment(broadcast_id="one"),
    ):
        assert await store.refused(ANN, command) == "conflict"
    assert (await store.log()).head == 1


@pytest.mark.parametrize("together", [False, True])
async def test_IDEM1_the_same_operation_on_another_thing_is_another_operation(store: Store, *, together: bool) -> None:
    for thread in ("thread", "other"):
        await store.do(ANN, create_marker(thread))
        await store.do(ANN, create_comment(thread, words(comment_id=f"c-{thread}")))
    pairs: list[tuple[Command, Command]] = [
        (
            create_marker("third", broadcast_id="make"),
            create_marker("fourth", broadcast_id="make", url_id="other picture"),
        ),
        (create_comment(broadcast_id="say"), create_comment("other", broadcast_id="say")),
        (edit_comment("c-thread", broadcast_id="edit"), edit_comment("c-other", broadcast_id="edit")),
        (delete_comment("c-thread", broadcast_id="unsay"), delete_comment("c-other", broadcast_id="unsay")),
        (update_marker(x=1.0, broadcast_id="move"), update_marker("m-other", x=1.0, broadcast_id="move")),
        (delete_marker(broadcast_id="delete"), delete_marker("m-other", broadcast_id="delete")),
    ]
    for first, second in pairs:
        if together:
            codes = [code_of(outcome) for outcome in await store.do_all((ANN, first), (ANN, second))]
        else:
            await store.do(ANN, first)
            codes = [None, await store.refused(ANN, second)]
        assert codes == [None, "conflict"]


async def test_IDEM1_a_broadcastid_used_for_another_operation_in_the_same_group_is_refused(store: Store) -> None:
    outcomes = await store.do_all(
        (ANN, create_marker()),
        (ANN, create_comment(broadcast_id="one")),
        (ANN, update_marker(x=1.0, broadcast_id="one")),
        (BEN, create_comment()),
    )
    assert [code_of(outcome) for outcome in outcomes] == [None, None, "conflict", None]


@pytest.mark.parametrize("together", [False, True])
async def test_IDEM1_another_persons_same_broadcastid_has_its_own_effect(store: Store, *, together: bool) -> None:
    await store.do(ANN, create_marker())
    given = [(ANN, create_comment(broadcast_id="one")), (BEN, create_comment(broadcast_id="one"))]
    if together:
        outcomes = await store.do_all(*given)
    else:
        outcomes = [await store.do(*each) for each in given]
    assert [isinstance(outcome, Committed) and not outcome.again for outcome in outcomes] == [True, True]
    page = await store.comments()
    assert page is not None
    assert [each.comment.user_id for each in page.comments] == [ANN.user_id, BEN.user_id]


async def test_AUTH1_a_person_of_the_same_id_in_another_tenant_gets_no_answer_of_this_one(store: Store) -> None:
    await store.do(ANN, create_marker(broadcast_id="one"))
    theirs = await store.do(STRANGER, create_marker(broadcast_id="one", tenant_id="elsewhere", marker_id="theirs"))
    assert not theirs.again
    assert [placed.room_id.partition(".")[0] for placed in theirs.placed] == ["elsewhere", "elsewhere"]


async def test_IDEM1_what_was_refused_may_be_tried_again_with_the_same_broadcastid(store: Store) -> None:
    command = create_comment(comment=words(parent_id="c-parent"), broadcast_id="one")
    assert await store.refused(ANN, command) == "not-found"
    await store.do(BEN, create_comment(comment=words(comment_id="c-parent")))
    assert not (await store.do(ANN, command)).again
