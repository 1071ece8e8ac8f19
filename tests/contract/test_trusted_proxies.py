"""Nodes behind proxies: whose address and scheme they see, and what real ones, set up as deploy/ does, tell them."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from litestar.types import Receive, Scope, Send
from websockets.asyncio.client import connect

from certifying import Authority
from imagechat.http.answered import Answers
from imagechat.http.behind_proxies import BehindProxies
from imagechat.http.boundary import Boundary
from imagechat.live.session import Session
from imagechat.model.addresses import Proxies, caller_address, is_secure
from imagechat.settings import Settings, SettingsError, load_settings
from imagechat.wiring import build
from live_clients import V1, Person, live_url, new_picture, next_event, next_message
from proxying import PROXIES
from running import RunningNode

TRUSTED = Proxies.parse("127.0.0.1")
CALLER = "127.0.0.2"
SPOOFED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}


@dataclass
class Seen:
    """What a node sees of its callers: address, and whether they came encrypted."""

    callers: list[tuple[str, bool]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        assert scope["client"] is not None
        self.callers.append((scope["client"][0], scope["scheme"] == "https"))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class Handshake(asyncio.Protocol):
    """The live channel up to its handshake."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._session = Session()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a stream's, always
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        request = self._session.receive(data)
        if request is not None:
            peer = self._transport.get_extra_info("peername")[0]
            secure = is_secure(peer, over_tls=False, forwarded_proto=request.forwarded_proto, proxies=TRUSTED)
            self._seen.callers.append((caller_address(peer, request.forwarded_for, TRUSTED), secure))
        for answer in self._session.output():
            if answer:
                self._transport.write(answer)
            else:
                self._transport.close()


