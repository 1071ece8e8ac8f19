"""What stands in a comparison: a server that can be started, subscribed to, and given events."""

import re
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.folder import NPM, VENV
from bench.installed import Need
from bench.processes import Server


@dataclass(frozen=True, slots=True)
class Running:
    """A contender that runs, and the load's options to subscribe and publish to it."""

    server: Server
    words: list[str]


@dataclass(frozen=True, slots=True)
class Contender:
    """One line of a comparison. `run` raises `LeftOut`; `settings` says how it is set up, and on whose advice."""

    name: str
    needs: Need
    settings: str
    version: Callable[[], str]
    run: Callable[[], AbstractContextManager[Running]]


def python_version(package: str) -> str:
    """Return the version of a package in the peers' own environment."""
    return said(VENV / "bin" / "python", "-c", f"from importlib.metadata import version; print(version({package!r}))")


def node_version(package: str) -> str:
    """Return the version of a package of Node's, and Node's own."""
    found = re.search(r'"version": "([^"]+)"', (NPM / "node_modules" / package / "package.json").read_text("utf-8"))
    return f"{found[1] if found else '?'} on Node {said('node', '--version').removeprefix('v')}"


def said(*command: str | Path) -> str:
    """Return what a command prints, on either stream."""
    done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)
    return done.stdout.strip()
