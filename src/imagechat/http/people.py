"""A tenant's people, for its admins: listed, given out, erased."""

import asyncio
from functools import partial

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody

from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fresh import FRESH
from imagechat.http.list_bodies import EraseBody, ErasedPerson, PeopleList, PersonData, PersonEntry
from imagechat.http.listing import Limit, Search, Skip
from imagechat.http.principal import AnyRequest, resolve
from imagechat.http.services import Services
from imagechat.model.errors import CONFLICT, INVALID_BODY, Refusal
from imagechat.model.limits import USER_ID_CHARACTERS
from imagechat.model.policy import Operation
from imagechat.model.quotas import Kind
from imagechat.model.tenant import USER, Tenant
from imagechat.store.people_list import list_people
from imagechat.store.person_data import Subject, export

TAGS = ["dashboard"]
TheServices = NamedDependency[Services]


@get("/api/v1/people", summary="Who has signed in", responses=ERROR_ANSWERS, cache_control=FRESH, tags=TAGS)
async def people(
    services: TheServices,
    request: AnyRequest,
    tenantId: FromQuery[str],
    search: Search = "",
    skip: Skip = 0,
    limit: Limit = 50,
) -> PeopleList:
    """Return some of a tenant's people, by id."""
    caller = await resolve(services, request, tenantId, Operation.SEE_PEOPLE)
    tenant, now = caller.tenant, services.now()
    listing = partial(list_people, tenant_id=tenant.id, words=search, skip=skip, limit=limit)
    page, total = await services.database.read(listing)
    entries = [PersonEntry.of(each, banned=_is_banned(tenant, each.person.id, now)) for each in page]
    return PeopleList(people=entries, total=total, has_more=skip + len(page) < total)


@get(
    "/api/v1/people/data",
    summary="All that is kept of somebody",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=TAGS,
)
async def person_data(
    services: TheServices, request: AnyRequest, tenantId: FromQuery[str], userId: FromQuery[str]
) -> PersonData:
    """Return everything that a tenant keeps of a user, signed in or not, as JSON."""
    caller = await resolve(services, request, tenantId, Operation.CONFIGURE, Kind.READ)
    if not 0 < len(userId) <= USER_ID_CHARACTERS:
        raise Refusal(INVALID_BODY, f"userId must have 1-{USER_ID_CHARACTERS} characters.")
    subject = Subject(caller.tenant.id, userId)
    return PersonData(data=await services.database.read(partial(export, subject=subject)))


@post(
    "/api/v1/people/erase",
    status_code=200,
    summary="Erase somebody, from the event history too",
    responses=ERROR_ANSWERS,
    tags=TAGS,
)
async def erase(services: TheServices, request: AnyRequest, data: JSONBody[EraseBody]) -> ErasedPerson:
    """Delete what a person wrote, and take the person out of everything; nothing of it can be brought back."""
    caller = await resolve(services, request, data.tenant_id, Operation.CONFIGURE)
    if data.confirm != data.user_id:
        raise Refusal(CONFLICT, "This cannot be undone: confirm it with the user's id.")
    if data.user_id == caller.principal.user_id:
        raise Refusal(CONFLICT, "That is yourself: have another admin do it, or the operator.")
    erased = await asyncio.to_thread(services.erase, Subject(caller.tenant.id, data.user_id), caller.principal)
    await services.notices.look()
    return ErasedPerson.of(erased)


def _is_banned(tenant: Tenant, user_id: str, now: int) -> bool:
    bans = tenant.revocations.get((USER, user_id), ())
    return any(ban.is_ban and (ban.until is None or ban.until > now) for ban in bans)
