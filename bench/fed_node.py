"""A node on a fresh database, on whose pictures things happen by order, for the browser to follow.

The node is a process of its own; the events are commands put straight into its group commit, since this many requests
would need the core that the browser needs. Everything after that is the product: the log, the hub's batches, the
socket.
"""

import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from imagechat.http.bodies import FirstComment
from imagechat.http.fields import new_comment, new_id
from imagechat.http.services import Services
from imagechat.model.commands import (
    Command,
    CreateComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    UpdateMarker,
)
from imagechat.model.comment_text import render
from imagechat.model.principal import Principal, Role
from imagechat.node import run_node
from imagechat.settings import load_settings
from imagechat.store.tenants import create_tenant
from imagechat.store.write_events import Committed
from imagechat.wiring import Parts

TENANT = "bench"
RATE = 1_000
"""Events a second, unless another is asked for."""


@dataclass(slots=True)
class Feed:
    """Makes commands that are never refused: it knows what there is. The first marker's thread is the busy one."""

    picture: str
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    made: int = 0
    markers: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def next(self, mix: dict[str, int]) -> Command:
        """Return a command; where there is nothing to do it to, a new marker."""
        self.made += 1
        [deed] = self.chance.choices(list(mix), list(mix.values()))
        name = f"{self.picture}-{self.made}"
        common: dict[str, Any] = {"tenant_id": TENANT, "broadcast_id": name}
        place: dict[str, Any] = {"x": self.chance.randrange(10_000) / 100, "y": self.chance.randrange(10_000) / 100}
        now = time.time_ns() // 1_000_000
        words = FirstComment(comment=f"Comment number {self.made}, with *some* more words in it", commenter_name="Ada")
        match deed:
            case "comment" | "busy" if self.markers:
                comment = new_comment(words, now)
                self.comments.append(comment.comment_id)
                _, thread = self.markers[0] if deed == "busy" else self.chance.choice(self.markers)
                return CreateComment(**common, url_id=thread, comment=comment)
            case "edit" if self.comments:
                text = f"Changed by {self.made}"
                return EditComment(**common, comment_id=self.comments[-1], text=text, html=render(text))
            case "uncomment" if self.comments:
                return DeleteComment(**common, comment_id=self.comments.pop())
            case "move" if self.markers:
                return UpdateMarker(**common, marker_id=self.chance.choice(self.markers)[0], **place)
            case "unmark" if len(self.markers) > 1:
                self.comments.clear()  # some may be in its thread
                marker, _ = self.markers.pop(self.chance.randrange(1, len(self.markers)))
                return DeleteMarker(**common, marker_id=marker)
        self.markers.append((new_id(now), name))
        return CreateMarker(
            **common,
            **place,
            url_id=self.picture,
            marker_id=self.markers[-1][0],
            window_url_id=name,
            comment=new_comment(words, now),
        )


async def _feed(services: Services, feed: Feed, mix: dict[str, int], seconds: float, rate: float) -> None:
    """Submit what is due every few milliseconds; returns when all of it is durable."""
    who = Principal(tenant_id=TENANT, user_id="feed", session_id="feed", role=Role.MODERATOR)
    under_way: list[asyncio.Task[Committed]] = []
    began, sent = time.monotonic(), 0
    while sent < rate * seconds:
        due = int(min(time.monotonic() - began, seconds) * rate)
        commands = [feed.next(mix) for _ in range(due - sent)]
        under_way.extend(asyncio.create_task(services.group_commit.submit(who, command)) for command in commands)
        sent = due
        await asyncio.sleep(0.005)
    await asyncio.gather(*under_way)


def serve(data: str) -> None:
    """Run a node whose feed takes orders as lines of JSON; the end of them stops it."""
    orders: set[asyncio.Task[None]] = set()

    async def take_orders(services: Services) -> None:
        feeds: dict[str, Feed] = {}
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            feed = feeds.setdefault(order["picture"], Feed(order["picture"]))
            await _feed(services, feed, order["mix"], order["seconds"], order["rate"])
            print("done", flush=True)
        os.kill(os.getpid(), signal.SIGTERM)

    async def started(parts: Parts, address: str) -> None:
        await parts.services.database.write(lambda connection: create_tenant(connection, TENANT, "Bench", 0))
        orders.add(asyncio.create_task(take_orders(parts.services)))
        print(address, flush=True)

    run_node(load_settings(port=0, data=data, drain_seconds=0), demo=True, when_started=started)


@dataclass(frozen=True, slots=True)
class FedNode:
    """A running node, and the way to have things happen on it."""

    address: str
    process: asyncio.subprocess.Process

    async def feed(self, picture: str, mix: dict[str, int], seconds: float, rate: float = RATE) -> None:
        """Let `seconds * rate` things happen on a picture, evenly; returns when the last one is durable."""
        order = {"picture": picture, "mix": mix, "seconds": seconds, "rate": rate}
        assert self.process.stdin is not None  # noqa: S101 -- it is a pipe
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        answer = await _line(self.process)
        if answer != "done":
            raise RuntimeError(answer)


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None  # noqa: S101 -- it is a pipe
    return (await process.stdout.readline()).decode().strip()


@asynccontextmanager
async def fed_node() -> AsyncIterator[FedNode]:
    """Run one for as long as it is needed."""
    with tempfile.TemporaryDirectory(dir=".", prefix=".bench-") as data:
        command = [sys.executable, "-m", "bench.fed_node", data]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
        try:
            yield FedNode(await _line(process), process)
        finally:
            assert process.stdin is not None  # noqa: S101 -- it is a pipe
            process.stdin.close()
            await process.wait()


if __name__ == "__main__":
    serve(sys.argv[1])
