"""Readers that stop reading: closed, bounded in memory, equal after they resume; the others notice nothing."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from websockets.frames import Frame, Opcode

from live_clients import Person, Viewer, raw_live, small_socket
from live_fakes import until
from proc import connections, forget_peak, memory_kb
from running import TENANT, RunningNode

SLOW = 60
OUTBOX_KB = 64
SLACK_KB = 24 * 1024
"""For what the node needs to carry out a burst of commands at all."""

TEXT = "word " * 390


async def users_online(person: Person, picture: str) -> int:
    answer = await person.client.get(f"/pages/{TENANT}/users/online", params={"urlId": picture})
    return int(answer.json()["totalCount"])


async def test_OVF1_readers_that_stop_are_closed_with_4008_and_equal_after_they_resume(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_OUTBOX_KB": str(OUTBOX_KB)}) as node:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(node.client())
            person = Person(client)
            quick = [await stack.enter_async_context(Viewer(node, Person(client), "one")) for _ in range(5)]
            slow = [
                await stack.enter_async_context(Viewer(node, Person(client), "one", small_buffers=True))
                for _ in range(SLOW)
            ]
            elsewhere = await stack.enter_async_context(Viewer(node, Person(client), "two"))
            assert await users_online(person, "one") == SLOW + 5
            before = memory_kb(node)
            forget_peak(node)
            for viewer in slow:
                viewer.reading.clear()

            written = 0
            async with asyncio.timeout(60):
                while await users_online(person, "one") > 5:
                    await asyncio.gather(*[say_much(person) for _ in range(16)])
                    written += 16
            peak = memory_kb(node, "VmHWM")
            for viewer in slow:
                viewer.reading.set()
            await person.mark("two")

            for viewer in [*quick, *slow]:
                await viewer.equals_a_fresh_snapshot()
                assert viewer.resets == 0
                assert len(viewer.seen) == viewer.state.seq == written
            for viewer in slow:
                # whoever reads on later than a close may take finds the connection gone
                assert viewer.close_codes[0] in {4008, 1006}
            for viewer in quick:
                assert (viewer.connected, viewer.close_codes) == (1, [])
            await elsewhere.equals_a_fresh_snapshot()
            assert elsewhere.connected == 1
            assert written * len(TEXT) < 1024 * 1024  # the system's own buffers hide nobody for long
            assert peak - before < SLOW * 2 * OUTBOX_KB + SLACK_KB


async def test_OVF1_a_reader_that_reads_on_finds_the_code_and_resumes(tmp_path: Path) -> None:
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_OUTBOX_KB": str(OUTBOX_KB)}) as node:
        async with node.client() as client:
            person = Person(client)
            async with Viewer(node, Person(client), "one", small_buffers=True) as viewer:
                viewer.reading.clear()
                async with asyncio.timeout(30):
                    while await users_online(person, "one"):
                        await say_much(person)
                viewer.reading.set()
                await until(lambda: viewer.connected == 2)
                assert viewer.close_codes == [4008]
                await viewer.equals_a_fresh_snapshot()
                assert viewer.resets == 0


async def say_much(person: Person) -> None:
    """Make an event of about five kilobytes."""
    await person.mark("one", comment={"comment": TEXT, "commenterName": "Anna"})


async def test_OVF1_a_client_that_asks_for_pongs_and_takes_none_is_cut_off_and_costs_no_memory(tmp_path: Path) -> None:
    with RunningNode(
        tmp_path / "data", environment={"IMAGECHAT_OUTBOX_KB": str(OUTBOX_KB), "IMAGECHAT_PING_SECONDS": "2"}
    ) as node:
        async with node.client() as client:
            person = Person(client)
            snapshot = await person.enter("one")
            async with Viewer(node, Person(client), "one") as viewer:
                before = memory_kb(node)
                forget_peak(node)
                await asyncio.gather(*[flood_with_pings(node, snapshot) for _ in range(4)])
                assert memory_kb(node, "VmHWM") - before < 4 * 2 * OUTBOX_KB + SLACK_KB
                await person.mark("one")
                await viewer.equals_a_fresh_snapshot()
                assert viewer.connected == 1


async def flood_with_pings(node: RunningNode, snapshot: dict[str, object]) -> None:
    """Send pings until the server has had enough, and read nothing."""
    _, writer = await raw_live(node, snapshot, sock=small_socket(node))
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport
    pings = b"".join(Frame(Opcode.PING, bytes(125)).serialize(mask=True) for _ in range(500))
    try:
        async with asyncio.timeout(30):
            while True:
                writer.write(pings)
                await writer.drain()
    except ConnectionError:
        return


async def test_a_client_that_stops_reading_in_mid_resume_is_dropped(tmp_path: Path) -> None:
    with RunningNode(
        tmp_path / "data", environment={"IMAGECHAT_OUTBOX_KB": str(OUTBOX_KB), "IMAGECHAT_PING_SECONDS": "1"}
    ) as node:
        async with node.client() as client:
            person = Person(client)
            snapshot = await person.enter("one")
            for _ in range(16):
                await asyncio.gather(*[say_much(person) for _ in range(16)])  # far more than memory and buffers hold
        await until(lambda: connections(node) == 0)
        _, writer = await raw_live(node, snapshot, sock=small_socket(node), epoch="", seq=0)
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport
        assert connections(node) == 1
        await until(lambda: connections(node) == 0, within=30)
        writer.transport.abort()
