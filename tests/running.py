"""A real node in a process of its own, for tests that need sockets, signals or a browser."""

import os
import queue
import re
import signal
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import pytest
from click.testing import CliRunner
from deploy.local.ports import free_ports

from imagechat.cli import main
from imagechat.opening import DATABASE_FILE
from imagechat.settings import Settings, data_directory, load_settings
from node_nursery import Forked, nursery
from preparing import prepare_sqlite

STARTED_WITHIN = 30.0
TENANT = "demo"
UNLIMITED = ("--set", "spam.hold_duplicates=false", "--set", "limits.markers_per_picture=null")
DOMAINS = ("--domain", "127.0.0.1:*", "--domain", "localhost:*")

BRIEFLY_IDLE = httpx.Limits(keepalive_expiry=2)
"""Of a client's connections: a node closes those that are idle for five seconds, maybe just as something is asked."""

TRUSTED = ssl.create_default_context()
"""For every client that tests make; each would read the world's certificates, in as long as fifty requests take."""


class RunningNode:
    """`imagechat demo` or `serve` on a free port; restarts keep the port and the data."""

    def __init__(
        self,
        data: Path,
        *,
        command: str = "serve",
        environment: dict[str, str] | None = None,
        has_tenant: bool = False,
    ) -> None:
        """Prepare a node, and make the tests' tenant for it, unless its database has it already."""
        self.data = data
        self.command = command
        # all of a test's people have one address
        self.environment = {"IMAGECHAT_DRAIN_SECONDS": "0.2", "IMAGECHAT_LIMITS": "off"} | (environment or {})
        [self.port] = free_ports(1)
        self.output: list[str] = []
        self._nursery = nursery()
        self._process: subprocess.Popen[str] | Forked | None = None
        self._reader: threading.Thread | None = None
        self._lines: queue.Queue[str | None] = queue.Queue()
        if command == "serve" and not has_tenant:
            if not self.settings.database_url:
                prepare_sqlite(data_directory(self.settings) / DATABASE_FILE)
            words = ["tenant", "create", TENANT, *DOMAINS, *UNLIMITED, "--data", str(data)]
            made = CliRunner().invoke(main, words, env=self.environment)  # a process for it takes as long as the node's
            assert made.exit_code == 0, made.output

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        """Its settings, for who opens what it has opened."""
        return load_settings(self.environment, data=str(self.data))

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start, and return once it has said where it is."""
        words = [self.command, "--port", str(self.port), "--data", str(self.data)]
        environment = os.environ | self.environment
        if all(name.startswith("IMAGECHAT_") for name in self.environment):
            self._process = self._nursery.start(words, environment)
        else:  # there are some that only a program's start reads
            self._process = subprocess.Popen(
                [sys.executable, "-m", "imagechat.cli", *words],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(self._process, self._lines), daemon=True)
        self._reader.start()
        self.says(rf"https?://\S+?:{self.port}\b")

    def says(self, pattern: str) -> re.Match[str]:
        """Wait for the next line of its output that holds a pattern."""
        while True:
            line = self._lines.get(timeout=STARTED_WITHIN)
            if line is None:
                self._signal(signal.SIGKILL)
                pytest.fail("the node has ended:\n" + "".join(self.output))
            found = re.search(pattern, line)
            if found is not None:
                return found

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def hang_up(self) -> None:
        """Tell it to read its certificate again."""
        os.kill(self.pid, signal.SIGHUP)

    def kill(self) -> None:
        """End it as a power cut would, as far as a process can tell."""
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to stop; returns its exit code."""
        return self._signal(signal.SIGTERM)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=30, limits=BRIEFLY_IDLE, verify=TRUSTED)

    def run(self, *words: str) -> str:
        """Run another command of the program on the same data."""
        done = subprocess.run(
            [sys.executable, "-m", "imagechat.cli", *words, "--data", str(self.data)],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def _signal(self, number: signal.Signals) -> int:
        assert self._process is not None
        assert self._reader is not None
        self._process.send_signal(number)
        code = self._process.wait(timeout=60)
        self._reader.join(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code

    def _read(self, process: subprocess.Popen[str] | Forked, lines: "queue.Queue[str | None]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.output.append(line)
            lines.put(line)
        lines.put(None)
