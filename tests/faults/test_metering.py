"""What is written down is what clients that count have seen, byte for byte: stopped, killed, over midnight."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from imagechat.model.usage import day_number
from imagechat.store.metering import EVERY
from live_clients import Person, small_socket
from live_fakes import until
from metered import days_written, written, written_of_pictures
from running import RunningNode
from wire_counting import WireCounter, counted
from wrong_clocks import clock_off

FRAMINGS: list[dict[str, Any]] = [
    {"v1": True, "deflate": False},
    {"v1": True, "deflate": True},
    {"v1": False, "deflate": False},
    {"v1": False, "deflate": True},
]
COMPRESSING = {"IMAGECHAT_COMPRESSION": "on"}


async def say_and_hear(person: Person, clients: list[WireCounter], times: int = 10) -> None:
    """Write some things on a picture, which everybody there is sent, and have each of them say something too."""
    for number in range(times):
        made = await person.mark("one", comment={"comment": "word " * 20 * number or "hello"})
        await person.comment(made["conversation"]["urlId"], "more")
        await person.change(made["createdChatId"], resolved=True)
    for client in clients:
        client.say(b"ping")
        client.say(b"a", b"bc", b"def")  # a message in three frames
        client.say(b"x" * 300)
        client.say(msgspec.json.encode({"type": "typing", "urlId": made["conversation"]["urlId"]}))
        client.ping()


async def ended(clients: list[WireCounter]) -> None:
    """Wait until the node has ended all connections, and what it sent was counted."""
    await until(lambda: all(client.ended for client in clients), within=30)


async def test_what_is_written_at_the_end_is_what_clients_counted_in_every_framing(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data", environment=COMPRESSING) as node:
        async with node.client() as client, AsyncExitStack() as stack:
            person = Person(client)
            snapshot = await person.enter("one")
            clients = [
                await stack.enter_async_context(WireCounter(node, snapshot, **how))
                for how in FRAMINGS
                for _ in range(3)
            ]
            await until(lambda: all(client.frames for client in clients))  # presence: they are in
            await say_and_hear(person, clients)
            for each, how in zip(clients[::3], FRAMINGS, strict=True):
                if how["deflate"]:
                    each.say(b"word " * 100, deflate=True)
            # who comes back, with and without what it missed in the log
            snapshot = await person.enter("one")
            for position in ({"seq": 5}, {"seq": 29}, {"seq": 10**6}, {"epoch": "other", "seq": 3}):
                asked = {"epoch": snapshot["epoch"]} | position
                back = [WireCounter(node, snapshot, **how, **asked) for how in FRAMINGS[:2]]
                clients += [await stack.enter_async_context(each) for each in back]
            await say_and_hear(person, clients, 5)
            threads = await person.thread(snapshot["conversations"][0]["urlId"])
            assert threads["comments"]
            assert await asyncio.to_thread(node.stop) == 0
            await ended(clients)
            tally = await asyncio.to_thread(written, node)
            pictures = await asyncio.to_thread(written_of_pictures, node)
        assert (tally.messages, tally.bandwidth) == counted(clients)
        assert (tally.conversations, tally.comments, tally.fetches) == (15, 30, 3)
        assert tally.calls == 15 * 3 + 3
        assert tally.errors == 0
        assert pictures["one"].messages == tally.messages
        assert pictures["one"].bandwidth == tally.bandwidth
        assert all(client.control for client in clients)  # pongs, and the goodbye: not counted


@pytest.mark.parametrize("how", FRAMINGS[1:3])
async def test_nothing_is_missing_and_nothing_too_much_over_a_restart(tmp_path: Path, how: dict[str, Any]) -> None:
    with RunningNode(tmp_path / "data", environment=COMPRESSING) as node:
        clients: list[WireCounter] = []
        for _ in range(2):
            async with node.client() as client, AsyncExitStack() as stack:
                person = Person(client)
                snapshot = await person.enter("one")
                here = [await stack.enter_async_context(WireCounter(node, snapshot, **how)) for _ in range(4)]
                clients += here
                await until(lambda here=here: all(client.frames for client in here))  # type: ignore[misc]
                await say_and_hear(person, here)
                assert await asyncio.to_thread(node.stop) == 0
                await ended(here)
            tally = await asyncio.to_thread(written, node)
            assert (tally.messages, tally.bandwidth) == counted(clients)
            await asyncio.to_thread(node.start)


async def test_OVF1_a_reader_that_was_too_slow_is_counted_for_what_it_got(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_OUTBOX_KB": "64"}) as node:
        async with node.client() as client:
            person = Person(client)
            snapshot = await person.enter("one")
            others = await Person(client).enter("one")
            async with (
                WireCounter(node, snapshot) as quick,
                WireCounter(node, others, sock=small_socket(node)) as slow,
            ):
                async with asyncio.timeout(10):
                    while (await person.online("one"))["totalCount"] < 2:  # noqa: ASYNC110 -- the node knows
                        await asyncio.sleep(0.01)
                await until(lambda: bool(quick.frames and slow.frames))
                slow.reads.clear()
                made = await person.mark("one")
                async with asyncio.timeout(60):
                    while (await person.online("one"))["totalCount"] > 1:
                        thread = made["conversation"]["urlId"]
                        await asyncio.gather(*[person.comment(thread, "word " * 390) for _ in range(8)])
                slow.reads.set()
                await until(lambda: slow.ended, within=30)
                assert slow.control == 1, "the goodbye"
                assert await asyncio.to_thread(node.stop) == 0
                await ended([quick])
                tally = await asyncio.to_thread(written, node)
                assert (tally.messages, tally.bandwidth) == counted([quick, slow])
                assert slow.frames < quick.frames


async def test_a_node_that_is_killed_loses_what_it_had_not_written_and_repeats_nothing(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data") as node:
        before, killed = (0, 0), []
        for _ in range(2):
            async with node.client() as client, AsyncExitStack() as stack:
                person = Person(client)
                snapshot = await person.enter("one")
                here = [await stack.enter_async_context(WireCounter(node, snapshot)) for _ in range(3)]
                await until(lambda here=here: all(client.frames for client in here))  # type: ignore[misc]
                await say_and_hear(person, here)
                base = before[0]
                async with asyncio.timeout(60):
                    while (await asyncio.to_thread(written, node)).messages <= base + 50:  # noqa: ASYNC110 -- beside it
                        await asyncio.sleep(0.05)
                known = await asyncio.to_thread(written, node)
                await say_and_hear(person, here, 3)
                node.kill()
                await ended(here)
                killed.append(counted(here))
            tally = await asyncio.to_thread(written, node)
            assert tally.messages >= known.messages, "what was written stays"
            assert tally.messages - before[0] <= killed[-1][0]
            assert tally.bandwidth - before[1] <= killed[-1][1]
            before = tally.messages, tally.bandwidth
            await asyncio.to_thread(node.start)
    assert EVERY < 5


async def test_over_midnight_each_frame_is_of_its_day(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = timedelta(seconds=int((midnight - now).total_seconds()) - 12)  # soon it is midnight for the node

    def to_midnight() -> float:
        return (midnight - datetime.now(UTC) - ahead).total_seconds()

    environment = COMPRESSING | clock_off(int(ahead.total_seconds()))
    with RunningNode(tmp_path / "data", environment=environment) as node:
        async with node.client() as client, AsyncExitStack() as stack:
            person = Person(client)
            snapshot = await person.enter("one")
            clients = [await stack.enter_async_context(WireCounter(node, snapshot, **how)) for how in FRAMINGS]
            made = 0
            while to_midnight() > 1:
                await person.mark("one")
                made += 1
            before = counted(clients)
            await asyncio.sleep(max(0.0, to_midnight()) + 0.1)  # the day is what it waits for
            await say_and_hear(person, clients, 2)
            assert await asyncio.to_thread(node.stop) == 0
            await ended(clients)
            tallies = await asyncio.to_thread(days_written, node)
        today = day_number(midnight.date())
        assert {day: tally.conversations for day, tally in tallies.items()} == {today - 1: made, today: 2}
        frames = sum(tally.messages for tally in tallies.values()), sum(each.bandwidth for each in tallies.values())
        assert frames == counted(clients)
        assert made > 0
        assert tallies[today - 1].messages >= before[0] > 0
