"""Limits that hold over all nodes."""

from hypothesis import given
from hypothesis import strategies as st

from bussing import Air
from imagechat.bus.sharing import SharedBuckets, share_texts
from imagechat.model.rate_limits import Buckets, Limit
from imagechat.model.spam import Post, RecentTexts

MINUTE = Limit(6, 60.0)


class Clock:
    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Nodes:
    """Two nodes' buckets; their clocks have nothing to do with each other."""

    def __init__(self) -> None:
        self.air = Air()
        self.clocks = [Clock(5.0), Clock(99_000.0)]
        self.buckets = [Buckets(clock) for clock in self.clocks]
        self.shared = [SharedBuckets(self.air.node(), "limits", buckets) for buckets in self.buckets]
        for buckets in self.buckets:
            buckets.remembers_spent = True

    def take(self, node: int) -> float:
        return self.buckets[node].take([("ann", MINUTE)])

    def tell(self) -> None:
        for each in self.shared:
            each.tell()

    def wait(self, seconds: float) -> None:
        for clock in self.clocks:
            clock.now += seconds


def test_what_was_spent_on_one_node_is_spent_on_the_other() -> None:
    nodes = Nodes()
    for _ in range(6):
        assert nodes.take(0) == 0.0
    nodes.tell()
    assert round(nodes.take(1), 6) == 10.0
    nodes.wait(10.0)
    assert nodes.take(1) == 0.0
    nodes.tell()
    assert round(nodes.take(0), 6) == 10.0


def test_what_was_given_back_is_given_back_everywhere() -> None:
    nodes = Nodes()
    for _ in range(6):
        nodes.take(0)
    nodes.buckets[0].give_back([("ann", MINUTE)])
    nodes.tell()
    assert nodes.take(1) == 0.0
    assert nodes.take(1) > 0.0


def test_a_burst_on_every_node_at_once_leaves_empty_buckets_and_no_debt() -> None:
    nodes = Nodes()
    for node in (0, 1):
        for _ in range(6):
            assert nodes.take(node) == 0.0
    nodes.tell()
    assert [round(nodes.take(node), 6) for node in (0, 1)] == [10.0, 10.0]


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 20)), max_size=80))
def test_in_the_long_run_two_nodes_allow_what_one_does(steps: list[tuple[int, float]]) -> None:
    nodes, allowed, elapsed = Nodes(), 0, 0.0
    for node, pause in steps:
        nodes.wait(pause)
        elapsed += pause
        allowed += nodes.take(node) == 0.0
        nodes.tell()
    assert allowed <= MINUTE.count + elapsed * MINUTE.count / MINUTE.seconds + 1e-3


def test_what_nobody_understands_is_let_be() -> None:
    nodes = Nodes()
    nodes.air.node().tell("limits", b"\xc1 of another version")
    assert nodes.take(0) == 0.0


def test_nothing_is_told_where_nothing_was_spent() -> None:
    nodes = Nodes()
    nodes.tell()
    assert nodes.air.said == []


def test_the_same_text_by_way_of_another_node_is_the_same_text() -> None:
    air = Air()
    here, there = RecentTexts(Clock()), RecentTexts(Clock())
    share_texts(air.node(), here)
    share_texts(air.node(), there)
    post = Post("demo", "ann", "thread", "A text that is long enough to be looked at", "")
    assert not here.again(post)
    assert there.again(post)
    assert all(b"text that is" not in told.data for told in air.said)
