"""The log is trimmed from its beginning, while it is written and read."""

import asyncio
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select

from imagechat.model.commands import Command, CreateComment
from imagechat.model.errors import Refusal
from imagechat.model.ids import RoomId, room_id
from imagechat.model.principal import Principal
from imagechat.model.tenant import TenantSettings
from imagechat.model.usage import DAY_MS
from imagechat.model.view import By
from imagechat.store import tables
from imagechat.store.audit import Act, write_act
from imagechat.store.database import Database
from imagechat.store.holding import WAITS
from imagechat.store.read_rooms import LogQuery, read_log, read_tail
from imagechat.store.retention import CHUNK, ROOMS_LOOKED_AT, YOUNG_MS, Keep, Trimmer, old_rooms, sweep, trim, trim_room
from imagechat.store.sqlite import SqliteFile
from imagechat.store.tenants import create_tenant, read_tenant, update_tenant
from imagechat.store.write_events import Committed, Submitted, write_batch
from live_fakes import until
from making import (
    ANN,
    BEN,
    PICTURE_ROOM,
    TENANT,
    create_comment,
    create_marker,
    edit_comment,
    person,
    update_marker,
    words,
)
from preparing import prepare_sqlite
from storing import Backend, SqliteBackend, Store

START = 1_700_000_000_000
THREAD_ROOM = room_id(TENANT, "thread")
T = TypeVar("T")


async def trimmed(store: Store, keep: Keep, *, days_later: float = 0) -> tuple[int, int]:
    """Trim what there is to trim, some days later."""
    later = store.now + int(days_later * DAY_MS)
    return await Trimmer(store.database, keep, lambda: later).trim()


async def seqs(store: Store, room: RoomId = PICTURE_ROOM, query: LogQuery | None = None) -> list[int]:
    return [event.seq for event in (await store.log(room, query)).events]


async def on_five_days(store: Store) -> None:
    """Write a comment a day in one marker's thread, so that the picture's room has events 1–6 and the thread's too."""
    await store.do(ANN, create_marker())
    for _ in range(5):
        await store.do(ANN, create_comment())
        store.now += DAY_MS


async def test_events_older_than_the_limit_go_from_every_room(store: Store) -> None:
    await on_five_days(store)
    assert await trimmed(store, Keep(days=3, events=0)) == (6, 3)  # the marker and two comments, in both rooms
    for room in (PICTURE_ROOM, THREAD_ROOM):
        assert await seqs(store, room) == [4, 5, 6]
    assert await trimmed(store, Keep(days=3, events=0)) == (0, 0)


async def test_events_beyond_the_limit_go_the_oldest_first(store: Store) -> None:
    await on_five_days(store)
    assert (await trimmed(store, Keep(days=0, events=5)))[0] == 7
    assert await seqs(store) == [5, 6]
    assert await seqs(store, THREAD_ROOM) == [4, 5, 6]  # the picture's event is written first, and goes first


async def test_nothing_goes_without_a_limit(store: Store) -> None:
    await on_five_days(store)
    assert await trimmed(store, Keep(0, 0), days_later=10_000) == (0, 0)


async def test_SEQ1_SNAP1_a_room_whose_whole_log_went_goes_on_as_before(store: Store) -> None:
    await on_five_days(store)
    before = await store.snapshot()
    await trimmed(store, Keep(days=1, events=0), days_later=30)
    assert await store.snapshot() == before
    log = await store.log()
    assert (log.events, log.first, log.head) == ([], 7, 6)
    await store.restart()
    made = await store.do(BEN, create_comment())
    assert [placed.event.seq for placed in made.placed] == [7, 7]
    log = await store.log()
    assert ([event.seq for event in log.events], log.first, log.head) == ([7], 7, 7)


async def test_the_log_tells_where_it_begins_and_finds_times_in_what_is_kept(store: Store) -> None:
    await on_five_days(store)
    await trimmed(store, Keep(days=3, events=0))
    assert (await store.log()).first == 4
    times = {event.seq: event.timestamp for event in (await store.log()).events}
    assert await seqs(store, query=LogQuery(limit=9, start=0)) == [4, 5, 6]
    assert await seqs(store, query=LogQuery(limit=9, start=times[5], end=times[5])) == [5]
    assert await seqs(store, query=LogQuery(limit=9, start=times[6] + 1)) == []
    assert await seqs(store, query=LogQuery(limit=9, end=times[4] - 1)) == []
    assert await seqs(store, query=LogQuery(limit=9, after=1)) == [4, 5, 6]
    tail = await store.database.read(lambda connection: read_tail(connection, PICTURE_ROOM, 2))
    assert ([event.seq for event in tail.events], tail.first, tail.head) == ([5, 6], 4, 6)


