from copy import deepcopy
from typing import Any

import msgspec
import pytest

from imagechat.model.commands import Command
from imagechat.model.entities import RoomKind
from imagechat.model.events import CommentCreated, MarkerCreated, MarkerDeleted, MarkerUpdated
from imagechat.model.ids import room_id, wire_room_id
from imagechat.model.principal import Principal
from imagechat.model.wire import ConversationRef, Region
from making import (
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
    refused_with,
    update_marker,
    words,
)

THREAD_ROOM = room_id(TENANT, "thread")


@pytest.fixture
def world() -> World:
    """A picture with Ann's marker, which has no comment yet."""
    world = World()
    world.do(ANN, create_marker())
    return world


def test_a_new_marker_is_an_event_in_the_pictures_room_and_in_its_threads() -> None:
    world = World()
    change = world.do(ANN, create_marker(x=1.5, y=99.0, src="/a.png", region=Region(2.0, 1.0)))
    assert [placed.room_id for placed in change.placed] == [PICTURE_ROOM, THREAD_ROOM]
    event = change.placed[0].event
    assert isinstance(event, MarkerCreated)
    made = event.conversation
    assert (made.id, made.url_id, made.x, made.y, made.src) == ("m-thread", "thread", 1.5, 99.0, "/a.png")
    assert (made.region, made.resolved, made.comment_count, made.last_comment_at) == (Region(2.0, 1.0), False, 0, None)
    assert (made.user_id, made.created_at) == (ANN.user_id, "2023-11-14T22:13:20.000Z")
    assert event.comment is msgspec.UNSET


def test_ECHO1_the_event_carries_the_commands_broadcastid_in_every_room() -> None:
    change = World().do(ANN, create_marker(broadcast_id="mine"))
    assert [placed.event.broadcast_id for placed in change.placed] == ["mine", "mine"]
    assert [placed.event.user_id for placed in change.placed] == [ANN.user_id, ANN.user_id]


def test_a_marker_made_with_its_first_comment_is_one_event_that_counts_it() -> None:
    world = World()
    change = world.do(ANN, create_marker(comment=words("first")))
    event = change.placed[0].event
    assert isinstance(event, MarkerCreated)
    assert not isinstance(event.comment, msgspec.UnsetType)
    assert event.comment.comment == "first"
    assert event.comment.url_id == "thread"
    assert (event.conversation.comment_count, event.conversation.last_comment_at) == (1, event.comment.date)
    assert world.view.rooms[THREAD_ROOM].comment_count == 1


def test_a_marker_adopts_the_thread_that_its_maker_began() -> None:
    world = World()
    first = world.do(ANN, create_comment()).comments[0].comment
    change = world.do(ANN, create_marker(created_from_comment_id=first.id))
    event = change.placed[0].event
    assert isinstance(event, MarkerCreated)
    assert (event.conversation.comment_count, event.conversation.last_comment_at) == (1, first.date)
    assert [placed.event.seq for placed in change.placed] == [1, 2]  # the thread's room goes on
    assert world.view.rooms[THREAD_ROOM].picture_id == PICTURE_ROOM


def test_SNAP1_a_marker_names_its_thread_as_the_comments_do_however_it_was_given() -> None:
    # the fold counts a comment on the marker whose urlId is the comment's
    world = World()
    first = world.do(ANN, create_comment()).comments[0].comment
    marker = create_marker(window_url_id=wire_room_id("thread"), created_from_comment_id=first.id)
    made = world.do(ANN, marker).placed[0].event
    said = world.do(BEN, create_comment(wire_room_id("thread"))).placed[0].event
    assert isinstance(made, MarkerCreated)
    assert isinstance(said, CommentCreated)
    assert made.conversation.url_id == said.comment.url_id == first.url_id


def test_a_moderator_adopts_somebody_elses_thread() -> None:
    world = World()
    first = world.do(ANN, create_comment()).comments[0].comment
    world.do(MODERATOR, create_marker(created_from_comment_id=first.id))
    assert world.view.marker_of_thread[THREAD_ROOM] == "m-thread"


def test_nobody_adopts_somebody_elses_thread() -> None:
    world = World()
    first = world.do(ANN, create_comment()).comments[0].comment
    assert refused_with(lambda: world.do(BEN, create_marker(created_from_comment_id=first.id))) == "forbidden"


def test_adoption_names_a_comment_that_is_in_the_thread() -> None:
    world = World()
    elsewhere = world.do(ANN, create_comment("another")).comments[0].comment
    gone = world.do(ANN, create_comment()).comments[0].comment
    world.do(ANN, delete_comment(gone.id))
    for comment_id in ("no-such", elsewhere.id, gone.id):
        command = create_marker(created_from_comment_id=comment_id)
        assert refused_with(world.do, ANN, command) == "not-found", comment_id


def test_a_thread_with_comments_is_not_taken_without_naming_the_first_one() -> None:
    world = World()
    world.do(ANN, create_comment())
    assert refused_with(lambda: world.do(ANN, create_marker())) == "conflict"


@pytest.mark.parametrize("marker_id", ["m-thread", "another"])
def test_a_thread_has_one_marker(world: World, marker_id: str) -> None:
    assert refused_with(lambda: world.do(ANN, create_marker(marker_id=marker_id))) == "conflict"


