"""Readers that stop reading: closed, bounded in memory, equal after they resume; the others notice nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from imagechat.live.frames import FLUSH_BYTES
from imagechat.model.events import decode_event
from imagechat.model.room_state import fold
from live_clients import Person, Viewer, raw_live, small_socket, state_of
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


async def test_OVF1_a_thousand_readers_that_stop_cost_bounded_memory_and_each_is_equal_after_it_resumed(
    tmp_path: Path,
) -> None:
    """What waits for readers of one room is one copy for all of them; each holds an outbox and a flush at most."""
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_OUTBOX_KB": str(OUTBOX_KB)}) as node:
        async with AsyncExitStack() as stack:
            person = Person(await stack.enter_async_context(node.client()))
            snapshot = await person.enter("one")
            quick = [await stack.enter_async_context(Viewer(node, Person(person.client), "one")) for _ in range(5)]
            stopped = [Stopped(node, snapshot) for _ in range(1_000)]
            await by_turns(reader.come for reader in stopped)
            assert await users_online(person, "one") == len(quick) + 1  # one user with a thousand connections
            before = memory_kb(node)
            forget_peak(node)

            written = 0
            async with asyncio.timeout(60):
                while await users_online(person, "one") > len(quick):
                    await asyncio.gather(*[say_much(person) for _ in range(16)])
                    written += 16
            assert memory_kb(node, "VmHWM") - before < OUTBOX_KB + FLUSH_BYTES // 1024 + SLACK_KB + len(stopped) * 4

            for viewer in quick:
                await viewer.equals_a_fresh_snapshot()
                assert (viewer.connected, viewer.close_codes, viewer.state.seq) == (1, [], written)
            await by_turns(partial(reader.resume, written) for reader in stopped)
            state = state_of(snapshot)
            for event in stopped[0].events:
                state = fold(state, decode_event(event))
            assert state == quick[0].state  # which is a fresh snapshot's
            for reader in stopped:
                assert reader.events == stopped[0].events
                # whoever reads on later than a close may take finds the connection gone
                assert reader.code in {4008, None}
            assert 4008 in {reader.code for reader in stopped}


class Stopped:
    """A reader that stops, and later reads on to the end of its connection and resumes."""

    def __init__(self, node: RunningNode, snapshot: dict[str, Any]) -> None:
        self.events: list[bytes] = []
        self.code: int | None = None
        self._node = node
        self._snapshot = snapshot
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def come(self) -> None:
        sock = small_socket(self._node)
        self._reader, self._writer = await raw_live(self._node, self._snapshot, sock=sock)
        await self._reader.readuntil(b'"sc":')
        await self._reader.readuntil(b"}")  # hello is over
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport

    async def resume(self, seq: int) -> None:
        """Read what is there, then what was missed up to `seq`."""
        self._writer.transport.resume_reading()  # type: ignore[attr-defined]
        await self._read_until(lambda: self.code is not None)
        self._writer.close()
        position = {"epoch": self._snapshot["epoch"], "seq": len(self.events)}
        self._reader, self._writer = await raw_live(self._node, self._snapshot, **position)
        await self._read_until(lambda: len(self.events) >= seq)
        self._writer.close()

    async def _read_until(self, enough: Callable[[], bool]) -> None:
        """Read frames until there are enough, or the stream ends; events are kept as they came."""
        client = ClientProtocol(parse_uri("ws://test/"), state=State.OPEN)
        while not enough():
            try:
                data = await self._reader.read(65_536)
            except ConnectionError:
                return
            if not data:
                return
            client.receive_data(data)
            for frame in client.events_received():
                assert isinstance(frame, Frame)
                if frame.opcode is Opcode.CLOSE:
                    self.code = Close.parse(frame.data).code
                elif frame.opcode is Opcode.TEXT and frame.data[:1] == b"[":
                    found = msgspec.json.decode(frame.data, type=list[msgspec.Raw])
                    self.events += [bytes(one) for one in found if b'"seq":' in bytes(one)]


async def by_turns(work: Iterable[Callable[[], Awaitable[None]]]) -> None:
    """Do many things, a few at a time."""
    waiting = iter(work)

    async def one_after_the_other() -> None:
        for each in waiting:
            await each()

    async with asyncio.timeout(60):
        await asyncio.gather(*[one_after_the_other() for _ in range(20)])


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
