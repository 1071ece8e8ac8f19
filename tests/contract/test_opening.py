"""What cannot be opened is told in one line that says what to do, without a password, and ends with 2."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import run

import pytest
from click.testing import CliRunner
from deploy.local.ports import free_ports
from deploy.local.postgres import ROLE, PostgresServer
from sqlalchemy import Connection, text

from imagechat.cli import main
from imagechat.store import postgres as postgres_module
from imagechat.store.postgres import Postgres
from storing import PostgresBackend
from visiting import fresh

COMMANDS = (("serve", "--port", "0"), ("migrate",), ("tenant", "list"))
SECRET = "hush-hush"  # noqa: S105 -- of nothing


@pytest.fixture
def backend(postgres: PostgresServer) -> Iterator[PostgresBackend]:
    made = PostgresBackend(postgres, fresh("opening"))
    yield made
    made.drop()


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[str]:
    name = fresh("empty")
    yield postgres.create_database(name)
    postgres.drop_database(name)


def told(words: tuple[str, ...], **environment: str) -> str:
    """Run a command that must fail, and return what it says."""
    values = {f"IMAGECHAT_{name.upper()}": value for name, value in environment.items()}
    ended = CliRunner().invoke(main, list(words), env={"IMAGECHAT_DATABASE_SECONDS": "2"} | values)
    assert ended.exit_code == 2, ended.output
    assert ended.output == ended.stderr
    [line] = ended.stderr.splitlines()
    assert line.startswith("imagechat: ")
    assert SECRET not in line
    return line


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://me:{SECRET}@localhost/db",
        f"me:{SECRET}@localhost/db",
        f"postgresql:me:{SECRET}@localhost",
        f"postgresql+asyncpg://me:{SECRET}@localhost/db",
        f"postgres {SECRET}",
        f"postgresql://me:{SECRET}@localhost:port/db",
        f"postgresql://me:{SECRET}@[::1/db",
        f"postgresql://me:{SECRET}@localhost/db?sslmode=perhaps",
        f"postgresql://me:{SECRET}@{'x' * 70}.example/db",
        f"postgresql://me:{SECRET}@local host/db",
        f"postgresql://me:{SECRET}@localhost:99999/db",
        *(f"postgresql://me:{SECRET}{mark}@localhost/db" for mark in ("/x", "?x", "#x", "/?x=y")),
        *(f"postgresql://me:1{mark}{SECRET}@localhost/db" for mark in "/?#"),
    ],
)
def test_an_address_that_makes_no_sense_is_told_without_what_is_in_it(url: str) -> None:
    for words in COMMANDS:
        assert "IMAGECHAT_DATABASE_URL" in told(words, database_url=url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://localhost", "IMAGECHAT_BUS_URL: server 1 is not nats://"),
        (f"nats://a,nats://me:{SECRET}@b/{SECRET}", "IMAGECHAT_BUS_URL: server 2 is not nats://"),
    ],
)
def test_a_bus_that_is_no_nats_is_told(backend: PostgresBackend, url: str, says: str) -> None:
    assert says in told(COMMANDS[0], database_url=backend.url, bus_url=url)


@pytest.mark.parametrize("words", COMMANDS)
def test_a_server_that_is_not_there_is_told(words: tuple[str, ...]) -> None:
    [port] = free_ports(1)
    line = told(words, database_url=f"postgresql://me:{SECRET}@127.0.0.1:{port}/db")
    assert line.endswith(f"PostgreSQL cannot be reached at 127.0.0.1:{port}: Connection refused")
    line = told(words, database_url=f"postgresql://me:{SECRET}@nowhere.invalid/db")
    assert "names nowhere.invalid, a host that is unknown" in line


def test_a_server_that_does_not_answer_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        line = told(
            ("tenant", "list"), database_url=f"postgresql://me:{SECRET}@127.0.0.1:{port}/db", database_seconds="1"
        )
    assert line.endswith(f"PostgreSQL at 127.0.0.1:{port} does not answer")


@pytest.mark.parametrize("words", COMMANDS)
def test_a_password_or_a_database_that_is_not_right_is_told(postgres: PostgresServer, words: tuple[str, ...]) -> None:
    assert "refuses the user or the password" in told(words, database_url=postgres.url(password=SECRET))
    assert "make it with createdb" in told(words, database_url=postgres.url("nothing"))
    server = f"127.0.0.1:{postgres.port}"
    assert "refuses the user or the password" in told(words, database_url=f"postgresql://nobody:{SECRET}@{server}/x")


@pytest.mark.parametrize("words", [COMMANDS[0], COMMANDS[2]])
def test_an_empty_database_says_migrate(empty: str, words: tuple[str, ...]) -> None:
    assert told(words, database_url=empty) == "imagechat: the database is empty: run `imagechat migrate` first"


def set_revision(backend: PostgresBackend, revision: str, oldest: str) -> None:
    def setting(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        connection.execute(text("UPDATE history SET oldest_program = :it"), {"it": oldest})

    with closing(backend.link()) as link:
        link.write(setting)


@pytest.mark.parametrize("words", [COMMANDS[0], COMMANDS[2]])
def test_an_older_schema_says_migrate(backend: PostgresBackend, words: tuple[str, ...]) -> None:
    set_revision(backend, "0003", "0003")
    assert "has schema 0003" in (line := told(words, database_url=backend.url))
    assert line.endswith("run `imagechat migrate` first")


@pytest.mark.parametrize("words", COMMANDS)
def test_a_newer_schema_says_newer_program(backend: PostgresBackend, words: tuple[str, ...]) -> None:
    set_revision(backend, "9999", "9999")
    assert told(words, database_url=backend.url).endswith("run a newer imagechat")


@pytest.mark.parametrize("words", COMMANDS)
def test_a_postgresql_that_is_too_old_is_told(
    backend: PostgresBackend, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_module, "_version", lambda _connection: 14)
    assert "PostgreSQL 15 or newer is needed, and this is 14" in told(words, database_url=backend.url)


def test_a_user_who_may_make_no_tables_is_told(postgres: PostgresServer) -> None:
    name = fresh("forbidden")
    postgres.run(f'CREATE DATABASE "{name}"')
    try:
        line = told(("migrate",), database_url=postgres.url(name))
        assert "does not let this user do that: permission denied for schema public" in line
    finally:
        postgres.drop_database(name)


def test_a_server_without_a_connection_left_is_told(postgres: PostgresServer) -> None:
    name = fresh("crowded")
    url = postgres.create_database(name)
    postgres.run(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
    try:
        assert "has no connection left" in told(("migrate",), database_url=url)
    finally:
        postgres.drop_database(name)


def test_a_process_of_its_own_says_no_more_than_that_line(empty: str) -> None:
    words = [sys.executable, "-m", "imagechat.cli", "serve", "--port", "0"]
    ended = run(words, env=os.environ | {"IMAGECHAT_DATABASE_URL": empty}, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "imagechat: the database is empty: run `imagechat migrate` first\n"


def test_a_server_is_found_by_its_socket_and_by_what_libpq_takes(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with PostgresServer(tmp_path / "p", settings={"unix_socket_directories": str(folder)}) as server:
        for url in (
            f"postgresql://{ROLE}:{server.password}@/{ROLE}?host={folder}&port={server.port}",
            f"postgresql:///{ROLE}?host={folder}&port={server.port}&user={ROLE}&password={server.password}",
            server.url() + "?sslmode=prefer",
            server.url().replace("postgresql://", "postgres://") + "?sslmode=disable",
        ):
            with closing(Postgres(url).open(migrating=True)) as link:
                assert link.migrated[1] == "0007"
        ended = told(("migrate",), database_url=server.url() + "?sslmode=require")
        assert "PostgreSQL cannot be reached at" in ended
        nowhere = f"postgresql://{ROLE}:{SECRET}@/{ROLE}?host={tmp_path}/none"
        assert "cannot be reached at its socket" in told(("migrate",), database_url=nowhere)