def test_a_deleted_markers_thread_is_not_taken_again(world: World) -> None:
    world.do(ANN, delete_marker())
    assert refused_with(lambda: world.do(ANN, create_marker())) == "conflict"


def test_a_picture_is_no_thread_and_a_thread_is_no_picture(world: World) -> None:
    assert refused_with(lambda: world.do(ANN, create_marker("other", url_id="thread"))) == "conflict"
    assert refused_with(lambda: world.do(ANN, create_marker(PICTURE, url_id="second picture"))) == "conflict"
    assert refused_with(lambda: world.do(ANN, create_marker("same", url_id="same"))) == "conflict"


@pytest.mark.parametrize("place", [{"x": -0.1}, {"y": 100.1}, {"x": float("nan")}, {"region": Region(90.1, 1.0)}])
def test_a_marker_lies_on_the_picture(place: dict[str, Any]) -> None:
    assert refused_with(lambda: World().do(ANN, create_marker(**place))) == "invalid-coordinates"


def test_moving_and_resolving_keep_what_is_not_named(world: World) -> None:
    world.do(BEN, create_comment())
    event = world.do(ANN, update_marker(x=50.0, resolved=True)).placed[0].event
    assert isinstance(event, MarkerUpdated)
    changed = event.conversation
    assert (changed.x, changed.y, changed.resolved, changed.comment_count) == (50.0, 20.0, True, 1)
    assert world.view.markers["m-thread"].x == 50.0


def test_reopening_is_a_change_like_any_other(world: World) -> None:
    world.do(ANN, update_marker(resolved=True))
    event = world.do(ANN, update_marker(resolved=False)).placed[0].event
    assert isinstance(event, MarkerUpdated)
    assert event.conversation.resolved is False


def test_a_region_is_given_changed_and_removed(world: World) -> None:
    for command, region in (
        (update_marker(region=Region(5.0, 6.0)), Region(5.0, 6.0)),
        (update_marker(x=0.0), Region(5.0, 6.0)),
        (update_marker(without_region=True), msgspec.UNSET),
    ):
        event = world.do(ANN, command).placed[0].event
        assert isinstance(event, MarkerUpdated)
        assert event.conversation.region == region


def test_a_marker_is_not_moved_so_that_its_region_leaves_the_picture(world: World) -> None:
    world.do(ANN, update_marker(region=Region(50.0, 50.0)))
    assert refused_with(lambda: world.do(ANN, update_marker(x=50.1))) == "invalid-coordinates"
    assert world.view.markers["m-thread"].x == 10.0


def test_an_update_that_changes_nothing_is_refused(world: World) -> None:
    assert refused_with(lambda: world.do(ANN, update_marker())) == "invalid-body"


def test_deleting_a_marker_names_it_and_its_thread(world: World) -> None:
    change = world.do(ANN, delete_marker())
    event = change.placed[0].event
    assert isinstance(event, MarkerDeleted)
    assert event.conversation == ConversationRef(id="m-thread", url_id="thread")
    assert [placed.room_id for placed in change.placed] == [PICTURE_ROOM, THREAD_ROOM]


@pytest.mark.parametrize("command", [update_marker(x=1.0), delete_marker(), create_comment()])
def test_what_was_deleted_is_not_there(world: World, command: Command) -> None:
    world.do(ANN, delete_marker())
    assert refused_with(lambda: world.do(ANN, command)) == "not-found"


@pytest.mark.parametrize("command", [update_marker("none", x=1.0), delete_marker("none")])
def test_a_marker_that_never_was_is_not_found(world: World, command: Command) -> None:
    assert refused_with(lambda: world.do(ANN, command)) == "not-found"


@pytest.mark.parametrize(
    ("who", "tenant_id"), [(STRANGER, TENANT), (STRANGER, "elsewhere"), (ANN, "elsewhere")], ids=str
)
def test_AUTH1_another_tenants_marker_is_not_found(world: World, who: Principal, tenant_id: str) -> None:
    assert refused_with(lambda: world.do(who, update_marker(x=1.0, tenant_id=tenant_id))) == "not-found"
    assert refused_with(lambda: world.do(who, delete_marker(tenant_id=tenant_id))) == "not-found"


def test_only_the_maker_or_a_moderator_changes_and_deletes_a_marker(world: World) -> None:
    assert refused_with(lambda: world.do(BEN, update_marker(x=1.0))) == "forbidden"
    assert refused_with(lambda: world.do(BEN, delete_marker())) == "forbidden"
    world.do(MODERATOR, update_marker(x=1.0))
    world.do(MODERATOR, delete_marker())
    assert world.view.markers["m-thread"].deleted


@pytest.mark.parametrize(
    ("who", "command"),
    [
        (ANN, create_marker()),
        (ANN, create_marker("other", x=101.0)),
        (ANN, create_marker("other", created_from_comment_id="none")),
        (ANN, update_marker()),
        (ANN, update_marker(y=-1.0)),
        (BEN, delete_marker()),
        (STRANGER, create_comment()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_refusal_changes_nothing(world: World, who: Principal, command: Command) -> None:
    before = deepcopy(world.view)
    refused_with(lambda: world.do(who, command))
    assert world.view == before


def test_rooms_are_of_the_kind_that_their_first_command_made(world: World) -> None:
    assert world.view.rooms[PICTURE_ROOM].kind is RoomKind.PICTURE
    assert world.view.rooms[THREAD_ROOM].kind is RoomKind.THREAD
