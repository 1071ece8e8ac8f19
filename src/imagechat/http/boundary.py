"""What every answer says about itself to a browser, and CORS (the Fetch standard).

Which pages may call is decided where it is decided who calls (`http/principal.py`), from the tenant's domains. Here a
browser is only told that it may ask, and may read the answer, a refusal included: so a page's owner learns what is
wrong, and nothing is let in by it. Callers are named by tokens, never by what a browser sends by itself.
"""

import asyncio

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from imagechat.http.answered import PREFLIGHT, note_route, note_status
from imagechat.http.errors import reply_to
from imagechat.model.errors import UNAVAILABLE, Refusal

_TENANTS = {"comment-image-chats", "comments", "event-log", "pages", "pictures", "moderation", "sessions"}
"""What a path begins with that has a tenant next."""

_ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
_OF_TENANTS = [*_ALWAYS, (b"vary", b"Origin"), (b"cross-origin-resource-policy", b"same-origin")]
_TOLD = (b"access-control-expose-headers", b"Retry-After")
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST, PATCH, DELETE"),
    (b"access-control-allow-headers", b"Authorization, Content-Type"),
    (b"access-control-max-age", b"7200"),
    (b"content-length", b"0"),
]


class Boundary:
    """An ASGI application in front of another one."""

    def __init__(self, app: ASGIApp) -> None:
        """Add to what `app` answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; one that a stopping node gives up is answered as any other that comes too late."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        added = _ALWAYS
        if scope["path"][1:].partition("/")[0] in _TENANTS:
            added = _OF_TENANTS
            origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
            if origin is not None:
                added = [*added, (b"access-control-allow-origin", origin), _TOLD]
                if scope["method"] == "OPTIONS":
                    note_route(scope, PREFLIGHT)
                    note_status(scope, 204)
                    await send({"type": "http.response.start", "status": 204, "headers": [*added, *_PREFLIGHT]})
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    return

        started = False

        async def send_more(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                note_status(scope, message["status"])
                message["headers"] = [*message["headers"], *added]
            await send(message)

        try:
            await self._app(scope, receive, send_more)
        except asyncio.CancelledError:
            if started:
                raise
            reply = reply_to(scope, Refusal(UNAVAILABLE, "This node is stopping: try again."))
            told = {"content-type": "application/json", "connection": "close", **reply.headers}
            headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
            await send_more({"type": "http.response.start", "status": reply.status, "headers": headers})
            await send_more({"type": "http.response.body", "body": msgspec.json.encode(reply.body), "more_body": False})
