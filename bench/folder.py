"""Where the benchmark keeps what it makes: a folder of its own, which git ignores."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".bench"
VENV = FOLDER / "venv"
NPM = FOLDER / "npm"
NGINX = FOLDER / "nginx"
PEERS = Path(__file__).parent / "peers"
REPORT = ROOT / "docs" / "benchmarks"
