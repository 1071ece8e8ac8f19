"""How busy the nodes are now: all together, for the operator, or as far as one tenant goes."""

from collections.abc import Sequence

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from sqlalchemy import Connection

from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fresh import FRESH
from imagechat.http.operators import resolve_operator
from imagechat.http.principal import AnyRequest, resolve
from imagechat.http.services import Services
from imagechat.http.usage_bodies import HistoryPoint, LatencyNow, NodeNow, Overview, UsageRow
from imagechat.model.policy import Operation
from imagechat.model.pulse import EVERYBODY, Rates, Report, rates_together
from imagechat.model.quotas import Kind
from imagechat.model.usage import Tally, date_of, day_of
from imagechat.store.node_rows import NodeRow, read_nodes
from imagechat.store.read_usage import read_days

_reports = msgspec.json.Decoder(Report)


@get(
    "/api/v1/overview",
    summary="How busy the nodes are now, and what was used today",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["usage"],
)
async def overview(
    services: NamedDependency[Services], request: AnyRequest, tenantId: FromQuery[str | None] = None
) -> Overview:
    """Return it for a tenant's admins, or, without `tenantId`, of everything for the operator."""
    if tenantId is None:
        await resolve_operator(services, request)
    else:
        await resolve(services, request, tenantId, Operation.READ_USAGE, Kind.READ)
    now = services.now()
    today = day_of(now)

    def reading(connection: Connection) -> tuple[Sequence[NodeRow], Tally]:
        used = read_days(connection, today, today, tenantId)
        return read_nodes(connection, now), used[0].tally if used else Tally()

    rows, used = await services.database.read(reading)
    own = services.meter
    reports = {row.id: (row, report) for row in rows if (report := _report(row)) is not None}
    reports[own.node.id] = NodeRow(own.node.id, own.node.started_at, now, ""), own.report
    rates = rates_together(_rates(report, tenantId) for _, report in reports.values())
    row = UsageRow.of(used)
    row.day = date_of(today).isoformat()
    return Overview(
        at=now,
        connections=rates.connections,
        rooms=rates.rooms,
        events_per_second=rates.events_per_second,
        messages_per_second=rates.messages_per_second,
        bytes_per_second=rates.bytes_per_second,
        calls_per_second=rates.calls_per_second,
        refusals_per_second=rates.refusals_per_second,
        faults_per_second=rates.faults_per_second,
        latency=LatencyNow.of(rates),
        today=row,
        history=[HistoryPoint.of(point) for point in own.pulse.history(tenantId or EVERYBODY)],
        node_count=len(reports),
        nodes=[] if tenantId is not None else [_node(*each, own.node.id) for each in reports.values()],
    )


def _report(row: NodeRow) -> Report | None:
    try:
        return _reports.decode(row.report)
    except msgspec.MsgspecError:  # of a node of another version, which counts for itself
        return None


def _rates(report: Report, tenant_id: str | None) -> Rates:
    return report.all if tenant_id is None else report.tenants.get(tenant_id, Rates())


def _node(row: NodeRow, report: Report, own_id: str) -> NodeNow:
    return NodeNow(
        id=row.id,
        version=report.version,
        started_at=row.started_at,
        at=row.at,
        connections=report.all.connections,
        rooms=report.all.rooms,
        trouble=report.trouble or None,
        is_self=row.id == own_id,
    )
