"""Processes that are measured: each on the first core, and none left behind."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bench.folder import FOLDER

SERVER_CORE = 0
START_SECONDS = 30.0
STOP_SECONDS = 5.0


class LeftOut(Exception):
    """Why a peer is not measured."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: the process that was started, and the port that it said it has."""

    process: subprocess.Popen[bytes]
    port: int
    line: str

    @property
    def pids(self) -> list[int]:
        """The process and what it started."""
        return family(self.process.pid)

    def rss_kb(self) -> int:
        """Return the resident memory of all of them."""
        return sum(map(rss_kb, self.pids))


def family(pid: int) -> list[int]:
    """Return a process and its children's children."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                found += family(int(child))
    return found


def rss_kb(pid: int) -> int:
    """Return a process's resident memory, 0 if it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


def cpu_seconds(pids: Sequence[int]) -> float:
    """Return the processor time that processes have used, user and system."""
    return sum(_stat_seconds(pid, 11) for pid in pids)


def ended_cpu_seconds(pid: int) -> float:
    """Return the processor time that a process's children had used when they ended."""
    return _stat_seconds(pid, 13)


def _stat_seconds(pid: int, first: int) -> float:
    """Return two fields of a process's line, user and system; 0 if it is gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[first]) + int(fields[first + 1])) / os.sysconf("SC_CLK_TCK")
    return 0.0


@contextmanager
def started(
    command: Sequence[str | Path],
    *,
    ready: str | None = None,
    port: int = 0,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server on the first core until the block ends.

    It is ready when it prints `ready`, with its port in group 1, or when it listens at `port`.

    Raises `LeftOut` with what it said last when it does not get there.
    """
    FOLDER.mkdir(exist_ok=True)
    # to a file: nobody would read a pipe while the server is measured, and a full one would stop it
    with tempfile.TemporaryFile(dir=FOLDER) as output:
        try:
            process = subprocess.Popen(
                command,
                env=os.environ | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}),  # noqa: PLW1509 -- no threads run here
            )
        except FileNotFoundError as error:
            message = f"there is no {error.filename}"
            raise LeftOut(message) from None
        try:
            yield _when_ready(process, output, ready, port)
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started: asked first, then made to."""
    for sent in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sent)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            break
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    """Return a port that nobody listens at now, for a server that cannot choose one itself."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _when_ready(process: subprocess.Popen[bytes], output: IO[bytes], ready: str | None, port: int) -> Server:
    give_up = time.monotonic() + START_SECONDS
    while True:
        ended = process.poll() is not None
        said = os.pread(output.fileno(), 1 << 20, 0).decode("utf-8", "replace")
        if ready is not None and (found := re.search(ready, said)):
            return Server(process, int(found.group(1)), found.group(0))
        if ready is None and not ended and _listens(port):
            return Server(process, port, "")
        if ended or time.monotonic() > give_up:
            last = " / ".join(said.splitlines()[-3:])
            message = f"{Path(str(process.args[0])).name} did not start: {last or 'it said nothing'}"  # type: ignore[index]
            raise LeftOut(message)
        time.sleep(0.01)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
