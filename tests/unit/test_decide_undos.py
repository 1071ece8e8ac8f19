"""Taking one's own deletion back: for ten minutes, by whoever did it, and of what is still gone by it."""

from collections.abc import Callable

import msgspec
import pytest

from imagechat.model.commands import Command
from imagechat.model.events import CommentCreated, MarkerCreated
from imagechat.model.limits import UNDO_MS
from imagechat.model.principal import Principal
from imagechat.model.quotas import Quotas
from imagechat.model.tenant import TenantSettings, Who
from imagechat.model.wire import Comment
from making import (
    ANN,
    BEN,
    MODERATOR,
    STRANGER,
    TENANT,
    World,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    refused_with,
    restore_comment,
    restore_marker,
    undo_comment,
    undo_marker,
    update_picture,
    words,
)


@pytest.fixture
def world() -> World:
    """A picture with Ann's marker, in which she and Ben have written."""
    world = World()
    world.do(ANN, create_marker(comment=words("first", comment_id="c-ann")))
    world.do(BEN, create_comment(comment=words("second", comment_id="c-ben")))
    return world


def refused(world: World, who: Principal, command: Command) -> str:
    return refused_with(world.do, who, command)


def comment(world: World, comment_id: str) -> Comment:
    return world.view.comments[comment_id].comment


def test_a_comment_comes_back_as_it_was(world: World) -> None:
    world.do(BEN, edit_comment("c-ben", "second thoughts"))
    was = comment(world, "c-ben")
    world.do(BEN, delete_comment("c-ben"))
    change = world.do(BEN, undo_comment("c-ben"))
    event = change.placed[0].event
    assert isinstance(event, CommentCreated)
    assert event.comment == was == comment(world, "c-ben")
    assert (event.user_id, change.act) == (BEN.user_id, None)
    assert [room.comment_count for room in change.rooms][-1] == 2


def test_one_with_replies_takes_its_empty_place_again(world: World) -> None:
    world.do(ANN, create_comment(comment=words("reply", comment_id="c-reply", parent_id="c-ben")))
    world.do(BEN, delete_comment("c-ben"))
    world.do(BEN, undo_comment("c-ben"))
    assert comment(world, "c-ben").comment == "second"
    assert world.view.comments["c-ben"].replies == 1


def test_a_reply_counts_again_at_what_it_replies_to(world: World) -> None:
    world.do(ANN, create_comment(comment=words("reply", comment_id="c-reply", parent_id="c-ben")))
    world.do(ANN, delete_comment("c-reply"))
    assert world.view.comments["c-ben"].replies == 0
    world.do(ANN, undo_comment("c-reply"))
    assert world.view.comments["c-ben"].replies == 1


def test_a_marker_comes_back_with_its_thread(world: World) -> None:
    world.do(ANN, delete_marker())
    change = world.do(ANN, undo_marker())
    event = change.placed[0].event
    assert isinstance(event, MarkerCreated)
    assert (event.conversation.id, event.conversation.comment_count) == ("m-thread", 2)
    assert (change.rooms[0].marker_count, world.view.markers["m-thread"].deleted) == (1, False)


@pytest.mark.parametrize(
    ("delete", "undo"), [(delete_comment("c-ann"), undo_comment("c-ann")), (delete_marker(), undo_marker())]
)
def test_it_may_be_done_for_ten_minutes_exactly_and_once(world: World, delete: Command, undo: Command) -> None:
    world.do(ANN, delete)
    world.now += UNDO_MS + 1
    assert refused(world, ANN, undo) == "not-found"
    world.now -= 1
    world.do(ANN, undo)
    assert refused(world, ANN, undo) == "conflict"
    assert UNDO_MS == 600_000


@pytest.mark.parametrize(
    ("delete", "undo"), [(delete_comment("c-ann"), undo_comment("c-ann")), (delete_marker(), undo_marker())]
)
def test_an_author_does_not_bring_back_what_a_moderator_deleted(world: World, delete: Command, undo: Command) -> None:
    world.do(ANN, delete)
    world.do(ANN, undo)
    world.do(MODERATOR, delete)
    assert refused(world, ANN, undo) == "not-found"
    change = world.do(MODERATOR, undo)
    assert change.act is not None
    assert change.act.startswith("bring this")


