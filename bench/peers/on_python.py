"""The peers that run on Python: uWebSockets through socketify, aiohttp, and uvicorn's own ASGI WebSockets."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.contender import Contender, Running, python_version
from bench.folder import PEERS, VENV
from bench.generator import arguments, texts
from bench.installed import Need
from bench.processes import free_port, started


def _contender(name: str, script: str, package: str, settings: str) -> Contender:
    @contextmanager
    def run() -> Iterator[Running]:
        port = free_port()
        with started([VENV / "bin" / "python", PEERS / script, str(port)], port=port) as server:
            words = arguments(port=server.port, targets=texts(["/sub"]), door="websocket", door_target="/pub")
            yield Running(server, words)

    return Contender(name, Need.PYTHON, settings, lambda: python_version(package), run)


UWEBSOCKETS = _contender(
    "uWebSockets",
    "socketify_server.py",
    "socketify",
    "through socketify: subscribers of a topic, `app.publish`, which gathers what one turn of its loop publishes; no"
    " compression",
)
AIOHTTP = _contender(
    "aiohttp", "aiohttp_server.py", "aiohttp", "uvloop, its C parser, no compression; `send_str` to each subscriber"
)
UVICORN = _contender(
    "uvicorn ASGI",
    "uvicorn_server.py",
    "uvicorn",
    "uvloop, `websockets-sansio`, the fastest of its implementations; no compression, no pings",
)
