"""Messages between nodes are lost, come late, or are of a version that a node does not know."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from clustered import Cluster
from exactness import all_is_exact
from live_clients import new_picture
from loading import ROUNDS, Load
from nats_bridge import Meddler, NodesBridge, Shuffler


@contextmanager
def meddling(bridge: NodesBridge, meddler: Meddler) -> Iterator[None]:
    bridge.meddler = meddler
    try:
        yield
    finally:
        bridge.meddler = None


async def test_SEQ1_RES1_messages_that_are_lost_or_late_cost_no_viewer_an_event(cluster: Cluster) -> None:
    pictures = [new_picture(), new_picture()]
    shufflers = [Shuffler(seed) for seed in range(3)]
    one, two, three = (meddling(*pair) for pair in zip(cluster.bridges, shufflers, strict=True))
    with one, two, three:
        async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
            await load.goes_on(250 * ROUNDS)
            await load.end()
            await all_is_exact(cluster.nodes.nodes, load, viewers)
            assert all(viewer.connected == 1 for viewer in viewers)
    assert all(shuffler.lost and shuffler.late for shuffler in shufflers)


class NextVersion:
    """Has every other message of rooms' events say that it is of a version that is to come."""

    def __init__(self) -> None:
        self.changed = 0
        self._dice = random.Random(1)

    def __call__(self, subject: str, frame: bytes) -> list[bytes]:
        if not subject.endswith(".events") or self._dice.random() < 0.5:
            return [frame]
        self.changed += 1
        head, _, message = frame.partition(b"\r\n")
        return [head + b"\r\n\x02" + message[1:]]


async def test_RES1_a_node_that_hears_messages_of_an_unknown_version_reads_the_log(cluster: Cluster) -> None:
    pictures = [new_picture(), new_picture()]
    newer = NextVersion()
    with meddling(cluster.bridges[0], newer):
        async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
            await load.goes_on(150 * ROUNDS)
            await load.end()
            await all_is_exact(cluster.nodes.nodes, load, viewers)
            assert all(viewer.connected == 1 for viewer in viewers)
    assert newer.changed
    assert sum("a node of another version is on the bus" in line for line in cluster.nodes.nodes[0].output) == 1
