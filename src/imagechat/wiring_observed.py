"""Builds what an operator sees a node by; for wiring.py."""

from litestar.types import ControllerRouterHandler
from sqlalchemy import Connection, select

from imagechat.observe.collector import NodeCollector, Observed
from imagechat.observe.metrics_page import MetricsPage, metrics_route
from imagechat.settings import Settings
from imagechat.store.database import Database


def metrics_routes(settings: Settings, observed: Observed, database: Database) -> list[ControllerRouterHandler]:
    """Return the route of the metrics of what is `observed`, if they are wanted."""
    if settings.metrics == "off":
        return []
    page = MetricsPage(NodeCollector(observed), lambda: database.read(_anything))
    return [metrics_route(page, settings.metrics_token or "")]


def _anything(connection: Connection) -> None:
    connection.execute(select(1))
