"""Peers from public packages, installed into the benchmark's folder by their locks; what cannot be had is named."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from bench.folder import FOLDER, NPM, PEERS, ROOT, VENV

SECONDS = 300


class Need(StrEnum):
    """What a contender needs to be installed."""

    NOTHING = "nothing"
    PYTHON = "Python's packages"
    NODE = "Node's packages"
    NGINX = "nginx with nchan"


def install() -> dict[Need, str]:
    """Install what is not there yet; return why something could not be."""
    FOLDER.mkdir(exist_ok=True)
    missing = {}
    for need, (make, sources) in _STEPS.items():
        if reason := _install(need, make, sources):
            missing[need] = reason
            print(f"{need} cannot be had: {reason}", flush=True)
    return missing


def _install(need: Need, make: Callable[[], None], sources: list[Path]) -> str | None:
    stamp = FOLDER / f"installed-{need.name.lower()}"
    wanted = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return None
    print(f"Installing {need} into {FOLDER.name}/", flush=True)
    try:
        make()
    except FileNotFoundError as error:
        return f"there is no {error.filename}"
    except subprocess.TimeoutExpired:
        return f"installing took more than {SECONDS} s"
    except subprocess.CalledProcessError as error:
        said = f"{error.stdout or ''}\n{error.stderr or ''}".strip().splitlines()
        return said[-1] if said else f"{error.cmd[0]} ended with {error.returncode}"
    stamp.write_text(wanted)
    return None


def _python() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    _run(ROOT / "scripts" / "make-venv", sys.executable, VENV)
    pip: list[str | Path] = [VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(*pip, "--require-hashes", "--requirement", PEERS / "requirements.txt")


def _node() -> None:
    shutil.rmtree(NPM, ignore_errors=True)
    NPM.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(PEERS / name, NPM)
    _run("npm", "ci", "--ignore-scripts", folder=NPM)


def _nginx() -> None:
    _run(ROOT / "scripts" / "bench-packages", FOLDER / "nginx")


def _run(*command: str | Path, folder: Path | None = None) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=SECONDS)


_STEPS = {
    Need.PYTHON: (_python, [PEERS / "requirements.txt"]),
    Need.NODE: (_node, [PEERS / "package-lock.json"]),
    Need.NGINX: (_nginx, [ROOT / "scripts" / "bench-packages"]),
}
