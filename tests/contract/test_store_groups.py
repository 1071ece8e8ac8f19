import asyncio
import random
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from imagechat.bus.base import RoomEvents
from imagechat.bus.memory import MemoryBus
from imagechat.model.commands import Command, UpdatePicture
from imagechat.model.errors import Refusal
from imagechat.model.events import decode_event
from imagechat.model.ids import room_id
from imagechat.model.principal import Role
from imagechat.model.quotas import Quotas
from imagechat.model.tenant import TenantSettings
from imagechat.store.database import Database
from imagechat.store.group_commit import GROUP, GroupDone
from imagechat.store.notices import Notice, Notices
from imagechat.store.write_events import Committed
from making import (
    ANN,
    BEN,
    MODERATOR,
    PICTURE_ROOM,
    TENANT,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    person,
    update_marker,
    words,
)
from storing import Backend, FailingDatabase, HeldDatabase, Store, code_of
from visiting import fresh

T = TypeVar("T")


async def test_SEQ1_SEQ2_concurrent_commands_count_without_gaps_in_every_room(store: Store) -> None:
    people = [person(f"user-{number}") for number in range(5)]
    pictures = [f"picture-{number}" for number in range(4)]
    chance = random.Random(1)
    given = [
        (chance.choice(people), create_marker(f"thread-{number}", url_id=chance.choice(pictures)))
        for number in range(2 * GROUP + 7)
    ]
    outcomes = await store.do_all(*given)
    assert {code_of(outcome) for outcome in outcomes} == {None}
    for picture in pictures:
        room = room_id(TENANT, picture)
        log = await store.log(room)
        count = sum(command.url_id == picture for _, command in given)
        assert [event.seq for event in log.events] == store.bus.seqs(room) == list(range(1, count + 1))
        stamps = [event.timestamp for event in log.events]
        assert stamps == sorted(set(stamps))
        assert log.head == count


async def test_commands_are_carried_out_in_the_order_they_came(store: Store) -> None:
    await store.do(ANN, create_marker())
    await store.do_all(*((ANN, create_comment(comment=words(str(number)))) for number in range(600)))
    page = await store.comments()
    assert page is not None
    assert [each.comment.comment for each in page.comments] == [str(number) for number in range(600)]


async def test_what_comes_while_a_transaction_runs_goes_into_the_next_up_to_a_limit(backend: Backend) -> None:
    store = Store(backend, HeldDatabase)
    held = store.database
    assert isinstance(held, HeldDatabase)
    first = asyncio.create_task(store.do(ANN, create_marker("first")))
    await held.about_to_commit.wait()
    rest = [asyncio.create_task(store.do(ANN, create_marker(f"thread-{number}"))) for number in range(GROUP + 1)]
    await asyncio.wait(rest, timeout=0)
    held.let_go()
    await asyncio.gather(first, *rest)
    assert held.transactions == 3
    # each room's events of a transaction are published in one piece
    pieces = [len(batch.events) for batch in store.bus.published if batch.room_id == PICTURE_ROOM]
    assert pieces == [1, GROUP, 1]
    await store.close()


async def test_later_commands_of_a_group_see_what_earlier_ones_did(store: Store) -> None:
    outcomes = await store.do_all(
        (ANN, create_comment("early", words(comment_id="c1"))),
        (ANN, create_marker("early", created_from_comment_id="c1")),
        (BEN, create_comment("early", words(comment_id="c2", parent_id="c1"))),
        (BEN, edit_comment("c2")),
        (ANN, update_marker("m-early", resolved=True)),
        (ANN, delete_comment("c1")),
        (BEN, delete_comment("c2")),
        (ANN, create_marker("other")),
        (ANN, delete_marker("m-other")),
        (ANN, create_comment("other")),
    )
    assert [code_of(outcome) for outcome in outcomes] == [None] * 9 + ["not-found"]
    [conversation] = (await store.snapshot()).conversations
    assert (conversation.id, conversation.resolved, conversation.comment_count) == ("m-early", True, 0)
    page = await store.comments("early")
    assert page is not None
    assert [(each.comment.id, each.comment.is_deleted) for each in page.comments] == [("c1", True)]


