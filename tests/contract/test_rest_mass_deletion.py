"""Much deleted at once: counted first, confirmed, seen by everybody, and brought back to what was there before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import update

from imagechat.model.principal import Role
from imagechat.store import tables
from imagechat.wiring import milliseconds
from live_clients import Person, Viewer
from making import ADMIN, person
from moderating import INBOX, MASS, acts, beside, lock, mass_delete, seen, undo
from running import RunningNode
from visiting import Visiting, Visitor, fresh


@dataclass
class Scene:
    """A picture on which a vandal has been, among others."""

    picture: str
    vandal: Visitor
    thread: str
    before: dict[str, object]

    @property
    def of_vandal(self) -> dict[str, str]:
        return {"userId": self.vandal.id}


@pytest.fixture
def scene(visiting: Visiting, ann: Visitor, ben: Visitor, picture: str) -> Scene:
    """Seven things of the vandal's: a marker, in which others wrote too, and six comments in a thread of Ann's."""
    vandal = visiting.signed_in(person(fresh('vandal "_%\u00fc"'), role=Role.MEMBER))
    thread = fresh("w")
    ann.pin(picture, comment={"comment": "mine"}, windowUrlId=thread)
    bad = vandal.pin(picture, comment={"comment": "bad"}, windowUrlId=fresh("w"))
    ben.write(bad["conversation"]["urlId"], "what is that?")
    vandal.write(bad["conversation"]["urlId"], "bad too")
    said = ann.write(thread, "root")["comment"]["_id"]
    alone = vandal.write(thread, "alone")["comment"]["_id"]
    vandal.edit(alone, "alone, and edited")
    answered = vandal.write(thread, "answered")["comment"]["_id"]
    ben.write(thread, "a reply of another's", parentId=answered)
    to_ann = vandal.write(thread, "to ann", parentId=said)["comment"]["_id"]
    vandal.write(thread, "to oneself", parentId=to_ann)
    chain = vandal.write(thread, "a chain")["comment"]["_id"]
    vandal.write(thread, "its end", parentId=chain)
    ann.write(thread, "the last word")
    gone = ann.pin(picture, comment={"comment": "gone"}, windowUrlId=fresh("w"))
    vandal.write(gone["conversation"]["urlId"], "gone with its marker")
    ann.unpin(gone["createdChatId"])
    deleted = vandal.write(thread, "regretted")["comment"]["_id"]
    vandal.remove(deleted)
    return Scene(picture, vandal, thread, seen(ann, picture))


@pytest.fixture
async def viewer(shared_node: RunningNode, picture: str, scene: Scene) -> AsyncIterator[Viewer]:
    assert scene.picture == picture
    async with shared_node.client() as client, Viewer(shared_node, Person(client), picture) as viewer:
        yield viewer


async def test_all_of_a_person_goes_and_comes_back_as_it_was(
    ann: Visitor, moderator: Visitor, scene: Scene, viewer: Viewer
) -> None:
    body = {"broadcastId": fresh("b")} | scene.of_vandal
    counted = moderator.call("POST", MASS, json=body)
    assert (counted["count"], counted["deleted"], counted["undoId"]) == (7, 0, None)
    assert seen(ann, scene.picture) == scene.before
    for wrong in (0, 6, 8):
        assert moderator.refused("POST", MASS, json=body | {"confirm": wrong}) == "conflict"
    assert seen(ann, scene.picture) == scene.before

    done = moderator.call("POST", MASS, json=body | {"confirm": 7})
    assert (done["count"], done["deleted"], done["undone"]) == (7, 7, False)
    await viewer.equals_a_fresh_snapshot()
    after = seen(ann, scene.picture)
    assert len(viewer.state.conversations) == 1
    listed = ann.thread(scene.thread)
    assert [each["comment"] for each in listed["comments"]] == [
        *("mine", "root", "", "a reply of another's", "the last word"),
    ]
    assert listed["commentCount"] == 4

    assert moderator.call("POST", MASS, json=body | {"confirm": 7}) == done  # tried again
    assert moderator.call("POST", MASS, json=body)["count"] == 0
    assert seen(ann, scene.picture) == after
    listed_deletions = moderator.call("GET", MASS)["deletions"]
    assert {"undoId": done["undoId"], "undone": False}.items() <= listed_deletions[0].items()

    undone = undo(moderator, done["undoId"])
    assert (undone["count"], undone["deleted"], undone["undone"]) == (7, 0, True)
    assert seen(ann, scene.picture) == scene.before
    await viewer.equals_a_fresh_snapshot()
    assert len(viewer.state.conversations) == 2
    assert moderator.call("GET", MASS)["deletions"][0]["undone"] is True
    types = [event["data"].split('"')[3] for event in ann.log(scene.picture)["events"][-7:]]
    assert sorted(types) == ["new-comment"] * 6 + ["new-image-chat"]


async def test_undone_twice_it_brings_back_nothing_that_was_deleted_since(
    visiting: Visiting, ann: Visitor, moderator: Visitor, scene: Scene, viewer: Viewer
) -> None:
    done = mass_delete(moderator, **scene.of_vandal)
    undo(moderator, done["undoId"])
    regretted = next(each for each in ann.thread(scene.thread)["comments"] if each["comment"] == "its end")
    scene.vandal.remove(regretted["_id"])
    before = seen(ann, scene.picture), ann.snapshot(scene.picture)["seq"]
    again = undo(moderator, done["undoId"])
    assert (again["deleted"], again["undone"]) == (0, True)
    assert (seen(ann, scene.picture), ann.snapshot(scene.picture)["seq"]) == before
    by_another = undo(visiting.signed_in(person("min", role=Role.MODERATOR)), done["undoId"])
    assert (by_another["deleted"], by_another["undone"]) == (0, True)
    assert (seen(ann, scene.picture), ann.snapshot(scene.picture)["seq"]) == before
    await viewer.equals_a_fresh_snapshot()
    once_more = mass_delete(moderator, **scene.of_vandal)
    assert once_more["deleted"] == 6
    assert undo(moderator, once_more["undoId"])["deleted"] == 0
    assert seen(ann, scene.picture) == before[0]
    named = [act["act"] for act in acts(visiting.signed_in(ADMIN)) if act["what"] == scene.vandal.id]
    assert named == [
        "delete 7 things of a user",
        "undo the deletion of 7 things of a user",
        "delete 6 things of a user",
        "undo the deletion of 6 things of a user",
    ]


async def test_what_others_do_between_deletion_and_undo_stays(
    ann: Visitor, ben: Visitor, moderator: Visitor, scene: Scene, viewer: Viewer
) -> None:
    done = mass_delete(moderator, **scene.of_vandal)
    ben.write(scene.thread, "in between")
    reply = next(each for each in ann.thread(scene.thread)["comments"] if each["comment"] == "a reply of another's")
    ben.remove(reply["_id"])
    assert undo(moderator, done["undoId"])["deleted"] == 0
    await viewer.equals_a_fresh_snapshot()
    listed = ann.thread(scene.thread)
    assert [each["comment"] for each in listed["comments"]] == [
        *("mine", "root", "alone, and edited", "answered", "to ann", "to oneself", "a chain", "its end"),
        *("the last word", "in between"),
    ]
    assert listed["commentCount"] == 10


async def test_a_marker_that_is_gone_for_good_keeps_its_comments_from_coming_back(
    ann: Visitor, moderator: Visitor, scene: Scene, viewer: Viewer
) -> None:
    done = mass_delete(moderator, **scene.of_vandal)
    [chat] = ann.snapshot(scene.picture)["conversations"]
    ann.unpin(chat["_id"])
    undone = undo(moderator, done["undoId"])
    assert undone["deleted"] == 6
    await viewer.equals_a_fresh_snapshot()
    assert len(viewer.state.conversations) == 1


async def test_all_on_a_picture_goes_and_comes_back_as_it_was(
    visiting: Visiting, ann: Visitor, moderator: Visitor, scene: Scene, viewer: Viewer
) -> None:
    body = {"broadcastId": fresh("b"), "urlId": scene.picture}
    assert moderator.call("POST", MASS, json=body)["count"] == 2
    assert moderator.refused("POST", MASS, json=body | {"confirm": 3}) == "conflict"
    done = mass_delete(moderator, urlId=scene.picture)
    assert done["deleted"] == 2
    assert ann.snapshot(scene.picture)["conversations"] == []
    await viewer.equals_a_fresh_snapshot()
    undo(moderator, done["undoId"])
    assert seen(ann, scene.picture) == scene.before
    await viewer.equals_a_fresh_snapshot()
    assert [act["act"] for act in acts(visiting.signed_in(ADMIN)) if act["what"] == scene.picture] == [
        "delete 2 things on a picture",
        "undo the deletion of 2 things on a picture",
    ]


async def test_too_late_nothing_comes_back(
    shared_node: RunningNode, ann: Visitor, moderator: Visitor, scene: Scene
) -> None:
    done = mass_delete(moderator, **scene.of_vandal)
    after = seen(ann, scene.picture)
    chosen = update(tables.deletions).where(tables.deletions.c.id == done["undoId"])
    beside(shared_node, lambda connection: connection.execute(chosen.values(until=milliseconds())))
    assert moderator.refused("POST", f"{MASS}/{done['undoId']}/undo", json={"broadcastId": "b"}) == "conflict"
    assert seen(ann, scene.picture) == after
    assert done["undoId"] not in {each["undoId"] for each in moderator.call("GET", MASS)["deletions"]}


async def test_AUTH1_private_pictures_that_the_moderator_may_not_see_are_left_alone(
    visiting: Visiting, ann: Visitor, scene: Scene
) -> None:
    admin = visiting.signed_in(ADMIN)
    private = fresh("private")
    scene.vandal.pin(private, comment={"comment": "inside"})
    inside = admin.pin(private, comment={"comment": "hers"}, windowUrlId=fresh("w"))["conversation"]["urlId"]
    scene.vandal.write(inside, "bad")
    lock(admin, private, groupIds=["staff"])
    before = seen(admin, private)
    outsider = visiting.signed_in(person("otto", role=Role.MODERATOR, groups=("others",)))
    assert outsider.refused("POST", MASS, json={"broadcastId": "b", "urlId": private}) == "not-found"
    done = mass_delete(outsider, **scene.of_vandal)
    assert (done["count"], seen(admin, private)) == (7, before)
    undo(outsider, done["undoId"])
    assert (seen(ann, scene.picture), seen(admin, private)) == (scene.before, before)
    everything = mass_delete(admin, **scene.of_vandal)
    assert everything["count"] == 9
    by_outsider = undo(outsider, everything["undoId"])
    assert (by_outsider["count"], by_outsider["deleted"]) == (7, 0)
    assert seen(ann, scene.picture) == scene.before
    undo(admin, everything["undoId"])
    assert seen(admin, private) == before


async def test_AUTH1_what_was_taken_from_private_pictures_is_nobodys_elses_to_list_or_undo(
    visiting: Visiting, ann: Visitor, picture: str
) -> None:
    admin = visiting.signed_in(ADMIN)
    outsider = visiting.signed_in(person("otto", role=Role.MODERATOR, groups=("others",)))
    listed = outsider.call("GET", MASS)["deletions"]
    marker = ann.pin(picture, comment={"comment": "inside"})["createdChatId"]
    lock(admin, picture, groupIds=["staff"])
    done = mass_delete(admin, urlId=picture)
    assert outsider.call("GET", MASS)["deletions"] == listed
    assert outsider.refused("POST", f"{MASS}/{done['undoId']}/undo", json={"broadcastId": "b"}) == "not-found"
    assert admin.call("GET", MASS)["deletions"][0] | {"deleted": 1} == done
    undo(admin, done["undoId"])
    assert [each["_id"] for each in admin.snapshot(picture)["conversations"]] == [marker]


async def test_an_undo_of_what_one_may_see_leaves_the_rest_to_be_undone(
    visiting: Visiting, ann: Visitor, picture: str
) -> None:
    admin = visiting.signed_in(ADMIN)
    outsider = visiting.signed_in(person("otto", role=Role.MODERATOR, groups=("others",)))
    private = fresh("private")
    there, inside = (ann.pin(each, comment={"comment": "here"})["createdChatId"] for each in (picture, private))
    lock(admin, private, groupIds=["staff"])
    done = mass_delete(admin, ids=[there, inside])
    assert undo(outsider, done["undoId"])["count"] == 1
    assert [each["_id"] for each in ann.snapshot(picture)["conversations"]] == [there]
    assert admin.call("GET", MASS)["deletions"][0]["undone"] is False
    gone = admin.call("GET", INBOX, params={"state": "deleted"})["entries"]
    assert [each["id"] for each in gone if each["deleted"]["undoId"] == done["undoId"]] == [inside]
    assert undo(admin, done["undoId"])["undone"] is True
    assert [each["_id"] for each in admin.snapshot(private)["conversations"]] == [inside]


async def test_IDEM1_a_broadcastid_is_of_one_mass_deletion(moderator: Visitor, scene: Scene) -> None:
    mass_delete(moderator, "the same", urlId=scene.picture)
    body = {"broadcastId": "the same", "confirm": 0}
    assert moderator.refused("POST", MASS, json=body | {"userId": "nobody"}) == "conflict"
    assert moderator.refused("POST", MASS, json=body | {"urlId": "another"}) == "conflict"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"userId": "x"},
        {"broadcastId": "b"},
        {"broadcastId": "b", "userId": "x", "urlId": "y"},
        {"broadcastId": "b", "urlId": ""},
        {"broadcastId": "", "userId": "x"},
        {"broadcastId": "b", "userId": "x" * 257},
        {"broadcastId": "b", "userId": "x", "confirm": "all"},
    ],
)
async def test_what_does_not_say_whose_or_where_is_refused(moderator: Visitor, body: dict[str, object]) -> None:
    assert moderator.refused("POST", MASS, json=body) == "invalid-body"


async def test_an_undo_of_nothing_and_a_deletion_of_nothing(visiting: Visiting, moderator: Visitor) -> None:
    assert moderator.refused("POST", f"{MASS}/none/undo", json={"broadcastId": "b"}) == "not-found"
    assert mass_delete(moderator, userId=fresh("nobody"))["count"] == 0
    of_another = visiting.signed_in(person("mo", tenant_id="elsewhere", role=Role.ADMIN))
    assert of_another.refused("GET", MASS) == "unauthorized"


async def test_more_than_fits_in_a_group_goes_and_comes_back(
    visiting: Visiting, ann: Visitor, moderator: Visitor, picture: str
) -> None:
    vandal = visiting.signed_in(person(fresh("vandal"), role=Role.MEMBER))
    thread = fresh("w")
    ann.pin(picture, windowUrlId=thread)
    parents = [vandal.write(thread, f"number {number}")["comment"]["_id"] for number in range(70)]
    for parent in parents:
        ann.write(thread, "a reply", parentId=parent)
    before = seen(ann, picture)
    done = mass_delete(moderator, userId=vandal.id)
    assert done["deleted"] == 70
    assert ann.thread(thread)["commentCount"] == 70
    undo(moderator, done["undoId"])
    assert seen(ann, picture) == before
