"""What is told of each request: on the short way and in the framework, for what is at no path, and in a fault."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from imagechat.http.answered import Answered, Answers
from imagechat.settings import Settings
from imagechat.store.tenants import create_tenant
from imagechat.wiring import Parts, build
from running import TENANT
from visiting import CHATS, COMMENTS

SNAPSHOT = "/comment-image-chats/{tenant_id}"
MARKER = {"urlId": "p", "broadcastId": "one", "x": 1, "y": 2}


class Asked:
    """A node's parts, asked in this process, and what was told of it."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.told: list[Answered] = []
        self.entrance = Answers(parts.entrance, [self._fail, self.told.append])

    async def ask(self, method: str, path: str, **more: Any) -> Answered:
        transport: Any = httpx.ASGITransport(self.entrance, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://node") as client:
            answer = await client.request(method, path, **more)
        assert answer.status_code == self.told[-1].status
        return self.told[-1]

    def _fail(self, answered: Answered) -> None:
        raise ValueError(answered.route)


@asynccontextmanager
async def asked_on(tmp_path: Path) -> AsyncIterator[Asked]:
    parts = build(Settings(data=str(tmp_path)))
    await parts.services.database.write(lambda connection: create_tenant(connection, TENANT, TENANT, 0))
    async with parts.app.lifespan():
        yield Asked(parts)


@pytest.mark.parametrize(
    ("method", "path", "more", "expected"),
    [
        ("GET", CHATS, {"params": {"urlId": "p"}}, ("GET", SNAPSHOT, TENANT, 200, None)),
        ("POST", CHATS, {"json": MARKER}, ("POST", SNAPSHOT, TENANT, 200, None)),
        ("POST", CHATS, {"json": MARKER, "headers": {"cookie": "a=b"}}, ("POST", SNAPSHOT, TENANT, 200, None)),
        ("POST", CHATS, {"json": MARKER | {"x": 101}}, ("POST", SNAPSHOT, TENANT, 400, "invalid-coordinates")),
        ("POST", CHATS, {"json": [1]}, ("POST", SNAPSHOT, None, 400, "invalid-body")),
        ("POST", "/comments/nobody", {"json": {}}, ("POST", "/comments/{tenant_id}", None, 400, "invalid-body")),
        ("GET", COMMENTS + "/x/text", {}, ("GET", "/comments/{tenant_id}/{comment_id}/text", TENANT, 404, "not-found")),
        ("GET", "/comment-image-chats/nobody?urlId=p", {}, ("GET", SNAPSHOT, None, 404, "invalid-tenant-id")),
        ("GET", "/wp-login.php?secret=1", {}, ("GET", "unknown", None, 404, "not-found")),
        ("GET", "/comments/../../etc/passwd", {}, ("GET", "unknown", None, 404, "not-found")),
        ("PUT", CHATS, {}, ("PUT", "unknown", None, 405, "method-not-allowed")),
        ("PROPFIND", "/x", {}, ("other", "unknown", None, 404, "not-found")),
        ("OPTIONS", CHATS, {"headers": {"origin": "https://a.example"}}, ("OPTIONS", "preflight", None, 204, None)),
        ("GET", "/healthz", {}, ("GET", "/healthz", None, 200, None)),
    ],
    ids=str,
)
async def test_each_request_is_told_once_by_its_route_and_code(
    tmp_path: Path, method: str, path: str, more: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    async with asked_on(tmp_path) as asked:
        answered = await asked.ask(method, path, **more)
        assert (answered.method, answered.route, answered.tenant_id, answered.status, answered.code) == expected
        assert answered.seconds > 0
        assert answered.path == httpx.URL("http://node" + path).path
        assert len(asked.told) == 1


async def test_a_fault_is_told_as_what_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_transaction: Any) -> None:
        raise ValueError

    async with asked_on(tmp_path) as asked:
        monkeypatch.setattr(asked.parts.services.database, "read", fail)
        for method, more in (("GET", {"params": {"urlId": "p"}}), ("POST", {"json": MARKER})):
            answered = await asked.ask(method, CHATS, **more)
            assert (answered.route, answered.status, answered.code) == (SNAPSHOT, 500, "internal")


async def test_an_application_that_says_nothing_is_told_as_the_fault_that_the_server_answers() -> None:
    async def fall(_scope: Any, _receive: Any, _send: Any) -> None:
        raise LookupError

    nothing: Any = None
    told: list[Answered] = []
    with pytest.raises(LookupError):
        await Answers(fall, [told.append])({"type": "http", "method": "GET", "path": "/x"}, nothing, nothing)  # type: ignore[arg-type]
    assert [(each.route, each.status, each.code) for each in told] == [("unknown", 500, "internal")]


async def test_what_is_no_request_is_passed_on_untold() -> None:
    passed: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        passed.append(scope["type"])
        await asyncio.sleep(0)

    nothing: Any = None
    told: list[Answered] = []
    for kind in ("lifespan", "websocket"):
        await Answers(app, [told.append])({"type": kind}, nothing, nothing)  # type: ignore[arg-type]
    assert (passed, told) == (["lifespan", "websocket"], [])
