"""The operator in a browser: a link opens one session, and that is an admin's of every tenant until it ends."""

import asyncio
import re
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select, update

from dashboards import ME, SESSION, SIGN_IN, new_link, operator_in, run_beside, use
from imagechat.model.operators import SESSION_MS
from imagechat.model.principal import Role
from imagechat.store import tables
from imagechat.wiring import milliseconds
from live_clients import close_code, live_url, next_message, open_live
from making import person
from moderating import AUDIT, BANS, PICTURES, heed
from operating import Operator
from running import TENANT, TRUSTED, RunningNode
from visiting import CHATS, COMMENTS, Visiting, Visitor, error_in, fresh, tokens_of

pytestmark = pytest.mark.usefixtures("server")


@pytest.fixture
def chief(visiting: Visiting, shared_node: RunningNode) -> Visitor:
    """The operator of all tenants."""
    return operator_in(visiting.somebody().client, shared_node)


@pytest.fixture
def chief_of_one(visiting: Visiting, shared_node: RunningNode) -> Visitor:
    """The operator, with a session for one tenant."""
    return operator_in(visiting.somebody().client, shared_node, TENANT)


def test_a_link_works_once(visiting: Visiting, shared_node: RunningNode) -> None:
    link = new_link(shared_node)
    first = use(visiting.somebody().client, link)
    assert first.status_code == 200
    body = first.json()
    assert set(body) == {"status", "sessionId", "expiresAt"}
    assert abs(body["expiresAt"] - milliseconds() - SESSION_MS) < 60_000
    assert error_in(use(visiting.somebody().client, link)) == "unauthorized"
    assert Visitor(visiting.somebody().client, body["sessionId"]).call("GET", ME)["user"]["role"] == "operator"


async def test_of_many_who_use_a_link_at_once_one_gets_in(shared_node: RunningNode) -> None:
    link = new_link(shared_node)
    async with shared_node.client() as client:
        answers = await asyncio.gather(*(client.post(SIGN_IN, json={"link": link}) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19


def test_what_is_no_link_opens_nothing(visiting: Visiting, shared_node: RunningNode, chief: Visitor) -> None:
    link = new_link(shared_node)
    for wrong in ("", "op_", link[:-1], link + "A", link.upper(), str(chief.session), "x" * 200):
        assert error_in(use(visiting.somebody().client, wrong)) == "unauthorized", wrong
    assert error_in(use(visiting.somebody().client, "x" * 201)) == "invalid-body"
    assert error_in(visiting.somebody().client.post(SIGN_IN, json={})) == "invalid-body"
    assert Visitor(visiting.somebody().client, link).refused("GET", ME) == "unauthorized", "a link is no session"
    assert use(visiting.somebody().client, link).status_code == 200


def test_a_link_whose_time_is_over_opens_nothing(
    visiting: Visiting, shared_node: RunningNode, operator: Operator
) -> None:
    link = new_link(shared_node, "--minutes", "10")
    operator.write(partial(age, by=10 * 60_000))
    assert error_in(use(visiting.somebody().client, link)) == "unauthorized"


def age(connection: Connection, by: int) -> None:
    """Make all links and sessions end so much earlier."""
    table = tables.operator_sessions
    connection.execute(update(table).values(expires_at=table.c.expires_at - by, created_at=table.c.created_at - by))


def test_a_link_and_a_session_are_kept_as_digests_only(
    shared_node: RunningNode, chief: Visitor, operator: Operator
) -> None:
    link = new_link(shared_node)
    rows = operator.write(lambda connection: connection.execute(select(tables.operator_sessions)).all())
    acts = operator.write(lambda connection: connection.execute(select(tables.audit)).all())
    assert rows
    for secret in (link, str(chief.session)):
        assert secret not in str(rows) + str(acts)
        assert secret.removeprefix("op_") not in str(rows) + str(acts)
    assert all(re.fullmatch(r"[0-9a-f]{64}", row.digest) for row in rows)


def test_the_operator_is_an_admin_of_every_tenant(
    chief: Visitor, operator: Operator, picture: str, shared_node: RunningNode
) -> None:
    operator.tenant("another")
    operator.heeded()
    for tenant in (TENANT, "another"):
        body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1, "comment": {"comment": "from above"}}
        made = Visitor(chief.client, chief.session).call("POST", f"/comment-image-chats/{tenant}", json=body)
        assert made["comment"]["isByAdmin"] is True
        assert made["user"]["sessionId"] == chief.session
        assert made["comment"]["userId"] == "operator"
        chief.call("GET", f"/moderation/{tenant}/audit")
    chief.call("PATCH", PICTURES, params={"urlId": picture}, json={"broadcastId": fresh("b"), "groupIds": []})
    assert len(chief.call("GET", CHATS, params={"urlId": picture})["conversations"]) == 1
    assert str(chief.session) not in "".join(shared_node.output)


def test_both_ways_take_the_operator_and_answer_alike(chief: Visitor, picture: str) -> None:
    """The short way takes plain creates; what has a cookie goes to the framework."""
    bodies = []
    for more in ({}, {"headers": {"Cookie": "other=1"}}):
        body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1, "comment": {"comment": "hello"}}
        made = chief.send("POST", CHATS, json=body, **more)
        assert made.status_code == 200, made.text
        thread = made.json()["conversation"]["urlId"]
        said = chief.send(
            "POST",
            COMMENTS,
            params={"urlId": thread, "broadcastId": fresh("b")},
            json={"comment": "and more", "url": "", "urlId": thread},
            **more,
        )
        bodies.append((set(made.json()), made.json()["user"], set(said.json()), said.json()["user"]))
    assert bodies[0] == bodies[1]
    wrong = Visitor(chief.client, "op_wrong")
    body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1}
    answers = [wrong.send("POST", CHATS, json=body, **more) for more in ({}, {"headers": {"Cookie": "other=1"}})]
    assert [(error_in(answer), answer.text) for answer in answers] == [("unauthorized", answers[0].text)] * 2


