"""Alembic, driven from the program: no ini file, no files outside the package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def migrate(connection: Connection) -> tuple[str | None, str]:
    """Bring a database to this program's schema; return its revision before and after.

    Raises `RuntimeError` when the database is of a newer program.
    """
    config = _config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    assert newest is not None  # noqa: S101 -- the package holds migrations
    before = revision(connection)
    if before == newest:
        return before, newest
    if before is not None and before not in _known(config):
        msg = f"the database has schema {before}, which this version does not know: run a newer imagechat"
        raise RuntimeError(msg)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before, newest


def revision(connection: Connection) -> str | None:
    """Return the revision that a database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _known(config: Config) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
