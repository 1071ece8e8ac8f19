"""A backup of the embedded database: whole, of one moment, and brought back all or not at all."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from imagechat.cli import main
from imagechat.opening import DATABASE_FILE, claim, key_beside_node, open_beside_node
from imagechat.settings import KEY_FILE, Settings, load_settings
from imagechat.store import sqlite_copy
from imagechat.store.installation import stored_key
from imagechat.store.sqlite_copy import contents_of, copy_database
from imagechat.store.tenants import list_tenants
from imagechat.store.whole_file import whole_file

KEY = "k" * 40
HISTORY = "SELECT epoch, installation FROM history"


class Place:
    """A data directory, and a backup of it."""

    def __init__(self, directory: Path) -> None:
        self.data = directory / "data"
        self.file = directory / "backup"
        self.database = self.data / DATABASE_FILE

    def run(self, *words: str, **environment: str) -> Result:
        return CliRunner().invoke(main, [*words, "--data", str(self.data)], env=environment)

    def does(self, *words: str, **environment: str) -> str:
        done = self.run(*words, **environment)
        assert done.exit_code == 0, done.output
        return done.stdout

    def refuses(self, *words: str, **environment: str) -> str:
        """Return the one line that a command is refused with."""
        done = self.run(*words, **environment)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith("imagechat: ")
        [line] = done.stderr.splitlines()
        return line

    @property
    def settings(self) -> Settings:
        return load_settings({}, data=str(self.data))

    @property
    def tenants(self) -> list[str]:
        with closing(open_beside_node(self.settings)) as opened:
            return [tenant.id for tenant in opened.read(list_tenants)]

    @property
    def names(self) -> Sequence[str]:
        with closing(open_beside_node(self.settings)) as opened:
            return opened.read(lambda connection: connection.exec_driver_sql(HISTORY).one())

    def asides(self, name: str = DATABASE_FILE) -> list[Path]:
        return sorted(self.data.glob(f"{name}.before-*"))


def _overwrite(file: Path) -> None:
    """Have a page that matters, and not the first one, be something else."""
    data = bytearray(file.read_bytes())
    data[4096 : 3 * 4096] = b"\xff" * (2 * 4096)
    file.write_bytes(data)


def _foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("CREATE TABLE history (words)")


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("UPDATE alembic_version SET version_num = '9999'")
        made.execute("UPDATE history SET oldest_program = '9999'")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.does("tenant", "create", "acme")
    return made


def test_a_backup_takes_no_place_of_what_is_no_file_or_the_nodes_own(place: Place, tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "unmounted" / "backup")
    before = place.database.stat().st_ino
    assert "no ordinary file" in place.refuses("backup", str(pipe), "--force")
    assert "say --force" in place.refuses("backup", str(link))
    for name in (DATABASE_FILE, f"{DATABASE_FILE}-wal", KEY_FILE, "node-lock"):
        assert "the node itself uses" in place.refuses("backup", str(place.data / name), "--force")
    assert (pipe.is_fifo(), link.is_symlink(), place.database.stat().st_ino) == (True, True, before)
    place.does("backup", str(place.data / "imagechat.sqlite3.backup"))


def test_a_backup_is_one_file_for_its_owner_only_and_says_what_it_holds(place: Place) -> None:
    said = place.does("backup", str(place.file))
    assert "tenants: 1, pictures: 0" in said
    assert "key is in it" in said
    assert place.file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in place.file.parent.iterdir() if path.is_file()] == ["backup"]


def test_what_is_written_while_a_backup_is_made_is_not_in_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_copy, "STEP", 1)
    written: list[int] = []

    def write(done: int, total: int) -> None:
        assert 0 < done <= total
        place.does("tenant", "create", f"later-{done}")
        written.append(done)

    held = copy_database(place.database, place.file, write)
    assert len(written) == written[-1] > 10  # it did not begin anew when others wrote
    assert (held.tenants, contents_of(place.file)) == (1, held)
    assert len(place.tenants) == 1 + len(written)


def test_SEQ3_a_backup_comes_back_with_its_key_and_another_history(place: Place) -> None:
    key, names = key_beside_node(place.settings), place.names
    place.does("backup", str(place.file))
    elsewhere = Place(place.data.parent / "elsewhere")
    elsewhere.does("restore", str(place.file))
    assert (elsewhere.tenants, key_beside_node(elsewhere.settings)) == (["acme"], key)
    assert not set(names) & set(elsewhere.names)
    assert (elsewhere.data / KEY_FILE).stat().st_mode & 0o777 == 0o600
    with closing(open_beside_node(elsewhere.settings)) as opened:
        assert opened.read(stored_key) is None
    elsewhere.database.with_name(DATABASE_FILE + "-wal").unlink(missing_ok=True)
    assert key.encode() not in elsewhere.database.read_bytes()  # not in a free page either


def test_a_key_that_is_left_out_is_asked_for(place: Place) -> None:
    assert "key is not in it" in place.does("backup", str(place.file), "--without-key")
    assert key_beside_node(place.settings).encode() not in place.file.read_bytes()
    elsewhere = Place(place.data.parent / "elsewhere")
    assert "sealed with another key" in elsewhere.does("restore", str(place.file))


def test_a_key_that_is_set_stays_with_the_operator(place: Place) -> None:
    said = place.does("backup", str(place.file), IMAGECHAT_SECRET_KEY=KEY)
    assert "keep IMAGECHAT_SECRET_KEY too" in said
    assert KEY.encode() not in place.file.read_bytes()


def test_a_backup_with_a_key_does_not_come_back_beside_another_that_is_set(place: Place) -> None:
    place.does("backup", str(place.file))
    elsewhere = Place(place.data.parent / "elsewhere")
    assert "not the key of this backup" in elsewhere.refuses("restore", str(place.file), IMAGECHAT_SECRET_KEY=KEY)
    assert not elsewhere.database.exists()
    elsewhere.does("restore", str(place.file), IMAGECHAT_SECRET_KEY=key_beside_node(place.settings))
    assert not (elsewhere.data / KEY_FILE).exists()


def test_what_a_restore_replaces_is_kept_under_another_name(place: Place) -> None:
    place.does("backup", str(place.file))
    place.does("tenant", "create", "later")
    old_key = key_beside_node(place.settings)
    (place.data / KEY_FILE).write_text("another " + KEY)
    assert "say --force" in place.refuses("restore", str(place.file))
    assert place.tenants == ["acme", "later"]
    said = place.does("restore", str(place.file), "--force")
    assert place.tenants == ["acme"]
    [kept], [kept_key] = place.asides(), place.asides(KEY_FILE)
    assert str(kept) in said
    assert contents_of(kept).tenants == 2
    assert (kept_key.read_text(), key_beside_node(place.settings)) == ("another " + KEY, old_key)


def test_a_damaged_database_is_replaced_too(place: Place) -> None:
    place.does("backup", str(place.file))
    place.database.write_bytes(b"no database " * 1000)
    place.does("restore", str(place.file), "--force")
    assert place.tenants == ["acme"]
    assert place.asides()[0].read_bytes()[:11] == b"no database"


def test_a_log_that_is_left_of_a_database_that_is_gone_does_not_touch_the_new_one(place: Place) -> None:
    place.does("backup", str(place.file))
    wal = place.database.with_name(DATABASE_FILE + "-wal")
    with closing(open_beside_node(place.settings)):
        place.does("tenant", "create", "later")
        left = wal.read_bytes()
    place.database.unlink()
    wal.write_bytes(left)
    place.does("restore", str(place.file))
    assert place.tenants == ["acme"]
    assert [kept.read_bytes() == left for kept in place.asides()] == [True]


def test_a_backup_of_an_older_schema_is_brought_to_this_one(place: Place) -> None:
    place.does("backup", str(place.file))
    with closing(sqlite3.connect(place.file)) as old, old:
        for name in ("reviewed", "operator_sessions", "usage", "picture_usage", "nodes", "read_marks", "opinions"):
            old.execute(f"DROP TABLE {name}")
        for name in ("markers_of_tenant", "comments_of_tenant"):
            old.execute(f"DROP INDEX {name}")
        old.execute("ALTER TABLE comments DROP COLUMN tally")
        old.execute("UPDATE alembic_version SET version_num = '0004'")
    assert "from 0004 to" in place.does("restore", str(place.file), "--force")
    assert place.tenants == ["acme"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.unlink(), "there is no file"),
        (lambda file: file.write_text("Dear diary, " * 999), "file is not a database"),
        (lambda file: file.write_bytes(b""), "no database of Image Chat"),
        (lambda file: file.write_bytes(file.read_bytes()[:-9000]), "malformed"),
        (_overwrite, "cannot be used"),
        (_foreign, "no database of Image Chat"),
        (_newer, "run a newer imagechat"),
    ],
    ids=["missing", "words", "empty", "truncated", "overwritten", "foreign", "newer"],
)
def test_what_is_no_whole_backup_of_ours_is_refused_in_a_line(place: Place, spoil: object, said: str) -> None:
    place.does("backup", str(place.file))
    assert callable(spoil)
    spoil(place.file)
    before = place.names
    assert said in place.refuses("restore", str(place.file), "--force")
    assert (place.tenants, place.names, place.asides()) == (["acme"], before, [])
    elsewhere = Place(place.data.parent / "elsewhere")
    assert said in elsewhere.refuses("restore", str(place.file))
    assert not elsewhere.database.exists()


def test_nothing_is_restored_and_no_history_begun_under_a_node(place: Place) -> None:
    place.does("backup", str(place.file))
    with claim(place.settings):
        assert "stop it" in place.refuses("restore", str(place.file), "--force")
        assert "stop it" in place.refuses("new-history")


def test_nothing_is_restored_under_somebody_who_has_the_database_open(place: Place) -> None:
    place.does("backup", str(place.file))
    with closing(open_beside_node(place.settings)):
        assert "open: end that" in place.refuses("restore", str(place.file), "--force")
    assert place.asides() == []


def test_a_backup_takes_no_other_files_name_unless_told(place: Place) -> None:
    place.file.write_text("a letter")
    assert "is there already" in place.refuses("backup", str(place.file))
    assert "is a directory" in place.refuses("backup", str(place.data))
    assert place.file.read_text() == "a letter"
    place.does("backup", str(place.file), "--force")
    assert contents_of(place.file).tenants == 1
    assert "there is no database" in Place(place.data.parent / "elsewhere").refuses(
        "backup", str(place.file), "--force"
    )


def test_a_backup_that_finds_no_room_says_so_and_leaves_the_one_before_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.does("backup", str(place.file))
    before = place.file.read_bytes()
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def fail(*_: object) -> None:
        raise full

    monkeypatch.setattr(sqlite_copy, "_check", fail)
    assert "no room for a copy" in place.refuses("backup", str(place.file), "--force")
    assert (place.file.read_bytes(), len(list(place.file.parent.glob(".*")))) == (before, 0)


def test_two_who_write_one_file_do_not_mix(place: Place) -> None:
    with whole_file(place.file) as partial:
        partial.write_text("whole")
        assert "somebody else" in place.refuses("backup", str(place.file))
    assert place.file.read_text() == "whole"


def test_SEQ3_a_new_history_is_begun_by_a_word(place: Place) -> None:
    before = place.names
    place.does("new-history")
    assert not set(before) & set(place.names)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("backup", "kept_key"),
        ("store.whole_file", "os.fsync"),
        ("restore", "copy_database"),
        ("restore", "migrate"),
        ("restore", "begin_new_history"),
        ("restore", "_set_aside"),
        ("restore", "sync_directory"),
        ("store.whole_file", "sync_directory"),
        ("opening", "keep_key"),
        ("opening", "store_key"),
    ],
)
def test_whatever_kills_a_backup_or_a_restore_leaves_the_old_or_the_new_and_a_second_try_does_it(
    place: Place, module: str, name: str
) -> None:
    place.does("backup", str(place.file))
    place.does("tenant", "create", "later")
    old, key = place.names, key_beside_node(place.settings)
    _killed_at(module, name, ["backup", str(place.file), "--force", "--data", str(place.data)])
    held = contents_of(place.file).tenants
    assert held in {1, 2}
    _killed_at(module, name, ["restore", str(place.file), "--force", "--data", str(place.data)])
    assert (place.names == old, len(place.tenants)) in {(True, 2), (False, held)}
    assert key_beside_node(place.settings) == key
    place.does("backup", str(place.file), "--force")
    place.does("restore", str(place.file), "--force")
    assert not set(old) & set(place.names)
    assert not [path for path in place.asides() if path.samefile(place.database)]


def _killed_at(module: str, name: str, words: list[str]) -> None:
    """Run a command that is killed where it calls something, if it does."""
    program = (
        "import os, signal, sys, imagechat.cli\n"
        f"from imagechat import {module} as module\n"
        f"module.{name} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        "imagechat.cli.main(sys.argv[1:])"
    ).replace("from imagechat import store.whole_file", "from imagechat.store import whole_file")
    done = subprocess.run([sys.executable, "-c", program, *words], env=os.environ, capture_output=True, check=False)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
