"""`python -m deploy.local`: a whole set in one terminal, with the demo's gallery; Ctrl-C ends it."""

import argparse
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from deploy.local.cluster import Cluster
from deploy.local.node import imagechat
from deploy.local.program import CannotStartError

LOOKS_EVERY = 0.2
STARTS_AGAIN_AFTER = 5
"""Seconds that whatever has ended stays away, for its watcher to see that the others go on."""


def main() -> int:
    """Start, tell, watch, stop. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("--nodes", type=int, default=3, help="how many (3)")
    parser.add_argument("--port", type=int, help="of the door; a free one if not given")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="imagechat-cluster-", ignore_cleanup_errors=True) as directory, _interruptible():
        try:
            cluster = Cluster(Path(directory), nodes=asked.nodes, command="demo", port=asked.port)
            try:
                cluster.start(lambda what: _say(f"Starting {what}"))
                _tell(cluster)
                _watch(cluster)
            except KeyboardInterrupt:
                _say("\nStopping (again: at once)")
                cluster.stop()
            finally:
                cluster.kill()
        except CannotStartError as error:
            print(error, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
    return 0


def _tell(cluster: Cluster) -> None:
    _say(f"\nImage Chat's gallery: {cluster.url}/   (open it twice to see it live)")
    link = imagechat("dashboard-link", "--address", cluster.url, environment=cluster.environment)
    _say(f"Its dashboard:        {link}   (once; for another:)")
    _say(f"  {_another_link(cluster)}")
    _say(f"As its moderator:     {cluster.url}/#moderator={cluster.nodes[0].moderator}")
    _say(f"Your browser will warn; what signed the certificate is {cluster.caddy.authority}\n")
    for node in cluster.nodes:
        _say(f"{node.program.name:20} {node.url}   pid {node.pid}")
    for program in cluster.programs():
        if program.name not in {node.program.name for node in cluster.nodes}:
            _say(f"{program.name:20} pid {program.pid}")
    _say(f"\nKill what you like: it comes back in {STARTS_AGAIN_AFTER} seconds. Ctrl-C stops all.")


def _another_link(cluster: Cluster) -> str:
    """Return the command, for a shell of its own, that prints one more link."""
    database = shlex.quote(f"IMAGECHAT_DATABASE_URL={cluster.postgres.url()}")
    return f"env {database} {sys.executable} -m imagechat.cli dashboard-link --address {cluster.url}"


def _watch(cluster: Cluster) -> None:
    """Start again whatever ends, for ever. Raises `CannotStartError` for what cannot."""
    while True:
        for program in cluster.programs():
            if not program.running:
                _say(f"{program.name} has ended; it starts again in {STARTS_AGAIN_AFTER} seconds")
                time.sleep(STARTS_AGAIN_AFTER)
                program.start()
                _say(f"{program.name} is back, pid {program.pid}")
        time.sleep(LOOKS_EVERY)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let SIGTERM and a closed terminal do what Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    yield


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
