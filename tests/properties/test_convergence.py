"""However commands, connections and losses are mixed, every viewer ends with what a fresh visitor sees."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from imagechat.live.frames import Framing
from imagechat.model.commands import Command, RestoreComment
from imagechat.model.errors import Refusal
from imagechat.model.events import CommentCreated, CommentDeleted, CommentEdited, MarkerCreated, MarkerDeleted
from imagechat.model.opinions import EMOJI, is_counted
from imagechat.model.principal import Principal
from imagechat.model.room_state import LoadedThread
from imagechat.model.wire import Comment
from imagechat.store.write_events import Committed
from making import (
    ANN,
    BEN,
    MODERATOR,
    add_reaction,
    cast_vote,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    restore_comment,
    restore_marker,
    update_marker,
    update_picture,
    withdraw_reaction,
    withdraw_vote,
    words,
)
from viewers import SmallNode, Viewer

PEOPLE = (ANN, BEN, MODERATOR)
LONG = "long " * 399  # 30 of these are more than a room remembers, so that resumes read the log
FRAMINGS = (Framing.V1, Framing.V1, Framing.PLAIN)

T = TypeVar("T")
Step = tuple[str, int, int, int]


@dataclass
class Play:
    """A node, three viewers, and what was said so far."""

    node: SmallNode
    viewers: list[Viewer] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    words: dict[str, Comment] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    """Comments and markers, also those that came back meanwhile."""
    restored: set[str] = field(default_factory=set)
    """Comments that came back."""
    given: list[tuple[Principal, Command]] = field(default_factory=list)
    answers: dict[tuple[str, str], Committed] = field(default_factory=dict)
    running: set[asyncio.Task[None]] = field(default_factory=set)

    def submit(self, who: Principal, command: Command) -> None:
        """Give a command and do not wait."""
        self.given.append((who, command))
        self.start(self._submit(who, command))

    def submit_again(self, number: int) -> None:
        if self.given:
            self.submit(*self.given[number % len(self.given)])

    def start(self, work: Coroutine[object, object, None]) -> None:
        self.running.add(asyncio.create_task(work))

    async def settle(self) -> None:
        """Wait for everything that was begun."""
        running, self.running = self.running, set()
        await asyncio.gather(*running)

    async def _submit(self, who: Principal, command: Command) -> None:
        try:
            committed = await self.node.do(who, command)
        except Refusal as refusal:
            assert refusal.kind.status < 500  # noqa: PT017 -- any refusal but a fault is fine
            return
        first = self.answers.setdefault((who.user_id, command.broadcast_id), committed)
        assert committed.placed == first.placed  # IDEM1: the same answer
        event = committed.placed[-1].event
        assert event.broadcast_id == command.broadcast_id  # ECHO1
        if isinstance(event, MarkerCreated) and event.conversation.id not in self.markers:
            self.markers.append(event.conversation.id)
            self.threads.append(event.conversation.url_id)
        if isinstance(event, CommentCreated) and event.comment.id not in self.words:
            self.comments.append((event.comment.id, event.comment.url_id))
        if isinstance(command, RestoreComment):
            self.restored.add(command.comment.id)
        if isinstance(event, CommentCreated | CommentEdited):
            self.words[event.comment.id] = event.comment
        if isinstance(event, CommentDeleted):
            self.deleted.append(event.comment.id)
        if isinstance(event, MarkerDeleted):
            self.deleted.append(event.conversation.id)


def pick(things: list[T], number: int, default: T) -> T:
    return things[number % len(things)] if things else default


def command(play: Play, who: Principal, what: str, number: int, more: int) -> Command:
    """Return a command on something that is there, was there, or never was."""
    text = LONG if more % 3 == 0 else f"text {more}"
    marker = pick(play.markers, number, "none")
    comment, thread = pick(play.comments, number, ("none", "none"))
    gone = pick(play.deleted, -1 - number, "none")
    new: dict[str, Callable[[], Command]] = {
        "pin": lambda: create_marker(f"w{len(play.given)}", x=number, comment=words(text) if more % 2 else None),
        "adopt": lambda: create_marker(thread, created_from_comment_id=comment),
        "change": lambda: update_marker(marker, x=float(more % 101), resolved=more % 2 == 0),
        "unpin": lambda: delete_marker(marker),
        "write": lambda: create_comment(pick(play.threads, number, "early"), words(text)),
        "begin": lambda: create_comment(f"early-{number % 3}", words(text)),
        "reply": lambda: create_comment(thread, words(text, parent_id=comment)),
        "edit": lambda: edit_comment(comment, text),
        "remove": lambda: delete_comment(comment),
        "vote": lambda: cast_vote(who, comment, 1 if more % 2 else -1),
        "unvote": lambda: withdraw_vote(who, comment),
        "react": lambda: add_reaction(who, comment, EMOJI[more % 2]),
        "unreact": lambda: withdraw_reaction(who, comment, EMOJI[more % 2]),
        "lock": lambda: update_picture(read_only=more % 2 == 1),
        "restore": lambda: restore_comment(play.words[gone]) if gone in play.words else restore_marker(gone),
    }
    return new[what]()


COMMANDS = ("pin", "adopt", "change", "unpin", "write", "begin", "reply", "edit", "remove")
OPINIONS = ("vote", "vote", "react", "react", "unvote", "unreact")
MODERATING = ("lock", "remove", "remove", "unpin", "restore", "restore", "restore")


async def take_step(play: Play, step: Step) -> None:
    what, who, number, more = step
    match what:
        case "again":
            play.submit_again(number)
        case "burst":
            for each in range(40):
                play.submit(PEOPLE[who], command(play, PEOPLE[who], "write", number + each, 0))
        case "settle":
            await play.settle()
        case "breathe":
            for _ in range(number):
                await asyncio.sleep(0)
        case "clock" | "restart" | "trim":
            await happen(play, what, number, more)
        case "lock" | "restore":
            play.submit(MODERATOR, command(play, MODERATOR, what, number, more))
        case _ if what in COMMANDS + OPINIONS:
            play.submit(PEOPLE[who], command(play, PEOPLE[who], what, number, more))
        case _:
            await view(play.viewers[who], what, pick(play.threads, number, "none"))


async def happen(play: Play, what: str, number: int, more: int) -> None:
    match what:
        case "clock":
            play.node.now += (more - 50) * 100
        case "restart":
            await restart(play)
        case "trim":
            await play.node.trim(events=number)


async def view(viewer: Viewer, what: str, thread: str) -> None:
    match what:
        case "connect":
            await viewer.connect()
        case "leave":
            viewer.leave()
        case "lose-history":
            viewer.lose_history()
        case "fall-behind":
            viewer.falls_behind = viewer.connected
        case "open":
            await viewer.open(thread)
        case "lists-arrive":
            viewer.lists_arrive()


async def restart(play: Play) -> None:
    await play.settle()
    for viewer in play.viewers:
        viewer.leave()
    await play.node.restart()


async def check(play: Play) -> None:
    """Bring everybody up to date and compare with what a fresh visitor would see."""
    await play.settle()
    fresh = await play.node.snapshot()
    for viewer in play.viewers:
        viewer.falls_behind = False
        await viewer.caught_up(fresh.seq)
        state = viewer.checked()
        assert replace(state, threads={}, viewer="") == fresh
        for thread, seen in state.threads.items():
            found = await play.node.comments(thread, viewer.user_id)
            if found is not None and found.picture_seq is not None:
                assert isinstance(seen, LoadedThread)
                assert seen.comments == found.comments
                # of what came back, who was not there before learns it from the next list
                told = {each.id for each in found.comments if each.is_deleted is not True} - play.restored
                assert {name: own for name, own in seen.own.items() if name in told} == {
                    name: own for name, own in found.own.items() if name in told
                }
    log = await play.node.log()
    assert [event.seq for event in log.events] == list(range(log.first, fresh.seq + 1))  # SEQ1
    assert all(one.timestamp < other.timestamp for one, other in pairwise(log.events))  # SEQ2
    effects = Counter(event.broadcast_id for event in log.events)
    assert not effects or effects.most_common(1)[0][1] == 1  # IDEM1: one effect


async def play_through(steps: list[Step], directory: Path) -> None:
    node = SmallNode(directory / "play.sqlite3")
    play = Play(node)
    play.viewers = [
        Viewer(f"viewer-{number}", node, framing, PEOPLE[number].user_id) for number, framing in enumerate(FRAMINGS)
    ]
    try:
        for step in steps:
            await take_step(play, step)
        await check(play)
    finally:
        await asyncio.gather(*play.running, return_exceptions=True)
        await node.stop()


def steps_of(*kinds: str) -> st.SearchStrategy[Step]:
    return st.tuples(st.sampled_from(kinds), st.integers(0, 2), st.integers(0, 20), st.integers(0, 100))


VIEWING = ("connect", "connect", "leave", "open", "open", "lists-arrive", "lose-history", "fall-behind")
PACING = ("settle", "settle", "breathe", "again", "clock")
plays = st.lists(steps_of(*COMMANDS, *OPINIONS, *VIEWING, *PACING, "burst", "restart"), min_size=5, max_size=50)


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(steps=plays)
def test_SNAP1_RES1_SEQ1_SEQ2_ECHO1_IDEM1_every_viewer_ends_with_a_fresh_snapshot(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(play_through(steps, Path(directory)))


WRITTEN: list[Step] = [
    (what, 0, 0, 1) for what in ("connect", "write", "settle", "write", "reply", "settle", "open", "lists-arrive")
]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    steps=st.lists(
        steps_of("pin", "write", "write", "reply", "edit", *OPINIONS, *MODERATING, *VIEWING, *PACING),
        min_size=10,
        max_size=50,
    )
)
@example(steps=[*WRITTEN, *[(what, 2, 0, 1) for what in ("remove", "settle", "restore")]])
@example(steps=[*WRITTEN, *[(what, 0, 0, 1) for what in ("vote", "settle", "remove", "settle", "restore")]])
@example(steps=[*WRITTEN, *[(what, 2, 0, 1) for what in ("unpin", "settle", "restore")], ("lock", 2, 0, 3)])
def test_SNAP1_RES1_viewers_end_with_a_fresh_snapshot_whatever_moderators_lock_delete_and_restore(
    steps: list[Step],
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(play_through([("pin", 0, 0, 1), ("settle", 0, 0, 0), *steps], Path(directory)))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    steps=st.lists(
        steps_of("burst", "connect", "leave", "open", "breathe", "fall-behind", "edit", "remove"),
        min_size=5,
        max_size=25,
    )
)
@example(steps=[("connect", 0, 0, 0), ("leave", 0, 0, 0), *[("burst", 0, 0, 0)] * 15, ("settle", 0, 0, 0)])
def test_RES1_viewers_who_are_far_behind_read_the_log_while_a_burst_goes_on(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(play_through([("pin", 0, 0, 1), ("settle", 0, 0, 0), *steps], Path(directory)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    steps=st.lists(
        steps_of("burst", "write", "pin", "connect", "leave", "open", "breathe", "settle", "trim", "trim", "restart"),
        min_size=5,
        max_size=30,
    )
)
@example(
    steps=[
        ("connect", 0, 0, 0),
        ("burst", 0, 0, 1),
        ("settle", 0, 0, 0),
        ("leave", 0, 0, 0),
        *[("burst", 0, 0, 1)] * 3,
        ("settle", 0, 0, 0),
        ("restart", 0, 0, 0),
        ("trim", 0, 5, 0),
    ]
)
def test_RES2_viewers_who_come_back_to_a_log_that_was_trimmed_end_with_a_fresh_snapshot(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(play_through([("pin", 0, 0, 1), ("settle", 0, 0, 0), *steps], Path(directory)))


def test_the_plays_do_what_they_are_for() -> None:
    """The viewer of a play holds its marker, its thread and its comments, so that there was something to compare."""
    seen: list[int] = []

    async def look(steps: list[Step], directory: Path) -> None:
        node = SmallNode(directory / "play.sqlite3")
        play = Play(node)
        play.viewers = [Viewer("viewer", node, Framing.V1)] * 3
        for step in steps:
            await take_step(play, step)
        await check(play)
        state = play.viewers[0].state
        threads = [thread for thread in state.threads.values() if isinstance(thread, LoadedThread)]
        counted = sum(is_counted(comment) for thread in threads for comment in thread.comments)
        seen.extend((len(state.conversations), len(state.threads), state.seq, counted))
        await node.stop()

    steps: list[Step] = [
        (what, 0, 0, 1) for what in ("pin", "settle", "connect", "open", "write", "settle", "burst", "vote")
    ]
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(look(steps, Path(directory)))
    assert seen == [1, 1, 43, 1]
