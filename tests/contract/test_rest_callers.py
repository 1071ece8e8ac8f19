"""Who is calling: sessions, cookies, simple SSO, and those who pretend."""

import json

import pytest

from imagechat.model.principal import Role
from imagechat.model.tokens import Tokens
from making import person
from visiting import CHATS, COMMENTS, Visiting, Visitor, fresh, tokens_of

EVERY_READ = [
    ("GET", CHATS, {"urlId": "p"}),
    ("GET", COMMENTS, {"urlId": "p"}),
    ("GET", f"{COMMENTS}/none/text", {}),
    ("GET", "/pages/demo/users/online", {"urlId": "p"}),
]


def test_nobody_gets_a_session_that_names_the_caller_from_then_on(visiting: Visiting, picture: str) -> None:
    ann, ben = visiting.somebody(), visiting.somebody()
    first = ann.snapshot(picture)["user"]
    assert (first["isAnonSession"], first["authorized"]) == (True, False)
    assert ann.snapshot(picture)["user"]["id"] == first["id"]
    assert ben.snapshot(picture)["user"]["id"] != first["id"]


@pytest.mark.parametrize("how", ["bearer", "query", "cookie"])
def test_a_session_is_taken_from_header_query_or_cookie(visiting: Visiting, picture: str, how: str) -> None:
    user = visiting.somebody().snapshot(picture)["user"]
    headers, params = {}, {"urlId": picture}
    if how == "bearer":
        headers["Authorization"] = f"bearer {user['sessionId']}"
    elif how == "query":
        params["sessionId"] = user["sessionId"]
    else:
        headers["Cookie"] = f"imagechat_session={user['sessionId']}"
    answer = visiting.somebody().send("GET", CHATS, headers=headers, params=params)
    assert answer.json()["user"] == user


def test_the_header_wins_over_the_query_and_the_query_over_the_cookie(visiting: Visiting, picture: str) -> None:
    one, two, three = (visiting.somebody().snapshot(picture)["user"] for _ in range(3))
    cookie = {"Cookie": f"imagechat_session={three['sessionId']}"}
    both = {"urlId": picture, "sessionId": two["sessionId"]}
    header = {"Authorization": f"Bearer {one['sessionId']}"}
    stranger = visiting.somebody()
    assert stranger.send("GET", CHATS, headers=cookie | header, params=both).json()["user"] == one
    assert stranger.send("GET", CHATS, headers=cookie, params=both).json()["user"] == two


def test_AUTH1_a_token_that_was_not_signed_here_is_refused_and_never_replaced(visiting: Visiting) -> None:
    good = tokens_of(visiting.node).session(person("ann"))
    wrong = {
        "forged": Tokens("another key").session(person("ann")),
        "altered": ("A" if good[5] != "A" else "B").join((good[:5], good[6:])),
        "cut": good[:-3],
        "of another tenant": tokens_of(visiting.node).session(person("ann", tenant_id="elsewhere")),
        "a ticket": tokens_of(visiting.node).ticket(person("ann"), 2**52),
        "rubbish": "rubbish",
    }
    for what, token in wrong.items():
        pretender = Visitor(visiting.somebody().client, token)
        for method, path, params in EVERY_READ:
            assert pretender.refused(method, path, params=params) == "unauthorized", what
        body = {"urlId": "p", "broadcastId": fresh("b"), "x": 1, "y": 1}
        assert pretender.refused("POST", CHATS, json=body) == "unauthorized", what
        assert visiting.somebody().refused("GET", CHATS, params={"urlId": "p", "sessionId": token}) == "unauthorized"


def test_AUTH1_a_forged_cookie_is_refused_too(visiting: Visiting) -> None:
    headers = {"Cookie": "imagechat_session=forged"}
    assert visiting.somebody().refused("GET", CHATS, headers=headers, params={"urlId": "p"}) == "unauthorized"


def test_AUTH2_an_expired_ticket_is_refused(visiting: Visiting, ann: Visitor, picture: str) -> None:
    for expires_at, expected in ((1, "unauthorized"), (2**52, None)):
        ticket = tokens_of(visiting.node).ticket(person("ann"), expires_at)
        params = {"urlId": picture, "userIdWS": ticket, "startTime": 0}
        answer = ann.send("GET", "/event-log/demo", params=params)
        assert answer.json().get("code") == expected


