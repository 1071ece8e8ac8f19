"""People on a running node: REST calls, and viewers that follow the live channel as a careful client does."""

import asyncio
import itertools
import socket
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from imagechat.live.frames import SUBPROTOCOL
from imagechat.model.events import decode_event
from imagechat.model.room_state import RoomState, fold
from imagechat.model.wire import Conversation
from running import TENANT, RunningNode

V1 = [Subprotocol(SUBPROTOCOL)]
_pictures = itertools.count(1)


def new_picture() -> str:
    return f"picture-{next(_pictures)}"


def live_url(node: RunningNode, snapshot: dict[str, Any], *, path: str = "/sub", **more: Any) -> str:
    """The live channel's address for whoever took a snapshot; `more` adds or replaces parameters."""
    parameters: dict[str, str | int] = {
        "urlId": snapshot["urlIdWS"],
        "userIdWS": snapshot["userIdWS"],
        "tenantIdWS": snapshot["tenantIdWS"],
    }
    return f"{node.ws_url}{path}?{urlencode(parameters | more)}"


async def in_room(person: "Person", picture: str) -> None:
    """Wait until somebody is in a picture's room: the plain framing does not say when its connection is."""
    async with asyncio.timeout(10):
        while not (await person.online(picture))["totalCount"]:  # noqa: ASYNC110 -- the node knows, and tells who asks
            await asyncio.sleep(0.01)


def open_live(url: str, *, v1: bool = True, **more: Any) -> connect:
    return connect(url, subprotocols=V1 if v1 else None, compression=None, proxy=None, **more)


def small_socket(node: RunningNode) -> socket.socket:
    """A connected socket whose system keeps very little for it, as a phone's on a bad line."""
    connected = socket.socket()
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connected.connect(("127.0.0.1", node.port))
    connected.setblocking(False)  # noqa: FBT003 -- its name
    return connected


async def raw_live(
    node: RunningNode,
    snapshot: dict[str, Any],
    *,
    after: bytes = b"",
    sock: socket.socket | None = None,
    **more: Any,
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Shake hands by hand for v1, with `after` in the same breath, and return the socket."""
    parts = urlsplit(live_url(node, snapshot, **more))
    place = {"sock": sock} if sock is not None else {"host": parts.hostname, "port": parts.port}
    reader, writer = await asyncio.open_connection(**place)
    writer.write(
        (
            f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {b64encode(bytes(16)).decode()}\r\n"
            f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
        ).encode()
        + after
    )
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    assert head.startswith(b"HTTP/1.1 101 ")
    return reader, writer


async def next_message(connection: ClientConnection, within: float = 10.0) -> Any:
    return msgspec.json.decode(await asyncio.wait_for(connection.recv(), within))


async def next_event(connection: ClientConnection, within: float = 10.0) -> Any:
    """The next event that is not about presence; arrays are expected to hold one event."""
    async with asyncio.timeout(within):
        while True:
            message = await next_message(connection, within)
            [event] = message if isinstance(message, list) else [message]
            if event["type"] != "p-u":
                return event


async def close_code(connection: ClientConnection, within: float = 15.0) -> int | None:
    """Read until the server closes; the code it gave."""
    async with asyncio.timeout(within):
        try:
            while True:
                await connection.recv()
        except ConnectionClosed:
            return connection.close_code


async def rest_of(connection: ClientConnection, within: float = 15.0) -> list[Any]:
    """Read until the server closes; the messages that came before."""
    found: list[Any] = []
    async with asyncio.timeout(within):
        with suppress(ConnectionClosed):
            while True:
                found.append(msgspec.json.decode(await connection.recv()))
    return found


@dataclass
class Person:
    """Somebody with a session of their own."""

    client: httpx.AsyncClient
    session: str = ""

    async def enter(self, picture: str) -> dict[str, Any]:
        """Take a picture's snapshot."""
        return await self._ask("GET", f"/comment-image-chats/{TENANT}", params={"urlId": picture})

    async def log(self, picture: str, ticket: str, since_seq: int) -> dict[str, Any]:
        """A page of a picture's event log."""
        asked = {"urlId": picture, "userIdWS": ticket, "sinceSeq": since_seq}
        return await self._ask("GET", f"/event-log/{TENANT}", params=asked)

    async def thread(self, window_url_id: str, limit: int = 200) -> dict[str, Any]:
        return await self._ask("GET", f"/comments/{TENANT}", params={"urlId": window_url_id, "limit": limit})

    async def online(self, picture: str) -> dict[str, Any]:
        return await self._ask("GET", f"/pages/{TENANT}/users/online", params={"urlId": picture})

    async def mark(self, picture: str, **more: Any) -> dict[str, Any]:
        """Put a marker on a picture."""
        body = {"urlId": picture, "broadcastId": str(uuid4()), "x": 10.5, "y": 20.25} | more
        return await self._ask("POST", f"/comment-image-chats/{TENANT}", json=body)

    async def change(self, chat_id: str, **more: Any) -> dict[str, Any]:
        """Change a marker of one's own."""
        body = {"broadcastId": str(uuid4())} | more
        return await self._ask("PATCH", f"/comment-image-chats/{TENANT}/{chat_id}", json=body)

    async def unpin(self, chat_id: str, **more: Any) -> dict[str, Any]:
        """Delete a marker of one's own."""
        body = {"broadcastId": str(uuid4())} | more
        return await self._ask("DELETE", f"/comment-image-chats/{TENANT}/{chat_id}", json=body)

    async def comment(self, window_url_id: str, text: str, broadcast_id: str | None = None) -> dict[str, Any]:
        parameters = {"urlId": window_url_id, "broadcastId": broadcast_id or str(uuid4())}
        body = {"comment": text, "commenterName": "Anna", "url": "https://page.test/", "urlId": window_url_id}
        return await self._ask("POST", f"/comments/{TENANT}", params=parameters, json=body)

    async def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.session}"} if self.session else {}
        answer = await self.client.request(method, path, headers=headers, **more)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        self.session = found.get("user", {}).get("sessionId", self.session)
        return found


