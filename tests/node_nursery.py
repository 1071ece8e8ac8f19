"""Nodes forked from a process that has read the program already, as to read it is most of what a node's start costs.

Such a node is as real as one that a shell starts: a process of its own that runs the command line from its first word,
with the environment, the output and the signals that it is given. Started as a program, this file is the process that
waits to be told of nodes; each has a keeper between, which tells how it ended.
"""

import atexit
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TextIO

NUMBER = struct.Struct("!i")
"""What a keeper says: its node's process id, and in the end its exit code."""


class Forked:
    """A node's process, as far as `subprocess.Popen` has the same."""

    def __init__(self, stdout: TextIO, keeper: socket.socket) -> None:
        self.stdout = stdout
        self._keeper = keeper
        self._reading = threading.Lock()
        self._code: int | None = None
        self.pid = self._told()

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float) -> int:
        """Return its exit code, minus a signal's number if one ended it. Raises `subprocess.TimeoutExpired`."""
        with self._reading:
            if self._code is None:
                self._keeper.settimeout(timeout)
                try:
                    self._code = self._told()
                except (TimeoutError, BlockingIOError):
                    raise subprocess.TimeoutExpired([], timeout) from None
                self._keeper.close()
            return self._code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def _told(self) -> int:
        [number] = NUMBER.unpack(self._keeper.recv(NUMBER.size))
        return int(number)


class Nursery:
    """The process that nodes are forked from, one for each process of a test run."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(Path(__file__))], stdin=theirs.fileno(), stdout=subprocess.DEVNULL
            )
        atexit.register(self.close)

    def start(self, words: Sequence[str], environment: Mapping[str, str]) -> Forked:
        """Have a node started with the words of a command line."""
        reading, writing = os.pipe()
        ours, keepers = socket.socketpair()
        with keepers:
            socket.send_fds(self._control, [b"!"], [writing, keepers.fileno()])
        os.close(writing)
        ours.sendall(json.dumps([list(words), dict(environment), str(Path.cwd())]).encode())
        ours.shutdown(socket.SHUT_WR)
        return Forked(os.fdopen(reading), ours)

    def close(self) -> None:
        """End the process; nodes that run go on."""
        self._control.close()
        self._process.wait()


@cache
def nursery() -> Nursery:
    """Return this process's."""
    return Nursery()


def be_forked() -> None:
    """Wait to be told of nodes, and return in each of them; the process that waits ends here."""
    control = socket.socket(fileno=sys.stdin.fileno())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a keeper ended
    while fds := socket.recv_fds(control, 1, 2)[1]:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            with Path(os.devnull).open() as nothing, control:
                os.dup2(nothing.fileno(), control.fileno())
                control.detach()
            _be_kept(*fds)
            return
        for fd in fds:
            os.close(fd)
    os._exit(0)


def _be_kept(output: int, talk: int) -> None:
    """Return in the node; stay here in its keeper."""
    with socket.socket(fileno=talk) as tester:
        words, environment, directory = json.loads(b"".join(iter(lambda: tester.recv(65_536), b"")))
        node = os.fork()
        if node:
            os.close(output)
            tester.sendall(NUMBER.pack(node))
            tester.sendall(NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(node, 0)[1])))
            os._exit(0)
    for fd in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(output, fd)
    os.close(output)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = words


if __name__ == "__main__":
    from imagechat import cli

    sys.argv = [cli.__file__]
    be_forked()
    cli.main()
