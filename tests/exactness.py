"""Whether all is as exact as it has to be: what viewers hold, what the log says, what was answered."""

import asyncio
from collections.abc import Sequence
from typing import Any

from live_clients import Person, Viewer, live_url, next_message, open_live, state_of
from loading import Done, Load
from running import RunningNode


async def whole_history(node: RunningNode, person: Person, picture: str) -> list[dict[str, Any]]:
    """Every event of a room, by a resume from the beginning."""
    snapshot = await person.enter(picture)
    events: list[dict[str, Any]] = []
    async with open_live(live_url(node, snapshot, epoch="", seq=0)) as connection:
        hello = await next_message(connection)
        while len(events) < hello["seq"]:
            events += [event for event in await next_message(connection) if "seq" in event]
    return events


async def all_is_exact(nodes: Sequence[RunningNode], load: Load, viewers: Sequence[Viewer]) -> None:
    """Check everything, after the load has ended, on each of the nodes."""
    await asyncio.gather(*[viewer.equals_a_fresh_snapshot() for viewer in viewers])
    for viewer in viewers:
        assert viewer.resets == 0
    async with nodes[0].client() as client:
        person = Person(client)
        for picture in sorted({done.picture for done in load.done}):
            await the_history_is_whole(nodes, person, picture, load)
        await every_comment_is_there(person, load)


async def the_history_is_whole(nodes: Sequence[RunningNode], person: Person, picture: str, load: Load) -> None:
    """Each seq once and in order, in rising time, and one event for each command that was answered with success."""
    events = await whole_history(nodes[0], person, picture)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))  # SEQ1
    times = [event["timestamp"] for event in events]
    assert times == sorted(set(times))  # SEQ2
    found = [(event["broadcastId"], event["seq"], event["timestamp"]) for event in events]
    here = [done for done in load.done if done.picture == picture]
    assert sorted(found) == sorted((done.broadcast_id, done.seq, done.timestamp) for done in here)  # IDEM1
    states = []
    for node in nodes:
        async with node.client() as client:
            states.append(state_of(await Person(client, person.session).enter(picture)))
        assert await whole_history(node, person, picture) == events
    assert all(state == states[0] for state in states)
    assert len(states[0].conversations) == standing(here)


def standing(done: Sequence[Done]) -> int:
    """How many markers there are after some commands."""
    return sum(each.marks for each in done)


async def every_comment_is_there(person: Person, load: Load) -> None:
    windows = {comment["urlId"] for comment in load.comments.values()}
    found = {comment["_id"]: comment for window in windows for comment in (await person.thread(window))["comments"]}
    assert found == load.comments
