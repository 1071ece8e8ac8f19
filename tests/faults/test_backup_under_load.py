"""A backup that is made while people write, and brought back while they are away."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from secrets import token_urlsafe

import msgspec
import pytest
from deploy.local.postgres import PostgresServer

from exactness import whole_history
from imagechat.model.events import decode_event
from imagechat.model.room_state import RoomState, fold
from live_clients import Person, Viewer, state_of
from loading import Load
from running import RunningNode
from storing import PostgresBackend
from visiting import fresh

PICTURES = ["one", "two", "three"]
BEFORE = 60
"""Acknowledged commands before the backup, and after it, give or take."""


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[RunningNode, RunningNode]]:
    """A node, and one that serves in its place what was brought back, at the same address."""
    if request.param == "sqlite":
        with RunningNode(tmp_path / "data") as node:
            yield node, node
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    backend, name, key = PostgresBackend(postgres, fresh("kept")), fresh("brought-back"), token_urlsafe(32)
    before = {"IMAGECHAT_DATABASE_URL": backend.url, "IMAGECHAT_SECRET_KEY": key}
    after = before | {"IMAGECHAT_DATABASE_URL": postgres.create_database(name)}
    other = RunningNode(tmp_path / "data", environment=after, has_tenant=True)
    with RunningNode(tmp_path / "data", environment=before) as node:
        other.port = node.port
        yield node, other
    other.__exit__(None, None, None)
    backend.drop()
    postgres.drop_database(name)


async def test_DUR1_SEQ3_RES2_a_backup_under_load_is_one_moment_and_open_pages_start_over_from_it(
    places: tuple[RunningNode, RunningNode], tmp_path: Path
) -> None:
    node, restored = places
    file = tmp_path / "backup"
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(node.client())
        viewers = [await stack.enter_async_context(Viewer(node, Person(client), picture)) for picture in PICTURES]
        load = await stack.enter_async_context(Load(node.client, PICTURES))
        await load.goes_on(BEFORE)
        before = list(load.done)
        await asyncio.to_thread(node.run, "backup", str(file))
        await load.goes_on(BEFORE)
        await load.end()
        await asyncio.gather(*[viewer.equals_a_fresh_snapshot() for viewer in viewers])
        assert node.stop() == 0
        force = ["--force"] if node is restored else []
        await asyncio.to_thread(restored.run, "restore", str(file), *force)
        restored.start()
        async with asyncio.timeout(30):
            while not all(viewer.resets for viewer in viewers):  # noqa: ASYNC110 -- a viewer tells nobody
                await asyncio.sleep(0.01)
        for viewer in viewers:
            await viewer.equals_a_fresh_snapshot()
            await _is_one_moment(
                restored, viewer, {done.broadcast_id for done in before if done.picture == viewer.picture}
            )
        async with Load(restored.client, PICTURES) as later:  # and it is alive
            await later.goes_on(BEFORE)
        await asyncio.gather(*[viewer.equals_a_fresh_snapshot() for viewer in viewers])


async def _is_one_moment(node: RunningNode, viewer: Viewer, acknowledged: set[str]) -> None:
    """The log of a picture makes its snapshot, and holds all that was answered before the backup began."""
    events = await whole_history(node, viewer.person, viewer.picture)
    state = RoomState(viewer.state.epoch, 0)
    for event in events:
        state = fold(state, decode_event(msgspec.json.encode(event)))
    assert state == state_of(await viewer.person.enter(viewer.picture))
    assert acknowledged <= {event["broadcastId"] for event in events}
