"""Who calls and over what, for a node behind proxies: their headers set it, if the operator has named the proxy."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from imagechat.model.addresses import Proxies, caller_address, is_secure


class BehindProxies:
    """An ASGI application in front of another one, which sees the caller as its client."""

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        """Correct what `app` sees of a request that came through `proxies`."""
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == ScopeType.HTTP and scope["client"] is not None and self._proxies.trusts(scope["client"][0]):
            peer = scope["client"][0]
            lines = {name: [v.decode("latin-1") for n, v in scope["headers"] if n == name] for name in (_FOR, _PROTO)}
            secure = is_secure(peer, scope["scheme"] == "https", ",".join(lines[_PROTO]), self._proxies)
            scope["client"] = (caller_address(peer, lines[_FOR], self._proxies), 0)
            scope["scheme"] = "https" if secure else "http"
        await self._app(scope, receive, send)


_FOR, _PROTO = b"x-forwarded-for", b"x-forwarded-proto"
