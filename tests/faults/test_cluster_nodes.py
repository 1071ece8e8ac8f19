"""Nodes are killed, stopped one after the other, and join: nobody misses anything, and no command is lost."""

import asyncio

from clustered import Cluster
from exactness import all_is_exact
from live_clients import Viewer, new_picture
from live_fakes import until
from loading import ROUNDS, Load


async def resumed(before: list[tuple[Viewer, int]]) -> None:
    """Wait until each viewer is connected once more than before."""
    await until(lambda: all(viewer.connected > count for viewer, count in before), within=30)


async def test_DUR1_SEQ1_RES1_IDEM1_nodes_are_killed_in_mid_write_and_their_viewers_resume_on_others(
    cluster: Cluster,
) -> None:
    pictures = [new_picture(), new_picture()]
    nodes = cluster.nodes.nodes
    async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
        for _ in range(2 * ROUNDS):
            node = viewers[0].node
            before = [(viewer, viewer.connected) for viewer in viewers if viewer.node is node]
            await load.goes_on()
            node.kill()
            await resumed(before)
            await load.goes_on()
            await asyncio.to_thread(node.start)
        await load.goes_on()
        await load.end()
        await all_is_exact(nodes, load, viewers)
        assert load.refusals.unanswered


async def test_RES1_IDEM1_a_rolling_restart_under_load_costs_no_viewer_an_event_and_no_writer_a_command(
    cluster: Cluster,
) -> None:
    pictures = [new_picture(), new_picture()]
    nodes = cluster.nodes.nodes
    async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
        for node in nodes * ROUNDS:
            await load.goes_on()
            assert await asyncio.to_thread(node.stop) == 0
            await load.goes_on(20)
            await asyncio.to_thread(node.start)
        await load.goes_on()
        await load.end()
        await all_is_exact(nodes, load, viewers)
        assert {code for viewer in viewers for code in viewer.close_codes} == {1012}
        assert all(viewer.close_codes for viewer in viewers)


async def test_SEQ1_RES1_a_node_that_joins_under_load_is_as_exact_as_the_others(cluster: Cluster) -> None:
    pictures = [new_picture(), new_picture()]
    async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
        await load.goes_on()
        joining = cluster.nodes.add(cluster.nats.url)
        try:
            await asyncio.to_thread(joining.start)
            async with cluster.nodes.viewers(pictures) as more:  # on each node, the new one too
                await load.goes_on(100)
                await load.end()
                await all_is_exact(cluster.nodes.nodes, load, [*viewers, *more])
                assert all(viewer.connected == 1 for viewer in [*viewers, *more])
        finally:
            cluster.nodes.nodes.remove(joining)
            joining.kill()
