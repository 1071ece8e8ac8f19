"""`imagechat dashboard-link`: a way into the dashboard for whoever runs the server."""

from functools import partial
from typing import Any

import click
from sqlalchemy import Connection

from imagechat.cli_plain import data_option, in_database, now_in, plainly
from imagechat.model.operators import LINK_MINUTES, new_secret
from imagechat.model.sealing import digest_of
from imagechat.settings import Settings, load_settings
from imagechat.store.operator_sessions import end_all, make_link

MOST_MINUTES = 24 * 60
_MINUTE_MS = 60_000
_ANY_ADDRESS = {"0.0.0.0": "localhost", "::": "localhost"}  # noqa: S104 -- what is replaced


@click.command(name="dashboard-link")
@click.argument("tenant_id", metavar="[TENANT]", required=False)
@click.option("--address", metavar="URL", help="where browsers reach the node, such as https://chat.example.org")
@click.option("--minutes", type=float, default=LINK_MINUTES, help=f"how long the link is good ({LINK_MINUTES:g})")
@click.option("--end-all", is_flag=True, help="end all links and sessions that there are instead, or the TENANT's")
@data_option
@plainly
def dashboard_link(
    tenant_id: str | None,
    address: str | None,
    minutes: float,
    end_all: bool,  # noqa: FBT001 -- a flag
    **flags: Any,
) -> None:
    """Print a link that opens the dashboard once, for all tenants or for one."""
    if end_all:
        count = in_database(flags, partial(_end_all, tenant_id=tenant_id))
        click.echo(f"Ended {count} links and sessions.")
        return
    if not 0 < minutes <= MOST_MINUTES:
        msg = f"--minutes must be a number over 0, and at most {MOST_MINUTES}"
        raise ValueError(msg)
    if address is not None and not address.startswith(("https://", "http://")):
        msg = f"--address {address} is no address of a server: it begins with https:// or http://"
        raise ValueError(msg)
    secret = new_secret()

    def make(connection: Connection) -> None:
        now = now_in(connection)
        make_link(connection, digest_of(secret), tenant_id, now, now + int(minutes * _MINUTE_MS))

    in_database(flags, make)
    click.echo(link_at(address or own_address(load_settings(**flags)), secret))


def link_at(address: str, secret: str) -> str:
    """Return the link to a node's dashboard. What stands behind `#` is sent by no browser, so no log has it."""
    return f"{address.rstrip('/')}/dashboard#link={secret}"


def own_address(settings: Settings) -> str:
    """Return where a node is, by its settings, for a browser on the same machine."""
    host = _ANY_ADDRESS.get(settings.host, settings.host)
    return f"{'https' if settings.tls_cert else 'http'}://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _end_all(connection: Connection, tenant_id: str | None) -> int:
    return end_all(connection, tenant_id, now_in(connection))
