"""What a bus between nodes does beside what every bus does, with real NATS servers."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from secrets import token_hex

import msgspec
import nats
import pytest

from certifying import Authority
from imagechat.bus import connection as nats_connection
from imagechat.bus.base import RoomEvents, Told
from imagechat.bus.message import VERSION
from imagechat.bus.nats import NatsBus
from imagechat.model.access import Access
from imagechat.model.ids import RoomId, room_id
from live_fakes import until
from natsing import NatsCluster, NatsServer, nats_bus, nats_user

HERE, THERE = room_id("demo", "here"), room_id("demo", "there")


class Node:
    """A bus, and what came over it."""

    def __init__(self, bus: NatsBus) -> None:
        self.bus = bus
        self.batches: list[RoomEvents] = []
        self.doubted: list[RoomId | None] = []
        self.told: list[Told] = []
        bus.receive_with(self.batches.append, self.doubted.append)
        bus.hear_with("news", self.told.append)

    def seqs(self, room: RoomId = HERE) -> list[int]:
        return [seq for batch in self.batches if batch.room_id == room for seq, _ in batch.events]


class Set:
    """Nodes of one database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = token_hex(8)
        self._nodes = AsyncExitStack()

    async def node(
        self, *rooms: RoomId, url: str = "", credentials: Path | None = None, authority: Path | None = None
    ) -> Node:
        node = Node(nats_bus(url or self.url, self.database, credentials, authority))
        self._nodes.push_async_callback(node.bus.close)
        await node.bus.start()
        for room in rooms:
            await node.bus.join(room)
        return node

    async def close(self) -> None:
        await self._nodes.aclose()


@pytest.fixture
async def nodes(nats_server: NatsServer) -> AsyncIterator[Set]:
    made = Set(nats_server.url)
    yield made
    await made.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[NatsServer]:
    """A server that the test may stop."""
    with NatsServer(tmp_path) as server:
        yield server


@pytest.fixture
async def own_nodes(own_server: NatsServer) -> AsyncIterator[Set]:
    made = Set(own_server.url)
    yield made
    await made.close()


def batch(*seqs: int, room: RoomId = HERE, size: int = 0, access: Access | None = None) -> RoomEvents:
    events = tuple((seq, b'{"seq":%d}' % seq + b" " * size) for seq in seqs)
    return RoomEvents(room, "epoch", events, access or Access())


async def all_came(*ends: tuple[Node, int]) -> None:
    await until(lambda: all(node.seqs()[-1:] == [seq] for node, seq in ends))


# -- who hears what


async def test_what_one_node_publishes_every_node_that_joined_gets_once_as_it_was(nodes: Set) -> None:
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


async def test_two_databases_on_one_nats_never_mix(nodes: Set) -> None:
    stranger = await Set(nodes.url).node(HERE)
    here, there = await nodes.node(HERE), await nodes.node(HERE)
    stranger.bus.publish(batch(1))
    here.bus.publish(batch(2))
    await all_came((there, 2))
    assert there.seqs() == [2]
    await stranger.bus.close()


async def test_the_servers_bring_a_node_only_what_it_joined(nodes: Set) -> None:
    writer, reader = await nodes.node(), await nodes.node(HERE)
    for number in range(100):
        writer.bus.publish(batch(number + 1, room=THERE))
    writer.bus.publish(batch(1))
    await all_came((reader, 1))
    connection = reader.bus._line._connection
    assert connection is not None
    assert connection._client.stats["in_msgs"] == 1


async def test_words_reach_the_others_and_those_of_a_room_its_own(nodes: Set) -> None:
    speaker, here, there = await nodes.node(HERE), await nodes.node(HERE), await nodes.node(THERE)
    speaker.bus.tell("news", b"for all")
    speaker.bus.tell("unheard", b"for nobody")
    speaker.bus.tell("news", b"for some", HERE)
    name = speaker.bus.node
    await until(lambda: len(here.told) == 2 and len(there.told) == 1)
    assert here.told == [Told(name, b"for all"), Told(name, b"for some", HERE)]
    assert there.told == [Told(name, b"for all")]
    assert speaker.told == []


