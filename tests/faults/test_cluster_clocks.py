"""Three nodes whose clocks are five minutes apart: order, tickets, sessions and bans go by one clock."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from deploy.local.nats import NatsServer
from deploy.local.postgres import PostgresServer

from clustered import NodeSet, comes, new_database, rotate_key
from exactness import all_is_exact
from housing import House
from imagechat.wiring import milliseconds
from live_clients import Person, close_code, live_url, new_picture, next_message, open_live
from loading import ROUNDS, Load
from running import TENANT
from signing import TenantServer
from visiting import fresh
from wrong_clocks import clock_off

FIVE_MINUTES = 300


@pytest.fixture(scope="module")
def nodes(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeSet]:
    """Each in its place: behind, right, ahead."""
    directory = tmp_path_factory.mktemp("clocks")
    clocks = [clock_off(-FIVE_MINUTES), {}, clock_off(FIVE_MINUTES)]
    with (
        new_database(postgres) as url,
        NatsServer(directory) as nats,
        NodeSet(directory, url, [nats.url] * 3, environments=clocks) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def server(nodes: NodeSet) -> TenantServer:
    """The tenant's own server, with a key that was made beside the node whose clock is ahead."""
    return rotate_key(nodes.nodes, nodes.nodes[2])


@pytest.fixture
async def houses(nodes: NodeSet, server: TenantServer) -> AsyncIterator[list[House]]:
    made = [House(node, server, node.client()) for node in nodes.nodes]
    yield made
    for house in made:
        await house.client.aclose()


async def refused_everywhere(houses: list[House], status: int, **asked: Any) -> None:
    """Wait until each node refuses a picture's snapshot: word goes round, and at the latest each second they look."""

    async def is_so() -> bool:
        wanted = {"params": {"urlId": "hall"}} | asked
        answers = [await house.client.get(f"/comment-image-chats/{TENANT}", **wanted) for house in houses]
        return [answer.status_code for answer in answers] == [status] * len(houses)

    await comes(is_so)


async def test_the_clocks_are_wrong_and_the_nodes_say_so(nodes: NodeSet) -> None:
    behind, right, ahead = ("".join(node.output) for node in nodes.nodes)
    assert "this machine's clock is -300" in behind or "this machine's clock is -299" in behind
    assert "this machine's clock is" not in right
    assert "this machine's clock is 300" in ahead or "this machine's clock is 299" in ahead


async def test_SEQ2_times_rise_whichever_node_wrote(nodes: NodeSet) -> None:
    pictures = [new_picture(), new_picture()]
    began = milliseconds()
    async with nodes.viewers(pictures) as viewers, Load(nodes.client, pictures) as load:
        await load.goes_on(100 * ROUNDS)
        await load.end()
        await all_is_exact(nodes.nodes, load, viewers)
    assert all(began - 2_000 < done.timestamp < milliseconds() + 2_000 for done in load.done)


async def test_a_ticket_of_any_node_opens_any_other(houses: list[House]) -> None:
    picture = new_picture()
    for giver in houses:
        snapshot = await Person(giver.client).enter(picture)
        for taker in houses:
            async with open_live(live_url(taker.node, snapshot)) as connection:
                assert (await next_message(connection))["type"] == "hello"


async def test_AUTH2_a_session_that_is_ended_on_one_node_is_ended_on_all_and_a_new_one_is_good(
    houses: list[House],
) -> None:
    for here, there in zip(houses, [*houses[1:], houses[0]], strict=True):
        user, picture = fresh("user"), new_picture()
        person = await here.sign_in(user)
        elsewhere = Person(there.client, person.session)
        async with there.follow(await elsewhere.enter(picture)) as connection:
            assert (await next_message(connection))["type"] == "hello"
            await person._ask("DELETE", f"/sessions/{TENANT}")
            assert await close_code(connection) == 4401
        await refused_everywhere(houses, 401, headers={"Authorization": f"Bearer {person.session}"})
        again = await there.sign_in(user)
        for house in houses:
            await Person(house.client, again.session).enter(picture)


async def test_AUTH2_a_ban_on_one_node_holds_on_all_from_then_on_and_until_its_end(houses: list[House]) -> None:
    ahead = houses[2]
    admin = await ahead.sign_in(fresh("admin"), isAdmin=True)
    user, picture = fresh("user"), new_picture()
    for house in houses:
        await (await house.sign_in(user)).enter(picture)
    await ahead.ban(admin, userId=user, hours=0.05)  # three minutes, which a clock that is ahead would take for over
    await refused_everywhere(houses, 403, params={"urlId": picture, "sso": houses[1].server.sso(user)})


async def test_AUTH2_what_is_done_beside_a_node_whose_clock_is_wrong_holds_at_once(
    nodes: NodeSet, houses: list[House]
) -> None:
    behind, _, ahead = nodes.nodes
    name, user = fresh("tenant"), fresh("user")
    old = TenantServer(name, json.loads(ahead.run("tenant", "create", name, "--json"))["apiKey"])
    rotate_key(nodes.nodes, ahead, name)
    for house in houses:
        answer = await house.client.get(old.chats, params={"urlId": "p", "sso": old.sso("user")})
        assert answer.status_code == 401, answer.text

    erased = await houses[1].sign_in(user)
    await erased.mark(new_picture())
    behind.run("person", "erase", TENANT, user, "--yes")  # ends the sessions that there were until then
    await refused_everywhere(houses, 401, headers={"Authorization": f"Bearer {erased.session}"})
