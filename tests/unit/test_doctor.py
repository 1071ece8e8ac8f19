"""What the doctor says: each check by itself, and all of them on an installation of one node."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from certifying import Key, new_key
from imagechat.cli import main
from imagechat.doctor import bus, certificate, database, exposure, machine
from imagechat.doctor.database import Facts
from imagechat.model.finding import Finding
from imagechat.opening import DATABASE_FILE, open_beside_node
from imagechat.settings import KEY_FILE, Settings, load_settings
from imagechat.store.migrate import NEWEST

NOW = datetime(2031, 5, 1, tzinfo=UTC)
GB = 1024**3


def state(finding: Finding | None) -> str | None:
    if finding is None:
        return None
    assert (finding.advice is None) == (finding.state == "good")
    return finding.state


def facts(**more: object) -> Facts:
    values: dict[str, object] = {"kind": "sqlite", "version": "3.52", "numbers": (3, 52, 0), "revision": NEWEST}
    return Facts(**(values | more))  # type: ignore[arg-type]


POSTGRES = {"kind": "postgresql", "numbers": (15, 3)}


def public(**more: Any) -> Settings:
    """Settings of a node that others reach."""
    return Settings(host="0.0.0.0", **more)  # noqa: S104 -- it is what is told of


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (exposure.address(Settings()), "good"),
        (exposure.address(public()), "bad"),
        (exposure.address(public(tls_cert="c", tls_key="k")), "good"),
        (exposure.address(public(trusted_proxies="10.0.0.1")), "good"),
        (exposure.limits(Settings()), "good"),
        (exposure.limits(Settings(limits="off")), "note"),
        (exposure.limits(public(limits="off")), "bad"),
        (exposure.metrics(Settings()), None),
        (exposure.metrics(public()), "note"),
        (exposure.metrics(public(metrics_token="x" * 20)), None),
        (exposure.key(Settings(), "kept", in_database=False), "good"),
        (exposure.key(Settings(secret_key="a" * 40), "", in_database=False), "bad"),
        (exposure.key(Settings(secret_key=token_urlsafe(32)), "", in_database=False), "good"),
        (exposure.key(Settings(database_url="postgresql://"), "", in_database=True), "note"),
        (exposure.key_fits(opens=None), None),
        (exposure.key_fits(opens=True), "good"),
        (exposure.key_fits(opens=False), "bad"),
        (exposure.permissions("key", None), None),
        (exposure.permissions("key", 0o100600), "good"),
        (exposure.permissions("key", 0o100640), "bad"),
        (exposure.permissions("data", 0o40755, is_key=False), "note"),
        (database.version(facts()), "good"),
        (database.version(facts(numbers=(3, 51, 2))), "note"),
        (database.version(facts(**POSTGRES)), "good"),
        (database.version(facts(kind="postgresql", numbers=(14, 9))), "bad"),
        (database.version(facts(**POSTGRES, read_only=True)), "bad"),
        (database.schema(facts()), "good"),
        (database.schema(facts(revision="0001")), "note"),
        (database.schema(facts(revision=None)), "note"),
        (database.schema(facts(**POSTGRES, revision="0004")), "bad"),
        (database.schema(facts(**POSTGRES, revision=None)), "bad"),
        (database.schema(facts(revision="9999", oldest_program="9999")), "bad"),
        (database.schema(facts(revision="9999", oldest_program=NEWEST)), "note"),
        (database.integrity(facts()), None),
        (database.integrity(facts(integrity="ok")), "good"),
        (database.integrity(facts(integrity="row 3 missing from index")), "bad"),
        (database.size(facts(revision=None)), None),
        (database.size(facts(file_bytes=5 * GB, wal_bytes=4096)), "good"),
        (database.size(facts(wal_bytes=GB)), "note"),
        (database.size(facts(**POSTGRES)), "good"),
        (database.clock(facts(clock_off=-1999), 0), "good"),
        (database.clock(facts(clock_off=-2001), 0), "note"),
        (database.clock(facts(newest_event=60_000), 0), "good"),
        (database.clock(facts(newest_event=60_001), 0), "bad"),
        (machine.disk("d", 50 * GB, 100 * GB), "good"),
        (machine.disk("d", 9 * GB, 100 * GB), "note"),
        (machine.disk("d", GB // 2, GB), "note"),
        (machine.disk("d", GB // 8, GB), "bad"),
        (machine.inodes("d", 0, 0), None),
        (machine.inodes("d", 10_000, 20_000), None),
        (machine.inodes("d", 9_999, 20_000), "bad"),
        (machine.writable("d", may=True), None),
        (machine.writable("d", may=False), "bad"),
        (machine.open_files(None), "good"),
        (machine.open_files(65_536), "good"),
        (machine.open_files(20_000), "note"),
        (machine.open_files(1024), "bad"),
        (machine.memory(None), None),
        (machine.memory(GB), "good"),
        (machine.memory(GB // 8), "note"),
        (machine.python((3, 11, 7), has_uvloop=True), "good"),
        (machine.python((3, 11, 7), has_uvloop=False), "note"),
        (bus.without_bus(Settings()), "good"),
        (bus.without_bus(Settings(database_url="postgresql://")), "note"),
        (bus.reached("nats:4222", None), "good"),
        (bus.reached("nats:4222", "nobody listens"), "bad"),
    ],
    ids=lambda value: getattr(value, "says", None) or str(value),
)
def test_what_is_found_is_good_or_to_be_known_or_to_be_mended(found: Finding | None, expected: str | None) -> None:
    assert state(found) == expected


def certified(
    *names: str,
    begins: timedelta = timedelta(days=-1),
    ends: timedelta = timedelta(days=60),
    around: datetime = NOW,
    key: Key | None = None,
) -> bytes:
    """A certificate for some names, signed by itself."""
    key = key or new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "chat.example.org")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, around + begins, around + ends)
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        made = made.add_extension(alternative, critical=False)
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)


@pytest.mark.parametrize(
    ("pem", "name", "states"),
    [
        (certified("chat.example.org"), None, ["good"]),
        (certified("chat.example.org"), "Chat.example.org", ["good", "good"]),
        (certified("*.example.org"), "chat.example.org", ["good", "good"]),
        (certified("*.example.org"), "a.chat.example.org", ["good", "bad"]),
        (certified("example.org"), "chat.example.org", ["good", "bad"]),
        (certified(), None, ["bad"]),
        (certified("a.org", ends=timedelta(days=29)), None, ["note"]),
        (certified("a.org", ends=timedelta(days=6)), None, ["bad"]),
        (certified("a.org", ends=timedelta(seconds=0)), None, ["bad"]),
        (certified("a.org", begins=timedelta(seconds=1)), None, ["bad"]),
        (b"no certificate", None, ["bad"]),
    ],
    ids=[
        "unasked",
        "named",
        "wildcard",
        "too-deep",
        "other",
        "nameless",
        "soon",
        "very-soon",
        "over",
        "early",
        "words",
    ],
)
def test_a_certificate_is_looked_at_as_a_browser_would(pem: bytes, name: str | None, states: list[str]) -> None:
    assert [state(finding) for finding in certificate.certificate(pem, NOW, name)] == states


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data directory of a node with a tenant, whose server has a key."""
    assert CliRunner().invoke(main, ["tenant", "create", "acme", "--data", str(tmp_path / "data")]).exit_code == 0
    return tmp_path / "data"


