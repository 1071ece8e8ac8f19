"""`imagechat tenant …`: tenants, their keys, domains and settings."""

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec

from imagechat.cli_plain import as_text, data_option, from_database, in_database, json_option, now_in, plainly
from imagechat.model.sealing import Seal
from imagechat.model.tenant import Tenant, TenantSettings
from imagechat.model.tenant_settings import GROUPS, filled
from imagechat.model.times import iso
from imagechat.opening import key_beside_node, open_beside_node
from imagechat.settings import load_settings
from imagechat.store.purge import end_tenant, purge
from imagechat.store.tenants import (
    checked_domain,
    create_tenant,
    existing,
    list_tenants,
    rotate_key,
    switch_tenant,
    update_tenant,
)

_id = click.argument("tenant_id", metavar="ID")
_name = click.option("--name", help="what people call it")
_domains = click.option(
    "--domain",
    "domains",
    multiple=True,
    help="host of pages that may embed it: example.com, *.example.com, localhost:*",
)
_sets = click.option("--set", "sets", multiple=True, metavar="NAME=VALUE", help="a setting; `tenant show` lists them")
_jwks = click.option("--jwks", metavar="FILE", help="JWK set of the keys that sign its JSON Web Tokens")
_NAMES = [field.name for field in msgspec.structs.fields(TenantSettings) if field.name not in GROUPS]
_NAMES += [f"{group}.{field.name}" for group, kind in GROUPS.items() for field in msgspec.structs.fields(kind)]
_HOUR_MS = 3_600_000


@click.group()
def tenant() -> None:
    """Make, change and list tenants."""


@tenant.command()
@_id
@_name
@_domains
@_sets
@json_option
@data_option
@plainly
def create(
    tenant_id: str,
    name: str | None,
    domains: tuple[str, ...],
    sets: tuple[str, ...],
    as_json: bool,  # noqa: FBT001 -- a flag
    **flags: Any,
) -> None:
    """Make a tenant; its API key is shown this once."""
    settings, seal = _changed(TenantSettings(), domains, sets), Seal(_secret(flags))

    def make(connection: Any) -> tuple[Tenant, str]:
        now = now_in(connection)
        made = create_tenant(connection, tenant_id, name or tenant_id, now, settings)
        return made, rotate_key(connection, seal, tenant_id, now, 0).api_key

    made, api_key = in_database(flags, make)
    if as_json:
        answer = {"tenantId": made.id, "apiKey": api_key, "name": made.name, "createdAt": made.created_at}
        click.echo(msgspec.json.encode(answer).decode())
        return
    click.echo(f"Made the tenant {made.id}.")
    click.echo(f"Its API key, shown this once: {api_key}")
    if not settings.domains:
        click.echo(f"No other site's page may embed it yet: imagechat tenant update {made.id} --domain example.com")


@tenant.command(name="list")
@json_option
@data_option
@plainly
def list_(as_json: bool, **flags: Any) -> None:  # noqa: FBT001 -- a flag
    """List the tenants."""
    found = from_database(flags, list_tenants)
    if as_json:
        click.echo(as_text([{"tenantId": each.id, "name": each.name, "disabled": each.disabled} for each in found]))
        return
    for each in found:
        click.echo(f"{each.id:24} {each.created_at}  {each.name}{'  (disabled)' if each.disabled else ''}")


@tenant.command()
@_id
@data_option
@plainly
def show(tenant_id: str, **flags: Any) -> None:
    """Show a tenant's settings, keys and bans, as JSON."""
    click.echo(as_text(_shown(from_database(flags, partial(existing, tenant_id=tenant_id)))))


@tenant.command()
@_id
@_name
@_domains
@click.option("--no-domain", is_flag=True, help="no other site's page may embed it")
@_sets
@_jwks
@data_option
@plainly
def update(  # noqa: PLR0913 -- see create
    tenant_id: str,
    name: str | None,
    domains: tuple[str, ...],
    no_domain: bool,  # noqa: FBT001 -- a flag
    sets: tuple[str, ...],
    jwks: str | None,
    **flags: Any,
) -> None:
    """Change a tenant: what is given is set, `--domain` all of its domains."""
    keys = None if jwks is None else msgspec.json.decode(Path(jwks).read_bytes(), type=dict[str, Any])

    def change(connection: Any) -> Tenant:
        settings = _changed(existing(connection, tenant_id).settings, domains, sets, keys)
        if no_domain:
            settings = msgspec.structs.replace(settings, domains=())
        return update_tenant(connection, tenant_id, now_in(connection), name=name, settings=settings)

    click.echo(as_text(_shown(in_database(flags, change))["settings"]))