def state_of(snapshot: dict[str, Any]) -> RoomState:
    conversations = msgspec.convert(snapshot["conversations"], list[Conversation])
    by_id = {one.id: one for one in conversations}
    return RoomState(snapshot["epoch"], snapshot["seq"], by_id, read_only=snapshot["readOnly"])


@dataclass
class Viewer:
    """Takes a snapshot, folds live events in, and resumes by its position wherever its connection ended.

    A gap raises in the fold and is raised again when the viewer ends.
    """

    v1: ClassVar[bool] = True

    node: RunningNode
    person: Person
    picture: str
    others: Sequence[RunningNode] = ()
    """Where it goes on when its connection ends, in turn; with none, at the same node."""
    small_buffers: bool = False
    state: RoomState = field(default_factory=lambda: RoomState("", 0))
    seen: set[tuple[str, int]] = field(default_factory=set)
    duplicated: int = 0
    disordered: int = 0
    connected: int = 0
    resets: int = 0
    close_codes: list[int | None] = field(default_factory=list)
    count: int | None = None
    """How many connections the room has, as it was last told."""
    reading: asyncio.Event = field(default_factory=asyncio.Event)
    live: asyncio.Event = field(default_factory=asyncio.Event)
    _newest: tuple[str, int] = ("", 0)
    _snapshot: dict[str, Any] = field(default_factory=dict)
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.reading.set()
        await self._take_snapshot()
        self._task = asyncio.create_task(self._follow())
        await asyncio.wait(
            {self._task, waiting := asyncio.create_task(self.live.wait())}, timeout=20, return_when="FIRST_COMPLETED"
        )
        waiting.cancel()
        assert self.live.is_set()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def reaches(self, seq: int, within: float = 20.0) -> None:
        """Wait until everything up to a seq was folded in."""
        assert self._task is not None
        async with asyncio.timeout(within):
            while self.state.seq < seq:
                if self._task.done():
                    self._task.result()
                await asyncio.sleep(0.005)

    async def equals_a_fresh_snapshot(self) -> None:
        """Check the whole of it: nothing missing, twice or out of order, and the very state that a newcomer gets."""
        fresh = state_of(await self.person.enter(self.picture))
        await self.reaches(fresh.seq)
        assert self.state == fresh
        assert (self.duplicated, self.disordered) == (0, 0)

    async def _take_snapshot(self) -> None:
        self._snapshot = await self.person.enter(self.picture)
        self.state = state_of(self._snapshot)

    async def _follow(self) -> None:
        for node in cycle([self.node, *self.others]):
            self.node = node
            try:
                more: dict[str, Any] = {"sock": small_socket(self.node), "max_queue": 1} if self.small_buffers else {}
                async with open_live(
                    self._address(), v1=self.v1, ping_interval=None, close_timeout=1, **more
                ) as connection:
                    self.connected += 1
                    try:
                        await self._listen(connection)
                    except ConnectionClosed:
                        self.close_codes.append(connection.close_code)
            except httpx.HTTPStatusError as error:
                if error.response.status_code != 503:
                    raise
            except (OSError, InvalidHandshake, TimeoutError, httpx.TransportError):
                pass
            await asyncio.sleep(0.02)  # a node may be away: ask again, as every client must

    def _address(self) -> str:
        return live_url(self.node, self._snapshot, epoch=self.state.epoch, seq=self.state.seq)

    async def _listen(self, connection: ClientConnection) -> None:
        hello = await next_message(connection)
        assert hello["type"] == "hello"
        self.count = hello["sc"]
        self.live.set()
        async for message in connection:
            for event in msgspec.json.decode(message):
                await self._take(event)
            await self.reading.wait()
        await connection.recv()  # says how it was closed

    async def _take(self, event: dict[str, Any]) -> None:
        if event["type"] == "reset":
            await self._take_snapshot()
            self.resets += 1
        elif event["type"] == "p-u":
            self.count = event["sc"]
        elif "seq" in event:
            place = (self.state.epoch, event["seq"])
            self.duplicated += place in self.seen
            self.disordered += place[0] == self._newest[0] and place[1] < self._newest[1]
            self._newest = place
            self.seen.add(place)
            self.state = fold(self.state, decode_event(msgspec.json.encode(event)))