def doctor(data: Path, *words: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["doctor", "--data", str(data), *words], env=environment)


def bads(result: Result) -> list[str]:
    """Return the names of what is bad, once the exit code was compared with them."""
    found = [finding["name"] for finding in json.loads(result.stdout)["findings"] if finding["state"] == "bad"]
    assert result.exit_code == bool(found)
    return found


def test_a_good_installation_is_told_a_line_each(data: Path) -> None:
    result = doctor(data)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert {line[:4] for line in lines} <= {"good", "note"}
    names = [line[6:].split("  ")[0] for line in lines]
    assert names[:3] == ["address", "limits", "database"]
    assert {
        "schema",
        "integrity",
        "size",
        "clock",
        "key",
        "key fits",
        "disk",
        "permissions",
        "bus",
        "open files",
    } < set(names)
    assert bads(doctor(data, "--json")) == []


def test_it_changes_nothing_and_needs_nothing_to_be_there(tmp_path: Path) -> None:
    assert doctor(tmp_path / "nothing").exit_code == 0
    assert not (tmp_path / "nothing").exists()


def test_it_looks_beside_who_writes(data: Path) -> None:
    with closing(open_beside_node(load_settings({}, data=str(data)))):
        assert bads(doctor(data, "--json")) == []


def _damage(data: Path) -> None:
    file = data / DATABASE_FILE
    content = bytearray(file.read_bytes())
    content[4096 : 6 * 4096] = b"\xff" * (5 * 4096)
    file.write_bytes(content)


