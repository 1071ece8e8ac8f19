"""Certificates that change on disk, with handshakes in memory: who gets which."""

import asyncio
import logging
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from certifying import Authority, serial_of
from imagechat.certificate import EVERY, Certificate

ALPN = ["h2", "http/1.1"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def certificate(authority: Authority) -> Certificate:
    cert, key = authority.put(1)
    return Certificate(str(cert), str(key))


def connect(
    certificate: Certificate, authority: Authority, name: str | None = "localhost", **limits: ssl.TLSVersion
) -> tuple[ssl.SSLObject, ssl.SSLObject]:
    """Shake hands; the client's end of the connection and the server's."""
    trusting = ssl.create_default_context(cafile=authority.file)
    trusting.check_hostname = name is not None
    trusting.set_alpn_protocols(ALPN)
    for limit, version in limits.items():
        setattr(trusting, limit, version)
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server, server_hostname=name)
    server = certificate.context.wrap_bio(to_server, to_client, server_side=True)
    for end in (client, server) * 3:
        with suppress(ssl.SSLWantReadError):
            end.do_handshake()
    return client, server


def served(certificate: Certificate, authority: Authority, **more: Any) -> int:
    client, _ = connect(certificate, authority, **more)
    return serial_of(client.getpeercert(binary_form=True))


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


def test_files_that_change_are_taken_and_others_are_not_read_again(
    certificate: Certificate, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    assert served(certificate, authority) == 1
    with caplog.at_level(logging.INFO):
        certificate.look()
        assert caplog.records == []
        authority.put(2)
        certificate.look()
    assert served(certificate, authority) == 2
    assert [record.levelno for record in caplog.records] == [logging.INFO]


@pytest.mark.parametrize(("before", "after"), [("ecdsa", "rsa"), ("rsa", "ecdsa")])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_pair_of_another_kind_leaves_nothing_of_the_one_before(
    authority: Authority, before: str, after: str, version: ssl.TLSVersion
) -> None:
    cert, key = authority.put(1, before)
    certificate = Certificate(str(cert), str(key))
    authority.put(2, after)
    certificate.look()
    assert served(certificate, authority, maximum_version=version) == 2


def test_a_connection_that_is_open_goes_on_with_the_certificate_it_began_with(
    certificate: Certificate, authority: Authority
) -> None:
    client, server = connect(certificate, authority)
    authority.put(2)
    certificate.look()
    server.write(b"an event")
    assert client.read() == b"an event"
    assert served(certificate, authority) == 2


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_halves_that_do_not_match_are_told_once_and_taken_when_they_do(
    certificate: Certificate, authority: Authority, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    cert, key = authority.put(1)
    new_cert, new_key = authority.certify(2, kind)
    cert.write_bytes(new_cert)
    for _ in range(3):
        certificate.look()
    assert served(certificate, authority) == 1
    [complaint] = complaints(caplog)
    assert complaint == (
        f"cannot use the certificate {cert} with the key {key}: they do not belong together; "
        "the one before it stays in use"
    )
    key.write_bytes(new_key)
    certificate.look()
    assert served(certificate, authority) == 2
    assert len(complaints(caplog)) == 1


def test_a_file_that_is_half_written_or_gone_is_told_once_for_each(
    certificate: Certificate, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    cert, key = authority.put(1)
    new_cert, new_key = authority.certify(2)
    for content in (new_cert[:200], b""):
        cert.write_bytes(content)
        certificate.look()
        certificate.look()
    cert.unlink()
    certificate.look()
    certificate.take()
    assert served(certificate, authority) == 1
    assert [complaint.partition(": ")[2].partition(" (")[0] for complaint in complaints(caplog)] == [
        "one of them is not PEM, or not whole",
        "one of them is not PEM, or not whole",
        "No such file or directory; the one before it stays in use",
    ]
    cert.write_bytes(new_cert)
    key.write_bytes(new_key)
    certificate.look()
    assert served(certificate, authority) == 2


def test_what_could_not_be_used_is_tried_again_without_a_change_of_the_files(
    certificate: Certificate, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.put(2)

    def unreadable(*_files: str, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(ssl.SSLContext, "load_cert_chain", unreadable)
        certificate.look()
    assert served(certificate, authority) == 1
    certificate.look()  # a file's owner and mode are no part of what it holds
    assert served(certificate, authority) == 2


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked_for_it(authority: Authority) -> None:
    cert, key = authority.put(1)
    plain = load_pem_private_key(key.read_bytes(), None)
    key.write_bytes(plain.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    with pytest.raises(OSError, match=r"cannot use the certificate .* with the key .*: the key has a passphrase"):
        Certificate(str(cert), str(key))


def test_handshakes_are_modern_ones(certificate: Certificate, authority: Authority) -> None:
    client, _ = connect(certificate, authority)
    assert (client.version(), client.selected_alpn_protocol()) == ("TLSv1.3", "http/1.1")
    old, _ = connect(certificate, authority, maximum_version=ssl.TLSVersion.TLSv1_2)
    assert (old.version(), old.selected_alpn_protocol()) == ("TLSv1.2", "http/1.1")
    assert certificate.context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_client_that_names_no_server_gets_the_latest_too(certificate: Certificate, authority: Authority) -> None:
    authority.put(2)
    certificate.look()
    assert served(certificate, authority, name=None) == 2


async def test_the_files_are_looked_at_every_few_seconds(authority: Authority) -> None:
    cert, key = authority.put(1)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise asyncio.CancelledError
        authority.put(len(slept) + 1)

    certificate = Certificate(str(cert), str(key), sleep)
    with pytest.raises(asyncio.CancelledError):
        await certificate.watch()
    assert slept == [EVERY] * 3
    assert served(certificate, authority) == 3
