"""What is written beside the groups of commands, by several nodes and command lines at once."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest
from deploy.local.postgres import PostgresServer
from sqlalchemy import Connection, func, select, text

from imagechat.model.errors import Refusal
from imagechat.model.ids import RoomId
from imagechat.model.person import Person
from imagechat.model.tenant import DEFAULTS
from imagechat.model.view import By
from imagechat.store import tables
from imagechat.store.group_commit import GroupCommit
from imagechat.store.holding import turn_down
from imagechat.store.installation import installation, shared_key
from imagechat.store.migrate import NEWEST
from imagechat.store.notices import Notice, Notices, note
from imagechat.store.people import vouch
from imagechat.store.person_data import Subject, comments_of, erase_comments, erase_rows
from imagechat.store.postgres import Postgres
from imagechat.store.read_rooms import anybody
from imagechat.store.retention import Keep, Trimmer
from imagechat.store.write_events import Committed, Release, Submitted
from making import (
    ANN,
    BEN,
    MODERATOR,
    TENANT,
    create_comment,
    create_marker,
    delete_comment,
    update_marker,
    words,
)
from side_by_side import Nodes, side_by_side
from storing import PostgresBackend, RememberingBus, Store
from visiting import fresh

DAY_MS = 86_400_000


@pytest.fixture
async def nodes(postgres_backend: PostgresBackend) -> AsyncIterator[Nodes]:
    async with side_by_side(postgres_backend) as nodes:
        yield nodes


async def test_what_waits_is_approved_or_turned_down_by_one_of_two_nodes(nodes: Nodes) -> None:
    one, other, _ = nodes.stores
    outcomes = []
    for number in range(12):
        command = create_marker(f"w{number}")
        held = await one.group_commit.carry_out(Submitted(By(ANN, DEFAULTS), command, hold="new"))
        held_id = getattr(held, "id", "")
        release = Submitted(By(ANN, DEFAULTS), command, release=Release(held_id, MODERATOR))
        turning = partial(turn_down, by=MODERATOR, held_id=held_id, may=anybody, now=other.now)
        outcomes.append(
            await asyncio.gather(
                one.group_commit.carry_out(release), other.database.write(turning), return_exceptions=True
            )
        )
    for approved, turned in outcomes:
        lost = [each for each in (approved, turned) if isinstance(each, BaseException)]
        assert len(lost) == 1, (approved, turned)
        assert isinstance(lost[0], Refusal)
        assert lost[0].kind.code == "conflict"
    went_ahead = [approved for approved, _ in outcomes if isinstance(approved, Committed)]
    assert len((await one.snapshot()).conversations) == len(went_ahead)


async def test_AUTH2_a_node_that_looks_meanwhile_reads_every_notice_of_all_nodes_in_order(nodes: Nodes) -> None:
    heeded: list[str] = []

    async def heed(notice: Notice) -> None:
        heeded.append(notice.tenant_id)

    reader = Notices(nodes.stores[0].database, heed, list, RememberingBus())
    await reader.start()
    many, writers, writing = 30, [f"{node}{which}" for node in range(3) for which in "ab"], True

    async def look() -> None:
        while writing:
            await reader.look()

    async def write(writer: str) -> None:
        store = nodes.stores[int(writer[0])]
        for number in range(many):
            notice = Notice(f"{writer}-{number:03}")
            await store.database.write(lambda connection, notice=notice: note(connection, notice, 1))  # type: ignore[misc]

    looking = asyncio.create_task(look())
    await asyncio.gather(*(write(writer) for writer in writers))
    writing = False
    await looking
    await reader.look()
    await reader.close()
    assert sorted(heeded) == [f"{writer}-{number:03}" for writer in writers for number in range(many)]
    for writer in writers:
        own = [tenant for tenant in heeded if tenant.startswith(writer)]
        assert own == sorted(own)


async def test_a_rush_of_people_who_sign_in_is_kept_by_all_nodes(nodes: Nodes) -> None:
    people = [Person(id=f"p{number}", name=f"Person {number}") for number in range(60)]

    async def sign_in(store: Store, person: Person) -> None:
        await store.database.write(partial(vouch, tenant_id=TENANT, person=person, at=1, now=1), locking=True)

    await asyncio.gather(*(sign_in(store, person) for person in people for store in nodes.stores))
    assert await nodes.stores[0].database.read(_count_people) == 60


def _count_people(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(tables.people)).scalar_one()


async def test_nodes_that_trim_at_once_take_each_event_once(nodes: Nodes) -> None:
    for store in nodes.stores:
        await store.do_all(*((ANN, create_marker(fresh("w"))) for _ in range(300)))
    later = nodes.stores[0].now + 3 * DAY_MS
    trimmers = [Trimmer(store.database, Keep(days=1, events=0), lambda: later) for store in nodes.stores]
    writing = nodes.stores[0].do_all(*((ANN, update_marker("m-none")) for _ in range(3)))
    gone, _ = await asyncio.gather(asyncio.gather(*(trimmer.trim() for trimmer in trimmers)), writing)
    # each marker is in its picture's and in its thread's log
    assert (sum(events for events, _ in gone), sum(receipts for _, receipts in gone)) == (1800, 900)
    made = await nodes.stores[1].do(ANN, create_marker())
    assert made.placed[0].event.seq == 901


def at_once(*calls: Callable[[], str]) -> list[str]:
    """Call each on a thread of its own, as near to the same moment as can be."""
    barrier = threading.Barrier(len(calls))

    def call(each: Callable[[], str]) -> str:
        barrier.wait(timeout=30)
        return each()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def test_nodes_that_start_first_at_once_have_one_key_and_one_name(postgres_backend: PostgresBackend) -> None:
    def key() -> str:
        with closing(postgres_backend.link()) as link:
            return link.write(shared_key) + link.read(installation)

    keys = at_once(*[key] * 4)
    assert len(set(keys)) == 1
    assert len(keys[0]) > 40


def test_two_who_migrate_an_empty_database_at_once_both_succeed(postgres: PostgresServer) -> None:
    name = fresh("empty")
    server = Postgres(postgres.create_database(name))

    def migrate() -> str:
        with closing(server.open(migrating=True)) as link:
            return str(link.migrated)

    try:
        assert sorted(at_once(*[migrate] * 3)) == sorted([str((None, NEWEST)), *[str((NEWEST, NEWEST))] * 2])
    finally:
        postgres.drop_database(name)


def alter(postgres_backend: PostgresBackend, *statements: str) -> None:
    def altering(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    with closing(postgres_backend.link()) as link:
        link.write(altering)


async def test_a_node_goes_on_beside_a_newer_schema_that_only_adds(postgres_backend: PostgresBackend) -> None:
    alter(
        postgres_backend,
        "ALTER TABLE rooms ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'",
        "CREATE TABLE moods (id TEXT PRIMARY KEY)",
        "UPDATE alembic_version SET version_num = '9999'",
    )
    store = Store(postgres_backend)
    await store.do(ANN, create_marker())
    await store.close()
    with closing(postgres_backend.link(migrating=True)) as link:  # and leaves it as it is
        assert link.migrated == ("9999", "9999")


@pytest.mark.parametrize("migrating", [False, True])
def test_a_node_does_not_start_on_a_schema_that_has_taken_something_away(
    postgres_backend: PostgresBackend, *, migrating: bool
) -> None:
    alter(
        postgres_backend,
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE history SET oldest_program = '9998'",
    )
    with pytest.raises(RuntimeError, match="has schema 9999, which this version cannot use: run a newer imagechat"):
        postgres_backend.link(migrating=migrating)


class Pausing:
    """A node whose next group has read what it needs and does not go on before it is let go."""

    def __init__(self, store: Store) -> None:
        self.decides = threading.Event()
        self._go_on = threading.Event()
        self._store = store
        self.group_commit = GroupCommit(store.database, store.bus, self._now)

    def _now(self) -> int:
        self.decides.set()
        assert self._go_on.wait(timeout=30)
        return self._store.now

    def let_go(self) -> None:
        self._go_on.set()


@pytest.mark.parametrize("what", ["comment", "marker"])
async def test_a_person_who_is_erased_does_not_come_back_by_what_a_node_was_writing(nodes: Nodes, what: str) -> None:
    one, other, _ = nodes.stores
    await one.do(ANN, create_marker(comment=words("my words", comment_id="hers")))
    for reply in ("reply", "another"):
        await one.do(BEN, create_comment(comment=words(comment_id=reply, parent_id="hers")))
    await one.do(ANN, delete_comment("hers"))  # its place stays, for the replies, and counts them
    pausing = Pausing(other)
    command = delete_comment("reply") if what == "comment" else update_marker(x=77.0)
    writing = asyncio.create_task(pausing.group_commit.submit(MODERATOR, command))
    await asyncio.to_thread(pausing.decides.wait, 30)
    subject = Subject(TENANT, ANN.user_id)

    def erase(connection: Connection) -> set[RoomId]:
        return erase_rows(connection, subject, "erased-1", MODERATOR, 1, 2) | erase_comments(
            connection, subject, "erased-1", comments_of(connection, subject)
        )

    erasing = asyncio.create_task(one.database.write(erase))
    await until_waiting(one)
    pausing.let_go()
    await asyncio.gather(writing, erasing)
    await pausing.group_commit.close()
    assert await one.database.read(lambda connection: comments_of(connection, subject)) == []
    [marker] = (await one.snapshot()).conversations
    assert marker.user_id == "erased-1"
    assert marker.x == (10.0 if what == "comment" else 77.0)


async def until_waiting(store: Store) -> None:
    """Wait until somebody waits for a lock."""
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with asyncio.timeout(20):
        while not await store.database.read(lambda connection: connection.execute(waits).scalar_one()):
            pass
