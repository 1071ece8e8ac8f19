"""`python -m bench`: measures the node and its peers, prints the tables, and writes docs/benchmarks."""

import signal
import subprocess
import sys
from dataclasses import replace
from typing import NoReturn

import click

from bench import machine
from bench.backends import backends
from bench.compiled import load_program, send_only_program
from bench.folder import REPORT, ROOT, VENV
from bench.generator import CheckFailed
from bench.many_nodes import MANY_NODES, note_backends, one_turn
from bench.plan import FULL, QUICK, measure, take
from bench.processes import LeftOut
from bench.profiling import profile_creates, profile_fan_out
from bench.report import tables, write
from bench.results import Results, load
from bench.scaling import document as scaling
from bench.scaling.units import save_units
from bench.unit_costs import unit_costs

STOPPED = 130


@click.group(invoke_without_command=True)
@click.option("--quick", is_flag=True, help="fewer and shorter runs; writes nothing")
@click.option("--rounds", type=click.IntRange(1, 20), help="how often what is compared is measured")
@click.pass_context
def main(context: click.Context, *, quick: bool, rounds: int | None) -> None:
    """Measure and report."""
    machine.check()
    signal.signal(signal.SIGTERM, _stop)
    try:
        load_program(), send_only_program()
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        message = f"the benchmark needs a C compiler for its load: {error}"
        raise SystemExit(message) from None
    if context.invoked_subcommand is not None:
        return
    results = Results(machine.describe() | {"libraries": machine.library_versions()})
    stopped = False
    try:
        plan = QUICK if quick else FULL
        measure(plan if rounds is None else replace(plan, rounds=rounds), results)
    except KeyboardInterrupt:
        stopped = True
        print("\nStopped; what was measured until then:", flush=True)
    print("\n" + tables(results))
    if not quick and not stopped:
        write(results, REPORT)
        _draw()
        write(results, REPORT)  # again: the page shows the plots
    sys.exit(STOPPED if stopped else 1 if results.failed else 0)


@main.command()
@click.argument("what", type=click.Choice(["creates", "fan-out"]))
def profile(what: str) -> None:
    """Say where the node's time goes, and keep it beside the report."""
    try:
        found = profile_creates() if what == "creates" else profile_fan_out()
    except LeftOut as reason:
        raise SystemExit(str(reason)) from None
    REPORT.mkdir(parents=True, exist_ok=True)
    (REPORT / f"profile-{what}.txt").write_text(found, "utf-8")
    print(found)


@main.command("many-nodes")
@click.option("--rounds", type=click.IntRange(1, 20), default=3, show_default=True, help="how often P7 is measured")
@click.option("--seconds", type=click.FloatRange(0.5), default=4.0, show_default=True, help="of each measurement")
def many_nodes_only(*, rounds: int, seconds: float) -> None:
    """Measure P7 and what one of everything costs; the kept report's other figures stay. Writes docs/scaling.md too."""
    results = load(REPORT / "results.json")
    results.runs = [run for run in results.runs if not run.target.startswith("P7")]
    results.left_out.pop(MANY_NODES, None)
    failed, busy = len(results.failed), machine.busy()
    about = machine.describe() | {"busy": busy}
    try:
        with backends() as both:
            for number in range(rounds):
                take(results, MANY_NODES, lambda: one_turn(both, seconds))
                print(f"Round {number + 1} of {rounds} is done", flush=True)
            units = unit_costs(both, results, seconds)
    except (LeftOut, CheckFailed, ValueError) as reason:
        raise SystemExit(str(reason)) from None
    if results.failed[failed:]:
        raise SystemExit("; ".join(results.failed[failed:]))
    results.machine["many_nodes"] = {
        "date": about["date"],
        "warning": "" if busy is None else f" **Something else was running: the load average was {busy:.1f}.**",
    }
    note_backends(results)
    save_units(units, about)
    write(results, REPORT)
    scaling.write()
    print(tables(results).partition("## Many nodes")[2].partition("\n## ")[0])


def _draw() -> None:
    try:
        subprocess.run([VENV / "bin" / "python", "-m", "bench.plots", REPORT], check=True, cwd=ROOT, timeout=120)
    except (FileNotFoundError, subprocess.SubprocessError) as error:
        print(f"The plots are left out: {error}")


def _stop(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
