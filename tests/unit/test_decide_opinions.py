import msgspec
import pytest

from imagechat.model.entities import Opinion
from imagechat.model.events import ReactionAdded, ReactionWithdrawn, VoteCast, VoteWithdrawn
from imagechat.model.ids import opinion_id, room_id
from imagechat.model.opinions import EMOJI, Tally, is_counted, tally_of, tally_of_all, uncounted, with_tally
from imagechat.model.principal import Principal
from imagechat.model.tenant import TenantSettings, Who
from imagechat.model.view import Change
from imagechat.model.wire import Comment
from making import (
    ADMIN,
    ANN,
    BEN,
    MODERATOR,
    PICTURE_ROOM,
    STRANGER,
    TENANT,
    World,
    add_reaction,
    cast_vote,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    refused_with,
    restore_comment,
    update_picture,
    withdraw_reaction,
    withdraw_vote,
    words,
)

THREAD_ROOM = room_id(TENANT, "thread")
VOTERS = (ANN, BEN, MODERATOR)


@pytest.fixture
def world() -> World:
    """A picture with Ann's marker and her comment, `c`."""
    world = World()
    world.do(ANN, create_marker(comment=words(comment_id="c")))
    return world


def seen(world: World) -> Comment:
    return world.view.comments["c"].comment


def votes(world: World) -> tuple[object, object, object]:
    return seen(world).votes, seen(world).votes_up, seen(world).votes_down


def own(world: World, who: Principal) -> Opinion:
    return world.view.opinions[opinion_id("c", who.user_id)]


def cast_in(change: Change) -> VoteCast:
    event = change.placed[0].event
    assert isinstance(event, VoteCast)
    return event


def test_a_comment_that_nobody_has_an_opinion_of_carries_no_counts(world: World) -> None:
    assert votes(world) == (msgspec.UNSET, msgspec.UNSET, msgspec.UNSET)
    assert seen(world).reactions is msgspec.UNSET
    assert b"vote" not in msgspec.json.encode(seen(world))


def test_SEQ1_ECHO1_a_vote_is_an_event_in_the_pictures_room_and_in_the_threads(world: World) -> None:
    command = cast_vote(BEN, "c")
    change = world.do(BEN, command)
    assert [(placed.room_id, placed.event.seq) for placed in change.placed] == [(PICTURE_ROOM, 2), (THREAD_ROOM, 2)]
    event = cast_in(change)
    assert (event.broadcast_id, event.user_id) == (command.broadcast_id, BEN.user_id)
    assert (event.votes_up, event.votes_down) == (1, 0)
    vote = event.vote
    assert (vote.comment_id, vote.url_id, vote.user_id, vote.direction) == ("c", "thread", BEN.user_id, 1)
    assert (vote.created_at, vote.id) == (event.timestamp, opinion_id("c", BEN.user_id))


def test_everybody_has_one_vote(world: World) -> None:
    for who, direction in zip(VOTERS, (1, 1, -1), strict=True):
        world.do(who, cast_vote(who, "c", direction))
    assert votes(world) == (1, 2, 1)
    again = cast_in(world.do(ANN, cast_vote(ANN, "c")))
    assert votes(world) == (1, 2, 1)
    assert (again.votes_up, again.votes_down) == (2, 1)


def test_a_vote_that_is_changed_counts_once(world: World) -> None:
    world.do(BEN, cast_vote(BEN, "c"))
    change = cast_in(world.do(BEN, cast_vote(BEN, "c", -1)))
    assert (change.vote.direction, change.votes_up, change.votes_down) == (-1, 0, 1)
    assert votes(world) == (-1, 0, 1)


def test_a_vote_that_is_taken_back_is_an_event_that_names_it(world: World) -> None:
    cast = cast_in(world.do(BEN, cast_vote(BEN, "c", -1)))
    event = world.do(BEN, withdraw_vote(BEN, "c")).placed[0].event
    assert isinstance(event, VoteWithdrawn)
    assert event.vote == cast.vote
    assert (event.votes_up, event.votes_down) == (0, 0)
    assert votes(world) == (msgspec.UNSET, msgspec.UNSET, msgspec.UNSET)
    assert own(world, BEN).is_none
    assert refused_with(lambda: world.do(BEN, withdraw_vote(BEN, "c"))) == "not-found"


def test_votes_for_and_against_are_told_apart_where_they_cancel(world: World) -> None:
    world.do(ANN, cast_vote(ANN, "c"))
    world.do(BEN, cast_vote(BEN, "c", -1))
    assert votes(world) == (0, 1, 1)


def test_an_emoji_is_given_once_by_each_person_and_each_may_give_several(world: World) -> None:
    for who, emoji in ((ANN, "👍"), (BEN, "👍"), (BEN, "🎉"), (BEN, "👍")):
        last = world.do(who, add_reaction(who, "c", emoji)).placed[-1].event
    assert isinstance(last, ReactionAdded)
    assert seen(world).reactions == {"👍": 2, "🎉": 1}
    assert own(world, BEN).reactions == ("👍", "🎉")
    assert (last.reaction.emoji, last.reaction.count, last.reaction.url_id) == ("👍", 2, "thread")


def test_an_emoji_that_is_taken_back_is_counted_down_to_nothing(world: World) -> None:
    world.do(BEN, add_reaction(BEN, "c", "🎉"))
    world.do(ANN, add_reaction(ANN, "c", "👍"))
    event = world.do(ANN, withdraw_reaction(ANN, "c", "👍")).placed[0].event
    assert isinstance(event, ReactionWithdrawn)
    assert event.reaction.count == 0
    assert seen(world).reactions == {"🎉": 1}
    assert refused_with(lambda: world.do(ANN, withdraw_reaction(ANN, "c", "👍"))) == "not-found"
    assert refused_with(lambda: world.do(ANN, withdraw_reaction(ANN, "c", "🎉"))) == "not-found"


