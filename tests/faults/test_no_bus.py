"""Nodes on one database to which nobody gave a bus: a mistake that costs seconds, and no event."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from deploy.local.postgres import PostgresServer

from clustered import NodeSet, new_database
from live_clients import Person


@pytest.fixture
def nodes(postgres: PostgresServer, tmp_path: Path) -> Iterator[NodeSet]:
    with new_database(postgres) as url, NodeSet(tmp_path, url, ["", ""]) as running:
        yield running


async def test_RES1_what_one_node_wrote_its_viewers_on_another_see_without_a_bus(nodes: NodeSet) -> None:
    async with nodes.viewers(["one"]) as viewers, nodes.nodes[1].client() as client:
        person = Person(client)
        await person.enter("one")
        await person.mark("one", comment={"comment": "seen by all", "commenterName": "Anna"})
        for viewer in viewers:
            await viewer.equals_a_fresh_snapshot()
