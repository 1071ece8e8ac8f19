"""The load: raw sockets with requests made beforehand, so that what is measured is the node."""

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

from bench.started import TENANT, Node

HANDSHAKE = (
    "GET /sub?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    "Sec-WebSocket-Protocol: imagechat.v1\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a snapshot gave: a session, and the live channel's address."""

    session_id: str
    query: str


async def enter(node: Node, url_id: str) -> Entrance:
    """Take a snapshot of a picture."""
    reader, writer = await asyncio.open_connection("127.0.0.1", node.port)
    path = f"/comment-image-chats/{TENANT}?{urlencode({'urlId': url_id})}"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    answer = json.loads((await reader.read()).partition(b"\r\n\r\n")[2])
    writer.close()
    query = urlencode({"urlId": answer["urlIdWS"], "userIdWS": answer["userIdWS"], "tenantIdWS": TENANT})
    return Entrance(answer["user"]["sessionId"], query)


class Creator(asyncio.Protocol):
    """One keep-alive connection that creates markers, one after the other, and times each."""

    def __init__(self, entrance: Entrance, url_id: str, more: Callable[[], bool], done: Callable[[], None]) -> None:
        self.latencies: list[float] = []
        self._headers = (
            f"POST /comment-image-chats/{TENANT} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {entrance.session_id}\r\nContent-Type: application/json\r\nContent-Length: "
        )
        self._url_id = url_id
        self._more = more
        self._done = done
        self._sent_at = 0.0
        self._transport: asyncio.Transport
        self._received = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a stream's
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(self._received.decode())
        self._received = b""
        self.latencies.append(time.perf_counter() - self._sent_at)
        self._next()

    def _next(self) -> None:
        if not self._more():
            self._transport.close()
            self._done()
            return
        body = json.dumps(
            {
                "urlId": self._url_id,
                "windowUrlId": uuid.uuid4().hex,
                "broadcastId": str(uuid.uuid4()),
                "x": 12.5,
                "y": 50.25,
                "src": "https://example.org/picture.webp",
            }
        )
        self._sent_at = time.perf_counter()
        self._transport.write(f"{self._headers}{len(body)}\r\n\r\n{body}".encode())


@dataclass(slots=True)
class Watch:
    """What subscribers saw, together."""

    events: int = 0
    wrong: list[str] = field(default_factory=list)


class Subscriber(asyncio.Protocol):
    """One connection that counts events, and can check that each came once and in order."""

    def __init__(self, entrance: Entrance, watch: Watch, *, checks: bool) -> None:
        self.events = 0
        self.ready = asyncio.get_running_loop().create_future()
        self._entrance = entrance
        self._watch = watch
        self._checks = checks
        self._kept = b""
        self._next_seq = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a stream's
        transport.write(HANDSHAKE.format(query=self._entrance.query).encode())

    def data_received(self, data: bytes) -> None:
        if not self.ready.done():
            if b'"hello"' in data:
                self._next_seq = int(data.split(b'"seq":')[1].split(b",")[0]) + 1
                self.ready.set_result(None)
            return
        if self._checks:
            self._check(data)
            return
        # an event has one broadcastId; one that is cut in two is counted with its second half
        data = self._kept + data
        count = data.count(b'"broadcastId"')
        self._kept = data[-12:] if count == 0 or data[-12:].find(b'"broadcastId"') < 0 else b""
        self.events += count
        self._watch.events += count

    def _check(self, data: bytes) -> None:
        data = self._kept + data
        while True:
            at = data.find(b'"seq":')
            end = data.find(b",", at)
            if at < 0 or end < 0:
                break
            seq = int(data[at + 6 : end])
            if seq != self._next_seq:
                self._watch.wrong.append(f"expected {self._next_seq}, got {seq}")
            self._next_seq = seq + 1
            self.events += 1
            self._watch.events += 1
            data = data[end:]
        self._kept = data if at >= 0 else data[-6:]


def _given(subscriber: Subscriber) -> Subscriber:
    return subscriber


async def subscribe(node: Node, url_id: str, count: int, watch: Watch, *, checked: int = 1) -> list[Subscriber]:
    """Connect subscribers to a picture's room; the first `checked` of them look at every seq."""
    entrance = await enter(node, url_id)
    subscribers = []
    for number in range(count):
        subscriber = Subscriber(entrance, watch, checks=number < checked)
        await asyncio.get_running_loop().create_connection(partial(_given, subscriber), "127.0.0.1", node.port)
        subscribers.append(subscriber)
        if number % 100 == 0:
            await subscriber.ready
    for subscriber in subscribers:
        await subscriber.ready
    return subscribers


async def create(node: Node, url_id: str, *, connections: int, total: int) -> list[float]:
    """Create markers over some connections at once; return each one's latency in seconds."""
    entrance = await enter(node, url_id)
    left = total
    finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    running = connections

    def more() -> bool:
        nonlocal left
        left -= 1
        return left >= 0

    def done() -> None:
        nonlocal running
        running -= 1
        if not running:
            finished.set_result(None)

    creators = []
    for _ in range(connections):
        _, creator = await asyncio.get_running_loop().create_connection(
            lambda: Creator(entrance, url_id, more, done), "127.0.0.1", node.port
        )
        creators.append(creator)
    await finished
    return sorted(latency for creator in creators for latency in creator.latencies)
