"""What the system says about a node's process."""

from pathlib import Path

from running import RunningNode


def memory_kb(node: RunningNode, line: str = "VmRSS") -> int:
    """Kilobytes of memory in use; with `VmHWM`, the most that ever was."""
    for found in Path(f"/proc/{node.pid}/status").read_text().splitlines():
        if found.startswith(line + ":"):
            return int(found.split()[1])
    raise LookupError(line)


def forget_peak(node: RunningNode) -> None:
    """Begin to measure the peak anew."""
    Path(f"/proc/{node.pid}/clear_refs").write_text("5")


def connections(node: RunningNode) -> int:
    """How many sockets its clients have with it, those included whose client has gone without its notice."""
    established, close_wait = "01", "08"
    here = f":{node.port:04X}"
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(here) and row[3] in {established, close_wait} for row in rows)
