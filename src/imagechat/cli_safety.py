"""`imagechat backup`, `imagechat restore` and `imagechat new-history`: what keeps an installation's data safe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from imagechat.backup import back_up
from imagechat.cli_plain import data_option, plainly
from imagechat.restore import new_history as begin
from imagechat.restore import restore as bring_back
from imagechat.settings import load_settings
from imagechat.store.sqlite_copy import Progress

_file = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")


@click.command()
@_file
@click.option("--force", is_flag=True, help="replace FILE, once the new backup is whole")
@click.option("--without-key", is_flag=True, help="leave the server's key out; a restore needs it too")
@data_option
@plainly
def backup(file: Path, force: bool, without_key: bool, **flags: Any) -> None:  # noqa: FBT001 -- flags
    """Write all that there is into FILE, also beside a node that runs; it is of one moment, and checked."""
    with _progress() as progress:
        lines = back_up(load_settings(**flags), file, progress, force=force, with_key=not without_key)
    click.echo("\n".join(lines))


@click.command()
@_file
@click.option("--force", is_flag=True, help="in place of a database that is there, which is kept under another name")
@data_option
@plainly
def restore(file: Path, force: bool, **flags: Any) -> None:  # noqa: FBT001 -- flags
    """Bring a backup back while no node runs; with PostgreSQL, into an empty database."""
    with _progress() as progress:
        lines = bring_back(load_settings(**flags), file, progress, force=force)
    click.echo("\n".join(lines))


@click.command()
@data_option
@plainly
def new_history(**flags: Any) -> None:
    """After a database came back by other means: have every page take a new snapshot. Stop all nodes first."""
    begin(load_settings(**flags))
    click.echo("Another history has begun: every page takes a new snapshot.")


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show on a terminal how far a copy is."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with click.progressbar(length=1, label="copying", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show
