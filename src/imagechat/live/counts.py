"""What a node's live channel has done so far, in plain numbers: parts add to them, and metrics read them.

A flush adds once, however many it goes to, and a connection once at its beginning and its end.
"""

from collections import Counter
from typing import Protocol

from imagechat.live.room import LiveRoom
from imagechat.model.histogram import Histogram

EVENTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000)
BYTES = (256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576)
SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5)


class Waiting(Protocol):
    """A connection that is behind."""

    @property
    def waiting_bytes(self) -> int:
        """What the system has not taken yet."""


class LiveCounts:
    """Everything is since the node's start, except `connections` and `behind`, which are now."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.connections = 0
        self.behind: set[Waiting] = set()
        """Connections of which something waits in their outbox."""
        self.handshakes: Counter[str] = Counter()
        """By outcome: `accepted`, `refused`, `crowded` (too many waited), `gone` before its turn."""
        self.closes: Counter[str] = Counter()
        """Of accepted connections: the code that was sent, `client` where that closed first, `lost` without any."""
        self.joins: Counter[str] = Counter()
        """By what was to be sent of the past: see `resume.outcome_of`."""
        self.events_received = 0
        """Events that the bus brought to rooms of this node."""
        self.flush_events = Histogram(EVENTS)
        self.flush_bytes = Histogram(BYTES)
        """Of the events, however many they went to."""
        self.flush_seconds = Histogram(SECONDS)
        self.deliveries = 0
        """Events times the subscribers that they were sent to."""
        self.catch_ups: Counter[str] = Counter()
        """Times that a room read its log because the bus had not brought all of it, by reason; see CatchingUp."""
        self.log_failures = 0
        """Reads of the log for a room that failed, and were tried again."""

    def flushed(self, room: LiveRoom, seconds: float) -> None:
        """Add a flush; one of nothing but signals is none."""
        events = room.sent_events
        if events:
            self.flush_events.add(events)
            self.flush_bytes.add(room.sent_bytes)
            self.flush_seconds.add(seconds)
            self.deliveries += events * room.reached

    @property
    def waiting_bytes(self) -> int:
        """What waits in all outboxes."""
        return sum(each.waiting_bytes for each in self.behind)
