"""What `/metrics` says of a node: read from its parts when it is asked for.

No label holds a tenant's, a picture's or a person's name, nor anything else that a caller chooses: each label's values
are of a small set that is known before. docs/operations.md has every metric.
"""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from imagechat import __version__
from imagechat.bus.base import BusCounts
from imagechat.live.hub import Hub
from imagechat.model.errors import REGISTRY
from imagechat.observe.families import counter, counter_by, gauge, histogram, histogram_by
from imagechat.observe.work import Work
from imagechat.store.database import DatabaseFigures
from imagechat.store.group_commit import GroupCommit
from imagechat.store.notices import Notices

CLOSES = (
    *("client", "lost", "1002", "1003", "1007", "1009", "1011", "1012"),
    *("4008", "4400", "4401", "4403", "4404", "4429"),
)
HANDSHAKES = ("accepted", "refused", "crowded", "gone")
JOINS = ("new", "none", "memory", "log", "reset")
CATCH_UPS = ("gap", "early", "epoch", "access", "head", "restart")
COMMANDS = ("committed", "again", "held", "refused", "failed")
MESSAGES = ("sent", "heard", "unsaid", "missed", "not_understood")
CODES = tuple(kind.code for kind in REGISTRY)


@dataclass(frozen=True, slots=True)
class Observed:
    """The parts of a node that are read."""

    hub: Hub
    group_commit: GroupCommit
    work: Work
    notices: Notices
    bus: BusCounts
    bus_trouble: Callable[[], str]
    database: Callable[[], DatabaseFigures]
    storage_trouble: Callable[[], str]
    stopping: Callable[[], bool]


class NodeCollector(Collector):
    """See above."""

    def __init__(self, observed: Observed) -> None:
        """Read what is `observed`."""
        self._observed = observed
        self.database_up = True
        """Whether the database answered when it was last asked, by whoever makes the page."""

    def collect(self) -> Iterator[Metric]:
        """Return every family."""
        yield from self._node()
        yield from self._live()
        yield from self._flushes()
        yield from self._requests()
        yield from self._commits()
        yield from self._bus()
        yield from self._database()

    def _node(self) -> Iterator[Metric]:
        build = GaugeMetricFamily(
            "imagechat_build_info", "What runs here; always 1.", labels=["version", "python", "database"]
        )
        build.add_metric([__version__, platform.python_version(), self._observed.database().kind], 1)
        yield build
        yield gauge("imagechat_stopping", "1 from the signal to stop on.", self._observed.stopping())

    def _live(self) -> Iterator[Metric]:
        hub = self._observed.hub
        counts = hub.counts
        subscribers = sum(len(each) for room in hub.rooms.values() for each in room.subscribers.values())
        yield gauge("imagechat_connections", "Sockets that are open on the live channel.", counts.connections)
        yield gauge("imagechat_subscribers", "Connections that are in a room.", subscribers)
        yield gauge("imagechat_rooms", "Rooms that this node holds.", len(hub.rooms))
        yield gauge("imagechat_handshakes_waiting", "Handshakes and joins that wait for a turn.", hub.admission.waiting)
        yield gauge("imagechat_slow_connections", "Connections with something in their outbox.", len(counts.behind))
        yield gauge("imagechat_outbox_bytes", "Bytes that wait in all outboxes.", counts.waiting_bytes)
        about = "Handshakes of the live channel."
        yield counter_by("imagechat_handshakes", about, "outcome", HANDSHAKES, counts.handshakes)
        about = "Connections that ended, by the code that was sent; 4008 is an overflow."
        yield counter_by("imagechat_closes", about, "code", CLOSES, counts.closes)
        about = "Subscriptions, by where what was missed since a client's position came from."
        yield counter_by("imagechat_joins", about, "outcome", JOINS, counts.joins)
        about = "Times that a room read its log because the bus had not brought everything."
        yield counter_by("imagechat_catch_ups", about, "reason", CATCH_UPS, counts.catch_ups)
        about = "Reads of a room's log that failed, and were tried again."
        yield counter("imagechat_log_read_failures", about, counts.log_failures)

    def _flushes(self) -> Iterator[Metric]:
        counts = self._observed.hub.counts
        yield counter("imagechat_events_received", "Events that came to rooms here.", counts.events_received)
        yield histogram("imagechat_flush_events", "Events in a room's flush.", counts.flush_events)
        yield histogram("imagechat_flush_bytes", "Bytes of the events in a room's flush.", counts.flush_bytes)
        yield histogram("imagechat_flush_duration_seconds", "What a flush took.", counts.flush_seconds)
        yield counter("imagechat_deliveries", "Events times the subscribers they were sent to.", counts.deliveries)

    def _requests(self) -> Iterator[Metric]:
        work = self._observed.work
        about = "Requests, by route and by the status' first digit."
        requests = CounterMetricFamily("imagechat_requests", about, labels=["method", "route", "status"])
        for (method, route, status), count in sorted(work.requests.items()):
            requests.add_metric([method, route, f"{status}xx"], count)
        yield requests
        about = "From a request's head to its answer's end."
        yield histogram_by("imagechat_request_duration_seconds", about, "route", work.request_seconds)
        about = "Requests that were answered with an error, by its code."
        yield counter_by("imagechat_refusals", about, "code", CODES, work.refusals)

    def _commits(self) -> Iterator[Metric]:
        work, waiting = self._observed.work, self._observed.group_commit.waiting
        yield gauge("imagechat_commands_waiting", "Commands that wait for a transaction.", waiting)
        yield counter_by("imagechat_commands", "Commands carried out.", "outcome", COMMANDS, work.commands)
        yield histogram("imagechat_commit_commands", "Commands in a transaction.", work.group_commands)
        yield histogram("imagechat_commit_duration_seconds", "What a transaction took.", work.group_seconds)
        about = "Since all changes of rights were last read and heeded."
        yield gauge("imagechat_notices_lag_seconds", about, self._observed.notices.lag)

    def _bus(self) -> Iterator[Metric]:
        counts = self._observed.bus
        about = "1 while this node hears all others, or there are none."
        yield gauge("imagechat_bus_connected", about, not self._observed.bus_trouble())
        found = {name: getattr(counts, name) for name in MESSAGES}
        about = "Messages between nodes; unsaid and missed ones are read from the log."
        yield counter_by("imagechat_bus_messages", about, "what", MESSAGES, found)
        about = "Times that this node looked into the log, as something may not have come."
        yield counter("imagechat_bus_doubts", about, counts.doubts)
        about = "Connections that were made to a server of the bus."
        yield counter("imagechat_bus_connections", about, counts.connections)

    def _database(self) -> Iterator[Metric]:
        figures = self._observed.database()
        yield gauge("imagechat_database_up", "1 if the database answered just now.", self.database_up)
        about = "1 while what is written is saved; 0 where the disk is full, fails or is read-only."
        yield gauge("imagechat_database_saves", about, not self._observed.storage_trouble())
        about = "Transactions that were run again: another node was in the way, or a connection had died."
        yield counter("imagechat_database_retries", about, figures.retries)
        sizes = {
            "imagechat_database_file_bytes": ("The embedded database's file.", figures.file_bytes),
            "imagechat_database_wal_bytes": ("What is not in that file yet.", figures.wal_bytes),
            "imagechat_data_free_bytes": ("Room left on the data directory's disk.", figures.free_bytes),
        }
        for name, (about, value) in sizes.items():
            if value is not None:
                yield gauge(name, about, value)
