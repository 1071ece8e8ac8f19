"""Where the benchmark keeps what it makes: a folder of its own, which git ignores."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".bench"
PEERS = Path(__file__).parent / "peers"
PEERS_PYTHON = FOLDER / "venv" / "bin" / "python"
NODE_MODULES = FOLDER / "node_modules"
REPORT = ROOT / "docs" / "benchmarks"
