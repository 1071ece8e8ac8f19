"""What a bus between nodes does beside what every bus does, with real NATS servers."""

import asyncio
from pathlib import Path

import msgspec
import nats
import pytest
from deploy.local.nats import NatsCluster

from imagechat.bus import line as nats_line
from imagechat.bus.base import RoomEvents, Told
from imagechat.bus.message import VERSION
from imagechat.model.access import Access
from imagechat.model.ids import room_id
from live_fakes import until
from natsing import HERE, THERE, BusSet, all_came, batch

# -- who hears what


async def test_what_one_node_publishes_every_node_that_joined_gets_once_as_it_was(nodes: BusSet) -> None:
    writer, reader, other = await nodes.node(HERE), await nodes.node(HERE), await nodes.node(THERE)
    sent = [
        batch(1, 2),
        batch(3, access=Access(("a", "ü"), read_only=True)),
        batch(4, access=Access((), is_there=False)),
    ]
    for each in sent:
        writer.bus.publish(each)
    assert writer.batches == sent, "its own events a node hears at once"
    await all_came((reader, 4))
    other.bus.publish(batch(1, room=THERE))
    other.bus.publish(batch(5))
    await all_came((reader, 5), (writer, 5))
    assert reader.batches == [*sent, batch(5)]
    assert writer.batches == [*sent, batch(5)], "and not a second time"
    assert other.batches == [batch(1, room=THERE)]


async def test_two_databases_on_one_nats_never_mix(nodes: BusSet) -> None:
    stranger = await BusSet(nodes.url).node(HERE)
    here, there = await nodes.node(HERE), await nodes.node(HERE)
    stranger.bus.publish(batch(1))
    here.bus.publish(batch(2))
    await all_came((there, 2))
    assert there.seqs() == [2]
    await stranger.bus.close()


async def test_the_servers_bring_a_node_only_what_it_joined(nodes: BusSet) -> None:
    writer, reader = await nodes.node(), await nodes.node(HERE)
    for number in range(100):
        writer.bus.publish(batch(number + 1, room=THERE))
    writer.bus.publish(batch(1))
    await all_came((reader, 1))
    connection = reader.bus._line._connection
    assert connection is not None
    assert connection._client.stats["in_msgs"] == 1


async def test_words_reach_the_others_and_those_of_a_room_its_own(nodes: BusSet) -> None:
    speaker, here, there = await nodes.node(HERE), await nodes.node(HERE), await nodes.node(THERE)
    speaker.bus.tell("news", b"for all")
    speaker.bus.tell("unheard", b"for nobody")
    speaker.bus.tell("news", b"for some", HERE)
    name = speaker.bus.node
    await until(lambda: len(here.told) == 2 and len(there.told) == 1)
    assert here.told == [Told(name, b"for all"), Told(name, b"for some", HERE)]
    assert there.told == [Told(name, b"for all")]
    assert speaker.told == []


async def test_a_doubt_reaches_every_node_of_the_room_this_one_included(nodes: BusSet) -> None:
    speaker, here, there = await nodes.node(HERE), await nodes.node(HERE), await nodes.node(THERE)
    speaker.bus.doubt(HERE)
    assert speaker.doubted == [HERE]
    await until(lambda: here.doubted == [HERE])
    assert there.doubted == []


async def test_of_joins_and_leaves_in_quick_alternation_the_last_counts(nodes: BusSet) -> None:
    writer, reader = await nodes.node(), await nodes.node()
    moves = [reader.bus.join(HERE) if number % 2 else reader.bus.leave(HERE) for number in range(100)]
    moves += [reader.bus.leave(THERE) if number % 2 else reader.bus.join(THERE) for number in range(100)]
    await asyncio.gather(*moves)
    writer.bus.publish(batch(1, room=THERE))
    writer.bus.publish(batch(1))
    await all_came((reader, 1))
    assert reader.seqs(THERE) == []
    assert reader.bus._line._wanted == reader.bus._line._subscriptions.keys()


