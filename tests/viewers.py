"""A small node without sockets, and viewers who follow a picture on it as the widget does."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from imagechat.bus.memory import MemoryBus
from imagechat.live.frames import Framing
from imagechat.live.hub import Hub
from imagechat.live.resume import Position
from imagechat.live.rights import Rights
from imagechat.model.commands import Command
from imagechat.model.counting import Counting
from imagechat.model.errors import CloseKind
from imagechat.model.events import Event, decode_event
from imagechat.model.ids import room_id
from imagechat.model.principal import Principal
from imagechat.model.room_state import OwnOpinion, RoomState, fold, open_thread, thread_loaded
from imagechat.model.usage import DAY_MS
from imagechat.model.wire import Comment
from imagechat.store.group_commit import GroupCommit
from imagechat.store.opinion_rows import own_opinions
from imagechat.store.read_rooms import CommentQuery, Log, LogQuery, anybody, read_comments, read_log, read_snapshot
from imagechat.store.retention import Keep, trim
from imagechat.store.sqlite import SqliteDatabase, SqliteFile
from imagechat.store.write_events import Committed
from imagechat.wiring import LogHistory
from live_fakes import FakeStanding, parse_frames
from making import PICTURE_ROOM, TENANT, person
from preparing import prepare_sqlite


@dataclass(frozen=True, slots=True)
class ThreadList:
    """A thread at its picture's position, and what whoever asked for it thinks of the comments."""

    comments: tuple[Comment, ...]
    picture_seq: int | None
    own: Mapping[str, OwnOpinion]


class SmallNode:
    """Database, group commit, bus and hub, put together as in a real node; its clock moves when told."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now = 1_700_000_000_000
        self._start()

    def _start(self) -> None:
        self._database = SqliteDatabase(SqliteFile(prepare_sqlite(self._path)))
        self._bus = MemoryBus()
        self._group_commit = GroupCommit(self._database, self._bus, lambda: self.now)
        self.hub = Hub(self._bus, LogHistory(self._database), Rights(FakeStanding()), Counting(lambda: self.now))

    async def stop(self) -> None:
        await self._group_commit.close()
        await self.hub.close()
        await self._bus.close()
        await self._database.close()

    async def restart(self) -> None:
        await self.stop()
        self._start()

    @property
    def quiet(self) -> bool:
        """Whether the hub has sent all that it knows."""
        room = self.hub._rooms.get(PICTURE_ROOM)
        return room is None or (room.loaded.is_set() and not room.pending)

    async def do(self, who: Principal, command: Command) -> Committed:
        return await self._group_commit.submit(who, command)

    async def snapshot(self) -> RoomState:
        found = await self._database.read(partial(read_snapshot, room_id=PICTURE_ROOM, may=anybody))
        conversations = {each.id: each for each in found.conversations}
        return RoomState(found.epoch, found.seq, conversations, read_only=found.access.read_only)

    async def comments(self, thread: str, user_id: str) -> ThreadList | None:
        """Return a thread as somebody's list says it is; None when its marker was deleted."""
        query = CommentQuery(offset=0, limit=10_000)

        def read(connection: Connection) -> ThreadList | None:
            page = read_comments(connection, room_id(TENANT, thread), query, anybody)
            if page is None:
                return None
            comments = tuple(each.comment for each in page.comments)
            own = own_opinions(connection, user_id, comments)
            known = {name: OwnOpinion(each.direction, frozenset(each.reactions)) for name, each in own.items()}
            return ThreadList(comments, page.picture_seq, known)

        return await self._database.read(read)

    async def trim(self, events: int) -> None:
        """Leave so many events in the log, at least one, as a node does a day later."""
        keep = Keep(days=0, events=max(1, events))
        await self._database.write(partial(trim, keep=keep, now=self.now + DAY_MS))

    async def log(self) -> Log:
        return await self._database.read(partial(read_log, room_id=PICTURE_ROOM, query=LogQuery(limit=100_000)))


