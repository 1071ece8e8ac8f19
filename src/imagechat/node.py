"""One server process: starts, says where it is, and stops without losing anything."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from types import FrameType

import uvicorn
from uvicorn.server import ServerState

from imagechat.certificate import Certificate
from imagechat.http.deadline import DeadlineProtocol
from imagechat.live.protocol import LiveConnection
from imagechat.observe.log_lines import log_to
from imagechat.settings import Settings
from imagechat.wiring import Parts, build

BACKLOG = 4096
DOORS = 8
"""Handles of the one listening socket. The event loop takes one connection a turn from each; with one handle, a crowd
that comes at once fills the system's queue, and whoever finds it full tries again after 1, 3, 7 and 15 seconds."""

OPEN_FILES_WANTED = 65_536
UNSENT_BYTES = 64 * 1024
"""What the system may hold unsent for a connection; its own limit is megabytes, and a slow reader would be as far
behind before its outbox began to fill."""

FINISH_SECONDS = 10
"""What commands in flight have, beside the drain, before a node ends without them."""

STOPPED_AT_ONCE = 130
STANDARD_ERROR = 2

WhenStarted = Callable[[Parts, str], Awaitable[None]]


def run_node(settings: Settings, *, demo: bool, when_started: WhenStarted) -> None:
    """Serve until SIGTERM or SIGINT; `when_started` is called with the parts and the address.

    From the signal on the node is not ready. It serves on for `leave_seconds`, until no balancer sends it anybody, and
    then closes its door and its connections. A second signal stops at once. Raises what `wiring.build` raises, and
    `OSError` for an address that is taken.
    """
    _raise_open_files()
    with closing(log_to(STANDARD_ERROR, settings.log_format)), _listen(settings.host, settings.port) as listening:
        certificate = None
        if settings.tls_cert and settings.tls_key:
            certificate = Certificate(settings.tls_cert, settings.tls_key)
        parts = build(settings, demo=demo)
        doors = [listening, *(listening.dup() for _ in range(DOORS - 1))]
        config = _config(settings, parts, certificate)
        _Server(config, parts, certificate, when_started, settings.leave_seconds).run(sockets=doors)


def _config(settings: Settings, parts: Parts, certificate: Certificate | None) -> uvicorn.Config:
    def live_connection(config: uvicorn.Config, server_state: ServerState, app_state: object) -> LiveConnection:
        del config, app_state
        return LiveConnection(parts.live, server_state)

    return uvicorn.Config(
        parts.entrance,
        http=partial(DeadlineProtocol, request_seconds=settings.request_seconds),  # type: ignore[arg-type]  # see ws
        ws=live_connection,  # type: ignore[arg-type]  # a class is documented; anything that makes protocols works
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        ssl_context_factory=None if certificate is None else lambda _config, _default: certificate.context,
        timeout_graceful_shutdown=int(settings.drain_seconds) + FINISH_SECONDS,
    )


class _Server(uvicorn.Server):
    """uvicorn's server, that tells when it has started, leaves before it stops, and stops by draining."""

    def __init__(
        self,
        config: uvicorn.Config,
        parts: Parts,
        certificate: Certificate | None,
        when_started: WhenStarted,
        leave_seconds: float,
    ) -> None:
        super().__init__(config)
        self._leave_seconds = leave_seconds
        self._stops_at: float | None = None
        self._parts = parts
        self._certificate = certificate
        self._watching: asyncio.Task[None] | None = None
        self._when_started = when_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self._parts.meet()  # here, where what it raises ends the program in one line
        await super().startup(sockets)
        if self._certificate is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._certificate.take)
            self._watching = asyncio.create_task(self._certificate.watch(), name="certificate")
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        scheme = "https" if self.config.is_ssl else "http"
        address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
        await self._when_started(self._parts, address)

    async def on_tick(self, counter: int) -> bool:
        if self._stops_at is not None and time.monotonic() >= self._stops_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._watching is not None:
            self._watching.cancel()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del sig, frame
        if self._stops_at is not None:
            os._exit(STOPPED_AT_ONCE)  # what was answered is durable; there is nothing to lose
        self._parts.services.draining = True
        self._stops_at = time.monotonic() + self._leave_seconds


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises `OSError` with a sentence for the operator."""
    try:
        [(family, *_, address), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        listening = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        msg = f"cannot listen on {host} port {port}: {reason}"
        raise OSError(msg) from None
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):  # connections inherit it
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
    return listening


def _raise_open_files() -> None:
    """Allow as many sockets as the system lets this process have."""
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES_WANTED if hard == resource.RLIM_INFINITY else min(OPEN_FILES_WANTED, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
