"""uvicorn's HTTP protocol with patience that ends: a request must be complete within some seconds of its start.

Without it, half-open sockets and clients that send a byte a minute hold their places for ever.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_SECONDS = 10.0


class DeadlineProtocol(HttpToolsProtocol):
    """See above; the clock runs from the connection's start, and again from each next request's first byte."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Start the clock for a next request."""
        super().on_message_begin()
        if self._deadline is None:
            self._start()

    def on_message_complete(self) -> None:
        """Stop the clock: the request is here."""
        self._stop()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Stop the clock: the live channel has its own."""
        self._stop()
        super().handle_websocket_upgrade()

    def _start(self) -> None:
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()