def test_AUTH1_an_unknown_tenant_is_not_found_whoever_asks(visiting: Visiting) -> None:
    for who in (visiting.somebody(), visiting.signed_in(person("ann", role=Role.ADMIN))):
        for method, path, params in EVERY_READ:
            for tenant in ("nowhere", "a.b", "x" * 65, "%F0%9F%98%80"):
                assert who.refused(method, path.replace("demo", tenant), params=params) == "invalid-tenant-id"
            assert who.refused(method, path.replace("demo", "demo%00"), params=params) == "not-found"


def test_AUTH1_no_cache_on_the_way_may_give_one_callers_answer_to_another(ann: Visitor) -> None:
    for method, path, params in EVERY_READ:
        answer = ann.send(method, path, params=params)
        if answer.status_code == 200:
            assert answer.headers["cache-control"] == "no-store", path
    assert ann.send("GET", CHATS, params={"urlId": "p"}).headers["cache-control"] == "no-store"


def test_an_address_without_a_tenant_says_so(ann: Visitor) -> None:
    for path in ("/comment-image-chats", "/comments", "/event-log"):
        for address in (path, path + "/"):
            assert ann.refused("GET", address) == "missing-tenant-id"
            assert ann.refused("POST", address, json={}) == "missing-tenant-id"


def test_AUTH1_a_marker_of_another_tenant_is_not_found(visiting: Visiting, ann: Visitor, picture: str) -> None:
    made = ann.pin(picture, comment={"comment": "here"})
    visiting.node.run("tenant", "create", "neighbour")
    neighbour = visiting.signed_in(person("ann", tenant_id="neighbour", role=Role.ADMIN))
    there = CHATS.replace("demo", "neighbour")
    path = f"{there}/{made['createdChatId']}"
    assert neighbour.refused("PATCH", path, json={"broadcastId": fresh("b"), "x": 1}) == "not-found"
    assert neighbour.refused("DELETE", path, json={"broadcastId": fresh("b")}) == "not-found"
    comment = f"/comments/neighbour/{made['comment']['_id']}"
    assert neighbour.refused("GET", f"{comment}/text") == "not-found"
    assert neighbour.refused("DELETE", comment, params={"broadcastId": fresh("b")}) == "not-found"
    assert neighbour.call("GET", there, params={"urlId": picture})["conversations"] == []


def test_simple_sso_sets_name_and_picture_and_nothing_else(visiting: Visiting, picture: str) -> None:
    ann = visiting.somebody()
    ann.snapshot(picture)
    sso = {
        "username": "ann",
        "displayName": " Ann\u202e Lee ",
        "avatar": "https://a/b.png",
        "isAdmin": True,
        "id": "mo",
    }
    user = ann.call("GET", CHATS, params={"urlId": picture, "sso": json.dumps(sso)})["user"]
    assert (user["displayName"], user["avatarSrc"]) == ("Ann Lee", "https://a/b.png")
    assert (user["id"], user["authorized"], user["isAnonSession"]) == (ann.id, False, True)
    params = {"urlId": fresh("w"), "broadcastId": fresh("b"), "sso": json.dumps(sso)}
    body = {"comment": "hi", "commenterName": "Somebody Else", "url": "", "urlId": "w"}
    comment = ann.call("POST", COMMENTS, params=params, json=body)["comment"]
    assert (comment["commenterName"], comment["avatarSrc"]) == ("Ann Lee", "https://a/b.png")
    assert "isByAdmin" not in comment


def test_AUTH1_simple_sso_does_not_become_somebody_else(visiting: Visiting, ann: Visitor, picture: str) -> None:
    path = f"{CHATS}/{ann.pin(picture)['createdChatId']}"
    sso = json.dumps({"username": "ann", "id": ann.id, "email": "ann@example.org"})
    body = {"broadcastId": fresh("b")}
    assert visiting.somebody().refused("DELETE", path, params={"sso": sso}, json=body) == "forbidden"


@pytest.mark.parametrize(
    "sso", ["{", "[]", "1", '{"username":1}', '"x"', "nul", '{"username":"\ufffd', "[" * 5000, '{"a":' * 5000]
)
def test_sso_that_is_no_object_is_refused(ann: Visitor, picture: str, sso: str) -> None:
    assert ann.refused("GET", CHATS, params={"urlId": picture, "sso": sso}) == "invalid-body"


def test_sso_without_a_name_is_nobody_in_particular(ann: Visitor, picture: str) -> None:
    for sso in ("", "{}", "null", '{"username":null}', '{"username":"\u200b"}'):
        answer = ann.send("GET", CHATS, params={"urlId": picture, "sso": sso})
        if sso == "null":
            assert answer.status_code == 400
        else:
            assert "displayName" not in answer.json()["user"]
