"""The backends that every suite here runs over; another one is one more parameter."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from deploy.local.nats import NatsServer
from deploy.local.postgres import PostgresServer

from housing import House
from imagechat.bus.base import Bus
from imagechat.bus.memory import MemoryBus
from live_clients import Person
from making import MODERATOR
from natsing import BusSet, nats_bus
from operating import Operator
from running import TENANT, TRUSTED, RunningNode
from signing import TenantServer
from storing import Backend, PostgresBackend, SqliteBackend, Store
from visiting import Visiting, Visitor, fresh

KINDS = ["sqlite", "postgresql"]
ON_BOTH = {
    "test_isolation",
    "test_live_channel",
    "test_operator_sessions",
    "test_person_data",
    "test_rest_bad_input",
    "test_rest_comments",
    "test_rest_people",
    "test_rest_picture_list",
    "test_rest_mentionable",
    "test_rest_mentions",
    "test_rest_reading",
    "test_rest_tenants",
    "test_rest_inbox",
    "test_rest_markers",
    "test_rest_mass_deletion",
    "test_rest_moderation",
    "test_rest_opinions",
    "test_rest_texts",
    "test_rest_undo",
    "test_rest_usage",
    "test_revocation",
}
"""Suites whose node runs over each kind of database."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shared_node" in metafunc.fixturenames and metafunc.module.__name__ in ON_BOTH:
        metafunc.parametrize("shared_node", KINDS, indirect=True, scope="module")


@pytest.fixture(params=KINDS)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    if request.param == "sqlite":
        yield SqliteBackend(tmp_path)
        return
    yield request.getfixturevalue("postgres_backend")


@pytest.fixture
def postgres_backend(postgres: PostgresServer) -> Iterator[PostgresBackend]:
    """A database of the shared PostgreSQL, for one test."""
    made = PostgresBackend(postgres, fresh("store"))
    yield made
    made.drop()


@pytest.fixture
async def store(backend: Backend) -> AsyncIterator[Store]:
    store = Store(backend)
    yield store
    await store.close()


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with NatsServer(tmp_path_factory.mktemp("nats")) as server:
        yield server


@pytest.fixture(params=["memory", "nats"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    bus: Bus = MemoryBus() if request.param == "memory" else nats_bus(request.getfixturevalue("nats_server").url)
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
def visiting(shared_node: RunningNode) -> Iterator[Visiting]:
    """The module's node, to be called."""
    with httpx.Client(base_url=shared_node.url, timeout=30, verify=TRUSTED) as client:
        yield Visiting(shared_node, client)


@pytest.fixture(scope="module")
def operator(shared_node: RunningNode) -> Operator:
    """Who runs the module's node."""
    return Operator(shared_node)


@pytest.fixture(scope="module")
def server(operator: Operator) -> TenantServer:
    """The server of the tenant that most tests are about, which signs people in."""
    made = operator.rotate(TENANT)
    operator.heeded()
    return made


@pytest.fixture
async def house(shared_node: RunningNode, server: TenantServer) -> AsyncIterator[House]:
    async with shared_node.client() as client:
        yield House(shared_node, server, client)


@pytest.fixture
async def admin(house: House) -> Person:
    return await house.sign_in("boss", isAdmin=True)


@pytest.fixture
def ann(visiting: Visiting) -> Visitor:
    return visiting.somebody()


@pytest.fixture
def ben(visiting: Visiting) -> Visitor:
    return visiting.somebody()


@pytest.fixture
def moderator(visiting: Visiting) -> Visitor:
    return visiting.signed_in(MODERATOR)


@pytest.fixture
def picture() -> str:
    """A picture of the test's own."""
    return fresh("https://example.org/picture")


@pytest.fixture
async def nodes(nats_server: NatsServer) -> AsyncIterator[BusSet]:
    made = BusSet(nats_server.url)
    yield made
    await made.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[NatsServer]:
    """A server that the test may stop."""
    with NatsServer(tmp_path) as server:
        yield server


@pytest.fixture
async def own_nodes(own_server: NatsServer) -> AsyncIterator[BusSet]:
    made = BusSet(own_server.url)
    yield made
    await made.close()
