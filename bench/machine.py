"""What the figures were measured on, and whether anything else was running."""

import os
import platform
import sqlite3
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

QUIET_LOAD = 0.5
"""The load average of the last minute above which a run is not alone."""
QUIET_WAIT_SECONDS = 60


def describe() -> dict[str, Any]:
    """Return the machine's size and what runs on it; no name of it."""
    cpu = _field("/proc/cpuinfo", "model name")
    memory = int(_field("/proc/meminfo", "MemTotal").split()[0])
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "cores": os.cpu_count(),
        "cpu": cpu,
        "memory_gb": round(memory / 1024 / 1024, 1),
        "kernel": platform.release(),
        "congestion_control": Path("/proc/sys/net/ipv4/tcp_congestion_control").read_text().strip(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "compiler": _first_line(["cc", "--version"]),
    }


def library_versions() -> dict[str, str]:
    """Return the versions of what our node is built on."""
    return {name: version(name) for name in ("uvicorn", "uvloop", "litestar", "msgspec", "websockets", "sqlalchemy")}


def busy() -> float | None:
    """Return the load average where something else seems to be running, None on a quiet machine."""
    load = os.getloadavg()[0]
    return load if load > QUIET_LOAD else None


def check() -> None:
    """End with a sentence where this machine cannot be measured on."""
    if sys.platform != "linux":
        message = "the benchmark reads /proc and pins processes to cores, so it runs on Linux only"
        raise SystemExit(message)
    if (os.cpu_count() or 1) < 2:
        message = "the benchmark needs two cores: one for the server, one for the load"
        raise SystemExit(message)


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text().splitlines():
        key, _, found = line.partition(":")
        if key.strip() == name:
            return found.strip()
    return "0"


def _first_line(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