class Viewer:
    """A subscriber to the picture that keeps its state by snapshot, events and resuming, and checks what it is sent."""

    def __init__(self, name: str, node: SmallNode, framing: Framing, user_id: str = "") -> None:
        """`user_id` is whose opinions it takes for its own."""
        self.framing = framing
        self.principal = person(name)
        self.site: str | None = None
        self.node = node
        self.user_id = user_id
        self.state = RoomState("", 0, viewer=user_id)
        self.opened: set[str] = set()
        self.connected = False
        self.falls_behind = False
        self._has_snapshot = False
        self._early: list[Event] = []
        self._last_on_connection: int | None = None
        self._moved = asyncio.Event()
        self._lists: dict[str, ThreadList | None] = {}
        self._fault: Exception | None = None

    # -- what the viewer does

    async def connect(self) -> None:
        """Join, from the position of the state if there is one and the framing can resume."""
        if self.connected:
            return
        self.connected, self._last_on_connection = True, None
        if self.framing.is_v1:
            if not self._has_snapshot:
                await self._take_snapshot()
            await self.node.hub.join(PICTURE_ROOM, self, Position(self.state.epoch, self.state.seq))
        else:  # cannot resume: joins first, so that nothing is missed, then takes a snapshot
            self._has_snapshot = False
            await self.node.hub.join(PICTURE_ROOM, self, None)
        if not self._has_snapshot:  # also when a reset came
            await self._take_snapshot()

    def leave(self) -> None:
        if self.connected:
            self.connected = False
            self.node.hub.leave(PICTURE_ROOM, self)

    def lose_history(self) -> None:
        """Come back with a position that cannot be continued (RES2)."""
        self.leave()
        if self.state.seq:
            self.state = replace(self.state, epoch="another history")

    async def open(self, thread: str) -> None:
        """Open a thread: ask for its list, which arrives later, and take what comes meanwhile."""
        if not self._has_snapshot:
            return
        self.opened.add(thread)
        self.state = open_thread(self.state, thread)
        self._lists[thread] = await self.node.comments(thread, self.user_id)

    def lists_arrive(self) -> None:
        """Take the lists that were asked for."""
        for thread, found in self._lists.items():
            if found is not None and found.picture_seq is not None:
                self.state = thread_loaded(self.state, thread, found.comments, found.picture_seq, found.own)
        self._lists.clear()

    async def caught_up(self, seq: int) -> None:
        """Wait until the state is at a position; whoever lost the connection or its history mends that first."""
        while not (self.connected and self._has_snapshot and self.checked().seq >= seq):
            self._moved.clear()
            if not self.connected:
                await self.connect()
            elif not self._has_snapshot:
                await self._take_snapshot()
            else:
                assert not self.node.quiet, f"the viewer is at {self.state.seq}, {seq} is due, and nothing is under way"
                await self._moved.wait()
        self.lists_arrive()

    async def _take_snapshot(self) -> None:
        self.state = replace(await self.node.snapshot(), viewer=self.user_id)
        self._has_snapshot = True
        self._lists.clear()  # they were of another time
        early, self._early = self._early, []
        for event in early:
            self._apply(event)
        for thread in sorted(self.opened):
            if any(each.url_id == thread for each in self.state.conversations.values()):
                await self.open(thread)

    # -- what the hub does

    def send(self, frames: bytes) -> bool:
        if self.falls_behind:
            return False
        for frame in parse_frames(frames, compressed=self.framing.is_compressed):
            found: list[msgspec.Raw] | msgspec.Raw
            is_array = frame.data[:1] == b"["
            assert is_array == self.framing.is_v1 or b'"hello"' in frame.data
            found = msgspec.json.decode(frame.data, type=list[msgspec.Raw]) if is_array else [msgspec.Raw(frame.data)]
            for each in found:
                self._take(bytes(each))
        self._moved.set()
        return True

    async def drained(self) -> None:
        await asyncio.sleep(0)

    def close(self, kind: CloseKind) -> None:
        raise AssertionError(kind)

    def overflow(self) -> None:
        self.falls_behind = False
        self.leave()
        self._moved.set()

    def fail(self) -> None:
        self.overflow()

    def _take(self, data: bytes) -> None:
        message: dict[str, Any] = msgspec.json.decode(data)
        if message["type"] in {"hello", "p-u"}:
            return
        if message["type"] == "reset":
            self._has_snapshot, self._last_on_connection = False, None
            return
        event = decode_event(data)
        if self._last_on_connection is not None and event.seq != self._last_on_connection + 1:  # RES1
            self._fault = AssertionError(f"{event.seq} came after {self._last_on_connection} on one connection")
        self._last_on_connection = event.seq
        if self._has_snapshot:
            self._apply(event)
        else:
            self._early.append(event)

    def _apply(self, event: Event) -> None:
        try:
            self.state = fold(self.state, event)
        except ValueError as gap:
            self._fault = gap

    def checked(self) -> RoomState:
        """Return the state, of a viewer that was sent nothing wrong."""
        if self._fault is not None:
            raise self._fault
        return self.state
