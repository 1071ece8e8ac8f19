import msgspec
import pytest

from imagechat.model.commands import Command, RestoreComment
from imagechat.model.decide_comments import NAMELESS
from imagechat.model.events import CommentCreated, CommentDeleted, CommentEdited
from imagechat.model.ids import room_id
from imagechat.model.limits import REPLY_DEPTH
from imagechat.model.principal import Principal, Role
from imagechat.model.wire import Comment
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
    edit_comment,
    person,
    refused_with,
    words,
)

THREAD_ROOM = room_id(TENANT, "thread")


@pytest.fixture
def world() -> World:
    """A picture with Ann's marker, which has no comment yet."""
    world = World()
    world.do(ANN, create_marker())
    return world


def comment(world: World, who: Principal = ANN, text: str = "hello", parent: Comment | None = None) -> Comment:
    made = world.do(who, create_comment(comment=words(text, parent_id=None if parent is None else parent.id)))
    return made.comments[0].comment


def test_a_comment_is_an_event_in_the_pictures_room_and_in_the_threads(world: World) -> None:
    change = world.do(BEN, create_comment(comment=words("*hi*", page_url="https://example.org/")))
    assert [(placed.room_id, placed.event.seq) for placed in change.placed] == [(PICTURE_ROOM, 2), (THREAD_ROOM, 2)]
    event = change.placed[1].event
    assert isinstance(event, CommentCreated)
    made = event.comment
    assert (made.comment, made.comment_html, made.url) == ("*hi*", "<p><em>hi</em></p>", "https://example.org/")
    assert (made.tenant_id, made.url_id, made.user_id) == (TENANT, "thread", BEN.user_id)
    assert made.date == "2023-11-14T22:13:20.001Z"
    assert (made.verified, made.approved, made.locale, made.parent_id) == (True, True, None, msgspec.UNSET)


def test_a_thread_may_be_there_before_its_marker() -> None:
    world = World()
    change = world.do(ANN, create_comment())
    assert [placed.room_id for placed in change.placed] == [THREAD_ROOM]
    assert world.view.rooms[THREAD_ROOM].picture_id is None


def test_after_adoption_the_picture_carries_the_threads_events_too() -> None:
    world = World()
    first = comment(world)
    world.do(ANN, create_marker(created_from_comment_id=first.id))
    change = world.do(BEN, create_comment())
    assert [(placed.room_id, placed.event.seq) for placed in change.placed] == [(PICTURE_ROOM, 2), (THREAD_ROOM, 3)]


def test_nobody_comments_in_a_pictures_own_room(world: World) -> None:
    assert refused_with(lambda: world.do(ANN, create_comment(PICTURE))) == "conflict"


def test_AUTH1_a_caller_of_another_tenant_comments_nowhere(world: World) -> None:
    assert refused_with(lambda: world.do(STRANGER, create_comment())) == "not-found"


@pytest.mark.parametrize(
    ("who", "given", "shown"),
    [
        (ANN, "Annie", "Annie"),
        (ANN, None, NAMELESS),
        (person("sso", name="Signed In"), "Somebody Else", "Signed In"),
    ],
    ids=["given", "nameless", "signed-in"],
)
def test_a_name_comes_from_the_session_or_else_from_the_comment(
    world: World, who: Principal, given: str | None, shown: str
) -> None:
    assert (
        world.do(who, create_comment(comment=words(commenter_name=given))).comments[0].comment.commenter_name == shown
    )


def test_an_avatar_comes_from_the_session_or_else_from_the_comment(world: World) -> None:
    plain = world.do(ANN, create_comment(comment=words(avatar_src="https://a/1"))).comments[0].comment
    signed = person("sso", avatar="https://a/2")
    own = world.do(signed, create_comment(comment=words(avatar_src="https://a/1"))).comments[0].comment
    assert (plain.avatar_src, own.avatar_src) == ("https://a/1", "https://a/2")
    assert comment(world).avatar_src is msgspec.UNSET


@pytest.mark.parametrize(
    ("role", "moderator", "admin"),
    [
        (Role.ANONYMOUS, msgspec.UNSET, msgspec.UNSET),
        (Role.MEMBER, msgspec.UNSET, msgspec.UNSET),
        (Role.MODERATOR, True, msgspec.UNSET),
        (Role.ADMIN, msgspec.UNSET, True),
    ],
)
def test_a_comment_tells_the_role_of_who_wrote_it(world: World, role: Role, moderator: object, admin: object) -> None:
    made = comment(world, person("somebody", role=role))
    assert (made.is_by_moderator, made.is_by_admin) == (moderator, admin)


def test_replies_go_ten_deep_and_no_deeper(world: World) -> None:
    parent = comment(world)
    for _ in range(REPLY_DEPTH):
        parent = comment(world, parent=parent)
    assert refused_with(lambda: comment(world, parent=parent)) == "invalid-body"


def test_a_reply_counts_on_its_parent_only(world: World) -> None:
    root = comment(world)
    reply = comment(world, BEN, parent=root)
    comment(world, parent=reply)
    assert [world.view.comments[one.id].replies for one in (root, reply)] == [1, 1]
    assert reply.parent_id == root.id