async def test_a_refused_command_changes_nothing_for_its_neighbours(store: Store) -> None:
    await store.do(ANN, create_marker())
    outcomes = await store.do_all(
        (ANN, create_comment()),
        (BEN, delete_marker()),
        (BEN, create_comment()),
        (ANN, create_marker(x=101.0)),
        (BEN, create_comment(comment=words(parent_id="none"))),
        (MODERATOR, update_marker(x=1.0)),
    )
    assert [code_of(outcome) for outcome in outcomes] == [
        None,
        "forbidden",
        None,
        "invalid-coordinates",
        "not-found",
        None,
    ]
    assert store.bus.seqs(PICTURE_ROOM) == [1, 2, 3, 4]
    assert (await store.log()).head == 4


@pytest.mark.parametrize(
    "fault",
    [
        create_comment(comment=words(commenter_name="\ud800")),  # no database can encode it
        create_comment(comment=words(comment_id="c-taken")),  # breaks a primary key
        create_marker("fault", x=None),  # makes the decision itself fail
    ],
    ids=["unencodable", "constraint", "type"],
)
async def test_a_command_that_fails_in_the_middle_of_a_group_harms_none_of_its_neighbours(
    store: Store, fault: object
) -> None:
    await store.do(ANN, create_marker())
    await store.do(ANN, create_comment(comment=words(comment_id="c-taken")))
    outcomes = await store.do_all(
        (ANN, create_comment(comment=words("before"))),
        (BEN, fault),  # type: ignore[arg-type]  # one of the faults is of a wrong type
        (ANN, create_comment(comment=words("after"))),
    )
    assert [isinstance(outcome, Committed) for outcome in outcomes] == [True, False, True]
    log = await store.log()
    assert [event.seq for event in log.events] == store.bus.seqs(PICTURE_ROOM) == [1, 2, 3, 4]
    assert [decode_event(event.data).user_id for event in log.events] == [ANN.user_id] * 4
    page = await store.comments()
    assert page is not None
    assert [each.comment.comment for each in page.comments] == ["hello", "before", "after"]
    assert page.comment_count == 3


