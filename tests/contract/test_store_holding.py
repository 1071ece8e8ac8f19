"""Commands that wait for a moderator: in no room until they go ahead, once, as their author's."""

import asyncio
from collections.abc import Awaitable
from functools import partial

import pytest
from sqlalchemy import select

from imagechat.http.screening import AWAITS_APPROVAL
from imagechat.model.access import Access
from imagechat.model.commands import CreateComment, CreateMarker
from imagechat.model.errors import NOT_FOUND, Refusal
from imagechat.model.events import CommentCreated, MarkerCreated
from imagechat.model.held import Held
from imagechat.model.ids import room_id
from imagechat.model.principal import Principal, Role
from imagechat.model.view import By
from imagechat.store import tables
from imagechat.store.audit import read_acts
from imagechat.store.holding import held_in_own_marker, list_held, own_held, read_held, turn_down
from imagechat.store.read_rooms import anybody
from imagechat.store.write_events import Committed, Release, Submitted
from making import (
    ADMIN,
    ANN,
    BEN,
    MODERATOR,
    PICTURE_ROOM,
    STRANGER,
    TENANT,
    create_comment,
    create_marker,
    delete_marker,
    person,
    update_marker,
    update_picture,
    words,
)
from storing import Backend, FailingDatabase, Store

OTHER = person("max", role=Role.MODERATOR)
THREAD_ROOM = room_id(TENANT, "thread")

Create = CreateMarker | CreateComment


async def hold(store: Store, command: Create, who: Principal = ANN) -> Held:
    held = await store.group_commit.carry_out(Submitted(By(who), command, hold=AWAITS_APPROVAL))
    assert isinstance(held, Held)
    return held


async def refused_to_hold(store: Store, who: Principal, command: Create) -> str:
    outcome = await try_to(hold(store, command, who))
    assert isinstance(outcome, Refusal)
    return outcome.kind.code


async def try_to(work: Awaitable[Committed | Held]) -> Committed | Held | BaseException:
    [outcome] = await asyncio.gather(work, return_exceptions=True)
    return outcome


def releasing(held: Held, moderator: Principal = MODERATOR, broadcast_id: str = "go") -> Submitted:
    release = Release(held.id, moderator)
    return Submitted(By(held.principal), held.with_broadcast_id(broadcast_id), release=release)


async def let_go(store: Store, held: Held, moderator: Principal = MODERATOR, broadcast_id: str = "go") -> Committed:
    committed = await store.group_commit.carry_out(releasing(held, moderator, broadcast_id))
    assert isinstance(committed, Committed)
    return committed


async def refused_to_let_go(store: Store, held: Held, broadcast_id: str = "go") -> str:
    with pytest.raises(Refusal) as refused:
        await let_go(store, held, broadcast_id=broadcast_id)
    return refused.value.kind.code


async def waiting(store: Store, tenant_id: str = TENANT) -> list[Held]:
    return await store.database.read(partial(list_held, tenant_id=tenant_id, limit=100, may=anybody))


async def own(store: Store, room: str = "picture", who: Principal = ANN) -> list[Held]:
    return await store.database.read(partial(own_held, room_id=room_id(TENANT, room), user_id=who.user_id))


async def acts(store: Store) -> list[tuple[str, str, str, str]]:
    found = await store.database.read(partial(read_acts, tenant_id=TENANT, limit=100))
    return [(act.who, act.act, act.what, act.address) for _, act in found]


async def test_what_is_held_is_in_no_room_and_in_no_log(store: Store) -> None:
    held = [await hold(store, create_marker(comment=words("psst")))]
    store.now += 1
    held.append(await hold(store, create_comment("early")))
    assert store.bus.published == []
    for name in ("picture", "thread", "early"):
        log = await store.log(room_id(TENANT, name))
        assert (log.head, log.events) == (0, [])
    assert (await store.snapshot()).conversations == []
    for thread in ("thread", "early"):
        page = await store.comments(thread)
        assert page is not None
        assert (page.seq, page.comments) == (0, [])
    assert await waiting(store) == held
    assert [await waiting(store, "elsewhere"), await acts(store)] == [[], []]


async def test_what_is_held_is_shown_as_it_would_be_and_not_approved(store: Store) -> None:
    command = create_marker(x=33.0, comment=words("psst", comment_id="c-held"))
    held = await hold(store, command)
    assert held.conversation is not None
    assert held.comment is not None
    assert (held.id, held.conversation.id, held.comment.id) == ("m-thread", "m-thread", "c-held")
    assert (held.conversation.approved, held.comment.approved) == (False, False)
    assert (held.conversation.x, held.comment.comment, held.reason) == (33.0, "psst", AWAITS_APPROVAL)
    assert held.principal == ANN