async def test_IDEM1_an_answer_is_kept_as_long_as_its_event(store: Store) -> None:
    await on_five_days(store)
    command = create_comment()
    first = await store.do(ANN, command)
    store.now += DAY_MS // 2
    await trimmed(store, Keep(days=1, events=2))
    again = await store.do(ANN, command)
    assert (again.again, again.placed) == (True, first.placed)


async def test_IDEM1_the_receipts_of_events_that_were_too_many_stay_and_refuse_a_second_effect(store: Store) -> None:
    given = [create_marker(f"thread-{number}") for number in range(6)]
    for command in given:
        await store.do(ANN, command)
    store.now += 2 * YOUNG_MS
    assert await trimmed(store, Keep(days=0, events=6)) == (6, 0)
    for command in given[:3]:
        assert await store.refused(ANN, command) == "conflict"
    for command in given[3:]:
        assert (await store.do(ANN, command)).again
    assert len((await store.snapshot()).conversations) == 6


async def test_IDEM1_within_an_hour_every_command_has_its_answer_whatever_the_limit(store: Store) -> None:
    given = [create_comment() for _ in range(6)]
    for command in given:
        await store.do(ANN, command)
        store.now += 5 * 60_000
    assert await trimmed(store, Keep(days=0, events=1)) == (0, 0)
    assert [(await store.do(ANN, command)).again for command in given] == [True] * 6


async def test_receipts_go_with_their_events_by_age_and_what_comes_after_is_another_command(store: Store) -> None:
    await store.do(ANN, create_comment(broadcast_id="one"))
    assert await trimmed(store, Keep(days=1, events=0), days_later=2) == (1, 1)
    assert not (await store.do(ANN, create_comment(broadcast_id="one"))).again


