"""A person's data beside a running node: given out as a whole, and erased without a hole in any history."""

import fcntl
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from imagechat import cli_people
from imagechat.cli import main
from imagechat.model.person import Person as Vouched
from imagechat.model.principal import Role
from imagechat.model.spam import SpamSettings
from imagechat.model.tenant import Approval, TenantSettings
from imagechat.model.times import iso
from imagechat.opening import DATABASE_FILE
from imagechat.store import person_erasing
from imagechat.store.people import vouch
from imagechat.store.person_data import erase_events, export
from imagechat.store.tables import metadata
from imagechat.wiring import milliseconds
from live_clients import Person, Viewer, close_code, live_url, next_message, open_live
from live_fakes import until
from making import ADMIN, person
from moderating import BANS, MODERATION, acts, ban, beside, heed, mass_delete, set_tenant, undo
from running import TENANT, RunningNode
from visiting import CHATS, COMMENTS, Visiting, Visitor, fresh

SPAM = f"{MODERATION}/spam"
IDS = ["ann", "100%_", 'it\'s "Ann" \\ \\u0061', "ünï 画 \U0001f600/_%", "a' OR '1'='1"]
SAME_AGAIN = TenantSettings(spam=SpamSettings(hold_duplicates=False))
"""Each test's person says the same."""

_numbers = count(1)


@dataclass
class Life:
    """What somebody did, and where."""

    user_id: str
    mark: str
    who: Visitor
    picture: str
    alone: str
    shared: str
    thread: str
    ended: str
    entrance: dict[str, Any]

    @property
    def traces(self) -> list[bytes]:
        """What must be nowhere afterwards; the id as it is, as JSON has it, and as events do."""
        quoted = json.dumps(self.user_id, ensure_ascii=False)
        ids = {quoted, quoted.replace("%", "\\u0025"), json.dumps(quoted, ensure_ascii=False)[1:-1]}
        return [each.encode() for each in (self.mark, f"Annabel {self.mark}", *sorted(ids))]


def signed_in(visiting: Visiting, user_id: str, tenant_id: str = TENANT, **more: Any) -> Visitor:
    """Somebody for whom the tenant has vouched."""
    vouched = Vouched(id=user_id, email="annabel@uniquename.example", **more)
    beside(visiting.node, partial(vouch, tenant_id=tenant_id, person=vouched, at=1, now=milliseconds()))
    heed(visiting.node, visiting.somebody())
    return visiting.signed_in(person(user_id, tenant_id=tenant_id, role=Role.MEMBER, since=milliseconds()))


@pytest.fixture(params=IDS)
def user_id(request: pytest.FixtureRequest) -> str:
    """An id that is no other test's, as strange as its parameter."""
    return f"{request.param}{next(_numbers)}"


@pytest.fixture
def life(visiting: Visiting, ben: Visitor, moderator: Visitor, picture: str, user_id: str) -> Life:
    set_tenant(visiting.node, ben, SAME_AGAIN)
    mark = fresh("unforgettable")
    who = signed_in(visiting, user_id, name=f"Annabel {mark}", avatar=f"https://avatars.example/{mark}.png")

    def write(thread: str, text: str) -> str:
        made: str = who.write(thread, f"{text} {mark}", url=f"https://page.example/{mark}")["comment"]["_id"]
        return made

    comment = {"comment": f"mine {mark}"}
    alone = who.pin(picture, comment=comment, windowUrlId=fresh("w"))["createdChatId"]
    shared = who.pin(picture, comment=comment, windowUrlId=fresh("w"))
    ben.write(shared["conversation"]["urlId"], "ben's")
    thread = ben.pin(picture, windowUrlId=fresh("w"))["conversation"]["urlId"]
    ben.write(thread, "an answer", parentId=write(thread, "answered"))
    who.edit(write(thread, "before"), f"after {mark}")
    who.remove(write(thread, "regretted"))
    about = ben.write(thread, "ben's, voted on")["comment"]["_id"]
    hidden = ben.pin(picture, comment={"comment": "ben's, deleted"}, windowUrlId=fresh("w"))
    for each in (about, hidden["comment"]["_id"]):
        who.vote(each, "down")
        who.react(each, "🎉")
        ben.react(each, "🎉")
    ben.unpin(hidden["createdChatId"])
    write(fresh("w"), "in a thread without a marker")
    who.call("POST", f"{CHATS}/read", json={"urlId": picture, "readUpTo": {"picture": iso(milliseconds())}})
    taken = mass_delete(moderator, userId=user_id)
    undo(moderator, taken["undoId"])
    moderator.call("POST", SPAM, json={"broadcastId": fresh("b"), "ids": [write(fresh("w"), "spam")]})
    set_tenant(visiting.node, ben, msgspec.structs.replace(SAME_AGAIN, approval=Approval.VISITORS))
    write(thread, "held")
    set_tenant(visiting.node, ben, SAME_AGAIN)
    return Life(
        user_id=user_id,
        mark=mark,
        who=who,
        picture=picture,
        alone=alone,
        shared=shared["createdChatId"],
        thread=thread,
        ended=who.snapshot(picture)["userIdWS"],
        entrance=who.snapshot(picture),
    )


