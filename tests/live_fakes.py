"""A hub with its surroundings under the test's control: a log that can fail or hold back, a bus that can lose."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any

import msgspec
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame
from websockets.protocol import State
from websockets.uri import parse_uri

from imagechat.bus.base import RoomEvents
from imagechat.bus.memory import MemoryBus
from imagechat.live.frames import Framing
from imagechat.live.hub import Hub
from imagechat.live.log_pages import Logged
from imagechat.live.resume import Position
from imagechat.live.rights import Rights
from imagechat.live.timers import Timer, Timers
from imagechat.model.access import OPEN, Access
from imagechat.model.counting import Counting
from imagechat.model.errors import CloseKind, Refusal
from imagechat.model.ids import RoomId
from imagechat.model.principal import Principal
from imagechat.model.tenant import Tenant, TenantSettings

ROOM = RoomId("demo.picture")
OTHER_ROOM = RoomId("demo.other")


def parse_frames(data: bytes, *, compressed: bool = False) -> list[Frame]:
    """Read a server's frames with a library that is not the product's own code."""
    client = ClientProtocol(parse_uri("ws://test/"), state=State.OPEN)
    if compressed:
        client.extensions = [PerMessageDeflate(True, True, 15, 15)]  # noqa: FBT003 -- no context is taken over
    client.receive_data(data)
    assert client.parser_exc is None
    return [frame for frame in client.events_received() if isinstance(frame, Frame)]


def parse_messages(data: bytes, *, compressed: bool = False) -> list[Any]:
    return [msgspec.json.decode(frame.data) for frame in parse_frames(data, compressed=compressed)]


def event(seq: int, size: int = 0) -> bytes:
    padding = b',"padding":"' + b"x" * size + b'"' if size else b""
    return b'{"type":"new-image-chat","seq":%d%b}' % (seq, padding)


def batch(*seqs: int, epoch: str = "e1", room_id: RoomId = ROOM) -> RoomEvents:
    return RoomEvents(room_id, epoch, tuple((seq, event(seq)) for seq in seqs))


@dataclass
class FakeTimers:
    """The time, and what is to come, under the test's control; see `Timers`."""

    now: float = 1_000.0
    _calls: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    _cancelled: set[int] = field(default_factory=set)

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        assert seconds >= 0
        number = next(self._numbers)
        heappush(self._calls, (self.now + seconds, number, call))
        cancelled = self._cancelled

        class Cancels:
            def cancel(self) -> None:
                cancelled.add(number)

        return Cancels()

    @property
    def coming(self) -> list[float]:
        """In how many seconds each call comes."""
        return sorted(when - self.now for when, number, _ in self._calls if number not in self._cancelled)

    def turn(self) -> None:
        """Let one turn of the loop pass: all that is due now is called, and not what it asks for."""
        due = []
        while self._calls and self._calls[0][0] <= self.now:
            due.append(heappop(self._calls))
        for _, number, call in due:
            if number not in self._cancelled:
                call()

    def pass_by(self, seconds: float) -> None:
        """Let some time pass, and whatever comes in it, one turn after the other."""
        end = self.now + seconds
        while self._calls and self._calls[0][0] <= end:
            self.now = max(self.now, self._calls[0][0])
            self.turn()
        self.now = max(self.now, end)


class FakeSubscriber:
    """A connection that keeps what it is sent."""

    def __init__(self, framing: Framing = Framing.V1, user: str = "anna") -> None:
        self.framing = framing
        self.principal = Principal(tenant_id="demo", user_id=user, session_id=f"session-{user}")
        self.site: str | None = None
        self.sent: list[bytes] = []
        self.has_room = True
        self.takes = asyncio.Event()
        self.takes.set()
        self.gone = False
        self.broken = False
        self.overflowed = False
        self.failed = False
        self.closed: CloseKind | None = None
        self.when_closed: Callable[[], object] = lambda: None

    def send(self, frames: bytes) -> bool:
        if self.broken:
            msg = "a fault put in by the test"
            raise RuntimeError(msg)
        if self.has_room:
            self.sent.append(frames)
        return self.has_room

    async def drained(self) -> None:
        await self.takes.wait()
        if self.gone:
            raise ConnectionError

    def close(self, kind: CloseKind) -> None:
        self.closed = kind
        self.when_closed()

    def overflow(self) -> None:
        self.overflowed = True

    def fail(self) -> None:
        self.failed = True

    @property
    def messages(self) -> list[Any]:
        return parse_messages(b"".join(self.sent), compressed=self.framing.is_compressed)

    @property
    def events(self) -> Iterator[Any]:
        """What came after hello, one by one."""
        for message in self.messages:
            yield from message if isinstance(message, list) else [message] if "epoch" not in message else []

    @property
    def seqs(self) -> list[int]:
        """The seqs of committed events, as they came."""
        return [one["seq"] for one in self.events if one["type"] == "new-image-chat"]

    @property
    def types(self) -> list[str]:
        """The types of what came, presence left out."""
        found = [
            one["type"] for message in self.messages for one in (message if isinstance(message, list) else [message])
        ]
        return [kind for kind in found if kind != "p-u"]


