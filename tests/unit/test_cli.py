import json
from contextlib import closing
from pathlib import Path
from socket import create_server
from sqlite3 import connect

import pytest
from click.testing import CliRunner, Result

from imagechat import __version__
from imagechat.cli import main
from imagechat.opening import DATABASE_FILE, claim
from imagechat.settings import describe, load_settings
from imagechat.store.migrate import NEWEST


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(tmp_path / "data")


def run(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(main, words, env={"IMAGECHAT_PORT": "0"} | environment)


def test_settings_lists_every_setting() -> None:
    result = run("settings")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == [each.variable for each in describe()]


def test_version_tells_the_version() -> None:
    assert __version__ in run("--version").stdout


def test_migrate_makes_the_database_and_does_nothing_the_second_time(data: str) -> None:
    assert f"from None to {NEWEST}" in run("migrate", "--data", data).stdout
    assert run("migrate", "--data", data).stdout == f"The schema is {NEWEST}.\n"


def test_a_tenant_is_made_and_listed(data: str) -> None:
    assert run("tenant", "create", "shop", "--data", data).stdout.startswith("Made the tenant shop.\n")
    made = json.loads(run("tenant", "create", "blog", "--name", "The Blog", "--json", "--data", data).stdout)
    assert (made["tenantId"], made["name"], made["createdAt"][-1]) == ("blog", "The Blog", "Z")
    assert made["apiKey"].startswith("ick_")
    listed = run("tenant", "list", "--data", data).stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["blog", "shop"]


@pytest.mark.parametrize("tenant_id", ["taken", "a b", "a.b", "", "x" * 65])
def test_a_tenant_that_cannot_be_made_ends_with_one_line(data: str, tenant_id: str) -> None:
    run("tenant", "create", "taken", "--data", data)
    result = run("tenant", "create", tenant_id, "--data", data)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith("imagechat: ")


@pytest.mark.parametrize("words", [("serve",), ("demo",), ("migrate",), ("tenant", "list")])
def test_a_wrong_setting_ends_with_one_line(data: str, words: tuple[str, ...]) -> None:
    result = run(*words, "--data", data, IMAGECHAT_PORT="no number")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "IMAGECHAT_PORT" in result.stderr


def test_a_data_directory_that_cannot_be_used_ends_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for words in (("serve",), ("migrate",)):
        result = run(*words, "--data", str(tmp_path / "file"))
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), words


@pytest.mark.parametrize("words", [("serve",), ("migrate",), ("tenant", "list"), ("tenant", "create", "shop")])
@pytest.mark.parametrize("found", ["a directory", "other bytes"])
def test_a_database_that_cannot_be_used_ends_with_one_line(tmp_path: Path, words: tuple[str, ...], found: str) -> None:
    path = tmp_path / DATABASE_FILE
    if found == "a directory":
        path.mkdir()
    else:
        path.write_bytes(b"no database " * 1000)
    result = run(*words, "--data", str(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith("imagechat: the database cannot be used: ")


def test_an_address_that_is_taken_or_unknown_ends_with_one_line(data: str) -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        for host, port in (("127.0.0.1", str(taken.getsockname()[1])), ("no.such.host.invalid", "0")):
            result = run("serve", "--host", host, "--port", port, "--data", data)
            assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
            assert result.stderr.startswith(f"imagechat: cannot listen on {host} port {port}: ")


def test_a_second_node_on_the_same_data_ends_with_one_line(data: str) -> None:
    with claim(load_settings({}, data=data)):
        result = run("serve", "--port", "0", "--data", data)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "another node is running" in result.stderr


def test_a_database_of_a_newer_version_is_left_alone(data: str) -> None:
    run("migrate", "--data", data)
    with closing(connect(Path(data) / "imagechat.sqlite3")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.execute("UPDATE history SET oldest_program = '9000'")
        database.commit()
    result = run("serve", "--port", "0", "--data", data)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "newer" in result.stderr


def test_a_command_does_not_change_the_schema_under_a_running_node(data: str) -> None:
    run("tenant", "create", "acme", "--data", data)
    with closing(connect(Path(data) / DATABASE_FILE)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    with claim(load_settings({}, data=data)):  # as a node does
        refused = run("tenant", "list", "--data", data)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "another node is running" in refused.stderr
    with closing(connect(Path(data) / DATABASE_FILE)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