async def test_its_author_finds_it_in_the_room_where_it_will_be_and_nobody_else_does(store: Store) -> None:
    pinned = await hold(store, create_marker("new", comment=words()))
    await store.do(BEN, create_marker())
    said = await hold(store, create_comment())
    assert (await own(store, "picture"), await own(store, "thread")) == ([pinned], [said])
    in_marker = partial(held_in_own_marker, tenant_id=TENANT, thread_id=room_id(TENANT, "new"))
    assert await store.database.read(partial(in_marker, user_id=ANN.user_id)) == [pinned]
    assert await store.database.read(partial(in_marker, user_id=BEN.user_id)) == []
    assert [await own(store, room, BEN) for room in ("picture", "thread")] == [[], []]


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("ended", ["", "went ahead", "turned down"])
async def test_IDEM1_the_same_broadcastid_gets_the_same_answer_however_it_ended(
    store: Store, ended: str, *, restarted: bool
) -> None:
    command = create_comment()
    held = await hold(store, command)
    if ended == "went ahead":
        await let_go(store, held)
    if ended == "turned down":
        await store.database.write(partial(turn_down, by=MODERATOR, held_id=held.id, may=anybody, now=store.now))
    if restarted:
        await store.restart()
    before = await store.log(THREAD_ROOM)
    assert await hold(store, command) == held
    again = create_comment(comment=words("other words", comment_id="c-new"), broadcast_id=command.broadcast_id)
    assert await hold(store, again) == held
    outcome = await store.group_commit.carry_out(Submitted(By(ANN), again))  # its tenant holds nothing any more
    assert outcome == held
    assert await store.log(THREAD_ROOM) == before
    assert len(await waiting(store)) == (0 if ended else 1)


async def test_IDEM1_twice_at_once_is_held_once(store: Store) -> None:
    commands = [create_comment(broadcast_id="same") for _ in range(4)]
    held = await asyncio.gather(*(hold(store, command) for command in commands))
    assert len({each.id for each in held}) == 1
    assert len(await waiting(store)) == 1
    assert (await hold(store, create_comment(broadcast_id="same"), BEN)).id != held[0].id  # another caller's is another


async def test_IDEM1_used_for_another_operation_or_thread_it_is_refused(store: Store) -> None:
    await hold(store, create_comment(broadcast_id="one"))
    await store.do(ANN, create_comment(broadcast_id="two"))
    assert await refused_to_hold(store, ANN, create_comment("other", broadcast_id="one")) == "conflict"
    assert await refused_to_hold(store, ANN, create_marker("other", broadcast_id="one")) == "conflict"
    assert await store.refused(ANN, update_marker(broadcast_id="one", x=1.0)) == "conflict"
    assert await refused_to_hold(store, ANN, create_comment("other", broadcast_id="two")) == "conflict"


async def test_IDEM1_what_was_answered_before_its_tenant_held_anything_is_answered_so_again(store: Store) -> None:
    command = create_comment()
    first = await store.do(ANN, command)
    again = await store.group_commit.carry_out(Submitted(By(ANN), command, hold=AWAITS_APPROVAL))
    assert isinstance(again, Committed)
    assert (again.again, again.placed) == (True, first.placed)


async def test_ECHO1_what_goes_ahead_is_its_authors_own_under_the_moderators_broadcastid(store: Store) -> None:
    await store.do(BEN, create_marker())
    author = person("ann", address="where ann is")
    held = await hold(store, create_comment(comment=words("psst", comment_id="c-held")), author)
    store.now += 60_000
    await store.do(BEN, create_comment(comment=words("in between")))
    store.now += 60_000
    moderator = person("mo", role=Role.MODERATOR, address="where mo is")
    committed = await let_go(store, held, moderator)
    assert [placed.room_id for placed in committed.placed] == [PICTURE_ROOM, THREAD_ROOM]
    event = committed.placed[0].event
    assert isinstance(event, CommentCreated)
    assert (event.broadcast_id, event.user_id, event.comment.user_id) == ("go", "ann", "ann")
    assert (event.comment.id, event.comment.comment, event.comment.approved) == ("c-held", "psst", True)
    page = await store.comments()
    assert page is not None
    assert [each.comment.comment for each in page.comments] == ["in between", "psst"]
    assert page.comments[-1].address == "where ann is"
    assert store.bus.seqs(PICTURE_ROOM)[-1] == event.seq
    assert (await waiting(store), await own(store, "thread")) == ([], [])
    assert await acts(store) == [("mo", "let a comment go ahead", "c-held", "where mo is")]


