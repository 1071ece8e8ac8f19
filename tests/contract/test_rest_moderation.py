"""Moderation over REST and the live channel: approval, spam, bans, locks, groups, ended sessions, the audit log."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import Connection

from imagechat.http.screening import AWAITS_APPROVAL
from imagechat.model.person import Person as Vouched
from imagechat.model.principal import Role
from imagechat.model.spam import SpamSettings, Suspicion
from imagechat.model.tenant import Approval, TenantSettings
from imagechat.model.times import iso
from imagechat.store.audit import Act, write_act
from imagechat.store.people import vouch
from imagechat.wiring import milliseconds
from live_clients import Person, Viewer, close_code, live_url, next_event, next_message, open_live
from making import ADMIN, person
from moderating import (
    AUDIT,
    BANS,
    HELD,
    MASS,
    MODERATION,
    PICTURES,
    SESSIONS,
    acts,
    approve,
    ban,
    beside,
    held,
    lock,
    set_tenant,
)
from running import TENANT, RunningNode
from visiting import CHATS, COMMENTS, Visiting, Visitor, fresh

MEMBER = partial(person, role=Role.MEMBER)
LINKS = "https://a.example https://b.example https://c.example https://d.example"
LONG = "these are the very same words, said once more, and long enough"

Sets = Callable[..., None]


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """A node that believes whoever calls where they come from."""
    environment = {"IMAGECHAT_TRUSTED_PROXIES": "127.0.0.1"}
    with RunningNode(tmp_path_factory.mktemp("node"), environment=environment) as running:
        yield running


@pytest.fixture
def admin(visiting: Visiting) -> Visitor:
    return visiting.signed_in(ADMIN)


@pytest.fixture
def sets(shared_node: RunningNode, ann: Visitor) -> Iterator[Sets]:
    """Change the tenant's settings for a test."""
    yield lambda **settings: set_tenant(shared_node, ann, TenantSettings(**settings))
    set_tenant(shared_node, ann, TenantSettings())


@pytest.fixture
async def viewer(shared_node: RunningNode, picture: str) -> AsyncIterator[Viewer]:
    """Somebody who watches the test's picture."""
    async with shared_node.client() as client, Viewer(shared_node, Person(client), picture) as viewer:
        yield viewer


class Elsewhere(Visitor):
    """Somebody who calls from an address of their own."""

    def __init__(self, client: httpx.Client, address: str) -> None:
        super().__init__(client)
        self.address = address

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        return super().send(method, path, headers={"X-Forwarded-For": self.address}, **more)


def waiting_for(moderator: Visitor, user_id: str) -> list[dict[str, object]]:
    return [each for each in held(moderator) if each["userId"] == user_id]


# -- whose words wait


@pytest.mark.parametrize("approval", Approval)
async def test_whose_words_wait_is_the_tenants_setting(visiting: Visiting, sets: Sets, approval: Approval) -> None:
    sets(approval=approval)
    picture = fresh("p")
    people = {
        Role.ANONYMOUS: visiting.somebody(),
        Role.MEMBER: visiting.signed_in(MEMBER(fresh("u"))),
        Role.MODERATOR: visiting.signed_in(person(fresh("u"), role=Role.MODERATOR)),
        Role.ADMIN: visiting.signed_in(person(fresh("u"), role=Role.ADMIN)),
    }
    for role, who in people.items():
        waits = approval.holds(role)
        marker = who.pin(picture, comment={"comment": "first"})
        said = who.write(fresh("w"))
        assert (marker.get("held", False), "seq" in marker, marker["comment"]["approved"]) == (
            waits,
            not waits,
            not waits,
        )
        assert ("seq" in said, said["comment"]["approved"]) == (not waits, not waits)
        assert "held" not in who.pin(picture)  # a marker alone has no words


