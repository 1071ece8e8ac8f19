"""`python -m bench`: measures the node and its peers, prints the tables, and writes docs/benchmarks."""

import os
import signal
import sys
from typing import NoReturn

import click

from bench import machine
from bench.folder import REPORT
from bench.plan import FULL, QUICK, measure
from bench.report import tables, write


@click.command()
@click.option("--quick", is_flag=True, help="fewer and shorter runs; writes nothing")
def main(*, quick: bool) -> None:
    """Measure and report."""
    machine.check()
    signal.signal(signal.SIGTERM, _stop)
    results = measure(QUICK if quick else FULL)
    print("\n" + tables(results))
    if not quick:
        write(results, REPORT)
    sys.exit(1 if results.failed else 0)


def _stop(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
