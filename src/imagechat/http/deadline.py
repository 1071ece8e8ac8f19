"""uvicorn's HTTP protocol with patience that ends: a request must be here within some seconds, its head in 64 KB.

Without it, half-open sockets and clients that send a byte a minute hold their places for ever, and a head without an
end fills the memory.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from imagechat.model.limits import BODY_BYTES

HEAD_BYTES = 64 * 1024
CHUNKS = 8
"""Bytes around each byte of a body, at most: a chunk of one byte has five. Trailers get what a head gets."""


class DeadlineProtocol(HttpToolsProtocol):
    """See above; the clock runs from the connection's start, and again from what comes after an answer."""

    def __init__(self, *, request_seconds: float, **from_uvicorn: Any) -> None:
        """Wait `request_seconds` for each request."""
        super().__init__(**from_uvicorn)
        self._request_seconds = request_seconds
        self._deadline: asyncio.TimerHandle | None = None
        self._in_request = False
        self._in_head = False
        self._request = 0
        self._head_bytes = 0
        self._framing_bytes = 0
        self._body_bytes = 0
        self._body_now = 0
        self._upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Start the clock for what is not a whole request yet, also when it follows an answer; limit a head's size."""
        request = self._request if self._in_request and not self._in_head else None
        self._body_now = 0
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
        elif request == self._request and self._in_request:
            self._framing_bytes += len(data) - self._body_now
        if self._head_bytes > HEAD_BYTES or self._framing_bytes > HEAD_BYTES + CHUNKS * self._body_bytes:
            self._give_up()
        if self._deadline is None and not self._upgraded:
            cycle: RequestResponseCycle | None = self.cycle  # None until a first head is here
            if self._in_request or (cycle is not None and cycle.response_complete):
                self._start()

    def on_message_begin(self) -> None:
        """Start to count."""
        super().on_message_begin()
        self._request += 1
        self._in_request, self._in_head = True, True
        self._head_bytes = self._framing_bytes = self._body_bytes = 0

    def on_headers_complete(self) -> None:
        """Count on: what follows is the body, which has a limit of its own, but also its chunks and trailers."""
        self._in_head, self._head_bytes = False, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Tell the body from what is around it."""
        self._body_now += len(body)
        self._body_bytes = min(self._body_bytes + len(body), BODY_BYTES)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop the clock: the request is here. Most come in one piece, and never start it."""
        self._in_request = False
        self._stop()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Stop the clock: the live channel has its own."""
        self._upgraded = True
        self._stop()
        super().handle_websocket_upgrade()

    def _start(self) -> None:
        self._deadline = self.loop.call_later(self._request_seconds, self._give_up)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._stop()
        self.transport.abort()
