"""Where the browser's world ends: which pages may call, and what every answer says about itself.

Each call is checked against the tenant's domains, as the live channel's handshake is, and CORS (the Fetch standard) is
answered from the same list. What a browser asks beforehand is always granted, and a refusal may be read by any page: so
a page's owner is told what is wrong, and nothing is let in by it. Callers are named by tokens, never by what a browser
sends by itself.
"""

from collections.abc import Iterable, Mapping

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from imagechat.http.errors import reply_to
from imagechat.http.services import Services
from imagechat.model.errors import Refusal
from imagechat.model.origins import check_origin

_TENANTS = {"comment-image-chats", "comments", "event-log", "pages", "pictures", "moderation", "sessions"}
"""What a path begins with that has a tenant next."""

_ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
_OF_TENANTS = [(b"vary", b"Origin"), (b"cross-origin-resource-policy", b"same-origin")]
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST, PATCH, DELETE"),
    (b"access-control-allow-headers", b"Authorization, Content-Type"),
    (b"access-control-max-age", b"7200"),
]
_TOLD = (b"access-control-expose-headers", b"Retry-After")

Lines = list[tuple[bytes, bytes]]


class Boundary:
    """An ASGI application in front of another one."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        """Let calls through to `app` that come from pages of tenants that `services` knows."""
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"] if name in _READ}
        origin = headers.get(b"origin")
        added = [*_ALWAYS]
        tenant_id = _tenant_of(scope["path"])
        if tenant_id is not None:
            added += _OF_TENANTS
            if origin is not None:
                added += [(b"access-control-allow-origin", origin.encode("latin-1")), _TOLD]
                if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
                    await _answer(send, 204, [*added, *_PREFLIGHT], b"")
                    return
                try:
                    await self._check(scope, headers, tenant_id, origin)
                except Refusal as refusal:
                    await _refuse(scope, send, refusal, added)
                    return

        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_more)

    async def _check(self, scope: HTTPScope, headers: Mapping[bytes, str], tenant_id: str, origin: str) -> None:
        tenant = await self._services.standings.tenant(tenant_id)
        check_origin(origin, headers.get(b"host", ""), tenant, secure=scope["scheme"] == "https")


_READ = {b"origin", b"host", b"access-control-request-method"}


def _tenant_of(path: str) -> str | None:
    area, _, rest = path[1:].partition("/")
    return rest.partition("/")[0] or None if area in _TENANTS else None


async def _refuse(scope: HTTPScope, send: Send, refusal: Refusal, lines: Lines) -> None:
    reply = reply_to(scope["method"], scope["path"], refusal)
    body = msgspec.json.encode(reply.body)
    more = [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    await _answer(send, reply.status, [*lines, *more, (b"content-type", b"application/json")], body)


async def _answer(send: Send, status: int, lines: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [*lines, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
