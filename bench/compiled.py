"""The programs in C: the load, and the server that only sends. Compiled when their sources are newer."""

import subprocess
from pathlib import Path

from bench.folder import FOLDER, PEERS

LOAD_SOURCES = Path(__file__).parent / "load"
FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"]


def load_program() -> Path:
    """Return the load generator."""
    return compiled("load", sorted(LOAD_SOURCES.glob("*.c")), sorted(LOAD_SOURCES.glob("*.h")))


def send_only_program() -> Path:
    """Return the server that only calls send()."""
    return compiled("send_only", [PEERS / "send_only.c"], [])


def compiled(name: str, sources: list[Path], headers: list[Path]) -> Path:
    """Compile sources into the benchmark's folder. Raises `subprocess.CalledProcessError`, `FileNotFoundError`."""
    FOLDER.mkdir(exist_ok=True)
    program = FOLDER / name
    newest = max(file.stat().st_mtime for file in [*sources, *headers])
    if not program.exists() or program.stat().st_mtime < newest:
        new = program.with_suffix(".new")
        subprocess.run(["cc", *FLAGS, "-o", new, *sources, "-lm"], check=True)
        new.replace(program)
    return program
