"""PostgreSQL that goes away, hangs or breaks off: every command has an answer, and one effect."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from deploy.local.postgres import PostgresServer
from sqlalchemy import Connection, text

from cutting import wire_to
from imagechat.model.commands import Command
from imagechat.model.errors import Refusal
from imagechat.model.events import decode_event
from imagechat.model.ids import room_id
from imagechat.store.postgres import Postgres
from imagechat.store.write_events import Committed
from live_fakes import until
from making import ANN, BEN, PICTURE_ROOM, TENANT, create_comment, create_marker, words
from side_by_side import Nodes, side_by_side
from storing import PostgresBackend, Store, make_template
from visiting import fresh

SECONDS = 1.0
THREAD_ROOM = room_id(TENANT, "thread")


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL that only these tests use, because they stop it."""
    with PostgresServer(tmp_path_factory.mktemp("own-postgres")) as server:
        make_template(server)
        yield server


@pytest.fixture
def backend(own_postgres: PostgresServer) -> Iterator[PostgresBackend]:
    made = PostgresBackend(own_postgres, fresh("faults"), seconds=SECONDS)
    yield made
    made.drop()


@pytest.fixture
async def nodes(backend: PostgresBackend) -> AsyncIterator[Nodes]:
    async with side_by_side(backend, 2) as nodes:
        yield nodes


@pytest.fixture
async def store(backend: PostgresBackend) -> AsyncIterator[Store]:
    store = Store(backend)
    yield store
    await store.close()


@dataclass
class Insisting:
    """Somebody who gives one command after the other, each again until it is answered with success."""

    store: Store
    answered: list[Committed] = field(default_factory=list)
    refusals: int = 0
    stop: bool = False

    async def run(self) -> None:
        while not self.stop:
            await self.give(create_comment(comment=words(fresh("words"))))

    async def give(self, command: Command) -> None:
        while True:
            try:
                self.answered.append(await self.store.do(BEN, command))
            except Refusal as refusal:
                assert refusal.kind.code == "unavailable"  # noqa: PT017 -- any other is a fault
                self.refusals += 1
                await asyncio.sleep(0.02)
            else:
                return


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_DUR1_IDEM1_postgresql_restarted_in_mid_write_loses_and_doubles_nothing(
    own_postgres: PostgresServer, nodes: Nodes, mode: Literal["fast", "immediate"]
) -> None:
    await nodes.stores[0].do(ANN, create_marker())
    people = [Insisting(store) for store in nodes.stores for _ in range(8)]
    running = [asyncio.create_task(one.run()) for one in people]

    async def some_more() -> None:
        wanted = sum(len(one.answered) for one in people) + 60
        await until(lambda: sum(len(one.answered) for one in people) >= wanted)

    for _restart in range(3):
        await some_more()
        await asyncio.to_thread(own_postgres.restart, mode)
    await some_more()
    for one in people:
        one.stop = True
    await asyncio.gather(*running)
    places = [committed.placed[0].event for one in people for committed in one.answered]
    logged = [decode_event(event.data) for event in (await nodes.stores[0].log(THREAD_ROOM)).events][1:]
    assert [event.seq for event in logged] == list(range(2, len(logged) + 2))  # SEQ1
    assert sorted((event.seq, event.broadcast_id) for event in places) == [
        (event.seq, event.broadcast_id) for event in logged
    ]
    published = [seq for store in nodes.stores for seq in store.bus.seqs(PICTURE_ROOM)]
    assert len(published) == len(set(published))
    # what nobody published was asked for again, and then its room is looked at
    assert len(published) == len(logged) + 1 or any(store.bus.doubted for store in nodes.stores)


async def test_a_connection_that_is_ended_between_two_commands_is_not_noticed(
    own_postgres: PostgresServer, store: Store
) -> None:
    await store.do(ANN, create_marker())
    for _ in range(3):
        own_postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'imagechat'")
        await store.do(BEN, create_comment())
        assert (await store.snapshot()).seq
    assert store.bus.seqs(PICTURE_ROOM) == [1, 2, 3, 4]


