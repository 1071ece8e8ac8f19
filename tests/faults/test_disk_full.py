"""A database that has no room left, in the middle of it all: what is there is shown, and nothing answered is lost."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from deploy.local.postgres import PostgresServer

from exactness import all_is_exact
from filling import fill_disk_of, give_room, make_read_only
from live_clients import Person, Viewer
from loading import Load
from running import RunningNode
from storing import PostgresBackend
from visiting import error_in, fresh

PICTURES = ["one", "two", "three"]
BEGINS, ENDS = "can be read", "saved again"
Fill = Callable[[], Callable[[], None]]


@pytest.fixture(params=["sqlite", "postgresql", "postgresql-read-only"])
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[RunningNode, Fill]]:
    """A node, and what fills its disk and returns what frees it."""
    if request.param == "sqlite":
        with RunningNode(tmp_path / "data") as node:

            def fill() -> Callable[[], None]:
                give_room(node, 1)
                return lambda: give_room(node)

            yield node, fill
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    backend, kind = PostgresBackend(postgres, fresh("full")), request.param
    name = backend.url.rpartition("/")[2]
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_DATABASE_URL": backend.url}) as node:
        yield node, lambda: (make_read_only if kind.endswith("only") else fill_disk_of)(postgres, name)
    backend.drop()


async def test_DUR1_SEQ1_while_nothing_can_be_saved_all_is_shown_and_it_goes_on_by_itself(
    full: tuple[RunningNode, Fill],
) -> None:
    node, fill = full
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(node.client())
        viewers = [await stack.enter_async_context(Viewer(node, Person(client), picture)) for picture in PICTURES]
        load = await stack.enter_async_context(Load(node.client, PICTURES))
        refusals = load.refusals
        await load.goes_on()
        free = await asyncio.to_thread(fill)
        while not await _is_told(node):  # noqa: ASYNC110 -- the node knows, and tells who asks
            await asyncio.sleep(0.01)
        before = refusals.without_room + refusals.unavailable
        async with asyncio.timeout(30):
            while refusals.without_room + refusals.unavailable < before + 50:  # noqa: ASYNC110 -- as above
                await asyncio.sleep(0.01)
        saved = len(load.done)
        await _all_is_shown(node, viewers)
        assert len(load.done) == saved
        await asyncio.to_thread(free)
        await load.goes_on()
        await load.end()
        await all_is_exact([node], load, viewers)
        async with asyncio.timeout(30):
            while await _is_told(node):  # noqa: ASYNC110 -- as above
                await asyncio.sleep(0.05)
    assert [sum(words in line for line in node.output) for words in (BEGINS, ENDS)] == [1, 1]
    assert not [line for line in node.output if "ERROR" in line and BEGINS not in line]
    assert not [line for line in node.output if "status=507" in line and "POST" in line]


async def _all_is_shown(node: RunningNode, viewers: list[Viewer]) -> None:
    """Whoever is there stays, whoever comes gets everything, live too; who would write is told in a sentence."""
    await asyncio.gather(*[viewer.equals_a_fresh_snapshot() for viewer in viewers])
    async with node.client() as client, Viewer(node, Person(client), PICTURES[0]) as newcomer:
        await newcomer.equals_a_fresh_snapshot()
        for conversation in list(newcomer.state.conversations.values())[:3]:
            assert "comments" in await newcomer.person.thread(conversation.url_id)
        body = {"urlId": PICTURES[0], "broadcastId": fresh("b"), "x": 1, "y": 1}
        answer = await client.post("/comment-image-chats/demo", json=body)
        assert error_in(answer) in {"storage-full", "unavailable"}
        assert "later" in answer.json()["message"]
        assert (await client.get("/healthz")).status_code == 200


async def _is_told(node: RunningNode) -> bool:
    async with node.client() as client:
        answer = await client.get("/readyz")
        assert answer.status_code == 200
        return BEGINS in answer.json().get("trouble", "")