def test_what_the_operator_does_is_in_the_audit_log(chief: Visitor) -> None:
    user = fresh("user")
    [ban] = chief.call("POST", BANS, json={"userId": user})["bans"]
    entry = chief.call("GET", AUDIT)["entries"][0]
    assert (entry["who"], entry["act"], entry["what"]) == ("operator", "ban a user", user)
    assert entry["address"]
    chief.call("DELETE", f"{BANS}/{ban['_id']}")


def test_links_and_sessions_for_one_tenant_are_in_its_audit_log(chief_of_one: Visitor) -> None:
    acts = [(entry["who"], entry["act"]) for entry in chief_of_one.call("GET", AUDIT)["entries"][:2]]
    assert acts == [("operator", "sign in to the dashboard"), ("operator", "make a link to the dashboard")]


def test_AUTH1_a_session_for_one_tenant_is_for_no_other(chief_of_one: Visitor, operator: Operator) -> None:
    operator.tenant("closed")
    operator.heeded()
    chief_of_one.call("GET", CHATS, params={"urlId": "p"})
    for call in ("/comment-image-chats/closed?urlId=p", "/moderation/closed/audit"):
        assert chief_of_one.refused("GET", call) == "unauthorized"
    assert chief_of_one.refused("GET", ME, params={"tenantId": "closed"}) == "invalid-tenant-id"
    found = chief_of_one.call("GET", ME)
    assert (found["user"]["role"], [each["id"] for each in found["tenants"]]) == ("admin", [TENANT])


def test_me_tells_everybody_who_they_are(
    visiting: Visiting, chief: Visitor, moderator: Visitor, operator: Operator
) -> None:
    operator.tenant("third")
    operator.heeded()
    found = chief.call("GET", ME)
    assert found["user"] == {"id": "operator", "name": "Operator", "role": "operator", "sessionId": chief.session}
    assert {TENANT, "third"} <= {each["id"] for each in found["tenants"]}
    found = chief.call("GET", ME, params={"tenantId": "third"})
    assert found["tenants"] == [{"id": "third", "name": "third", "disabled": False}]
    found = moderator.call("GET", ME, params={"tenantId": TENANT})
    assert (found["user"]["role"], [each["id"] for each in found["tenants"]]) == ("moderator", [TENANT])
    admin = visiting.signed_in(person(fresh("admin"), role=Role.ADMIN))
    assert admin.call("GET", ME, params={"tenantId": TENANT})["user"]["role"] == "admin"


