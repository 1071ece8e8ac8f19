"""Builds every object of a node and hands each what it needs; nothing else does."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, Protocol, TypeVar

from litestar import Litestar
from litestar.types import ASGIApp
from sqlalchemy.exc import DBAPIError

from imagechat import __version__
from imagechat.bus.memory import MemoryBus
from imagechat.bus.sharing import SharedBuckets, share_texts
from imagechat.demo.gallery import gallery_routes
from imagechat.http.answered import Answered
from imagechat.http.app import build_app
from imagechat.http.behind_proxies import BehindProxies
from imagechat.http.boundary import Boundary
from imagechat.http.limiter import Limiter
from imagechat.http.services import Services
from imagechat.http.short_way import ShortWay
from imagechat.live.doors import Doors
from imagechat.live.hub import Hub
from imagechat.live.log_pages import Logged
from imagechat.live.protocol import Live
from imagechat.live.rights import Rights
from imagechat.live.wheel import Wheel
from imagechat.model.access import Access
from imagechat.model.addresses import Proxies
from imagechat.model.counting import Counting
from imagechat.model.ids import RoomId
from imagechat.model.principal import Principal
from imagechat.model.rate_limits import Buckets
from imagechat.model.sealing import Seal
from imagechat.model.spam import RecentTexts
from imagechat.model.tenant import Tenant
from imagechat.model.tokens import Tokens
from imagechat.observe.collector import Observed
from imagechat.observe.request_log import RequestLog
from imagechat.observe.work import Work
from imagechat.opening import open_for_node
from imagechat.settings import Settings
from imagechat.store.clock import DatabaseClock
from imagechat.store.database import Database
from imagechat.store.group_commit import GroupCommit
from imagechat.store.metering import Meter
from imagechat.store.node_rows import Node
from imagechat.store.notices import Notices
from imagechat.store.read_rooms import Log, LogQuery, read_access, read_heads, read_log, read_tail
from imagechat.store.retention import Keep, Trimmer
from imagechat.store.standings import Standings
from imagechat.store.watched_database import WatchedDatabase
from imagechat.wiring_erasing import erasing
from imagechat.wiring_heeding import Heeding, inbox_of_node, telling
from imagechat.wiring_observed import entrance_of, examination, metrics_routes, node_seen, traces_of
from imagechat.wiring_people import people_of_node

if TYPE_CHECKING:
    from imagechat.bus.nats import NatsBus

HOUR_MS = 3_600_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parts:
    """A node, built and not started."""

    app: Litestar
    entrance: ASGIApp
    services: Services
    live: Live
    described: str
    """The database, in words."""
    meet: Callable[[], Awaitable[None]]
    """Goes to meet the other nodes, before anything starts. Raises `RuntimeError`, with a line for the operator."""


class Background(Protocol):
    """What goes on while a node runs."""

    async def start(self) -> None:
        """Begin."""

    async def close(self) -> None:
        """Stop."""


def build(settings: Settings, *, demo: bool = False) -> Parts:
    """Open the database, and build a node on it. Raises what `open_for_node` raises."""
    name = token_hex(8)
    traces = traces_of(settings, name)
    opened = open_for_node(settings, migrating=demo)
    database, key = WatchedDatabase(opened.database), opened.key
    background: list[Background] = []
    now: Callable[[], int] = milliseconds
    if settings.database_url:
        now = clock = DatabaseClock(database, milliseconds)
        background.append(clock)
    bus = _bus(settings, opened.installation)
    tokens = Tokens(key)
    standings = Standings(database, now)
    rights = Rights(LiveStandings(standings))
    counting = Counting(now)
    hub = Hub(bus, LogHistory(database), rights, counting, traces=traces)
    inbox = inbox_of_node(hub, bus, database, now)
    people = people_of_node(hub, bus, rights, database, now)
    work = Work()
    seal = Seal(key)
    proxies = Proxies.parse(settings.trusted_proxies)
    wheel = Wheel(time.monotonic)
    trimmer = Trimmer(database, Keep(settings.log_days, settings.log_events), now)

    heeding = Heeding(standings, hub, inbox)
    notices = Notices(database, heeding.heed, standings.retired, bus, heeding.remembered)
    background += [notices, trimmer, inbox]
    buckets = doors = None
    if settings.limits == "on":
        buckets, doors = Buckets(time.monotonic), Doors(time.monotonic)
        background += [SharedBuckets(bus, "limits", buckets), SharedBuckets(bus, "doors", doors.buckets)]
    recent = RecentTexts(time.monotonic)
    share_texts(bus, recent)
    meter = Meter(database, counting, Node(name, __version__, now()), lambda: services.trouble)
    services = Services(
        database=database,
        storage=database,
        group_commit=GroupCommit(database, bus, now, [work.done, meter.observe, telling(inbox)], traces),
        keeping_read=people.keeping_read,
        bus=bus,
        hub=hub,
        standings=standings,
        notices=notices,
        limiter=Limiter(buckets),
        counting=counting,
        meter=meter,
        recent=recent,
        tokens=tokens,
        seal=seal,
        now=now,
        ticket_ms=int(settings.ticket_hours * HOUR_MS),
        session_ms=int(settings.session_days * 24 * HOUR_MS),
        examine=examination(settings),
        erase=erasing(settings, milliseconds),
        seen=node_seen(settings, opened.described, milliseconds()),
    )
    live = Live(
        say=people.typing.say,
        hub=hub,
        rights=rights,
        tokens=tokens,
        address=seal.address,
        wheel=wheel,
        proxies=proxies,
        now=now,
        counting=counting,
        outbox_bytes=settings.outbox_kb * 1024,
        drain_seconds=settings.drain_seconds,
        ping_seconds=settings.ping_seconds,
        compression=settings.compression == "on",
        doors=doors,
    )

    async def close() -> None:
        for each in background:
            await each.close()
        await asyncio.gather(services.group_commit.close(), people.close())
        wheel.close()
        await hub.close()
        await meter.close()  # when nothing more is to be counted
        await asyncio.gather(bus.close(), database.close())  # either may hang, for seconds
        opened.release()
        if traces is not None:
            await traces.close()

    observed = Observed(
        hub=hub,
        group_commit=services.group_commit,
        work=work,
        notices=notices,
        bus=bus.counts,
        bus_trouble=lambda: bus.trouble,
        database=opened.figures,
        storage_trouble=lambda: database.trouble,
        stopping=lambda: services.draining,
    )
    app = build_app(
        services,
        more_routes=[*(gallery_routes() if demo else []), *metrics_routes(settings, observed, database)],
        on_startup=[each.start for each in [*background, meter]],
        on_shutdown=[close],
    )
    entrance = entrance_of(
        _entrance(app, services, proxies),
        [work.answered, RequestLog(settings.log_requests), counted_by(counting)],
        traces,
    )
    return Parts(app, entrance, services, live, opened.described, bus.start)


def counted_by(counting: Counting) -> Callable[[Answered], None]:
    """Return what counts a call for its tenant once it was answered."""
    return lambda answered: counting.answered(answered.tenant_id, answered.status)


def _entrance(app: ASGIApp, services: Services, proxies: Proxies) -> ASGIApp:
    entrance: ASGIApp = Boundary(ShortWay(app, services))
    return BehindProxies(entrance, proxies) if proxies.networks else entrance


def _bus(settings: Settings, installation: str) -> "MemoryBus | NatsBus":
    if not settings.bus_url:
        return MemoryBus(alone=not settings.database_url)  # nobody knows how many nodes a database has
    from imagechat.bus.nats import NatsBus  # noqa: PLC0415 -- memory that a node alone does not need

    return NatsBus(settings.bus_url, installation, credentials=settings.bus_credentials, authority=settings.bus_ca)


def milliseconds() -> int:
    """Return the wall clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class LogHistory:
    """The event log as the hub reads it. Raises `ConnectionError` while the database cannot be read."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def access(self, room_ids: Collection[RoomId]) -> Mapping[RoomId, Access]:
        """See `History`."""
        return await _for_live(self._database.read(partial(read_access, room_ids=room_ids)))

    async def heads(self, room_ids: Collection[RoomId]) -> Mapping[RoomId, tuple[str, int]]:
        """See `History`."""
        return await _for_live(self._database.read(partial(read_heads, room_ids=room_ids)))

    async def tail(self, room_id: RoomId, limit: int) -> Logged:
        """See `History`."""
        return _logged(await _for_live(self._database.read(partial(read_tail, room_id=room_id, limit=limit))))

    async def after(self, room_id: RoomId, seq: int, limit: int) -> Logged:
        """See `History`."""
        reading = partial(read_log, room_id=room_id, query=LogQuery(limit, after=seq))
        return _logged(await _for_live(self._database.read(reading)))


class LiveStandings:
    """Standings as the live channel asks for them. Raises `ConnectionError` while the database cannot be read."""

    def __init__(self, standings: Standings) -> None:
        """Ask `standings`."""
        self._standings = standings

    async def tenant(self, tenant_id: str) -> Tenant:
        """See `Standing`."""
        return await _for_live(self._standings.tenant(tenant_id))

    async def current(self, principal: Principal) -> tuple[Principal, Tenant]:
        """See `Standing`."""
        return await _for_live(self._standings.current(principal))


async def _for_live(reading: Awaitable[T]) -> T:
    """Read; a database that is away is no fault of the connection that asks, whose client comes again."""
    try:
        return await reading
    except DBAPIError as error:
        msg = f"the database cannot be read: {error.orig}"
        raise ConnectionError(msg) from error


def _logged(log: Log) -> Logged:
    return log.epoch, log.head, [(event.seq, event.data.encode()) for event in log.events], log.access
