from itertools import pairwise

from imagechat.model.commands import Command
from imagechat.model.view import Change
from making import (
    ANN,
    BEN,
    World,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    update_marker,
)


def everything(world: World, clock: list[int]) -> list[Change]:
    """Carry out one command of each kind, each at its own time of the clock."""
    commands: list[Command] = [
        create_comment("early", broadcast_id="first"),
        create_marker(),
        create_comment(),
        update_marker(x=3.0),
    ]
    changes = []
    for now, command in zip(clock, commands, strict=False):
        world.now = now
        changes.append(world.do(ANN, command))
    early = changes[0].comments[0].comment.id
    made = changes[2].comments[0].comment.id
    later: list[Command] = [
        create_marker("early", created_from_comment_id=early),
        create_comment("early"),
        edit_comment(made),
        delete_comment(made),
        delete_marker(),
    ]
    for now, command in zip(clock[len(commands) :], later, strict=True):
        world.now = now
        changes.append(world.do(ANN, command))
    return changes


def histories(changes: list[Change]) -> dict[str, list[tuple[int, int]]]:
    """Return each room's (seq, timestamp)s, in the order of the commands."""
    found: dict[str, list[tuple[int, int]]] = {}
    for change in changes:
        for placed in change.placed:
            found.setdefault(placed.room_id, []).append((placed.event.seq, placed.event.timestamp))
    return found


def test_SEQ1_every_room_counts_from_one_without_gaps() -> None:
    rooms = histories(everything(World(), list(range(1000, 1009))))
    assert len(rooms) == 3
    for events in rooms.values():
        assert [seq for seq, _ in events] == list(range(1, len(events) + 1))


def test_SEQ2_timestamps_rise_though_the_clock_stands_still_or_goes_back() -> None:
    for clock in ([5000] * 9, list(range(5000, 4991, -1)), [5000, 1, 9000, 2, 9000, 9000, 3, 0, 9001]):
        for events in histories(everything(World(), clock)).values():
            assert all(earlier < later for (_, earlier), (_, later) in pairwise(events)), clock


def test_SEQ2_an_event_in_two_rooms_has_one_timestamp() -> None:
    for change in everything(World(), [7, 6, 5, 4, 3, 2, 1, 0, 8]):
        assert len({placed.event.timestamp for placed in change.placed}) == 1


def test_SEQ2_a_clock_that_is_ahead_of_the_room_is_followed() -> None:
    world = World()
    world.do(ANN, create_marker())
    world.now += 5000
    assert world.do(BEN, create_comment()).placed[0].event.timestamp == world.now


def test_a_comments_date_and_a_markers_creation_are_their_events_time() -> None:
    world = World()
    world.do(ANN, create_marker())
    event = world.do(ANN, create_comment())
    assert event.comments[0].comment.date == "2023-11-14T22:13:20.001Z"
    assert event.placed[0].event.timestamp == 1_700_000_000_001


def test_a_room_keeps_the_epoch_it_began_with() -> None:
    world = World()
    assert {room.epoch for room in world.do(ANN, create_marker()).rooms} == {"epoch"}
    world.view.epoch = "another"
    assert {room.epoch for room in world.do(ANN, create_comment()).rooms} == {"epoch"}