async def test_the_author_sees_what_waits_and_nobody_else_gets_it_until_it_is_approved(
    visiting: Visiting, ann: Visitor, ben: Visitor, moderator: Visitor, picture: str, sets: Sets, viewer: Viewer
) -> None:
    ben_made = ben.pin(picture, windowUrlId=fresh("w"))
    sets(approval=Approval.ANONYMOUS)
    thread = ben_made["conversation"]["urlId"]
    marker = ann.pin(picture, comment={"comment": "psst"}, windowUrlId=fresh("w"))
    said = ann.write(thread, "hush")
    own_thread = marker["conversation"]["urlId"]

    shown = {one["_id"]: one for one in ann.snapshot(picture)["conversations"]}
    assert shown[marker["createdChatId"]] == marker["conversation"] | {"approved": False}
    assert "approved" not in shown[ben_made["createdChatId"]]
    assert shown[ben_made["createdChatId"]]["commentCount"] == 0
    for where, comment in ((thread, said["comment"]), (own_thread, marker["comment"])):
        listed = ann.thread(where)
        assert (listed["comments"], listed["commentCount"]) == ([comment], 0)
        assert listed["comments"][0]["approved"] is False
        for who in (ben, visiting.somebody(), moderator):
            assert who.thread(where)["comments"] == []
    for who in (ben, visiting.somebody(), moderator):
        assert [one["_id"] for one in who.snapshot(picture)["conversations"]] == [ben_made["createdChatId"]]
    assert len(ben.log(picture)["events"]) == 1
    assert ben.refused("GET", f"{COMMENTS}/{said['comment']['_id']}/text") == "not-found"

    waits = {each["_id"]: each for each in waiting_for(moderator, ann.id)}
    assert set(waits) == {marker["createdChatId"], said["comment"]["_id"]}
    assert waits[said["comment"]["_id"]] == {
        "_id": said["comment"]["_id"],
        "reason": AWAITS_APPROVAL,
        "createdAt": said["comment"]["date"],
        "userId": ann.id,
        "urlId": thread,
        "conversation": None,
        "comment": said["comment"],
    }
    await viewer.equals_a_fresh_snapshot()
    for number, each in enumerate((said["comment"]["_id"], marker["createdChatId"]), 2):
        approve(moderator, each, f"let-{each}")
        await viewer.reaches(number)
        event = ben.log(picture, sinceSeq=number - 1)["events"][0]
        assert event["broadcastId"] == f"let-{each}"
        assert f'"_id":"{each}"' in event["data"]
    await viewer.equals_a_fresh_snapshot()
    assert ben.thread(thread)["comments"][0]["approved"] is True
    assert ben.thread(own_thread)["comments"][0]["comment"] == "psst"
    assert ann.snapshot(picture)["conversations"] == ben.snapshot(picture)["conversations"]
    assert ann.thread(thread)["comments"] == ben.thread(thread)["comments"]
    assert waiting_for(moderator, ann.id) == []


async def test_IDEM1_approving_again_is_answered_again_and_by_another_is_refused(
    visiting: Visiting, ann: Visitor, moderator: Visitor, sets: Sets
) -> None:
    sets(approval=Approval.VISITORS)
    one, two = (ann.write(fresh("w"))["comment"]["_id"] for _ in range(2))
    path = f"{HELD}/{one}/approve"
    for _ in range(2):
        moderator.call("POST", path, json={"broadcastId": "the same"})
    other = visiting.signed_in(person("max", role=Role.MODERATOR))
    assert other.refused("POST", path, json={"broadcastId": "the same"}) == "conflict"
    assert moderator.refused("POST", f"{HELD}/{two}/approve", json={"broadcastId": "the same"}) == "conflict"
    assert moderator.refused("POST", f"{HELD}/{one}/reject") == "conflict"
    moderator.call("POST", f"{HELD}/{two}/reject")
    assert moderator.refused("POST", f"{HELD}/{two}/reject") == "conflict"
    assert moderator.refused("POST", f"{HELD}/none/approve", json={"broadcastId": "b"}) == "not-found"
    assert moderator.refused("POST", path, json={"broadcastId": ""}) == "invalid-body"
    assert [act["act"] for act in acts(visiting.signed_in(ADMIN)) if act["what"] in {one, two}] == [
        "let a comment go ahead",
        "turn down what waited",
    ]


async def test_what_was_turned_down_its_author_sees_no_more(ann: Visitor, moderator: Visitor, sets: Sets) -> None:
    sets(approval=Approval.VISITORS)
    thread = fresh("w")
    held_id = ann.write(thread)["comment"]["_id"]
    moderator.call("POST", f"{HELD}/{held_id}/reject")
    assert (ann.thread(thread)["comments"], waiting_for(moderator, ann.id)) == ([], [])


