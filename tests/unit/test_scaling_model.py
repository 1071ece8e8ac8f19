"""The capacity model: more of something never wants less, and its limits are where they are said to be."""

from dataclasses import replace

import pytest
from bench.scaling.demand import Bounds, Demand, usual
from bench.scaling.flow import flow, nodes_with, room_flow
from bench.scaling.model import answer, nodes_for_one_room, room_limit
from bench.scaling.queues import md1_wait
from bench.scaling.words import told, used

from example_units import UNITS


@pytest.mark.parametrize(("viewers", "nodes", "on"), [(1, 10, 1), (1_000_000, 10, 10), (10, 10, 6.3), (0.5, 1e9, 0.5)])
def test_a_room_is_on_as_many_nodes_as_chance_deals_its_viewers_to(viewers: float, nodes: float, on: float) -> None:
    assert nodes_with(viewers, nodes) == pytest.approx(on, rel=0.05)


def test_a_node_that_is_alone_hears_nothing() -> None:
    found = flow(usual(5_000), 1, UNITS)
    assert (found.heard, found.said, found.told) == (0, 0, 0)


def test_every_viewer_and_every_change_is_in_some_room() -> None:
    demand = usual(200_000)
    found = flow(demand, 10, UNITS)
    assert found.viewers == pytest.approx(demand.viewers)
    assert found.events == pytest.approx(demand.events_s)


def test_the_number_of_nodes_is_enough_for_what_they_do_together() -> None:
    found = answer(usual(150_000), UNITS)
    assert found.nodes.needed > 1
    assert found.nodes.cores <= found.nodes.needed * Bounds().node_busy
    assert found.nodes.wanted > found.nodes.needed


def test_more_viewers_never_want_fewer_nodes() -> None:
    sizes = [answer(usual(viewers), UNITS) for viewers in (100, 1_000, 10_000, 100_000, 1_000_000)]
    nodes = [found.nodes.needed * found.demand.shards for found in sizes]
    assert nodes == sorted(nodes)


def test_sets_are_as_many_as_keep_each_within_its_limits() -> None:
    found = answer(usual(2_000_000), UNITS)
    assert found.demand.shards > 1
    assert found.of_one_set[0].used > 1
    assert found.nodes.needed <= Bounds().set_nodes


def test_a_small_set_is_one() -> None:
    found = answer(usual(5_000), UNITS)
    assert (found.demand.shards, found.nodes.needed) == (1, 1)
    assert found.first_limit.used <= 1


@pytest.mark.parametrize(
    ("bounds", "decides"),
    [
        (Bounds(node_busy=1e6, node_sockets=10_000_000), "memory"),
        (Bounds(node_busy=1e6, node_memory_mb=1e6, node_sockets=20_000), "sockets"),
        (Bounds(), "processor"),
    ],
)
def test_what_is_scarcest_decides_the_number_of_nodes(bounds: Bounds, decides: str) -> None:
    assert answer(usual(1_000_000), UNITS, bounds).nodes.decided_by == decides


def test_SEQ1_limits_a_room_by_commits_that_come_one_after_the_other() -> None:
    bounds = Bounds()
    limit = room_limit(UNITS, bounds)
    assert limit < 1000 / UNITS.transaction_ms
    assert md1_wait(limit, UNITS.transaction_ms / 1000) == pytest.approx(bounds.room_wait_s, rel=0.01)
    hot = answer(Demand(10_000, 3 * limit, 1), UNITS)
    assert hot.first_limit.what == "commits in the hottest room"
    assert hot.first_limit.used > 1


def test_people_on_one_node_are_named_until_they_are_too_many() -> None:
    demand = usual(1_000_000)
    assert room_flow(10_000, 1, 10, demand, UNITS).told_users > 0
    assert room_flow(100_000, 1, 10, demand, UNITS).told_users == 0


def test_a_room_for_which_more_nodes_only_want_more_has_no_number() -> None:
    costly = replace(UNITS, flush_us=50, presence_user_us=50)
    assert nodes_for_one_room(Demand(1_000_000, 10, 1), UNITS, Bounds()) is not None
    assert nodes_for_one_room(Demand(1_000_000, 10, 1), costly, Bounds()) is None


def test_regions_send_each_message_once_to_each_other_region_that_wants_it() -> None:
    one, three = (answer(replace(usual(100_000), regions=regions), UNITS).bus for regions in (1, 3))
    assert one.crossing == 0
    assert 0 < three.crossing <= 2 * three.messages_in


def test_the_log_is_trimmed_but_holds_the_last_hour() -> None:
    trimmed = answer(replace(usual(100_000), log_events=1), UNITS).primary.log_bytes
    assert trimmed == pytest.approx(1_000 * 3_600 * UNITS.log_bytes)
    assert answer(usual(1_000), UNITS).primary.log_bytes <= 2_500_000 * UNITS.log_bytes


def test_the_answer_in_words_names_the_first_limit() -> None:
    far = answer(usual(10_000_000), UNITS)
    assert f"is hit first: {far.first_limit.what}, {used(far.first_limit)} of it used." in told(far)
    nearest = told(answer(usual(5_000), UNITS))
    assert "is nearest: commits in the hottest room" in nearest
