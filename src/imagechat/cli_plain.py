"""What all commands share: how an operator's mistake is told in one line, and where the data is."""

import sys
from collections.abc import Callable
from contextlib import closing
from functools import wraps
from typing import Any, TypeVar

import click
import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from imagechat.model.errors import Refusal
from imagechat.opening import open_beside_node
from imagechat.settings import SettingsError, load_settings
from imagechat.store.clock import time_in
from imagechat.wiring import milliseconds

T = TypeVar("T")

data_option = click.option("--data", metavar="DIR", help="directory of the embedded database")
json_option = click.option("--json", "as_json", is_flag=True, help="print JSON")


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what an operator can mend into one line."""

    @wraps(command)
    def run(**flags: Any) -> None:
        try:
            command(**flags)
        except (SettingsError, OSError, RuntimeError, ValueError, Refusal) as error:
            click.echo(f"imagechat: {error}", err=True)
            sys.exit(2)
        except DBAPIError as error:
            click.echo(f"imagechat: the database cannot be used: {error.orig}", err=True)
            sys.exit(2)

    return run


def in_database(flags: dict[str, Any], transaction: Callable[[Connection], T]) -> T:
    """Run a function in a transaction on the database, also beside a node that runs."""
    with closing(open_beside_node(load_settings(**flags))) as file:
        return file.write(transaction)


def from_database(flags: dict[str, Any], transaction: Callable[[Connection], T]) -> T:
    """Do what `in_database` does with a function that only reads: a node that runs writes meanwhile."""
    with closing(open_beside_node(load_settings(**flags))) as file:
        return file.read(transaction)


def now_in(connection: Connection) -> int:
    """Return the time, in ms since 1970, by the clock that the nodes on a database go by."""
    return time_in(connection, milliseconds)


def as_text(answer: object) -> str:
    """Return an answer as JSON for people."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode()