async def test_whoever_may_not_see_the_picture_neither_lists_nor_decides_what_waits_there(
    visiting: Visiting, ann: Visitor, admin: Visitor, picture: str, sets: Sets
) -> None:
    sets(approval=Approval.VISITORS)
    held_id = ann.pin(picture, comment={"comment": "psst"})["createdChatId"]
    lock(admin, picture, groupIds=["staff"])
    outsider = visiting.signed_in(person("otto", role=Role.MODERATOR, groups=("others",)))
    assert waiting_for(outsider, ann.id) == []
    assert outsider.refused("POST", f"{HELD}/{held_id}/approve", json={"broadcastId": "b"}) == "not-found"
    assert outsider.refused("POST", f"{HELD}/{held_id}/reject") == "not-found"
    assert outsider.refused("POST", BANS, json={"authorOf": held_id}) == "not-found"
    # an admin may, but its author has lost the right to be there
    answer = admin.send("POST", f"{HELD}/{held_id}/approve", json={"broadcastId": "b"})
    assert (answer.json()["code"], "as its author's: There is nothing" in answer.json()["message"]) == (
        "conflict",
        True,
    )
    lock(admin, picture, groupIds=None)
    approve(admin, held_id)


# -- what looks like spam


async def test_what_looks_like_spam_waits_with_its_reason(visiting: Visiting, moderator: Visitor, sets: Sets) -> None:
    sets(spam=SpamSettings(banned_words=("cheap watches",)))
    ann, picture = visiting.somebody(), fresh("p")
    ann.write(fresh("w"), LONG)
    given = [
        ({"comment": LINKS}, Suspicion.LINKS),
        ({"comment": "Cheap  WATCHES!"}, Suspicion.BANNED_WORD),
        ({"comment": LONG}, Suspicion.DUPLICATE),
        ({"comment": "hello", "website": "https://spam.example"}, Suspicion.HIDDEN_FIELD),
    ]
    for body, reason in given:
        said = ann.write(fresh("w"), **body)
        marker = (
            visiting.somebody().pin(picture, comment={"comment": LONG} | body)
            if reason != Suspicion.DUPLICATE
            else None
        )
        assert said["comment"]["approved"] is False
        assert marker is None or marker["held"] is True
        reasons = {each["_id"]: each["reason"] for each in held(moderator)}
        assert reasons[said["comment"]["_id"]] == reason
        assert marker is None or reasons[marker["createdChatId"]] == reason
    assert "seq" in ann.write(fresh("w"), "cheap, but no watches", website=" ")


async def test_moderators_are_never_held(visiting: Visiting, sets: Sets) -> None:
    sets(approval=Approval.VISITORS, spam=SpamSettings(banned_words=("hello",), max_links=0))
    for role in (Role.MODERATOR, Role.ADMIN):
        who = visiting.signed_in(person(fresh("u"), role=role))
        for _ in range(2):
            assert "seq" in who.write(fresh("w"), f"hello {LINKS} {LONG}", website="https://x.example")


# -- bans


