"""The command line. A wrong setting or a wrong word ends with one clear line."""

import sys
from contextlib import closing
from functools import partial
from typing import Any

import click

from imagechat import __version__
from imagechat.cli_dashboard import dashboard_link, link_at
from imagechat.cli_doctor import doctor
from imagechat.cli_people import person
from imagechat.cli_plain import data_option, plainly
from imagechat.cli_safety import backup, new_history, restore
from imagechat.cli_tenants import tenant
from imagechat.demo.seed import moderator, sow
from imagechat.model.addresses import is_loopback
from imagechat.model.operators import LINK_MINUTES, new_secret
from imagechat.model.sealing import digest_of
from imagechat.node import run_node
from imagechat.opening import open_beside_node
from imagechat.settings import Settings, describe, load_settings
from imagechat.store.operator_sessions import make_link
from imagechat.store.tenants import list_tenants
from imagechat.wiring import Parts

_port = click.option("--port", type=int, help="port to listen on")
_host = click.option("--host", help="address to listen on")

_LINK_MS = int(LINK_MINUTES * 60_000)

_tls_cert = click.option("--tls-cert", metavar="FILE", help="TLS certificate; with it, HTTPS and WSS are served")
_tls_key = click.option("--tls-key", metavar="FILE", help="the certificate's key")


def _warn_if_exposed(settings: Settings) -> None:
    """Tell an operator whose node can be reached by others that nothing encrypts what they send."""
    if not (settings.tls_cert or settings.trusted_proxies.strip() or is_loopback(settings.host)):
        click.echo(
            f"Image Chat listens on {settings.host} without encryption: give it a certificate (IMAGECHAT_TLS_CERT and "
            "IMAGECHAT_TLS_KEY), or name the proxy before it that has one in IMAGECHAT_TRUSTED_PROXIES",
            err=True,
        )


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Live conversations pinned on pictures."""


@main.command()
@_host
@_port
@data_option
@plainly
def demo(**flags: Any) -> None:
    """Serve a gallery of pictures to try it on."""
    settings = load_settings(**flags)

    async def started(parts: Parts, address: str) -> None:
        _warn_if_exposed(settings)
        await sow(parts.services)
        token = parts.services.tokens.session(moderator())
        secret = new_secret()
        now = parts.services.now()
        linking = partial(make_link, digest=digest_of(secret), tenant_id=None, now=now, expires_at=now + _LINK_MS)
        await parts.services.database.write(linking)
        click.echo(f"Image Chat's gallery: {address}/   (open it twice to see it live)")
        _say_whether_limited(settings)
        again = f"{sys.argv[0]} dashboard-link --data {settings.data} --address {address}"
        click.echo(f"Its dashboard:        {link_at(address, secret)}   (once; for another: {again})")
        click.echo(f"As its moderator:     {address}/#moderator={token}")

    run_node(settings, demo=True, when_started=started)


@main.command()
@_host
@_port
@data_option
@_tls_cert
@_tls_key
@plainly
def serve(**flags: Any) -> None:
    """Run a node."""
    settings = load_settings(**flags)

    async def started(parts: Parts, address: str) -> None:
        _warn_if_exposed(settings)
        click.echo(f"Image Chat is at {address} ({parts.described})")
        _say_whether_limited(settings)
        if not await parts.services.database.read(list_tenants):
            click.echo("It has no tenant yet: imagechat tenant create ID")

    run_node(settings, demo=False, when_started=started)


def _say_whether_limited(settings: Settings) -> None:
    if settings.limits == "off":
        click.echo("Rate limits are off (IMAGECHAT_LIMITS=off): anybody who reaches this node can flood it.")


@main.command()
@data_option
@plainly
def migrate(**flags: Any) -> None:
    """Bring the database to this version's schema."""
    with closing(open_beside_node(load_settings(**flags), migrating=True)) as opened:
        before, after = opened.migrated
        click.echo(f"The schema is {after}." if before == after else f"The schema went from {before} to {after}.")


@main.command()
def settings() -> None:
    """List the settings."""
    for described in describe():
        click.echo(f"{described.variable:26} {described.default:16} {described.about}")


for command in (tenant, person, dashboard_link, backup, restore, new_history, doctor):
    main.add_command(command)


if __name__ == "__main__":
    main()
