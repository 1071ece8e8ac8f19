"""Tenants: listed, made and switched by the operator, set by their own admins too."""

from dataclasses import dataclass

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from imagechat.http.answered import note_tenant
from imagechat.http.asking import caller_network, token_of
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fresh import FRESH
from imagechat.http.operators import resolve_any_operator, resolve_operator
from imagechat.http.principal import AnyRequest, resolve
from imagechat.http.services import Services
from imagechat.http.tenant_bodies import (
    ChangeTenantBody,
    KeyEntry,
    NewKey,
    NewKeyBody,
    NewTenant,
    NewTenantBody,
    OneTenant,
    TenantDetail,
    TenantEntries,
    TenantEntry,
)
from imagechat.model.errors import CONFLICT, FORBIDDEN, INVALID_BODY, INVALID_TENANT_ID, Refusal
from imagechat.model.ids import TENANT_ID
from imagechat.model.operators import OperatorSession, digest_if_operators
from imagechat.model.policy import Operation
from imagechat.model.principal import Principal
from imagechat.model.quotas import Kind
from imagechat.model.shown_text import one_line
from imagechat.model.tenant import Tenant, TenantSettings
from imagechat.model.tenant_settings import changed, of_operator
from imagechat.store.tenant_counts import TenantCounts, count_of_tenants
from imagechat.store.tenants import (
    checked_domain,
    create_tenant,
    existing,
    list_tenants,
    read_tenant,
    rotate_key,
    switch_tenant,
    update_tenant,
)

PATH = "/api/v1/tenants"
TAGS = ["dashboard"]
_HOUR_MS = 3_600_000

TenantId = FromPath[str]
TheServices = NamedDependency[Services]


@dataclass(frozen=True, slots=True)
class Configurer:
    """Who changes a tenant: one of its admins, or the operator."""

    principal: Principal
    is_operator: bool


@get(PATH, summary="All tenants", responses=ERROR_ANSWERS, cache_control=FRESH, tags=TAGS)
async def tenants(services: TheServices, request: AnyRequest) -> TenantEntries:
    """Return every tenant with what it holds, for the operator."""
    await resolve_operator(services, request)

    def reading(connection: Connection) -> TenantEntries:
        counts = count_of_tenants(connection)
        found = [TenantEntry.of(each, counts.get(each.id, TenantCounts())) for each in list_tenants(connection)]
        return TenantEntries(tenants=found)

    return await services.database.read(reading)


@post(PATH, status_code=200, summary="Make a tenant", responses=ERROR_ANSWERS, tags=TAGS)
async def create(services: TheServices, request: AnyRequest, data: JSONBody[NewTenantBody]) -> NewTenant:
    """Make a tenant with a key, which is shown this once."""
    caller = await resolve_operator(services, request, Kind.CHANGE)
    if not TENANT_ID.fullmatch(data.id):
        raise Refusal(INVALID_BODY, "id must have 1-64 letters, digits, '-' and '_'.")
    settings = TenantSettings(domains=_domains(data.domains))
    name, now = one_line(data.name or "") or data.id, services.now()
    by = _operator(services, request, caller.session, data.id)

    def making(connection: Connection) -> tuple[Tenant, str]:
        if read_tenant(connection, data.id) is not None:
            raise Refusal(CONFLICT, f"There is a tenant {data.id} already.")
        create_tenant(connection, data.id, name, now, settings, by)
        key = rotate_key(connection, services.seal, data.id, now, 0, by)
        return existing(connection, data.id), key.api_key

    made, api_key = await services.database.write(making)
    await services.notices.look()
    return NewTenant(tenant=TenantDetail.of(made, now), api_key=api_key)


@get(
    PATH + "/{tenant_id:str}",
    summary="A tenant's settings and keys",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=TAGS,
)
async def tenant(services: TheServices, request: AnyRequest, tenant_id: TenantId) -> OneTenant:
    """Return a tenant as its admins and the operator see it, also one that is switched off."""
    await _configurer(services, request, tenant_id, Kind.READ)
    found = await services.standings.tenant(tenant_id)
    return OneTenant(tenant=TenantDetail.of(found, services.now()))


