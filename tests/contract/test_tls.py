"""A node with a certificate: REST and the live channel on one port, and what an operator is told who gets it wrong."""

import json
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from imagechat.settings import SettingsError, load_settings
from running import TENANT, RunningNode
from visiting import CHATS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command = ["openssl", "req", "-x509", "-nodes", *curve, "-keyout", str(key), "-out", str(cert), *subject]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


async def test_a_certificate_serves_rest_and_the_live_channel(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    trusting = ssl.create_default_context(cafile=cert)
    environment = {"IMAGECHAT_TLS_CERT": str(cert), "IMAGECHAT_TLS_KEY": str(key)}
    with RunningNode(tmp_path, environment=environment) as node:
        base = f"https://127.0.0.1:{node.port}"
        async with httpx.AsyncClient(base_url=base, verify=trusting, timeout=30) as client:
            snapshot = (await client.get(CHATS, params={"urlId": "p"})).json()
            address = f"wss://127.0.0.1:{node.port}/sub"
            query = f"urlId={snapshot['urlIdWS']}&userIdWS={snapshot['userIdWS']}&tenantIdWS={TENANT}"
            async with connect(f"{address}?{query}", ssl=trusting, subprotocols=["imagechat.v1"]) as socket:  # type: ignore[list-item]
                assert json.loads(await socket.recv())["type"] == "hello"
                marker = {"urlId": "p", "broadcastId": "b", "x": 1, "y": 1}
                assert (await client.post(CHATS, json=marker)).status_code == 200
                assert "new-image-chat" in str(await socket.recv())


@pytest.mark.parametrize("name", ["TLS_CERT", "TLS_KEY"])
def test_half_of_a_certificate_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="IMAGECHAT_TLS_CERT and IMAGECHAT_TLS_KEY"):
        load_settings({f"IMAGECHAT_{name}": "file.pem"})


def test_a_certificate_that_cannot_be_read_stops_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "not.pem").write_text("nothing")
    for cert in ("missing.pem", "not.pem"):
        environment = {"IMAGECHAT_TLS_CERT": str(tmp_path / cert), "IMAGECHAT_TLS_KEY": str(tmp_path / cert)}
        node = RunningNode(tmp_path / "data", environment=environment, command="demo")
        with pytest.raises(pytest.fail.Exception) as failed:
            node.start()
        assert f"imagechat: cannot use the certificate {tmp_path / cert}" in str(failed.value)
        assert "Traceback" not in str(failed.value)
