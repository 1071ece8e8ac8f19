"""Who is on a picture is counted over all nodes, and a node that was killed is forgotten."""

from collections.abc import Iterator

import pytest
from deploy.local.nats import NatsServer
from deploy.local.postgres import PostgresServer

from clustered import Cluster, NodeSet, comes, new_database
from live_clients import Person, Viewer, live_url, new_picture, next_message, open_live
from live_fakes import until
from running import RunningNode
from wrong_clocks import fast_clock


async def online(node: RunningNode, picture: str) -> int:
    async with node.client() as client:
        return int((await Person(client).online(picture))["totalCount"])


async def is_online(node: RunningNode, picture: str, count: int) -> None:
    async def so_many() -> bool:
        return await online(node, picture) == count

    await comes(so_many)


async def test_p_u_everybody_on_any_node_counts_on_every_node(cluster: Cluster) -> None:
    picture = new_picture()
    one, two, three = cluster.nodes.nodes
    async with one.client() as here, two.client() as there, three.client() as client:
        ann, ben = Viewer(one, Person(here), picture), Viewer(two, Person(there), picture)
        async with ann, ben:
            await until(lambda: ann.count == ben.count == 2)
            snapshot = await Person(client).enter(picture)
            assert await online(three, picture) == 2  # where nobody follows it
            async with open_live(live_url(three, snapshot)) as connection:
                hello = await next_message(connection)
                assert (hello["type"], hello["sc"]) == ("hello", 3)
                for node in cluster.nodes.nodes:
                    await is_online(node, picture, 3)
                await until(lambda: ann.count == ben.count == 3)
            await until(lambda: ann.count == ben.count == 2)
        for node in cluster.nodes.nodes:
            await is_online(node, picture, 0)


@pytest.fixture(scope="module")
def fast(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeSet]:
    """Two nodes whose time runs ten times as fast."""
    directory = tmp_path_factory.mktemp("fast")
    with (
        new_database(postgres) as url,
        NatsServer(directory) as nats,
        NodeSet(directory, url, [nats.url] * 2, environment=fast_clock(10)) as made,
    ):
        yield made


async def test_p_u_who_was_on_a_node_that_is_killed_is_forgotten(fast: NodeSet) -> None:
    picture = new_picture()
    killed, left = fast.nodes
    async with killed.client() as here, left.client() as there:
        ann, ben = Viewer(killed, Person(here), picture), Viewer(left, Person(there), picture)
        async with ann, ben:
            await until(lambda: ann.count == ben.count == 2)
            killed.kill()
            await until(lambda: ben.count == 1, within=20)
            await is_online(left, picture, 1)
