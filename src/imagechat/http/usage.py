"""What was used, and how busy the nodes are: for a tenant's admins and servers, and for the operator."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from sqlalchemy import Connection

from imagechat.http.api_key import HEADER, resolve_key
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fresh import FRESH
from imagechat.http.operators import resolve_operator
from imagechat.http.principal import AnyRequest, resolve
from imagechat.http.services import Services
from imagechat.http.usage_bodies import DailyUsage, DailyUsages, Usage, UsageRow
from imagechat.http.usage_csv import CsvToo, as_csv
from imagechat.model.errors import INVALID_BODY, Refusal
from imagechat.model.policy import Operation
from imagechat.model.quotas import Kind
from imagechat.model.usage import OF_PICTURES, OF_TENANTS, Tally, date_of, day_number, day_of
from imagechat.store.read_usage import DayUsage, read_days, read_pictures_usage, read_tenants_usage

DAYS_PAGE = 100
MOST_DAYS = 1_100
"""In one answer: three years."""
MOST_PICTURES = 1_000
DAYS_SHOWN = 30
"""Where nobody says which."""
_LAST_DAY = 4_000_000

By = Literal["day", "picture", "tenant"]
TheServices = NamedDependency[Services]
Year = Annotated[int | None, QueryParameter(ge=1970, le=9999)]
Month = Annotated[int | None, QueryParameter(ge=0, le=11, description="from 0")]
Day = Annotated[int | None, QueryParameter(ge=1, le=31, description="from 1")]
Skip = Annotated[int, QueryParameter(ge=0, le=_LAST_DAY)]


@get(
    "/api/v1/tenant-daily-usage",
    summary="What a tenant used, by day, the oldest first; for its servers, by API key, and its admins",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["usage"],
)
async def tenant_daily_usage(
    services: TheServices,
    request: AnyRequest,
    tenantId: FromQuery[str],
    yearNumber: Year = None,
    monthNumber: Month = None,
    dayNumber: Day = None,
    skip: Skip = 0,
    API_KEY: FromQuery[str | None] = None,
) -> DailyUsages:
    """Return 100 days on which anything was used, of those that fit; `skip` goes on from there."""
    key = API_KEY or request.headers.get(HEADER)
    if key:
        await resolve_key(services, request, tenantId, key)
    else:
        await resolve(services, request, tenantId, Operation.READ_USAGE, Kind.READ)
    first, last = 0, _LAST_DAY
    if yearNumber is not None:
        first, last = day_number(date(yearNumber, 1, 1)), day_number(date(yearNumber, 12, 31))
    found = await services.database.read(partial(read_days, first=first, last=last, tenant_id=tenantId))
    fitting = [used for used in found if _fits(date_of(used.day), monthNumber, dayNumber)]
    page = fitting[skip : skip + DAYS_PAGE]
    return DailyUsages(tenant_daily_usages=[DailyUsage.of(tenantId, used) for used in page])


def _fits(day: date, month: int | None, number: int | None) -> bool:
    return month in {None, day.month - 1} and number in {None, day.day}


@get(
    "/api/v1/usage",
    summary="What was used from a day to another, both included: by day, by picture, or by tenant",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["usage"],
    operation_class=CsvToo,
)
async def usage(
    services: TheServices,
    request: AnyRequest,
    tenantId: FromQuery[str | None] = None,
    first: Annotated[str | None, QueryParameter(name="from", description="YYYY-MM-DD")] = None,
    last: Annotated[str | None, QueryParameter(name="to", description="YYYY-MM-DD")] = None,
    by: FromQuery[By] = "day",
    format: FromQuery[Literal["json", "csv"]] = "json",  # noqa: A002 -- the wire's name
) -> Response[Usage]:
    """Return a row for each day, also for those without use, or for each picture or tenant that used anything."""
    if tenantId is None:
        await resolve_operator(services, request)
    else:
        await resolve(services, request, tenantId, Operation.READ_USAGE, Kind.READ)
    span = _span(first, last, date_of(day_of(services.now())))
    if by == "picture" and tenantId is None:
        raise Refusal(INVALID_BODY, "Say of which tenant: by=picture wants a tenantId.")
    rows, totals = await services.database.read(partial(_read, span=span, by=by, tenant_id=tenantId))
    if format == "csv":
        return _csv(rows, by, span, tenantId)
    return Response(Usage(rows=rows, totals=totals, first=span[0].isoformat(), last=span[1].isoformat()))


def _span(first: str | None, last: str | None, today: date) -> tuple[date, date]:
    """Return the days that are asked for, both included. Raises `Refusal`."""
    try:
        end = today if last is None else date.fromisoformat(last)
        begin = end - timedelta(days=DAYS_SHOWN - 1) if first is None else date.fromisoformat(first)
    except (ValueError, OverflowError):
        raise Refusal(INVALID_BODY, "from and to are days, written as 2026-01-31.") from None
    if not 0 <= (end - begin).days < MOST_DAYS:
        raise Refusal(INVALID_BODY, f"to must not be before from, and not {MOST_DAYS:,} days after it.")
    return begin, end


def _read(
    connection: Connection, span: tuple[date, date], by: By, tenant_id: str | None
) -> tuple[list[UsageRow], UsageRow]:
    first, last = day_number(span[0]), day_number(span[1])
    days = {used.day: used for used in read_days(connection, first, last, tenant_id)}
    totals = Tally()
    for used in days.values():
        totals.add(used.tally)
    if by == "day":
        return [_day_row(day, days.get(day)) for day in range(first, last + 1)], UsageRow.of(totals)
    rows = []
    if by == "tenant":
        for tenant in read_tenants_usage(connection, first, last, tenant_id):
            row = UsageRow.of(tenant.tally)
            row.tenant_id = tenant.tenant_id
            rows.append(row)
    else:
        for picture in read_pictures_usage(connection, first, last, tenant_id or "", MOST_PICTURES):
            row = UsageRow.of(picture.tally, whole=False)
            row.url_id, row.title = picture.url_id, picture.title
            rows.append(row)
    return rows, UsageRow.of(totals)


def _day_row(day: int, used: DayUsage | None) -> UsageRow:
    row = UsageRow.of(Tally() if used is None else used.tally)
    row.day = date_of(day).isoformat()
    return row


def _csv(rows: list[UsageRow], by: By, span: tuple[date, date], tenant_id: str | None) -> Response[Any]:
    named = {"day": ("day",), "tenant": ("tenantId",), "picture": ("urlId", "title")}[by]
    counted = OF_PICTURES if by == "picture" else OF_TENANTS
    name = f"usage-{tenant_id or 'all'}-by-{by}-{span[0]}-{span[1]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(rows, [*named, *counted]), media_type="text/csv", headers=headers)
