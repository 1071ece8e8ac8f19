"""Fixtures for every kind of test."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_urlsafe

import pytest
from deploy.local import ports
from deploy.local.postgres import PostgresServer
from hypothesis import settings

from running import RunningNode
from storing import PostgresBackend, make_template
from visiting import fresh

settings.register_profile("same-everywhere", derandomize=True, print_blob=True, deadline=None, max_examples=100)
settings.load_profile("same-everywhere")

# What one process of a run has chosen and not yet opened, or will open again, another one must not take.
_worker, _workers = os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:], os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")
ports.PORTS = ports.PORTS[int(_worker) :: int(_workers)]

FOLDER = Path(__file__).parent
FAULTS, BUSY = {FOLDER / "faults"}, {FOLDER / "browser", FOLDER / "contract"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the modules of faults, which mostly wait, over those that keep a processor busy; the others stay last."""
    modules = list(dict.fromkeys(item.path for item in items))
    place = dict.fromkeys(modules, 1.0)
    for folders in (FAULTS, BUSY):
        found = [module for module in modules if module.parent in folders]
        place.update((module, number / len(found)) for number, module in enumerate(found))
    items.sort(key=lambda item: place[item.path])


@pytest.fixture
def node(tmp_path: Path) -> Iterator[RunningNode]:
    """A node of its own for a test that stops, kills or floods it."""
    with RunningNode(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="module")
def shared_node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """A node for a module's tests, on the kind of database that its parameter names; each uses a picture of its own."""
    with ExitStack() as stack:
        environment = {}
        if getattr(request, "param", "sqlite") == "postgresql":
            backend = PostgresBackend(request.getfixturevalue("postgres"), fresh("node"))
            stack.callback(backend.drop)
            environment = {"IMAGECHAT_DATABASE_URL": backend.url, "IMAGECHAT_SECRET_KEY": token_urlsafe(32)}
        yield stack.enter_context(RunningNode(tmp_path_factory.mktemp("node"), environment=environment))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL that all tests share, each with a database of its own."""
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as server:
        make_template(server)
        yield server