def test_me_is_for_nobody_else(visiting: Visiting, moderator: Visitor, chief: Visitor) -> None:
    member = visiting.signed_in(person(fresh("member"), role=Role.MEMBER))
    assert member.refused("GET", ME, params={"tenantId": TENANT}) == "forbidden"
    assert visiting.somebody().refused("GET", ME, params={"tenantId": TENANT}) == "forbidden"
    assert visiting.somebody().refused("GET", ME) == "unauthorized"
    assert Visitor(visiting.somebody().client, "no session").refused("GET", ME) == "unauthorized"
    assert moderator.refused("GET", ME) == "forbidden", "a tenant's own"
    assert moderator.refused("DELETE", SESSION) == "forbidden"
    assert chief.refused("GET", ME, params={"tenantId": "nowhere"}) == "invalid-tenant-id"


def test_an_operators_token_counts_in_its_header_and_on_own_pages_only(chief: Visitor, visiting: Visiting) -> None:
    nobody = visiting.somebody()
    query = {"urlId": "p", "sessionId": chief.session}
    assert nobody.refused("GET", CHATS, params=query) == "unauthorized"
    cookie = {"Cookie": f"imagechat_session={chief.session}"}
    assert nobody.refused("GET", CHATS, params={"urlId": "p"}, headers=cookie) == "unauthorized"
    assert nobody.refused("GET", ME, headers=cookie) == "unauthorized"
    foreign = {"Origin": "http://localhost:9999"}  # a domain of the tenant's
    assert nobody.call("GET", CHATS, params={"urlId": "p"}, headers=foreign)
    for call in ((CHATS, {"urlId": "p"}), (ME, {})):
        assert chief.refused("GET", call[0], params=call[1], headers=foreign) == "origin-not-allowed"
    own = {"Origin": str(chief.client.base_url).rstrip("/")}
    assert chief.call("GET", ME, headers=own)
    assert error_in(use(visiting.somebody().client, "op_x", headers=foreign)) == "origin-not-allowed"


def test_nobody_in_a_tenant_can_send_the_operator_away(
    chief: Visitor, visiting: Visiting, shared_node: RunningNode, ann: Visitor
) -> None:
    admin = visiting.signed_in(person(fresh("admin"), role=Role.ADMIN))
    [ban] = admin.call("POST", BANS, json={"userId": "operator"})["bans"]
    assert chief.call("GET", CHATS, params={"urlId": "p"})
    admin.call("DELETE", f"{BANS}/{ban['_id']}")
    forged = tokens_of(shared_node).session(person("operator", role=Role.ADMIN))
    assert Visitor(ann.client, forged).refused("GET", CHATS, params={"urlId": "p"}) == "unauthorized"


async def entered(
    stack: AsyncExitStack, node: RunningNode, chief: Visitor, tenants: list[str]
) -> tuple[list[Any], dict[str, Any]]:
    """Follow a picture of each tenant, in both framings, and return the connections and one of the entrances."""
    found = []
    for tenant in tenants:
        entrance = chief.call("GET", f"/comment-image-chats/{tenant}", params={"urlId": fresh("p")})
        for v1 in (True, False):
            connection = await stack.enter_async_context(open_live(live_url(node, entrance), v1=v1))
            await (next_message(connection) if v1 else (await connection.ping()))
            found.append(connection)
    return found, entrance


async def test_AUTH2_a_session_that_is_ended_ends_its_connections_in_all_tenants(
    shared_node: RunningNode, visiting: Visiting, operator: Operator
) -> None:
    operator.tenant("second")
    operator.heeded()
    chief, other = (operator_in(visiting.somebody().client, shared_node) for _ in range(2))
    async with AsyncExitStack() as stack:
        theirs, entrance = await entered(stack, shared_node, chief, [TENANT, "second"])
        others, _ = await entered(stack, shared_node, other, [TENANT, "second"])
        await asyncio.to_thread(chief.call, "DELETE", SESSION)
        assert [await close_code(connection) for connection in theirs] == [4401] * 4
        for path in (ME, f"{CHATS}?urlId=p", AUDIT):
            assert chief.refused("GET", path) == "unauthorized"
        async with open_live(live_url(shared_node, entrance)) as again:
            assert await close_code(again) == 4401
        log = {"urlId": "p", "userIdWS": entrance["userIdWS"], "startTime": 0}
        assert chief.refused("GET", "/event-log/second", params=log) == "unauthorized"
        for connection in others:
            await (await connection.ping())
        assert other.call("GET", ME)


