"""Where the node's time goes: py-spy beside the load of P4 or P1, as a list of functions by their own time."""

import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from bench.creates import CONNECTIONS, PICTURE
from bench.fan_out import BURST_OUTSTANDING, BURST_PATIENCE_MS, BURST_SUBSCRIBERS
from bench.folder import FOLDER, VENV
from bench.generator import arguments, run_load, texts
from bench.node import create_requests, fresh_node, principals
from bench.ours import V1_FRAMES
from bench.processes import LeftOut

SECONDS = 10
OPENING_SECONDS = 3
SAMPLES_A_SECOND = 200
LINES = 40


def profile_creates() -> str:
    """Profile durable creates over HTTP; return the list. Raises `LeftOut` without py-spy."""
    with fresh_node() as node:
        requests = texts(create_requests([PICTURE], principals(CONNECTIONS)), "\0")
        words = arguments(port=node.port, creators=CONNECTIONS, requests=requests, pids=node.server.pids)
        return _profiled(node.server.process.pid, words)


def profile_fan_out() -> str:
    """Profile a burst to a thousand subscribers; see `profile_creates`."""
    with V1_FRAMES.run() as running:
        words = arguments(subscribers=BURST_SUBSCRIBERS, window=BURST_OUTSTANDING, patience=BURST_PATIENCE_MS)
        return _profiled(running.server.process.pid, [*running.words, *words, *arguments(pids=running.server.pids)])


def _profiled(pid: int, words: list[str]) -> str:
    program = VENV / "bin" / "py-spy"
    if not program.exists():
        message = "py-spy is not installed: `make bench-quick` installs it"
        raise LeftOut(message)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        stacks = Path(folder) / "stacks"
        # without --native and without stopping the node, which would change what is measured; time in C counts for the
        # function that called it
        command = ["sh", "-c", f'sleep {OPENING_SECONDS}; exec "$@"', "sh", str(program), "record", "--nonblocking"]
        command += ["--function", "--threads", "--format", "raw", "--output", str(stacks), "--pid", str(pid)]
        command += ["--duration", str(SECONDS - OPENING_SECONDS), "--rate", str(SAMPLES_A_SECOND)]
        spying = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            figures = run_load(*words, seconds=SECONDS)
            _, said = spying.communicate(timeout=60)
        finally:
            spying.kill()
        if not stacks.exists():
            message = f"py-spy wrote nothing: {said.strip().splitlines()[-1:]}"
            raise LeftOut(message)
        rate = figures["creates_s"] if figures.get("creates") else figures["deliveries_s"]
        return f"{rate:,.0f} a second while it was profiled\n\n" + listed(stacks.read_text("utf-8"))


def listed(stacks: str) -> str:
    """Return functions by the time that they themselves took, and by that of all they called. Pure.

    `stacks` is py-spy's raw form: a line each, `outer;inner;innermost COUNT`.
    """
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        own[frames[-1]] += int(count)
        for frame in set(frames):
            within[frame] += int(count)
    total = sum(own.values()) or 1
    parts = []
    for title, counted in (("own time", own), ("with what it calls", within)):
        parts += [title, *(f"{count / total:7.1%}  {name}" for name, count in counted.most_common(LINES)), ""]
    return "\n".join(parts)
