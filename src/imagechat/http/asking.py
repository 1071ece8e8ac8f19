"""What of a request tells who calls: its tokens, the page that it comes from, and from where."""

from collections.abc import Mapping
from typing import Any, Protocol

from imagechat.model.addresses import network_of
from imagechat.model.errors import FORBIDDEN, Refusal
from imagechat.model.origins import is_own

SESSION_COOKIE = "imagechat_session"


class Asking(Protocol):
    """What of a request tells who calls."""

    @property
    def scope(self) -> Any:
        """The ASGI scope: where it came from, and how."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By lower-case name."""

    @property
    def query_params(self) -> Mapping[str, Any]:
        """Decoded."""

    @property
    def cookies(self) -> Mapping[str, str]:
        """By name."""


def token_of(request: Asking) -> str | None:
    """Return the session that a request names. Raises `Refusal` for a cookie that another site's page made it send."""
    return bearer_of(request) or request.query_params.get("sessionId") or _cookie(request)


def bearer_of(request: Asking) -> str | None:
    """Return the token of the header `Authorization`, if there is one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def caller_network(request: Asking) -> str:
    """Return the network that a request comes from, as limits and bans know it."""
    client = request.scope.get("client")
    return network_of(client[0]) if client else "unknown"


def is_from_own_page(request: Asking) -> bool:
    """Tell whether a request comes from a page of this server, or from no page at all."""
    origin = request.headers.get("origin")
    return origin is None or is_own(origin, request.headers.get("host", ""), secure=is_secure(request))


def is_secure(request: Asking) -> bool:
    """Tell whether a request came over TLS."""
    return bool(request.scope.get("scheme") == "https")


def _cookie(request: Asking) -> str | None:
    """Return the session cookie, if no page of another site can have made the browser send it."""
    token = request.cookies.get(SESSION_COOKIE)
    if token is None:
        return None
    if is_from_own_page(request) and request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}:
        return token
    raise Refusal(FORBIDDEN, "A session cookie counts on this server's own pages only: send the session as a header.")
