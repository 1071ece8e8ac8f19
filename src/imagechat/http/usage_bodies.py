"""What the calls about usage and about how busy the nodes are answer."""

import msgspec

from imagechat.http.bodies import Body, Success
from imagechat.model.latency import share
from imagechat.model.pulse import Point, Rates
from imagechat.model.times import iso
from imagechat.model.usage import OF_PICTURES, OF_TENANTS, Tally, date_of
from imagechat.store.read_usage import DayUsage


class DailyUsage(Body, kw_only=True):
    """A tenant's day, as `APITenantDailyUsage`; what there is nothing of here stays 0. The last two fields are ours."""

    id: str
    tenant_id: str
    year_number: int
    month_number: int
    """From 0."""
    day_number: int
    comment_fetch_count: int
    comment_create_count: int
    conversation_create_count: int
    vote_count: int
    account_created_count: int
    user_mention_search: int = 0
    hash_tag_search: int = 0
    gif_search_trending: int = 0
    gif_search: int = 0
    api_credits_used: int
    created_at: str
    billed: bool = False
    ignored: bool = False
    api_error_count: int
    pub_sub_message_count: int
    pub_sub_bandwidth: int

    @classmethod
    def of(cls, tenant_id: str, used: DayUsage) -> "DailyUsage":
        """Return a day as the public API shows it."""
        date, tally = date_of(used.day), used.tally
        return cls(
            id=f"{tenant_id}-{date.isoformat()}",
            tenant_id=tenant_id,
            year_number=date.year,
            month_number=date.month - 1,
            day_number=date.day,
            comment_fetch_count=tally.fetches,
            comment_create_count=tally.comments,
            conversation_create_count=tally.conversations,
            vote_count=tally.votes,
            account_created_count=tally.accounts,
            api_credits_used=tally.calls,
            created_at=iso(used.created_at),
            api_error_count=tally.errors,
            pub_sub_message_count=tally.messages,
            pub_sub_bandwidth=tally.bandwidth,
        )


class DailyUsages(Success, kw_only=True):
    """GET /api/v1/tenant-daily-usage."""

    tenant_daily_usages: list[DailyUsage]


class UsageRow(Body, kw_only=True, omit_defaults=True):
    """What was used: on a day, by a tenant or by a picture, or in all. What is of no picture has no such count."""

    day: str | msgspec.UnsetType = msgspec.UNSET
    tenant_id: str | msgspec.UnsetType = msgspec.UNSET
    url_id: str | msgspec.UnsetType = msgspec.UNSET
    title: str | msgspec.UnsetType | None = msgspec.UNSET
    messages: int
    bandwidth: int
    conversations: int
    comments: int
    fetches: int
    votes: int
    accounts: int | msgspec.UnsetType = msgspec.UNSET
    calls: int | msgspec.UnsetType = msgspec.UNSET
    errors: int | msgspec.UnsetType = msgspec.UNSET

    @classmethod
    def of(cls, tally: Tally, *, whole: bool = True) -> "UsageRow":
        """Return a tally as a row, the `whole` of it or what is kept of pictures."""
        return cls(**{name: getattr(tally, name) for name in (OF_TENANTS if whole else OF_PICTURES)})


class Usage(Success, kw_only=True):
    """GET /api/v1/usage; `from` and `to` are the first day and the last."""

    rows: list[UsageRow]
    totals: UsageRow
    first: str = msgspec.field(name="from")
    last: str = msgspec.field(name="to")


class LatencyNow(Body, kw_only=True):
    """Milliseconds from an event's timestamp to its flush, of the last minute."""

    p50: float
    p99: float

    @classmethod
    def of(cls, rates: Rates) -> "LatencyNow | None":
        """Return them, None without any."""
        counted = rates.histogram
        half, most = share(counted, 0.5), share(counted, 0.99)
        return None if half is None or most is None else cls(p50=half, p99=most)


class HistoryPoint(Body, kw_only=True):
    """Some seconds of this node."""

    at: int
    connections: int
    events_per_second: float
    messages_per_second: float
    latency_p99: float | None = msgspec.field(name="latencyP99")
    calls_per_second: float
    faults_per_second: float

    @classmethod
    def of(cls, point: Point) -> "HistoryPoint":
        """Return a point as it is answered."""
        return cls(**{name: getattr(point, name) for name in cls.__struct_fields__})


class NodeNow(Body, kw_only=True):
    """A node; `self` is the one that answers."""

    id: str
    version: str
    started_at: int
    at: int
    connections: int
    rooms: int
    trouble: str | None
    is_self: bool = msgspec.field(name="self")


class Overview(Success, kw_only=True):
    """GET /api/v1/overview: of all nodes, except `history`."""

    at: int
    connections: int
    rooms: int
    events_per_second: float
    messages_per_second: float
    bytes_per_second: float
    calls_per_second: float
    refusals_per_second: float
    faults_per_second: float
    latency: LatencyNow | None
    today: UsageRow
    history: list[HistoryPoint]
    node_count: int
    nodes: list[NodeNow]
    """For the operator; a tenant's people learn the number only."""
