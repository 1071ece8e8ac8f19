"""The short way: the two calls that a busy picture is made of, past the framework.

Creating a marker and writing a comment go from the request's bytes to `make_marker` and `make_comment` in a few steps.
Whatever is not plainly such a call goes to the framework, which has the same routes: what is asked for, refused and
answered is the same on both ways (tests compare them).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from imagechat.http.answered import note_route
from imagechat.http.bodies import Body, CreateCommentBody, CreateMarkerBody
from imagechat.http.comments import make_comment
from imagechat.http.errors import reply_to
from imagechat.http.markers import make_marker
from imagechat.http.services import Services
from imagechat.http.wire_request import read_body, readable_query
from imagechat.model.errors import INVALID_BODY, Refusal
from imagechat.model.ids import TENANT_ID
from imagechat.model.limits import BODY_BYTES

_DIGITS = 10
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class PlainCall:
    """A create as it came; it also tells who calls (see `Asking`)."""

    scope: Scope
    path: str
    route: str
    tenant_id: str
    headers: Mapping[str, str]
    query_params: Mapping[str, str]
    create: "_Create"
    cookies: Mapping[str, str] = field(default_factory=dict)


_Create = Callable[[Services, PlainCall, bytes], Awaitable[Body]]


class ShortWay:
    """An ASGI application in front of another one."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        """Answer plain creates with `services`; leave the rest to `app`."""
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        call = read_call(scope)
        if call is None:
            await self._app(scope, receive, send)
            return
        note_route(scope, call.route)
        headers: dict[str, str] = {}
        try:
            status, content = 200, await call.create(self._services, call, await _body(receive))
        except Exception as error:  # noqa: BLE001 -- every failure has its answer, as in the framework
            reply = reply_to(scope, error)
            status, headers, content = reply.status, reply.headers, reply.body
        await _answer(send, status, headers, _encoder.encode(content))


def read_call(scope: Any) -> PlainCall | None:
    """Return a request as a plain create, or None where the framework should look at it."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    prefix, _, tenant_id = scope["path"][1:].partition("/")
    way = _WAYS.get(prefix)
    if way is None or not TENANT_ID.fullmatch(tenant_id):
        return None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = _query(scope["query_string"])
    if query is None or not query.keys() >= way.needs or not _is_plain(headers, len(scope["headers"])):
        return None
    return PlainCall(scope, scope["path"], way.route, tenant_id, headers, query, way.create)


def _is_plain(headers: Mapping[str, str], lines: int) -> bool:
    length = headers.get("content-length", "")
    sized = length.isascii() and length.isdigit() and len(length) < _DIGITS and 0 < int(length) <= BODY_BYTES
    return sized and len(headers) == lines and "cookie" not in headers


def _query(query: bytes) -> dict[str, str] | None:
    if not query:
        return {}
    try:
        pairs = parse_qsl(readable_query(query), keep_blank_values=True)
    except (Refusal, ValueError):
        return None
    found = dict(pairs)
    return found if len(found) == len(pairs) else None


async def _make_marker(services: Services, call: PlainCall, body: bytes) -> Body:
    return await make_marker(services, call, call.tenant_id, read_body(body, CreateMarkerBody))


async def _make_comment(services: Services, call: PlainCall, body: bytes) -> Body:
    words = read_body(body, CreateCommentBody)
    url_id, broadcast_id = call.query_params["urlId"], call.query_params["broadcastId"]
    return await make_comment(services, call, call.tenant_id, url_id, broadcast_id, words)


@dataclass(frozen=True, slots=True)
class _Way:
    route: str
    """As the framework calls it."""
    create: _Create
    needs: frozenset[str] = frozenset()


_WAYS = {
    "comment-image-chats": _Way("/comment-image-chats/{tenant_id}", _make_marker),
    "comments": _Way("/comments/{tenant_id}", _make_comment, frozenset({"urlId", "broadcastId"})),
}


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refusal(INVALID_BODY, "The body ended too soon.")
        body += message["body"]
        if not message["more_body"]:
            return body


async def _answer(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    lines = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    lines += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body, "more_body": False})
