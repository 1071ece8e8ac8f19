"""What moderators do to pictures and to what others made, and how much a picture and a tenant may hold."""

from copy import deepcopy
from typing import Any

import msgspec
import pytest

from imagechat.model.commands import Command, DeleteComment, DeleteMarker
from imagechat.model.entities import RoomKind
from imagechat.model.events import CommentCreated, MarkerCreated, PictureUpdated
from imagechat.model.ids import room_id
from imagechat.model.principal import Principal, Role
from imagechat.model.quotas import Quotas
from imagechat.model.tenant import TenantSettings
from imagechat.model.wire import Comment, PictureState
from making import (
    ADMIN,
    ANN,
    BEN,
    MODERATOR,
    PICTURE,
    PICTURE_ROOM,
    STRANGER,
    TENANT,
    World,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    person,
    refused_with,
    restore_comment,
    restore_marker,
    update_marker,
    update_picture,
    words,
)

THREAD_ROOM = room_id(TENANT, "thread")
OUTSIDER = person("otto", role=Role.MODERATOR, groups=("others",))


@pytest.fixture
def world() -> World:
    """A picture with Ann's marker and Ben's comment in it."""
    world = World()
    world.do(ANN, create_marker())
    world.do(BEN, create_comment(comment=words(comment_id="c-ben")))
    return world


def comment_in(world: World, comment_id: str = "c-ben") -> Comment:
    return world.view.comments[comment_id].comment


# -- locked, and given to groups


def test_locking_is_one_event_in_the_pictures_room_only(world: World) -> None:
    before = world.view.rooms[PICTURE_ROOM]
    change = world.do(MODERATOR, update_picture(read_only=True, broadcast_id="mine"))
    [placed] = change.placed
    assert isinstance(placed.event, PictureUpdated)
    assert (placed.room_id, placed.event.seq, placed.event.picture) == (
        PICTURE_ROOM,
        before.seq + 1,
        PictureState(read_only=True),
    )
    assert (placed.event.broadcast_id, placed.event.user_id) == ("mine", MODERATOR.user_id)
    assert (change.act, change.access.read_only) == ("lock this picture", True)
    assert world.do(MODERATOR, update_picture(read_only=False)).act == "unlock this picture"
    assert world.view.rooms[PICTURE_ROOM].read_only is False


@pytest.mark.parametrize(
    "command",
    [
        create_marker("other"),
        create_comment(),
        update_marker(x=1.0),
        edit_comment("c-ben"),
        delete_comment("c-ben"),
        delete_marker(),
    ],
    ids=lambda command: type(command).__name__,
)
def test_on_a_locked_picture_visitors_do_nothing_and_moderators_only_delete(world: World, command: Command) -> None:
    world.do(MODERATOR, update_picture(read_only=True))
    assert refused_with(world.do, ANN, command) == "read-only"
    assert refused_with(world.do, BEN, command) == "read-only"
    if isinstance(command, DeleteMarker | DeleteComment):
        assert world.do(MODERATOR, command).access.read_only
    else:
        assert refused_with(lambda: world.do(MODERATOR, command)) == "read-only"


def test_a_picture_is_locked_before_anybody_has_written_on_it() -> None:
    world = World()
    world.do(MODERATOR, update_picture(read_only=True))
    assert world.view.rooms[PICTURE_ROOM].seq == 1
    assert refused_with(lambda: world.do(ANN, create_marker())) == "read-only"


@pytest.mark.parametrize(
    ("change", "act", "groups"),
    [
        ({"groups": ("staff",)}, "give this picture to groups", ("staff",)),
        ({"groups": ()}, "give this picture to groups", ()),
        ({"for_everyone": True}, "open this picture to everyone", None),
        ({"read_only": True, "groups": ("a", "b")}, "lock this picture, give this picture to groups", ("a", "b")),
    ],
)
def test_an_admin_says_whose_groups_a_picture_is(
    world: World, change: dict[str, Any], act: str, groups: tuple[str, ...] | None
) -> None:
    world.do(ADMIN, update_picture(groups=("before",)))
    done = world.do(ADMIN, update_picture(**change))
    assert (done.act, done.access.groups, world.view.rooms[PICTURE_ROOM].groups) == (act, groups, groups)


def test_what_is_not_named_stays(world: World) -> None:
    world.do(ADMIN, update_picture(groups=("staff",), read_only=True))
    world.do(ADMIN, update_picture(groups=("others",)))
    world.do(OUTSIDER, update_picture(read_only=False))
    room = world.view.rooms[PICTURE_ROOM]
    assert (room.groups, room.read_only, room.marker_count) == (("others",), False, 1)


@pytest.mark.parametrize(
    ("who", "command", "code"),
    [
        (ANN, update_picture(read_only=True), "forbidden"),
        (MODERATOR, update_picture(groups=()), "forbidden"),
        (MODERATOR, update_picture(for_everyone=True), "forbidden"),
        (MODERATOR, update_picture(read_only=True, groups=()), "forbidden"),
        (MODERATOR, update_picture(), "invalid-body"),
        (MODERATOR, update_picture("thread", read_only=True), "conflict"),
        (STRANGER, update_picture(read_only=True), "not-found"),
    ],
)
def test_who_may_not_change_a_picture_changes_nothing(
    world: World, who: Principal, command: Command, code: str
) -> None:
    before = deepcopy(world.view)
    assert refused_with(lambda: world.do(who, command)) == code
    assert world.view == before


