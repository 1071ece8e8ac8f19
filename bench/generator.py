"""The load generator as Python calls it: one measurement a run, on the last core."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.compiled import load_program
from bench.folder import FOLDER

GRACE_SECONDS = 120.0

Figures = dict[str, Any]
"""What a run of the load says: see the end of bench/load/main.c."""


class CheckFailed(Exception):
    """An event was missing, came twice or out of order, a request was refused, or nothing came any more."""


def arguments(**options: object) -> list[str]:
    """Return options as the load's command line: `at_once=5` is `--at-once 5`; None and False are left out."""
    words = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            words.append(flag)
        elif value is not None and value is not False:
            words += [flag, ",".join(map(str, value)) if isinstance(value, list) else str(value)]
    return words


def run_load(*words: str, seconds: float = 3.0, **options: object) -> Figures:
    """Run the load and return its figures. Raises `CheckFailed` with what it found wrong."""
    command = [str(load_program()), *words, *arguments(seconds=seconds, **options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=_on_last_core) as process:  # noqa: PLW1509
        try:
            said, _ = process.communicate(timeout=seconds + GRACE_SECONDS)
        except BaseException as error:
            process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                message = f"the load did not end within {seconds + GRACE_SECONDS:.0f} s"
                raise CheckFailed(message) from None
            raise
    return read_figures(said, process.returncode)


@contextmanager
def held(*words: str, **options: object) -> Iterator[Figures]:
    """Open connections and keep them until the block ends."""
    command = [str(load_program()), "--hold", *words, *arguments(**options)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_on_last_core,  # noqa: PLW1509 -- no threads run here
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 -- it is a pipe
            yield read_figures(process.stdout.readline(), 0)
        finally:
            process.kill()


def read_figures(said: str, code: int) -> Figures:
    """Return what the load printed. Raises `CheckFailed`."""
    try:
        figures: Figures = json.loads(said)
    except ValueError:
        message = f"the load ended with {code} and said {said[-200:]!r}"
        raise CheckFailed(message) from None
    if "failed" in figures:
        raise CheckFailed(figures["failed"])
    return figures


def texts(items: Sequence[str], end: str = "\n") -> Path:
    """Write texts into a file for the load; it lives in the benchmark's folder until that is cleaned."""
    folder = FOLDER / "inputs"
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "w", newline="") as file:
        file.writelines(item + end for item in items)
    return Path(name)


def _on_last_core() -> None:
    os.sched_setaffinity(0, {max(range(os.cpu_count() or 1))})
