"""What people who have some rights try to do beyond them, or after they are gone."""

import asyncio
from functools import partial
from typing import Any

import httpx
import pytest

from housing import House
from imagechat.http.moderation import _AT_ONCE as AT_ONCE
from imagechat.model.view import By
from imagechat.store.banning import MOST_ENDED
from imagechat.store.tenants import existing
from imagechat.store.write_events import Submitted, write_batch
from imagechat.wiring import milliseconds as now
from live_clients import Person, new_picture
from making import create_marker, person
from operating import Operator
from running import TENANT, TRUSTED
from signing import TenantServer
from visiting import CHATS, Visiting, Visitor, error_in, fresh

BANS = f"/moderation/{TENANT}/bans"


def signed_in(visiting: Visiting, server: TenantServer, user_id: str, picture: str = "p", **more: Any) -> Visitor:
    """Sign somebody in, who keeps the session."""
    who = visiting.somebody()
    who.call("GET", server.chats, params={"urlId": picture, "sso": server.sso(user_id, **more)})
    return who


@pytest.fixture
def moderator(visiting: Visiting, server: TenantServer) -> Visitor:
    return signed_in(visiting, server, fresh("moderator"), isModerator=True)


# -- bans


@pytest.mark.parametrize("kinds", [["user"], ["address"], ["user", "address"]])
def test_a_moderator_bans_no_admin_by_whatever_name(
    visiting: Visiting, server: TenantServer, moderator: Visitor, picture: str, kinds: list[str]
) -> None:
    admin = signed_in(visiting, server, fresh("admin"), isAdmin=True)
    elsewhere = httpx.Client(
        base_url=visiting.node.url, transport=httpx.HTTPTransport(local_address="127.0.0.2", verify=TRUSTED)
    )
    with elsewhere:
        pinned = Visitor(elsewhere, admin.session).pin(picture)
        body = {"authorOf": pinned["createdChatId"], "kinds": kinds}
        assert moderator.refused("POST", BANS, json=body) == "forbidden"
        Visitor(elsewhere, admin.session).snapshot(picture)
    other = signed_in(visiting, server, fresh("admin"), isAdmin=True)
    made = other.call("POST", BANS, json=body)["bans"]
    for each in made:
        other.call("DELETE", f"{BANS}/{each['_id']}")


async def test_AUTH2_a_mass_deletion_stops_when_its_moderator_is_banned(
    house: House, operator: Operator, admin: Person
) -> None:
    picture, rogue = new_picture(), await house.sign_in("rogue", isModerator=True)
    by = By(person("somebody", tenant_id=TENANT))
    pins = [create_marker(fresh("thread"), marker_id=fresh("marker"), url_id=picture) for _ in range(2_000)]
    await asyncio.to_thread(operator.write, partial(write_batch, batch=[Submitted(by, pin) for pin in pins], now=now))

    async def left() -> int:
        return len((await admin.enter(picture))["conversations"])

    body = {"urlId": picture, "broadcastId": fresh("b"), "confirm": len(pins)}
    headers = {"Authorization": f"Bearer {rogue.session}"}
    deleting = asyncio.create_task(
        house.client.post(f"/moderation/{TENANT}/mass-deletions", json=body, headers=headers)
    )
    while await left() == len(pins):
        pass
    await house.ban(admin, userId="rogue")
    before = await left()
    assert (await deleting).json()["code"] == "banned"
    assert 0 < before - 2 * AT_ONCE <= await left()


# -- sessions that are ended, and have to be remembered as such


def test_an_anonymous_visitor_has_no_session_to_end(visiting: Visiting, picture: str) -> None:
    ann = visiting.somebody()
    assert ann.refused("DELETE", f"/sessions/{TENANT}") == "forbidden"
    ann.snapshot(picture)
    assert ann.refused("DELETE", f"/sessions/{TENANT}") == "forbidden"
    ann.snapshot(picture)


def test_AUTH2_who_ends_very_many_sessions_ends_all_of_them_and_leaves_few_traces(
    visiting: Visiting, server: TenantServer, operator: Operator
) -> None:
    user, other = fresh("user"), signed_in(visiting, server, fresh("user"))
    phone = signed_in(visiting, server, user)
    desks = [signed_in(visiting, server, user) for _ in range(MOST_ENDED + 1)]
    for desk in desks[:-1]:
        desk.call("DELETE", f"/sessions/{TENANT}")
    phone.snapshot("p")
    desks[-1].call("DELETE", f"/sessions/{TENANT}")
    for each in (phone, *desks):
        assert each.refused("GET", CHATS, params={"urlId": "p"}) == "unauthorized"
    other.snapshot("p")
    rows = operator.write(lambda connection: existing(connection, TENANT).revocations)
    assert sum(each.by == user for group in rows.values() for each in group) == 1
    signed_in(visiting, server, user).snapshot("p")


# -- words that nobody has approved


def edit(who: Visitor, tenant: TenantServer, comment_id: str, text: str) -> str:
    """Give a comment other words, and return the code of the refusal, if it is one."""
    path = f"{tenant.comments}/{comment_id}/update-text"
    answer = who.send("POST", path, params={"broadcastId": fresh("b")}, json={"comment": text})
    return error_in(answer) if answer.is_error else ""


def write(who: Visitor, tenant: TenantServer, text: str = "hello") -> str:
    """Comment somewhere, and return the comment's id."""
    where = {"urlId": fresh("thread"), "broadcastId": fresh("b")}
    made = who.call("POST", tenant.comments, params=where, json={"comment": text})
    return str(made["comment"]["_id"])


def test_what_a_moderator_let_through_does_not_become_something_else_afterwards(
    visiting: Visiting, operator: Operator
) -> None:
    server = operator.tenant("approving", approval="anonymous")
    anonymous, member = visiting.somebody(), signed_in(visiting, server, "member")
    moderator = signed_in(visiting, server, "moderator", isModerator=True)
    waiting = write(anonymous, server)
    path = f"/moderation/approving/held/{waiting}/approve"
    moderator.call("POST", path, json={"broadcastId": fresh("b")})
    assert edit(anonymous, server, waiting, "buy watches") == "forbidden"
    assert edit(member, server, write(member, server), "hello again") == ""


@pytest.mark.parametrize(
    ("spam", "text"),
    [({"banned_words": ["casino"]}, "to the Casino!"), ({"max_links": 1}, "https://a.example https://b.example")],
)
def test_words_that_would_be_held_are_not_put_in_by_an_edit(
    visiting: Visiting, operator: Operator, spam: dict[str, Any], text: str
) -> None:
    server = operator.tenant(fresh("strict"), spam=spam)
    member, moderator = signed_in(visiting, server, "member"), signed_in(visiting, server, "boss", isModerator=True)
    written = write(member, server)
    assert edit(member, server, written, text) == "forbidden"
    assert edit(member, server, written, "other words, and other words") == ""
    assert edit(moderator, server, write(moderator, server), text) == ""
