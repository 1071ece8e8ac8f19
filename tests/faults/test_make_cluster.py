"""What `make cluster` starts: the gallery at one door, whatever is killed behind it, and nothing left when it ends."""

import os
import queue
import re
import shutil
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

from documents import REPOSITORY

PARTS = r"^(node-\d|PostgreSQL|NATS \(nats-\d\)|Caddy) .*?pid (\d+)$"


class Terminal:
    """`python -m deploy.local`, and what it has printed."""

    def __init__(self, *words: str, path: str | None = None) -> None:
        environment = os.environ | ({} if path is None else {"PATH": path})
        self.process = subprocess.Popen(
            # a run in the background ignores Ctrl-C, and so would what it starts
            ["/usr/bin/env", "--default-signal=INT", sys.executable, "-m", "deploy.local", *words],
            cwd=REPOSITORY,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.printed: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def says(self, pattern: str) -> re.Match[str]:
        """Wait for a line with a pattern."""
        while True:
            line = self._lines.get(timeout=90)
            assert line is not None, "".join(self.printed)
            found = re.search(pattern, line)
            if found is not None:
                return found

    def ends(self) -> int:
        """Wait for its end."""
        code = self.process.wait(timeout=90)
        self._reader.join(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self.printed.append(line)
            self._lines.put(line)
        self._lines.put(None)


@contextmanager
def terminal(*words: str, path: str | None = None) -> Iterator[Terminal]:
    started = Terminal(*words, path=path)
    try:
        yield started
    finally:
        started.process.terminate()
        started.ends()


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_the_gallery_is_at_one_door_whatever_is_killed_and_nothing_is_left_at_the_end() -> None:
    with terminal() as cluster:
        door = cluster.says(r"gallery: (https://localhost:\d+)/")[1]
        link = cluster.says(r"dashboard: +(\S+)#link=(\S+)")
        assert link[1] == f"{door}/dashboard"
        moderator = cluster.says(r"#moderator=(\S+)")[1]
        trust = ssl.create_default_context(cafile=cluster.says(r"certificate is (\S+)")[1])
        cluster.says("Ctrl-C stops all")
        pids = {name: int(pid) for name, pid in re.findall(PARTS, "".join(cluster.printed), re.MULTILINE)}
        assert len(pids) == 1 + 3 + 3 + 1
        nodes = re.findall(r"(http://127\.0\.0\.1:\d+)", "".join(cluster.printed))

        picture = {"urlId": "one"}
        with httpx.Client(base_url=door, verify=trust, timeout=30) as visitor:
            assert "<title>" in visitor.get("/").text
            asks = {"Authorization": f"Bearer {moderator}"}
            assert visitor.get("/comment-image-chats/demo", params=picture, headers=asks).is_success
            assert visitor.post("/dashboard/sign-in", json={"link": link[2]}).is_success
            # all have one database
            epochs = {httpx.get(f"{url}/comment-image-chats/demo", params=picture).json()["epoch"] for url in nodes}
            assert len(nodes) == 3
            assert len(epochs) == 1

            os.kill(pids["node-2"], signal.SIGKILL)
            cluster.says("node-2 has ended")
            for _ in range(6):
                assert visitor.get("/").is_success
            pids["node-2"] = int(cluster.says(r"node-2 is back, pid (\d+)")[1])

        assert all(runs(pid) for pid in pids.values())
        cluster.process.send_signal(signal.SIGTERM)
        assert cluster.ends() == 0
        assert not any(runs(pid) for pid in pids.values())


def test_two_signals_end_it_at_once_and_still_leave_nothing() -> None:
    with terminal("--nodes", "1") as cluster:
        cluster.says("Ctrl-C stops all")
        pids = [int(pid) for _, pid in re.findall(PARTS, "".join(cluster.printed), re.MULTILINE)]
        cluster.process.send_signal(signal.SIGINT)
        cluster.says("Stopping")
        cluster.process.send_signal(signal.SIGINT)
        assert cluster.ends() == 130
        assert len(pids) == 6
        assert not any(runs(pid) for pid in pids)


def test_what_is_missing_is_said_in_one_line(tmp_path: Path) -> None:
    for program in ("setpriv", "initdb"):
        found = shutil.which(program)
        if found is not None:
            (tmp_path / program).symlink_to(found)
    with terminal(path=str(tmp_path)) as cluster:
        assert cluster.ends() == 1
        [line] = cluster.printed
        assert "Caddy is not installed (Debian: apt-get install caddy" in line
