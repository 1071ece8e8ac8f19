"""Signing in to the dashboard with the operator's link, signing out, and who one is there."""

from functools import partial

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody
from sqlalchemy import Connection

from imagechat.http.asking import caller_network, token_of
from imagechat.http.bodies import Success
from imagechat.http.dashboard_bodies import Me, Myself, MyTenant, SignedIn, SignInBody
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fresh import FRESH
from imagechat.http.operators import check_own_page, resolve_any_operator
from imagechat.http.principal import AnyRequest, resolve
from imagechat.http.services import Services
from imagechat.model.errors import INVALID_TENANT_ID, UNAUTHORIZED, Refusal
from imagechat.model.ids import EVERY_TENANT
from imagechat.model.operators import digest_if_operators, new_secret
from imagechat.model.policy import Operation
from imagechat.model.principal import Role
from imagechat.model.quotas import Kind
from imagechat.model.sealing import digest_of
from imagechat.model.tenant import Tenant
from imagechat.store.operator_sessions import end_session, read_link, use_link
from imagechat.store.tenants import list_tenants, read_tenant

TAGS = ["dashboard"]
TheServices = NamedDependency[Services]
_SPENT = "This link was used already, or its time is over: imagechat dashboard-link gives another."


@post(
    "/dashboard/sign-in",
    status_code=200,
    summary="Use a link of `imagechat dashboard-link` up",
    responses=ERROR_ANSWERS,
    tags=TAGS,
)
async def sign_in(services: TheServices, request: AnyRequest, data: JSONBody[SignInBody]) -> SignedIn:
    """Begin the operator's session that a link is for; each link does so once."""
    check_own_page(request)
    network = caller_network(request)
    services.limiter.guess(network)
    now, link = services.now(), digest_if_operators(data.link)
    # looked at before it is used: a guess costs no write
    if link is None or await services.database.read(partial(read_link, digest=link, now=now)) is None:
        raise Refusal(UNAUTHORIZED, _SPENT)
    token, address = new_secret(), services.seal.address(EVERY_TENANT, network)
    using = partial(use_link, link=link, digest=digest_of(token), now=now, address=address)
    made = await services.database.write(using)
    if made is None:
        raise Refusal(UNAUTHORIZED, _SPENT)
    services.limiter.was_right(network)
    return SignedIn(session_id=token, expires_at=made.expires_at)


@delete(
    "/dashboard/session",
    status_code=200,
    summary="End the operator's session, on every connection",
    responses=ERROR_ANSWERS,
    tags=TAGS,
)
async def sign_out(services: TheServices, request: AnyRequest) -> Success:
    """End the session that calls; its live connections are gone when this is answered."""
    caller = await resolve_any_operator(services, request, Kind.CHANGE)
    await services.database.write(partial(end_session, session=caller.session, now=services.now()))
    await services.notices.look()
    return Success()


@get("/api/v1/me", summary="Who uses the dashboard", responses=ERROR_ANSWERS, cache_control=FRESH, tags=TAGS)
async def me(services: TheServices, request: AnyRequest, tenantId: FromQuery[str | None] = None) -> Me:
    """Return who calls and whose tenants these are; without `tenantId` that is the operator."""
    if tenantId is None or digest_if_operators(token_of(request)):
        return await _operator(services, request, tenantId)
    caller = await resolve(services, request, tenantId, Operation.MODERATE, Kind.READ)
    who = caller.principal
    user = Myself(
        id=who.user_id,
        name=who.name or who.user_id,
        role="admin" if who.role is Role.ADMIN else "moderator",
        session_id=caller.session_id,
    )
    return Me(user=user, tenants=[MyTenant.of(caller.tenant)])


async def _operator(services: Services, request: AnyRequest, tenant_id: str | None) -> Me:
    caller = await resolve_any_operator(services, request)
    only = caller.session.tenant_id or tenant_id

    def tenants(connection: Connection) -> list[Tenant]:
        if only is None:
            return list_tenants(connection)
        found = read_tenant(connection, only) if caller.session.opens(tenant_id or only) else None
        if found is None:
            raise Refusal(INVALID_TENANT_ID, "There is no such tenant here: check the tenantId.")
        return [found]

    found = await services.database.read(tenants)
    user = Myself(
        id=caller.session.principal(EVERY_TENANT).user_id,
        name="Operator",
        role="operator" if caller.session.tenant_id is None else "admin",
        session_id=caller.token,
    )
    return Me(user=user, tenants=[MyTenant.of(each) for each in found])