def _ruin(data: Path) -> None:
    (data / DATABASE_FILE).write_text("Dear diary, " * 999)


def _open_up(data: Path) -> None:
    (data / KEY_FILE).chmod(0o644)


def _change_key(data: Path) -> None:
    (data / KEY_FILE).write_text("another" * 9)


def _garble_key(data: Path) -> None:
    (data / KEY_FILE).write_bytes(b"\xb8" * 40)


def _take_key(data: Path) -> None:
    (data / KEY_FILE).unlink()
    (data / KEY_FILE).mkdir(mode=0o700)


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (_garble_key, {"key"}),
        (_take_key, {"key"}),
        (_ruin, {"database"}),
        (_damage, {"database", "integrity"}),
        (_open_up, {"permissions"}),
        (_change_key, {"key fits"}),
    ],
)
def test_what_is_wrong_on_disk_is_found(data: Path, spoil: Callable[[Path], None], names: set[str]) -> None:
    spoil(data)
    found = bads(doctor(data, "--json"))
    assert found
    assert set(found) <= names


def test_data_that_is_no_directory_is_found(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("diary")
    assert set(bads(doctor(tmp_path / "data", "--json"))) == {"data"}


def test_settings_that_make_no_sense_are_a_finding(data: Path) -> None:
    result = doctor(data, "--json", IMAGECHAT_PORT="many")
    assert bads(result) == ["settings"]
    assert doctor(data, IMAGECHAT_TLS_CERT="only.pem").stdout.startswith("bad ")


def test_a_certificate_with_another_ones_key_is_found(data: Path, tmp_path: Path) -> None:
    cert, key, other = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "other.pem"
    private, now = new_key(), datetime.now(UTC)
    cert.write_bytes(certified("localhost", around=now, key=private))
    other.write_bytes(certified("localhost", around=now))
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key.chmod(0o600)
    pair = {"IMAGECHAT_TLS_CERT": str(cert), "IMAGECHAT_TLS_KEY": str(key)}
    assert bads(doctor(data, "--json", **pair)) == []
    assert bads(doctor(data, "--json", "--name", "localhost", **pair)) == []
    assert bads(doctor(data, "--json", "--name", "chat.example.org", **pair)) == ["certificate"]
    key.chmod(0o644)
    assert bads(doctor(data, "--json", **pair)) == ["permissions"]
    assert bads(doctor(data, "--json", **(pair | {"IMAGECHAT_TLS_CERT": str(other)}))) == ["certificate"]


def test_the_machine_is_looked_at_where_the_data_is(data: Path) -> None:
    [line] = [line for line in doctor(data).stdout.splitlines() if line[6:].startswith("disk ")]
    assert str(data) in line
