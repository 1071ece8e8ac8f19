"""The plots of a run, as SVG that is legible on a light and on a dark page. Runs in the benchmark's own environment.

`python -m bench.plots FOLDER` draws FOLDER/results.json into FOLDER.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bench.results import Results, load
from bench.targets import OURS

# of middle lightness, so that it is read on white and on near black; nothing is drawn behind the plot
INK = "#767d88"
OURS_COLOUR = "#e0662f"
OTHERS_COLOUR = "#5b8dbf"

LINES = ("#e0662f", "#5b8dbf", "#4fa36c")
WIDTH = 8.0
STYLE = {
    "svg.hashsalt": "imagechat",
    "svg.fonttype": "path",
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": INK,
    "grid.alpha": 0.25,
    "legend.frameon": False,
    "legend.labelcolor": INK,
}

OVER_RATE = (
    ("each_ms.p99", "p99 to each subscriber, ms", 1.0),
    ("each_ms.p50", "p50, ms", 1.0),
    ("server_cpu", "node's processor, %", 100.0),
)

Draw = Callable[[Results, Axes], bool]


def throughput(results: Results, axes: Axes) -> bool:
    """Draw P1's events a second by contender."""
    axes.set_title("Burst to 1,000 subscribers: million events a second")
    return _bars(axes, _of(results, "P1", "deliveries_s", 1e-6), "{:.2f}")


def latency(results: Results, axes: Axes) -> bool:
    """Draw P2's percentiles by contender."""
    axes.set_title("One event to 100 subscribers: ms to the last, p50 to p99")
    return _ranges(axes, results, "P2", "last_ms")


def processor(results: Results, axes: Axes) -> bool:
    """Draw what a delivery of P1 costs the server's processor, by contender."""
    axes.set_title("Burst to 1,000 subscribers: server's µs of processor a delivery")
    costs = {}
    for who in results.contenders("P1"):
        share, rate = (results.median("P1", who, name) for name in ("server_cpu", "deliveries_s"))
        if share is not None and rate:
            costs[who] = 1e6 * share / rate
    return _bars(axes, costs, "{:.2f}")


def memory(results: Results, axes: Axes) -> bool:
    """Draw P3's memory of an idle connection by contender."""
    axes.set_title("Memory of an idle connection, KB RSS")
    most = {who: max(run.x for run in results.of("P3", who)) for who in results.contenders("P3")}
    found = {who: results.median("P3", who, "kb_each", x) for who, x in most.items()}
    return _bars(axes, {who: number for who, number in found.items() if number is not None}, "{:.1f}")


def creates(results: Results, axes: Axes) -> bool:
    """Draw P4's creates a second by contender."""
    axes.set_title("Durable creates over HTTP a second")
    return _bars(axes, _of(results, "P4", "creates_s", 1), "{:,.0f}")


def whole_way(results: Results, axes: Axes) -> bool:
    """Draw P5's percentiles."""
    axes.set_title("From request to 1,000 subscribers: ms to each, p50 to p99")
    return _ranges(axes, results, "P5", "each_ms")


def over_rate(results: Results, axes: Axes) -> bool:
    """Draw latency and the node's processor over the rate of creates that a thousand subscribers see."""
    rates = sorted({run.x for run in results.of("P5 rates")})
    for (name, label, scale), colour in zip(OVER_RATE, LINES, strict=True):
        figures = [(results.median("P5 rates", OURS, name, x) or 0) * scale for x in rates]
        axes.plot(rates, figures, "o-", color=colour, linewidth=2.5, markersize=8, label=label)
    axes.set_title("The whole way to 1,000 subscribers, over creates a second")
    axes.set_xlabel("creates a second")
    axes.set_xticks(rates, [f"{x:,.0f}" for x in rates])
    axes.set_ylim(bottom=0)
    axes.legend()
    axes.get_figure().set_size_inches(WIDTH, 3.6)
    return len(rates) > 1


def over_connections(results: Results, axes: Axes) -> bool:
    """Draw the node's memory over idle connections."""
    return _curve(results, axes, ("P3", "rss_mb"), "idle connections", "The node's memory, MB RSS")


def over_subscribers(results: Results, axes: Axes) -> bool:
    """Draw P8's cost of a delivery."""
    return _curve(results, axes, ("P8 subscribers", "us_a_delivery"), "subscribers", "A delivery, µs of processor")


def over_rooms(results: Results, axes: Axes) -> bool:
    """Draw P8's cost of a create over rooms."""
    return _curve(results, axes, ("P8 rooms", "us_a_create"), "rooms", "A create, µs of processor")