@pytest.mark.parametrize("how", ["userId", "authorOf a comment", "authorOf a marker", "authorOf what is held"])
async def test_AUTH2_a_banned_user_is_disconnected_and_neither_reads_nor_writes_until_the_ban_is_lifted(
    visiting: Visiting, moderator: Visitor, ben: Visitor, picture: str, sets: Sets, how: str
) -> None:
    ann = visiting.signed_in(MEMBER(fresh("ann")))
    marker = ann.pin(picture, comment={"comment": "rude"})
    named = {"userId": ann.snapshot(picture)["user"]["id"]}
    if how.startswith("authorOf"):
        comment_id, marker_id = marker["comment"]["_id"], marker["createdChatId"]
        if how.endswith("held"):
            sets(approval=Approval.VISITORS)
            comment_id = ann.write(fresh("w"))["comment"]["_id"]
        named = {"authorOf": marker_id if how.endswith("marker") else comment_id}
    entrance = ann.snapshot(picture)
    async with (
        open_live(live_url(visiting.node, entrance)) as banned,
        open_live(live_url(visiting.node, ben.snapshot(picture))) as other,
    ):
        await next_message(banned)
        await next_message(other)
        [made] = ban(moderator, **named, reason="rude")
        assert (made["kind"], made["subject"], made["by"], made["until"]) == ("user", ann.id, "mo", None)
        assert await close_code(banned) == 4403
        ben.pin(picture)
        assert (await next_event(other))["type"] == "new-image-chat"
    assert ann.refused("GET", CHATS, params={"urlId": picture}) == "banned"
    assert ann.refused("GET", COMMENTS, params={"urlId": picture}) == "banned"
    log = {"urlId": picture, "userIdWS": entrance["userIdWS"], "startTime": 0}
    assert ann.refused("GET", f"/event-log/{TENANT}", params=log) == "banned"
    params, body = {"urlId": "w", "broadcastId": fresh("b")}, {"comment": "x", "url": "", "urlId": "w"}
    assert ann.refused("POST", COMMENTS, params=params, json=body) == "banned"
    async with open_live(live_url(visiting.node, entrance)) as again:
        assert await close_code(again) == 4403
    assert made in moderator.call("GET", BANS)["bans"]
    moderator.call("DELETE", f"{BANS}/{made['_id']}")
    assert made not in moderator.call("GET", BANS)["bans"]
    ann.snapshot(picture)
    assert moderator.refused("DELETE", f"{BANS}/{made['_id']}") == "not-found"


async def test_AUTH2_a_banned_network_is_gone_with_all_who_come_from_it(
    visiting: Visiting, moderator: Visitor, ann: Visitor, picture: str
) -> None:
    bad, neighbour = Elsewhere(ann.client, "203.0.113.7"), Elsewhere(ann.client, "203.0.113.8")
    mate = Elsewhere(ann.client, "203.0.113.7")
    made = bad.pin(picture, comment={"comment": "rude"})
    mate.snapshot(picture)
    headers = {"X-Forwarded-For": bad.address}
    async with open_live(live_url(visiting.node, mate.snapshot(picture)), additional_headers=headers) as live:
        await next_message(live)
        bans = ban(moderator, authorOf=made["comment"]["_id"], kinds=["user", "address"], hours=24)
        assert await close_code(live) == 4403
    assert [each["kind"] for each in bans] == ["address", "user"]
    assert all(each["until"] is not None for each in bans)
    for who in (bad, mate, Elsewhere(ann.client, "203.0.113.7")):
        assert who.refused("GET", CHATS, params={"urlId": picture}) == "banned"
    neighbour.snapshot(picture)
    moved = Elsewhere(ann.client, "203.0.113.9")
    moved.session = bad.session
    assert moved.refused("GET", CHATS, params={"urlId": picture}) == "banned"  # the user is banned too
    moved.session = mate.session
    moved.snapshot(picture)
    assert "203.0.113" not in moderator.send("GET", BANS).text + moderator.send("GET", AUDIT).text
    for each in bans:
        moderator.call("DELETE", f"{BANS}/{each['_id']}")
    mate.snapshot(picture)


async def test_two_tenants_cannot_compare_the_digests_of_a_network(
    visiting: Visiting, moderator: Visitor, ann: Visitor
) -> None:
    visiting.node.run("tenant", "create", "neighbour")
    there = visiting.signed_in(person("mo", tenant_id="neighbour", role=Role.MODERATOR))
    subjects = []
    for tenant, who in ((TENANT, moderator), ("neighbour", there)):
        bad = Elsewhere(ann.client, "198.51.100.4")
        params = {"urlId": fresh("w"), "broadcastId": fresh("b")}
        body = {"comment": "rude", "commenterName": "", "url": ""}
        said = bad.call("POST", f"/comments/{tenant}", params=params, json=body)["comment"]["_id"]
        asked = {"authorOf": said, "kinds": ["address"]}
        made = who.call("POST", f"/moderation/{tenant}/bans", json=asked)["bans"]
        subjects.append(made[0]["subject"])
        assert "198.51.100.4" not in str(made)
        who.call("DELETE", f"/moderation/{tenant}/bans/{made[0]['_id']}")
    assert subjects[0] != subjects[1]
    written = acts(visiting.signed_in(ADMIN))
    [act] = [act for act in written if act["act"] == "ban a address" and act["what"] == subjects[0]]
    assert act["who"] == "mo"


