"""The command line. A wrong setting or a wrong word ends with one clear line."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from functools import wraps
from typing import Any

import click
import msgspec
from sqlalchemy.exc import DBAPIError

from imagechat import __version__
from imagechat.demo.seed import moderator, sow
from imagechat.model.errors import Refusal
from imagechat.node import run_node
from imagechat.settings import Settings, SettingsError, describe, load_settings
from imagechat.store.tenants import create_tenant, list_tenants
from imagechat.wiring import Parts, milliseconds, open_beside_node

_data = click.option("--data", metavar="DIR", help="directory of the embedded database")
_port = click.option("--port", type=int, help="port to listen on")
_host = click.option("--host", help="address to listen on")

_tls_cert = click.option("--tls-cert", metavar="FILE", help="TLS certificate; with it, HTTPS and WSS are served")
_tls_key = click.option("--tls-key", metavar="FILE", help="the certificate's key")


def _plainly(command: Callable[..., None]) -> Callable[..., None]:
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


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Live conversations pinned on pictures."""


@main.command()
@_host
@_port
@_data
@_plainly
def demo(**flags: Any) -> None:
    """Serve a gallery of pictures to try it on."""
    settings = load_settings(**flags)

    async def started(parts: Parts, address: str) -> None:
        await sow(parts.services)
        token = parts.services.tokens.session(moderator())
        click.echo(f"Image Chat's gallery: {address}/   (open it twice to see it live)")
        _say_whether_limited(settings)
        click.echo(f"As its moderator:     {address}/#moderator={token}")

    run_node(settings, demo=True, when_started=started)


@main.command()
@_host
@_port
@_data
@_tls_cert
@_tls_key
@_plainly
def serve(**flags: Any) -> None:
    """Run a node."""
    settings = load_settings(**flags)

    async def started(parts: Parts, address: str) -> None:
        click.echo(f"Image Chat is at {address} (SQLite {sqlite3.sqlite_version}, data in {settings.data})")
        _say_whether_limited(settings)
        if not await parts.services.database.read(list_tenants):
            click.echo("It has no tenant yet: imagechat tenant create ID")

    run_node(settings, demo=False, when_started=started)


def _say_whether_limited(settings: Settings) -> None:
    if settings.limits == "off":
        click.echo("Rate limits are off (IMAGECHAT_LIMITS=off): anybody who reaches this node can flood it.")


@main.command()
@_data
@_plainly
def migrate(**flags: Any) -> None:
    """Bring the database to this version's schema."""
    with closing(open_beside_node(load_settings(**flags))) as file:
        before, after = file.migrated
        click.echo(f"The schema is {after}." if before == after else f"The schema went from {before} to {after}.")


@main.command()
def settings() -> None:
    """List the settings."""
    for described in describe():
        click.echo(f"{described.variable:26} {described.default:16} {described.about}")


@main.group()
def tenant() -> None:
    """Make and list tenants."""


@tenant.command()
@click.argument("tenant_id", metavar="ID")
@click.option("--name", help="what people call it")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@_data
@_plainly
def create(tenant_id: str, name: str | None, as_json: bool, **flags: Any) -> None:  # noqa: FBT001 -- a flag
    """Make a tenant."""
    now = milliseconds()
    with closing(open_beside_node(load_settings(**flags))) as file:
        made = file.write(lambda connection: create_tenant(connection, tenant_id, name or tenant_id, now))
    answer = {"tenantId": made.id, "name": made.name, "createdAt": made.created_at}
    click.echo(msgspec.json.encode(answer).decode() if as_json else f"Made the tenant {made.id}.")


@tenant.command(name="list")
@_data
@_plainly
def list_(**flags: Any) -> None:
    """List the tenants."""
    with closing(open_beside_node(load_settings(**flags))) as file:
        for each in file.write(list_tenants):
            click.echo(f"{each.id:24} {each.created_at}  {each.name}")


if __name__ == "__main__":
    main()