# -- brought back


def test_a_marker_comes_back_with_its_thread_as_it_was(world: World) -> None:
    before = world.view.markers["m-thread"], world.view.rooms[THREAD_ROOM].comment_count
    world.do(MODERATOR, delete_marker())
    assert world.view.rooms[PICTURE_ROOM].marker_count == 0
    change = world.do(MODERATOR, restore_marker())
    event = change.placed[0].event
    assert isinstance(event, MarkerCreated)
    assert event.user_id == ANN.user_id
    assert event.comment is msgspec.UNSET
    assert (event.conversation.comment_count, event.conversation.last_comment_at) == (1, comment_in(world).date)
    assert [placed.room_id for placed in change.placed] == [PICTURE_ROOM, THREAD_ROOM]
    assert (world.view.markers["m-thread"], world.view.rooms[THREAD_ROOM].comment_count) == before
    assert world.view.rooms[PICTURE_ROOM].marker_count == 1
    world.do(BEN, create_comment())


def test_a_comment_without_replies_comes_back_to_its_place_and_is_counted(world: World) -> None:
    before = world.view.comments["c-ben"]
    world.do(BEN, create_comment(comment=words(comment_id="c-later")))
    room = world.view.rooms[THREAD_ROOM]
    assert world.do(MODERATOR, delete_comment("c-ben")).act == "delete this comment"
    change = world.do(MODERATOR, restore_comment(before.comment))
    event = change.placed[-1].event
    assert isinstance(event, CommentCreated)
    assert (event.comment, event.user_id, change.act) == (before.comment, BEN.user_id, None)
    assert world.view.comments["c-ben"] == before
    after = world.view.rooms[THREAD_ROOM]
    assert (after.comment_count, after.last_comment_at) == (room.comment_count, room.last_comment_at)


def test_an_emptied_place_is_filled_again_and_keeps_its_replies(world: World) -> None:
    before = comment_in(world)
    world.do(ANN, create_comment(comment=words(comment_id="c-reply", parent_id="c-ben")))
    world.do(MODERATOR, delete_comment("c-ben"))
    assert (world.view.comments["c-ben"].removed, comment_in(world).comment) == (False, "")
    world.do(MODERATOR, restore_comment(before))
    assert (world.view.comments["c-ben"].replies, comment_in(world)) == (1, before)


def test_a_reply_that_comes_back_is_counted_by_what_it_replied_to(world: World) -> None:
    world.do(ANN, create_comment(comment=words(comment_id="c-reply", parent_id="c-ben")))
    before = {name: world.view.comments[name] for name in ("c-ben", "c-reply")}
    for name in ("c-reply", "c-ben"):
        world.do(MODERATOR, delete_comment(name))
    assert all(world.view.comments[name].removed for name in before)
    for name in ("c-ben", "c-reply"):
        world.do(MODERATOR, restore_comment(before[name].comment))
    assert {name: world.view.comments[name] for name in before} == before


def test_what_is_there_is_not_restored(world: World) -> None:
    assert refused_with(lambda: world.do(MODERATOR, restore_marker())) == "conflict"
    assert refused_with(lambda: world.do(MODERATOR, restore_comment(comment_in(world)))) == "conflict"


@pytest.mark.parametrize(("who", "code"), [(ANN, "forbidden"), (BEN, "forbidden"), (OUTSIDER, "not-found")])
def test_AUTH1_only_moderators_who_may_see_the_picture_restore(world: World, who: Principal, code: str) -> None:
    comment = comment_in(world)
    world.do(MODERATOR, delete_comment("c-ben"))
    if who is OUTSIDER:
        world.do(ADMIN, update_picture(groups=("staff",)))
    assert refused_with(lambda: world.do(who, restore_comment(comment))) == code
    world.do(ADMIN, delete_marker())
    assert refused_with(lambda: world.do(who, restore_marker())) == code


def test_AUTH1_what_never_was_or_is_elsewhere_is_not_restored(world: World) -> None:
    comment = comment_in(world)
    world.do(MODERATOR, delete_comment("c-ben"))
    for command in (
        restore_marker("none"),
        restore_comment(msgspec.structs.replace(comment, id="none")),
        restore_comment(comment, tenant_id="elsewhere"),
        restore_marker(tenant_id="elsewhere"),
    ):
        assert refused_with(world.do, MODERATOR, command) == "not-found"


def test_a_comment_does_not_come_back_to_a_marker_that_is_gone(world: World) -> None:
    comment = comment_in(world)
    world.do(MODERATOR, delete_comment("c-ben"))
    world.do(MODERATOR, delete_marker())
    assert refused_with(lambda: world.do(MODERATOR, restore_comment(comment))) == "not-found"
    world.do(MODERATOR, restore_marker())
    world.do(MODERATOR, restore_comment(comment))


