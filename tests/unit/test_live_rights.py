"""Rights on the live channel: looked at on the way in, and again whenever they change."""

import asyncio
from collections.abc import Collection

import pytest

from imagechat.live.resume import Position
from imagechat.live.rights import Rights, close_for
from imagechat.model import errors
from imagechat.model.access import OPEN, Access
from imagechat.model.errors import (
    BANNED,
    INVALID_TENANT_ID,
    NO_SUCH_ROOM,
    NOT_FOUND,
    ORIGIN_NOT_ALLOWED,
    TENANT_DISABLED,
    TICKET_EXPIRED,
    UNAUTHORIZED,
    CloseKind,
    ErrorKind,
    Refusal,
    not_allowed,
)
from imagechat.model.ids import RoomId
from live_fakes import OTHER_ROOM, ROOM, FakeSubscriber, Stage, settle

RED = Access(("red",))
ELSEWHERE = RoomId("elsewhere.picture")


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.mark.parametrize(
    ("kind", "close"),
    [
        (UNAUTHORIZED, TICKET_EXPIRED),
        (NOT_FOUND, NO_SUCH_ROOM),
        (INVALID_TENANT_ID, NO_SUCH_ROOM),
        (BANNED, not_allowed(BANNED)),
        (TENANT_DISABLED, not_allowed(TENANT_DISABLED)),
        (ORIGIN_NOT_ALLOWED, not_allowed(ORIGIN_NOT_ALLOWED)),
        (errors.FORBIDDEN, not_allowed(errors.FORBIDDEN)),
    ],
)
def test_AUTH2_each_refusal_closes_with_the_code_that_tells_a_client_what_to_do(
    kind: ErrorKind, close: CloseKind
) -> None:
    assert close_for(Refusal(kind, "no")) == close


async def test_AUTH1_who_may_not_see_a_room_does_not_get_in_and_nothing_is_read_of_it(stage: Stage) -> None:
    stage.commit(3)
    stage.history.accesses[ROOM] = RED
    with pytest.raises(Refusal) as refused:
        await stage.join(Position("e1", 0))
    assert refused.value.kind is NOT_FOUND
    assert stage.history.reads == []


async def test_AUTH1_who_is_in_the_group_gets_in(stage: Stage) -> None:
    stage.commit(3)
    stage.history.accesses[ROOM] = RED
    stage.standing.groups["anna"] = ("red",)
    anna = await stage.join(Position("e1", 0))
    assert anna.seqs == [1, 2, 3]
    assert anna.principal.groups == ("red",)


async def test_AUTH2_a_ban_closes_that_users_connections_and_no_others(stage: Stage) -> None:
    anna, her_phone, ben = [await stage.join(user=user) for user in ("anna", "anna", "ben")]
    stage.standing.refusals["anna"] = Refusal(BANNED, "banned")
    await stage.hub.heed("demo", "anna")
    assert (anna.closed, her_phone.closed, ben.closed) == (not_allowed(BANNED), not_allowed(BANNED), None)


async def test_AUTH2_what_changes_for_a_tenant_is_looked_at_for_all_of_its_rooms(stage: Stage) -> None:
    anna, ben = await stage.join(user="anna"), await stage.join(user="ben", room_id=OTHER_ROOM)
    stranger = await stage.join(user="anna", room_id=ELSEWHERE)
    for user in ("anna", "ben"):
        stage.standing.refusals[user] = Refusal(TENANT_DISABLED, "off")
    await stage.hub.heed("demo")
    off = not_allowed(TENANT_DISABLED)
    assert (anna.closed, ben.closed, stranger.closed) == (off, off, None)


async def test_AUTH2_pages_of_a_domain_that_is_taken_away_are_closed_and_no_others(stage: Stage) -> None:
    stage.standing.domains = ("friend.example", "other.example")
    friend, other = [await stage.join(site=f"https://{host}") for host in stage.standing.domains]
    own = await stage.join()
    stage.standing.domains = ("other.example",)
    await stage.hub.heed("demo")
    assert (friend.closed, other.closed, own.closed) == (not_allowed(ORIGIN_NOT_ALLOWED), None, None)
    with pytest.raises(Refusal):
        await stage.join(site="https://friend.example")


async def test_AUTH2_a_picture_that_became_private_is_left_by_those_outside_its_groups(stage: Stage) -> None:
    stage.standing.groups["anna"] = ("red",)
    anna, ben = await stage.join(user="anna"), await stage.join(user="ben")
    stage.history.accesses[ROOM] = RED
    await stage.hub.heed("demo")
    assert (anna.closed, ben.closed) == (None, NO_SUCH_ROOM)
    stage.commit()
    await settle()
    assert anna.seqs == [1]


async def test_AUTH1_what_makes_a_room_private_is_not_delivered_to_those_whom_it_shuts_out(stage: Stage) -> None:
    """As when a thread gets its marker on a private picture: the batch itself says so, before any notice."""
    stage.standing.groups["anna"] = ("red",)
    anna, ben = await stage.join(user="anna"), await stage.join(user="ben")
    ben_left = asyncio.Event()

    def leave() -> None:
        stage.hub.leave(ROOM, ben)
        ben_left.set()

    ben.when_closed = leave
    stage.commit()
    await settle()
    stage.history.accesses[ROOM] = RED
    stage.commit()
    await ben_left.wait()
    await settle()
    assert (anna.seqs, ben.seqs) == ([1, 2], [1])
    assert ben.closed == NO_SUCH_ROOM


