"""AUTH2 on a real node: whatever right is lost, and however, open connections end at once, and the code says why."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from housing import House, enter_all, events_in, lives
from imagechat.model.commands import UpdatePicture
from imagechat.model.principal import Role
from imagechat.model.view import By
from imagechat.store.write_events import Committed, Submitted, write_batch
from imagechat.wiring import milliseconds
from live_clients import Person, close_code, new_picture, next_message, rest_of
from making import person
from operating import Operator
from running import TENANT, RunningNode
from visiting import CHATS, fresh


async def test_AUTH2_a_ban_ends_every_connection_before_it_is_answered(house: House, admin: Person) -> None:
    picture, user = new_picture(), fresh("user")
    banned = await house.sign_in(user)
    made = await banned.mark(picture)
    async with AsyncExitStack() as stack:
        of_picture = await enter_all(stack, house, await banned.enter(picture), 3)
        of_thread = await enter_all(stack, house, await banned.thread(made["conversation"]["urlId"]), 2)
        [other] = await enter_all(stack, house, await admin.enter(picture), 1)
        await house.ban(admin, userId=user)
        after = await admin.mark(picture)
        for connection in of_picture + of_thread:
            assert events_in(await rest_of(connection)) == []
            assert connection.close_code == 4403
        await lives(other, after["seq"])
    ticket = await house.client.get(CHATS, params={"urlId": picture, "sso": house.server.sso(user)})
    assert ticket.json()["code"] == "banned"


async def test_AUTH2_a_ticket_from_before_a_ban_opens_nothing_until_it_is_lifted(house: House, admin: Person) -> None:
    user = fresh("user")
    banned = await house.sign_in(user)
    entrance = await banned.enter(new_picture())
    await house.ban(admin, userId=user)
    async with house.follow(entrance) as connection:
        assert (await rest_of(connection), connection.close_code) == ([], 4403)
    bans = await admin._ask("GET", f"/moderation/{TENANT}/bans")
    [ban] = [each["_id"] for each in bans["bans"] if each["subject"] == user]
    await admin._ask("DELETE", f"/moderation/{TENANT}/bans/{ban}")
    async with house.follow(entrance) as connection:
        assert (await next_message(connection))["type"] == "hello"


async def test_AUTH2_a_newer_sso_without_the_group_ends_private_pictures_and_no_open_ones(
    house: House, admin: Person
) -> None:
    private, public, user = new_picture(), new_picture(), fresh("user")
    await house.share(admin, private, ["red"])
    ann = await house.sign_in(user, groupIds=["red"], at=milliseconds() - 1000)
    async with AsyncExitStack() as stack:
        inside = await enter_all(stack, house, await ann.enter(private), 2)
        [outside] = await enter_all(stack, house, await ann.enter(public), 1)
        await house.sign_in(user, groupIds=["blue"])
        await admin.mark(private)
        for connection in inside:
            assert events_in(await rest_of(connection)) == []
            assert connection.close_code == 4404
        await lives(outside, (await admin.mark(public))["seq"])


async def test_AUTH2_a_picture_made_private_loses_those_outside_and_the_others_miss_nothing(
    house: House, admin: Person
) -> None:
    picture = new_picture()
    made = await admin.mark(picture)
    thread = made["conversation"]["urlId"]
    red, anonymous = await house.sign_in(fresh("user"), groupIds=["red"]), Person(house.client)
    async with AsyncExitStack() as stack:
        stay = await enter_all(stack, house, await red.enter(picture), 2)
        stay += await enter_all(stack, house, await red.thread(thread), 2)
        go = await enter_all(stack, house, await anonymous.enter(picture), 2)
        go += await enter_all(stack, house, await anonymous.thread(thread), 2)
        before = await admin.comment(thread, "everybody hears this")
        shared = await house.share(admin, picture, ["red"])
        after = await admin.comment(thread, "the red ones hear this")
        for connection in go:
            seqs = [event["seq"] for event in events_in(await rest_of(connection))]
            assert seqs in ([], [before["pictureSeq"]], [before["seq"]])
            assert connection.close_code == 4404
        for connection in stay[:2]:
            got: list[Any] = []
            while len(events_in(got)) < 3:
                got.append(await next_message(connection))
            assert [event["seq"] for event in events_in(got)] == [before["pictureSeq"], shared, after["pictureSeq"]]
        for connection in stay[2:]:
            await lives(connection, after["seq"])


async def test_AUTH2_what_another_process_made_private_is_private_at_the_next_event_at_the_latest(
    house: House, operator: Operator, admin: Person
) -> None:
    picture = new_picture()
    await admin.mark(picture)
    command = UpdatePicture(tenant_id=TENANT, broadcast_id=fresh("b"), url_id=picture, groups=("red",))
    by = By(person("operator", role=Role.ADMIN))

    def write(connection: Connection) -> int:
        [outcome] = write_batch(connection, [Submitted(by, command)], milliseconds)
        assert isinstance(outcome, Committed)
        return outcome.placed[0].event.seq

    async with house.follow(await Person(house.client).enter(picture)) as connection:
        await next_message(connection)
        seq = await asyncio.to_thread(partial(operator.write, write))
        await admin.mark(picture)
        assert [event for event in events_in(await rest_of(connection)) if event["seq"] >= seq] == []
        assert connection.close_code == 4404


async def test_AUTH2_a_thread_that_joins_a_private_picture_is_heard_by_its_groups_only(
    house: House, admin: Person
) -> None:
    picture, thread = new_picture(), fresh("thread")
    await house.share(admin, picture, ["red"])
    first = await admin.comment(thread, "before there is a marker")
    red, anonymous = await house.sign_in(fresh("user"), groupIds=["red"]), Person(house.client)
    async with AsyncExitStack() as stack:
        go = await enter_all(stack, house, await anonymous.thread(thread), 2)
        stay = await enter_all(stack, house, await red.thread(thread), 2)
        adopted = {"windowUrlId": thread, "createdFromCommentId": first["comment"]["_id"]}
        await admin.mark(picture, **adopted)
        for connection in go:
            assert events_in(await rest_of(connection)) == []
            assert connection.close_code == 4404
        for connection in stay:
            await lives(connection, 2)


async def test_AUTH2_a_key_that_is_rotated_without_overlap_ends_whom_it_vouched_for(
    house: House, operator: Operator
) -> None:
    server = operator.tenant("rotated")
    async with AsyncExitStack() as stack:
        found = []
        for sso in ({"sso": server.sso("ann")}, {}):
            entrance = (await house.client.get(server.chats, params={"urlId": "p"} | sso)).json()
            found += await enter_all(stack, house, entrance, 1)
        await asyncio.to_thread(operator.rotate, "rotated")
        assert await close_code(found[0]) == 4401
        await (await found[1].ping())  # nobody vouched for the anonymous one
        assert found[1].close_code is None


async def test_AUTH2_a_tenant_that_takes_no_anonymous_visitors_any_more_has_none(
    house: House, operator: Operator
) -> None:
    server = operator.tenant("closing")
    entrance = (await house.client.get(server.chats, params={"urlId": "p"})).json()
    async with house.follow(entrance) as connection:
        await next_message(connection)
        await asyncio.to_thread(partial(operator.set, "closing", anonymous=False))
        assert await close_code(connection) == 4401


async def test_AUTH2_a_tenant_that_the_command_line_disables_is_left_by_all(house: House, operator: Operator) -> None:
    server = operator.tenant("disabled")
    entrance = (await house.client.get(server.chats, params={"urlId": "p"})).json()
    neighbour = await Person(house.client).enter(picture := new_picture())
    async with AsyncExitStack() as stack:
        [*gone] = await enter_all(stack, house, entrance, 4)
        [other] = await enter_all(stack, house, neighbour, 1)
        await asyncio.to_thread(house.node.run, "tenant", "disable", "disabled")
        assert {await close_code(connection) for connection in gone} == {4403}
        async with house.follow(entrance) as again:
            assert (await rest_of(again), again.close_code) == ([], 4403)
        await lives(other, (await Person(house.client).mark(picture))["seq"])
    refused = await house.client.get(server.chats, params={"urlId": "p"})
    assert refused.json()["code"] == "tenant-disabled"
    await asyncio.to_thread(house.node.run, "tenant", "enable", "disabled")
    await asyncio.to_thread(operator.heeded)
    async with house.follow(entrance) as again:
        assert (await next_message(again))["type"] == "hello"


async def test_AUTH2_a_session_that_its_owner_ends_is_gone_and_another_device_stays(house: House) -> None:
    picture, user = new_picture(), fresh("user")
    desk, phone = await house.sign_in(user), await house.sign_in(user)
    async with AsyncExitStack() as stack:
        [ended] = await enter_all(stack, house, await desk.enter(picture), 1)
        [kept] = await enter_all(stack, house, await phone.enter(picture), 1)
        await desk._ask("DELETE", f"/sessions/{TENANT}")
        assert await close_code(ended) == 4401
        await lives(kept, (await phone.mark(picture))["seq"])
    headers = {"Authorization": f"Bearer {desk.session}"}
    assert (await house.client.get(CHATS, params={"urlId": picture}, headers=headers)).status_code == 401


async def test_AUTH1_a_command_that_is_sent_again_is_not_answered_where_its_picture_was_lost(
    house: House, admin: Person
) -> None:
    picture, once = new_picture(), {"broadcastId": fresh("b"), "comment": {"comment": "between us"}}
    await house.share(admin, picture, ["red"])
    red = await house.sign_in(fresh("user"), groupIds=["red"])
    made = await red.mark(picture, **once)
    assert (await red.mark(picture, **once))["createdChatId"] == made["createdChatId"]
    await house.share(admin, picture, ["blue"])
    body = {"urlId": picture, "x": 1, "y": 1} | once
    headers = {"Authorization": f"Bearer {red.session}"}
    answer = await house.client.post(CHATS, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    await house.share(admin, picture, None)
    assert (await red.mark(picture, **once))["createdChatId"] == made["createdChatId"]


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[RunningNode]:
    """A node that is told where its callers are."""
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_TRUSTED_PROXIES": "127.0.0.1"}) as running:
        yield running


async def test_AUTH2_a_banned_network_is_gone_from_the_live_channel_and_no_other_is(behind: RunningNode) -> None:
    server = Operator(behind).rotate(TENANT)
    here, there = ({"X-Forwarded-For": f"198.51.100.{number}"} for number in (1, 2))
    async with behind.client() as client, AsyncExitStack() as stack:
        house = House(behind, server, client)
        client.headers = httpx.Headers(here)
        vandal = Person(client)
        made = await vandal.mark("p")
        [gone] = [await stack.enter_async_context(house.follow(await vandal.enter("p"), additional_headers=here))]
        await next_message(gone)
        client.headers = httpx.Headers(there)
        admin = await house.sign_in("boss", isAdmin=True)
        kept = await stack.enter_async_context(house.follow(await admin.enter("p"), additional_headers=there))
        await house.ban(admin, authorOf=made["createdChatId"], kinds=["address"])
        assert await close_code(gone) == 4403
        newcomer = await client.get(CHATS, params={"urlId": "p"}, headers=here)
        assert newcomer.json()["code"] == "banned"
        await lives(kept, (await admin.mark("p"))["seq"])
