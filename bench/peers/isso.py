"""Isso, the comment server that people run themselves, for durable creates over HTTP."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.contender import Contender, Running, python_version
from bench.folder import FOLDER, VENV
from bench.generator import arguments, texts
from bench.installed import Need
from bench.processes import free_port, started

# the guard is its rate limit; nothing is notified
CONFIGURATION = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
notify =
[moderation]
enabled = false
[guard]
enabled = false
"""
WORKERS = 4
BODY = '{"text":"A comment, as long as people write them: @@@@@@@@@@@@","author":"Ada","title":"A page","parent":null}'
REQUEST = (
    "POST /new?uri=%2Fpage HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n{BODY}"
)


@contextmanager
def _run() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="isso-") as folder:
        port = free_port()
        file = Path(folder) / "isso.cfg"
        file.write_text(CONFIGURATION.format(folder=folder, port=port))
        command = [
            str(VENV / "bin" / "gunicorn"),
            "--preload",
            "-w",
            str(WORKERS),
            "-b",
            f"127.0.0.1:{port}",
            "isso.run",
        ]
        with started(command, port=port, environment={"ISSO_SETTINGS": str(file)}) as server:
            yield Running(server, arguments(port=port, requests=texts([REQUEST], "\0"), expect=201))


ISSO = Contender(
    "Isso",
    Need.PYTHON,
    f"gunicorn with {WORKERS} preloaded workers, as its documentation shows; no rate limit, no moderation, no"
    " notification. Its SQLite as it ships: a rollback journal with `synchronous=FULL`, so as durable as ours",
    lambda: python_version("isso"),
    _run,
)
