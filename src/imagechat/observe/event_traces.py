"""Hops 3, 5 and 6: a group's commit, what it publishes, and the flushes that bring it to subscribers, on every node.

A group has commands of many traces and one span, in the trace of the first of them, with links to all. Each command
has a span of its own for the time from being handed in to being durable.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from opentelemetry import context, trace
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from imagechat.bus.base import Bus, RoomEvents
from imagechat.live.room import LiveRoom
from imagechat.model.ids import RoomId

MOST_WAITING = 10_000
"""Batches of which it is remembered when they came; of more nothing is told."""


@dataclass(frozen=True, slots=True)
class _Mark:
    where: SpanContext
    at: int


class EventTraces:
    """See `GroupTraces` and `DeliveryTraces`."""

    def __init__(self, tracer: Tracer) -> None:
        """Make spans with `tracer`."""
        self._make = tracer
        self._sender = TraceContextTextMapPropagator()
        self._group: Span | None = None
        self._on_the_way: dict[RoomId, list[tuple[bytes, int]]] = {}
        self._waiting = 0

    # -- group commit

    def mark(self) -> object:
        """See `GroupTraces`."""
        span = trace.get_current_span()
        return _Mark(span.get_span_context(), time.time_ns()) if span.is_recording() else None

    @contextmanager
    def group(self, marks: Sequence[object]) -> Iterator[None]:
        """See `GroupTraces`."""
        followed = [mark for mark in marks if isinstance(mark, _Mark)]
        if not followed:
            yield
            return
        links = [Link(mark.where) for mark in followed]
        about = {"imagechat.commands": len(marks)}
        self._group = self._make.start_span("commit", _under(followed[0].where), attributes=about, links=links)
        try:
            yield
        finally:
            group, self._group = self._group, None
            group.end()
            to_group = [Link(group.get_span_context())]
            for mark in followed:
                self._make.start_span("submit", _under(mark.where), links=to_group, start_time=mark.at).end()

    def publish(self, bus: Bus, batch: RoomEvents) -> None:
        """See `GroupTraces`."""
        if self._group is None:
            bus.publish(batch)
            return
        inside = trace.set_span_in_context(self._group, context.Context())
        about = {"imagechat.events": len(batch.events)}
        span = self._make.start_span("publish", inside, SpanKind.PRODUCER, attributes=about)
        try:
            bus.publish(replace(batch, trace=_traceparent(span.get_span_context())))
        finally:
            span.end()

    # -- delivery

    def received(self, batch: RoomEvents) -> None:
        """See `DeliveryTraces`."""
        if self._waiting < MOST_WAITING:
            self._waiting += 1
            self._on_the_way.setdefault(batch.room_id, []).append((batch.trace, time.time_ns()))

    def flushed(self, room: LiveRoom, seconds: float) -> None:
        """See `DeliveryTraces`."""
        found = self._on_the_way.pop(room.id, None)
        if found is None:
            return
        self._waiting -= len(found)
        about = {
            "imagechat.events": room.sent_events,
            "imagechat.subscribers": room.reached,
            "imagechat.flush_seconds": seconds,
        }
        for traceparent, since in found:
            sender = self._sender.extract({"traceparent": traceparent.decode("latin-1")}, context.Context())
            if trace.get_current_span(sender).get_span_context().is_valid:
                kind = SpanKind.CONSUMER
                span = self._make.start_span("deliver", sender, kind, attributes=about, start_time=since)
                span.end()


def _under(where: SpanContext) -> context.Context:
    return trace.set_span_in_context(NonRecordingSpan(where), context.Context())


def _traceparent(where: SpanContext) -> bytes:
    """Write a place in a trace as W3C does."""
    return b"00-%032x-%016x-%02x" % (where.trace_id, where.span_id, where.trace_flags)
