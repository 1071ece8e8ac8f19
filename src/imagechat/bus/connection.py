"""One connection to one NATS server, from its beginning to its end. It is never mended: `Line` makes another.

nats-py mends connections itself, but keeps what was to be sent over an old one, gives up for ever on many errors that a
server may send, and may wait for minutes on a peer that is gone; so it is told not to.
"""

import asyncio
import logging
import os
import ssl
from collections.abc import Callable
from contextlib import suppress

from nats import errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from imagechat.bus.servers import Servers

CONNECT_SECONDS = 2
PING_SECONDS = 2
PINGS = 2
"""A server that leaves so many pings without an answer is taken to be gone, which is after 6 s at most."""
PENDING_MESSAGES = 4_096
PENDING_BYTES = 8 * 1024 * 1024
"""What may wait of one subscription; what comes then is dropped, and the room's log is read."""
UNSENT_BYTES = 1024 * 1024
"""What nats-py may hold before it makes the sender wait."""
UNSENT_SECONDS = 2.0
LOOK_SECONDS = 1.0
CLOSE_SECONDS = 2.0
ANSWER_SECONDS = 60
"""A ping that is given up kills nats-py's reader when its answer comes: none is, before the connection is given up."""

logger = logging.getLogger(__name__)

Hear = Callable[[str, bytes], None]
Missed = Callable[[str], None]


class Unreachable(Exception):
    """No connection, and why, in words. `refused`: the server is there, and does not want this node."""

    def __init__(self, reason: str, *, refused: bool) -> None:
        """Hold no secret in `reason`."""
        super().__init__(reason)
        self.refused = refused


class _EncryptedClient(Client):
    """nats-py encrypts if the server says so, and would tell one that does not who this node is, for all to read."""

    def _connect_command(self) -> bytes:
        if not self._server_info.get("tls_required"):
            raise errors.SecureConnWantedError
        return super()._connect_command()


class Connection:
    """See above. `forbidden` is what the server did not allow, in its words; `reason` why the connection ended."""

    def __init__(self, hear: Hear, missed: Missed) -> None:
        """Call `hear` with each message's subject and data, `missed` with the subject of one that was dropped."""
        self._client = Client()
        self._hear = hear
        self._missed = missed
        self._ended = asyncio.Event()
        self.forbidden = ""
        self.reason = ""
        self.tells = True
        """Whether the log is told what is forbidden; not at the start, which ends with it."""

    async def open(self, address: str, servers: Servers, name: str) -> None:
        """Connect to `host:port`. Raises `Unreachable`; `RuntimeError` for credentials that cannot be read."""
        identity = servers.identity()
        if servers.encrypted:
            self._client = _EncryptedClient()
        try:
            async with asyncio.timeout(3 * CONNECT_SECONDS):
                await self._client.connect(
                    servers=[f"nats://{address}"],
                    name=name,
                    no_echo=True,
                    allow_reconnect=False,
                    max_reconnect_attempts=1,
                    reconnect_time_wait=0,
                    connect_timeout=CONNECT_SECONDS,
                    ping_interval=PING_SECONDS,
                    max_outstanding_pings=PINGS,
                    pending_size=UNSENT_BYTES,
                    flush_timeout=UNSENT_SECONDS,
                    error_cb=self._failed,
                    disconnected_cb=self._has_ended,
                    closed_cb=self._has_ended,
                    **identity,
                )
        except Exception as error:  # noqa: BLE001 -- a library's; each is told in words
            if not isinstance(error, errors.NoServersError):  # which says less than what came before it
                self.reason = in_words(error)
            await self.close()
            raise Unreachable(self.reason, refused=_is_refusal(self.reason)) from None

    @property
    def is_up(self) -> bool:
        """Tell whether it has not ended."""
        return self._client.is_connected and not self._ended.is_set()

    @property
    def max_payload(self) -> int:
        """Return the bytes that a message may have."""
        return self._client.max_payload

    async def subscribe(self, subject: str) -> Subscription:
        """Ask for what is said under a subject."""
        return await self._client.subscribe(
            subject, cb=self._receive, pending_msgs_limit=PENDING_MESSAGES, pending_bytes_limit=PENDING_BYTES
        )

    async def publish(self, subject: str, message: bytes) -> None:
        """Send a message; it waits only where the server takes no more."""
        await self._client.publish(subject, message)

    async def handed_over(self) -> None:
        """Wait until all that was asked is on its way: nats-py's own ping overtakes what is not."""
        turns = 0
        while self._client.pending_data_size and self._client.is_connected:
            turns += 1
            await asyncio.sleep(0 if turns < 10 else 0.005)  # noqa: PLR2004 -- the loop's turns are short, mostly

    async def answered(self) -> None:
        """Wait until the server has seen all that was handed over, or is gone."""
        waiting = [asyncio.ensure_future(work) for work in (self._client.flush(ANSWER_SECONDS), self.end())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def end(self) -> None:
        """Wait until the connection is no more; what the library does not tell is looked for."""
        while self.is_up:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), LOOK_SECONDS)

    async def close(self) -> None:
        """Close, in a bounded time, also what was never open."""
        try:
            with suppress(Exception):
                await asyncio.wait_for(self._client.close(), CLOSE_SECONDS)
        finally:
            # nats-py closes a socket only when the peer has taken all, which one that hangs never does
            writer = getattr(self._client._transport, "_io_writer", None)  # noqa: SLF001
            if writer is not None:
                writer.transport.abort()

    async def _receive(self, message: Msg) -> None:
        self._hear(message.subject, message.data)

    async def _failed(self, error: Exception) -> None:
        if isinstance(error, errors.SlowConsumerError):
            self._missed(error.subject)
            return
        words = in_words(error)
        if "permissions violation" in words:
            if self.tells and not self.forbidden:
                logger.error("NATS does not let this node take part: %s", words)
            self.forbidden = words
            return
        self.reason = words
        if isinstance(error, OSError | errors.StaleConnectionError):
            self._ended.set()

    async def _has_ended(self) -> None:
        self._ended.set()


def in_words(error: Exception) -> str:
    """Return what went wrong, as an operator would say it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno) if error.errno > 0 else str(error.strerror)
    if isinstance(error, errors.SecureConnWantedError):
        return "it does not encrypt"
    return str(error).removeprefix("nats: ").strip("'") or type(error).__name__


def _is_refusal(words: str) -> bool:
    return any(each in words.lower() for each in ("authorization", "authentication"))
