"""A node whose log is trimmed while clients are away and while they are there."""

import asyncio
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from imagechat.model.usage import DAY_MS
from imagechat.opening import DATABASE_FILE
from imagechat.store.retention import Keep, trim
from imagechat.store.sqlite import SqliteFile
from live_clients import Person, Viewer, live_url, new_picture, next_message, open_live
from live_fakes import FakeSubscriber, until
from making import ANN, PICTURE_ROOM, create_comment, create_marker
from running import TENANT, RunningNode
from storing import RememberingBus
from viewers import SmallNode


def make_older(data: Path, days: int) -> None:
    """Move the log of a node that is stopped into the past."""
    connection = sqlite3.connect(data / DATABASE_FILE)
    for table in ("events", "receipts"):
        connection.execute(f"UPDATE {table} SET timestamp = timestamp - ?", (days * DAY_MS,))  # noqa: S608 -- see above
    connection.commit()
    connection.close()


def trim_now(node: RunningNode, keep: Keep) -> tuple[int, int]:
    """Trim beside the node that runs, as another node on its database would."""
    file = SqliteFile(node.data / DATABASE_FILE)
    try:
        log = sqlite3.connect(node.data / DATABASE_FILE)
        [(newest,)] = log.execute("SELECT max(timestamp) FROM events")
        log.close()
        return file.write(partial(trim, keep=keep, now=newest + 2 * DAY_MS))
    finally:
        file.close()


async def log_of(client: httpx.AsyncClient, snapshot: dict[str, Any], **beginning: int) -> httpx.Response:
    params: dict[str, Any] = {"urlId": snapshot["urlIdWS"], "userIdWS": snapshot["userIdWS"]}
    return await client.get(f"/event-log/{TENANT}", params=params | beginning)


async def test_a_node_trims_what_is_too_old_soon_after_its_start(tmp_path: Path) -> None:
    picture = new_picture()
    with RunningNode(tmp_path, environment={"IMAGECHAT_LOG_DAYS": "2"}) as node:
        async with node.client() as client:
            person = Person(client)
            for _ in range(3):
                await person.mark(picture)
        node.stop()
        make_older(tmp_path, days=3)
        node.start()
        async with node.client() as client:
            kept = await Person(client).mark(picture)
            await until(lambda: any("the log was trimmed" in line for line in node.output), within=30)
            assert any("the log was trimmed by 6 events and 3 receipts" in line for line in node.output)
            snapshot = await Person(client).enter(picture)
            log = (await log_of(client, snapshot, startTime=0)).json()
        assert (len(snapshot["conversations"]), snapshot["seq"]) == (4, 4)
        assert (log["firstSeq"], len(log["events"]), kept["seq"]) == (4, 1, 4)


async def test_RES2_a_client_that_was_away_while_its_position_was_trimmed_gets_reset_and_one_that_is_in_it_resumes(
    node: RunningNode,
) -> None:
    picture = new_picture()
    async with node.client() as client:
        person = Person(client)
        early = await person.enter(picture)
        for _ in range(6):
            await person.mark(picture)
        snapshot = await person.enter(picture)
        node.stop()  # so that no node remembers what it read
        node.start()
        assert trim_now(node, Keep(days=0, events=4)) == (8, 2)  # seqs 5 and 6 stay of the picture's room
        for seq, missed in ((1, ["reset"]), (3, ["reset"]), (4, ["5", "6"]), (5, ["6"])):
            url = live_url(node, snapshot, epoch=snapshot["epoch"], seq=seq)
            async with open_live(url) as connection:
                hello = await next_message(connection)
                assert (hello["type"], hello["seq"]) == ("hello", 6)
                told = await next_message(connection)
                assert [str(event.get("seq")) if event["type"] != "reset" else "reset" for event in told] == missed
        url = live_url(node, early, epoch=early["epoch"], seq=0)  # an empty picture's snapshot, taken long ago
        async with open_live(url) as connection:
            assert (await next_message(connection))["type"] == "hello"
            assert [event["type"] for event in await next_message(connection)] == ["reset"]


async def test_RES2_the_log_over_rest_says_where_it_begins_and_refuses_to_go_on_from_before(node: RunningNode) -> None:
    picture = new_picture()
    async with node.client() as client:
        person = Person(client)
        for _ in range(6):
            await person.mark(picture)
        snapshot = await person.enter(picture)
        before = (await log_of(client, snapshot, startTime=0)).json()
        assert (before["firstSeq"], len(before["events"])) == (1, 6)
        trim_now(node, Keep(days=0, events=4))
        for beginning in ({"startTime": 0}, {"sinceSeq": 4}):
            log = (await log_of(client, snapshot, **beginning)).json()
            assert (log["firstSeq"], log["nextSeq"]) == (5, None)
            assert log["events"] == before["events"][4:]
        for since in (0, 1, 3):
            refused = await log_of(client, snapshot, sinceSeq=since)
            assert (refused.status_code, refused.json()["code"]) == (410, "history-trimmed")


async def test_RES2_when_what_a_node_missed_was_trimmed_everybody_starts_over(tmp_path: Path) -> None:
    node = SmallNode(tmp_path / "small.sqlite3")
    await node.do(ANN, create_marker())
    subscriber = FakeSubscriber()
    await node.hub.join(PICTURE_ROOM, subscriber, None)
    bus, node._group_commit._bus = node._group_commit._bus, RememberingBus()  # what is published now is lost
    for _ in range(3):
        await node.do(ANN, create_comment())
    node._group_commit._bus = bus
    await node.trim(events=1)
    await node.do(ANN, create_comment())
    await until(lambda: "reset" in subscriber.types)
    [*before, reset] = subscriber.events
    assert (reset["type"], reset["seq"]) == ("reset", 5)
    assert [event for event in before if "broadcastId" in event] == []  # never a part of the history
    await node.stop()


async def test_RES2_viewers_follow_a_picture_whose_log_is_trimmed_all_the_time(node: RunningNode) -> None:
    picture = new_picture()
    async with node.client() as client, Viewer(node, Person(client), picture) as viewer:
        person = Person(client)
        for _ in range(10):
            made = await asyncio.gather(*(person.mark(picture) for _ in range(20)))
            assert len({each["seq"] for each in made}) == 20
            await asyncio.to_thread(trim_now, node, Keep(days=0, events=1))
        await viewer.equals_a_fresh_snapshot()
        assert viewer.resets == 0  # who keeps up notices nothing
