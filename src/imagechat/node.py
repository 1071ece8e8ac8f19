"""One server process: starts, says where it is, and stops without losing anything."""

import logging
import os
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from types import FrameType

import uvicorn
from uvicorn.server import ServerState

from imagechat.http.deadline import DeadlineProtocol
from imagechat.live.doors import Doors
from imagechat.live.protocol import LiveConnection
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

STOPPED_AT_ONCE = 130

WhenStarted = Callable[[Parts, str], Awaitable[None]]


def run_node(settings: Settings, *, demo: bool, when_started: WhenStarted) -> None:
    """Serve until SIGTERM or SIGINT; `when_started` is called with the parts and the address.

    A second signal stops at once. Raises what `wiring.build` raises, and `OSError` for an address that is taken.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    _raise_open_files()
    with _listen(settings.host, settings.port) as listening:
        _check_tls(settings)
        parts = build(settings, demo=demo)
        doors = [listening, *(listening.dup() for _ in range(DOORS - 1))]
        _Server(_config(settings, parts), parts, when_started).run(sockets=doors)


def _config(settings: Settings, parts: Parts) -> uvicorn.Config:
    live = replace(parts.live, doors=Doors(time.monotonic)) if settings.limits == "on" else parts.live

    def live_connection(config: uvicorn.Config, server_state: ServerState, app_state: object) -> LiveConnection:
        del config, app_state
        return LiveConnection(live, server_state)

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
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=int(settings.drain_seconds) + 10,
    )


class _Server(uvicorn.Server):
    """uvicorn's server, that tells when it has started and stops by draining."""

    def __init__(self, config: uvicorn.Config, parts: Parts, when_started: WhenStarted) -> None:
        super().__init__(config)
        self._parts = parts
        self._when_started = when_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        scheme = "https" if self.config.is_ssl else "http"
        address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
        await self._when_started(self._parts, address)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del sig, frame
        if self.should_exit:
            os._exit(STOPPED_AT_ONCE)  # what was answered is durable; there is nothing to lose
        self._parts.services.draining = True
        self.should_exit = True


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


def _check_tls(settings: Settings) -> None:
    """Raise `OSError` with a sentence for the operator where the certificate cannot be served."""
    if settings.tls_cert:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(settings.tls_cert, settings.tls_key)
        except OSError as error:  # an ssl.SSLError is one
            files = f"the certificate {settings.tls_cert} with the key {settings.tls_key}"
            msg = f"cannot use {files}: {error.strerror or error}"
            raise OSError(msg) from None


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
