"""A node with a certificate: REST and the live channel on one port, and what an operator is told who gets it wrong."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from certifying import Authority, serial_of
from imagechat.settings import SettingsError, load_settings
from live_clients import V1, Person, live_url, new_picture, next_event, next_message
from running import RunningNode


class Encrypted:
    """A node over TLS, as its clients see it."""

    def __init__(self, node: RunningNode, authority: Authority) -> None:
        self._node = node
        self._trusting = ssl.create_default_context(cafile=authority.file)
        url = f"https://127.0.0.1:{node.port}"
        self.client = httpx.AsyncClient(base_url=url, verify=self._trusting, timeout=30)

    def watch(self, snapshot: dict[str, Any]) -> connect:
        url = live_url(self._node, snapshot).replace("ws:", "wss:")
        return connect(url, subprotocols=V1, ssl=self._trusting, proxy=None)

    async def serial(self) -> int:
        """The number of the certificate that a new handshake is shown."""
        _, writer = await asyncio.open_connection("127.0.0.1", self._node.port, ssl=self._trusting)
        shown = serial_of(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
        writer.close()
        await writer.wait_closed()
        return shown


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def node_with(tmp_path: Path, certificate: Path, key: Path, command: str = "serve") -> RunningNode:
    environment = {"IMAGECHAT_TLS_CERT": str(certificate), "IMAGECHAT_TLS_KEY": str(key)}
    return RunningNode(tmp_path / "data", environment=environment, command=command)


async def sees_a_marker(watching: ClientConnection, person: Person, picture: str) -> None:
    made = await person.mark(picture)
    assert (await next_event(watching))["seq"] == made["seq"]


async def test_a_certificate_serves_rest_and_the_live_channel(tmp_path: Path, authority: Authority) -> None:
    with node_with(tmp_path, *authority.put(1)) as node:
        encrypted = Encrypted(node, authority)
        async with encrypted.client as client:
            person, picture = Person(client), new_picture()
            async with encrypted.watch(await person.enter(picture)) as watching:
                assert (await next_message(watching))["type"] == "hello"
                await sees_a_marker(watching, person, picture)


async def test_a_certificate_that_is_renewed_is_served_and_open_connections_go_on(
    tmp_path: Path, authority: Authority
) -> None:
    certificate, key = authority.put(1)
    with node_with(tmp_path, certificate, key) as node:
        encrypted = Encrypted(node, authority)
        async with encrypted.client as client:
            person, picture = Person(client), new_picture()
            async with encrypted.watch(await person.enter(picture)) as watching:
                assert (await next_message(watching))["type"] == "hello"
                assert await encrypted.serial() == 1

                authority.put(2, "rsa")  # on a signal
                node.hang_up()
                node.says("the certificate .* was read again")
                assert await encrypted.serial() == 2
                await sees_a_marker(watching, person, picture)

                certificate.write_bytes(authority.certify(3)[0])  # with another's key
                node.hang_up()
                node.says("do not belong together; the one before it stays in use")
                assert await encrypted.serial() == 2
                await sees_a_marker(watching, person, picture)

                authority.put(4)  # without a signal
                node.says("the certificate .* was read again")
                assert await encrypted.serial() == 4
                await sees_a_marker(watching, person, picture)
        assert node.stop() == 0
        assert "Traceback" not in "".join(node.output)


@pytest.mark.parametrize("name", ["TLS_CERT", "TLS_KEY"])
def test_half_of_a_certificate_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="IMAGECHAT_TLS_CERT and IMAGECHAT_TLS_KEY"):
        load_settings({f"IMAGECHAT_{name}": "file.pem"})


def test_a_certificate_that_cannot_be_read_stops_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "not.pem").write_text("nothing")
    for cert in ("missing.pem", "not.pem"):
        node = node_with(tmp_path, tmp_path / cert, tmp_path / cert, command="demo")
        with pytest.raises(pytest.fail.Exception) as failed:
            node.start()
        assert f"imagechat: cannot use the certificate {tmp_path / cert}" in str(failed.value)
        assert "Traceback" not in str(failed.value)
