"""Several real nodes on one database and one bus, and clients that go from one to another."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Self

import httpx
from deploy.local.nats import NatsCluster
from deploy.local.postgres import PostgresServer

from live_clients import Person, Viewer
from nats_bridge import NodesBridge
from plain_viewing import PlainViewer
from running import BRIEFLY_IDLE, TENANT, TRUSTED, RunningNode
from signing import TenantServer
from storing import PostgresBackend

FEW = {"IMAGECHAT_DATABASE_CONNECTIONS": "2"}


class Roaming(httpx.AsyncBaseTransport):
    """Asks one node of several, and the next one after one that has failed, or each time: as behind a balancer."""

    def __init__(self, nodes: Sequence[RunningNode], first: int = 0, *, in_turn: bool = False) -> None:
        self._nodes = nodes
        self._at = first
        self._in_turn = in_turn
        self._transport = httpx.AsyncHTTPTransport(limits=BRIEFLY_IDLE, verify=TRUSTED)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        node = self._nodes[self._at % len(self._nodes)]
        request.url = request.url.copy_with(host="127.0.0.1", port=node.port)
        request.headers["Host"] = f"127.0.0.1:{node.port}"
        failed = True
        try:
            response = await self._transport.handle_async_request(request)
            failed = response.status_code == 503
        finally:
            self._at += failed or self._in_turn
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


class NodeSet:
    """Nodes that are started, and may be killed, stopped and started one by one."""

    def __init__(
        self,
        directory: Path,
        database_url: str,
        bus_urls: Sequence[str],
        *,
        environments: Sequence[Mapping[str, str]] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare a node for each of `bus_urls`; `environment` is for all of them, `environments` are for each."""
        self._directory = directory
        self._numbers = itertools.count(1)
        self._firsts = itertools.count()
        self.environment = {**FEW, **(environment or {}), "IMAGECHAT_DATABASE_URL": database_url}
        self.nodes: list[RunningNode] = []
        for bus_url, more in itertools.zip_longest(bus_urls, environments, fillvalue=None):
            assert bus_url is not None
            self.add(bus_url, more or {})

    def __enter__(self) -> Self:
        try:
            self.at_once("start")
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()

    def add(self, bus_url: str, environment: Mapping[str, str] | None = None) -> RunningNode:
        """Prepare one more node, which is not started."""
        node = RunningNode(
            self._directory / f"node-{next(self._numbers)}",
            environment={**self.environment, **(environment or {}), "IMAGECHAT_BUS_URL": bus_url},
            has_tenant=bool(self.nodes),
        )
        self.nodes.append(node)
        return node

    def at_once(self, what: str) -> None:
        """Have all nodes start, stop or be killed at the same time."""
        with ThreadPoolExecutor() as threads:
            for done in [threads.submit(getattr(node, what)) for node in self.nodes]:
                done.result()

    def end(self) -> None:
        """Kill whoever runs."""
        for node in self.nodes:
            node.__exit__(None, None, None)

    def client(self, *, in_turn: bool = True) -> httpx.AsyncClient:
        """Return somebody who asks the nodes in turn, or one of them as long as it answers, each a different one."""
        transport = Roaming(self.nodes, next(self._firsts), in_turn=in_turn)
        return httpx.AsyncClient(base_url="http://any", transport=transport, timeout=30)

    @asynccontextmanager
    async def viewers(self, pictures: Sequence[str], *, plain: bool = True) -> AsyncIterator[list[Viewer]]:
        """Have each picture followed on each node, in both framings; who is cut off goes on at the next node."""
        async with AsyncExitStack() as stack:
            made: list[Viewer] = []
            for picture in pictures:
                for number, node in enumerate(self.nodes):
                    others = [*self.nodes[number + 1 :], *self.nodes[:number]]
                    for kind in (Viewer, PlainViewer) if plain else (Viewer,):
                        client = await stack.enter_async_context(self.client(in_turn=False))
                        made.append(kind(node, Person(client), picture, others))
            await asyncio.gather(*[stack.enter_async_context(viewer) for viewer in made])
            yield made


@contextmanager
def new_database(postgres: PostgresServer) -> Iterator[str]:
    """Make a database of this version's schema, and give its address."""
    name = f"cluster_{token_hex(4)}"
    url = PostgresBackend(postgres, name).url
    yield url
    postgres.drop_database(name)


@dataclass(frozen=True)
class Cluster:
    """Nodes, a PostgreSQL, three NATS servers, and a bridge between each node and NATS."""

    nodes: NodeSet
    postgres: PostgresServer
    nats: NatsCluster
    bridges: list[NodesBridge]


def rotate_key(nodes: Sequence[RunningNode], beside: RunningNode, tenant_id: str = TENANT) -> TenantServer:
    """Give a tenant another key, with the command line beside a node, and return when all nodes go by it."""
    words = ("tenant", "rotate-key", tenant_id, "--overlap-hours", "0", "--json")
    server = TenantServer(tenant_id, json.loads(beside.run(*words))["apiKey"])
    until = time.monotonic() + 10
    while not all(_signs_in(node, server) for node in nodes):
        assert time.monotonic() < until
        time.sleep(0.05)
    return server


def _signs_in(node: RunningNode, server: TenantServer) -> bool:
    answer = httpx.get(
        node.url + server.chats, params={"urlId": "hall", "sso": server.sso("somebody")}, timeout=30, verify=TRUSTED
    )
    assert answer.status_code in {200, 401}, answer.text
    return answer.status_code == 200


async def readiness(node: RunningNode) -> tuple[int, dict[str, str]]:
    """Return the status and the body of /readyz."""
    async with node.client() as client:
        answer = await client.get("/readyz")
    body: dict[str, str] = answer.json()
    return answer.status_code, body


async def comes(condition: Callable[[], Awaitable[bool]], within: float = 30.0) -> None:
    """Wait for what nodes have to be asked for."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110 -- a node tells who asks
            await asyncio.sleep(0.05)


async def hears_nobody(node: RunningNode) -> str:
    """Wait until a node says that it does not hear the others, and is ready all the same; return what it says."""
    return await _hears(node, others=False)


async def hears_others(node: RunningNode) -> None:
    """Wait until a node, which is ready all the time, says nothing of a trouble."""
    await _hears(node, others=True)


async def _hears(node: RunningNode, *, others: bool) -> str:
    trouble = ""

    async def is_so() -> bool:
        nonlocal trouble
        status, said = await readiness(node)
        assert status == 200, said
        trouble = said.get("trouble", "")
        return bool(trouble) is not others

    await comes(is_so)
    return trouble
