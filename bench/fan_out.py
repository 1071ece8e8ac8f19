"""P1 and P2: one room's events to its subscribers, ours and the peers' in one run."""

from collections.abc import Iterator

from bench.contender import Contender
from bench.generator import run_load
from bench.results import Run

BURST_SUBSCRIBERS = 1_000
BURST_OUTSTANDING = 64
BURST_PATIENCE_MS = 10
"""How long the load lets events gather before it reads a subscriber: the latencies of P1 are as coarse as this."""
SINGLE_SUBSCRIBERS = 100


def fan_out(contender: Contender, seconds: float) -> Iterator[Run]:
    """Measure a burst, then events one at a time. Raises `LeftOut`, `CheckFailed`."""
    with contender.run() as running:
        pids = running.server.pids
        figures = run_load(
            *running.words,
            subscribers=BURST_SUBSCRIBERS,
            window=BURST_OUTSTANDING,
            patience=BURST_PATIENCE_MS,
            seconds=seconds,
            pids=pids,
        )
        yield Run("P1", contender.name, figures)
    with contender.run() as running:
        figures = run_load(
            *running.words, subscribers=SINGLE_SUBSCRIBERS, window=0, seconds=seconds, pids=running.server.pids
        )
        yield Run("P2", contender.name, figures)
