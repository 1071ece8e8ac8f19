"""A set of three nodes that the tests of many nodes share."""

from collections.abc import Iterator

import pytest
from deploy.local.nats import NatsCluster
from deploy.local.postgres import PostgresServer

from clustered import Cluster, NodeSet, new_database
from nats_bridge import Bridges


@pytest.fixture(scope="session")
def cluster(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A test leaves it as it was: everything runs, and nothing is cut."""
    directory = tmp_path_factory.mktemp("cluster")
    with (
        new_database(postgres) as url,
        NatsCluster(directory) as nats,
        Bridges([server.port for server in nats.servers], 3) as bridges,
        NodeSet(directory, url, [bridge.url for bridge in bridges.nodes]) as nodes,
    ):
        yield Cluster(nodes, postgres, nats, bridges.nodes)