async def test_a_bus_that_fails_once_keeps_no_command_from_its_answer(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    publish = store.bus.publish

    def fail_once(batch: RoomEvents) -> None:
        store.bus.publish = publish  # type: ignore[method-assign]
        raise ValueError(batch.room_id)

    store.bus.publish = fail_once  # type: ignore[method-assign]
    await store.do(ANN, create_marker("first"))
    await store.do(ANN, create_marker("second"))
    assert "could not be published" in caplog.text
    assert store.bus.seqs(PICTURE_ROOM) == [2]


async def test_a_group_is_told_once_with_what_became_of_each_command(store: Store) -> None:
    await store.do_all((ANN, create_marker("one")), (ANN, create_marker("two")), (BEN, delete_marker("nothing")))
    [done] = store.done
    assert (done.count, done.seconds > 0) == (3, True)
    names = [type(each.command).__name__ for each in done.submitted]
    assert names == ["CreateMarker", "CreateMarker", "DeleteMarker"]
    assert [type(each) for each in done.outcomes] == [Committed, Committed, Refusal]


async def test_an_observer_that_fails_keeps_no_command_from_its_answer_and_no_other_from_its_part(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(done: GroupDone) -> None:
        raise ValueError(done.count)

    told: list[GroupDone] = []
    store.group_commit._observe = [fail, told.append]
    await store.do(ANN, create_marker("first"))
    await store.do(ANN, create_marker("second"))
    assert store.bus.seqs(PICTURE_ROOM) == [1, 2]
    assert len(told) == 2
    assert caplog.text.count("could not be told") == 2


async def test_when_the_database_is_in_trouble_a_group_is_refused_after_two_tries(backend: Backend) -> None:
    store = Store(backend, FailingDatabase)
    failing = store.database
    assert isinstance(failing, FailingDatabase)
    failing.fails_before = 2  # for the group, and for the first of it alone
    outcomes = await store.do_all(*((ANN, create_marker(f"thread-{number}")) for number in range(9)))
    assert [code_of(outcome) for outcome in outcomes] == ["unavailable"] * 9
    assert failing.fails_before == 0
    await store.do(ANN, create_marker("later"))
    await store.close()


class SharedDatabase(FailingDatabase):
    """A database in which another node writes after each transaction of this one."""

    def __init__(self, database: Database, other: Store) -> None:
        super().__init__(database)
        self._other = other

    async def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        result = await super().write(transaction, locking=locking)
        await self._other.do(BEN, create_marker(fresh("elsewhere")))
        return result


async def test_SEQ1_events_of_a_group_that_fell_apart_are_published_by_what_is_consecutive(backend: Backend) -> None:
    other = Store(backend)
    store = Store(backend, lambda database: SharedDatabase(database, other))
    shared = store.database
    assert isinstance(shared, SharedDatabase)
    shared.fails_before = 1  # the group's own transaction: each is then tried alone
    outcomes = await store.do_all(*((ANN, create_marker(f"thread-{number}")) for number in range(4)))
    assert {code_of(outcome) for outcome in outcomes} == {None}
    for batch in store.bus.published:
        seqs = [seq for seq, _ in batch.events]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert sorted(store.bus.seqs(PICTURE_ROOM) + other.bus.seqs(PICTURE_ROOM)) == list(range(1, 9))
    await store.close()
    await other.close()


async def test_a_group_fills_a_picture_and_a_tenant_to_their_limits_and_no_further(store: Store) -> None:
    settings = TenantSettings(limits=Quotas(markers_per_picture=3, comments_per_thread=2, pictures_per_tenant=2))

    async def codes(*commands: Command) -> list[str | None]:
        given = (store.group_commit.submit(ANN, command, settings) for command in commands)
        outcomes = await asyncio.gather(*given, return_exceptions=True)
        return [code_of(outcome) for outcome in outcomes]

    await store.do(ANN, create_marker("first", url_id="p0"))
    full = "limit-reached"
    assert await codes(*(create_marker(f"a{number}", url_id="p0") for number in range(4))) == [None, None, full, full]
    assert await codes(*(create_comment("first") for _ in range(3))) == [None, None, full]
    assert await codes(*(create_marker(f"b{number}", url_id=f"p{number}") for number in range(1, 4))) == [
        *(None, full, full),
    ]
    assert await codes(delete_marker("m-a0"), create_marker("a4", url_id="p0"), create_marker("a5", url_id="p0")) == [
        *(None, None, full),
    ]
    await store.restart()
    assert await codes(create_marker("a6", url_id="p0"), create_marker("b4", url_id="p4")) == [full, full]


async def test_AUTH2_who_may_see_a_picture_changes_together_with_the_notice_of_it(backend: Backend) -> None:
    store = Store(backend, HeldDatabase)
    held = store.database
    assert isinstance(held, HeldDatabase)
    held.let_go()
    heeded: list[Notice] = []

    async def heed(notice: Notice) -> None:
        heeded.append(notice)

    admin, url_id = person("admin", role=Role.ADMIN), "picture"
    notices = Notices(held, heed, list, MemoryBus())
    for number, change in enumerate(({"read_only": True}, {"groups": ("red",)}, {"for_everyone": True})):
        await store.do(admin, UpdatePicture(tenant_id=TENANT, broadcast_id=f"u{number}", url_id=url_id, **change))  # type: ignore[arg-type]  # by name
        await notices.look()
        assert (len(heeded), held.transactions) == (number, number + 1)
    assert set(heeded) == {Notice(TENANT)}
    await store.close()