async def test_a_command_that_waits_for_a_lock_too_long_is_refused_and_the_next_goes_on(
    backend: PostgresBackend, store: Store
) -> None:
    await store.do(ANN, create_marker())
    other = Postgres(backend.url).open()
    taken, let_go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(connection: Connection) -> None:
        connection.execute(text("SELECT id FROM rooms FOR UPDATE"))
        loop.call_soon_threadsafe(taken.set)
        asyncio.run_coroutine_threadsafe(let_go.wait(), loop).result(timeout=30)

    holding = other.writing(hold, locking=True)
    await taken.wait()
    given = create_comment()
    outcomes = await store.do_all((BEN, given), *((BEN, create_comment()) for _ in range(5)))
    assert {refusal.kind.code for refusal in outcomes if isinstance(refusal, Refusal)} == {"unavailable"}
    assert len(outcomes) == 6
    let_go.set()
    await asyncio.wrap_future(holding)
    other.close()
    await store.do(BEN, given)
    assert store.bus.seqs(THREAD_ROOM) == [1, 2]


async def test_a_server_that_froze_is_given_up_in_time_and_used_again_when_it_thaws(
    own_postgres: PostgresServer, store: Store
) -> None:
    await store.do(ANN, create_marker())
    await asyncio.gather(*(store.snapshot() for _ in range(6)))  # every connection is open
    frozen = [own_postgres.pid, *map(int, backends(own_postgres))]
    try:
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        async with asyncio.timeout(12 * SECONDS):
            assert await store.refused(BEN, create_comment()) == "unavailable"
            for _ in range(3):
                assert await store.refused(BEN, create_comment()) == "unavailable"
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    person = Insisting(store)
    await person.give(create_comment())
    assert (await store.snapshot()).seq == 2


@pytest.mark.parametrize("busy", [False, True])
async def test_a_server_that_froze_does_not_hold_up_a_node_that_stops(
    own_postgres: PostgresServer, backend: PostgresBackend, *, busy: bool
) -> None:
    store = Store(backend.through(own_postgres.port, seconds=30.0))
    await store.do(ANN, create_marker())
    await asyncio.gather(*(store.snapshot() for _ in range(6)))  # every connection is open
    frozen = [own_postgres.pid, *map(int, backends(own_postgres))]
    given: list[asyncio.Task[Any]] = []
    try:
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        if busy:
            given = [asyncio.create_task(store.snapshot()) for _ in range(6)]
            given.append(asyncio.create_task(store.do(BEN, create_comment())))
            await asyncio.sleep(0)
        async with asyncio.timeout(20):
            await store.close()
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
        for task in given:
            task.cancel()
        await asyncio.gather(*given, return_exceptions=True)


def backends(server: PostgresServer) -> list[str]:
    return server.run("SELECT pid FROM pg_stat_activity WHERE usename = 'imagechat'").split()


@pytest.mark.parametrize("together", [1, 5])
async def test_IDEM1_a_commit_whose_answer_was_lost_has_one_effect_and_its_rooms_are_looked_at(
    own_postgres: PostgresServer, backend: PostgresBackend, together: int
) -> None:
    async with wire_to(own_postgres.port) as (wire, port):
        through = backend.through(port)
        store = await asyncio.to_thread(Store, through)
        await store.do(ANN, create_marker())
        wire.cuts = 1
        given = [(BEN, create_comment()) for _ in range(together)]
        outcomes = await store.do_all(*given)
        assert wire.cuts == 0
        assert all(isinstance(outcome, Committed) for outcome in outcomes)
        lost = [outcome for outcome in outcomes if isinstance(outcome, Committed) and outcome.again]
        assert lost
        assert {THREAD_ROOM, PICTURE_ROOM} <= set(store.bus.doubted)
        assert [event.seq for event in (await store.log(THREAD_ROOM)).events] == list(range(1, together + 2))
        wire.cuts, command = 2, create_comment()
        assert await store.refused(BEN, command) == "unavailable"
        again = await store.do(BEN, command)
        assert again.again
        assert (await store.log(THREAD_ROOM)).head == together + 2
        await store.close()


async def test_DUR1_a_server_that_is_away_is_told_as_unavailable(own_postgres: PostgresServer, store: Store) -> None:
    await store.do(ANN, create_marker())
    own_postgres.stop("fast")
    try:
        assert await store.refused(BEN, create_comment()) == "unavailable"
    finally:
        own_postgres.start()
    await store.do(BEN, create_comment())
    assert store.bus.seqs(THREAD_ROOM) == [1, 2]