async def test_a_doubt_reaches_every_node_of_the_room_this_one_included(nodes: Set) -> None:
    speaker, here, there = await nodes.node(HERE), await nodes.node(HERE), await nodes.node(THERE)
    speaker.bus.doubt(HERE)
    assert speaker.doubted == [HERE]
    await until(lambda: here.doubted == [HERE])
    assert there.doubted == []


async def test_of_joins_and_leaves_in_quick_alternation_the_last_counts(nodes: Set) -> None:
    writer, reader = await nodes.node(), await nodes.node()
    moves = [reader.bus.join(HERE) if number % 2 else reader.bus.leave(HERE) for number in range(100)]
    moves += [reader.bus.leave(THERE) if number % 2 else reader.bus.join(THERE) for number in range(100)]
    await asyncio.gather(*moves)
    writer.bus.publish(batch(1, room=THERE))
    writer.bus.publish(batch(1))
    await all_came((reader, 1))
    assert reader.seqs(THERE) == []
    assert reader.bus._line._wanted == reader.bus._line._subscriptions.keys()


async def test_many_joins_at_once_are_known_to_the_server_when_they_return(nodes: Set) -> None:
    writer, reader = await nodes.node(), await nodes.node()
    rooms = [room_id("demo", f"room {number}") for number in range(2_000)]
    await asyncio.gather(*[reader.bus.join(room) for room in rooms])
    for room in rooms:
        writer.bus.publish(batch(1, room=room))
    await until(lambda: len(reader.batches) == len(rooms))


async def test_in_a_cluster_nodes_hear_each_other_through_any_server(tmp_path: Path) -> None:
    with NatsCluster(tmp_path) as cluster:
        nodes = Set(cluster.url)
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


async def test_a_batch_that_is_too_large_for_nats_comes_in_parts(nodes: Set) -> None:
    writer, reader = await nodes.node(HERE), await nodes.node(HERE)
    large = batch(*range(1, 41), size=100_000, access=Access(("group",) * 50))
    writer.bus.publish(large)
    writer.bus.publish(batch(41))
    await all_came((reader, 41))
    *parts, _ = reader.batches
    assert len(parts) > 1
    assert [event for part in parts for event in part.events] == list(large.events)
    assert {part.access for part in parts} == {large.access}


async def test_an_event_that_is_too_large_for_nats_is_doubted(nodes: Set) -> None:
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
async def test_a_message_that_is_not_understood_is_survived_and_the_room_doubted(nodes: Set, message: bytes) -> None:
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


async def test_fields_of_a_newer_version_are_skipped_and_those_of_an_older_one_not_missed(nodes: Set) -> None:
    reader = await nodes.node(HERE)
    other = await nats.connect(nodes.url)
    subject = f"imagechat.{nodes.database}.room.{HERE}.events"
    newer = ["n", "epoch", 1, 1, [b"{}"], ["a"], True, True, {"what": "comes later"}]
    older = ["n", "epoch", 2, 2, [b"{}"]]
    for message in (newer, older):
        await other.publish(subject, VERSION + msgspec.msgpack.encode(message))
    await all_came((reader, 2))
    await other.close()
    assert reader.batches[0] == RoomEvents(HERE, "epoch", ((1, b"{}"),), Access(("a",), read_only=True))
    assert reader.batches[1] == RoomEvents(HERE, "epoch", ((2, b"{}"),))


# -- when NATS goes and comes


