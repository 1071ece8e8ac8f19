"""`imagechat person …`: a person's data, given out or erased."""

from contextlib import closing
from functools import partial
from typing import Any

import click

from imagechat.cli_plain import as_text, data_option, from_database, now_in, plainly
from imagechat.opening import open_beside_node
from imagechat.settings import load_settings
from imagechat.store.person_data import Subject, export, operator_of
from imagechat.store.person_erasing import erase_person
from imagechat.store.tenants import existing

_tenant = click.argument("tenant_id", metavar="TENANT")
_user = click.argument("user_id", metavar="USER")
_DAY_MS = 86_400_000


@click.group()
def person() -> None:
    """Give out or erase what is kept of a person."""


@person.command(name="export")
@_tenant
@_user
@data_option
@plainly
def export_(tenant_id: str, user_id: str, **flags: Any) -> None:
    """Print everything that is kept of a person, as JSON."""
    from_database(flags, partial(existing, tenant_id=tenant_id))
    found = from_database(flags, partial(export, subject=Subject(tenant_id, user_id)))
    click.echo(as_text(found))


@person.command()
@_tenant
@_user
@click.option("--yes", is_flag=True, help="do it: nothing of it can be brought back")
@data_option
@plainly
def erase(tenant_id: str, user_id: str, yes: bool, **flags: Any) -> None:  # noqa: FBT001 -- a flag
    """Delete what a person wrote, and take the person out of everything, the event history included.

    May run beside a node: everybody sees it go. Copies of the database that were made before are not reached.
    """
    if not yes:
        msg = f"this deletes all that {user_id!r} wrote, for ever: say --yes"
        raise ValueError(msg)
    settings = load_settings(**flags)
    subject, kept_ms = Subject(tenant_id, user_id), int(settings.session_days * _DAY_MS)
    with closing(open_beside_node(settings)) as file:
        erased = erase_person(file, subject, operator_of(tenant_id), kept_ms, now_in)
    if not erased.is_gone:
        click.echo("What was overwritten could not be scrubbed beside so busy a node: erase once more later.", err=True)
    click.echo(f"Erased {user_id} from {tenant_id}: {erased.deleted} deleted, {erased.histories} histories rewritten.")
