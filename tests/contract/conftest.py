"""The backends that every suite here runs over; another one is one more parameter."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from imagechat.bus.base import Bus
from imagechat.bus.memory import MemoryBus
from storing import Backend, SqliteBackend, Store


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    assert request.param == "sqlite"
    return SqliteBackend(tmp_path)


@pytest.fixture
async def store(backend: Backend) -> AsyncIterator[Store]:
    store = Store(backend)
    yield store
    await store.close()


@pytest.fixture(params=["memory"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    assert request.param == "memory"
    bus = MemoryBus()
    yield bus
    await bus.close()
