"""What moderators look through over REST: what is in it for whom, in which order, and what they can do with it."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from housing import House
from imagechat.model.principal import Role
from imagechat.model.spam import SpamSettings
from imagechat.model.tenant import Approval, TenantSettings
from live_clients import Person, close_code, live_url, next_message, open_live
from making import person
from moderating import (
    BANS,
    HELD,
    INBOX,
    MASS,
    MODERATION,
    acts,
    approve,
    ban,
    held,
    lock,
    mass_delete,
    set_tenant,
    undo,
)
from running import RunningNode
from visiting import CHATS, Visiting, Visitor, error_in, fresh

REVIEWS, SPAM, LIVE = (f"{MODERATION}/{what}" for what in ("reviews", "spam", "live"))


@pytest.fixture
def approving(shared_node: RunningNode, moderator: Visitor) -> Any:
    """What visitors write waits."""
    spam = SpamSettings(hold_duplicates=False)  # as the tests' tenant has it
    set_tenant(shared_node, moderator, TenantSettings(approval=Approval.VISITORS, spam=spam))
    yield
    set_tenant(shared_node, moderator, TenantSettings(spam=spam))


def look(moderator: Visitor, picture: str, **more: Any) -> list[dict[str, Any]]:
    """Return all that is in the inbox of one picture."""
    found: list[dict[str, Any]] = []
    before: dict[str, str] = {}
    while True:
        page = moderator.call("GET", INBOX, params={"search": picture, "limit": 3} | more | before)
        found += page["entries"]
        if page["nextBefore"] is None:
            return found
        before = {"before": page["nextBefore"]}


def ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def review(moderator: Visitor, *things: str, reviewed: bool = True) -> int:
    count: int = moderator.call("POST", REVIEWS, json={"ids": things, "reviewed": reviewed})["count"]
    return count


def spam(moderator: Visitor, *things: str, broadcast_id: str = "") -> dict[str, Any]:
    return moderator.call("POST", SPAM, json={"ids": things, "broadcastId": broadcast_id or fresh("b")})


def test_a_comment_and_a_marker_without_any_are_there_the_newest_first(
    moderator: Visitor, ann: Visitor, ben: Visitor, picture: str
) -> None:
    marked = ann.pin(picture, src="https://example.org/a.png", pageTitle="A plan")
    talked = ben.pin(picture, comment={"comment": "**hello**", "commenterName": "Ben"}, x=30, y=40)
    reply = ann.write(talked["conversation"]["urlId"], parentId=talked["comment"]["_id"])
    found = look(moderator, picture)
    assert ids(found) == [reply["comment"]["_id"], talked["comment"]["_id"], marked["createdChatId"]]
    assert [entry["kind"] for entry in found] == ["comment", "comment", "marker"]
    assert [entry["parentId"] for entry in found] == [talked["comment"]["_id"], None, None]
    comment, marker = found[1], found[2]
    assert comment["picture"] | {"urlIdWS": ""} == {
        "urlId": picture,
        "urlIdWS": "",
        "title": "A plan",
        "src": None,
        "x": 30.0,
        "y": 40.0,
    }
    assert comment["picture"]["urlIdWS"] == ann.snapshot(picture)["urlIdWS"]
    assert (comment["comment"], comment["markerId"]) == ("**hello**", talked["createdChatId"])
    assert "<strong>hello</strong>" in comment["commentHTML"]
    assert comment["user"] == {"id": ben.id, "name": "Ben", "avatarSrc": None, "role": "anonymous"}
    assert comment["at"] == talked["comment"]["date"]
    assert (marker["comment"], marker["markerId"], marker["resolved"]) == (None, marked["createdChatId"], False)
    assert (marker["picture"]["src"], marker["at"]) == (
        "https://example.org/a.png",
        marked["conversation"]["createdAt"],
    )
    for entry in found:
        assert [entry[name] for name in ("held", "reviewed", "deleted")] == [None] * 3


def test_who_signed_in_is_shown_by_name_and_role(
    visiting: Visiting, moderator: Visitor, picture: str, server: Any
) -> None:
    found = {}
    for role, claims in (("member", {}), ("moderator", {"isModerator": True}), ("admin", {"isAdmin": True})):
        who, user = visiting.somebody(), fresh(role)
        more = {"displayName": f"The {role}", "avatar": "https://example.org/me.png"} | claims
        who.call("GET", CHATS, params={"urlId": picture, "sso": server.sso(user, **more)})
        who.pin(picture)
        found[user] = ("https://example.org/me.png", f"The {role}", role)
    users = [entry["user"] for entry in look(moderator, picture)]
    assert {user["id"]: (user["avatarSrc"], user["name"], user["role"]) for user in users} == found


def test_what_was_looked_at_is_not_new_until_that_is_taken_back(moderator: Visitor, ann: Visitor, picture: str) -> None:
    first, second = ann.pin(picture), ann.pin(picture, comment={"comment": "hello"})
    thing = second["comment"]["_id"]
    assert review(moderator, thing, thing, "nothing") == 1
    assert ids(look(moderator, picture)) == [first["createdChatId"]]
    entry = look(moderator, picture, state="all")[0]
    assert (entry["id"], entry["reviewed"]["by"]) == (thing, "mo")
    assert review(moderator, thing, first["createdChatId"]) == 2
    assert look(moderator, picture) == []
    assert look(moderator, picture, state="all")[0]["reviewed"] == entry["reviewed"], "who looked first stays"
    assert review(moderator, thing, reviewed=False) == 1
    assert ids(look(moderator, picture)) == [thing]


def test_the_counts_say_how_much_there_is_to_do(moderator: Visitor, ann: Visitor, picture: str) -> None:
    def counts() -> dict[str, int]:
        found: dict[str, int] = moderator.call("GET", INBOX, params={"search": picture})["counts"]
        return found

    before = counts()
    things = [ann.pin(picture)["createdChatId"] for _ in range(3)]
    assert counts() == before | {"new": before["new"] + 3}
    review(moderator, *things[:2])
    assert counts() == before | {"new": before["new"] + 1}
    mass_delete(moderator, ids=things[2:])
    assert counts() == before


def test_what_was_deleted_is_there_while_it_can_be_undone(
    moderator: Visitor, ann: Visitor, ben: Visitor, picture: str
) -> None:
    marked, talked = ann.pin(picture), ben.pin(picture, comment={"comment": "one"})
    two = ben.write(talked["conversation"]["urlId"])
    chosen = [marked["createdChatId"], two["comment"]["_id"]]
    body = {"broadcastId": fresh("b"), "ids": [*chosen, "nothing"]}
    assert moderator.call("POST", MASS, json=body) | {"count": 2, "deleted": 0} == moderator.call(
        "POST", MASS, json=body
    )
    assert moderator.refused("POST", MASS, json=body | {"confirm": 3}) == "conflict"
    done = moderator.call("POST", MASS, json=body | {"confirm": 2})
    assert done["deleted"] == 2
    assert ids(look(moderator, picture, state="all")) == [talked["comment"]["_id"]]
    gone = look(moderator, picture, state="deleted", limit=1)
    assert sorted(ids(gone)) == sorted(chosen)
    assert {entry["deleted"]["by"] for entry in gone} == {"mo"}
    assert {entry["deleted"]["undoId"] for entry in gone} == {done["undoId"]}
    assert all(entry["deleted"]["undoUntil"] > 10**12 for entry in gone)
    assert next(entry for entry in gone if entry["kind"] == "comment")["comment"] == two["comment"]["comment"]
    undo(moderator, done["undoId"])
    assert look(moderator, picture, state="deleted") == []
    assert sorted(ids(look(moderator, picture))) == sorted([*chosen, talked["comment"]["_id"]])


def test_a_marker_takes_its_comments_along_and_they_are_named_in_vain(
    moderator: Visitor, ann: Visitor, picture: str
) -> None:
    made = ann.pin(picture, comment={"comment": "hello"})
    assert mass_delete(moderator, ids=[made["createdChatId"], made["comment"]["_id"]])["deleted"] == 1
    assert look(moderator, picture, state="all") == []
    assert ann.refused("GET", f"/comments/demo/{made['comment']['_id']}/text") == "not-found"
    assert mass_delete(moderator, ids=[made["createdChatId"], made["comment"]["_id"]])["count"] == 0


def test_a_broadcastId_is_of_one_choice(moderator: Visitor, ann: Visitor, picture: str) -> None:
    one, other = (ann.pin(picture)["createdChatId"] for _ in range(2))
    name = fresh("b")
    done = mass_delete(moderator, name, ids=[one])
    assert (
        moderator.call("POST", MASS, json={"broadcastId": name, "ids": [one], "confirm": 1})["undoId"] == done["undoId"]
    )
    for changed in ({"ids": [other]}, {"urlId": picture}):
        assert moderator.refused("POST", MASS, json={"broadcastId": name, "confirm": 1} | changed) == "conflict"
    assert moderator.refused("POST", SPAM, json={"broadcastId": name, "ids": [one]}) == "conflict"


def test_what_is_deleted_by_its_author_is_in_nobodys_inbox(moderator: Visitor, ann: Visitor, picture: str) -> None:
    made = ann.pin(picture, comment={"comment": "hello"})
    parent = made["comment"]["_id"]
    ann.write(made["conversation"]["urlId"], parentId=parent)
    ann.remove(parent)
    assert [entry["parentId"] for entry in look(moderator, picture, state="all")] == [parent]
    ann.unpin(made["createdChatId"])
    assert look(moderator, picture, state="all") == []


def test_a_comment_that_is_in_no_markers_thread_is_there_too(moderator: Visitor, ann: Visitor) -> None:
    thread = fresh("thread")
    said = ann.write(thread)
    [entry] = look(moderator, thread)
    assert (entry["id"], entry["markerId"]) == (said["comment"]["_id"], None)
    assert entry["picture"] | {"urlIdWS": ""} == {
        "urlId": thread,
        "urlIdWS": "",
        "title": entry["picture"]["title"],
        "src": None,
        "x": None,
        "y": None,
    }


def test_search_finds_words_authors_and_pictures_however_they_are_written(
    moderator: Visitor, ann: Visitor, picture: str
) -> None:
    word = fresh("Straße")
    made = ann.pin(picture, comment={"comment": f"The {word} is closed", "commenterName": "Zoë"}, pageTitle="Plan B")
    for words in (word.upper(), f"the {word}".casefold(), made["comment"]["userId"], picture.upper()):
        assert made["comment"]["_id"] in ids(look(moderator, picture, search=words)), words
    assert look(moderator, picture, search=f"{word} no") == []


def test_a_picture_s_own_are_found_whatever_others_are_called(moderator: Visitor, ann: Visitor, picture: str) -> None:
    made = [ann.pin(picture, pageTitle="Same", comment={"comment": "here"}) for _ in range(3)]
    reply = ann.write(made[0]["conversation"]["urlId"])["comment"]["_id"]
    ann.pin(f"{picture}-other", pageTitle="Same", comment={"comment": "there"})
    here = {reply, *(each["comment"]["_id"] for each in made)}
    assert set(ids(look(moderator, picture, urlId=picture, search=""))) == here
    mass_delete(moderator, ids=[reply])
    assert ids(look(moderator, picture, urlId=picture, search="", state="deleted")) == [reply]
    assert set(ids(look(moderator, picture, urlId=picture, search="", state="all"))) == here - {reply}
    assert look(moderator, picture, urlId=f"{picture}-none", search="") == []


# -- what waits


@pytest.mark.usefixtures("approving")
def test_the_first_marker_of_a_picture_is_found_by_it_while_it_waits(
    moderator: Visitor, ann: Visitor, picture: str
) -> None:
    waiting = ann.pin(picture, comment={"comment": "let me in"})["createdChatId"]
    assert ids(look(moderator, picture, urlId=picture, search="")) == [waiting]
    moderator.call("POST", f"{HELD}/{waiting}/reject")


@pytest.mark.usefixtures("approving")
def test_what_waits_is_there_and_is_looked_at_once_it_went_ahead(
    moderator: Visitor, ann: Visitor, ben: Visitor, picture: str
) -> None:
    by_moderator = moderator.pin(picture, pageTitle="A plan")
    review(moderator, by_moderator["createdChatId"])
    thread = by_moderator["conversation"]["urlId"]
    marker = ann.pin(picture, comment={"comment": "let me in", "commenterName": "Ann"}, pageTitle="A plan", src="a.png")
    comment = ben.write(thread)
    found = look(moderator, picture)
    assert found == look(moderator, picture, state="held")
    assert ids(found) == [comment["comment"]["_id"], marker["createdChatId"]]
    assert [entry["held"]["id"] for entry in found] == ids(found)
    assert {entry["held"]["reason"] for entry in found} == {"what visitors write waits for a moderator here"}
    assert [entry["kind"] for entry in found] == ["comment", "marker"]
    assert [entry["markerId"] for entry in found] == [by_moderator["createdChatId"], None]
    assert (found[1]["comment"], found[1]["picture"]["src"], found[1]["user"]["name"]) == ("let me in", "a.png", "Ann")
    assert found[1]["picture"]["urlId"] == picture
    approve(moderator, marker["createdChatId"])
    assert ids(look(moderator, picture)) == [comment["comment"]["_id"]]
    [went] = look(moderator, picture, state="all", search="let me in")
    assert (went["kind"], went["held"], went["reviewed"]["by"]) == ("comment", None, "mo")
    moderator.call("POST", f"{HELD}/{comment['comment']['_id']}/reject")
    assert look(moderator, picture) == []


@pytest.mark.usefixtures("approving")
def test_what_waits_on_a_picture_that_is_not_there_yet_is_found_by_its_name(
    moderator: Visitor, ann: Visitor, picture: str
) -> None:
    title = fresh("holiday")
    waiting = ann.pin(picture, pageTitle=title, comment={"comment": fresh("hello")})["createdChatId"]
    for words in (picture, title):
        assert ids(moderator.call("GET", INBOX, params={"search": words})["entries"]) == [waiting], words


@pytest.mark.usefixtures("approving")
def test_what_waits_and_what_was_written_are_paged_together(moderator: Visitor, ann: Visitor, picture: str) -> None:
    made = []
    for _ in range(4):
        made += [moderator.pin(picture)["createdChatId"]]
        made += [ann.pin(picture, comment={"comment": "hello"})["createdChatId"]]
    for limit in (1, 2, 3, 8, 200):
        assert ids(look(moderator, picture, limit=limit)) == made[::-1]
    assert ids(look(moderator, picture, state="held", limit=1)) == made[1::2][::-1]


# -- spam


def test_spam_goes_and_its_words_wait_from_then_on(
    moderator: Visitor, ann: Visitor, ben: Visitor, picture: str
) -> None:
    words = f"Buy {fresh('pills')} now"
    made = ann.pin(picture, comment={"comment": words})
    name = fresh("b")
    done = spam(moderator, made["comment"]["_id"], broadcast_id=name)
    assert (done["deleted"], done["texts"]) == (1, 1)
    assert spam(moderator, made["comment"]["_id"], broadcast_id=name) == done
    again = ben.pin(picture, comment={"comment": words.upper()})
    assert (again["held"], again["conversation"]["approved"]) == (True, False)
    [waiting] = [each for each in held(moderator) if each["_id"] == again["createdChatId"]]
    assert waiting["reason"] == "marked as spam"
    [text] = [each for each in moderator.call("GET", BANS)["bans"] if each["reason"] == words]
    assert (text["kind"], text["by"]) == ("text", "mo")
    assert words not in text["subject"]
    other = ben.pin(picture, comment={"comment": "something else"})
    edited = ben.send(
        "POST",
        f"/comments/demo/{other['comment']['_id']}/update-text",
        params={"broadcastId": fresh("b")},
        json={"comment": words},
    )
    assert error_in(edited) == "forbidden"
    assert "marked as spam" in edited.json()["message"]
    moderator.pin(picture, comment={"comment": words})
    moderator.call("DELETE", f"{BANS}/{text['_id']}")
    assert "seq" in ann.pin(fresh("p"), comment={"comment": words})


def test_spam_that_is_undone_is_back_and_waits_no_more(
    visiting: Visiting, moderator: Visitor, ann: Visitor, picture: str
) -> None:
    words = fresh("Cheap watches here")
    made, marked = ann.pin(picture, comment={"comment": words}), ann.pin(picture)
    done = spam(moderator, made["comment"]["_id"], marked["createdChatId"])
    assert (done["deleted"], done["texts"]) == (2, 1)
    undo(moderator, done["undoId"])
    assert made["comment"]["_id"] in ids(look(moderator, picture, search=words))
    assert "seq" in ann.pin(fresh("p"), comment={"comment": words})
    admin = visiting.signed_in(person(fresh("admin"), role=Role.ADMIN))
    what = ", ".join(sorted((made["comment"]["_id"], marked["createdChatId"])))
    said = [act["act"] for act in acts(admin) if act["what"] == what]
    assert said == [
        "delete 2 things one by one as spam",
        "undo the deletion of 2 things one by one as spam",
    ]


@pytest.mark.usefixtures("approving")
def test_spam_that_waits_is_turned_down_until_that_is_undone(moderator: Visitor, ann: Visitor, picture: str) -> None:
    words = fresh("Win a phone")
    waiting = ann.pin(picture, comment={"comment": words})["createdChatId"]
    done = spam(moderator, waiting)
    assert (done["deleted"], done["texts"]) == (1, 1)
    assert waiting not in [each["_id"] for each in held(moderator)]
    assert moderator.refused("POST", f"{HELD}/{waiting}/approve", json={"broadcastId": fresh("b")}) == "conflict"
    texts = [each for each in moderator.call("GET", BANS)["bans"] if each["kind"] == "text"]
    assert words not in str(texts), "nothing could find it to take it out, were its author erased"
    undo(moderator, done["undoId"])
    assert waiting in [each["_id"] for each in held(moderator)]
    approve(moderator, waiting)


# -- for whom


def test_AUTH1_a_moderator_learns_nothing_of_pictures_that_are_not_theirs(
    visiting: Visiting, ann: Visitor, picture: str
) -> None:
    admin = visiting.signed_in(person(fresh("admin"), role=Role.ADMIN))
    outside = visiting.signed_in(person(fresh("mo"), role=Role.MODERATOR, groups=("blue",)))
    inside = visiting.signed_in(person(fresh("mo"), role=Role.MODERATOR, groups=("red",)))
    marked = ann.pin(picture)["createdChatId"]
    talked = ann.pin(picture, comment={"comment": "secret"})["comment"]["_id"]
    before = outside.call("GET", INBOX)["counts"]
    lock(admin, picture, groupIds=["red"])
    for state in ("new", "all", "held", "deleted"):
        assert look(outside, picture, state=state) == []
    assert outside.call("GET", INBOX)["counts"] == before | {"new": before["new"] - 2}
    assert ids(look(inside, picture)) == [talked, marked]
    assert review(outside, marked, talked) == 0
    assert mass_delete(outside, ids=[marked, talked])["count"] == 0
    assert (spam(outside, marked, talked)["deleted"], len(look(inside, picture))) == (0, 2)
    mass_delete(inside, ids=[talked])
    assert look(outside, picture, state="deleted") == []
    assert ids(look(inside, picture, state="deleted")) == [talked]
    assert "secret" not in outside.send("GET", INBOX, params={"state": "all", "limit": 200}).text


def test_AUTH1_a_ban_shows_no_words_of_pictures_that_are_not_the_moderators(
    visiting: Visiting, ann: Visitor, picture: str
) -> None:
    admin = visiting.signed_in(person(fresh("admin"), role=Role.ADMIN))
    outside = visiting.signed_in(person(fresh("mo"), role=Role.MODERATOR, groups=("blue",)))
    secret, known = fresh("words between us"), fresh("words for everybody")
    inside = ann.pin(picture, comment={"comment": secret})["comment"]["_id"]
    outdoors = ann.pin(fresh("open"), comment={"comment": known})["comment"]["_id"]
    lock(admin, picture, groupIds=["red"])
    spam(admin, inside, outdoors)
    assert {secret, known} <= {each["reason"] for each in admin.call("GET", BANS)["bans"]}
    shown = {each["_id"]: each["reason"] for each in outside.call("GET", BANS)["bans"]}
    assert (shown[f"text-{inside}"], shown[f"text-{outdoors}"]) == ("", known)


def test_AUTH1_visitors_have_no_inbox(visiting: Visiting, ann: Visitor) -> None:
    member = visiting.signed_in(person(fresh("member"), role=Role.MEMBER))
    for who in (member, ann, visiting.somebody()):
        assert who.refused("GET", INBOX) == "forbidden"
        assert who.refused("GET", LIVE) == "forbidden"
        assert who.refused("POST", REVIEWS, json={"ids": ["x"], "reviewed": True}) == "forbidden"
        assert who.refused("POST", SPAM, json={"ids": ["x"], "broadcastId": "b"}) == "forbidden"


def test_what_makes_no_sense_is_refused(moderator: Visitor) -> None:
    for params in ({"state": "other"}, {"limit": 0}, {"limit": 201}, {"before": "nonsense"}, {"search": "x" * 201}):
        assert moderator.refused("GET", INBOX, params=params) == "invalid-body", params
    for before in ("1.x", f"{'9' * 60}.x.0", "-1.x.0", f"1.x.{'9' * 60}"):
        assert moderator.refused("GET", INBOX, params={"state": "deleted", "before": before}) == "invalid-body", before
    for body in ({"ids": [], "reviewed": True}, {"ids": ["x"] * 201, "reviewed": True}, {"ids": ["x"]}):
        assert moderator.refused("POST", REVIEWS, json=body) == "invalid-body", body
    assert moderator.refused("POST", MASS, json={"broadcastId": "b", "ids": ["x"], "urlId": "p"}) == "invalid-body"


# -- live


def follow(node: RunningNode, moderator: Visitor, *, v1: bool = True) -> Any:
    return open_live(live_url(node, moderator.call("GET", LIVE)), v1=v1)


async def hears(connection: Any) -> dict[str, Any]:
    """Return the next signal; nothing else comes in an inbox."""
    message = await next_message(connection)
    [signal] = message if isinstance(message, list) else [message]
    assert set(signal) == {"type", "timestamp"}
    assert signal["type"] == "inbox"
    return dict(signal)


async def test_whatever_moderators_see_change_is_told(
    shared_node: RunningNode, moderator: Visitor, ann: Visitor, picture: str
) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(follow(shared_node, moderator))
        plain = await stack.enter_async_context(follow(shared_node, moderator, v1=False))
        hello = await next_message(first)
        assert (hello["type"], hello["seq"]) == ("hello", 0)
        await (await plain.ping())

        async def changes(call: Any, *arguments: Any, **more: Any) -> Any:
            answer = await asyncio.to_thread(call, *arguments, **more)
            for connection in (first, plain):
                await hears(connection)
            return answer

        made = await changes(ann.pin, picture, comment={"comment": "hello"})
        comment = made["comment"]["_id"]
        await changes(review, moderator, comment)
        await changes(review, moderator, comment, reviewed=False)
        done = await changes(mass_delete, moderator, ids=[comment])
        await changes(undo, moderator, done["undoId"])


@pytest.mark.usefixtures("approving")
async def test_what_waits_is_told_too(shared_node: RunningNode, moderator: Visitor, ann: Visitor, picture: str) -> None:
    async with follow(shared_node, moderator) as connection:
        await next_message(connection)
        waiting = (await asyncio.to_thread(ann.pin, picture, comment={"comment": "hello"}))["createdChatId"]
        await hears(connection)
        await asyncio.to_thread(moderator.call, "POST", f"{HELD}/{waiting}/reject")
        await hears(connection)


async def test_AUTH1_the_inbox_is_followed_by_moderators_only(
    shared_node: RunningNode, moderator: Visitor, ann: Visitor
) -> None:
    entrance = moderator.call("GET", LIVE)
    for who in (ann, moderator):
        ticket = who.call("GET", CHATS, params={"urlId": "p"})["userIdWS"]
        async with open_live(live_url(shared_node, entrance | {"userIdWS": ticket})) as connection:
            if who is ann:
                assert await close_code(connection) == 4403
            else:
                assert (await next_message(connection))["type"] == "hello"


def test_AUTH1_nobody_writes_or_reads_in_the_inboxs_room(moderator: Visitor, ann: Visitor) -> None:
    room = moderator.call("GET", LIVE)["urlIdWS"]
    ticket = moderator.call("GET", CHATS, params={"urlId": "p"})["userIdWS"]
    for who in (ann, moderator):
        body = {"urlId": room, "broadcastId": fresh("b"), "x": 1, "y": 1}
        assert who.refused("POST", CHATS, json=body) == "invalid-body"
        assert who.refused("POST", CHATS, json=body | {"urlId": "p", "windowUrlId": room}) == "invalid-body"
        assert who.refused("GET", CHATS, params={"urlId": room}) == "invalid-body"
        assert who.refused("GET", "/comments/demo", params={"urlId": room}) == "invalid-body"
        assert who.refused("GET", "/pages/demo/users/online", params={"urlId": room}) == "invalid-body"
        log = {"urlId": room, "userIdWS": ticket, "startTime": 0}
        assert who.refused("GET", "/event-log/demo", params=log) == "invalid-body"
        said = {"comment": "hello", "url": "", "urlId": room}
        params = {"urlId": room, "broadcastId": fresh("b")}
        assert who.refused("POST", "/comments/demo", params=params, json=said) == "invalid-body"


async def test_AUTH2_whoever_moderates_no_more_hears_no_more(house: House, admin: Person) -> None:
    user = fresh("mo")
    theirs = await house.sign_in(user, isModerator=True)
    entrance = await theirs._ask("GET", LIVE)
    async with house.follow(entrance) as connection:
        await next_message(connection)
        await house.sign_in(user)
        assert await close_code(connection) == 4403
    async with house.follow(await admin._ask("GET", LIVE)) as connection:
        await next_message(connection)
        await house.ban(admin, userId=fresh("nobody"))
        await admin.mark(fresh("p"))
        await hears(connection)


def test_a_ban_of_the_author_works_from_the_inbox(moderator: Visitor, ann: Visitor, picture: str) -> None:
    ann.pin(picture)
    [entry] = look(moderator, picture)
    [made] = ban(moderator, authorOf=entry["id"])
    assert made["subject"] == entry["user"]["id"]
    assert ann.refused("GET", CHATS, params={"urlId": picture}) == "banned"
    moderator.call("DELETE", f"{BANS}/{made['_id']}")