async def test_a_node_that_lost_nats_says_so_and_doubts_all_when_it_is_back(
    own_server: NatsServer, own_nodes: Set
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


async def test_what_could_not_be_said_is_doubted_by_the_others_once_it_can(
    own_server: NatsServer, own_nodes: Set
) -> None:
    cut_off, other = await own_nodes.node(HERE), await own_nodes.node(HERE, THERE)
    own_server.stop()
    await until(lambda: bool(cut_off.bus.trouble and other.bus.trouble))
    cut_off.bus.publish(batch(1))
    own_server.start()
    await until(lambda: HERE in other.doubted)
    assert THERE not in other.doubted


async def test_a_node_leaves_rooms_while_nats_is_away(own_server: NatsServer, own_nodes: Set) -> None:
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
        nodes = Set(cluster.url)
        one = await nodes.node(HERE)
        address = one.bus._line._addresses[0]
        [own] = [server for server in cluster.servers if server.address == address]
        own.kill()
        await until(lambda: one.doubted == [None])
        assert one.bus.trouble == ""
        assert one.bus._line._addresses[0] != address
        await nodes.close()


async def test_a_reader_that_is_too_slow_for_nats_is_in_doubt(nodes: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nats_connection, "PENDING_MESSAGES", 10)
    writer, reader = await nodes.node(HERE), await nodes.node(HERE)
    for seq in range(1, 1_001):
        writer.bus.publish(batch(seq))
    await until(lambda: HERE in reader.doubted)
    assert reader.seqs() == sorted(set(reader.seqs()))


async def test_a_writer_that_is_too_fast_for_nats_drops_and_has_others_doubt(
    nodes: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagechat.bus.line.QUEUED_MESSAGES", 10)
    writer, reader = await nodes.node(HERE), await nodes.node(HERE)
    for seq in range(1, 101):
        writer.bus.publish(batch(seq))
    assert len(writer.seqs()) == 100
    await until(lambda: HERE in reader.doubted)
    assert reader.seqs() == list(range(1, 11))


async def test_what_was_published_is_sent_before_a_bus_closes(nodes: Set) -> None:
    writer, reader = await nodes.node(), await nodes.node(HERE)
    for seq in range(1, 501):
        writer.bus.publish(batch(seq, size=1_000))
    await writer.bus.close()
    writer.bus.publish(batch(501))
    writer.bus.tell("news", b"too late")
    await all_came((reader, 500))
    assert reader.told == []


async def test_a_server_that_ends_connections_for_reasons_of_its_own_is_connected_to_again(nodes: Set) -> None:
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
    own_server: NatsServer, own_nodes: Set, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(nats_connection, "PING_SECONDS", 0.1)
    monkeypatch.setattr(nats_connection, "CONNECT_SECONDS", 0.2)
    one, two = await own_nodes.node(HERE), await own_nodes.node(HERE)
    own_server.hang()
    for seq in range(1, 401):
        one.bus.publish(batch(seq, size=size))
    await until(lambda: bool(one.bus.trouble and two.bus.trouble))
    assert one.seqs() == list(range(1, 401))
    own_server.hang(hanging=False)
    await until(lambda: not one.bus.trouble and not two.bus.trouble and None in two.doubted)
    two.bus.publish(batch(401))
    await all_came((one, 401))


async def test_a_bus_closes_in_time_also_while_nats_hangs(own_server: NatsServer, own_nodes: Set) -> None:
    one = await own_nodes.node(HERE)
    own_server.hang()
    for seq in range(1, 401):
        one.bus.publish(batch(seq, size=60_000))
    await asyncio.wait_for(one.bus.close(), 20)
    own_server.hang(hanging=False)


# -- who is let in


async def starting_fails(url: str, credentials: Path | None = None, authority: Path | None = None) -> str:
    bus = nats_bus(url, "", credentials, authority)
    with pytest.raises(RuntimeError) as raised:
        await bus.start()
    await bus.close()
    assert "\n" not in str(raised.value)
    return str(raised.value)


async def test_a_password_in_the_url_opens_and_a_wrong_one_stops_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with NatsServer(tmp_path, 'authorization { user: "node", password: "p@ss,word" }') as server:
        nodes = Set(f"nats://node:p%40ss%2Cword@{server.address},{server.address}")
        with caplog.at_level(logging.DEBUG):
            one, two = await nodes.node(HERE), await nodes.node(HERE)
            one.bus.publish(batch(1))
            await all_came((two, 1))
            for identity in ("node:wrong-secret@", "wrong-secret@", ""):
                said = await starting_fails(f"nats://{identity}{server.address}")
                assert "IMAGECHAT_BUS_URL" in said
                assert "IMAGECHAT_BUS_CREDENTIALS" in said
                assert "wrong-secret" not in said
        assert "p@ss" not in caplog.text
        assert "p%40ss" not in caplog.text
        assert "wrong-secret" not in caplog.text
        await nodes.close()


async def test_a_node_whose_password_is_not_good_any_more_says_so_and_is_let_in_again_with_a_good_one(
    tmp_path: Path,
) -> None:
    good = 'authorization { user: "node", password: "good" }'
    with NatsServer(tmp_path, good) as server:
        nodes = Set(f"nats://node:good@{server.address}")
        one = await nodes.node(HERE)
        server.kill()
        server.config = 'authorization { user: "node", password: "another" }'
        server.start()
        await until(lambda: "authorization" in one.bus.trouble.lower())
        server.kill()
        server.config = good
        server.start()
        await until(lambda: not one.bus.trouble)
        await nodes.close()


PERMISSIONS = 'authorization {{ users: [ {{ user: "node", password: "x", permissions: {{ {} }} }} ] }}'


@pytest.mark.parametrize(
    "permissions",
    ['publish: "elsewhere.>"', 'subscribe: "elsewhere.>"', 'publish: {deny: "imagechat.*.room.>"}'],
    ids=["no publishing", "no subscribing", "no publishing in rooms"],
)
async def test_a_user_without_permission_stops_the_start(tmp_path: Path, permissions: str) -> None:
    with NatsServer(tmp_path, PERMISSIONS.format(permissions)) as server:
        said = await starting_fails(f"nats://node:x@{server.address}")
    assert "imagechat.>" in said
    assert "IMAGECHAT_BUS_URL" in said


async def test_a_permission_that_is_taken_away_shows_as_trouble_and_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    allowed = PERMISSIONS.format('publish: "imagechat.>", subscribe: "imagechat.>"')
    with NatsServer(tmp_path, allowed) as server:
        nodes = Set(f"nats://node:x@{server.address}")
        one = await nodes.node(HERE)
        server.kill()
        server.config = PERMISSIONS.format('publish: "imagechat.>", subscribe: {deny: "imagechat.*.room.>"}')
        with caplog.at_level(logging.ERROR):
            server.start()
            await until(lambda: "permissions violation" in one.bus.trouble)
            await one.bus.join(THERE)
        assert caplog.text.count("NATS does not let this node take part") == 1
        server.kill()
        server.config = allowed
        server.start()
        await until(lambda: not one.bus.trouble)
        await nodes.close()


async def test_nats_that_cannot_be_reached_stops_the_start(
    own_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagechat.bus.line.START_SECONDS", 0.2)
    own_server.kill()
    said = await starting_fails(f"nats://user:secret@{own_server.address}")
    assert own_server.address in said
    assert "IMAGECHAT_BUS_URL" in said
    assert "secret" not in said


def test_a_node_that_cannot_reach_nats_ends_in_one_line(own_server: NatsServer, tmp_path: Path) -> None:
    own_server.config = 'authorization { user: "node", password: "good" }'
    own_server.kill()
    own_server.start()
    done = subprocess.run(
        [sys.executable, "-m", "imagechat.cli", "serve", "--port", "0", "--data", str(tmp_path / "data")],
        env=os.environ | {"IMAGECHAT_BUS_URL": f"nats://node:secret@{own_server.address}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("imagechat: NATS at 127.0.0.1")
    assert "IMAGECHAT_BUS_URL" in line
    assert "secret" not in line + done.stdout


async def test_a_start_waits_for_nats_that_is_just_starting_too(own_server: NatsServer, own_nodes: Set) -> None:
    own_server.kill()
    starting = asyncio.create_task(own_nodes.node(HERE))
    await asyncio.sleep(0)
    own_server.start()
    assert (await starting).bus.trouble == ""


async def test_one_server_of_several_is_enough_to_start(nats_server: NatsServer, own_server: NatsServer) -> None:
    own_server.kill()
    nodes = Set(f"nats://{own_server.address}, {nats_server.address}")
    for _ in range(5):
        assert (await nodes.node()).bus.trouble == ""
    await nodes.close()


@pytest.mark.parametrize("url", ["http://host", "nats://", "nats://a:port", "nats://secret@a,,b", "nats://a/secret"])
async def test_a_url_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(RuntimeError, match="IMAGECHAT_BUS_URL") as raised:
        nats_bus(url)
    assert "secret" not in str(raised.value)


async def test_a_credentials_file_opens_and_is_read_again_when_nats_comes_back(tmp_path: Path) -> None:
    user = nats_user()
    file = tmp_path / "node.creds"
    file.write_text(user.credentials())
    with NatsServer(tmp_path, user.config) as server:
        nodes = Set(server.url)
        one, two = await nodes.node(HERE, credentials=file), await nodes.node(HERE, credentials=file)
        one.bus.publish(batch(1))
        await all_came((two, 1))
        file.write_text("something else")
        server.kill()
        server.start()
        await until(lambda: "IMAGECHAT_BUS_CREDENTIALS" in one.bus.trouble)
        file.write_text(user.credentials().replace("\n", "\r\n"))
        await until(lambda: not one.bus.trouble and not two.bus.trouble)
        assert "let this node in" in await starting_fails(server.url)
        stranger = tmp_path / "stranger.creds"
        stranger.write_text(nats_user().credentials())
        assert "let this node in" in await starting_fails(server.url, credentials=stranger)
        await nodes.close()


@pytest.mark.parametrize("content", [None, b"no credentials", b"\xff\xfe"])
async def test_a_credentials_file_that_is_none_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "node.creds"
    if content is not None:
        file.write_bytes(content)
    said = await starting_fails("nats://127.0.0.1:1", credentials=file)
    assert "IMAGECHAT_BUS_CREDENTIALS" in said
    assert str(file) in said


# -- TLS


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def tls(authority: Authority) -> str:
    certificate, key = authority.put(7, name="nats")
    return f'tls {{ cert_file: "{certificate}", key_file: "{key}" }}'


async def test_tls_with_an_authority_of_ones_own(tmp_path: Path, authority: Authority) -> None:
    with NatsServer(tmp_path, tls(authority)) as server:
        nodes = Set(f"tls://{server.address}")
        one, two = await nodes.node(HERE, authority=authority.file), await nodes.node(HERE, authority=authority.file)
        one.bus.publish(batch(1))
        await all_came((two, 1))
        server.kill()
        server.start()
        await until(lambda: None in one.doubted and None in two.doubted)
        await nodes.close()


async def test_a_certificate_of_another_authority_stops_the_start(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagechat.bus.line.START_SECONDS", 0.2)
    with NatsServer(tmp_path, tls(authority)) as server:
        said = await starting_fails(f"tls://{server.address}")
    assert "not trusted" in said
    assert "IMAGECHAT_BUS_CA" in said


async def test_a_server_that_does_not_encrypt_is_not_told_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagechat.bus.line.START_SECONDS", 0.2)
    heard = b""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        writer.write(b'INFO {"server_id":"x","version":"2.11.0","max_payload":1048576}\r\n')
        heard += await reader.read(1_000)
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    said = await starting_fails(f"tls://node:secret@127.0.0.1:{port}")
    server.close()
    assert "does not encrypt" in said
    assert b"secret" not in heard


async def test_an_authority_that_is_none_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "none.pem"
    assert "IMAGECHAT_BUS_CA" in await starting_fails("nats://127.0.0.1:1", authority=file)
    file.write_text("no certificate")
    assert "IMAGECHAT_BUS_CA" in await starting_fails("nats://127.0.0.1:1", authority=file)