def test_nobody_replies_to_what_is_not_there_or_elsewhere(world: World) -> None:
    elsewhere = world.do(ANN, create_comment("another")).comments[0].comment
    removed, emptied = comment(world), comment(world)
    comment(world, parent=emptied)
    world.do(ANN, delete_comment(removed.id))
    world.do(ANN, delete_comment(emptied.id))
    for parent in (elsewhere, removed, emptied):
        assert refused_with(world.do, ANN, create_comment(comment=words(parent_id=parent.id))) == "not-found"
    assert refused_with(lambda: world.do(ANN, create_comment(comment=words(parent_id="none")))) == "not-found"


def test_comments_are_counted_on_their_thread(world: World) -> None:
    first, second = comment(world), comment(world)
    thread = world.view.rooms[THREAD_ROOM]
    assert (thread.comment_count, thread.last_comment_at) == (2, second.date)
    world.do(ANN, delete_comment(first.id))
    thread = world.view.rooms[THREAD_ROOM]
    assert (thread.comment_count, thread.last_comment_at) == (1, second.date)


def test_an_edit_changes_the_words_and_says_when(world: World) -> None:
    made = comment(world)
    event = world.do(ANN, edit_comment(made.id, "**new**")).placed[0].event
    assert isinstance(event, CommentEdited)
    assert (event.comment.comment, event.comment.comment_html) == ("**new**", "<p><strong>new</strong></p>")
    assert event.comment.edited_at == "2023-11-14T22:13:20.002Z"
    assert event.comment.date == made.date


def test_nobody_edits_another_persons_words_not_even_a_moderator(world: World) -> None:
    made = comment(world)
    assert refused_with(lambda: world.do(BEN, edit_comment(made.id))) == "forbidden"
    assert refused_with(lambda: world.do(MODERATOR, edit_comment(made.id))) == "forbidden"


def test_a_comment_without_replies_goes_altogether(world: World) -> None:
    made = comment(world, text="secret")
    event = world.do(ANN, delete_comment(made.id)).placed[0].event
    assert isinstance(event, CommentDeleted)
    assert event.hard_removed
    assert (event.comment.comment, event.comment.comment_html, event.comment.is_deleted) == ("", "", True)
    assert world.view.comments[made.id].removed
    assert world.view.comments[made.id].comment.comment == ""


def test_a_comment_with_replies_stays_as_an_empty_place(world: World) -> None:
    root = comment(world, text="secret")
    comment(world, BEN, parent=root)
    event = world.do(ANN, delete_comment(root.id)).placed[0].event
    assert isinstance(event, CommentDeleted)
    assert not event.hard_removed
    kept = world.view.comments[root.id]
    assert (kept.removed, kept.comment.comment, kept.comment.is_deleted) == (False, "", True)


def test_a_comment_whose_replies_are_all_gone_goes_altogether(world: World) -> None:
    root = comment(world)
    reply = comment(world, BEN, parent=root)
    world.do(BEN, delete_comment(reply.id))
    event = world.do(ANN, delete_comment(root.id)).placed[0].event
    assert isinstance(event, CommentDeleted)
    assert event.hard_removed


def test_an_empty_place_still_counts_as_its_parents_reply(world: World) -> None:
    root = comment(world)
    reply = comment(world, parent=root)
    comment(world, parent=reply)
    world.do(ANN, delete_comment(reply.id))
    event = world.do(ANN, delete_comment(root.id)).placed[0].event
    assert isinstance(event, CommentDeleted)
    assert not event.hard_removed


def test_a_moderator_deletes_and_others_do_not(world: World) -> None:
    made = comment(world)
    assert refused_with(lambda: world.do(BEN, delete_comment(made.id))) == "forbidden"
    world.do(MODERATOR, delete_comment(made.id))
    assert world.view.comments[made.id].removed


@pytest.mark.parametrize("with_reply", [False, True])
def test_what_was_deleted_is_not_edited_or_deleted_again(world: World, *, with_reply: bool) -> None:
    made = comment(world)
    if with_reply:
        comment(world, parent=made)
    world.do(ANN, delete_comment(made.id))
    assert refused_with(lambda: world.do(ANN, edit_comment(made.id))) == "not-found"
    assert refused_with(lambda: world.do(ANN, delete_comment(made.id))) == "not-found"


@pytest.mark.parametrize("command", [edit_comment("none"), delete_comment("none")])
def test_a_comment_that_never_was_is_not_found(world: World, command: Command) -> None:
    assert refused_with(lambda: world.do(ANN, command)) == "not-found"


def test_AUTH1_another_tenants_comment_is_not_found(world: World) -> None:
    made = comment(world)
    for who, tenant_id in ((STRANGER, TENANT), (STRANGER, "elsewhere"), (ANN, "elsewhere")):
        for command in (edit_comment(made.id, tenant_id=tenant_id), delete_comment(made.id, tenant_id=tenant_id)):
            assert refused_with(world.do, who, command) == "not-found"


def test_words_of_somebody_who_was_erased_meanwhile_are_not_brought_back(world: World) -> None:
    made = comment(world)
    world.do(ANN, delete_comment(made.id))
    found = world.view.comments[made.id]
    nobody = msgspec.structs.replace(found.comment, user_id="erased-1")
    world.view.comments[made.id] = msgspec.structs.replace(found, comment=nobody)
    restore = RestoreComment(tenant_id=TENANT, broadcast_id="undo", comment=made)
    assert refused_with(world.do, MODERATOR, restore) == "not-found"