async def test_a_marker_goes_ahead_with_its_comment(store: Store) -> None:
    held = await hold(store, create_marker(comment=words("psst")))
    event = (await let_go(store, held)).placed[0].event
    assert isinstance(event, MarkerCreated)
    assert (event.conversation.id, event.conversation.comment_count) == (held.id, 1)
    [shown] = (await store.snapshot()).conversations
    assert shown == event.conversation
    assert await acts(store) == [("mo", "let a marker go ahead", "m-thread", "")]


@pytest.mark.parametrize("command", [create_comment(), create_marker(comment=words())], ids=["comment", "marker"])
@pytest.mark.parametrize("at_once", [True, False])
async def test_two_moderators_let_one_thing_go_once(store: Store, command: Create, *, at_once: bool) -> None:
    held = await hold(store, command)
    both = [releasing(held), releasing(held, OTHER)]
    if at_once:
        outcomes = await asyncio.gather(*map(store.group_commit.carry_out, both), return_exceptions=True)
    else:
        outcomes = [await try_to(store.group_commit.carry_out(each)) for each in both]
    assert isinstance(outcomes[0], Committed)
    assert isinstance(outcomes[1], Refusal)
    assert "does not wait any more" in str(outcomes[1])
    assert (await store.log(THREAD_ROOM)).head == 1
    assert len(await acts(store)) == 1


@pytest.mark.parametrize("restarted", [False, True])
async def test_IDEM1_the_moderators_receipt_answers_the_moderator_again(store: Store, *, restarted: bool) -> None:
    held = await hold(store, create_comment())
    first = await let_go(store, held)
    if restarted:
        await store.restart()
    again = await let_go(store, held)
    assert (again.again, again.placed) == (True, first.placed)
    assert len(await acts(store)) == 1
    assert await refused_to_let_go(store, held, "another") == "conflict"


async def test_IDEM1_one_broadcastid_does_not_let_two_things_go(store: Store) -> None:
    one, two = await hold(store, create_comment()), await hold(store, create_comment())
    await let_go(store, one)
    assert await refused_to_let_go(store, two) == "conflict"
    assert await store.refused(MODERATOR, create_comment(broadcast_id="go")) == "conflict"
    mine = create_comment()
    await store.do(MODERATOR, mine)
    assert await refused_to_let_go(store, two, mine.broadcast_id) == "conflict"
    assert await waiting(store) == [two]


async def test_what_was_turned_down_stays_so(store: Store) -> None:
    held = await hold(store, create_comment())
    down = partial(turn_down, by=MODERATOR, held_id=held.id, may=anybody, now=store.now)
    await store.database.write(down)
    assert (await waiting(store), await own(store, "thread")) == ([], [])
    assert await acts(store) == [("mo", "turn down what waited", held.id, "")]
    assert await refused_to_let_go(store, held) == "conflict"
    with pytest.raises(Refusal, match="does not wait any more"):
        await store.database.write(down)
    assert (await store.log(THREAD_ROOM)).head == 0
    assert len(await acts(store)) == 1


async def test_what_was_let_go_is_not_turned_down(store: Store) -> None:
    held = await hold(store, create_comment())
    await let_go(store, held)
    with pytest.raises(Refusal, match="does not wait any more"):
        await store.database.write(partial(turn_down, by=OTHER, held_id=held.id, may=anybody, now=store.now))
    assert (await store.log(THREAD_ROOM)).head == 1


async def test_on_a_picture_that_was_locked_meanwhile_it_waits_until_it_is_opened(store: Store) -> None:
    await store.do(ANN, create_marker())
    held = await hold(store, create_comment(), BEN)
    await store.do(MODERATOR, update_picture(read_only=True))
    assert await refused_to_let_go(store, held) == "read-only"
    assert await waiting(store) == [held]
    await store.do(MODERATOR, update_picture(read_only=False))
    await let_go(store, held)


async def test_in_a_thread_whose_marker_was_deleted_it_waits_for_nothing_but_an_end(store: Store) -> None:
    await store.do(ANN, create_marker())
    held = await hold(store, create_comment(), BEN)
    await store.do(ANN, delete_marker())
    assert await refused_to_let_go(store, held) == "not-found"
    assert await waiting(store) == [held]
    await store.database.write(partial(turn_down, by=MODERATOR, held_id=held.id, may=anybody, now=store.now))