@pytest.fixture
async def viewer(shared_node: RunningNode, life: Life) -> AsyncIterator[Viewer]:
    async with shared_node.client() as client, Viewer(shared_node, Person(client), life.picture) as viewer:
        yield viewer


def run(node: RunningNode, *words: str) -> Result:
    """Run `imagechat person …` on a node's data, in this process, which is not the node's."""
    flags = [word for word in words[1:] if word == "--yes"]
    named = [word for word in words[1:] if word != "--yes"]
    given = ["person", words[0], "--data", str(node.data), *flags, "--", *named]
    return CliRunner().invoke(main, given, env=node.environment)


def exported(node: RunningNode, user_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(node, "export", TENANT, user_id).stdout)
    return found


def erase(node: RunningNode, user_id: str) -> str:
    return run(node, "erase", TENANT, user_id, "--yes").stdout


def rows(node: RunningNode) -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as text."""
    for table in metadata.sorted_tables:
        for row in beside(node, lambda connection, table=table: connection.execute(select(table)).all()):  # type: ignore[misc]
            yield table.name, "\n".join(map(str, row)).encode()


def events(who: Visitor, picture: str, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [json.loads(each["data"]) for each in who.log(picture, **params)["events"]]
    return found


async def resumed(node: RunningNode, entrance: dict[str, Any], seq: int) -> list[dict[str, Any]]:
    """What the live channel gives to whoever comes with an old position."""
    found: list[dict[str, Any]] = []
    async with open_live(live_url(node, entrance, epoch=entrance["epoch"], seq=seq)) as live:
        head = (await next_message(live))["seq"]
        while not found or found[-1]["seq"] < head:
            found += [event for event in await next_message(live) if "seq" in event]
    return found


async def test_an_export_has_everything_of_the_person_and_nothing_of_others(
    visiting: Visiting, life: Life, ben: Visitor
) -> None:
    other = signed_in(visiting, life.user_id.swapcase() + "x")
    other.write(life.thread, json.dumps(life.user_id), commenterName=life.user_id)
    found = exported(visiting.node, life.user_id)
    assert (found["tenantId"], found["userId"]) == (TENANT, life.user_id)
    assert (found["profile"]["name"], found["profile"]["email"]) == (
        f"Annabel {life.mark}",
        "annabel@uniquename.example",
    )
    assert {each["id"] for each in found["markers"]} == {life.alone, life.shared}
    texts = sorted(each["comment"].removesuffix(f" {life.mark}") for each in found["comments"])
    assert sorted((each["direction"], each["reactions"]) for each in found["opinions"]) == [(-1, '["🎉"]')] * 2
    assert texts == ["", "", "after", "answered", "in a thread without a marker", "mine", "mine"]
    assert {each["userId"] for each in found["comments"]} == {life.user_id}
    assert sorted({each["type"] for each in found["events"]}) == [
        *("deleted-comment", "new-comment", "new-image-chat", "new-reaction", "new-vote", "updated-comment"),
    ]
    for event in found["events"]:
        names = {event["userId"], event.get("comment", {}).get("userId"), event.get("conversation", {}).get("userId")}
        assert life.user_id in names
    assert life.mark in json.dumps(found["events"])
    assert [json.loads(each["body"])["comment"]["comment"] for each in found["waiting"]] == [f"held {life.mark}"]
    assert {each["comment"] for each in found["deleted"]} >= {f"answered {life.mark}", f"after {life.mark}"}
    assert (found["revocations"], found["acts"]) == ([], [])
    assert ben.id not in json.dumps([found["comments"], found["markers"], found["deleted"]])


async def test_an_export_has_what_a_moderator_did_and_what_was_done_to_somebody(
    visiting: Visiting, moderator: Visitor
) -> None:
    user_id = fresh("mona")
    mona = signed_in(visiting, user_id, role=Role.MODERATOR)
    thing = mona.pin(fresh("p"))["createdChatId"]
    mona.call("POST", f"{MODERATION}/reviews", json={"ids": [thing], "reviewed": True})
    [made] = ban(mona, userId=fresh("x"))
    [of_mona] = ban(visiting.signed_in(ADMIN), userId=user_id)
    found = exported(visiting.node, user_id)
    assert [each["id"] for each in found["reviewed"]] == [thing]
    assert [each["act"] for each in found["acts"]] == ["ban a user"]
    assert [each["id"] for each in found["revocations"]] == [of_mona["_id"]]
    for each in (made, of_mona):
        moderator.call("DELETE", f"{BANS}/{each['_id']}")
    erase(visiting.node, user_id)
    assert not any(user_id.encode() in row for table, row in rows(visiting.node) if table == "reviewed")


async def test_what_was_erased_is_nowhere_and_everybody_sees_the_same(
    visiting: Visiting, ben: Visitor, life: Life, viewer: Viewer
) -> None:
    node = visiting.node
    before = events(ben, life.picture)
    heads = {each["seq"]: each["timestamp"] for each in before}
    assert life.mark in json.dumps(await resumed(node, ben.snapshot(life.picture), 1))  # the node remembers
    assert any(trace in row for _, row in rows(node) for trace in life.traces)

    said = erase(node, life.user_id)
    assert "Erased" in said
    heed(visiting.node, visiting.somebody())

    leaks = [(table, trace) for table, row in rows(node) for trace in life.traces if trace in row]
    assert leaks == []
    for file in node.data.glob(f"{DATABASE_FILE}*"):  # the free pages, and the write-ahead log
        content = file.read_bytes()
        assert [trace for trace in life.traces if trace in content] == [], file.name

    after = events(ben, life.picture)
    assert {each["seq"]: each["timestamp"] for each in after if each["seq"] in heads} == heads
    assert [each["seq"] for each in after] == list(range(1, len(after) + 1))
    assert [each["type"] for each in after[: len(before)]] == [each["type"] for each in before]
    entrance = ben.snapshot(life.picture)
    for start in (1, len(before) - 1):
        again = await resumed(node, entrance, start)
        assert again == after[start:]
    await until(lambda: viewer.resets > 0, within=30)  # it may have had the deletions before
    await viewer.equals_a_fresh_snapshot()
    assert viewer.resets >= 1
    assert life.mark not in str(viewer.state)

    shown = {one["_id"]: one for one in entrance["conversations"]}
    assert life.alone not in shown
    pseudonym = shown[life.shared]["userId"]
    assert pseudonym.startswith("erased-")
    assert shown[life.shared]["commentCount"] == 1
    listed = ben.thread(life.thread)["comments"]
    assert [(each["comment"], each["userId"] == pseudonym, each.get("isDeleted", False)) for each in listed] == [
        ("", True, True),
        ("an answer", False, False),
        ("ben's, voted on", False, False),
    ]
    assert (listed[2].get("votes"), listed[2]["reactions"]) == (None, {"🎉": 1})
    assert (listed[0]["commenterName"], listed[0].get("avatarSrc")) == ("", None)
    assert exported(node, life.user_id) == {
        "tenantId": TENANT,
        "userId": life.user_id,
        "profile": None,
        **{
            name: []
            for name in (
                "markers",
                "comments",
                "deleted",
                "events",
                "waiting",
                "revocations",
                "opinions",
                "reviewed",
                "read",
                "acts",
            )
        },
    }


async def test_AUTH2_the_sessions_of_who_was_erased_are_over(visiting: Visiting, picture: str) -> None:
    user_id = fresh("ann")
    ann = signed_in(visiting, user_id)
    async with open_live(live_url(visiting.node, ann.snapshot(picture))) as live:
        await next_message(live)
        erase(visiting.node, user_id)
        assert await close_code(live) == 4401
    assert ann.refused("GET", CHATS, params={"urlId": picture}) == "unauthorized"
    new_life = visiting.signed_in(person(user_id, role=Role.MEMBER, since=milliseconds() + 1_000))
    new_life.pin(picture)


async def test_AUTH2_a_ban_outlives_the_name_of_who_was_banned(
    visiting: Visiting, moderator: Visitor, picture: str
) -> None:
    user_id = fresh("ann")
    ann = signed_in(visiting, user_id)
    ann.pin(picture)
    [made] = ban(moderator, userId=user_id, reason=f"rude {user_id}")
    erase(visiting.node, user_id)
    heed(visiting.node, visiting.somebody())
    [kept] = [each for each in moderator.call("GET", BANS)["bans"] if each["_id"] == made["_id"]]
    assert (kept["reason"], user_id in kept["subject"]) == ("", False)
    back = visiting.signed_in(person(user_id, role=Role.MEMBER, since=milliseconds() + 1_000))
    assert back.refused("GET", CHATS, params={"urlId": picture}) == "banned"
    moderator.call("DELETE", f"{BANS}/{made['_id']}")
    back.snapshot(picture)


async def test_others_with_almost_the_same_id_and_the_same_one_elsewhere_are_left_alone(
    visiting: Visiting, picture: str
) -> None:
    user_id = fresh("100%_Ann")
    ann = signed_in(visiting, user_id)
    others = [user_id.lower(), user_id.replace("%", "x"), user_id.replace("_", "x"), f"{user_id}0", f"x{user_id}"]
    written = []
    for other in others:
        who = signed_in(visiting, other, name=f"Name of {other}")
        written.append(who.pin(picture, comment={"comment": f"by {other}, not {json.dumps(user_id)}"}))
    ann.pin(picture, comment={"comment": "gone soon"})
    tenant = fresh("neighbour")
    visiting.node.run("tenant", "create", tenant)
    there = signed_in(visiting, user_id, tenant_id=tenant)
    params = {"urlId": "w", "broadcastId": fresh("b")}
    elsewhere = there.call("POST", f"/comments/{tenant}", params=params, json={"comment": "elsewhere", "url": ""})
    before = events(visiting.somebody(), picture)
    erase(visiting.node, user_id)
    heed(visiting.node, visiting.somebody())
    ben = visiting.somebody()
    for made in written:
        assert ben.thread(made["conversation"]["urlId"])["comments"] == [made["comment"]]
    assert events(ben, picture)[: len(written)] == before[: len(written)]
    listed = there.call("GET", f"/comments/{tenant}", params={"urlId": "w"})
    assert listed["comments"] == [elsewhere["comment"]]
    assert exported(visiting.node, others[0])["profile"]["name"] == f"Name of {others[0]}"


async def test_a_moderator_who_is_erased_leaves_the_acts_without_a_name(visiting: Visiting, picture: str) -> None:
    admin = visiting.signed_in(ADMIN)
    user_id = fresh("mona")
    mona = signed_in(visiting, user_id, role=Role.MODERATOR)
    [made] = ban(mona, userId=fresh("x"))
    theirs = visiting.somebody().pin(picture)
    mona.unpin(theirs["createdChatId"])
    ban(admin, userId=user_id)
    before = acts(admin)
    erase(visiting.node, user_id)
    heed(visiting.node, visiting.somebody())
    after = acts(admin)
    assert [(act["number"], act["act"], act["at"]) for act in after[: len(before)]] == [
        (act["number"], act["act"], act["at"]) for act in before
    ]
    assert (after[-1]["who"], after[-1]["act"]) == ("operator", "erase a person")
    mine = [act for act in after if act["who"] == after[-1]["what"]]
    assert [(act["act"], act["address"]) for act in mine] == [("ban a user", ""), ("delete this marker", "")]
    assert user_id not in json.dumps(after) + json.dumps(admin.call("GET", BANS))
    [kept] = [each for each in admin.call("GET", BANS)["bans"] if each["_id"] == made["_id"]]
    assert kept["by"] == after[-1]["what"]


async def test_IDEM1_a_retry_of_what_was_erased_brings_nothing_back(visiting: Visiting) -> None:
    user_id = fresh("ann")
    ann = signed_in(visiting, user_id)
    params, body = {"urlId": fresh("w"), "broadcastId": "b"}, {"comment": "gone soon", "url": ""}
    ann.call("POST", COMMENTS, params=params, json=body)
    erase(visiting.node, user_id)
    heed(visiting.node, visiting.somebody())
    back = visiting.signed_in(person(user_id, role=Role.MEMBER, since=milliseconds() + 1_000))
    assert back.refused("POST", COMMENTS, params=params, json=body) == "conflict"
    assert back.thread(params["urlId"])["comments"] == []


def test_what_takes_long_to_find_is_looked_for_while_the_node_writes(
    visiting: Visiting, picture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = fresh("ann")
    signed_in(visiting, user_id).pin(picture, comment={"comment": "hello"})
    looked: list[str] = []

    def watched(name: str, looks: Callable[..., Any]) -> Callable[..., Any]:
        def look(*arguments: Any, **more: Any) -> Any:
            if visiting.node.settings.database_url:
                assert arguments[0].exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
            else:
                with (visiting.node.data / "imagechat.write-lock").open() as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where others may not write
            looked.append(name)
            return looks(*arguments, **more)

        return look

    monkeypatch.setattr(cli_people, "export", watched("export", export))
    for name in ("deletions_of", "comments_of", "events_of"):
        monkeypatch.setattr(person_erasing, name, watched(name, getattr(person_erasing, name)))
    assert len(exported(visiting.node, user_id)["comments"]) == 1
    erase(visiting.node, user_id)
    assert looked == ["export", "deletions_of", *["comments_of"] * 2, *["events_of"] * 2]


async def test_an_erasure_that_was_killed_is_finished_by_another_in_the_nodes_memory_too(
    visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id, ben, pictures = fresh("ann"), visiting.somebody(), [fresh("p") for _ in range(2)]
    ann = signed_in(visiting, user_id)
    for picture in pictures:
        ann.pin(picture, comment={"comment": "gone soon"})
        assert "gone soon" in str(await resumed(visiting.node, ben.snapshot(picture), 0))  # the node remembers

    chunks = count(1)

    def dies(*arguments: Any, **more: Any) -> None:
        erase_events(*arguments, **more)
        if next(chunks) == 3:  # the first of the second picture
            raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(person_erasing, "CHUNK", 1)
        patch.setattr(person_erasing, "erase_events", dies)
        assert run(visiting.node, "erase", TENANT, user_id, "--yes").exit_code != 0
    erase(visiting.node, user_id)
    heed(visiting.node, ben)
    for picture in pictures:
        assert "gone soon" not in str(await resumed(visiting.node, ben.snapshot(picture), 0))


def test_erasing_is_said_twice_and_of_nobody_is_nothing(visiting: Visiting) -> None:
    refused = run(visiting.node, "erase", TENANT, "ann")
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert "say --yes" in refused.stderr
    for words in (("erase", "nowhere", "ann", "--yes"), ("export", "nowhere", "ann")):
        refused = run(visiting.node, *words)
        assert (refused.exit_code, "there is no tenant 'nowhere'" in refused.stderr) == (2, True)
    done = visiting.node.run("person", "erase", TENANT, "nobody", "--yes")
    assert done == "Erased nobody from demo: 0 deleted, 0 histories rewritten.\n"
