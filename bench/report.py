"""The report in Markdown, and beside it the figures as JSON. Pure but for `write`."""

from pathlib import Path

from bench.results import Results
from bench.targets import ALONE, CURVES, LIMIT, OURS, OURS_V1, judge, ratio
from bench.wording import count, ms, share, table, times

REASONS = "reasons.md"

INTRODUCTION = """
# Benchmarks

Measured by `make bench` on {date}, on a machine of {cores} cores ({cpu}, {memory_gb} GB, Linux {kernel}). The server
has one core, with all its threads; the load has another. Figures are medians of the repetitions; the comparisons are of
one run, interleaved. Every subscriber checks that every event comes once and in order; a run where that fails has no
figures.

Other machines give other figures: the ratios are what travels. [reasons.md](reasons.md) says why what is missed is
missed; [ADR 8](../adr/0008-how-it-is-measured.md) how it is measured, and why so.
"""

VERSIONS = "Python {python}, SQLite {sqlite}, {compiler}; TCP congestion control {congestion_control}; {listed}."

RUN_IT = """
## Run it

`make bench` measures everything and writes this folder; `make bench-quick` prints the tables within two minutes and
writes nothing. The peers are installed into `.bench/`; one that cannot be had is left out and named. A check that fails
ends with exit code 1. Nothing else may run meanwhile: the last core is the load's. `python -m bench many-nodes`
measures P7 alone, and what one of everything costs; it puts the one into this page and the other into
[how many nodes](../scaling.md), within ten minutes.
"""


GATHERED = """
A delivery's cost holds all that the node did, creates included. PostgreSQL answers later than SQLite, so more events
come together there, a write to a subscriber brings more of them, and each costs less: read it beside the latency.
"""
MANY_NODES = """
This section is of {date}, by `python -m bench many-nodes`, in turns; PostgreSQL and NATS share the load's
core.{warning}
"""


