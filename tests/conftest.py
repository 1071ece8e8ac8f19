"""Fixtures for every kind of test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from deploy.local.postgres import PostgresServer
from hypothesis import settings

from running import RunningNode
from storing import make_template

settings.register_profile("same-everywhere", derandomize=True, print_blob=True, deadline=None, max_examples=100)
settings.load_profile("same-everywhere")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[RunningNode]:
    """A node of its own for a test that stops, kills or floods it."""
    with RunningNode(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """A node for a module's tests; each uses a picture of its own."""
    with RunningNode(tmp_path_factory.mktemp("node")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL that all tests share, each with a database of its own."""
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as server:
        make_template(server)
        yield server
