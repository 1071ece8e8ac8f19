"""Nodes that are started with little, or with what cannot work: the first serve, the others end with one line."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from deploy.local.nats import NatsServer
from deploy.local.node import IMAGECHAT
from deploy.local.ports import free_ports
from deploy.local.postgres import PostgresServer
from deploy.local.program import Program

from clustered import new_database
from running import TRUSTED

PERMISSIONS = """
authorization { users: [
  { user: "node", password: "right" },
  { user: "mute", password: "right", permissions: { publish: "elsewhere.>", subscribe: ">" } }
] }
"""


@pytest.fixture(scope="module")
def database_url(postgres: PostgresServer) -> Iterator[str]:
    with new_database(postgres) as url:
        yield url


@pytest.fixture(scope="module")
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with NatsServer(tmp_path_factory.mktemp("nats"), PERMISSIONS) as server:
        yield server


async def refusal(database_url: str, bus_url: str) -> str:
    """Start a node that cannot start, and return all that it says."""
    [port] = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        *IMAGECHAT,
        "serve",
        "--port",
        str(port),
        env=os.environ | {"IMAGECHAT_DATABASE_URL": database_url, "IMAGECHAT_BUS_URL": bus_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2, said.decode()
    return said.decode()


async def test_a_bus_that_cannot_be_used_ends_the_start_with_one_line(database_url: str, nats: NatsServer) -> None:
    [nobody] = free_ports(1)
    wrong = {
        f"nats://127.0.0.1:{nobody}": f"NATS cannot be reached at 127.0.0.1:{nobody} (",
        "nats://nats.invalid:4222": "NATS cannot be reached at nats.invalid:4222 (",
        f"nats://node:wrong@{nats.address}": f"NATS at {nats.address} does not let this node in (",
        f"nats://mute:right@{nats.address}": "NATS does not let this node take part (",
        f"tls://node:right@{nats.address}": f"NATS cannot be reached at {nats.address} (it does not encrypt)",
        database_url.replace("postgresql://", "nats://").rpartition("/")[0]: "NATS cannot be reached at 127.0.0.1:",
        "http://127.0.0.1": "IMAGECHAT_BUS_URL: server 1 is not nats://host:port",
    }
    said = await asyncio.gather(*[refusal(database_url, bus_url) for bus_url in wrong])
    for bus_url, expected, line in zip(wrong, wrong.values(), said, strict=True):
        assert line.startswith(f"imagechat: {expected}"), (bus_url, line)
        assert "IMAGECHAT_BUS" in line
        assert line.count("\n") == 1, line
        assert "wrong@" not in line
        assert "right@" not in line


def test_a_node_needs_two_addresses_and_writes_nothing(
    database_url: str, nats: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir(mode=0o500)
    for variable in [name for name in os.environ if name.startswith("IMAGECHAT_")]:
        monkeypatch.delenv(variable)
    [port] = free_ports(1)
    # root may write to read-only directories too, unless it has lost that right
    without = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"] if os.geteuid() == 0 else []
    program = Program(
        "a node",
        [*without, "env", f"--chdir={nowhere}", *IMAGECHAT, "serve", "--port", str(port)],
        tmp_path / "node.log",
        r"Image Chat is at ",
        environment={"IMAGECHAT_DATABASE_URL": database_url, "IMAGECHAT_BUS_URL": f"nats://node:right@{nats.address}"},
    )
    assert subprocess.run(
        [*without, sys.executable, "-c", f"open({str(nowhere / 'file')!r}, 'w')"], check=False, capture_output=True
    ).returncode
    try:
        program.start()
        assert httpx.get(f"http://127.0.0.1:{port}/readyz", verify=TRUSTED).json() == {"status": "ready"}
        assert program.end() == 0
    finally:
        program.end()
    assert list(nowhere.iterdir()) == []
