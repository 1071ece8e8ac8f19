"""However commands are mixed over two nodes on one PostgreSQL, the log folds to what a newcomer sees."""

import asyncio
from collections.abc import Iterator
from itertools import count, islice

import pytest
from deploy.local.postgres import PostgresServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagechat.model.commands import Command
from imagechat.model.errors import Refusal
from imagechat.model.events import decode_event
from imagechat.model.ids import RoomId, room_id
from imagechat.model.room_state import LoadedThread, RoomState, fold
from making import (
    ANN,
    BEN,
    MODERATOR,
    TENANT,
    create_comment,
    create_marker,
    delete_comment,
    delete_marker,
    edit_comment,
    update_marker,
    update_picture,
    words,
)
from side_by_side import Nodes, side_by_side
from storing import PostgresBackend
from visiting import fresh

PEOPLE = (ANN, BEN, MODERATOR)
THREADS = 3
WHAT = ("pin", "move", "unpin", "write", "reply", "edit", "remove", "lock", "again")
Step = tuple[int, str, int]
"""On which node, what, and a number that says by whom and about which thread or comment."""


@pytest.fixture(scope="module")
def backend(postgres: PostgresServer) -> Iterator[PostgresBackend]:
    made = PostgresBackend(postgres, fresh("property"))
    yield made
    made.drop()


class Play:
    """A picture of its own, its few threads and all comments that were ever tried to be made."""

    def __init__(self, picture: str) -> None:
        self.picture = picture
        self._numbers = count()
        self._given: list[Command] = []

    def command(self, what: str, number: int) -> Command:
        thread = f"{self.picture}-{number % THREADS}"
        comment = f"{self.picture}-c{number}"
        new = words(f"text {number}", comment_id=f"{self.picture}-c{next(self._numbers)}")
        marker = f"m-{thread}"
        made: Command
        match what:
            case "pin":
                made = create_marker(thread, url_id=self.picture, comment=new if number % 2 else None)
            case "move":
                made = update_marker(marker, x=float(number), resolved=number % 2 == 0)
            case "unpin":
                made = delete_marker(marker)
            case "write":
                made = create_comment(thread, new)
            case "reply":
                made = create_comment(thread, words(comment_id=new.comment_id, parent_id=comment))
            case "edit":
                made = edit_comment(comment)
            case "remove":
                made = delete_comment(comment)
            case "lock":
                made = update_picture(self.picture, read_only=number % 2 == 1)
            case _:
                made = self._given[number % len(self._given)] if self._given else create_comment(thread, new)
        self._given.append(made)
        return made


async def folded(nodes: Nodes, room: RoomId, threads: list[str]) -> RoomState:
    log = await nodes.stores[0].log(room)
    state = RoomState(log.epoch, 0, threads={thread: LoadedThread() for thread in threads})
    for event in log.events:
        state = fold(state, decode_event(event.data))
    return state


async def play(backend: PostgresBackend, steps: list[Step]) -> None:
    game = Play(fresh("game"))
    room = room_id(TENANT, game.picture)
    async with side_by_side(backend, 2) as nodes:

        async def give(node: int, who: int, command: Command) -> None:
            try:
                await nodes.stores[node].do(PEOPLE[who], command)
            except Refusal as refusal:
                assert refusal.kind.status < 500  # noqa: PT017 -- any refusal but a fault is fine

        steps_left = iter(steps)
        while some := list(islice(steps_left, 8)):  # at once; the next may be about what these have made
            await asyncio.gather(*(give(node, number % 3, game.command(what, number)) for node, what, number in some))
        await nodes.check(room)
        threads = [f"{game.picture}-{number}" for number in range(THREADS)]
        snapshot = await nodes.stores[1].snapshot(room)
        state = await folded(nodes, room, threads)
        assert (state.epoch, state.seq) == (snapshot.epoch, snapshot.seq)
        assert state.conversations == {each.id: each for each in snapshot.conversations}
        assert state.read_only == snapshot.access.read_only
        for thread in threads:
            await nodes.check(room_id(TENANT, thread))
            page = await nodes.stores[0].comments(thread)
            own = await folded(nodes, room_id(TENANT, thread), [thread])
            followed = own.threads.get(thread)
            if page is not None and isinstance(followed, LoadedThread):
                assert list(followed.comments) == [each.comment for each in page.comments]


STEPS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(WHAT), st.integers(0, 20)), min_size=4, max_size=48)


@given(steps=STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_SEQ1_SNAP1_the_log_that_two_nodes_wrote_folds_to_the_snapshot(
    backend: PostgresBackend, steps: list[Step]
) -> None:
    asyncio.run(play(backend, steps))