@tenant.command(name="rotate-key")
@_id
@click.option("--overlap-hours", type=float, default=24.0, help="how long the key before stays valid (24)")
@json_option
@data_option
@plainly
def rotate(tenant_id: str, overlap_hours: float, as_json: bool, **flags: Any) -> None:  # noqa: FBT001 -- a flag
    """Give a tenant a new API key, shown this once. With --overlap-hours 0 the one before ends at once."""
    if not 0 <= overlap_hours <= 24 * 366:
        msg = "--overlap-hours must be a number from 0 to 8784"
        raise ValueError(msg)
    seal, overlap = Seal(_secret(flags)), int(overlap_hours * _HOUR_MS)
    made = in_database(flags, lambda connection: rotate_key(connection, seal, tenant_id, now_in(connection), overlap))
    if as_json:
        click.echo(msgspec.json.encode({"tenantId": tenant_id, "apiKey": made.api_key}).decode())
    else:
        click.echo(f"The new API key of {tenant_id}, shown this once: {made.api_key}")


@tenant.command()
@_id
@data_option
@plainly
def disable(tenant_id: str, **flags: Any) -> None:
    """Switch a tenant off: who is connected is disconnected, and nobody comes in."""
    in_database(flags, lambda connection: switch_tenant(connection, tenant_id, now_in(connection), disabled=True))
    click.echo(f"Switched {tenant_id} off.")


@tenant.command()
@_id
@data_option
@plainly
def enable(tenant_id: str, **flags: Any) -> None:
    """Switch a tenant on again."""
    in_database(flags, lambda connection: switch_tenant(connection, tenant_id, now_in(connection), disabled=False))
    click.echo(f"Switched {tenant_id} on.")


@tenant.command()
@_id
@click.option("--yes", is_flag=True, help="do it: nothing of it can be brought back")
@data_option
@plainly
def delete(tenant_id: str, yes: bool, **flags: Any) -> None:  # noqa: FBT001 -- a flag
    """Delete a tenant that is switched off, with everything it has."""
    if not yes:
        msg = f"this deletes all of {tenant_id!r} for ever: say --yes"
        raise ValueError(msg)
    with closing(open_beside_node(load_settings(**flags))) as file:
        while file.write(partial(purge, tenant_id=tenant_id)):
            click.echo(".", nl=False, err=True)
        file.write(lambda connection: end_tenant(connection, tenant_id, now_in(connection)))
    click.echo(f"Deleted {tenant_id}.")


def _secret(flags: dict[str, Any]) -> str:
    return key_beside_node(load_settings(**flags))


def _changed(
    settings: TenantSettings, domains: tuple[str, ...], sets: tuple[str, ...], jwks: dict[str, Any] | None = None
) -> TenantSettings:
    """Return settings with what was typed. Raises `ValueError`."""
    values: dict[str, Any] = msgspec.to_builtins(settings)
    if domains:
        values["domains"] = [checked_domain(domain) for domain in domains]
    for each in sets:
        path, equals, text = each.partition("=")
        if not equals:
            msg = f"--set {each} gives no value: write {each}=VALUE, or {each}= for the default"
            raise ValueError(msg)
        if path not in _NAMES and (text or path not in GROUPS):
            msg = f"{path!r} is no setting of a tenant: they are {', '.join(_NAMES)}"
            raise ValueError(msg)
        group, _, name = path.rpartition(".")
        place = values.setdefault(group, {}) if group else values
        if text == "":
            place.pop(name, None)
            continue
        try:
            place[name] = msgspec.json.decode(text)
        except msgspec.DecodeError:
            place[name] = text
    if jwks is not None:
        values["jwt"] = {"algorithm": "RS256"} | values.get("jwt", {}) | {"jwks": jwks}
    try:
        changed = msgspec.convert(values, TenantSettings)
    except msgspec.ValidationError as error:
        msg = f"the settings make no sense: {error}"
        raise ValueError(msg) from None
    return msgspec.structs.replace(changed, domains=tuple(checked_domain(domain) for domain in changed.domains))


def _shown(found: Tenant) -> dict[str, Any]:
    bans = [each for group in found.revocations.values() for each in group if each.is_ban]
    return {
        "tenantId": found.id,
        "name": found.name,
        "createdAt": found.created_at,
        "disabled": found.disabled,
        "settings": filled(found.settings),
        "keys": [
            {"id": key.id, "createdAt": key.created_at, "retiresAt": key.retires_at and iso(key.retires_at)}
            for key in found.keys
        ],
        "bans": [{"id": ban.id, ban.kind: ban.subject, "reason": ban.reason, "by": ban.by} for ban in bans],
    }
