"""Opinions in the store, over each kind of database."""

from functools import partial

import pytest
from sqlalchemy import select

from imagechat.model.opinions import Tally, tally_of, tally_of_all
from imagechat.model.usage import DAY_MS
from imagechat.store import tables
from imagechat.store.retention import sweep
from imagechat.store.rows import opinion_from
from imagechat.store.write_events import Committed
from making import (
    ANN,
    BEN,
    MODERATOR,
    add_reaction,
    cast_vote,
    create_marker,
    delete_comment,
    edit_comment,
    person,
    restore_comment,
    withdraw_reaction,
    withdraw_vote,
    words,
)
from storing import Store

CROWD = [person(f"voter{number}") for number in range(20)]


@pytest.fixture(autouse=True)
async def _comment(store: Store) -> None:
    await store.do(ANN, create_marker(comment=words(comment_id="c")))


async def tally(store: Store) -> Tally:
    """Return what the comment's row says, which must be what the opinions add up to."""
    page = await store.comments()
    assert page is not None
    [found] = [each.comment for each in page.comments]
    rows = await store.database.read(
        lambda connection: connection.execute(select(tables.opinions).where(tables.opinions.c.comment_id == "c")).all()
    )
    opinions = list(map(opinion_from, rows))
    assert not any(each.is_none or each.gone_at for each in opinions)
    assert tally_of(found) == tally_of_all(opinions)
    return tally_of(found)


async def test_SEQ1_a_crowd_that_votes_at_once_is_counted_exactly(store: Store) -> None:
    outcomes = await store.do_all(*((who, cast_vote(who, "c")) for who in CROWD))
    assert all(isinstance(outcome, Committed) for outcome in outcomes)
    await store.do_all(
        *((who, cast_vote(who, "c", -1)) for who in CROWD[:5]),
        *((who, add_reaction(who, "c")) for who in CROWD[:3]),
        *((who, withdraw_vote(who, "c")) for who in CROWD[4:7]),
    )
    assert await tally(store) == Tally(13, 4, {"👍": 3})
    assert [event.seq for event in (await store.log()).events] == list(range(1, 33))


async def test_what_is_given_and_taken_back_in_one_group_leaves_nothing(store: Store) -> None:
    await store.do_all(
        (BEN, edit_comment("c")),
        (BEN, cast_vote(BEN, "c")),
        (BEN, add_reaction(BEN, "c")),
        (BEN, withdraw_vote(BEN, "c")),
        (BEN, withdraw_reaction(BEN, "c")),
    )
    assert await tally(store) == Tally()
    await store.do_all((BEN, edit_comment("c")), (BEN, cast_vote(BEN, "c")), (BEN, add_reaction(BEN, "c")))
    assert await tally(store) == Tally(1, 0, {"👍": 1})


async def test_counts_outlive_a_restart_and_an_edit(store: Store) -> None:
    await store.do(BEN, cast_vote(BEN, "c"))
    await store.restart()
    await store.do(ANN, edit_comment("c"))
    assert await tally(store) == Tally(1, 0)
    await store.do(BEN, cast_vote(BEN, "c", -1))
    assert await tally(store) == Tally(0, 1)


@pytest.mark.parametrize("together", [False, True])
async def test_a_comment_that_comes_back_is_counted_as_before(store: Store, together: bool) -> None:  # noqa: FBT001
    for who in CROWD[:4]:
        await store.do(who, cast_vote(who, "c"))
    page = await store.comments()
    assert page is not None
    comment = page.comments[0].comment
    steps = (
        (BEN, add_reaction(BEN, "c")),
        (MODERATOR, delete_comment("c")),
        (MODERATOR, restore_comment(comment)),
        (BEN, cast_vote(BEN, "c", -1)),
    )
    if together:
        await store.do_all(*steps)
    else:
        for step in steps:
            await store.do(*step)
    assert await tally(store) == Tally(4, 1, {"👍": 1})


async def test_what_was_thought_of_a_deleted_comment_is_kept_for_as_long_as_it_can_come_back(store: Store) -> None:
    await store.do_all(*((who, cast_vote(who, "c")) for who in CROWD))
    await store.do(ANN, delete_comment("c"))

    async def left() -> int:
        query = select(tables.opinions.c.id)
        return len(await store.database.read(lambda connection: connection.execute(query).all()))

    await store.database.write(partial(sweep, now=store.now + DAY_MS))
    assert await left() == len(CROWD)
    await store.database.write(partial(sweep, now=store.now + 3 * DAY_MS))
    assert await left() == 0