class CountingDatabase:
    """A database that remembers, for each transaction, what there was to trim before and after."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.events: list[int] = []

    async def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        def counted(connection: Connection) -> T:
            result = transaction(connection)
            self.events.append(connection.execute(select(func.count()).select_from(tables.events)).scalar_one())
            return result

        return await self._database.write(counted, locking=locking)

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        return await self._database.read(transaction)

    async def close(self) -> None: ...


async def test_a_long_log_is_trimmed_in_chunks_and_commands_are_written_between_them(tmp_path: Path) -> None:
    store = Store(SqliteBackend(tmp_path), CountingDatabase)  # where one transaction waits for another
    counting = store.database
    assert isinstance(counting, CountingDatabase)
    await store.do_all(*[(ANN, create_comment()) for _ in range(3 * CHUNK)])
    counting.events.clear()
    trimming = asyncio.create_task(trimmed(store, Keep(days=1, events=0), days_later=2))
    await until(lambda: bool(counting.events))
    store.now += 3 * DAY_MS
    await store.do(BEN, create_comment())
    assert not trimming.done()
    assert await trimming == (3 * CHUNK, 3 * CHUNK)
    steps = [after - before for before, after in zip(counting.events, counting.events[1:], strict=False)]
    assert steps.count(1) == 1
    assert steps.index(1) < len(steps) - 1  # a chunk came after the command
    assert sorted(steps) == [-CHUNK, -CHUNK, 0, 1]
    await store.close()


async def test_two_who_trim_at_once_do_no_harm(store: Store) -> None:
    await on_five_days(store)
    keep = Keep(days=3, events=0)
    both = await asyncio.gather(trimmed(store, keep), trimmed(store, keep))
    assert [sum(counts) for counts in zip(*both, strict=True)] == [6, 3]
    assert await seqs(store) == [4, 5, 6]


# -- a tenant that keeps less than its node


async def keep_days(store: Store, tenant_id: str, days: int | None) -> None:
    def change(connection: Connection) -> None:
        if read_tenant(connection, tenant_id) is None:
            create_tenant(connection, tenant_id, tenant_id, 0)
        update_tenant(connection, tenant_id, 0, settings=TenantSettings(log_days=days))

    await store.database.write(change)


async def trimmed_for_tenants(store: Store, keep: Keep, *, days_later: float = 0) -> int:
    later = store.now + int(days_later * DAY_MS)
    return await Trimmer(store.database, keep, lambda: later).trim_tenants()


async def test_RES2_a_tenants_own_days_trim_the_beginning_of_each_of_its_rooms(store: Store) -> None:
    await on_five_days(store)
    for tenant_id in ("elsewhere", "demo-2"):
        who = person("ann", tenant_id=tenant_id)
        await store.do(who, create_marker(tenant_id=tenant_id, marker_id=f"m-{tenant_id}"))
    await keep_days(store, TENANT, 3)
    await keep_days(store, "demo-2", None)
    before = await store.snapshot()
    assert await trimmed_for_tenants(store, Keep(days=90, events=0)) == 6
    for room in (PICTURE_ROOM, THREAD_ROOM):
        log = await store.log(room)
        assert ([event.seq for event in log.events], log.first, log.head) == ([4, 5, 6], 4, 6)
    assert await trimmed_for_tenants(store, Keep(days=90, events=0)) == 0
    assert await trimmed_for_tenants(store, Keep(days=90, events=0), days_later=50) == 6
    assert (await store.snapshot(), await seqs(store)) == (before, [])
    for tenant_id in ("elsewhere", "demo-2"):
        assert await seqs(store, room_id(tenant_id, "picture")) == [1]
    made = await store.do(BEN, create_comment())
    assert [placed.event.seq for placed in made.placed] == [7, 7]


@pytest.mark.parametrize(("of_node", "of_tenant", "gone"), [(3, 3, 0), (3, 9, 0), (4, 3, 6), (0, 3, 6), (0, None, 0)])
async def test_only_days_that_are_fewer_than_the_nodes_count(
    store: Store, of_node: int, of_tenant: int | None, gone: int
) -> None:
    await on_five_days(store)
    await keep_days(store, TENANT, of_tenant)
    assert await trimmed_for_tenants(store, Keep(days=of_node, events=0)) == gone


async def test_a_tenant_of_many_rooms_is_looked_at_in_pages_and_trimmed_in_chunks(backend: Backend) -> None:
    store = Store(backend, CountingDatabase)
    counting = store.database
    assert isinstance(counting, CountingDatabase)
    rooms = ROOMS_LOOKED_AT + 3
    await store.do_all(*[(ANN, create_comment(f"w{number}")) for number in range(rooms)])
    await store.do_all(*[(ANN, create_comment("busy")) for _ in range(CHUNK + 7)])
    await keep_days(store, TENANT, 1)
    counting.events.clear()
    assert await trimmed_for_tenants(store, Keep(days=90, events=0), days_later=2) == rooms + CHUNK + 7
    steps = [before - after for before, after in zip(counting.events, counting.events[1:], strict=False)]
    assert counting.events[-1] == 0
    assert max(steps) == CHUNK
    await store.close()


async def test_IDEM1_a_retry_of_what_a_tenant_keeps_no_more_is_refused(store: Store) -> None:
    command = create_comment()
    await store.do(ANN, command)
    await keep_days(store, TENANT, 1)
    assert await trimmed_for_tenants(store, Keep(days=90, events=0), days_later=2) == 1
    assert await store.refused(ANN, command) == "conflict"


# -- what has ended


async def test_what_has_ended_is_swept_up_and_what_goes_on_stays(store: Store) -> None:
    days = {"waits": (WAITS, 100), "old": ("went ahead", 8), "down": ("turned down", 8), "young": ("went ahead", 6)}
    until = {"over": store.now, "later": store.now + 1}

    def fill(connection: Connection) -> None:
        for name, (state, age) in days.items():
            values = {"tenant_id": TENANT, "room_id": "r", "user_id": "u", "reason": "", "body": "{}", "name": name}
            connection.execute(
                insert(tables.held).values(id=name, state=state, created_at=store.now - age * DAY_MS, **values)
            )
        for name, end in until.items():
            connection.execute(
                insert(tables.deletions).values(
                    id=name, tenant_id=TENANT, created_at=0, until=end, state="done", body="{}"
                )
            )
        for name, over in (*until.items(), ("for ever", None)):
            values = {"tenant_id": TENANT, "kind": "user", "subject": name, "reason": "", "by": ""}
            connection.execute(
                insert(tables.revocations).values(id=name, is_ban=True, created_at=0, until=over, **values)
            )
        for name, end in until.items():
            link = {"is_link": name == "over", "created_at": 0, "expires_at": end}
            connection.execute(insert(tables.operator_sessions).values(digest=name, **link))
        for age in (400, 366, 364, 0):
            write_act(connection, Act(TENANT, store.now - age * DAY_MS, "mo", "act", str(age)))

    def left(connection: Connection) -> list[set[str]]:
        sessions = tables.operator_sessions.c.digest
        columns = (tables.held.c.id, tables.deletions.c.id, tables.revocations.c.id, tables.audit.c.what, sessions)
        return [set(connection.execute(select(column)).scalars()) for column in columns]

    await store.database.write(fill)
    trimmer = Trimmer(store.database, Keep(0, 0), lambda: store.now)
    assert await trimmer.sweep() == 7
    stay: list[set[str]] = [{"waits", "young"}, {"later"}, {"later", "for ever"}, {"364", "0"}, {"later"}]
    assert await store.database.read(left) == stay
    assert await trimmer.sweep() == 0


async def test_what_has_ended_goes_in_chunks(store: Store) -> None:
    def fill(connection: Connection) -> None:
        for number in range(7):
            write_act(connection, Act(TENANT, number, "mo", "act", ""))
            values = {"tenant_id": TENANT, "created_at": 0, "until": number, "state": "done", "body": "{}"}
            connection.execute(insert(tables.deletions).values(id=str(number), **values))

    await store.database.write(fill)
    sweeping = partial(sweep, now=store.now, chunk=4)
    rounds = [await store.database.write(sweeping) for _ in range(3)]
    assert rounds == [(0, 4, 0, 4, 0, 0, 0, 0, 0), (0, 3, 0, 3, 0, 0, 0, 0, 0), (0,) * 9]


# -- however writing and trimming are mixed

ROOMS = [room_id(TENANT, name) for name in ("picture", "other", "w0", "w1", "w2")]
Step = tuple[str, int, int]
steps_of = st.lists(
    st.tuples(
        st.sampled_from(["pin", "write", "write", "move", "edit", "wait", "trim", "tenant"]),
        *[st.integers(0, 12)] * 2,
    ),
    max_size=40,
)


def command_of(what: str, number: int, comments: list[str]) -> Command:
    match what:
        case "pin":
            return create_marker(f"w{number % 3}", url_id=("picture", "other")[number % 2])
        case "write":
            return create_comment(f"w{number % 3}", words(comment_id=f"c{len(comments)}"))
        case "move":
            return update_marker(f"m-w{number % 3}", x=float(number))
        case _:
            return edit_comment(f"c{number % (len(comments) + 1)}")


@settings(max_examples=40)
@given(steps=steps_of, chunk=st.integers(1, 5))
def test_RES2_SEQ1_what_is_kept_of_a_room_is_its_end_without_a_hole(steps: list[Step], chunk: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = SqliteFile(prepare_sqlite(Path(directory) / "log.sqlite3"))
        now = START
        comments: list[str] = []

        def carry_out(who: Principal, command: Command) -> None:
            batch = [Submitted(By(who), command)]
            [outcome] = file.write(partial(write_batch, batch=batch, now=lambda: now))
            if isinstance(outcome, Committed):
                comments.extend([command.comment.comment_id] if isinstance(command, CreateComment) else [])
            else:
                assert isinstance(outcome, Refusal)

        try:
            for what, number, more in steps:
                if what == "wait":
                    now += more * DAY_MS // 4
                elif what == "trim":
                    file.write(partial(trim, keep=Keep(days=number % 4, events=more), now=now, chunk=chunk))
                elif what == "tenant":
                    before = now - number % 4 * DAY_MS
                    rooms, _ = file.write(partial(old_rooms, tenant_id=TENANT, before=before, after=""))
                    for room in rooms[: 1 + more % 3]:
                        file.write(partial(trim_room, room_id=room, before=before, chunk=chunk))
                else:
                    carry_out(ANN if more % 2 else BEN, command_of(what, number, comments))
                for room in ROOMS:
                    log = file.write(partial(read_log, room_id=room, query=LogQuery(limit=1_000)))
                    assert [event.seq for event in log.events] == list(range(log.first, log.head + 1))
        finally:
            file.close()