async def test_a_ban_ends_by_itself(visiting: Visiting, moderator: Visitor, picture: str) -> None:
    ann = visiting.signed_in(MEMBER(fresh("ann")))
    ann.snapshot(picture)
    [made] = ban(moderator, userId=ann.id, hours=0.0002)  # 0.72 s
    assert "until 20" in ann.send("GET", CHATS, params={"urlId": picture}).json()["message"]
    while ann.send("GET", CHATS, params={"urlId": picture}).is_error:
        pass  # the node knows, and tells who asks
    ann.snapshot(picture)
    assert made not in moderator.call("GET", BANS)["bans"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"userId": "mo"}, "conflict"),
        ({"userId": "boss"}, "forbidden"),
        ({"userId": "colleague"}, "forbidden"),
        ({}, "invalid-body"),
        ({"userId": "x", "authorOf": "y"}, "invalid-body"),
        ({"userId": "x", "kinds": []}, "invalid-body"),
        ({"userId": "x", "kinds": ["address"]}, "invalid-body"),
        ({"userId": "x", "kinds": ["planet"]}, "invalid-body"),
        ({"userId": "x", "hours": 0}, "invalid-body"),
        ({"userId": "x", "reason": "r" * 501}, "invalid-body"),
        ({"authorOf": "none"}, "not-found"),
    ],
)
async def test_who_cannot_be_banned_so(
    shared_node: RunningNode, moderator: Visitor, body: dict[str, object], code: str
) -> None:
    for user_id, role in (("boss", Role.ADMIN), ("colleague", Role.MODERATOR)):
        vouched = Vouched(id=user_id, role=role)
        beside(shared_node, partial(vouch, tenant_id=TENANT, person=vouched, at=1, now=milliseconds()))
    before = moderator.call("GET", BANS)["bans"]
    assert moderator.refused("POST", BANS, json=body) == code
    assert moderator.call("GET", BANS)["bans"] == before


async def test_nobody_bans_the_network_that_they_come_from_and_an_admin_bans_a_moderator(
    shared_node: RunningNode, moderator: Visitor, admin: Visitor, ann: Visitor
) -> None:
    said = ann.write(fresh("w"))["comment"]["_id"]
    assert moderator.refused("POST", BANS, json={"authorOf": said, "kinds": ["address"]}) == "conflict"
    assert moderator.refused("POST", BANS, json={"authorOf": said, "kinds": ["user", "address"]}) == "conflict"
    ann.thread(fresh("w"))  # neither of the two was made
    vouched = Vouched(id="colleague", role=Role.MODERATOR)
    beside(shared_node, partial(vouch, tenant_id=TENANT, person=vouched, at=1, now=milliseconds()))
    [made] = ban(admin, userId="colleague")
    admin.call("DELETE", f"{BANS}/{made['_id']}")


# -- locks and groups


async def test_a_lock_reaches_viewers_and_stops_visitors_but_not_moderators_deleting(
    ann: Visitor, moderator: Visitor, picture: str, viewer: Viewer
) -> None:
    made = ann.pin(picture, comment={"comment": "here"})
    thread = made["conversation"]["urlId"]
    locked = lock(moderator, picture)
    assert locked["readOnly"] is True
    await viewer.reaches(locked["seq"])
    assert viewer.state.read_only is locked["readOnly"]
    await viewer.equals_a_fresh_snapshot()
    assert (ann.snapshot(picture)["readOnly"], ann.snapshot(picture)["mayComment"]) == (True, True)
    body = {"broadcastId": fresh("b")}
    comment = f"{COMMENTS}/{made['comment']['_id']}"
    params = {"urlId": thread, "broadcastId": fresh("b")}
    words = {"comment": "more", "url": "", "urlId": thread}
    for who in (ann, moderator):
        assert who.refused("POST", CHATS, json=body | {"urlId": picture, "x": 1, "y": 1}) == "read-only"
        assert who.refused("PATCH", f"{CHATS}/{made['createdChatId']}", json=body | {"x": 1}) == "read-only"
        assert who.refused("POST", COMMENTS, params=params, json=words) == "read-only"
    assert ann.refused("POST", f"{comment}/update-text", params=params, json={"comment": "x"}) == "read-only"
    assert ann.refused("DELETE", comment, params=params) == "read-only"
    assert ann.refused("DELETE", f"{CHATS}/{made['createdChatId']}", json=body) == "read-only"
    moderator.remove(made["comment"]["_id"])
    moderator.unpin(made["createdChatId"])
    opened = lock(moderator, picture, readOnly=False)
    await viewer.reaches(opened["seq"])
    assert viewer.state.read_only is opened["readOnly"]
    ann.pin(picture)
    await viewer.equals_a_fresh_snapshot()


