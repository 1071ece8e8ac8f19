"""Tenants over REST: made and switched by the operator, set by their own admins, and by nobody else."""

from typing import Any

import pytest

from dashboards import operator_in
from imagechat.model.principal import Role
from imagechat.model.quotas import Quotas
from making import person
from operating import Operator
from running import TENANT, RunningNode
from signing import TenantServer
from visiting import Visiting, Visitor, fresh

TENANTS = "/api/v1/tenants"


@pytest.fixture
def chief(visiting: Visiting, shared_node: RunningNode) -> Visitor:
    return operator_in(visiting.somebody().client, shared_node)


@pytest.fixture
def own(visiting: Visiting, operator: Operator) -> tuple[str, TenantServer, Visitor]:
    """A tenant of the test's own, its server, and an admin."""
    name = fresh("tenant")
    server = operator.tenant(name)
    operator.heeded()
    admin = visiting.somebody()
    admin.call("GET", server.chats, params={"urlId": "p", "sso": server.sso("boss", isAdmin=True)})
    return name, server, admin


def sees(visiting: Visiting, server: TenantServer, **claims: Any) -> str | None:
    """Return the code with which somebody of a tenant's is refused, who signs in."""
    params = {"urlId": "p", "sso": server.sso(fresh("user"), **claims)}
    answer = visiting.somebody().send("GET", server.chats, params=params)
    code: str | None = answer.json().get("code")
    return code


def test_the_operator_makes_a_tenant_and_its_key_signs_people_in(visiting: Visiting, chief: Visitor) -> None:
    name = fresh("made")
    body = {"id": name, "name": "Made here", "domains": ["Example.com", "localhost:*"]}
    made = chief.call("POST", TENANTS, json=body)
    assert made["tenant"]["settings"]["domains"] == ["example.com", "localhost:*"]
    assert (made["tenant"]["id"], made["tenant"]["name"], made["tenant"]["disabled"]) == (name, "Made here", False)
    server = TenantServer(name, made["apiKey"])
    assert sees(visiting, server) is None
    assert chief.refused("POST", TENANTS, json=body) == "conflict"
    for wrong in ({"id": "a b"}, {"id": ""}, {"id": "x" * 65}, {"id": fresh("t"), "domains": ["no domain"]}, {}):
        assert chief.refused("POST", TENANTS, json=wrong) == "invalid-body", wrong
    found = {each["id"]: each for each in chief.call("GET", TENANTS)["tenants"]}
    assert found[name] | {"createdAt": ""} == {
        "id": name,
        "name": "Made here",
        "disabled": False,
        "createdAt": "",
        **dict.fromkeys(("pictures", "markers", "comments", "held"), 0),
    }
    who = [(act["who"], act["act"]) for act in acts_of(chief, name)]
    assert who == [("operator", "create the tenant"), ("operator", "give the tenant a new key")]


def acts_of(who: Visitor, tenant: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = who.call("GET", f"/moderation/{tenant}/audit")["entries"]
    return entries[::-1]


def test_the_list_says_what_each_holds(chief: Visitor, own: tuple[str, TenantServer, Visitor]) -> None:
    name, server, admin = own

    def pin(picture: str, **more: Any) -> dict[str, Any]:
        body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1} | more
        return admin.call("POST", server.chats, json=body)

    gone = pin("one", comment={"comment": "gone"})
    pin("one", comment={"comment": "stays"})
    pin("two")
    admin.call("DELETE", f"{server.chats}/{gone['createdChatId']}", json={"broadcastId": fresh("b")})
    [found] = [each for each in chief.call("GET", TENANTS)["tenants"] if each["id"] == name]
    assert [found[what] for what in ("pictures", "markers", "comments", "held")] == [2, 2, 1, 0]


