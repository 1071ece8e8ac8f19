"""The parts that `make cluster` and the tests of many nodes stand on, each for itself."""

import asyncio
import json
import re
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
import httpx
import nats
import pytest
from deploy.local.caddy import CaddyServer
from deploy.local.nats import NatsCluster, NatsServer
from deploy.local.node import Node, imagechat
from deploy.local.ports import free_ports
from deploy.local.postgres import PostgresServer
from deploy.local.program import CannotStartError, Program
from nats.aio.client import Client
from websockets.asyncio.client import ClientConnection, connect

from deploying import DEPLOY, PASSWORD, services
from live_clients import Person
from live_fakes import until
from running import TENANT, UNLIMITED

WRONG = "wrong"


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as server:
        yield server


async def test_postgres_keeps_what_was_committed_over_a_crash_at_the_same_address(postgres: PostgresServer) -> None:
    url = postgres.create_database("kept")
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE one (number integer); INSERT INTO one VALUES (42)")
    await connection.close()
    await asyncio.to_thread(postgres.restart, "immediate")
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT number FROM one") == 42
    await connection.close()
    postgres.drop_database("kept")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(url)


async def test_postgres_knows_its_role_by_a_password_and_gives_it_no_more_than_its_database(
    postgres: PostgresServer,
) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.url(password=WRONG))
    connection = await asyncpg.connect(postgres.url())
    for wish in ("CREATE DATABASE more", "CREATE ROLE more", "COPY (SELECT 1) TO '/tmp/more'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(wish)
    await connection.close()


def test_a_statement_that_fails_says_why(postgres: PostgresServer) -> None:
    with pytest.raises(RuntimeError, match='relation "nowhere" does not exist'):
        postgres.run("SELECT 1 FROM nowhere")


def test_a_program_that_cannot_start_says_so_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = PostgresServer(tmp_path, port=taken.getsockname()[1])
        with pytest.raises(CannotStartError, match=r"PostgreSQL has ended: .*postgres\.log") as found:
            server.start()
    assert "\n" not in str(found.value)
    with pytest.raises(CannotStartError, match="nothing cannot be started"):
        Program("nothing", [str(tmp_path / "nothing")], tmp_path / "nothing.log", "ready").start()
    with pytest.raises(CannotStartError, match="sleeper was not ready"):
        Program("sleeper", ["sleep", "60"], tmp_path / "sleeper.log", "ready").start(within=0.1)
    with pytest.raises(CannotStartError, match=r"imagechat migrate: .*IMAGECHAT_PORT=.*makes no sense"):
        imagechat("migrate", environment={"IMAGECHAT_PORT": "none", "IMAGECHAT_DATA": str(tmp_path)})


async def heard(sender: str, receiver: str) -> bytes:
    """Send a message in at one server, again and again until it comes out at another, as interest takes its time."""
    ends = [await nats.connect(url) for url in (sender, receiver)]
    came = await ends[1].subscribe("test")
    await ends[1].flush()
    sending = asyncio.create_task(_repeat(ends[0]))
    message = await came.next_msg(timeout=20)
    sending.cancel()
    for end in ends:
        await end.close()
    return message.data


async def _repeat(client: Client) -> None:
    while True:
        await client.publish("test", b"hello")
        await asyncio.sleep(0.01)


async def test_nats_servers_are_one_cluster_and_again_after_one_was_away(tmp_path: Path) -> None:
    with NatsCluster(tmp_path) as cluster:
        servers = cluster.servers
        assert cluster.url == "nats://" + ",".join(f"127.0.0.1:{server.port}" for server in servers)
        assert await heard(servers[0].url, servers[2].url) == b"hello"
        servers[2].restart()
        servers[2].meets_the_others()
        assert await heard(servers[1].url, servers[2].url) == b"hello"


async def welcomes(port: int, user: str, password: str) -> bool:
    """Return whether a NATS server lets somebody in."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"CONNECT " + json.dumps({"verbose": False, "user": user, "pass": password}).encode() + b"\r\nPING\r\n"
    )
    said = b""
    while not (found := re.search(rb"^(PONG|-ERR)", said, re.MULTILINE)):
        said += await asyncio.wait_for(reader.readline(), 20)
    writer.close()
    await writer.wait_closed()
    return found[1] == b"PONG"


async def test_nats_takes_other_users_while_it_runs(tmp_path: Path) -> None:
    with NatsServer(tmp_path) as server:
        assert await welcomes(server.port, "", "")
        server.reload("authorization { user: ann, password: pass }")
        await until(lambda: "Reloaded server configuration" in server.program.log)
        assert not await welcomes(server.port, "", "")
        assert await welcomes(server.port, "ann", "pass")


async def test_the_nats_servers_of_compose_know_each_other_and_the_nodes_by_a_password(tmp_path: Path) -> None:
    """With its file and its environment; only names and ports are those of this machine."""
    found = services("nats-")
    ports = iter(free_ports(3 * len(found)))
    here = {name: (next(ports), next(ports), next(ports)) for name in found}
    programs = []
    for name, (clients, routes, monitoring) in here.items():
        text = (DEPLOY / "cluster" / "nats.conf").read_text("utf-8")
        for old, new in {"0.0.0.0:4222": clients, "0.0.0.0:6222": routes, "127.0.0.1:8222": monitoring}.items():
            assert old in text
            text = text.replace(old, f"127.0.0.1:{new}")
        file = tmp_path / f"{name}.conf"
        file.write_text(text)
        environment = found[name]["environment"]
        for other, (_, at, _) in here.items():
            environment["NATS_ROUTES"] = environment["NATS_ROUTES"].replace(f"{other}:6222", f"127.0.0.1:{at}")
        command = [NatsServer(tmp_path).program.command[0], "--config", str(file)]
        programs.append(Program(name, command, tmp_path / f"{name}.log", "Server is ready", environment=environment))
    try:
        for program in programs:
            program.start()
        urls = [f"nats://imagechat:{PASSWORD}@127.0.0.1:{clients}" for clients, _, _ in here.values()]
        assert await heard(urls[0], urls[2]) == b"hello"
        for clients, routes, _ in here.values():
            assert not await welcomes(clients, "imagechat", "wrong")
            assert not await welcomes(routes, "route", "wrong")
    finally:
        for program in programs:
            program.end(signal.SIGKILL)


@pytest.fixture
def two_nodes(tmp_path: Path) -> Iterator[list[Node]]:
    """Two nodes that know nothing of each other, which is enough for a proxy."""
    environment = {
        "IMAGECHAT_LEAVE_SECONDS": "300",
        "IMAGECHAT_LIMITS": "off",
        "IMAGECHAT_SECRET_KEY": 48 * "k",
        "IMAGECHAT_TRUSTED_PROXIES": "127.0.0.1",
    }
    nodes = [Node(name, tmp_path, environment) for name in ("node-1", "node-2")]
    for node in nodes:
        name = node.program.name
        words = ("tenant", "create", TENANT, *UNLIMITED, "--data", str(tmp_path / name))
        imagechat(*words, environment=environment)
        node.start()
    yield nodes
    for node in nodes:
        node.kill()


async def test_caddy_sends_nobody_to_a_node_that_leaves_or_is_gone_and_cuts_nobody_off(
    tmp_path: Path, two_nodes: list[Node]
) -> None:
    first, second = (f"127.0.0.1:{node.port}" for node in two_nodes)
    with CaddyServer(tmp_path / "caddy", [first, second]) as caddy:
        trust = ssl.create_default_context(cafile=str(caddy.authority))
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(httpx.AsyncClient(base_url=caddy.url, verify=trust, timeout=30))
            snapshot = await Person(client).enter("one")

            async def visit() -> ClientConnection:
                names = {"urlId": "urlIdWS", "userIdWS": "userIdWS", "tenantIdWS": "tenantIdWS"}
                ticket = urlencode({name: snapshot[field] for name, field in names.items()})
                url = f"wss://localhost:{caddy.port}/sub?{ticket}"
                return await stack.enter_async_context(connect(url, ssl=trust))

            there = [await visit() for _ in range(4)]
            assert caddy.upstreams() == {first: 2, second: 2}
            two_nodes[0].program.signal(signal.SIGTERM)
            while caddy.upstreams()[second] < caddy.upstreams()[first] + 3:
                await visit()
            for connection in there:
                await (await connection.ping())

            two_nodes[0].kill()
            while caddy.upstreams()[first]:
                assert (await client.get("/readyz")).status_code == 200
            assert (await client.get("/readyz")).status_code == 200
            two_nodes[1].kill()
            answer = await client.get("/healthz")
            assert answer.status_code in {502, 503}
            assert answer.headers["Retry-After"] == "2"
