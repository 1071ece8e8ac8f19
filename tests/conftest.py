"""Fixtures for every kind of test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from running import RunningNode


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
