"""Traces along the eight hops, for OpenTelemetry: the request, its group's commit, publishing, delivery on every node.

Only this and the two modules beside it know OpenTelemetry, and they are imported where traces are wanted.
"""

import asyncio
import threading
from urllib.parse import urlsplit

from litestar.types import ASGIApp
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, TraceIdRatioBased

from imagechat import __version__
from imagechat.observe.event_traces import EventTraces
from imagechat.observe.request_traces import TracedRequests, describe

EXPORT_SECONDS = 5.0
CLOSE_SECONDS = 2.0
"""What the last spans have, when a node stops."""
SCOPE = "imagechat"


class Traces(EventTraces):
    """All of a node's."""

    def __init__(self, url: str, ratio: float, node: str) -> None:
        """Send a part of all traces to the OTLP collector at `url`, as of a node of this name.

        Callers may bring a trace of their own (`traceparent`), but not choose that it is kept.
        """
        chance = TraceIdRatioBased(ratio)  # by the trace's id, so that all nodes decide alike
        sampler = ParentBased(chance, remote_parent_sampled=chance, remote_parent_not_sampled=ALWAYS_OFF)
        about = {"service.name": "imagechat", "service.version": __version__, "service.instance.id": node}
        self._provider = TracerProvider(sampler, Resource.create(about), shutdown_on_exit=False)
        exporter = OTLPSpanExporter(_signal(url), timeout=EXPORT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(SCOPE, __version__)
        super().__init__(self._tracer)
        self.answered = describe

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return `app` with a span for each request."""
        return TracedRequests(app, self._tracer)

    async def close(self) -> None:
        """Send what is left, or as much of it as is taken in time."""
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def shut_down() -> None:
            self._provider.shutdown()
            loop.call_soon_threadsafe(done.set)

        # its own thread, which nobody waits for in the end: a collector that hangs keeps no node from stopping
        threading.Thread(target=shut_down, name="traces-end", daemon=True).start()
        try:
            await asyncio.wait_for(done.wait(), CLOSE_SECONDS)
        except TimeoutError:
            return


def _signal(url: str) -> str:
    """Return where traces go at a collector: an address without a path has the usual one."""
    return url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/v1/traces"
