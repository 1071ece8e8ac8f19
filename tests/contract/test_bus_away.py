"""A bus between nodes while NATS goes, hangs and comes back."""

import asyncio
from pathlib import Path

import pytest
from deploy.local.nats import NatsCluster, NatsServer

from imagechat.bus import connection as nats_connection
from live_fakes import until
from natsing import HERE, THERE, BusSet, all_came, batch, hang


async def test_a_node_that_lost_nats_says_so_and_doubts_all_when_it_is_back(
    own_server: NatsServer, own_nodes: BusSet
) -> None:
    one, two = await own_nodes.node(HERE), await own_nodes.node(HERE)
    assert (one.bus.trouble, two.bus.trouble) == ("", "")
    own_server.kill()
    await until(lambda: bool(one.bus.trouble and two.bus.trouble))
    assert "NATS" in one.bus.trouble
    assert "since" in one.bus.trouble
    one.bus.publish(batch(1))
    one.bus.tell("news", b"lost")
    assert one.seqs() == [1], "a node hears itself without NATS"
    await one.bus.join(THERE)
    own_server.start()
    await until(lambda: not one.bus.trouble and not two.bus.trouble)
    assert None in one.doubted
    assert None in two.doubted
    two.bus.publish(batch(2))
    two.bus.publish(batch(1, room=THERE))
    await all_came((one, 2))
    await until(lambda: one.seqs(THERE) == [1])
    assert one.told == two.told == []


async def test_what_could_not_be_said_is_doubted_by_the_others_once_it_can(nodes: BusSet) -> None:
    cut_off, other = await nodes.node(HERE), await nodes.node(HERE, THERE)
    line = cut_off.bus._line
    address, line._addresses[0] = line._addresses[0], "127.0.0.1:1"  # where nobody listens
    assert line._connection is not None
    await line._connection.close()
    await until(lambda: bool(cut_off.bus.trouble))
    cut_off.bus.publish(batch(1))
    line._addresses[0] = address
    await until(lambda: bool(other.doubted))
    assert other.doubted == [HERE]
    assert other.bus.trouble == ""


async def test_a_node_leaves_rooms_while_nats_is_away(own_server: NatsServer, own_nodes: BusSet) -> None:
    one, two = await own_nodes.node(HERE, THERE), await own_nodes.node()
    own_server.kill()
    await until(lambda: bool(one.bus.trouble and two.bus.trouble))
    await one.bus.leave(THERE)
    own_server.start()
    await until(lambda: not one.bus.trouble and not two.bus.trouble)
    two.bus.publish(batch(1, room=THERE))
    two.bus.publish(batch(1))
    await all_came((one, 1))
    assert one.seqs(THERE) == []


async def test_a_node_goes_to_another_server_of_the_cluster_when_its_own_goes(tmp_path: Path) -> None:
    with NatsCluster(tmp_path) as cluster:
        nodes = BusSet(cluster.url)
        one = await nodes.node(HERE)
        address = one.bus._line._addresses[0]
        [own] = [server for server in cluster.servers if server.address == address]
        own.kill()
        await until(lambda: one.doubted == [None])
        assert one.bus.trouble == ""
        assert one.bus._line._addresses[0] != address
        await nodes.close()


async def test_a_reader_that_is_too_slow_for_nats_is_in_doubt(nodes: BusSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nats_connection, "PENDING_MESSAGES", 10)
    writer, reader = await nodes.node(HERE), await nodes.node(HERE)
    for seq in range(1, 1_001):
        writer.bus.publish(batch(seq))
    await until(lambda: HERE in reader.doubted)
    assert reader.seqs() == sorted(set(reader.seqs()))


async def test_a_writer_that_is_too_fast_for_nats_drops_and_has_others_doubt(
    nodes: BusSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagechat.bus.line.QUEUED_MESSAGES", 10)
    writer, reader = await nodes.node(HERE), await nodes.node(HERE)
    for seq in range(1, 101):
        writer.bus.publish(batch(seq))
    assert len(writer.seqs()) == 100
    await until(lambda: HERE in reader.doubted)
    assert reader.seqs() == list(range(1, 11))


async def test_what_was_published_is_sent_before_a_bus_closes(nodes: BusSet) -> None:
    writer, reader = await nodes.node(), await nodes.node(HERE)
    for seq in range(1, 501):
        writer.bus.publish(batch(seq, size=1_000))
    await writer.bus.close()
    writer.bus.publish(batch(501))
    writer.bus.tell("news", b"too late")
    await all_came((reader, 500))
    assert reader.told == []


async def test_a_server_that_ends_connections_for_reasons_of_its_own_is_connected_to_again(nodes: BusSet) -> None:
    one = await nodes.node(HERE)
    connection = one.bus._line._connection
    assert connection is not None
    await connection._client._process_err("'user authentication expired'")  # for which nats-py gives up for ever
    await until(lambda: one.doubted == [None])
    two = await nodes.node()
    two.bus.publish(batch(1))
    await all_came((one, 1))


@pytest.mark.parametrize("size", [10, 60_000], ids=["little to say", "more than the socket takes"])
async def test_nats_that_hangs_is_noticed_and_left_and_nothing_waits_for_it(
    own_server: NatsServer, own_nodes: BusSet, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(nats_connection, "PING_SECONDS", 0.1)
    monkeypatch.setattr(nats_connection, "CONNECT_SECONDS", 0.2)
    one, two = await own_nodes.node(HERE), await own_nodes.node(HERE)
    hang(own_server)
    for seq in range(1, 401):
        one.bus.publish(batch(seq, size=size))
    await until(lambda: bool(one.bus.trouble and two.bus.trouble))
    assert one.seqs() == list(range(1, 401))
    hang(own_server, hanging=False)
    await until(lambda: not one.bus.trouble and not two.bus.trouble and None in two.doubted)
    two.bus.publish(batch(401))
    await all_came((one, 401))


async def test_a_bus_closes_in_time_also_while_nats_hangs(own_server: NatsServer, own_nodes: BusSet) -> None:
    one = await own_nodes.node(HERE)
    hang(own_server)
    for seq in range(1, 401):
        one.bus.publish(batch(seq, size=60_000))
    await asyncio.wait_for(one.bus.close(), 20)
    hang(own_server, hanging=False)
