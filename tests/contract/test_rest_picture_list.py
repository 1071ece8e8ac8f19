"""A tenant's pictures as its moderators list them."""

from typing import Any

from imagechat.model.principal import Role
from live_clients import live_url, next_message, open_live
from making import person
from moderating import lock
from running import TENANT, RunningNode
from visiting import Visiting, Visitor, fresh

PICTURES = "/api/v1/pictures"


def listed(moderator: Visitor, search: str, **more: Any) -> dict[str, Any]:
    return moderator.call("GET", PICTURES, params={"tenantId": TENANT, "search": search} | more)


def names(moderator: Visitor, search: str, **more: Any) -> list[str]:
    return [each["urlId"] for each in listed(moderator, search, **more)["pictures"]]


def test_a_picture_is_shown_with_what_is_on_it(moderator: Visitor, ann: Visitor, picture: str) -> None:
    one = ann.pin(picture, comment={"comment": "hello"}, pageTitle="The plan", src="https://example.org/1.png")
    two = ann.pin(picture, src="https://example.org/2.png")
    ann.write(one["conversation"]["urlId"])
    moderator.change(two["createdChatId"], resolved=True)
    last = ann.unpin(ann.pin(picture, comment={"comment": "gone"})["createdChatId"])
    found = listed(moderator, picture)
    assert (found["total"], found["hasMore"]) == (1, False)
    [entry] = found["pictures"]
    activity = entry.pop("lastActivity")
    assert entry == {
        "urlId": picture,
        "urlIdWS": ann.snapshot(picture)["urlIdWS"],
        "title": "The plan",
        "src": "https://example.org/2.png",
        "markers": 2,
        "open": 1,
        "comments": 2,
        "readOnly": False,
        "groupIds": None,
        "watching": 0,
    }
    assert last["timestamp"] % 1000 == int(activity[-4:-1])


def test_pictures_are_sorted_and_paged(moderator: Visitor, ann: Visitor) -> None:
    word = fresh("sorted")
    a, b, c = (f"{word}-{name}" for name in "abc")
    ann.pin(b, pageTitle=f"1 {word}")
    for _ in range(3):
        ann.pin(a, pageTitle=f"3 {word}")
    thread = ann.pin(c, pageTitle=f"2 {word}", comment={"comment": "one"})["conversation"]["urlId"]
    ann.write(thread)
    ann.pin(a)
    assert names(moderator, word) == names(moderator, word, sort="activity") == [a, c, b]
    assert names(moderator, word, sort="markers")[0] == a
    assert names(moderator, word, sort="comments")[0] == c
    assert names(moderator, word, sort="title") == [b, c, a]
    pages = [listed(moderator, word, sort="title", limit=1, skip=skip) for skip in range(4)]
    assert [[each["urlId"] for each in page["pictures"]] for page in pages] == [[b], [c], [a], []]
    assert [page["hasMore"] for page in pages] == [True, True, False, False]
    assert {page["total"] for page in pages} == {3}
    assert names(moderator, f"2 {word}".upper()) == [c]
    for wrong in ({"sort": "other"}, {"limit": 0}, {"limit": 201}, {"skip": -1}):
        assert moderator.refused("GET", PICTURES, params={"tenantId": TENANT} | wrong) == "invalid-body"
    assert moderator.refused("GET", PICTURES) == "invalid-body"


def test_AUTH1_a_private_picture_is_listed_and_counted_for_whom_it_is(
    visiting: Visiting, ann: Visitor, picture: str
) -> None:
    admin = visiting.signed_in(person(fresh("admin"), role=Role.ADMIN))
    outside = visiting.signed_in(person(fresh("mo"), role=Role.MODERATOR, groups=("blue",)))
    inside = visiting.signed_in(person(fresh("mo"), role=Role.MODERATOR, groups=("red",)))
    ann.pin(picture)
    lock(admin, picture, groupIds=["red"], readOnly=True)
    for who in (admin, inside):
        [entry] = listed(who, picture)["pictures"]
        assert (entry["groupIds"], entry["readOnly"]) == (["red"], True)
    assert listed(outside, picture) | {"status": ""} == {"status": "", "pictures": [], "total": 0, "hasMore": False}
    totals = [listed(who, "")["total"] for who in (inside, outside)]
    assert totals[0] > totals[1]


def test_AUTH1_visitors_list_no_pictures(visiting: Visiting, ann: Visitor) -> None:
    member = visiting.signed_in(person(fresh("member"), role=Role.MEMBER))
    for who in (member, ann):
        assert who.refused("GET", PICTURES, params={"tenantId": TENANT}) == "forbidden"


async def test_who_watches_is_counted(shared_node: RunningNode, moderator: Visitor, ann: Visitor, picture: str) -> None:
    ann.pin(picture)
    url = live_url(shared_node, ann.snapshot(picture))
    async with open_live(url) as one, open_live(url) as two:
        for connection in (one, two):
            await next_message(connection)
        assert [each["watching"] for each in listed(moderator, picture)["pictures"]] == [2]