async def test_AUTH2_a_right_that_is_lost_on_the_way_in_is_noticed_before_the_subscription(stage: Stage) -> None:
    stage.commit(300)
    anna = FakeSubscriber(user="anna")
    anna.takes.clear()  # a long resume: she is on the way in for a while
    joining = asyncio.create_task(stage.hub.join(ROOM, anna, Position("e1", 0)))
    await settle()
    assert anna.seqs
    stage.standing.refusals["anna"] = Refusal(BANNED, "banned")
    await stage.hub.heed("demo", "anna")
    anna.takes.set()
    with pytest.raises(Refusal) as refused:
        await joining
    assert refused.value.kind is BANNED
    stage.commit()
    await settle()
    assert 301 not in anna.seqs


async def test_AUTH2_a_room_that_is_private_when_it_is_loaded_was_open_when_it_was_asked_for(stage: Stage) -> None:
    stage.history.hold()
    joining = asyncio.create_task(stage.join(user="ben"))
    await settle()
    assert stage.history.reads == ["tail"]  # what it was before is in the reader's hands
    stage.history.accesses[ROOM] = RED
    heeding = asyncio.create_task(stage.hub.heed("demo"))
    await settle()
    stage.history.open.set()
    await heeding
    with pytest.raises(Refusal):
        await joining


async def test_AUTH2_of_two_reads_of_a_rooms_access_the_one_that_began_last_counts(stage: Stage) -> None:
    ben = await stage.join(user="ben")
    slow: asyncio.Future[dict[RoomId, Access]] = asyncio.get_running_loop().create_future()
    answers = [slow]
    fresh = stage.history.access

    async def access(room_ids: Collection[RoomId]) -> dict[RoomId, Access]:
        return await answers.pop() if answers else await fresh(room_ids)

    stage.history.access = access  # type: ignore[method-assign]
    first = asyncio.create_task(stage.hub.heed("demo"))
    await settle()
    stage.history.accesses[ROOM] = RED
    await stage.hub.heed("demo")
    slow.set_result({ROOM: OPEN})
    await first
    assert await stage.hub.access(ROOM) == RED
    assert ben.closed == NO_SUCH_ROOM


async def test_many_who_ask_for_a_rooms_access_share_one_read(stage: Stage) -> None:
    reads = 0
    fresh = stage.history.access

    async def access(room_ids: Collection[RoomId]) -> dict[RoomId, Access]:
        nonlocal reads
        reads += 1
        return await fresh(room_ids)

    stage.history.access = access  # type: ignore[method-assign]
    await asyncio.gather(*(stage.join(user=f"user-{number}") for number in range(50)))
    assert reads == 1


async def test_a_room_whose_log_was_rewritten_forgets_it_reads_what_another_process_wrote_and_resets(
    stage: Stage,
) -> None:
    stage.commit(5)
    anna = await stage.join(Position("e1", 5))
    stage.commit(2, lost=True)  # as a command line beside the node does: its bus is another one
    stage.history.logs[ROOM] = [(seq, data.replace(b"picture", b"XXXXXXX")) for seq, data in stage.history.logs[ROOM]]
    await stage.hub.reread(ROOM)
    await settle()
    assert anna.seqs == [6, 7]
    assert "reset" in anna.types
    late = await stage.join(Position("e1", 0))
    assert late.seqs == [1, 2, 3, 4, 5, 6, 7]
    assert b"picture" not in b"".join(late.sent)


@pytest.mark.parametrize(
    ("origin", "comes_in"),
    [
        (None, True),
        ("http://node.example:8000", True),
        ("https://friend.example", True),
        ("https://foe.example", False),
        ("null", False),
        ("https://node.example:8000", False),
    ],
)
async def test_AUTH1_a_page_comes_in_from_the_server_itself_and_from_the_tenants_domains(
    stage: Stage, origin: str | None, *, comes_in: bool
) -> None:
    rights = Rights(stage.standing)

    async def come() -> str | None:
        return await rights.come_from("demo", origin, "node.example:8000", secure=False)

    if comes_in:
        assert await come() == (origin if origin == "https://friend.example" else None)
    else:
        with pytest.raises(Refusal) as refused:
            await come()
        assert refused.value.kind is ORIGIN_NOT_ALLOWED


async def test_AUTH2_however_many_rooms_a_tenant_has_their_access_is_read_at_once(stage: Stage) -> None:
    rooms = [RoomId(f"demo.{number}") for number in range(50)]
    people = [await stage.join(user=f"user-{room}", room_id=room) for room in rooms]
    asked: list[int] = []
    fresh = stage.history.access

    async def access(room_ids: Collection[RoomId]) -> dict[RoomId, Access]:
        asked.append(len(room_ids))
        return await fresh(room_ids)

    stage.history.access = access  # type: ignore[method-assign]
    stage.history.accesses = dict.fromkeys(rooms, RED)
    await stage.hub.heed("demo")
    assert asked == [50]
    assert all(person.closed == NO_SUCH_ROOM for person in people)
