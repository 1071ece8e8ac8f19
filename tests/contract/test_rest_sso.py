"""Secure SSO, simple SSO and the keys behind them, on a real node; JSON Web Tokens have a file of their own."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from imagechat.model.limits import GROUP_CHARACTERS, GROUPS, USER_ID_CHARACTERS
from imagechat.model.sso import MOST_AGE_MS, SKEW_MS
from imagechat.wiring import milliseconds
from operating import Operator
from running import TENANT
from signing import TenantServer, sso_of, user_data
from visiting import CHATS, COMMENTS, Visiting, Visitor, fresh

HOUR_MS = 3_600_000
MINUTE_MS = 60_000


@pytest.fixture(scope="module")
def neighbour(operator: Operator) -> TenantServer:
    return operator.tenant("neighbour")


def sign_in(visiting: Visiting, picture: str, sso: str) -> tuple[Visitor, dict[str, Any]]:
    """Take a snapshot signed in, and return the person, with the session that came, and the answer."""
    who = visiting.somebody()
    return who, who.call("GET", CHATS, params={"urlId": picture, "sso": sso})


def refused(visiting: Visiting, picture: str, sso: object) -> str:
    """Return the code that an SSO is refused with, the same on every kind of call."""
    text = sso if isinstance(sso, str) else json.dumps(sso)
    who = visiting.somebody()
    code = who.refused("GET", CHATS, params={"urlId": picture, "sso": text})
    body = {"urlId": picture, "broadcastId": fresh("b"), "x": 1, "y": 1}
    assert who.refused("POST", CHATS, params={"sso": text}, json=body) == code
    assert who.refused("GET", COMMENTS, params={"urlId": picture, "sso": text}) == code
    assert who.refused("GET", f"/pages/{TENANT}/users/online", params={"urlId": picture, "sso": text}) == code
    return code


# -- who is let in


@pytest.mark.parametrize(
    ("flags", "role"),
    [
        ({}, "member"),
        ({"isModerator": True}, "moderator"),
        ({"isAdmin": True}, "admin"),
        ({"isAdmin": True, "isModerator": True}, "admin"),
        ({"isAdmin": False, "isModerator": None}, "member"),
    ],
)
def test_a_signed_payload_signs_a_user_in_with_name_role_and_groups(
    visiting: Visiting, server: TenantServer, picture: str, flags: dict[str, Any], role: str
) -> None:
    more: dict[str, Any] = {
        "displayName": "Ann Lee",
        "avatar": "https://a/b.png",
        "groupIds": ["red", "blue", "red"],
        "unknown": 1,
    }
    who, answer = sign_in(visiting, picture, server.sso(fresh("user"), **flags, **more))
    user = answer["user"]
    assert (user["displayName"], user["avatarSrc"], user["groupIds"]) == ("Ann Lee", "https://a/b.png", ["blue", "red"])
    assert (user["authorized"], user["isAnonSession"]) == (True, False)
    assert answer["isSiteAdmin"] is (role in {"moderator", "admin"})
    comment = who.write(fresh("w"), commenterName="Somebody Else")["comment"]
    assert (comment["userId"], comment["commenterName"], comment["avatarSrc"]) == (
        who.id,
        "Ann Lee",
        "https://a/b.png",
    )
    assert {name for name in ("isByAdmin", "isByModerator") if name in comment} == {
        "member": set(),
        "moderator": {"isByModerator"},
        "admin": {"isByAdmin"},
    }[role]


def test_the_hash_may_be_written_in_capitals(visiting: Visiting, server: TenantServer, picture: str) -> None:
    fields = server.fields("ann")
    fields["verificationHash"] = fields["verificationHash"].upper()
    assert sign_in(visiting, picture, json.dumps(fields))[0].id == "ann"


def test_one_user_is_the_same_on_every_device(visiting: Visiting, server: TenantServer, picture: str) -> None:
    desk, _ = sign_in(visiting, picture, server.sso("tom", at=milliseconds() - HOUR_MS))
    phone, _ = sign_in(visiting, picture, server.sso("tom"))
    assert (desk.id, phone.id) == ("tom", "tom")
    assert desk.session != phone.session
    comment = desk.write(fresh("w"))["comment"]["_id"]
    phone.edit(comment, "from the phone")
    assert desk.call("GET", f"{COMMENTS}/{comment}/text")["commentText"] == "from the phone"
    phone.remove(comment)


def test_the_session_that_signing_in_gave_goes_on_without_it(
    visiting: Visiting, server: TenantServer, picture: str
) -> None:
    who, _ = sign_in(visiting, picture, server.sso(fresh("user"), isModerator=True))
    named = who.id
    answer = who.snapshot(picture)
    assert (answer["user"]["id"], answer["user"]["authorized"], answer["isSiteAdmin"]) == (named, True, True)


# -- who is not

Spoil = Callable[[dict[str, Any]], dict[str, Any]]


def replaced(**changes: Any) -> Spoil:
    return lambda fields: fields | changes


def without(*names: str) -> Spoil:
    return lambda fields: {name: value for name, value in fields.items() if name not in names}


SPOILT: dict[str, tuple[Spoil, str]] = {
    "another hash": (lambda fields: fields | {"verificationHash": "0" * 64}, "unauthorized"),
    "half a hash": (lambda fields: fields | {"verificationHash": fields["verificationHash"][:32]}, "unauthorized"),
    "no hash in it": (replaced(verificationHash=""), "unauthorized"),
    "a hash that is not ASCII": (replaced(verificationHash="ä" * 64), "unauthorized"),
    "data cut short": (
        lambda fields: fields | {"userDataJSONBase64": fields["userDataJSONBase64"][:-4]},
        "unauthorized",
    ),
    "another time": (lambda fields: fields | {"timestamp": fields["timestamp"] + 1}, "unauthorized"),
    "the digits moved over": (
        lambda fields: (
            fields
            | {
                "timestamp": fields["timestamp"] // 10,
                "userDataJSONBase64": str(fields["timestamp"] % 10) + fields["userDataJSONBase64"],
            }
        ),
        "unauthorized",
    ),
    "without data": (without("userDataJSONBase64"), "unauthorized"),
    "without a hash": (without("verificationHash"), "unauthorized"),
    "without a time": (without("timestamp"), "unauthorized"),
    "only data": (without("verificationHash", "timestamp"), "unauthorized"),
    "data of another type": (replaced(userDataJSONBase64=1), "invalid-body"),
    "a hash of another type": (replaced(verificationHash=[]), "invalid-body"),
    "a time in words": (lambda fields: fields | {"timestamp": str(fields["timestamp"])}, "invalid-body"),
    "a time with a fraction": (lambda fields: fields | {"timestamp": fields["timestamp"] + 0.5}, "invalid-body"),
    "an endless time": (replaced(timestamp=10**40), "unauthorized"),
    "a negative time": (lambda fields: fields | {"timestamp": -fields["timestamp"]}, "unauthorized"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_AUTH1_a_payload_that_was_altered_signs_nobody_in(
    visiting: Visiting, server: TenantServer, picture: str, what: str
) -> None:
    spoil, code = SPOILT[what]
    assert refused(visiting, picture, spoil(server.fields("ann", isAdmin=True))) == code


def test_AUTH1_the_data_of_one_and_the_hash_of_another_are_nobody(
    visiting: Visiting, server: TenantServer, picture: str
) -> None:
    now = milliseconds()
    one, other = server.fields("one", at=now), server.fields("other", at=now, isAdmin=True)
    for name in ("userDataJSONBase64", "verificationHash"):
        assert refused(visiting, picture, one | {name: other[name]}) == "unauthorized"


def test_AUTH1_a_payload_is_good_for_two_days_and_for_a_clock_that_is_a_little_ahead(
    visiting: Visiting, server: TenantServer, picture: str
) -> None:
    now = milliseconds()
    for at in (now - MOST_AGE_MS + MINUTE_MS, now + SKEW_MS // 2):
        assert sign_in(visiting, picture, server.sso(fresh("user"), at=at))[1]["user"]["authorized"]
    for at in (now - MOST_AGE_MS - 1, now + SKEW_MS + MINUTE_MS, 0):
        assert refused(visiting, picture, server.sso(fresh("user"), at=at)) == "unauthorized"


WRONG: list[dict[str, Any]] = [
    {"id": None},
    {"id": 1},
    {"id": ""},
    {"id": "a\0b"},
    {"id": "x" * (USER_ID_CHARACTERS + 1)},
    {"id": "anon-ann"},
    {"email": None},
    {"username": {}},
    {"isAdmin": "true"},
    {"isAdmin": 1},
    {"isModerator": []},
    {"groupIds": "red"},
    {"groupIds": [1]},
    {"groupIds": {"red": True}},
    {"groupIds": ["g"] * (GROUPS + 1)},
    {"groupIds": ["g" * (GROUP_CHARACTERS + 1)]},
    {"avatar": 1},
]
"""What no user may have."""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"ann"',
        b"{}",
        b"[" * 5000,
        b'{"id":"\xff","email":"","username":"x"}',
        b'{"id":"\\ud800","email":"","username":"x"}',
        *(json.dumps(user_data("ann") | wrong).encode() for wrong in WRONG),
        *(json.dumps({**user_data("ann"), name: None}).encode() for name in ("id", "email", "username")),
        *(
            b"{%s}" % b",".join(b'"%s":"x"' % name for name in (b"id", b"email", b"username") if name != left_out)
            for left_out in (b"id", b"email", b"username")
        ),
    ],
)
def test_AUTH1_a_signature_over_what_is_no_user_signs_nobody_in(
    visiting: Visiting, server: TenantServer, picture: str, content: bytes
) -> None:
    assert refused(visiting, picture, sso_of(server.api_key, content, milliseconds())) == "unauthorized"


def test_AUTH1_a_signature_over_what_is_not_base64_signs_nobody_in(
    visiting: Visiting, server: TenantServer, picture: str
) -> None:
    fields = server.fields("ann")
    for data in ("", "%", "YQ", "ä", fields["userDataJSONBase64"] + "\n", "_-" + fields["userDataJSONBase64"]):
        again = sso_of(server.api_key, b"", fields["timestamp"])
        assert refused(visiting, picture, again | {"userDataJSONBase64": data}) == "unauthorized"


def test_AUTH1_another_tenants_key_signs_nobody_in(
    visiting: Visiting, server: TenantServer, neighbour: TenantServer, picture: str
) -> None:
    assert refused(visiting, picture, neighbour.sso("ann", isAdmin=True)) == "unauthorized"
    there = {"urlId": picture, "sso": server.sso("ann")}
    assert visiting.somebody().refused("GET", neighbour.chats, params=there) == "unauthorized"
    who, _ = sign_in(visiting, picture, server.sso("ann"))
    assert who.refused("GET", neighbour.chats, params={"urlId": picture}) == "unauthorized"


def test_AUTH1_signed_sso_comes_before_a_session_and_is_not_saved_by_one(
    server: TenantServer, ann: Visitor, picture: str
) -> None:
    ann.snapshot(picture)
    params = {"urlId": picture, "sso": json.dumps(server.fields("ann") | {"verificationHash": "0" * 64})}
    assert ann.refused("GET", CHATS, params=params) == "unauthorized"
    params["sso"] = server.sso("signed")
    assert ann.call("GET", CHATS, params=params)["user"]["id"] == "signed"


# -- what comes later


def test_AUTH2_an_older_payload_that_is_sent_again_brings_no_role_back(
    visiting: Visiting, server: TenantServer, picture: str
) -> None:
    user, now = fresh("user"), milliseconds()
    before = server.sso(user, at=now - HOUR_MS, isAdmin=True, groupIds=["red"])
    boss, answer = sign_in(visiting, picture, before)
    assert answer["isSiteAdmin"]
    after = server.sso(user, at=now, groupIds=[])
    assert not sign_in(visiting, picture, after)[1]["isSiteAdmin"]
    again = sign_in(visiting, picture, before)[1]
    assert not again["isSiteAdmin"]
    assert "groupIds" not in again["user"]
    assert not boss.snapshot(picture)["isSiteAdmin"], "its session is what the user is now"
    same_time = server.sso(user, at=now, isAdmin=True)
    assert not sign_in(visiting, picture, same_time)[1]["isSiteAdmin"]


def test_logged_out_is_without_the_three_fields(visiting: Visiting, picture: str) -> None:
    _, answer = sign_in(visiting, picture, json.dumps({"loginURL": "https://a/in", "logoutURL": "https://a/out"}))
    assert (answer["user"]["authorized"], answer["user"]["isAnonSession"]) == (False, True)


def test_AUTH1_simple_sso_gives_no_role_no_group_and_nobodys_identity(
    visiting: Visiting, server: TenantServer, picture: str
) -> None:
    admin, _ = sign_in(visiting, picture, server.sso("boss", isAdmin=True))
    made = admin.pin(picture, comment={"comment": "mine"})
    private = {"broadcastId": fresh("b"), "groupIds": ["red"]}
    admin.call("PATCH", f"/pictures/{TENANT}", params={"urlId": picture}, json=private)
    simple = user_data("boss", isAdmin=True, isModerator=True, groupIds=["red"], role="admin", userId="boss")
    pretender, sso = visiting.somebody(), json.dumps(simple)
    assert pretender.refused("GET", CHATS, params={"urlId": picture, "sso": sso}) == "not-found"
    elsewhere = pretender.call("GET", CHATS, params={"urlId": fresh("p"), "sso": sso})
    assert not elsewhere["isSiteAdmin"]
    assert elsewhere["user"]["id"].startswith("anon-")
    edit = {"broadcastId": fresh("b"), "sso": sso}
    path = f"{COMMENTS}/{made['comment']['_id']}"
    assert pretender.refused("POST", f"{path}/update-text", params=edit, json={"comment": "yours"}) == "not-found"


# -- keys


def test_AUTH2_both_keys_are_good_while_they_overlap_and_the_old_one_ends_at_once_without(
    visiting: Visiting, operator: Operator
) -> None:
    one = operator.tenant("rotating")
    two = operator.rotate("rotating", overlap_ms=HOUR_MS)
    people = {}
    for name, server in (("one", one), ("two", two)):
        people[name] = visiting.somebody()
        people[name].call("GET", one.chats, params={"urlId": "p", "sso": server.sso(name)})
    three = operator.rotate("rotating")
    operator.heeded()
    for name, server in (("one", one), ("two", two)):
        signed = {"urlId": "p", "sso": server.sso(name)}
        assert visiting.somebody().refused("GET", one.chats, params=signed) == "unauthorized"
        assert people[name].refused("GET", one.chats, params={"urlId": "p"}) == "unauthorized", "who vouched is gone"
    people["one"].call("GET", one.chats, params={"urlId": "p", "sso": three.sso("one")})
    assert people["one"].id == "one"


def test_AUTH2_a_key_retires_by_itself_when_the_overlap_is_over(visiting: Visiting, operator: Operator) -> None:
    old = operator.tenant("retiring")
    who = visiting.somebody()
    who.call("GET", old.chats, params={"urlId": "p", "sso": old.sso("ann")})
    operator.rotate("retiring", overlap_ms=1)
    operator.heeded()
    assert who.refused("GET", old.chats, params={"urlId": "p"}) == "unauthorized"
    signed = {"urlId": "p", "sso": old.sso("ann")}
    assert visiting.somebody().refused("GET", old.chats, params=signed) == "unauthorized"


def test_a_tenant_without_a_key_signs_nobody_in_and_says_why(visiting: Visiting, operator: Operator) -> None:
    visiting.node.run("tenant", "create", "keyless")
    operator.write(lambda connection: connection.exec_driver_sql("DELETE FROM api_keys WHERE tenant_id = 'keyless'"))
    params = {"urlId": "p", "sso": TenantServer("keyless", "").sso("ann")}
    answer = visiting.somebody().send("GET", "/comment-image-chats/keyless", params=params)
    assert answer.status_code == 401
    assert "rotate-key" in answer.json()["message"]