async def test_many_joins_at_once_are_known_to_the_server_when_they_return(
    nodes: BusSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nats_line, "JOIN_SECONDS", 60.0)  # as long as it takes
    writer, reader = await nodes.node(), await nodes.node()
    rooms = [room_id("demo", f"room {number}") for number in range(2_000)]
    await asyncio.gather(*[reader.bus.join(room) for room in rooms])
    for room in rooms:
        writer.bus.publish(batch(1, room=room))
    await until(lambda: len(reader.batches) == len(rooms))


async def test_in_a_cluster_nodes_hear_each_other_through_any_server(tmp_path: Path) -> None:
    with NatsCluster(tmp_path) as cluster:
        nodes = BusSet(cluster.url)
        three = [await nodes.node(HERE, url=server.url) for server in cluster.servers]
        first = 0
        while not all(node.seqs() for node in three):  # servers tell each other of interest in their own time
            first += 1
            three[0].bus.publish(batch(first))
            await asyncio.sleep(0.01)
        for number, node in enumerate(three, first + 1):
            node.bus.publish(batch(number))
            await all_came(*((each, number) for each in three))
        for node in three:
            assert node.seqs() == sorted(set(node.seqs()))
        await nodes.close()


# -- what is too large, or of another version


async def test_a_batch_that_is_too_large_for_nats_comes_in_parts(nodes: BusSet) -> None:
    writer, reader = await nodes.node(HERE), await nodes.node(HERE)
    large = batch(*range(1, 41), size=100_000, access=Access(("group",) * 50))
    writer.bus.publish(large)
    writer.bus.publish(batch(41))
    await all_came((reader, 41))
    *parts, _ = reader.batches
    assert len(parts) > 1
    assert [event for part in parts for event in part.events] == list(large.events)
    assert {part.access for part in parts} == {large.access}


async def test_an_event_that_is_too_large_for_nats_is_doubted(nodes: BusSet) -> None:
    writer, reader = await nodes.node(HERE), await nodes.node(HERE)
    small = batch(1, 2, 4, 5).events
    huge = (3, b"x" * 2_000_000)
    writer.bus.publish(RoomEvents(HERE, "epoch", (*small[:2], huge, *small[2:])))
    await all_came((reader, 5))
    assert reader.seqs() == [1, 2, 4, 5]
    assert reader.doubted == [HERE]


@pytest.mark.parametrize(
    "message",
    [b"\x02anything", b"", VERSION, VERSION + b"\xc1", VERSION + msgspec.msgpack.encode(["n", "e", 1, 3, [b"x"]])],
    ids=["newer", "empty", "bare", "broken", "lying"],
)
async def test_a_message_that_is_not_understood_is_survived_and_the_room_doubted(nodes: BusSet, message: bytes) -> None:
    writer, reader = await nodes.node(HERE), await nodes.node(HERE)
    strange = await nats.connect(nodes.url)
    await strange.publish(f"imagechat.{nodes.database}.room.{HERE}.events", message)
    await until(lambda: reader.doubted == [HERE])
    await strange.publish(f"imagechat.{nodes.database}.all.told-news", message)
    await strange.publish(f"imagechat.{nodes.database}.room.{HERE}.what-comes-later", message)
    await strange.close()
    writer.bus.publish(batch(1))
    await all_came((reader, 1))
    assert reader.told == []


async def test_fields_of_a_newer_version_are_skipped_and_those_of_an_older_one_not_missed(nodes: BusSet) -> None:
    reader = await nodes.node(HERE)
    other = await nats.connect(nodes.url)
    subject = f"imagechat.{nodes.database}.room.{HERE}.events"
    newer = ["n", "epoch", 1, 1, [b"{}"], ["a"], True, True, b"t", {"what": "comes later"}]
    older = ["n", "epoch", 2, 2, [b"{}"]]
    for message in (newer, older):
        await other.publish(subject, VERSION + msgspec.msgpack.encode(message))
    await all_came((reader, 2))
    await other.close()
    assert reader.batches[0] == RoomEvents(HERE, "epoch", ((1, b"{}"),), Access(("a",), read_only=True), b"t")
    assert reader.batches[1] == RoomEvents(HERE, "epoch", ((2, b"{}"),))
