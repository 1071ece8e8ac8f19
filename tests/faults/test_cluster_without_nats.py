"""Several nodes on one database that nobody gave a bus: slower, and as exact."""

from pathlib import Path

from deploy.local.postgres import PostgresServer

from clustered import NodeSet, hears_nobody, new_database
from exactness import all_is_exact
from live_clients import new_picture
from loading import Load


async def test_RES1_nodes_without_a_bus_read_what_the_others_wrote(postgres: PostgresServer, tmp_path: Path) -> None:
    with new_database(postgres) as url, NodeSet(tmp_path, url, ["", ""]) as nodes:
        for node in nodes.nodes:
            assert "IMAGECHAT_BUS_URL is not set" in await hears_nobody(node)
        pictures = [new_picture()]
        async with nodes.viewers(pictures) as viewers, Load(nodes.client, pictures) as load:
            await load.goes_on(100)
            await load.end()
            await all_is_exact(nodes.nodes, load, viewers)
