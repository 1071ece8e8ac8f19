"""The benchmark's report says what was met, what was missed, and what was left out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench.generator import CheckFailed
from bench.installed import Need
from bench.peers.nats import NATS
from bench.plan import note, take
from bench.processes import LeftOut, started
from bench.report import tables, write
from bench.results import Results, Run, load
from bench.targets import ALONE, LIMIT, ONE_OF_MANY, OTHER_NODE, OURS, OURS_V1, P7_PACE, judge

MACHINE = {
    "date": "2030-01-02 03:04 UTC",
    "cores": 2,
    "cpu": "a processor",
    "memory_gb": 24,
    "kernel": "6",
    "congestion_control": "cubic",
    "python": "3.11",
    "sqlite": "3.40",
    "compiler": "cc",
}


def results(*runs: Run) -> Results:
    return Results(dict(MACHINE), runs=list(runs))


def burst(who: str, rate: float) -> Run:
    return Run("P1", who, {"deliveries_s": rate})


def verdicts(found: Results) -> dict[str, bool | None]:
    return {line.id: line.met for line in judge(found)}


PEERS = [burst("uWebSockets", 300_000), burst("NATS WebSocket", 1e6), burst("nchan", 1e5), burst("socket.io", 9e4)]


@pytest.mark.parametrize(
    ("runs", "met"),
    [
        ([burst(OURS_V1, 2_500_000), *PEERS], True),
        ([burst(OURS_V1, 1_900_000), *PEERS], False),
        ([burst(OURS_V1, 2_500_000), *PEERS[1:], burst("uWebSockets", 600_000)], False),
        ([burst(OURS_V1, 2_500_000), *PEERS[1:]], None),
        ([], None),
    ],
)
def test_a_target_is_met_only_when_all_of_it_was_measured_and_holds(runs: list[Run], met: object) -> None:
    assert verdicts(results(*runs))["P1"] is met


def test_the_median_of_the_repetitions_counts() -> None:
    latencies = [
        Run("P2", who, {"last_ms": {"p50": p50}}) for who, p50 in [(OURS_V1, 9), (OURS_V1, 1), (OURS_V1, 1), (LIMIT, 1)]
    ]
    assert verdicts(results(*latencies))["P2"] is True


def test_a_cost_that_grows_is_missed() -> None:
    runs = [Run("P8 rooms", OURS, {"us_a_create": 100}, 1), Run("P8 rooms", OURS, {"us_a_create": 140}, 10_000)]
    assert verdicts(results(*runs))["P8"] is False


def seen(who: str, us: float, pace: float = P7_PACE) -> Run:
    return Run("P7", who, {"creates_s": pace, "us_a_delivery": us, "nodes_us_a_delivery": 2 * us, "events_a_read": 5})


@pytest.mark.parametrize(("shared", "elsewhere", "met"), [(1.1, 0.9, True), (1.3, 0.9, False), (1.1, 1.3, False)])
def test_P7_compares_the_best_of_each(shared: float, elsewhere: float, met: object) -> None:
    creates = Run("P7 creates", ALONE, {"us_a_create": 400})
    runs = [seen(ALONE, 1), seen(ALONE, 2), creates, seen(ONE_OF_MANY, shared), seen(OTHER_NODE, elsewhere)]
    found = results(*runs)
    assert verdicts(found)["P7"] is met
    assert "| Image Chat, alone (SQLite) | 250 | 1.00 | 1.00× | 2.00 | 2.0× | 400 | 5.0 | 5.0 |" in tables(found)


def test_P7_is_not_met_by_one_that_did_not_hold_the_pace() -> None:
    found = results(seen(ALONE, 1), seen(ONE_OF_MANY, 0.5, pace=100), seen(OTHER_NODE, 0.5))
    assert verdicts(found)["P7"] is None
    assert "not at one pace: 100 to 250 creates/s" in tables(found)


def test_what_was_measured_later_says_so() -> None:
    found = results(seen(ALONE, 1))
    assert "python -m bench many-nodes" not in tables(found)
    found.machine["many_nodes"] = {"date": "2031-02-03", "warning": " **Busy.**"}
    assert "This section is of 2031-02-03, by `python -m bench many-nodes`" in tables(found)


def test_a_missed_target_leads_to_its_reason(tmp_path: Path) -> None:
    write(results(burst(OURS_V1, 1)), tmp_path)
    assert "[missed](reasons.md#p1)" in (tmp_path / "README.md").read_text()


def left_out() -> Iterator[Run]:
    with started(["false"], ready="port (.)"):
        yield Run("P1", "nobody", {})


def test_a_peer_that_cannot_be_had_is_left_out_and_named() -> None:
    found = results(burst(OURS_V1, 2))
    take(found, "nchan", left_out)
    assert found.left_out == {"nchan": "false did not start: it said nothing"}
    assert "Left out: nchan, because false did not start" in tables(found)
    assert "nchan left out" in tables(found)
    assert found.failed == []


def test_a_peer_whose_program_is_missing_is_left_out() -> None:
    with pytest.raises(LeftOut, match="no-such-program"), started(["no-such-program"], ready="(.)"):
        pass


def failing() -> Iterator[Run]:
    yield burst(OURS_V1, 2)
    message = "duplicated: subscriber 1"
    raise CheckFailed(message)


def test_a_failed_check_is_kept_and_the_run_goes_on() -> None:
    found = results()
    take(found, "the burst", failing)
    assert found.failed == ["the burst: duplicated: subscriber 1"]
    assert "**Failed: the burst: duplicated: subscriber 1**" in tables(found)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    figures: dict[str, Any] = {"each_ms": {"p50": 1.5}}
    found = results(Run("P5", OURS, figures, 10))
    found.save(tmp_path / "results.json")
    assert load(tmp_path / "results.json") == found


@pytest.mark.parametrize(("clients", "seconds", "met"), [(10_000, 9, True), (10_000, 11, False), (2_000, 3, None)])
def test_a_smaller_run_does_not_meet_a_target(clients: int, seconds: float, met: object) -> None:
    run = Run("P6", "clients, all at once", {"restart_s": seconds, "clients": clients})
    assert verdicts(results(run))["P6"] is met


def test_a_peer_whose_packages_are_missing_is_left_out_and_not_started() -> None:
    found = results()
    note(found, NATS, {Need.PYTHON: "pip found no network"})
    take(found, NATS.name, failing)
    assert found.left_out == {"NATS WebSocket": "Python's packages cannot be had: pip found no network"}
    assert found.runs == []
    assert found.failed == []
