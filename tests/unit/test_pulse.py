"""How busy a node is, from what was counted in each moment."""

from imagechat.model.histogram import Histogram
from imagechat.model.latency import BOUNDS
from imagechat.model.pulse import HISTORY_MS, LATENCY_MS, MOST_TENANTS, Pulse, Rates, rates_together
from imagechat.model.usage import Key, Tally

START = 1_700_000_000_000


def tally(milliseconds: int = 4, **numbers: int) -> Tally:
    latencies = Histogram(BOUNDS)
    latencies.add(milliseconds)
    return Tally(**numbers, latencies=latencies)


def taken(**of: Tally) -> dict[Key, Tally]:
    return {(1, f"{tenant}.room"): each for tenant, each in of.items()}


def test_rates_are_of_the_last_seconds_for_each_tenant_and_in_all() -> None:
    pulse = Pulse()
    assert pulse.rates() == Rates()
    assert pulse.history() == []
    for number in range(10):
        counted = taken(
            acme=tally(messages=400, bandwidth=4_000, calls=8, errors=4, faults=2, events=20), zoo=tally(messages=40)
        )
        pulse.note(START + 4_000 * number, counted, {"acme": 7, "zoo": 1}, {"acme": 2, "zoo": 1})
    acme, everything = pulse.rates("acme"), pulse.rates()
    assert (acme.connections, acme.rooms) == (7, 2)
    assert (acme.messages_per_second, acme.bytes_per_second, acme.events_per_second) == (100.0, 1_000.0, 5.0)
    assert (acme.calls_per_second, acme.refusals_per_second, acme.faults_per_second) == (2.0, 0.5, 0.5)
    assert (everything.connections, everything.rooms, everything.messages_per_second) == (8, 3, 110.0)
    assert acme.histogram.count == 10
    assert pulse.rates("nobody") == Rates()
    assert set(pulse.tenants()) == {"acme", "zoo"}


def test_what_is_over_is_forgotten_in_time() -> None:
    pulse = Pulse()
    pulse.note(START, taken(acme=tally(messages=400)), {"acme": 7}, {"acme": 2})
    pulse.note(START + LATENCY_MS, {}, {}, {})
    assert pulse.rates("acme") == Rates()
    assert [(point.connections, point.latency_p99) for point in pulse.history("acme")] == [(7, 5.0), (0, None)]
    pulse.note(START + HISTORY_MS, {}, {}, {})
    assert [point.at for point in pulse.history()] == [START + LATENCY_MS, START + HISTORY_MS]


def test_of_very_many_tenants_the_busiest_are_told_apart_and_all_are_in_the_sum() -> None:
    pulse, many = Pulse(), 3 * MOST_TENANTS
    counted = taken(**{f"t{number}": tally(messages=1) for number in range(many)})
    pulse.note(START, counted, {f"t{number}": number for number in range(1, many)}, {})
    assert pulse.rates().messages_per_second == many
    assert pulse.rates().connections == sum(range(many))
    told = pulse.tenants()
    assert len(told) < MOST_TENANTS
    assert told[f"t{many - 1}"].connections == many - 1


def test_what_is_of_no_tenant_is_in_the_sum_only() -> None:
    pulse = Pulse()
    pulse.note(START, {(1, ""): Tally(calls=1, faults=1, errors=1)}, {}, {})
    assert pulse.rates().faults_per_second == 1.0
    assert pulse.tenants() == {}


def test_nodes_add_up_and_one_of_another_version_counts_without_its_latencies() -> None:
    pulse = Pulse()
    pulse.note(START, taken(acme=tally(messages=10)), {"acme": 1}, {"acme": 1})
    other = Rates(connections=2, messages_per_second=5.0, latencies=[1, 2, 3])
    both = rates_together([pulse.rates(), other])
    assert (both.connections, both.messages_per_second, both.histogram.count) == (3, 15.0, 1)