async def test_AUTH2_the_command_line_ends_all_sessions_or_those_of_a_tenant(
    shared_node: RunningNode, visiting: Visiting
) -> None:
    client = visiting.somebody().client
    chief, of_one = operator_in(client, shared_node), operator_in(client, shared_node, TENANT)
    link = new_link(shared_node)
    async with AsyncExitStack() as stack:
        theirs, _ = await entered(stack, shared_node, of_one, [TENANT])
        everywhere, _ = await entered(stack, shared_node, chief, [TENANT])
        assert "Ended" in await asyncio.to_thread(run_beside, shared_node, "dashboard-link", TENANT, "--end-all")
        assert [await close_code(connection) for connection in theirs] == [4401] * 2
        assert chief.call("GET", ME)
        await asyncio.to_thread(run_beside, shared_node, "dashboard-link", "--end-all")
        assert [await close_code(connection) for connection in everywhere] == [4401] * 2
    assert chief.refused("GET", ME) == "unauthorized"
    assert error_in(use(visiting.somebody().client, link)) == "unauthorized"


async def test_AUTH2_a_ticket_of_the_operators_ends_with_its_session_at_the_latest(
    shared_node: RunningNode, visiting: Visiting, operator: Operator
) -> None:
    chief = operator_in(visiting.somebody().client, shared_node)
    left = 1_500
    operator.write(partial(age, by=SESSION_MS - left))
    async with AsyncExitStack() as stack:
        theirs, _ = await entered(stack, shared_node, chief, [TENANT])
        assert [await close_code(connection) for connection in theirs] == [4401] * 2
    assert chief.refused("GET", ME) == "unauthorized"


def test_a_tenant_that_is_switched_off_is_off_for_the_operator_too(chief: Visitor, operator: Operator) -> None:
    operator.tenant("dark")
    operator.switch("dark", disabled=True)
    operator.heeded()
    assert chief.refused("GET", "/comment-image-chats/dark", params={"urlId": "p"}) == "tenant-disabled"
    assert chief.call("GET", ME, params={"tenantId": "dark"})["tenants"][0]["disabled"] is True


def test_a_session_of_a_tenant_that_was_deleted_is_for_nobody(
    chief: Visitor, operator: Operator, shared_node: RunningNode, visiting: Visiting
) -> None:
    operator.tenant("gone")
    of_one = operator_in(visiting.somebody().client, shared_node, "gone")
    run_beside(shared_node, "tenant", "disable", "gone")
    run_beside(shared_node, "tenant", "delete", "gone", "--yes")
    operator.tenant("gone")
    heed(shared_node, visiting.somebody())
    assert of_one.refused("GET", "/comment-image-chats/gone", params={"urlId": "p"}) == "unauthorized"
    assert chief.call("GET", "/comment-image-chats/gone", params={"urlId": "p"})


def test_a_link_is_made_for_a_tenant_that_is_there_only(shared_node: RunningNode) -> None:
    with pytest.raises(AssertionError, match="there is no tenant 'nowhere'"):
        new_link(shared_node, "nowhere")


def test_the_live_channels_door_asks_for_the_session_too(chief: Visitor, shared_node: RunningNode) -> None:
    """A ticket holds no secret of the session's that it is for."""
    ticket = chief.call("GET", CHATS, params={"urlId": "p"})["userIdWS"]
    assert str(chief.session) not in ticket
    answer = httpx.get(f"{shared_node.url}{ME}", headers={"Authorization": f"Bearer {ticket}"}, verify=TRUSTED)
    assert error_in(answer) == "unauthorized"
