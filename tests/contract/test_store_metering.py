"""What was used is written down once, whatever becomes of the write, and by as many nodes as there are."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from imagechat.model.counting import Counting
from imagechat.model.errors import Refusal
from imagechat.model.ids import RoomId, room_id
from imagechat.model.usage import DAY_MS, OF_PICTURES, OF_TENANTS
from imagechat.store import tables
from imagechat.store.database import Database
from imagechat.store.group_commit import GroupCommit
from imagechat.store.metering import BEAT_MS, SETTLED_MS, Meter
from imagechat.store.node_rows import DROPPED_MS, SILENT_MS, Node, read_nodes
from imagechat.store.purge import end_tenant, purge
from imagechat.store.retention import sweep
from imagechat.store.tenants import create_tenant, switch_tenant
from imagechat.store.usage_rows import PICTURES_KEPT_DAYS
from making import ANN, PICTURE_ROOM, TENANT, create_comment, create_marker
from storing import FailingDatabase, Store

THREAD = room_id(TENANT, "thread")
NOWHERE = RoomId(f"{TENANT}.{'x' * 20}")


class Metered:
    """A node that counts on a store; `around` is put between its meter and the database."""

    def __init__(self, store: Store, name: str = "one", around: Callable[[Database], Database] = lambda d: d) -> None:
        self.counting = Counting(lambda: store.now)
        self.database = around(store.database)
        self.meter = Meter(self.database, self.counting, Node(name, "1.0", store.now))


async def with_tenants(store: Store, *names: str) -> None:
    for name in names:
        await store.database.write(partial(create_tenant, tenant_id=name, name=name, now=store.now))


async def usage(store: Store) -> dict[tuple[str, int], dict[str, int]]:
    """What the database has, by tenant and day; columns without a count are left out."""
    return await store.database.read(lambda connection: _rows(connection, tables.usage, OF_TENANTS, "tenant_id", "day"))


async def picture_usage(store: Store) -> dict[tuple[str, int], dict[str, int]]:
    return await store.database.read(
        lambda connection: _rows(connection, tables.picture_usage, OF_PICTURES, "room_id", "day")
    )


def _rows(connection: Connection, table: Any, names: tuple[str, ...], *key: str) -> dict[Any, dict[str, int]]:
    return {
        tuple(getattr(row, name) for name in key): {name: getattr(row, name) for name in names if getattr(row, name)}
        for row in connection.execute(select(table))
    }


async def test_counts_of_several_nodes_and_writes_add_up(store: Store) -> None:
    await with_tenants(store, TENANT)
    nodes = [Metered(store, name) for name in ("one", "two", "three")]
    for _ in range(3):
        for node in nodes:
            node.counting.carried(PICTURE_ROOM, 2, 100)
            node.counting.answered(TENANT, 404)
        await asyncio.gather(*[node.meter.write() for node in nodes])
    today = store.now // DAY_MS
    assert await usage(store) == {(TENANT, today): {"messages": 18, "bandwidth": 900, "calls": 9, "errors": 9}}


async def test_a_day_has_its_row_and_midnight_is_exact(store: Store) -> None:
    await with_tenants(store, TENANT)
    node, today = Metered(store), store.now // DAY_MS
    store.now = (today + 1) * DAY_MS - 1
    node.counting.carried(PICTURE_ROOM, 1, 10)
    store.now += 1
    node.counting.carried(PICTURE_ROOM, 5, 50)
    await node.meter.write()
    assert await usage(store) == {
        (TENANT, today): {"messages": 1, "bandwidth": 10},
        (TENANT, today + 1): {"messages": 5, "bandwidth": 50},
    }


async def test_what_threads_use_is_their_pictures_and_of_what_is_not_there_only_the_tenants(store: Store) -> None:
    await with_tenants(store, TENANT)
    await store.do(ANN, create_marker("thread"))
    await store.do(ANN, create_comment("alone"))
    node = Metered(store)
    for room in (PICTURE_ROOM, THREAD, NOWHERE, room_id(TENANT, "alone"), room_id("no-tenant", "picture")):
        node.counting.carried(room, 1, 10)
        node.counting.fetched(room)
    node.counting.answered(None, 500)
    await node.meter.write()
    today = store.now // DAY_MS
    assert await picture_usage(store) == {(PICTURE_ROOM, today): {"messages": 2, "bandwidth": 20, "fetches": 2}}
    assert await usage(store) == {(TENANT, today): {"messages": 4, "bandwidth": 40, "fetches": 4}}


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("when", ["fails_before", "fails_after"])
async def test_a_write_that_failed_or_of_unknown_fate_goes_again_and_counts_once(
    store: Store, when: str, times: int
) -> None:
    await with_tenants(store, TENANT)
    node = Metered(store, around=FailingDatabase)
    node.counting.carried(PICTURE_ROOM, 1, 10)
    await node.meter.write()
    setattr(node.database, when, times)
    for _ in range(times):
        node.counting.carried(PICTURE_ROOM, 1, 10)
        with pytest.raises(Exception, match="was lost"):
            await node.meter.write()
    node.counting.carried(PICTURE_ROOM, 1, 10)
    await node.meter.write()
    await node.meter.write()
    expected = {"messages": times + 2, "bandwidth": 10 * (times + 2)}
    assert await usage(store) == {(TENANT, store.now // DAY_MS): expected}


async def test_a_database_that_is_away_for_long_costs_no_count_and_bounded_memory(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    await with_tenants(store, TENANT)
    database = FailingDatabase(store.database)
    looks = 0

    async def sleep(_seconds: float) -> None:
        nonlocal looks
        looks += 1
        counting.carried(PICTURE_ROOM, 1, 10)
        await asyncio.sleep(0)

    counting = Counting(lambda: store.now)
    meter = Meter(database, counting, Node("one", "1.0", store.now), sleep=sleep)
    database.fails_before = 50
    await meter.start()
    async with asyncio.timeout(10):
        while looks < 60:
            assert len(meter._kept._tallies) <= 1
            await asyncio.sleep(0)
    await meter.close()
    assert await usage(store) == {(TENANT, store.now // DAY_MS): {"messages": looks, "bandwidth": 10 * looks}}
    said = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(said) == 1  # once, however long it takes


async def test_a_stop_writes_the_rest_and_takes_the_nodes_row_along(store: Store) -> None:
    await with_tenants(store, TENANT)
    node = Metered(store)
    await node.meter.start()
    await node.meter.write()
    assert [row.id for row in await store.database.read(partial(read_nodes, now=store.now))] == ["one"]
    node.counting.carried(PICTURE_ROOM, 3, 30)
    await node.meter.close()
    assert await usage(store) == {(TENANT, store.now // DAY_MS): {"messages": 3, "bandwidth": 30}}
    assert await store.database.read(partial(read_nodes, now=store.now)) == []


async def test_a_stop_ends_though_the_database_does_not_answer(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    node = Metered(store, around=FailingDatabase)
    assert isinstance(node.database, FailingDatabase)
    node.database.fails_before = 99
    node.counting.carried(PICTURE_ROOM, 3, 30)
    await node.meter.close()
    assert "could not be written" in caplog.text


async def test_a_node_says_how_it_is_when_that_changes_and_now_and_then(store: Store) -> None:
    node = Metered(store)

    async def said() -> list[int]:
        await node.meter.write()
        return [row.at for row in await store.database.read(partial(read_nodes, now=store.now))]

    began = store.now
    assert await said() == [began]
    store.now += BEAT_MS - 1
    assert await said() == [began]
    store.now += 1
    assert await said() == [began + BEAT_MS]
    store.now += 1
    node.counting.came(PICTURE_ROOM, first=True)
    assert await said() == [began + BEAT_MS + 1]
    [row] = await store.database.read(partial(read_nodes, now=store.now + SILENT_MS - 1))
    assert '"connections":1' in row.report
    assert await store.database.read(partial(read_nodes, now=store.now + SILENT_MS)) == []


async def test_what_is_old_of_pictures_and_of_nodes_goes_and_what_tenants_used_stays(store: Store) -> None:
    await with_tenants(store, TENANT)
    await store.do(ANN, create_marker("thread"))
    node = Metered(store)
    node.counting.carried(PICTURE_ROOM, 3, 30)
    await node.meter.write()
    day = store.now // DAY_MS

    async def swept() -> tuple[int, ...]:
        *_, nodes, _opinions, pictures = await store.database.write(partial(sweep, now=store.now))
        return nodes, pictures

    store.now += DROPPED_MS
    assert await swept() == (0, 0)
    store.now = (day + PICTURES_KEPT_DAYS) * DAY_MS
    assert await swept() == (1, 0)
    assert await picture_usage(store)
    store.now += DAY_MS
    assert await swept() == (0, 1)
    assert await picture_usage(store) == {}
    assert await usage(store)


async def test_a_deleted_tenant_takes_what_it_used_along_in_chunks_and_gets_none_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_tenants(store, TENANT, "other")
    node = Metered(store)
    node.counting.carried(PICTURE_ROOM, 3, 30)
    node.counting.carried(room_id("other", "picture"), 3, 30)
    await node.meter.write()

    def fill(connection: Connection) -> None:
        rows = [{"tenant_id": TENANT, "day": number % 3, "room_id": f"{TENANT}.{number}"} for number in range(20)]
        connection.execute(insert(tables.picture_usage), rows)

    await store.database.write(fill)
    monkeypatch.setattr("imagechat.store.purge.CHUNK", 5)
    await store.database.write(partial(switch_tenant, tenant_id=TENANT, now=store.now, disabled=True))
    rounds = 0
    while await store.database.write(partial(purge, tenant_id=TENANT)):
        rounds += 1
    assert rounds > 4
    await store.database.write(partial(end_tenant, tenant_id=TENANT, now=store.now))
    node.counting.carried(PICTURE_ROOM, 3, 30)
    await node.meter.write()
    assert await picture_usage(store) == {}
    assert {tenant for tenant, _ in await usage(store)} == {"other"}


async def test_IDEM1_what_was_committed_is_counted_once_however_often_it_is_asked_for(store: Store) -> None:
    await with_tenants(store, TENANT)
    node = Metered(store)
    database = FailingDatabase(store.database)
    commit = GroupCommit(database, store.bus, lambda: store.now, [node.meter.observe])
    marker, comment = create_marker("thread"), create_comment("thread")
    for _ in range(2):
        await commit.submit(ANN, marker)
    database.fails_after = 1  # its fate is not known, and is found out
    for _ in range(2):
        await commit.submit(ANN, comment)
    await node.meter.write()
    assert await usage(store) == {(TENANT, store.now // DAY_MS): {"conversations": 1, "comments": 1}}
    await commit.close()


async def test_IDEM1_what_was_committed_and_answered_with_a_failure_is_counted_once_too(store: Store) -> None:
    await with_tenants(store, TENANT)
    node, other = Metered(store), Metered(store, "other")
    database = FailingDatabase(store.database)
    commit = GroupCommit(database, store.bus, lambda: store.now, [node.meter.observe])
    elsewhere = GroupCommit(store.database, store.bus, lambda: store.now, [other.meter.observe])
    marker, comment = create_marker("thread"), create_comment("thread")
    database.fails_after = 2  # also of the second try
    with pytest.raises(Refusal, match="cannot write"):
        await commit.submit(ANN, marker)
    database.fails_after, database.fails_before = 0, 2  # of this nothing came
    with pytest.raises(Refusal, match="cannot write"):
        await commit.submit(ANN, comment)
    database.fails_before = 0
    assert (await elsewhere.submit(ANN, marker)).again
    assert not (await elsewhere.submit(ANN, comment)).again
    today = store.now // DAY_MS
    for meter in (node.meter, other.meter):
        await meter.write()
    assert await usage(store) == {(TENANT, today): {"comments": 1}}
    store.now += SETTLED_MS
    for meter in (node.meter, other.meter, node.meter):
        await meter.write()
    assert await usage(store) == {(TENANT, today): {"conversations": 1, "comments": 1}}
    for each in (commit, elsewhere):
        await each.close()
