"""NATS goes away, wholly or in part, for all nodes or for one: viewers get everything all the same."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from clustered import Cluster, hears_nobody, hears_others
from exactness import all_is_exact
from live_clients import Viewer, new_picture
from loading import ROUNDS, Load


async def all_have_what_was_done(viewers: Sequence[Viewer], load: Load) -> None:
    """Wait until each viewer has everything that was answered with success until now."""
    heads = {viewer.picture: 0 for viewer in viewers}
    for done in load.done:
        heads[done.picture] = max(heads[done.picture], done.seq)
    await asyncio.gather(*[viewer.reaches(heads[viewer.picture]) for viewer in viewers])


async def test_RES1_all_of_nats_is_stopped_and_started_under_load(cluster: Cluster) -> None:
    pictures = [new_picture(), new_picture()]
    nodes = cluster.nodes.nodes
    async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
        for _ in range(ROUNDS):
            await load.goes_on()
            await asyncio.to_thread(cluster.nats.stop)
            for node in nodes:
                assert "(NATS) is away since" in await hears_nobody(node)
            await load.goes_on()
            await all_have_what_was_done(viewers, load)
            await asyncio.to_thread(cluster.nats.start)
            await asyncio.gather(*map(hears_others, nodes))
            await load.goes_on()
        await load.end()
        await all_is_exact(nodes, load, viewers)
        assert load.refusals.unavailable == load.refusals.unanswered == 0
        assert all(viewer.connected == 1 for viewer in viewers)


async def test_RES1_one_nats_server_of_three_is_killed_and_started_under_load(cluster: Cluster) -> None:
    pictures = [new_picture(), new_picture()]
    async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
        for _ in range(ROUNDS):
            for server in cluster.nats.servers:  # some node is connected to it, or was to the one before
                await load.goes_on()
                await asyncio.to_thread(server.kill)
                await load.goes_on()
                await asyncio.gather(*map(hears_others, cluster.nodes.nodes))
                await asyncio.to_thread(server.start)
                await asyncio.to_thread(server.meets_the_others)
        await load.end()
        await all_is_exact(cluster.nodes.nodes, load, viewers)
        assert load.refusals.unavailable == load.refusals.unanswered == 0
        assert all(viewer.connected == 1 for viewer in viewers)


@pytest.mark.parametrize("way", ["cut", "silence"])
async def test_RES1_one_node_is_parted_from_nats_and_its_viewers_miss_nothing(cluster: Cluster, way: str) -> None:
    pictures = [new_picture(), new_picture()]
    bridge, (parted, *others) = cluster.bridges[0], cluster.nodes.nodes
    part: Callable[[], None] = getattr(bridge, way)
    async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
        for _ in range(ROUNDS):
            await load.goes_on()
            part()
            await hears_nobody(parted)
            await load.goes_on()
            await all_have_what_was_done(viewers, load)
            for other in others:
                await hears_others(other)
            bridge.heal()
            await hears_others(parted)
            await load.goes_on()
        await load.end()
        await all_is_exact(cluster.nodes.nodes, load, viewers)
        assert load.refusals.unavailable == load.refusals.unanswered == 0
        assert all(viewer.connected == 1 for viewer in viewers)
