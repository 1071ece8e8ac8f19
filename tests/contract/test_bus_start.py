"""Who NATS lets in, over TLS or not, and what an operator is told where it does not."""

import asyncio
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from deploy.local.nats import NatsServer

from certifying import Authority
from live_fakes import until
from natsing import HERE, THERE, BusSet, all_came, batch, nats_bus, nats_user


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
        nodes = BusSet(f"nats://node:p%40ss%2Cword@{server.address},{server.address}")
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
        nodes = BusSet(f"nats://node:good@{server.address}")
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
        nodes = BusSet(f"nats://node:x@{server.address}")
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


async def test_a_start_waits_for_nats_that_is_just_starting_too(own_server: NatsServer, own_nodes: BusSet) -> None:
    own_server.kill()
    starting = asyncio.create_task(own_nodes.node(HERE))
    await asyncio.sleep(0)
    own_server.start()
    assert (await starting).bus.trouble == ""


async def test_one_server_of_several_is_enough_to_start(nats_server: NatsServer, own_server: NatsServer) -> None:
    own_server.kill()
    nodes = BusSet(f"nats://{own_server.address}, {nats_server.address}")
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
        nodes = BusSet(server.url)
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
        nodes = BusSet(f"tls://{server.address}")
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
