"""What is known of each request once it was answered: for the log, the metrics and the meter.

It stands before everything else, so it also sees what a proxy's headers, CORS or a stopping node are answered with.
Those who know more of a request on its way note it in its scope: the framework which route it is, `resolve` whose it
is, whoever refuses it the code, and `Boundary`, which sees every answer begin, the status.
"""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from imagechat.model.errors import INTERNAL

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
OTHER_METHOD = "other"
UNKNOWN_ROUTE = "unknown"
"""The route of what is at no known path, or takes another method."""
PREFLIGHT = "preflight"
"""The route of the question that a browser asks before a request to another site."""

logger = logging.getLogger(__name__)


class Answered(msgspec.Struct, frozen=True, gc=False):
    """A request and how it was answered.

    `method` and `route` are of small, fixed sets: `route` is the path with names in place of what callers put there.
    """

    method: str
    route: str
    tenant_id: str | None
    """The tenant that was found to be there; None for a request that is no tenant's, or came to none."""
    status: int
    code: str | None
    """The code of the error that it was answered with."""
    seconds: float
    """From the request's head to its answer's end."""
    path: str
    """As it was asked for, without the query."""
    trouble: Exception | None = None
    """What nobody foresaw, or the database said, where that is why."""


class Answers:
    """An ASGI application in front of another one, which tells what that has answered."""

    def __init__(self, app: ASGIApp, tell: Sequence[Callable[[Answered], None]]) -> None:
        """Call each of `tell` after each request to `app`; one that fails is logged, and harms no request."""
        self._app = app
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        path = scope["path"]
        try:
            await self._app(scope, receive, send)
        finally:
            self._say(scope, path, time.perf_counter() - began)

    def _say(self, noted: Any, path: str, seconds: float) -> None:
        method, status = noted["method"], noted.get(_STATUS)
        answered = Answered(
            method if method in METHODS else OTHER_METHOD,
            noted.get(_ROUTE) or UNKNOWN_ROUTE,
            noted.get(_TENANT),
            status or INTERNAL.status,  # what the server says in place of an application that says nothing
            noted.get(_CODE) if status else INTERNAL.code,
            seconds,
            path,
            noted.get(_TROUBLE),
        )
        for tell in self._tell:
            try:
                tell(answered)
            except Exception:  # whoever is told has no part in the request
                logger.exception("what was answered could not be told")


def note_route(scope: Any, route: str) -> None:
    """Note which route a request is for, where the framework does not."""
    scope[_ROUTE] = route


def note_status(scope: Any, status: int) -> None:
    """Note with which status an answer begins."""
    scope[_STATUS] = status


def note_tenant(scope: Any, tenant_id: str) -> None:
    """Note whose a request is: a tenant's that is there."""
    scope[_TENANT] = tenant_id


def note_error(scope: Any, code: str, trouble: Exception | None) -> None:
    """Note the code of the error that a request is answered with, and what is behind it if that is for the log."""
    scope[_CODE] = code
    if trouble is not None:
        scope[_TROUBLE] = trouble


_ROUTE = "path_template"  # the framework's own name
_STATUS = "imagechat.status"
_TENANT = "imagechat.tenant"
_CODE = "imagechat.code"
_TROUBLE = "imagechat.trouble"
