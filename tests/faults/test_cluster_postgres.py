"""PostgreSQL is restarted in mid-write, or away for a while: requests are told to come again, and nothing is lost."""

import asyncio
from typing import Any

import httpx
import pytest
from deploy.local.postgres import Stop

from clustered import Cluster, comes, readiness
from exactness import all_is_exact
from live_clients import Person, Viewer, new_picture
from live_fakes import until
from loading import ROUNDS, Load
from running import RunningNode


async def is_ready(node: RunningNode, *, ready: bool = True) -> dict[str, str]:
    """Wait until a node says that it is ready, or is not, and return what it says."""
    said: dict[str, str] = {}

    async def is_so() -> bool:
        nonlocal said
        status, said = await readiness(node)
        assert status in {200, 503}
        return (status == 200) is ready

    await comes(is_so, within=60)
    return said


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_DUR1_SEQ1_IDEM1_postgresql_is_restarted_in_mid_write(cluster: Cluster, mode: Stop) -> None:
    pictures = [new_picture(), new_picture()]
    async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
        for _ in range(2 * ROUNDS):
            await load.goes_on()
            await asyncio.to_thread(cluster.postgres.restart, mode)
            await asyncio.gather(*map(is_ready, cluster.nodes.nodes))
        await load.goes_on()
        await load.end()
        await all_is_exact(cluster.nodes.nodes, load, viewers)
        assert load.refusals.unanswered == 0
        assert all(viewer.connected == 1 for viewer in viewers)


async def answer_to(node: RunningNode, method: str, path: str, **more: Any) -> httpx.Response:
    async with node.client() as client:
        return await client.request(method, path, **more)


async def test_DUR1_while_postgresql_is_away_requests_are_told_to_come_again_and_sockets_stay(cluster: Cluster) -> None:
    pictures = [new_picture(), new_picture()]
    nodes = cluster.nodes.nodes
    async with cluster.nodes.viewers(pictures) as viewers, Load(cluster.nodes.client, pictures) as load:
        for _ in range(ROUNDS):
            await load.goes_on()
            await asyncio.to_thread(cluster.postgres.stop, "fast")
            for node in nodes:
                said = await is_ready(node, ready=False)
                assert said["reason"].startswith("the database cannot be read")
                for path in (f"/comment-image-chats/demo?urlId={pictures[0]}", "/comments/demo?urlId=window"):
                    answer = await answer_to(node, "GET", path)
                    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
                    assert int(answer.headers["Retry-After"]) >= 1
            before = load.refusals.unavailable
            await until(lambda: load.refusals.unavailable >= before + 20, within=30)  # noqa: B023 -- at once
            await asyncio.to_thread(cluster.postgres.start)
            await asyncio.gather(*map(is_ready, nodes))
            await load.goes_on()
        await load.end()
        await all_is_exact(nodes, load, viewers)
        assert load.refusals.unavailable == load.refusals.asked_to_wait > 0
        assert load.refusals.unanswered == 0
        assert all(viewer.connected == 1 for viewer in viewers)


async def test_RES1_a_node_is_killed_while_postgresql_is_away_and_its_viewers_go_on_at_others(cluster: Cluster) -> None:
    pictures = [new_picture(), new_picture()]
    killed, *others = cluster.nodes.nodes
    before = [len(node.output) for node in others]
    async with (
        cluster.nodes.viewers(pictures) as viewers,
        Load(cluster.nodes.client, pictures) as load,
        killed.client() as client,
    ):
        alone = Viewer(killed, Person(client), new_picture(), others)
        async with alone:  # in a room that no other node has open
            await load.goes_on()
            there = [viewer for viewer in viewers if viewer.node is killed]
            await asyncio.to_thread(cluster.postgres.stop, "fast")
            killed.kill()
            await until(lambda: all(viewer.connected > 1 for viewer in there) and 1011 in alone.close_codes, within=30)
            await asyncio.to_thread(cluster.postgres.start)
            await asyncio.to_thread(killed.start)
            await load.goes_on()
            await load.end()
            await all_is_exact(cluster.nodes.nodes, load, viewers)
            await alone.person.mark(alone.picture)
            await alone.equals_a_fresh_snapshot()
    for node, lines in zip(others, before, strict=True):
        said = "".join(node.output[lines:])
        assert "Traceback" not in said, said