def over_history(results: Results, axes: Axes) -> bool:
    """Draw P8's cost of a create over history."""
    return _curve(
        results, axes, ("P8 history", "us_a_create"), "events in the room before", "A create, µs of processor"
    )


PLOTS: dict[str, Draw] = {
    "01-throughput": throughput,
    "02-latency": latency,
    "03-processor": processor,
    "04-memory": memory,
    "05-creates": creates,
    "06-whole-way": whole_way,
    "07-over-rate": over_rate,
    "08-over-connections": over_connections,
    "09-over-subscribers": over_subscribers,
    "10-over-rooms": over_rooms,
    "11-over-history": over_history,
}


def draw(results: Results, folder: Path, form: str = "svg") -> list[Path]:
    """Draw every plot that there are figures for; return the files."""
    drawn = []
    for name, plot in PLOTS.items():
        with mpl.rc_context(STYLE):
            figure, axes = plt.subplots(layout="constrained")
            if plot(results, axes):
                path = folder / f"{name}.{form}"
                metadata: dict[str, Any] = {"Date": None} if form == "svg" else {}
                figure.savefig(path, transparent=True, metadata=metadata)
                drawn.append(path)
            plt.close(figure)
    return drawn


def _of(results: Results, target: str, figure: str, scale: float) -> dict[str, float]:
    found = {who: results.median(target, who, figure) for who in results.contenders(target)}
    return {who: number * scale for who, number in found.items() if number is not None}


def _colours(names: list[str]) -> list[str]:
    return [OURS_COLOUR if name.startswith(OURS) else OTHERS_COLOUR for name in names]


def _rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.7)
    axes.grid(visible=False, axis="y")
    axes.get_figure().set_size_inches(WIDTH, 1.1 + 0.36 * len(names))


def _bars(axes: Axes, figures: dict[str, float], words: str) -> bool:
    names = sorted(figures, key=lambda name: -figures[name])
    bars = axes.barh(range(len(names)), [figures[name] for name in names], color=_colours(names), height=0.7)
    axes.bar_label(bars, [words.format(figures[name]) for name in names], padding=4, color=INK)
    axes.margins(x=0.12)
    _rows(axes, names)
    return bool(names)


def _ranges(axes: Axes, results: Results, target: str, figure: str) -> bool:
    """Draw a line from p50 to p99, with marks at p50, p90 and p99."""
    found = {}
    for who in results.contenders(target):
        numbers = [results.median(target, who, f"{figure}.{name}") for name in ("p50", "p90", "p99")]
        if None not in numbers:
            found[who] = [number for number in numbers if number is not None]
    names = sorted(found, key=lambda name: found[name][0])
    for row, (name, colour) in enumerate(zip(names, _colours(names), strict=True)):
        p50, p90, p99 = found[name]
        axes.plot([p50, p99], [row, row], color=colour, linewidth=3, alpha=0.6)
        axes.plot([p50], [row], "o", color=colour, markersize=9)
        axes.plot([p90, p99], [row, row], "|", color=colour, markersize=12, markeredgewidth=2.5)
        axes.annotate(
            f"{p50:.2g}" if p50 < 10 else f"{p50:.0f}",
            (p50, row),
            xytext=(0, 8),
            ha="center",
            textcoords="offset points",
            fontsize=9,
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda number, _: f"{number:g}")
    axes.xaxis.set_minor_formatter(lambda number, _: f"{number:g}" if str(number)[0] in "25" else "")
    _rows(axes, names)
    return bool(names)


def _curve(results: Results, axes: Axes, curve: tuple[str, str], over: str, title: str) -> bool:
    target, figure = curve
    points = sorted({run.x for run in results.of(target, OURS)})
    costs = [results.median(target, OURS, figure, x) or 0 for x in points]
    axes.set_title(title)
    axes.plot(points, costs, "o-", color=OURS_COLOUR, linewidth=2.5, markersize=8)
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xticks(points, [f"{x:,.0f}" for x in points])
    axes.minorticks_off()
    axes.set_xlabel(over)
    axes.set_ylim(0, max(costs, default=1) * 1.25)
    for x, cost in zip(points, costs, strict=True):
        axes.annotate(
            f"{cost:,.2f}" if cost < 10 else f"{cost:,.0f}",
            (x, cost),
            xytext=(0, 10),
            ha="center",
            textcoords="offset points",
        )
    axes.margins(x=0.08)
    axes.get_figure().set_size_inches(WIDTH, 3.2)
    return len(points) > 1


def main() -> None:
    """Draw what is in a folder."""
    folder = Path(sys.argv[1])
    form = sys.argv[2] if len(sys.argv) > 2 else "svg"
    print(json.dumps([path.name for path in draw(load(folder / "results.json"), folder, form)]))


if __name__ == "__main__":
    main()
