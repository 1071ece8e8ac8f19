"""A node of Image Chat as a program beside others."""

import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from os import environ
from pathlib import Path
from typing import Literal

from deploy.local.ports import free_ports
from deploy.local.program import CannotStartError, Program

READY = {"demo": r"As its moderator: .*#moderator=(\S+)", "serve": r"Image Chat is at "}


class Node:
    """`imagechat demo` or `serve`; it keeps its port over restarts."""

    def __init__(
        self,
        name: str,
        directory: Path,
        environment: Mapping[str, str],
        *,
        command: Literal["demo", "serve"] = "serve",
        port: int | None = None,
    ) -> None:
        """Prepare a node with its log in `directory`; `environment` are settings, over those of this process."""
        [self.port] = [port] if port else free_ports(1)
        self.program = Program(
            name,
            [*IMAGECHAT, command, "--port", str(self.port), "--data", str(directory / name)],
            directory / f"{name}.log",
            READY[command],
            environment=environment,
        )

    @property
    def url(self) -> str:
        """Its own address, without a proxy."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def moderator(self) -> str | None:
        """A moderator's session, if it is a demo: it goes behind `/#moderator=` at any node."""
        found = re.search(READY["demo"], self.program.log)
        return found[1] if found else None

    @property
    def pid(self) -> int:
        """The process id."""
        return self.program.pid

    def start(self) -> None:
        """Start, and return when it serves. Raises `CannotStartError`."""
        self.program.start()

    def stop(self) -> int:
        """Let it leave and drain, and return its exit code."""
        return self.program.end(signal.SIGTERM, within=120.0)

    def kill(self) -> None:
        """End it as a power cut would, as far as a process can tell."""
        self.program.end(signal.SIGKILL)

    def restart(self) -> None:
        """Let it leave, and start it again at the same port. Raises `CannotStartError`."""
        self.stop()
        self.start()


IMAGECHAT = [sys.executable, "-m", "imagechat.cli"]


def imagechat(*words: str, environment: Mapping[str, str]) -> str:
    """Run a command of the program to its end, such as `migrate`, and return what it said.

    Raises `CannotStartError` with its last line when it refuses.
    """
    done = subprocess.run(
        [*IMAGECHAT, *words], env=environ | dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        msg = f"imagechat {words[0]}: {said[-1] if said else 'it said nothing'}"
        raise CannotStartError(msg)
    return done.stdout.strip()
