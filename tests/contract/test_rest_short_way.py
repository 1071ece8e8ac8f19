"""The short way and the framework: one request, the same answer on both, and each takes what it should."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.types import ASGIApp

from imagechat.http.boundary import Boundary
from imagechat.http.short_way import read_call
from imagechat.model.tenant import TenantSettings
from imagechat.settings import Settings
from imagechat.store.tenants import create_tenant
from imagechat.wiring import Parts, build
from running import TENANT
from visiting import CHATS, COMMENTS

SETTINGS = TenantSettings(domains=("page.example",))
MARKER = {"urlId": "p", "broadcastId": "~", "x": 1, "y": 2}
COMMENT_QUERY = "?urlId=t&broadcastId=~"

CALLS: dict[str, tuple[str, Any]] = {
    "a marker": (CHATS, MARKER),
    "a marker with its comment": (CHATS, MARKER | {"comment": {"comment": "**hi** %"}}),
    "a comment": (COMMENTS + COMMENT_QUERY, {"comment": "hi", "commenterName": "Ann"}),
    "simple SSO": (CHATS + '?sso={"username":"Ann","email":"a@example.org"}', MARKER),
    "SSO that is no JSON": (CHATS + "?sso=x", MARKER),
    "a session of nobody": (CHATS + "?sessionId=x", MARKER),
    "an empty session": (CHATS + "?sessionId=", MARKER),
    "no such tenant": ("/comment-image-chats/nobody", MARKER),
    "coordinates outside": (CHATS, MARKER | {"x": 101}),
    "a wrong type": (CHATS, MARKER | {"x": "1"}),
    "a missing field": (CHATS, {"urlId": "p"}),
    "an empty broadcastId": (CHATS, MARKER | {"broadcastId": ""}),
    "a list": (CHATS, []),
    "no JSON": (CHATS, b"{"),
    "no UTF-8": (CHATS, b'{"urlId": "\xff"}'),
    "nested too deep": (CHATS, b"[" * 60_000),
    "a body too big": (CHATS, b"x" * 70_000),
    "no body": (CHATS, b""),
    "an empty comment": (COMMENTS + COMMENT_QUERY, {"comment": " "}),
    "a comment too big": (COMMENTS + COMMENT_QUERY, {"comment": "x" * 2_001}),
    "an empty urlId": (COMMENTS + "?urlId=&broadcastId=~", {"comment": "hi"}),
    "a query that is no UTF-8": (COMMENTS + COMMENT_QUERY + "&x=%ff", {"comment": "hi"}),
    "a reply to nothing": (COMMENTS + COMMENT_QUERY, {"comment": "hi", "parentId": "x"}),
}
CHANGING = {
    "_id",
    "lastCommentAt",
    "createdChatId",
    "createdAt",
    "date",
    "userId",
    "id",
    "sessionId",
    "timestamp",
    "userIdWS",
    "urlId",
}


@asynccontextmanager
async def node(tmp_path: Path) -> AsyncIterator[Parts]:
    parts = build(Settings(data=str(tmp_path)))
    await parts.services.database.write(lambda connection: create_tenant(connection, TENANT, TENANT, 0, SETTINGS))
    async with parts.app.lifespan():
        yield parts


def ways(parts: Parts) -> list[tuple[str, ASGIApp]]:
    """The framework and the short way, each behind the boundary as in a node."""
    return [("f", Boundary(parts.app)), ("s", parts.entrance)]


async def ask(to: tuple[str, Any], path: str, body: Any, **headers: str) -> httpx.Response:
    way, app = to
    content = body if isinstance(body, bytes) else httpx.Request("POST", "/", json=body).content
    content = content.replace(b'"p"', b'"p-%s"' % way.encode()).replace(b'"~"', b'"b-%s"' % way.encode())
    path = path.replace("urlId=t", f"urlId=t-{way}").replace("=~", f"=b-{way}")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://node") as client:
        return await client.post(path, content=content, headers={"Content-Type": "application/json"} | headers)


def shape(value: Any) -> Any:
    """What must be the same for two callers at two moments."""
    if isinstance(value, dict):
        return {key: type(item) if key in CHANGING else shape(item) for key, item in value.items()}
    return [shape(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", CALLS)
async def test_both_ways_answer_the_same(tmp_path: Path, name: str) -> None:
    path, body = CALLS[name]
    async with node(tmp_path) as parts:
        framework, short = [await ask(way, path, body, Origin="https://page.example") for way in ways(parts)]

    assert short.status_code == framework.status_code
    assert shape(short.json()) == shape(framework.json())
    for header in ("content-type", "access-control-allow-origin", "retry-after", "vary"):
        assert short.headers.get(header) == framework.headers.get(header), header


async def test_the_session_of_the_header_is_the_caller_on_both_ways(tmp_path: Path) -> None:
    async with node(tmp_path) as parts:
        user = (await ask(ways(parts)[0], CHATS, MARKER)).json()["user"]
        for number, way in enumerate(ways(parts)):
            marker = MARKER | {"broadcastId": f"again-{number}"}
            answer = await ask(way, CHATS, marker, Authorization=f"Bearer {user['sessionId']}")
            assert answer.json()["user"]["id"] == user["id"]


async def test_without_an_origin_no_header_is_for_other_origins(tmp_path: Path) -> None:
    async with node(tmp_path) as parts:
        for way in ways(parts):
            assert "access-control-allow-origin" not in (await ask(way, CHATS, MARKER)).headers


def scope(**changes: Any) -> dict[str, Any]:
    plain = {
        "type": "http",
        "method": "POST",
        "path": CHATS,
        "query_string": b"",
        "headers": [(b"host", b"node"), (b"content-length", b"10")],
    }
    return plain | changes


def test_plain_creates_take_the_short_way() -> None:
    assert read_call(scope()) is not None
    comment = read_call(scope(path=COMMENTS, query_string=b"urlId=a%20b&broadcastId=b"))
    assert comment is not None
    assert comment.query_params == {"urlId": "a b", "broadcastId": "b"}
    assert comment.tenant_id == TENANT


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "websocket"},
        {"method": "GET"},
        {"path": "/healthz"},
        {"path": "/comment-image-chats"},
        {"path": f"{CHATS}/id"},
        {"path": "/comment-image-chats/not a tenant"},
        {"path": COMMENTS, "query_string": b"urlId=a"},
        {"query_string": b"sso=a&sso=b"},
        {"path": COMMENTS, "query_string": b"urlId=a&urlId=b&broadcastId=c"},
        {"query_string": b"a=%ff"},
        {"headers": []},
        {"headers": [(b"transfer-encoding", b"chunked")]},
        {"headers": [(b"content-length", b"0")]},
        {"headers": [(b"content-length", b"9" * 5_000)]},
        {"headers": [(b"content-length", "²".encode("latin-1"))]},
        {"headers": [(b"content-length", b"10"), (b"cookie", b"a=b")]},
        {"headers": [(b"content-length", b"10"), (b"authorization", b"a"), (b"authorization", b"b")]},
    ],
)
def test_everything_else_is_left_to_the_framework(changes: dict[str, Any]) -> None:
    assert read_call(scope(**changes)) is None