class FakeHistory:
    """A log that counts its readers, waits while `open` is clear, and fails while `fails` is set."""

    def __init__(self) -> None:
        self.epoch = "e1"
        self.logs: dict[RoomId, list[tuple[int, bytes]]] = {}
        self.open = asyncio.Event()
        self.open.set()
        self.reading = asyncio.Event()
        self.fails = False
        self.reads: list[str] = []
        self.compared: list[list[RoomId]] = []
        self.accesses: dict[RoomId, Access] = {}

    async def tail(self, room_id: RoomId, limit: int) -> Logged:
        epoch, head, log, access = await self._read("tail", room_id)
        return epoch, head, log[-limit:], access

    async def after(self, room_id: RoomId, seq: int, limit: int) -> Logged:
        epoch, head, log, access = await self._read("after", room_id)
        return epoch, head, [entry for entry in log if entry[0] > seq][:limit], access

    async def access(self, room_ids: Collection[RoomId]) -> dict[RoomId, Access]:
        """Not counted: these reads are small, and of many who ask at once there is one."""
        return {room_id: self.accesses.get(room_id, OPEN) for room_id in room_ids}

    async def heads(self, room_ids: Collection[RoomId]) -> dict[RoomId, tuple[str, int]]:
        self.compared.append(list(room_ids))
        if self.fails:
            msg = "a fault put in by the test"
            raise OSError(msg)
        ends = {room_id: self.logs.get(room_id) or [(0, b"")] for room_id in room_ids}
        return {room_id: (self.epoch, log[-1][0]) for room_id, log in ends.items()}

    def hold(self) -> None:
        """Make every read wait with what it read already in its hands, as a slow reader of a snapshot would."""
        self.open.clear()
        self.reading.clear()

    async def _read(self, kind: str, room_id: RoomId) -> Logged:
        self.reads.append(kind)
        log = list(self.logs.get(room_id, []))
        found = self.epoch, log[-1][0] if log else 0, log, self.accesses.get(room_id, OPEN)
        self.reading.set()
        await self.open.wait()
        if self.fails:
            msg = "a fault put in by the test"
            raise OSError(msg)
        return found


class FakeStanding:
    """Everybody stands as the token says, unless the test has said otherwise of a user."""

    def __init__(self) -> None:
        self.refusals: dict[str, Refusal] = {}
        self.groups: dict[str, tuple[str, ...] | None] = {}
        self.domains: tuple[str, ...] = ("friend.example",)

    async def tenant(self, tenant_id: str) -> Tenant:
        return Tenant(id=tenant_id, name="", created_at="", settings=TenantSettings(domains=self.domains))

    async def current(self, principal: Principal) -> tuple[Principal, Tenant]:
        if principal.user_id in self.refusals:
            raise self.refusals[principal.user_id]
        groups = self.groups.get(principal.user_id, principal.groups)
        return msgspec.structs.replace(principal, groups=groups), await self.tenant(principal.tenant_id)


class LossyBus(MemoryBus):
    """A bus between nodes that brings what the test says, when it says so."""

    def __init__(self) -> None:
        super().__init__(alone=False)
        self.trouble = ""
        self.on_the_way: list[RoomEvents] = []

    def publish(self, batch: RoomEvents) -> None:
        self.on_the_way.append(batch)

    def bring(self, number: int = 0, *, twice: bool = False) -> None:
        """Bring one of those on the way; it may come again."""
        batch = self.on_the_way[number]
        if not twice:
            del self.on_the_way[number]
        super().publish(batch)


class Stage:
    """A hub on a real memory bus and a fake log; `commit` is what a writer does."""

    def __init__(self, timers: Timers | None = None, bus: MemoryBus | None = None) -> None:
        self.bus = bus or MemoryBus()
        self.history = FakeHistory()
        self.standing = FakeStanding()
        self.counting = Counting(lambda: 1_000)
        self.hub = Hub(self.bus, self.history, Rights(self.standing), self.counting, timers)

    def commit(
        self, count: int = 1, *, lost: bool = False, size: int = 0, room_id: RoomId = ROOM
    ) -> tuple[tuple[int, bytes], ...]:
        """Write events to the log and publish them, unless the bus loses them."""
        log = self.history.logs.setdefault(room_id, [])
        first = log[-1][0] + 1 if log else 1
        events = tuple((seq, event(seq, size)) for seq in range(first, first + count))
        log.extend(events)
        if not lost:
            access = self.history.accesses.get(room_id, OPEN)
            self.bus.publish(RoomEvents(room_id, self.history.epoch, events, access))
        return events

    def begin_another_history(self, events: int) -> None:
        """Restore from elsewhere: another epoch, and events that do not continue the old ones."""
        self.history.epoch = "e2"
        self.history.logs[ROOM] = [(seq, event(seq)) for seq in range(1, events + 1)]

    async def join(
        self,
        position: Position | None = None,
        *,
        framing: Framing = Framing.V1,
        user: str = "anna",
        room_id: RoomId = ROOM,
        site: str | None = None,
    ) -> FakeSubscriber:
        subscriber = FakeSubscriber(framing, user)
        subscriber.site = site
        await self.hub.join(room_id, subscriber, position)
        return subscriber


async def joined(
    stage: Stage, timers: FakeTimers, position: Position | None = None, room_id: RoomId = ROOM
) -> FakeSubscriber:
    """Join while time stands still: the turns of the loop are given by hand."""
    viewer = FakeSubscriber()
    joining = asyncio.create_task(stage.hub.join(room_id, viewer, position))
    while not joining.done():
        await asyncio.sleep(0)
        timers.turn()
    return viewer


async def settle() -> None:
    """Let everything that is ready run: enough turns of the loop for any chain of callbacks here."""
    for _ in range(50):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool], *, within: float = 10.0) -> None:
    """Wait for a condition; what the loop has timers for comes by itself."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 -- of things that know no events
            await asyncio.sleep(0.002)
