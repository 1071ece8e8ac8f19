"""A backup of PostgreSQL with its own programs: whole, and brought back in one transaction or not at all."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deploy.local.postgres import PostgresServer
from sqlalchemy import text

from imagechat.cli import main
from imagechat.store.new_history import begin_new_history
from imagechat.store.postgres import Postgres
from imagechat.store.postgres_tools import Target, load_dump
from making import ANN, create_marker
from storing import PostgresBackend, Store
from visiting import fresh

HISTORY = "SELECT epoch, installation, secret_key FROM history"


def run(url: str, *words: str, **more: str) -> Result:
    return CliRunner().invoke(main, words, env={"IMAGECHAT_DATABASE_URL": url} | more)


def refused(url: str, *words: str, **more: str) -> str:
    done = run(url, *words, **more)
    assert (done.exit_code, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    return line


@pytest.fixture
def backend(postgres: PostgresServer) -> Iterator[PostgresBackend]:
    made = PostgresBackend(postgres, fresh("kept"))
    yield made
    made.drop()


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[str]:
    """The address of a database with nothing in it."""
    name = fresh("empty")
    yield postgres.create_database(name)
    postgres.drop_database(name)


def history(url: str) -> list[str]:
    with closing(Postgres(url).open()) as link:
        return list(link.read(lambda connection: connection.execute(text(HISTORY)).one()))


async def test_SEQ3_IDEM1_a_dump_comes_back_with_its_key_and_its_receipts_and_another_history(
    backend: PostgresBackend, empty: str, tmp_path: Path
) -> None:
    assert run(backend.url, "tenant", "create", "acme").exit_code == 0
    store = Store(backend)
    command = create_marker()
    made = await store.do(ANN, command)
    await store.close()
    before = history(backend.url)
    file = tmp_path / "backup"
    done = run(backend.url, "backup", str(file))
    assert done.exit_code == 0, done.output
    assert "key is in it" in done.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    done = run(empty, "restore", str(file))
    assert (done.exit_code, "sealed" in done.stdout) == (0, False), done.output
    after = history(empty)
    assert (after[0] != before[0], after[1] != before[1], after[2]) == (True, True, before[2])
    again = Store(_At(empty))  # type: ignore[arg-type]  # as much of a backend as is used
    assert (await again.do(ANN, command)).placed == made.placed
    assert (await again.snapshot()).epoch == after[0]
    await again.close()
    assert "not empty" in refused(empty, "restore", str(file))


class _At:
    def __init__(self, url: str) -> None:
        self._url = url

    def open(self) -> object:
        return Postgres(self._url).open().for_node()


def test_SEQ3_another_history_is_begun_by_a_word_and_not_under_nodes(backend: PostgresBackend) -> None:
    before = history(backend.url)
    with closing(backend.link()) as node:
        node.read(lambda connection: connection.execute(text(HISTORY)))
        assert "stop all of them" in refused(backend.url, "new-history")
    assert run(backend.url, "new-history").exit_code == 0
    assert not set(before[:2]) & set(history(backend.url))


def test_what_ends_a_restore_leaves_the_database_empty(backend: PostgresBackend, empty: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    assert run(backend.url, "backup", str(file)).exit_code == 0
    with pytest.raises(RuntimeError, match=r"psql: .*no_such_table"):
        load_dump(file, empty, "UPDATE no_such_table SET epoch = '';")
    with pytest.raises(RuntimeError, match="pg_restore: "):
        load_dump(tmp_path / "nothing", empty, "SELECT 1;")
    assert run(empty, "restore", str(file)).exit_code == 0
    assert history(empty)[0]


def test_what_is_no_dump_of_ours_is_refused_in_a_line(
    postgres: PostgresServer, backend: PostgresBackend, empty: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    assert run(backend.url, "backup", str(file)).exit_code == 0
    whole = file.read_bytes()
    assert "is there already" in refused(backend.url, "backup", str(file))
    assert "no file" in refused(empty, "restore", str(tmp_path / "nothing"))
    file.write_bytes(whole[: len(whole) // 2])
    assert refused(empty, "restore", str(file)).startswith("imagechat: pg_restore: ")
    file.write_text("Dear diary")
    assert refused(empty, "restore", str(file)).startswith("imagechat: pg_restore: ")
    postgres.run("UPDATE alembic_version SET version_num = '9999'", backend.url.rpartition("/")[2])
    file.unlink()
    assert run(backend.url, "backup", str(file)).exit_code == 0
    assert "run a newer imagechat" in refused(empty, "restore", str(file))


def test_a_database_that_cannot_be_reached_is_told_in_a_line_without_its_password(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    wrong = postgres.url(password="a-wrong-one")  # noqa: S106 -- it is wrong
    for words in (["backup", str(tmp_path / "b")], ["new-history"]):
        line = refused(wrong, *words)
        assert "a-wrong-one" not in line
        assert "password" in line
    assert list(tmp_path.glob("*")) == []
    for url in ("postgresql://ann:a-wrong-one/x@db/chat", "postgresql://ann:1#a-wrong-one@db/chat"):
        line = refused(url, "backup", str(tmp_path / "b"))
        assert ("a-wrong-one" not in line, "%2F" in line) == (True, True)
    assert "pgbouncer" in refused(wrong, "backup", str(tmp_path / "b"), IMAGECHAT_DATABASE_POOLED="on")
    assert "SECRET_KEY" in refused(wrong, "backup", str(tmp_path / "b"), "--without-key")


def test_where_there_is_no_pg_dump_its_line_is_named(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    line = refused(postgres.url(), "backup", str(tmp_path / "b"))
    assert "PGPASSWORD=… pg_dump --format=custom" in line
    assert postgres.password not in line


@pytest.mark.parametrize(
    ("url", "shown", "secret"),
    [
        ("postgresql://ann:p%40ss@db:5432/chat", "postgresql://ann@db:5432/chat", {"PGPASSWORD": "p@ss"}),
        ("postgres://ann@db/chat?sslmode=require", "postgres://ann@db/chat?sslmode=require", {}),
        (
            "postgresql:///chat?host=/run/pg&password=p%26s",
            "postgresql:///chat?host=%2Frun%2Fpg",
            {"PGPASSWORD": "p&s"},
        ),
        ("postgresql://ann:a:b@[::1]/chat", "postgresql://ann@[::1]/chat", {"PGPASSWORD": "a:b"}),
    ],
)
def test_a_password_is_not_among_the_words_that_others_see(url: str, shown: str, secret: dict[str, str]) -> None:
    assert Target.parse(url) == Target(shown, secret)


async def test_what_begins_another_history_ends_what_was_the_nodes_own(backend: PostgresBackend) -> None:
    with closing(backend.link()) as link:
        link.write(
            lambda connection: connection.execute(
                text("INSERT INTO nodes (id, started_at, at, flushes, report) VALUES ('n', 1, 1, 1, '{}')")
            )
        )
        link.write(begin_new_history)
        assert link.read(lambda connection: connection.execute(text("SELECT count(*) FROM nodes")).scalar_one()) == 0