async def test_IDEM1_a_lock_that_is_tried_again_is_answered_again(moderator: Visitor, picture: str) -> None:
    body = {"broadcastId": fresh("b"), "readOnly": True}
    first = moderator.call("PATCH", PICTURES, params={"urlId": picture}, json=body)
    lock(moderator, picture, readOnly=False)
    assert moderator.call("PATCH", PICTURES, params={"urlId": picture}, json=body) == first
    assert moderator.snapshot(picture)["readOnly"] is False
    assert moderator.refused("PATCH", PICTURES, params={"urlId": fresh("p")}, json=body) == "conflict"


async def test_AUTH2_groups_are_for_admins_to_say_and_hold_when_it_is_answered(
    visiting: Visiting, moderator: Visitor, admin: Visitor, ann: Visitor, picture: str
) -> None:
    made = ann.pin(picture, comment={"comment": "here"})
    thread = made["conversation"]["urlId"]
    staff = visiting.signed_in(MEMBER(fresh("u"), groups=("staff",)))
    body = {"broadcastId": fresh("b"), "groupIds": ["staff"]}
    assert moderator.refused("PATCH", PICTURES, params={"urlId": picture}, json=body) == "forbidden"
    async with (
        open_live(live_url(visiting.node, ann.snapshot(picture))) as on_picture,
        open_live(live_url(visiting.node, ann.thread(thread))) as in_thread,
        open_live(live_url(visiting.node, staff.snapshot(picture))) as inside,
    ):
        for connection in (on_picture, in_thread, inside):
            await next_message(connection)
        lock(admin, picture, groupIds=["staff", "staff"])
        for connection in (on_picture, in_thread):
            assert await close_code(connection) == 4404
        staff.pin(picture)
        assert (await next_event(inside))["type"] == "picture-updated"
        assert (await next_event(inside))["type"] == "new-image-chat"
    for path, url_id in ((CHATS, picture), (COMMENTS, thread)):
        assert ann.refused("GET", path, params={"urlId": url_id}) == "not-found"
    lock(admin, picture, groupIds=[])
    assert staff.refused("GET", CHATS, params={"urlId": picture}) == "not-found"
    lock(admin, picture, groupIds=None)
    ann.snapshot(picture)


# -- sessions


async def test_AUTH2_a_session_that_is_ended_is_over_on_every_connection(
    visiting: Visiting, picture: str, ben: Visitor
) -> None:
    principal = MEMBER(fresh("ann"), since=milliseconds())
    ann = visiting.signed_in(principal)
    another = msgspec.structs.replace(principal, session_id="another")
    elsewhere = visiting.signed_in(another)
    entrance = ann.snapshot(picture)
    async with (
        open_live(live_url(visiting.node, entrance)) as one,
        open_live(live_url(visiting.node, ann.snapshot(fresh("p")))) as two,
        open_live(live_url(visiting.node, ben.snapshot(picture))) as bens,
    ):
        for connection in (one, two, bens):
            await next_message(connection)
        ann.call("DELETE", SESSIONS)
        assert [await close_code(one), await close_code(two)] == [4401, 4401]
        ben.pin(picture)
        assert (await next_event(bens))["type"] == "new-image-chat"
    assert ann.refused("GET", CHATS, params={"urlId": picture}) == "unauthorized"
    assert ann.refused("DELETE", SESSIONS) == "unauthorized"
    log = {"urlId": picture, "userIdWS": entrance["userIdWS"], "startTime": 0}
    assert visiting.somebody().refused("GET", f"/event-log/{TENANT}", params=log) == "unauthorized"
    assert elsewhere.snapshot(picture)["user"]["id"] == principal.user_id


# -- the audit log