@pytest.mark.parametrize("undo", [undo_comment("c-ann"), undo_marker()])
def test_nobody_brings_back_what_is_there_or_another_has_made(world: World, undo: Command) -> None:
    assert refused(world, ANN, undo) == "conflict"
    assert refused(world, BEN, undo) == "forbidden"
    assert refused(world, STRANGER, undo) == "not-found"
    assert refused(world, ANN, of_tenant(undo, "elsewhere")) == "not-found"


def of_tenant(command: Command, tenant_id: str) -> Command:
    make: Callable[..., Command] = undo_marker if hasattr(command, "marker_id") else undo_comment
    thing = getattr(command, "marker_id", None) or getattr(command, "comment_id", "")
    return make(thing, tenant_id=tenant_id)


@pytest.mark.parametrize("undo", [undo_comment("none"), undo_marker("none")])
def test_what_never_was_is_not_found(world: World, undo: Command) -> None:
    assert refused(world, ANN, undo) == "not-found"


def test_another_undo_in_between_ends_it(world: World) -> None:
    was = comment(world, "c-ann")
    world.do(ANN, delete_comment("c-ann"))
    world.do(MODERATOR, restore_comment(was))
    world.do(MODERATOR, delete_comment("c-ann", undoable=False))
    assert refused(world, ANN, undo_comment("c-ann")) == "not-found"
    world.do(ANN, delete_marker())
    world.do(MODERATOR, restore_marker())
    world.do(MODERATOR, delete_marker(undoable=False))
    assert refused(world, ANN, undo_marker()) == "not-found"
    assert refused(world, MODERATOR, undo_marker()) == "not-found"


def test_a_comment_waits_for_its_marker_to_come_back(world: World) -> None:
    world.do(ANN, delete_comment("c-ann"))
    world.do(ANN, delete_marker())
    assert refused(world, ANN, undo_comment("c-ann")) == "not-found"
    world.do(ANN, undo_marker())
    world.do(ANN, undo_comment("c-ann"))
    assert comment(world, "c-ann").comment == "first"


def test_nothing_comes_back_to_a_locked_picture(world: World) -> None:
    world.do(ANN, delete_comment("c-ann"))
    world.do(MODERATOR, update_picture(read_only=True))
    assert refused(world, ANN, undo_comment("c-ann")) == "read-only"


def test_who_may_not_comment_or_mark_any_more_brings_nothing_back(world: World) -> None:
    world.do(ANN, delete_comment("c-ann"))
    world.settings = TenantSettings(comment=Who.MODERATORS, create=Who.MODERATORS)
    assert refused(world, ANN, undo_comment("c-ann")) == "forbidden"
    world.do(ANN, delete_marker())
    assert refused(world, ANN, undo_marker()) == "forbidden"


def test_an_undo_does_not_go_over_a_limit(world: World) -> None:
    world.do(ANN, delete_comment("c-ann"))
    world.settings = TenantSettings(limits=Quotas(comments_per_thread=1, markers_per_picture=1))
    assert refused(world, ANN, undo_comment("c-ann")) == "limit-reached"
    world.do(ANN, delete_marker())
    world.do(BEN, create_marker("other"))
    assert refused(world, ANN, undo_marker()) == "limit-reached"


def test_words_of_somebody_who_was_erased_meanwhile_stay_away(world: World) -> None:
    world.do(MODERATOR, delete_comment("c-ann"))
    found = world.view.comments["c-ann"]
    nobody = msgspec.structs.replace(found.comment, user_id="erased-1")
    world.view.comments["c-ann"] = msgspec.structs.replace(found, comment=nobody)
    assert refused(world, MODERATOR, undo_comment("c-ann", tenant_id=TENANT)) == "not-found"