def test_a_locked_picture_and_a_full_one_take_back_what_was_theirs(world: World) -> None:
    comment = comment_in(world)
    world.settings = TenantSettings(limits=Quotas(markers_per_picture=1, comments_per_thread=1))
    world.do(MODERATOR, delete_comment("c-ben"))
    world.do(BEN, create_comment())
    world.do(MODERATOR, delete_marker())
    world.do(ANN, create_marker("other"))
    world.do(MODERATOR, update_picture(read_only=True))
    world.do(MODERATOR, restore_marker())
    world.do(MODERATOR, restore_comment(comment))
    assert (world.view.rooms[PICTURE_ROOM].marker_count, world.view.rooms[THREAD_ROOM].comment_count) == (2, 2)


# -- the audit log's word for it


@pytest.mark.parametrize(
    ("who", "command", "act"),
    [
        (ANN, update_marker(x=1.0), None),
        (ANN, delete_marker(), None),
        (BEN, edit_comment("c-ben"), None),
        (BEN, delete_comment("c-ben"), None),
        (BEN, create_comment(), None),
        (MODERATOR, create_marker("other"), None),
        (MODERATOR, update_marker(resolved=True), "change this marker"),
        (MODERATOR, delete_marker(), "delete this marker"),
        (MODERATOR, delete_comment("c-ben"), "delete this comment"),
    ],
)
def test_what_is_done_to_what_others_made_is_an_act(
    world: World, who: Principal, command: Command, act: str | None
) -> None:
    assert world.do(who, command).act == act


def test_adopting_somebody_elses_thread_is_an_act() -> None:
    world = World()
    world.do(ANN, create_comment("early", words(comment_id="c-early")))
    adopt = create_marker("early", created_from_comment_id="c-early")
    assert world.do(MODERATOR, adopt).act == "make a marker of this thread"


# -- as many as fit


def limits(**more: int | None) -> TenantSettings:
    return TenantSettings(limits=Quotas(**more))


def test_a_picture_holds_so_many_markers_and_one_more_when_one_goes() -> None:
    world = World()
    world.settings = limits(markers_per_picture=3)
    for number in range(3):
        world.do(ANN, create_marker(f"t{number}"))
    assert refused_with(lambda: world.do(ANN, create_marker("t3"))) == "limit-reached"
    world.do(ANN, create_marker("elsewhere", url_id="another picture"))
    world.do(ANN, delete_marker("m-t0"))
    world.do(ANN, create_marker("t3"))
    assert refused_with(lambda: world.do(MODERATOR, create_marker("t4"))) == "limit-reached"
    world.settings = limits(markers_per_picture=None)
    world.do(ANN, create_marker("t4"))


def test_a_thread_holds_so_many_comments_and_one_more_when_one_goes() -> None:
    world = World()
    world.settings = limits(comments_per_thread=2)
    world.do(ANN, create_marker(comment=words(comment_id="c-first")))
    world.do(ANN, create_comment())
    assert refused_with(lambda: world.do(ANN, create_comment())) == "limit-reached"
    world.do(ANN, delete_comment("c-first"))
    world.do(ANN, create_comment())
    assert refused_with(lambda: world.do(ANN, create_comment())) == "limit-reached"


def test_a_tenant_holds_so_many_pictures_and_those_that_it_has_take_more_markers() -> None:
    world = World()
    world.settings = limits(pictures_per_tenant=2)
    for picture in ("p0", "p1"):
        world.do(ANN, create_marker(f"t-{picture}", url_id=picture))
    assert refused_with(lambda: world.do(ANN, create_marker("t-p2", url_id="p2"))) == "limit-reached"
    world.do(ANN, create_marker("t-more", url_id="p1"))
    world.do(ANN, create_comment("t-p0"))
    world.do(STRANGER, create_marker("t-p2", url_id="p2", tenant_id="elsewhere"))


def test_a_refusal_for_a_limit_says_how_many_there_are() -> None:
    world = World()
    world.settings = limits(markers_per_picture=1)
    world.do(ANN, create_marker())
    with pytest.raises(Exception, match="There are 1 markers on this picture already, and no more fit"):
        world.do(ANN, create_marker("other"))


def test_a_name_that_somebody_commented_under_first_is_a_pictures_again_when_the_comments_are_gone() -> None:
    world = World()
    squatted = create_comment(PICTURE, words(comment_id="squat"))
    squatted_comment = world.do(BEN, squatted).comments[0].comment
    assert refused_with(lambda: world.do(ANN, create_marker())) == "conflict"
    world.do(MODERATOR, delete_comment("squat"))
    marker = world.do(ANN, create_marker())
    assert marker.rooms[0].kind is RoomKind.PICTURE
    assert marker.placed[0].event.seq == 3
    assert refused_with(lambda: world.do(BEN, create_comment(PICTURE))) == "conflict"
    again = restore_comment(squatted_comment)
    assert refused_with(lambda: world.do(MODERATOR, again)) == "conflict"