def test_settings_are_shown_with_their_defaults_and_set_one_by_one(own: tuple[str, TenantServer, Visitor]) -> None:
    name, server, admin = own
    path = f"{TENANTS}/{name}"
    tenant = admin.call("GET", path)["tenant"]
    assert tenant["settings"] == tenant["defaults"]
    assert tenant["settings"]["limits"]["comments_per_session"] == Quotas().comments_per_session
    assert (tenant["settings"]["anonymous"], tenant["settings"]["jwt"]) == (True, None)
    assert [set(key) for key in tenant["keys"]] == [{"id", "createdAt", "retiresAt"}]
    assert server.api_key not in str(tenant)
    spam = {"max_links": None, "banned_words": ["casino"]}
    changes = {"anonymous": False, "comment": "members", "spam": spam, "domains": ["Example.com"]}
    changed = admin.call("PATCH", path, json={"name": "New  name", "settings": changes})["tenant"]
    assert changed["name"] == "New name"
    wanted = tenant["settings"] | changes | {"domains": ["example.com"], "spam": tenant["settings"]["spam"] | spam}
    assert changed["settings"] == wanted
    assert Visitor(admin.client).refused("GET", server.chats, params={"urlId": "p"}) == "unauthorized", "at once"
    back = admin.call("PATCH", path, json={"settings": {"anonymous": None, "spam": None}})["tenant"]["settings"]
    assert back == wanted | {"anonymous": True, "spam": tenant["settings"]["spam"]}
    assert [(act["who"], act["act"]) for act in acts_of(admin, name)[-2:]] == [
        ("boss", "change the tenant's settings")
    ] * 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"settings": {"nothing": 1}},
        {"settings": {"anonymous": "yes"}},
        {"settings": {"comment": "some"}},
        {"settings": {"spam": {"nothing": 1}}},
        {"settings": {"spam": 5}},
        {"settings": {"domains": ["not a domain"]}},
        {"settings": {"domains": "example.com"}},
        {"settings": {"jwt": {"algorithm": "none"}}},
        {"name": ""},
        {"name": "\u200b"},
        {"name": "x" * 201},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    own: tuple[str, TenantServer, Visitor], wrong: dict[str, Any]
) -> None:
    name, _, admin = own
    before = admin.call("GET", f"{TENANTS}/{name}")["tenant"]
    assert admin.refused("PATCH", f"{TENANTS}/{name}", json=wrong) == "invalid-body"
    assert admin.call("GET", f"{TENANTS}/{name}")["tenant"] == before


def test_what_a_tenant_may_cost_is_the_operators_to_change(
    visiting: Visiting, chief: Visitor, own: tuple[str, TenantServer, Visitor], shared_node: RunningNode
) -> None:
    name, _, admin = own
    path = f"{TENANTS}/{name}"
    of_one = operator_in(visiting.somebody().client, shared_node, name)
    for change in (
        {"settings": {"log_days": 3}},
        {"settings": {"limits": {"reads_per_session": None}}},
        {"disabled": True},
    ):
        for who in (admin, of_one):
            assert who.refused("PATCH", path, json=change) == "forbidden", change
    same = {"log_days": None, "limits": admin.call("GET", path)["tenant"]["settings"]["limits"]}
    assert admin.call("PATCH", path, json={"settings": same})
    limits = {"reads_per_session": None, "comments_per_session": 7}
    found = chief.call("PATCH", path, json={"settings": {"log_days": 3, "limits": limits}})["tenant"]["settings"]
    assert found["log_days"] == 3
    assert (found["limits"]["reads_per_session"], found["limits"]["comments_per_session"]) == (None, 7)
    assert found["limits"]["markers_per_session"] == Quotas().markers_per_session