async def test_a_windowurlid_that_was_taken_meanwhile_is_said_to_be(store: Store) -> None:
    held = await hold(store, create_marker(comment=words()))
    await store.do(BEN, create_marker(marker_id="m-bens"))
    assert await refused_to_let_go(store, held) == "conflict"
    assert await waiting(store) == [held]


@pytest.mark.parametrize(
    ("who", "command", "code"),
    [
        (STRANGER, create_comment(), "not-found"),
        (BEN, create_marker("other", x=101.0, comment=words()), "invalid-coordinates"),
        (BEN, create_comment("gone"), "not-found"),
        (BEN, create_comment("locked"), "read-only"),
        (BEN, create_comment(comment=words(parent_id="none")), "not-found"),
        (BEN, create_marker("thread", comment=words()), "conflict"),
        (person("member", role=Role.MEMBER, groups=("others",)), create_comment("private"), "not-found"),
    ],
)
async def test_AUTH1_what_is_refused_is_not_held(store: Store, who: Principal, command: Create, code: str) -> None:
    for thread in ("thread", "gone"):
        await store.do(ANN, create_marker(thread))
    for thread in ("locked", "private"):
        await store.do(ANN, create_marker(thread, url_id=f"{thread} picture"))
    await store.do(ANN, delete_marker("m-gone"))
    await store.do(ADMIN, update_picture("locked picture", read_only=True))
    await store.do(ADMIN, update_picture("private picture", groups=("staff",)))
    assert await refused_to_hold(store, who, command) == code
    assert await waiting(store) == []


async def test_AUTH1_a_moderator_lists_and_finds_only_what_waits_in_pictures_that_are_open_to_them(
    store: Store,
) -> None:
    private = await hold(store, create_marker("p", url_id="private"))
    store.now += 1
    public = await hold(store, create_comment())
    await store.do(ADMIN, update_picture("private", groups=("staff",)))

    def may(access: Access) -> None:
        if access.groups is not None:
            raise Refusal(NOT_FOUND, "There is nothing here by that name.")

    assert await store.database.read(partial(list_held, tenant_id=TENANT, limit=9, may=may)) == [public]
    assert await store.database.read(partial(list_held, tenant_id=TENANT, limit=1, may=anybody)) == [private]
    for tenant_id, allowed in ((TENANT, may), ("elsewhere", anybody)):
        with pytest.raises(Refusal, match="There is nothing here by that name"):
            await store.database.read(partial(read_held, tenant_id=tenant_id, held_id=private.id, may=allowed))
    with pytest.raises(Refusal, match="nothing here"):
        await store.database.write(partial(turn_down, by=MODERATOR, held_id=private.id, may=may, now=store.now))
    assert await waiting(store) == [private, public]


async def test_held_let_go_and_plain_commands_share_a_group(store: Store) -> None:
    held = await hold(store, create_comment(comment=words("one")))
    given = [
        Submitted(By(BEN), create_comment(comment=words("two"))),
        releasing(held),
        Submitted(By(BEN), create_comment(comment=words("three")), hold=AWAITS_APPROVAL),
        Submitted(By(STRANGER), create_comment()),
        Submitted(By(BEN), create_comment(comment=words("four"))),
    ]
    outcomes = await asyncio.gather(*map(store.group_commit.carry_out, given), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Committed, Committed, Held, Refusal, Committed]
    page = await store.comments()
    assert page is not None
    assert [each.comment.comment for each in page.comments] == ["two", "one", "four"]
    assert store.bus.seqs(THREAD_ROOM) == [1, 2, 3]


async def test_DUR1_a_release_whose_commit_failed_did_not_happen_and_one_whose_fate_is_unknown_happens_once(
    backend: Backend,
) -> None:
    store = Store(backend, FailingDatabase)
    failing = store.database
    assert isinstance(failing, FailingDatabase)
    held = await hold(store, create_comment())
    failing.fails_before = 1
    assert await refused_to_let_go(store, held) == "unavailable"
    assert await waiting(store) == [held]
    failing.fails_after = 2  # it is tried once more
    assert await refused_to_let_go(store, held) == "unavailable"
    assert (await let_go(store, held)).again
    assert (await store.log(THREAD_ROOM)).head == 1
    await store.close()


async def test_what_ended_is_kept_for_the_answer_to_a_retry(store: Store) -> None:
    held = await hold(store, create_comment())
    await let_go(store, held)
    rows = await store.database.read(lambda connection: connection.execute(select(tables.held.c.state)).all())
    assert [row.state for row in rows] == ["went ahead"]