def test_a_vote_and_emoji_of_one_person_leave_each_other_alone(world: World) -> None:
    world.do(BEN, cast_vote(BEN, "c"))
    world.do(BEN, add_reaction(BEN, "c", "👀"))
    world.do(BEN, withdraw_vote(BEN, "c"))
    assert (own(world, BEN).direction, own(world, BEN).reactions) == (0, ("👀",))
    assert seen(world).reactions == {"👀": 1}


def test_an_edit_leaves_the_counts(world: World) -> None:
    world.do(BEN, cast_vote(BEN, "c"))
    world.do(ANN, edit_comment("c"))
    assert votes(world) == (1, 1, 0)


@pytest.mark.parametrize("hidden", [delete_comment("c"), delete_marker()])
def test_what_is_deleted_takes_no_opinion_and_gives_none_back(world: World, hidden: object) -> None:
    world.do(BEN, cast_vote(BEN, "c"))
    world.do(BEN, add_reaction(BEN, "c"))
    world.do(ANN, hidden)  # type: ignore[arg-type]  # a command
    for command in (cast_vote(BEN, "c"), withdraw_vote(BEN, "c"), add_reaction(BEN, "c"), withdraw_reaction(BEN, "c")):
        assert refused_with(world.do, BEN, command) == "not-found"


def test_a_deletion_takes_the_counts_along_and_its_undo_counts_what_there_is(world: World) -> None:
    for who in (ANN, BEN):
        world.do(who, cast_vote(who, "c"))
        world.do(who, add_reaction(who, "c"))
    before = seen(world)
    world.do(ANN, delete_comment("c"))
    assert not is_counted(seen(world))
    del world.view.opinions[opinion_id("c", BEN.user_id)]  # erased meanwhile
    world.do(MODERATOR, restore_comment(before))
    assert votes(world) == (1, 1, 0)
    assert seen(world).reactions == {"👍": 1}
    world.do(ANN, withdraw_vote(ANN, "c"))
    assert votes(world) == (msgspec.UNSET, msgspec.UNSET, msgspec.UNSET)


def test_AUTH1_nobody_votes_in_another_tenant_or_on_what_is_not_there(world: World) -> None:
    for command in (cast_vote(STRANGER, "c"), add_reaction(STRANGER, "c")):
        assert refused_with(world.do, STRANGER, command) == "not-found"
    assert refused_with(world.do, ANN, cast_vote(ANN, "none")) == "not-found"


def test_AUTH1_nobody_votes_for_somebody_else_and_only_an_admin_takes_others_votes_back(world: World) -> None:
    world.do(ANN, cast_vote(ANN, "c"))
    world.do(ANN, add_reaction(ANN, "c"))
    for who in (BEN, MODERATOR, ADMIN):
        for command in (cast_vote(ANN, "c", -1), add_reaction(ANN, "c", "👀")):
            assert refused_with(world.do, who, command) == "forbidden"
    for withdrawal in (withdraw_vote(ANN, "c"), withdraw_reaction(ANN, "c")):
        for who in (BEN, MODERATOR):
            assert refused_with(world.do, who, withdrawal) == "forbidden"
        event = world.do(ADMIN, withdrawal).placed[0].event
        assert event.user_id == ANN.user_id
    assert not is_counted(seen(world))


def test_a_locked_picture_takes_no_opinions_and_visitors_take_none_back(world: World) -> None:
    world.do(BEN, cast_vote(BEN, "c"))
    world.do(MODERATOR, cast_vote(MODERATOR, "c"))
    world.do(MODERATOR, update_picture(read_only=True))
    for command in (cast_vote(BEN, "c", -1), withdraw_vote(BEN, "c"), add_reaction(BEN, "c")):
        assert refused_with(world.do, BEN, command) == "read-only"
    assert refused_with(world.do, MODERATOR, add_reaction(MODERATOR, "c")) == "read-only"
    world.do(MODERATOR, withdraw_vote(MODERATOR, "c"))
    assert votes(world) == (1, 1, 0)


def test_whoever_may_not_comment_may_not_vote(world: World) -> None:
    world.settings = TenantSettings(comment=Who.MEMBERS)
    for command in (cast_vote(BEN, "c"), add_reaction(BEN, "c")):
        assert refused_with(world.do, BEN, command) == "forbidden"


def test_opinions_in_a_thread_without_a_marker_are_in_its_own_room() -> None:
    world = World()
    world.do(ANN, create_comment(comment=words(comment_id="c")))
    assert [placed.room_id for placed in world.do(BEN, cast_vote(BEN, "c")).placed] == [THREAD_ROOM]


def test_a_tally_is_the_opinions_counted() -> None:
    opinions = [
        Opinion(id=str(number), tenant_id=TENANT, comment_id="c", user_id=str(number), direction=way, reactions=given)
        for number, (way, given) in enumerate([(1, ()), (-1, ("👍",)), (0, ("👍", "👀")), (1, ("👀", "👍"))])
    ]
    tally = tally_of_all(opinions)
    assert tally == Tally(2, 1, {"👍": 3, "👀": 2})
    comment = World().do(ANN, create_comment()).comments[0].comment
    assert tally_of(with_tally(comment, tally)) == tally
    assert uncounted(with_tally(comment, tally)) == comment
    assert len(set(EMOJI)) == len(EMOJI) == 6
