"""`GET /metrics`: the node's numbers, as Prometheus or OpenMetrics asks for them."""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.process_collector import ProcessCollector

from imagechat.http.fresh import FRESH
from imagechat.model.errors import UNAUTHORIZED, Refusal
from imagechat.observe.collector import NodeCollector

OPENMETRICS, PLAIN = "application/openmetrics-text; version=1.0.0", "text/plain; version=0.0.4"
"""What a page is made as: the client library would take any version for one, and repeat it to whoever wrote it."""
KEPT_SECONDS = 1.0
"""A page that was made is given for so long to whoever asks: nobody can keep a node busy with making it."""
ANSWER_SECONDS = 2.0
"""What the database has to answer, before it is taken to be away."""


class MetricsPage:
    """Makes the page, at most once a second for each of its two forms."""

    def __init__(self, collector: NodeCollector, ask: Callable[[], Awaitable[object]]) -> None:
        """Read from `collector` and from the process; `ask` asks the database for something, and raises if it fails."""
        self._collector = collector
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(collector)
        ProcessCollector(registry=self._registry)
        self._ask = ask
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._making = asyncio.Lock()

    async def make(self, accept: str) -> tuple[str, bytes]:
        """Return a content type that `accept` takes, and the page."""
        form = OPENMETRICS if "application/openmetrics-text" in accept else PLAIN
        encode, content_type = choose_encoder(form)
        async with self._making:
            at, page = self._kept.get(form, (float("-inf"), b""))
            if time.monotonic() - at >= KEPT_SECONDS:
                self._collector.database_up = await self._is_up()
                page = encode(self._registry)
                self._kept[form] = time.monotonic(), page
        return content_type, page

    async def _is_up(self) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._ask()
        except Exception:  # noqa: BLE001 -- whatever it is, it is away
            return False
        return True


def metrics_route(page: MetricsPage, token: str) -> HTTPRouteHandler:
    """Return the route. Only who brings `token` may see the page, if there is one."""

    @get("/metrics", include_in_schema=False, cache_control=FRESH)
    async def metrics(request: Request[None, None, State]) -> Response[bytes]:
        if token and not _is(request.headers.get("authorization", ""), token):
            raise Refusal(UNAUTHORIZED, "The metrics are for who has IMAGECHAT_METRICS_TOKEN: send it as Bearer.")
        content_type, content = await page.make(request.headers.get("accept", ""))
        return Response(content, headers={"content-type": content_type})

    return metrics


def _is(authorization: str, token: str) -> bool:
    scheme, _, given = authorization.partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