async def test_the_audit_log_has_each_act_once_with_who_what_when_and_from_where(
    visiting: Visiting, ann: Visitor, picture: str, sets: Sets
) -> None:
    mo = Elsewhere(ann.client, "192.0.2.1")
    mo.session = visiting.signed_in(person(fresh("mo"), role=Role.ADMIN)).session
    since = milliseconds()
    marker = ann.pin(picture, comment={"comment": "one"})
    second = ann.pin(picture, comment={"comment": "two"})
    who = mo.snapshot(picture)["user"]["id"]
    for _ in range(2):  # given twice, each has one effect
        mo.call("PATCH", f"{CHATS}/{second['createdChatId']}", json={"broadcastId": "resolve", "resolved": True})
        mo.call("DELETE", f"{COMMENTS}/{marker['comment']['_id']}", params={"broadcastId": "delete"})
    mo.unpin(marker["createdChatId"])
    mo.pin(picture)
    lock(mo, picture)
    lock(mo, picture, readOnly=False, groupIds=None)
    [made] = ban(mo, userId=ann.id)
    mo.call("DELETE", f"{BANS}/{made['_id']}")
    sets(approval=Approval.VISITORS)
    held_id = ann.write(fresh("w"))["comment"]["_id"]
    approve(mo, held_id)
    mo.refused("DELETE", f"{BANS}/none")
    mo.refused("PATCH", PICTURES, params={"urlId": picture}, json={"broadcastId": fresh("b")})

    mine = [act for act in acts(mo) if act["who"] == who]
    assert [(act["act"], act["what"]) for act in mine] == [
        ("change this marker", second["createdChatId"]),
        ("delete this comment", marker["comment"]["_id"]),
        ("delete this marker", marker["createdChatId"]),
        ("lock this picture", picture),
        ("unlock this picture, open this picture to everyone", picture),
        ("ban a user", ann.id),
        ("lift a ban", made["_id"]),
        ("let a comment go ahead", held_id),
    ]
    [address] = {act["address"] for act in mine}
    assert address not in {"", "192.0.2.1"}
    assert {act["who"] for act in acts(mo) if act["act"] == "change the tenant's settings"} == {"operator"}
    now = milliseconds()
    assert all(iso(since) <= act["at"] <= iso(now) for act in mine)
    assert [act["number"] for act in mine] == sorted({act["number"] for act in mine})


async def test_the_audit_log_comes_in_pages(shared_node: RunningNode, visiting: Visiting) -> None:
    def write(connection: Connection) -> None:
        for number in range(450):
            write_act(connection, Act(TENANT, number, "many", "act", str(number)))
            write_act(connection, Act("neighbour", number, "others", "act", str(number)))

    beside(shared_node, write)
    boss = visiting.signed_in(ADMIN)
    first = boss.call("GET", AUDIT)
    assert len(first["entries"]) == 200
    assert first["nextBefore"] == first["entries"][-1]["number"]
    found = acts(boss)
    assert [act["what"] for act in found if act["who"] == "many"] == [str(number) for number in range(450)]
    assert not any(act["who"] == "others" for act in found)
    assert boss.call("GET", AUDIT, params={"before": 1}) == {
        "status": "success",
        "entries": [],
        "nextBefore": None,
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", AUDIT),
        ("GET", BANS),
        ("GET", HELD),
        ("GET", MASS),
        ("POST", BANS),
        ("POST", MASS),
        ("POST", f"{MASS}/x/undo"),
        ("POST", f"{HELD}/x/approve"),
        ("POST", f"{HELD}/x/reject"),
        ("DELETE", f"{BANS}/x"),
        ("PATCH", f"{PICTURES}?urlId=x"),
    ],
)
async def test_nobody_but_moderators_reads_or_does_any_of_it(visiting: Visiting, method: str, path: str) -> None:
    body = (
        None
        if method in {"GET", "DELETE"} or "reject" in path
        else {"broadcastId": fresh("b"), "userId": "x", "readOnly": True}
    )
    for who in (visiting.somebody(), visiting.signed_in(MEMBER("mia")), visiting.signed_in(MEMBER("max", groups=()))):
        assert who.refused(method, path, json=body) == "forbidden"
    of_another = visiting.signed_in(person("mo", tenant_id="elsewhere", role=Role.ADMIN))
    assert of_another.refused(method, path, json=body) == "unauthorized"
    assert MODERATION in path or PICTURES in path