@patch(PATH + "/{tenant_id:str}", summary="Change a tenant", responses=ERROR_ANSWERS, tags=TAGS)
async def change(
    services: TheServices, request: AnyRequest, tenant_id: TenantId, data: JSONBody[ChangeTenantBody]
) -> OneTenant:
    """Set what is given; every node goes by it when this is answered, or a second later."""
    who = await _configurer(services, request, tenant_id, Kind.CHANGE)
    if data.disabled is not None and not who.is_operator:
        raise Refusal(FORBIDDEN, "Only whoever runs the server switches a tenant off or on.")
    name = None if data.name is None else one_line(data.name)
    if name == "":
        raise Refusal(INVALID_BODY, "name has nothing to be seen.")
    now = services.now()

    def changing(connection: Connection) -> Tenant:
        before = read_tenant(connection, tenant_id)
        if before is None:
            raise _no_tenant()
        settings = None if data.settings is None else _changed(before.settings, data.settings)
        own = [] if who.is_operator or settings is None else of_operator(before.settings, settings)
        if own:
            raise Refusal(FORBIDDEN, f"Only whoever runs the server changes {' and '.join(own)}.")
        if name is not None or settings is not None:
            update_tenant(connection, tenant_id, now, name=name, settings=settings, by=who.principal)
        if data.disabled is not None and data.disabled is not before.disabled:
            switch_tenant(connection, tenant_id, now, disabled=data.disabled, by=who.principal)
        return existing(connection, tenant_id)

    found = await services.database.write(changing)
    await services.notices.look()
    return OneTenant(tenant=TenantDetail.of(found, now))


@post(
    PATH + "/{tenant_id:str}/keys",
    status_code=200,
    summary="Give a tenant a new API key",
    responses=ERROR_ANSWERS,
    tags=TAGS,
)
async def create_key(
    services: TheServices, request: AnyRequest, tenant_id: TenantId, data: JSONBody[NewKeyBody]
) -> NewKey:
    """Make a key; the one before stays valid for a while, and whom it vouched for with it."""
    who = await _configurer(services, request, tenant_id, Kind.CHANGE)
    now, overlap = services.now(), int(data.keep_hours * _HOUR_MS)

    def making(connection: Connection) -> tuple[str, Tenant]:
        if read_tenant(connection, tenant_id) is None:
            raise _no_tenant()
        key = rotate_key(connection, services.seal, tenant_id, now, overlap, who.principal)
        return key.api_key, existing(connection, tenant_id)

    api_key, found = await services.database.write(making)
    await services.notices.look()
    return NewKey(api_key=api_key, keys=[KeyEntry.of(key) for key in found.live_keys(now)])


async def _configurer(services: Services, request: AnyRequest, tenant_id: str, kind: Kind) -> Configurer:
    """Return who may change a tenant; the operator may while it is switched off, too. Raises `Refusal`."""
    if digest_if_operators(token_of(request)) is None:
        caller = await resolve(services, request, tenant_id, Operation.CONFIGURE, kind)
        return Configurer(caller.principal, is_operator=False)
    operator = await resolve_any_operator(services, request, kind)
    if not operator.session.opens(tenant_id):
        raise _no_tenant()
    found = await services.standings.tenant(tenant_id)
    note_tenant(request.scope, found.id)
    by = _operator(services, request, operator.session, tenant_id)
    return Configurer(by, is_operator=operator.session.tenant_id is None)


def _operator(services: Services, request: AnyRequest, session: OperatorSession, tenant_id: str) -> Principal:
    address = services.seal.address(tenant_id, caller_network(request))
    return msgspec.structs.replace(session.principal(tenant_id), address=address)


def _changed(settings: TenantSettings, changes: dict[str, object]) -> TenantSettings:
    try:
        found = changed(settings, changes)
        return msgspec.structs.replace(found, domains=_domains(found.domains))
    except ValueError as error:
        raise Refusal(INVALID_BODY, f"{error}.") from None


def _domains(domains: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(map(checked_domain, domains))
    except ValueError as error:
        raise Refusal(INVALID_BODY, f"{error}.") from None


def _no_tenant() -> Refusal:
    return Refusal(INVALID_TENANT_ID, "There is no such tenant here: check the tenantId.")
