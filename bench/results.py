"""What a run of the benchmark found, and how it is kept."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.generator import Figures


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement: of which target, who was measured, what came out."""

    target: str
    who: str
    figures: Figures
    x: float = 0
    """Where the target is a curve: the number of subscribers, rooms or events of history."""


@dataclass(slots=True)
class Results:
    """All of them, with what is needed to read them."""

    machine: dict[str, Any]
    versions: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def of(self, target: str, who: str | None = None, x: float | None = None) -> list[Run]:
        """Return the runs of a target, of one contender, at one place of its curve."""
        return [
            run for run in self.runs if run.target == target and who in {None, run.who} and (x is None or run.x == x)
        ]

    def contenders(self, target: str) -> list[str]:
        """Return who was measured for a target, in the order they came."""
        return list(dict.fromkeys(run.who for run in self.of(target)))

    def median(self, target: str, who: str, figure: str, x: float | None = None) -> float | None:
        """Return the median of a figure (`last_ms.p50` looks inside) over the repetitions, None where there is none."""
        return median(self.of(target, who, x), lambda run: value(run.figures, figure))

    def least(self, target: str, who: str, figure: str) -> float | None:
        """Return the least of a figure over the repetitions: of a cost, the one that was disturbed least."""
        found = self.spread(target, who, figure)
        return found and found[0]

    def spread(self, target: str, who: str, figure: str) -> tuple[float, float] | None:
        """Return the least and the greatest."""
        found = [found for run in self.of(target, who) if (found := value(run.figures, figure)) is not None]
        return (min(found), max(found)) if found else None

    def save(self, path: Path) -> None:
        """Write everything as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", "utf-8")


def load(path: Path) -> Results:
    """Read what `save` wrote."""
    content = json.loads(path.read_text("utf-8"))
    return Results(**(content | {"runs": [Run(**run) for run in content["runs"]]}))


def value(figures: Figures, name: str) -> float | None:
    """Return a figure by its dotted name."""
    found: Any = figures
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return float(found) if isinstance(found, int | float) else None


def median(runs: Sequence[Run], figure: Callable[[Run], float | None]) -> float | None:
    """Return the median of a figure over some runs."""
    found = [number for run in runs if (number := figure(run)) is not None]
    return statistics.median(found) if found else None