def write(results: Results, folder: Path) -> None:
    """Write the report of a run into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    results.save(folder / "results.json")
    (folder / "README.md").write_text(page(results, folder), "utf-8")


def page(results: Results, folder: Path) -> str:
    """Return the report as a page."""
    parts = [
        INTRODUCTION.format(**results.machine),
        tables(results, linked=True),
        *_pictures(folder),
        "## How each is set up",
        table(["who", "version", "set up"], [[n, results.versions.get(n, ""), s] for n, s in results.settings.items()]),
        "## Versions",
        VERSIONS.format(**results.machine, listed=_listed(results.machine.get("libraries", {}))),
        RUN_IT,
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def tables(results: Results, *, linked: bool = False) -> str:
    """Return the targets and the comparisons."""
    return "\n\n".join(
        part for part in [*_warnings(results), _targets(results, linked=linked), *_comparisons(results)] if part
    )


def _warnings(results: Results) -> list[str]:
    said = []
    if (busy := results.machine.get("busy")) is not None:
        said.append(f"**Something else was running: the load average was {busy:.1f} at the start.**")
    said += [f"**Failed: {failure}**" for failure in results.failed]
    said += [f"Left out: {who}, because {why}." for who, why in results.left_out.items()]
    return said


def _targets(results: Results, *, linked: bool) -> str:
    rows = []
    for line in judge(results):
        verdict = {True: "met", False: "missed", None: "–"}[line.met]
        if linked and line.met is False:
            verdict = f"[missed]({REASONS}#{line.id.lower()})"
        rows.append([line.id, line.what, line.target, line.figure, verdict])
    return "## Targets\n\n" + table(["", "what", "target", "measured", ""], rows)


def _comparisons(results: Results) -> list[str]:
    return [
        _burst(results),
        _single(results),
        _memory(results),
        _creates(results),
        _whole_way(results),
        _over_rate(results),
        _restart(results),
        _many_nodes(results),
        *_curves(results),
        _reads(results),
        _click(results),
        _busy_page(results),
        _idle_page(results),
    ]


def _burst(results: Results) -> str:
    ours = results.median("P1", OURS_V1, "deliveries_s")
    rows = []
    for who in results.contenders("P1"):
        rate = results.median("P1", who, "deliveries_s")
        latencies = [ms(results.median("P1", who, f"each_ms.{name}")) for name in ("p50", "p99")]
        rows.append([who, count(rate), times(ratio(ours, rate)), *latencies, *_cpu(results, "P1", who)])
    heads = ["P1 burst", "events/s", "ours is", "p50 ms", "p99 ms", "server's CPU", "load's CPU"]
    return _section("Burst: 1,000 subscribers, 64 events outstanding", heads, rows)


def _single(results: Results) -> str:
    limit = results.median("P2", LIMIT, "last_ms.p50")
    rows = []
    for who in results.contenders("P2"):
        latency = results.median("P2", who, "last_ms.p50")
        more = [ms(results.median("P2", who, f"last_ms.{name}")) for name in ("p90", "p99")]
        rows.append([who, ms(latency), times(ratio(latency, limit)), *more, *_cpu(results, "P2", who)])
    heads = ["P2 single", "p50 ms", "of the limit", "p90 ms", "p99 ms", "server's CPU", "load's CPU"]
    return _section("One event at a time to 100 subscribers, until the last has it", heads, rows)


def _memory(results: Results) -> str:
    rows = [
        [
            who,
            f"{x:,.0f}",
            *(_decimal(results.median("P3", who, name, x)) for name in ("kb_each", "rss_mb")),
            count(results.median("P3", who, "handshakes_s", x)),
            share(results.median("P3", who, "load_cpu", x)),
        ]
        for who in results.contenders("P3")
        for x in sorted({run.x for run in results.of("P3", who)})
    ]
    heads = ["P3 idle", "connections", "KB each", "server's MB", "handshakes/s", "load's CPU"]
    return _section("Idle connections", heads, rows)


def _creates(results: Results) -> str:
    ours = results.median("P4", OURS, "creates_s")
    rows = []
    for who in results.contenders("P4"):
        rate = results.median("P4", who, "creates_s")
        latencies = [ms(results.median("P4", who, f"create_ms.{name}")) for name in ("p50", "p99")]
        rows.append([who, count(rate), times(ratio(ours, rate)), *latencies, *_cpu(results, "P4", who)])
    heads = ["P4 creates", "creates/s", "ours is", "p50 ms", "p99 ms", "server's CPU", "load's CPU"]
    return _section("Durable creates over HTTP, nobody watching", heads, rows)


def _whole_way(results: Results) -> str:
    rows = []
    for who in results.contenders("P5"):
        rates = [count(results.median("P5", who, name)) for name in ("creates_s", "deliveries_s")]
        names = ("each_ms.p50", "each_ms.p99", "last_ms.p50", "last_ms.p99")
        rows.append([who, *rates, *(ms(results.median("P5", who, name)) for name in names), *_cpu(results, "P5", who)])
    heads = ["P5 whole way", "creates/s", "deliveries/s", "p50 ms", "p99 ms"]
    heads += ["p50 ms to the last", "p99 ms to the last", "server's CPU", "load's CPU"]
    return _section("Creates over HTTP seen by 1,000 subscribers, from the request to the subscriber", heads, rows)


def _over_rate(results: Results) -> str:
    rows = []
    for x in sorted({run.x for run in results.of("P5 rates")}):
        names = ("each_ms.p50", "each_ms.p99", "events_a_read")
        cpu = [share(results.median("P5 rates", OURS, name, x)) for name in ("server_cpu", "load_cpu")]
        p50, p99, together = (results.median("P5 rates", OURS, name, x) for name in names)
        rows.append([f"{x:,.0f}", ms(p50), ms(p99), _decimal(together), *cpu])
    heads = ["P5 paced, creates/s", "p50 ms", "p99 ms", "events that come together", "server's CPU", "load's CPU"]
    return _section("The same, over the pace", heads, rows)


def _restart(results: Results) -> str:
    rows = []
    for who in results.contenders("P6"):
        numbers = [results.median("P6", who, name) for name in ("restart_s", "start_s")]
        missed = count(results.median("P6", who, "missed"))
        live = [ms(results.median("P6", who, f"each_ms.{name}")) for name in ("p50", "p99")]
        rows.append([who, *map(_decimal, numbers), missed, *live, *_cpu(results, "P6", who)])
    heads = ["P6 restart", "all caught up, s", "of it to start", "events caught up with", "live room's p50 ms"]
    return _section(
        "A node is killed and started again, and its clients resume",
        [*heads, "live room's p99 ms", "server's CPU", "load's CPU"],
        rows,
    )


def _many_nodes(results: Results) -> str:
    alone = results.least("P7", ALONE, "us_a_delivery")
    rows = []
    for who in results.contenders("P7"):
        each = results.least("P7", who, "us_a_delivery")
        rate, p99, events = (results.median("P7", who, name) for name in ("creates_s", "each_ms.p99", "events_a_read"))
        together = results.least("P7", who, "nodes_us_a_delivery")
        costs = [_hundredths(each), times(ratio(each, alone)), _hundredths(together), times(ratio(together, alone))]
        write = each * events if each is not None and events is not None else None
        create = count(results.least("P7 creates", who, "us_a_create"))
        seen = [create, _decimal(events), _decimal(write), ms(p99)]
        rows.append([who, count(rate), *costs, *seen, *_cpu(results, "P7", who)])
    heads = ["P7 many nodes", "creates/s", "node's CPU a delivery, µs", "of alone", "all nodes'", "of alone"]
    heads += ["a create that nobody sees, µs", "events that come together", "µs a write to a subscriber", "p99 ms"]
    heads += ["server's CPU", "load's CPU"]
    most = [
        [who, count(results.median("P7 at most", who, "creates_s"))]
        + [ms(results.median("P7 at most", who, f"create_ms.{name}")) for name in ("p50", "p99")]
        + [count(results.least("P7 at most", who, "us_a_create")), *_cpu(results, "P7 at most", who)]
        for who in results.contenders("P7 at most")
    ]
    parts = [_section("Many nodes: the same pace seen by 1,000 subscribers, the best of each", heads, rows)]
    if rows:
        parts.append(GATHERED.strip())
    if rows and (added := results.machine.get("many_nodes")):
        parts.append(MANY_NODES.format(**added).strip())
    if most:
        heads = ["P7 creates at most", "creates/s", "p50 ms", "p99 ms", "node's CPU a create, µs"]
        parts.append(table([*heads, "server's CPU", "load's CPU"], most))
    return "\n\n".join(part for part in parts if part)


def _curves(results: Results) -> list[str]:
    parts = []
    for curve, figure, name, _ in CURVES:
        points = sorted({run.x for run in results.of(curve)})
        costs = [results.median(curve, OURS, figure, x) for x in points]
        rows = [
            [f"{x:,.0f}", _decimal(cost), times(ratio(cost, costs[0]))] for x, cost in zip(points, costs, strict=True)
        ]
        parts.append(_section(f"Cost of {name}", [curve, "server's CPU, µs", "of the first"], rows))
    return parts


def _reads(results: Results) -> str:
    rows = [
        [who, *(ms(results.median("P8 reads", who, f"create_ms.{name}")) for name in ("p50", "p99"))]
        for who in results.contenders("P8 reads")
    ]
    return _section("Reading a lot, one request at a time", ["P8 reads", "p50 ms", "p99 ms"], rows)


def _click(results: Results) -> str:
    took = [ms(results.median("click", OURS, name)) for name in ("p50", "max")]
    rows = [[OURS, *took]] if results.of("click") else []
    return _section("From a click on Send to the other browser's DOM", ["click", "p50 ms", "worst ms"], rows)


def _busy_page(results: Results) -> str:
    rows = []
    for who in results.contenders("browser busy"):
        names = ("events_s", "long_tasks", "longest_task_ms", "frames_s", "press_ms.p50", "press_ms.max")
        rates = [count(results.median("browser busy", who, name)) for name in names]
        rows.append([who, *rates, share(results.median("browser busy", who, "main_thread"))])
    heads = ["in Chromium, while there come", "events/s", "tasks over 50 ms", "longest ms", "frames/s"]
    heads += ["press to frame, p50 ms", "worst ms", "main thread"]
    return _section("A page to which 1,000 events come a second", heads, rows)


def _idle_page(results: Results) -> str:
    rows = []
    for who in results.contenders("browser idle"):
        names = ("cpu_ms", "tasks_ms", "script_ms")
        rows.append([who, *(_decimal(results.median("browser idle", who, name)) for name in names)])
    heads = ["in Chromium, over 10 s", "renderer's CPU, ms", "main thread's tasks, ms", "of these, script, ms"]
    return _section("A page to which nothing comes", heads, rows)


def _listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _cpu(results: Results, target: str, who: str) -> list[str]:
    return [share(results.median(target, who, name)) for name in ("server_cpu", "load_cpu")]


def _decimal(number: float | None) -> str:
    return "–" if number is None else f"{number:,.1f}"


def _hundredths(number: float | None) -> str:
    return "–" if number is None else f"{number:,.2f}"


def _section(title: str, heads: list[str], rows: list[list[str]]) -> str:
    return f"## {title}\n\n{table(heads, rows)}" if rows else ""


def _pictures(folder: Path) -> list[str]:
    return [
        f"![{picture.stem.replace('-', ' ').capitalize()}]({picture.name})" for picture in sorted(folder.glob("*.svg"))
    ]
