"""NATS, with its own WebSocket listener for subscribers; published over plain NATS."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.contender import Contender, Running, said
from bench.folder import FOLDER, VENV
from bench.generator import arguments, texts
from bench.installed import Need
from bench.processes import free_port, started

SERVER = VENV / "bin" / "nats-server"

# no TLS, no compression, as NATS's own bench runs; its pings only come after minutes
CONFIGURATION = """
listen: 127.0.0.1:{port}
websocket {{ listen: "127.0.0.1:{sockets}", no_tls: true, compression: false }}
max_connections: 20000
"""
HELLO = 'CONNECT {"verbose":false,"pedantic":false,"protocol":1}\r\nSUB room 1\r\n'


@contextmanager
def _run() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="nats-") as folder:
        port, sockets = free_port(), free_port()
        file = Path(folder) / "nats.conf"
        file.write_text(CONFIGURATION.format(port=port, sockets=sockets))
        with started([SERVER, "-c", file], port=sockets) as server:
            yield Running(
                server,
                arguments(
                    port=sockets, targets=texts(["/"]), hello=HELLO, binary_hello=True, door="nats", door_port=port
                ),
            )


NATS = Contender(
    "NATS WebSocket",
    Need.PYTHON,
    "core NATS, no JetStream; subscribers over its own WebSocket listener without TLS and compression, the publisher"
    " over plain TCP; Go sees one core",
    lambda: said(SERVER, "--version").removeprefix("nats-server: v"),
    _run,
)
