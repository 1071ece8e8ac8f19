"""A node whose database fails, or that is stopping: faults are put in from below, the rest is the node's own."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from imagechat.http.services import Services
from imagechat.settings import Settings
from imagechat.store.database import Database
from imagechat.store.group_commit import GroupCommit
from imagechat.store.tenants import create_tenant
from imagechat.wiring import build
from running import TENANT
from storing import FailingDatabase, RememberingBus
from visiting import CHATS, COMMENTS, error_in, fresh

T = TypeVar("T")


class BrokenDatabase(FailingDatabase):
    """A database that can be made unable to read, and to fail as nobody foresaw."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.broken: Exception | None = None

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        if self.broken is not None:
            raise self.broken
        return await super().read(transaction)


@asynccontextmanager
async def faulty_node(tmp_path: Path) -> AsyncIterator[tuple[Services, httpx.AsyncClient]]:
    """The services of a node and a client of it, without sockets."""
    parts = build(Settings(data=str(tmp_path)))
    await parts.services.database.write(lambda connection: create_tenant(connection, TENANT, TENANT, 0))
    transport = httpx.ASGITransport(parts.entrance, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar's types
    async with parts.app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://node") as client:
        database = BrokenDatabase(parts.services.database)
        parts.services.database = database
        parts.services.group_commit = GroupCommit(database, RememberingBus(), parts.services.now)
        yield parts.services, client


def failing(services: Services) -> BrokenDatabase:
    assert isinstance(services.database, BrokenDatabase)
    return services.database


def marker() -> dict[str, Any]:
    return {"urlId": "p", "broadcastId": fresh("b"), "x": 1, "y": 1}


async def test_DUR1_a_database_that_cannot_write_is_a_503_that_says_when_to_come_back(
    tmp_path: Path,
) -> None:
    async with faulty_node(tmp_path) as (node, client):
        failing(node).fails_before = 2
        answer = await client.post(CHATS, json=marker())
        assert error_in(answer) == "unavailable"
        assert int(answer.headers["retry-after"]) > 0
        answer = await client.post(
            COMMENTS, params={"urlId": "w", "broadcastId": fresh("b")}, json={"comment": "hi", "url": ""}
        )
        assert (answer.status_code, answer.json()["status"], "retry-after" in answer.headers) == (503, "failed", True)
        assert (await client.post(CHATS, json=marker())).json()["seq"] == 1


async def test_a_database_that_cannot_read_is_a_503(tmp_path: Path) -> None:
    async with faulty_node(tmp_path) as (node, client):
        assert (await client.get(CHATS, params={"urlId": "p"})).status_code == 200
        failing(node).fails_before = 0
        failing(node).broken = _lost()
        for path in (CHATS, COMMENTS):
            answer = await client.get(path, params={"urlId": "p"})
            assert error_in(answer) == "unavailable"
            assert int(answer.headers["retry-after"]) > 0


async def test_a_node_that_is_stopping_takes_no_command(tmp_path: Path) -> None:
    async with faulty_node(tmp_path) as (node, client):
        await node.group_commit.close()
        answer = await client.post(CHATS, json=marker())
        assert error_in(answer) == "unavailable"
        assert int(answer.headers["retry-after"]) > 0


async def test_a_node_is_not_ready_while_it_stops_or_cannot_read(tmp_path: Path) -> None:
    async with faulty_node(tmp_path) as (node, client):
        assert (await client.get("/readyz")).status_code == 200
        failing(node).broken = _lost()
        answer = await client.get("/readyz")
        assert (answer.status_code, "database" in answer.json()["reason"]) == (503, True)
        failing(node).broken = None
        node.draining = True
        answer = await client.get("/readyz")
        assert (answer.status_code, "stopping" in answer.json()["reason"]) == (503, True)
        assert (await client.get("/healthz")).status_code == 200


async def test_AUTH1_a_fault_is_logged_without_the_query_and_tells_the_caller_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with faulty_node(tmp_path) as (node, client):
        session = (await client.get(CHATS, params={"urlId": "p"})).json()["user"]["sessionId"]
        failing(node).broken = RuntimeError("an inner secret")
        with caplog.at_level(logging.ERROR):
            answer = await client.get(CHATS, params={"urlId": "a-query", "sessionId": session})
        assert error_in(answer) == "internal"
        assert "an inner secret" not in answer.text
        assert "GET /comment-image-chats/demo failed" in caplog.text
        assert "a-query" not in caplog.text
        assert session not in caplog.text


def _lost() -> Exception:
    return OperationalError("SELECT", None, Exception("the disk is gone"))
