"""Hop 1: a span for each request, in the caller's trace if it brings one."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from opentelemetry import context, trace
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from imagechat.http.answered import Answered

TRACEPARENT = "traceparent"
UNTOLD = {"/healthz", "/readyz", "/metrics"}
"""Asked every few seconds by whoever looks after a node."""
FAULT = 500


class TracedRequests:
    """An ASGI application in front of another one."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        """Make spans of requests to `app`."""
        self._app = app
        self._tracer = tracer
        self._caller = TraceContextTextMapPropagator()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP or scope["path"] in UNTOLD:
            await self._app(scope, receive, send)
            return
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == TRACEPARENT.encode()]
        caller = self._caller.extract({TRACEPARENT: given[0]} if len(given) == 1 else {}, context.Context())
        span = self._tracer.start_span("request", caller, SpanKind.SERVER)
        token = context.attach(trace.set_span_in_context(span))
        try:
            await self._app(scope, receive, send)
        finally:
            context.detach(token)
            span.end()


def describe(answered: Answered) -> None:
    """Tell the span of the request that is answered what became of it; nothing of what was in it."""
    span = trace.get_current_span()
    if not span.is_recording():
        return
    span.update_name(f"{answered.method} {answered.route}")
    span.set_attribute("http.request.method", answered.method)
    span.set_attribute("http.route", answered.route)
    span.set_attribute("http.response.status_code", answered.status)
    if answered.tenant_id is not None:
        span.set_attribute("imagechat.tenant", answered.tenant_id)
    if answered.code is not None:
        span.set_attribute("error.type", answered.code)
    if answered.status >= FAULT:
        span.set_status(StatusCode.ERROR)
