"""Builds what an operator sees a node by; for wiring.py."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litestar.types import ASGIApp, ControllerRouterHandler
from sqlalchemy import Connection, select

from imagechat import __version__
from imagechat.http.answered import Answered, Answers
from imagechat.http.dashboard_bodies import NodeSeen
from imagechat.model.finding import Finding
from imagechat.observe.collector import NodeCollector, Observed
from imagechat.observe.metrics_page import MetricsPage, metrics_route
from imagechat.settings import Settings
from imagechat.store.database import Database

if TYPE_CHECKING:
    from imagechat.observe.traces import Traces


def metrics_routes(settings: Settings, observed: Observed, database: Database) -> list[ControllerRouterHandler]:
    """Return the route of the metrics of what is `observed`, if they are wanted."""
    if settings.metrics == "off":
        return []
    page = MetricsPage(NodeCollector(observed), lambda: database.read(_anything))
    return [metrics_route(page, settings.metrics_token or "")]


def examination(settings: Settings) -> Callable[[], list[Finding]]:
    """Return what looks the installation over, beside the node that asks; not through all of its file."""

    def look() -> list[Finding]:
        from imagechat.doctor.examine import examine  # noqa: PLC0415 -- memory that a node seldom needs

        return examine(settings, thorough=False)

    return look


def node_seen(settings: Settings, described: str, now: int) -> NodeSeen:
    """Return what an operator is told of a node that starts `now`, whose database is `described`."""
    return NodeSeen(
        version=__version__,
        started_at=now,
        database=described,
        bus="NATS" if settings.bus_url else "none",
        data_directory=None if settings.database_url else str(Path(settings.data).absolute()),
    )


def traces_of(settings: Settings, node: str) -> "Traces | None":
    """Return what makes a node's traces, if they are wanted. Raises `RuntimeError`, with a line for the operator."""
    if not settings.traces:
        return None
    try:
        from imagechat.observe.traces import Traces  # noqa: PLC0415 -- an extra, and memory that most nodes do not need
    except ImportError:
        msg = "IMAGECHAT_TRACES needs OpenTelemetry, which is not installed: pip install 'imagechat[tracing]'"
        raise RuntimeError(msg) from None
    return Traces(settings.traces, settings.traces_ratio, node)


def entrance_of(app: ASGIApp, tell: Sequence[Callable[[Answered], None]], traces: "Traces | None") -> ASGIApp:
    """Return the application with what tells of its requests before it."""
    if traces is None:
        return Answers(app, tell)
    return traces.around(Answers(app, [*tell, traces.answered]))


def _anything(connection: Connection) -> None:
    connection.execute(select(1))
