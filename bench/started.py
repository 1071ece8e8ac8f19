"""A node for measuring: its own process on the first core; the load stays on the last one."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TENANT = "bench"


@dataclass(frozen=True, slots=True)
class Node:
    """A running node."""

    port: int
    pid: int

    def rss_kb(self) -> int:
        """Return its resident memory."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise RuntimeError(self.pid)

    def cpu_seconds(self) -> float:
        """Return the processor time it has used."""
        return cpu_seconds(self.pid)


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def share_cores() -> None:
    """Keep this process, the load, off the node's core where there is another."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})


@contextmanager
def started(**environment: str) -> Iterator[Node]:
    """Run a node on a fresh database, on the disk that holds the current directory: fsync costs what it costs here."""
    core = min(os.sched_getaffinity(0)) if len(os.sched_getaffinity(0)) > 1 else 0
    with tempfile.TemporaryDirectory(dir=".", prefix=".bench-") as data:
        program = [sys.executable, "-m", "imagechat.cli"]
        subprocess.run([*program, "tenant", "create", TENANT, "--data", data], check=True, stdout=subprocess.DEVNULL)
        process = subprocess.Popen(
            [*program, "serve", "--port", "0", "--data", data],
            env=os.environ | {"IMAGECHAT_DRAIN_SECONDS": "0"} | environment,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),  # noqa: PLW1509 -- no threads run yet
        )
        try:
            assert process.stdout is not None  # noqa: S101 -- it is a pipe
            line = process.stdout.readline()
            yield Node(int(line.split("http://127.0.0.1:")[1].split()[0]), process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            assert process.stdout is not None  # noqa: S101 -- it is a pipe
            process.stdout.close()