@asynccontextmanager
async def upstream() -> AsyncIterator[tuple[str, Seen]]:
    """Serve something that only sees its callers."""
    seen = Seen()
    config = uvicorn.Config(
        BehindProxies(seen, TRUSTED),
        ws=lambda **_: Handshake(seen),  # type: ignore[arg-type]  # as the node does it
        lifespan="off",
        proxy_headers=False,
        log_config=None,
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"127.0.0.1:{listening.getsockname()[1]}", seen
        server.should_exit = True
        await serving


def scope_from(peer: str | None, *headers: tuple[str, str]) -> Any:
    return {
        "type": "http",
        "client": None if peer is None else (peer, 4711),
        "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }


@pytest.mark.parametrize(
    ("scope", "client", "scheme"),
    [
        (scope_from("127.0.0.1", ("x-forwarded-for", "203.0.113.9, 198.51.100.7")), ("198.51.100.7", 0), "http"),
        (scope_from("127.0.0.1", ("x-forwarded-proto", "https")), ("127.0.0.1", 0), "https"),
        (scope_from("127.0.0.2", *SPOOFED.items()), ("127.0.0.2", 4711), "http"),
        (scope_from("127.0.0.1", ("x-forwarded-for", "\xff,[::1]:80")), ("127.0.0.1", 0), "http"),
        (scope_from(None, ("x-forwarded-proto", "https")), None, "http"),
        ({"type": "lifespan"}, None, None),
    ],
)
async def test_AUTH1_the_application_sees_the_caller_that_a_trusted_proxy_tells(
    scope: Any, client: tuple[str, int] | None, scheme: str | None
) -> None:
    seen: list[Any] = []

    async def application(scope: Any, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    nothing: Any = None
    await BehindProxies(application, TRUSTED)(scope, nothing, nothing)
    assert [(each.get("client"), each.get("scheme")) for each in seen] == [(client, scheme)]


async def test_a_node_without_proxies_looks_at_no_header(tmp_path: Path) -> None:
    for proxies, entrance in (("", Boundary), ("10.0.0.0/8", BehindProxies)):
        parts = build(Settings(data=str(tmp_path), trusted_proxies=proxies))
        assert isinstance(parts.entrance, Answers)
        assert type(parts.entrance._app) is entrance
        assert parts.live.proxies == Proxies.parse(proxies)
        async with parts.app.lifespan():
            pass  # it closes what was opened


def test_AUTH1_proxies_that_make_no_sense_stop_the_start_with_one_line() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"IMAGECHAT_TRUSTED_PROXIES": "10.0.0.0/8, proxy"})
    assert str(refused.value).startswith("IMAGECHAT_TRUSTED_PROXIES='10.0.0.0/8, proxy' makes no sense: 'proxy' ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("kind", PROXIES)
async def test_AUTH1_through_a_real_proxy_the_caller_is_who_it_is_whatever_it_claims(tmp_path: Path, kind: str) -> None:
    authority = Authority(tmp_path)
    trusting = ssl.create_default_context(cafile=authority.file)
    transport = httpx.AsyncHTTPTransport(verify=trusting, local_address=CALLER)
    async with upstream() as (address, seen):
        with PROXIES[kind](tmp_path, authority, address) as proxy:
            async with httpx.AsyncClient(base_url=proxy.url, transport=transport, timeout=30) as client:
                assert (await client.get("/p?sessionId=secret", headers=SPOOFED)).status_code == 204
                assert (await client.get("/metrics")).status_code == 404  # its Prometheus asks the node itself
                large = await client.post("/p", content=b"x" * 200_000)
                assert large.status_code == (502 if kind == "caddy" else 413)  # before 2.7, Caddy blames the node
            live = f"wss://127.0.0.1:{proxy.port}/sub?urlId=p&userIdWS=secret&tenantIdWS=demo"
            async with connect(
                live, ssl=trusting, proxy=None, local_addr=(CALLER, 0), additional_headers=SPOOFED
            ) as connection:
                await connection.close()
    assert len(seen.callers) >= 2
    assert set(seen.callers) == {(CALLER, True)}


@pytest.mark.parametrize("kind", PROXIES)
async def test_through_a_real_proxy_a_picture_is_live_and_no_log_has_a_query_string(tmp_path: Path, kind: str) -> None:
    authority = Authority(tmp_path)
    trusting = ssl.create_default_context(cafile=authority.file)
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_TRUSTED_PROXIES": "127.0.0.1"}) as node:
        with PROXIES[kind](tmp_path, authority, f"127.0.0.1:{node.port}") as proxy:
            async with httpx.AsyncClient(base_url=proxy.url, verify=trusting, timeout=30) as client:
                person, picture = Person(client), new_picture()
                snapshot = await person.enter(picture)
                live = live_url(node, snapshot).replace(node.ws_url, f"wss://127.0.0.1:{proxy.port}")
                async with connect(live, subprotocols=V1, ssl=trusting, proxy=None) as connection:
                    assert (await next_message(connection))["type"] == "hello"
                    made = await person.mark(picture)
                    assert (await next_event(connection))["seq"] == made["seq"]
                node.stop()
                query = {"urlId": picture, "sessionId": person.session}
                assert (await client.get("/comment-image-chats/demo", params=query)).status_code == 502
        assert "/comment-image-chats/demo" in proxy.log
        assert "/sub" in proxy.log
        for secret in ("urlId", "userIdWS", "sessionId", person.session, snapshot["userIdWS"]):
            assert secret not in proxy.log
        assert snapshot["userIdWS"] not in "".join(node.output)


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_node_that_others_reach_unencrypted_warns_in_one_line(tmp_path: Path, command: str) -> None:
    for number, (proxies, warnings) in enumerate([("", 1), ("127.0.0.1", 0)]):
        environment = {"IMAGECHAT_HOST": "0.0.0.0", "IMAGECHAT_TRUSTED_PROXIES": proxies}  # noqa: S104 -- its point
        with RunningNode(tmp_path / str(number), environment=environment, command=command) as node:
            assert node.stop() == 0
        told = [line for line in node.output if "without encryption" in line]
        assert len(told) == warnings
        assert all("IMAGECHAT_TLS_CERT" in line and "IMAGECHAT_TRUSTED_PROXIES" in line for line in told)
