"""One program that runs beside others: started, watched and ended; what it says goes to a file."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

LOOKS_EVERY = 0.02
"""Seconds between two looks at a program that starts."""
LAST_LINES = 3


class CannotStartError(Exception):
    """Something is missing, or has ended; one line that says what and where to look."""


class Program:
    """A process with a name. It may be started again after it has ended; its log goes on in the same file.

    It has a process group of its own, so that Ctrl-C in a terminal reaches only who started it.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log_file: Path,
        ready: str | Callable[[], bool],
        *,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Make nothing run yet.

        It has started once it has said what the pattern `ready` matches, or once `ready()` is true. `environment` is
        added to this process's own.
        """
        self.name = name
        self.command = list(command)
        self.log_file = log_file
        self.ready = ready
        self.environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0

    @property
    def pid(self) -> int:
        """The id of the process that was started last. Raises `CannotStartError` when there was none."""
        if self._process is None:
            msg = f"{self.name} was not started"
            raise CannotStartError(msg)
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """What it has said since its last start."""
        with self.log_file.open("rb") as file:
            file.seek(self._began)
            return file.read().decode("utf-8", "replace")

    def start(self, *, within: float = 60.0) -> None:
        """Start, and return once it is ready.

        Raises `CannotStartError` when it ends before, or takes more than `within` seconds.
        """
        self._began = self.log_file.stat().st_size if self.log_file.exists() else 0
        with self.log_file.open("ab") as log:
            try:
                self._process = subprocess.Popen(
                    self.command,
                    env=os.environ | self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    process_group=0,
                )
            except OSError as error:
                msg = f"{self.name} cannot be started: {error}"
                raise CannotStartError(msg) from None
        deadline = time.monotonic() + within
        while not self._is_ready():
            if not self.running:
                msg = f"{self.name} has ended: {self._last_words()} (all of it: {self.log_file})"
                raise CannotStartError(msg)
            if time.monotonic() > deadline:
                self.end(signal.SIGKILL)
                msg = f"{self.name} was not ready within {within:g} seconds: {self._last_words()} ({self.log_file})"
                raise CannotStartError(msg)
            time.sleep(LOOKS_EVERY)

    def end(self, how: signal.Signals = signal.SIGTERM, *, within: float = 60.0) -> int:
        """Send a signal, and `wait`."""
        self.signal(how)
        return self.wait(within)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal and do not wait: `SIGSTOP` freezes it, `SIGCONT` lets it go on. Nothing if it does not run."""
        if self._process is not None:
            self._process.send_signal(number)

    def wait(self, within: float = 60.0) -> int:
        """Wait for the end, and return the exit code, which is negative for the signal that ended it.

        A program that has not ended after `within` seconds is killed; one that was not started has ended well.
        """
        if self._process is None:
            return 0
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _is_ready(self) -> bool:
        return bool(re.search(self.ready, self.log)) if isinstance(self.ready, str) else self.ready()

    def _last_words(self) -> str:
        return " / ".join(self.log.strip().splitlines()[-LAST_LINES:]) or "it said nothing"
