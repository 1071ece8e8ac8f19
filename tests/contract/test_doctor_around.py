"""What the doctor says of a PostgreSQL and of NATS, which are real."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from deploy.local.nats import NatsServer
from deploy.local.ports import free_ports
from deploy.local.postgres import PostgresServer

from imagechat.cli import main
from storing import PostgresBackend
from visiting import fresh


def examined(**environment: str) -> tuple[dict[str, list[dict[str, Any]]], str]:
    done = CliRunner().invoke(main, ["doctor", "--json"], env=environment)
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        found.setdefault(finding["name"], []).append(finding)
    assert done.exit_code == any(finding["state"] == "bad" for each in found.values() for finding in each)
    return found, done.output


def test_a_shared_database_and_its_bus_are_good(postgres_backend: PostgresBackend, nats_server: NatsServer) -> None:
    found, _ = examined(IMAGECHAT_DATABASE_URL=postgres_backend.url, IMAGECHAT_BUS_URL=nats_server.url)
    for name in ("database", "schema", "size", "clock", "bus", "backup"):
        assert [finding["state"] for finding in found[name]] == ["good"]
    assert found["database"][0]["says"].startswith("PostgreSQL ")
    assert found["key"][0]["state"] == "note"


def test_what_cannot_be_reached_is_said_without_a_password(postgres: PostgresServer, nats_server: NatsServer) -> None:
    [port] = free_ports(1)
    urls = f"{nats_server.url},nats://ann:a-secret@127.0.0.1:{port}"
    found, output = examined(
        IMAGECHAT_DATABASE_URL=postgres.url(password="a-wrong-one"),  # noqa: S106 -- it is wrong
        IMAGECHAT_BUS_URL=f"nats://ann:a-secret@127.0.0.1:{nats_server.port},{urls.rpartition(',')[2]}",
    )
    assert [finding["state"] for finding in found["database"]] == ["bad"]
    assert sorted(finding["state"] for finding in found["bus"]) == ["bad", "good"]
    assert "a-wrong-one" not in output
    assert "a-secret" not in output


@pytest.mark.parametrize("url", ["nats://", "http://nats"])
def test_an_address_of_a_bus_that_is_none_is_a_finding(url: str) -> None:
    found, _ = examined(IMAGECHAT_BUS_URL=url)
    assert [finding["state"] for finding in found["bus"]] == ["bad"]


def test_an_empty_database_is_to_be_migrated(postgres: PostgresServer) -> None:
    name = fresh("empty")
    found, _ = examined(IMAGECHAT_DATABASE_URL=postgres.create_database(name))
    assert "imagechat migrate" in found["schema"][0]["advice"]
    postgres.drop_database(name)


def test_a_database_that_takes_nothing_new_is_to_be_mended(
    postgres: PostgresServer, postgres_backend: PostgresBackend
) -> None:
    name = postgres_backend.url.rpartition("/")[2]
    postgres.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    found, _ = examined(IMAGECHAT_DATABASE_URL=postgres_backend.url)
    assert found["database"][0]["state"] == "bad"