def test_the_operator_switches_a_tenant_off_and_on_again(
    visiting: Visiting, chief: Visitor, own: tuple[str, TenantServer, Visitor]
) -> None:
    name, server, admin = own
    path = f"{TENANTS}/{name}"
    assert chief.call("PATCH", path, json={"disabled": True})["tenant"]["disabled"] is True
    assert admin.refused("GET", path) == "tenant-disabled"
    assert sees(visiting, server) == "tenant-disabled"
    assert chief.call("GET", path)["tenant"]["disabled"] is True
    assert chief.call("PATCH", path, json={"disabled": False, "name": "Back"})["tenant"]["name"] == "Back"
    assert sees(visiting, server) is None
    said = [act["act"] for act in acts_of(chief, name)]
    assert said[-3:] == ["switch the tenant off", "change the tenant's settings", "switch the tenant on"]


def test_a_new_key_is_shown_once_and_the_one_before_goes_on_for_as_long_as_was_said(
    visiting: Visiting, own: tuple[str, TenantServer, Visitor]
) -> None:
    name, server, admin = own
    path = f"{TENANTS}/{name}/keys"
    made = admin.call("POST", path, json={"keepHours": 1})
    assert [key["retiresAt"] is None for key in made["keys"]] == [True, False]
    newer = TenantServer(name, made["apiKey"])
    assert [sees(visiting, each) for each in (server, newer)] == [None, None]
    assert made["apiKey"] not in str(admin.call("GET", f"{TENANTS}/{name}"))
    last = admin.call("POST", path, json={"keepHours": 0})
    assert len(last["keys"]) == 1
    newest = TenantServer(name, last["apiKey"])
    assert [sees(visiting, each) for each in (server, newer, newest)] == ["unauthorized", "unauthorized", None]
    assert admin.refused("GET", f"{TENANTS}/{name}") == "unauthorized", "the key that vouched for them is gone"
    boss = visiting.somebody()
    boss.call("GET", newest.chats, params={"urlId": "p", "sso": newest.sso("boss", isAdmin=True)})
    assert boss.refused("POST", path, json={"keepHours": -1}) == "invalid-body"
    assert boss.refused("POST", path, json={"keepHours": 10_000}) == "invalid-body"
    assert [(act["who"], act["act"]) for act in acts_of(boss, name)[-2:]] == [("boss", "give the tenant a new key")] * 2


def test_AUTH1_a_tenant_is_nobody_elses(
    visiting: Visiting,
    shared_node: RunningNode,
    chief: Visitor,
    moderator: Visitor,
    ann: Visitor,
    own: tuple[str, TenantServer, Visitor],
) -> None:
    name, server, admin = own
    stranger = visiting.signed_in(person(fresh("admin"), role=Role.ADMIN))
    of_another = operator_in(visiting.somebody().client, shared_node, TENANT)
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"{TENANTS}/{name}", None),
        ("PATCH", f"{TENANTS}/{name}", {"name": "Taken over"}),
        ("POST", f"{TENANTS}/{name}/keys", {}),
    ]
    for method, path, body in calls:
        more = {} if body is None else {"json": body}
        assert stranger.refused(method, path, **more) == "unauthorized", "a session of another tenant"
        assert of_another.refused(method, path, **more) == "invalid-tenant-id"
        assert Visitor(ann.client).refused(method, path, **more) == "forbidden"
        gone = path.replace(name, "nowhere")
        for who in (stranger, chief, of_another, Visitor(ann.client)):
            assert who.refused(method, gone, **more) == "invalid-tenant-id"
    user = visiting.somebody()
    user.call("GET", server.chats, params={"urlId": "p", "sso": server.sso("mo", isModerator=True)})
    for method, path, body in calls:
        assert user.refused(method, path, **({} if body is None else {"json": body})) == "forbidden"
    for who, code in (
        (admin, "forbidden"),
        (moderator, "forbidden"),
        (of_another, "forbidden"),
        (Visitor(ann.client), "unauthorized"),
    ):
        assert who.refused("GET", TENANTS) == code
        assert who.refused("POST", TENANTS, json={"id": fresh("t")}) == code
    assert chief.call("GET", f"{TENANTS}/{name}")["tenant"]["name"] == name
