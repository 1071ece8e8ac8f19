"""A tenant's people, for its admins: listed, given out and erased over REST."""

from typing import Any

import pytest

from imagechat.model.principal import Role
from making import person
from moderating import BANS, acts, ban, rows_with
from running import TENANT, RunningNode
from signing import TenantServer
from visiting import CHATS, Visiting, Visitor, fresh

PEOPLE, DATA, ERASE = ("/api/v1/people", "/api/v1/people/data", "/api/v1/people/erase")


@pytest.fixture
def admin(visiting: Visiting) -> Visitor:
    return visiting.signed_in(person(fresh("admin"), role=Role.ADMIN))


def sign_in(visiting: Visiting, server: TenantServer, user_id: str, **claims: Any) -> Visitor:
    who = visiting.somebody()
    who.call("GET", CHATS, params={"urlId": "hall", "sso": server.sso(user_id, **claims)})
    return who


def listed(admin: Visitor, search: str, **more: Any) -> dict[str, Any]:
    return admin.call("GET", PEOPLE, params={"tenantId": TENANT, "search": search} | more)


def test_people_are_shown_as_their_server_vouched_for_them(
    visiting: Visiting, admin: Visitor, server: TenantServer
) -> None:
    word = fresh("zoë")
    avatar = "https://example.org/zoe.png"
    sign_in(visiting, server, f"1{word}", displayName="Zoë", avatar=avatar, groupIds=["red"], isModerator=True)
    sign_in(visiting, server, f"2{word}")
    found = listed(admin, word)
    assert (found["total"], found["hasMore"]) == (2, False)
    first, second = found["people"]
    assert first.pop("lastSeen").startswith("20")
    assert first == {
        "id": f"1{word}",
        "name": "Zoë",
        "email": f"1{word}@example.org",
        "avatarSrc": avatar,
        "role": "moderator",
        "groupIds": ["red"],
        "banned": False,
    }
    assert (second["name"], second["role"], second["groupIds"]) == (f"2{word}", "member", None)


def test_people_are_searched_and_paged(visiting: Visiting, admin: Visitor, server: TenantServer) -> None:
    word = fresh("crowd")
    users = [f"{number}{word}" for number in range(5)]
    for user in users:
        sign_in(visiting, server, user, displayName=f"Person {user}")
    pages = [listed(admin, word, limit=2, skip=skip) for skip in (0, 2, 4)]
    assert [[each["id"] for each in page["people"]] for page in pages] == [users[:2], users[2:4], users[4:]]
    assert [page["hasMore"] for page in pages] == [True, True, False]
    for words in (f"PERSON 3{word}", f"3{word}@EXAMPLE", f"3{word}"):
        assert [each["id"] for each in listed(admin, words)["people"]] == [users[3]]
    for nobody in ("username", "%", "_", f"{word}x"):
        assert all(word not in each["id"] for each in listed(admin, nobody)["people"]), "the names of fields"
    everybody = listed(admin, "", limit=1)
    assert everybody["total"] >= 5
    assert everybody["hasMore"] is True


def test_whoever_is_banned_is_marked(visiting: Visiting, admin: Visitor, server: TenantServer) -> None:
    user = fresh("banned")
    sign_in(visiting, server, user)
    [made] = ban(admin, userId=user)
    assert [each["banned"] for each in listed(admin, user)["people"]] == [True]
    admin.call("DELETE", f"{BANS}/{made['_id']}")
    assert [each["banned"] for each in listed(admin, user)["people"]] == [False]


def test_a_persons_data_is_what_the_command_line_gives(
    visiting: Visiting, admin: Visitor, server: TenantServer, picture: str
) -> None:
    user = fresh("dora")
    dora = sign_in(visiting, server, user)
    made = dora.pin(picture, comment={"comment": "these words"})
    data = admin.call("GET", DATA, params={"tenantId": TENANT, "userId": user})["data"]
    assert (data["userId"], data["profile"]["id"]) == (user, user)
    assert [each["comment"] for each in data["comments"]] == ["these words"]
    assert [each["id"] for each in data["markers"]] == [made["createdChatId"]]
    assert admin.refused("GET", DATA, params={"tenantId": TENANT, "userId": ""}) == "invalid-body"
    assert admin.refused("GET", DATA, params={"tenantId": TENANT, "userId": "x" * 10_000}) == "invalid-body"


def test_erasing_takes_a_person_out_of_everything(
    shared_node: RunningNode,
    visiting: Visiting,
    admin: Visitor,
    moderator: Visitor,
    server: TenantServer,
    picture: str,
) -> None:
    user, words = fresh("erasable"), fresh("forget these words")
    erin = sign_in(visiting, server, user)
    made = erin.pin(picture, comment={"comment": words})
    body = {"tenantId": TENANT, "userId": user, "confirm": user}
    assert admin.refused("POST", ERASE, json=body | {"confirm": "yes"}) == "conflict"
    own = {"tenantId": TENANT, "userId": admin_id(admin), "confirm": admin_id(admin)}
    assert admin.refused("POST", ERASE, json=own) == "conflict"
    assert rows_with(shared_node, words)
    done = admin.call("POST", ERASE, json=body)
    assert (done["deleted"], done["isGone"]) == (1, True)
    assert done["histories"] >= 1
    assert rows_with(shared_node, words) == []
    assert rows_with(shared_node, f'"{user}"') == []
    assert moderator.call("GET", CHATS, params={"urlId": picture})["conversations"] == []
    assert erin.refused("GET", CHATS, params={"urlId": picture}) == "unauthorized", "sessions end"
    last = acts(admin)[-1]
    assert (last["who"], last["act"]) == (admin_id(admin), "erase a person")
    assert last["address"]
    assert made["createdChatId"] not in str(moderator.call("GET", f"/moderation/{TENANT}/inbox")["entries"])


def admin_id(admin: Visitor) -> str:
    return str(admin.call("GET", "/api/v1/me", params={"tenantId": TENANT})["user"]["id"])


def test_AUTH1_people_are_for_admins(visiting: Visiting, moderator: Visitor, ann: Visitor) -> None:
    member = visiting.signed_in(person(fresh("member"), role=Role.MEMBER))
    body = {"tenantId": TENANT, "userId": "x", "confirm": "x"}
    for who in (moderator, member, ann):
        assert who.refused("GET", PEOPLE, params={"tenantId": TENANT}) == "forbidden"
        assert who.refused("GET", DATA, params={"tenantId": TENANT, "userId": "x"}) == "forbidden"
        assert who.refused("POST", ERASE, json=body) == "forbidden"
