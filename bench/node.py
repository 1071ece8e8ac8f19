"""Our node, for measuring: `imagechat serve` in a process of its own, and what its clients need to come in."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.folder import FOLDER
from bench.processes import Server, started
from imagechat.model.ids import wire_room_id
from imagechat.model.principal import Principal
from imagechat.model.tokens import Tokens

TENANT = "bench"
UNLIMITED = ("--set", "limits.markers_per_picture=null", "--set", "limits.comments_per_thread=null")
SECRET = "the benchmark's own, for databases that live a minute"  # noqa: S105 -- see what it says
V1 = "imagechat.v1"
READY = r"https?://127\.0\.0\.1:(\d+)"
ENVIRONMENT = {
    "IMAGECHAT_SECRET_KEY": SECRET,
    "IMAGECHAT_DRAIN_SECONDS": "0",
    "IMAGECHAT_LOG_DAYS": "0",
    "IMAGECHAT_LIMITS": "off",
}
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Node:
    """A running node and its data."""

    server: Server
    data: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server.port


def serve_command(data: Path, *flags: str) -> list[str]:
    """Return the command that an operator would run."""
    return [sys.executable, "-m", "imagechat.cli", "serve", "--port", "0", "--data", str(data), *flags]


@contextmanager
def fresh_data() -> Iterator[Path]:
    """Make a database with a tenant, on the disk that holds the repository: fsync costs what it costs here."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="data-") as data:
        subprocess.run(
            [sys.executable, "-m", "imagechat.cli", "tenant", "create", TENANT, "--data", data, *UNLIMITED],
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | ENVIRONMENT,
        )
        yield Path(data)


@contextmanager
def serving(data: Path, *flags: str, environment: Mapping[str, str] = ENVIRONMENT) -> Iterator[Node]:
    """Run a node on some data."""
    with started(serve_command(data, *flags), ready=READY, environment=environment) as server:
        yield Node(server, data)


@contextmanager
def fresh_node(*flags: str) -> Iterator[Node]:
    """Run a node on a database of its own."""
    with fresh_data() as data, serving(data, *flags) as node:
        yield node


def principals(count: int) -> list[Principal]:
    """Return anonymous visitors, each with a session of its own."""
    return [Principal(tenant_id=TENANT, user_id=f"anon-{n:08}", session_id=f"session-{n:08}") for n in range(count)]


def targets(url_ids: list[str], people: list[Principal], resume: str = "") -> list[str]:
    """Return an address of the live channel for each of these people, who take the pictures in turn."""
    tokens, expires = Tokens(SECRET), time.time_ns() // 1_000_000 + DAY_MS
    return [
        "/sub?"
        + urlencode(
            {
                "urlId": wire_room_id(url_ids[number % len(url_ids)]),
                "userIdWS": tokens.ticket(person, expires),
                "tenantIdWS": TENANT,
            }
        )
        + resume
        for number, person in enumerate(people)
    ]


def create_requests(url_ids: list[str], people: list[Principal]) -> list[str]:
    """Return requests that put a marker on a picture, one for each of these people; the load makes them its own."""
    tokens = Tokens(SECRET)
    return [
        _create_request(url_ids[number % len(url_ids)], tokens.session(person)) for number, person in enumerate(people)
    ]


def _create_request(url_id: str, session: str) -> str:
    body = (
        f'{{"urlId":"{url_id}","windowUrlId":"{url_id}:@@@@@@@@@@@@",'
        '"broadcastId":"0198c0de-0000-4000-8000-@@@@@@@@@@@@",'
        '"x":12.5,"y":50.25,"src":"https://example.org/picture.webp","pageTitle":"A picture"}'
    )
    return (
        f"POST /comment-image-chats/{TENANT} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {session}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
