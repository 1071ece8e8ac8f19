"""The peers that run on Node: socket.io, and ws under it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bench.contender import Contender, Running, node_version
from bench.folder import NPM, PEERS
from bench.generator import arguments, texts
from bench.installed import Need
from bench.processes import started

PATH = "/socket.io/?EIO=4&transport=websocket"


@contextmanager
def _run(script: str, words: list[str]) -> Iterator[Running]:
    environment = {"NODE_PATH": str(NPM / "node_modules"), "NODE_ENV": "production"}
    with started(["node", PEERS / script], ready=r"port (\d+)", environment=environment) as server:
        yield Running(server, [*arguments(port=server.port), *words])


def _run_socket_io() -> Iterator[Running]:
    words = arguments(
        targets=texts([PATH]),
        hello="40",  # "connect me to the main namespace"
        door="websocket",
        door_target=PATH,
        door_hello="40/publish,",
        prefix='42/publish,["event",',
        suffix="]",
    )
    with _run("socket_io_server.cjs", words) as running:
        yield running


def _run_ws() -> Iterator[Running]:
    with _run("ws_server.cjs", arguments(targets=texts(["/"]), door="websocket", door_target="/pub")) as running:
        yield running


SOCKET_IO = Contender(
    "socket.io",
    Need.NODE,
    "its performance tuning page: WebSocket transport only, bufferutil, no compression; one room,"
    " `io.to(room).emit(…)`, which encodes once",
    partial(node_version, "socket.io"),
    contextmanager(_run_socket_io),
)
WS = Contender(
    "ws",
    Need.NODE,
    "bufferutil, no compression, no client tracking; `send()` of a ready Buffer to each of a Set",
    partial(node_version, "ws"),
    contextmanager(_run_ws),
)
