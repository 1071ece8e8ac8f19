"""For moderators and admins: what waits, who is banned, much deleted at once, and what was done."""

from functools import partial
from secrets import token_hex
from typing import Annotated

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy import Connection

from imagechat.http.bodies import Success
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import checked_broadcast_id
from imagechat.http.fresh import FRESH
from imagechat.http.moderation_bodies import (
    AuditEntry,
    AuditLog,
    Ban,
    BanBody,
    BanList,
    BroadcastOnly,
    HeldList,
    HeldThing,
)
from imagechat.http.principal import AnyRequest, Caller, resolve
from imagechat.http.services import Services
from imagechat.model.errors import CONFLICT, FORBIDDEN, INVALID_BODY, NOT_FOUND, UNAUTHORIZED, Refusal
from imagechat.model.policy import Operation
from imagechat.model.tenant import ADDRESS, USER, Revocation
from imagechat.model.view import By
from imagechat.store.audit import read_acts
from imagechat.store.banning import author_of, ban, lift_ban, list_bans
from imagechat.store.holding import list_held, read_held, turn_down
from imagechat.store.spam_texts import without_private_texts
from imagechat.store.write_events import Release, Submitted

PATH = "/moderation/{tenant_id:str}"
_PAGE = 200
_AT_ONCE = 64
_HOUR_MS = 3_600_000

TenantId = FromPath[str]
TheServices = NamedDependency[Services]
Number = Annotated[int | None, QueryParameter(ge=0, le=2**53)]


async def _moderator(services: Services, request: AnyRequest, tenant_id: str) -> Caller:
    return await resolve(services, request, tenant_id, Operation.MODERATE)


@get(
    PATH + "/held",
    summary="What waits for a moderator, the oldest first",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["moderation"],
)
async def held(services: TheServices, request: AnyRequest, tenant_id: TenantId) -> HeldList:
    """Return what waits in rooms that the caller may see."""
    caller = await _moderator(services, request, tenant_id)
    may = partial(caller.check, Operation.MODERATE)
    found = await services.database.read(partial(list_held, tenant_id=tenant_id, limit=_PAGE, may=may))
    return HeldList(held=[HeldThing.of(each) for each in found])


@post(
    PATH + "/held/{held_id:str}/approve",
    status_code=200,
    summary="Let what waits go ahead",
    responses=ERROR_ANSWERS,
    tags=["moderation"],
)
async def approve(
    services: TheServices,
    request: AnyRequest,
    tenant_id: TenantId,
    held_id: FromPath[str],
    data: JSONBody[BroadcastOnly],
) -> Success:
    """Carry a held command out as its author's, from now on seen by everybody."""
    caller = await _moderator(services, request, tenant_id)
    may = partial(caller.check, Operation.MODERATE)
    waiting = await services.database.read(partial(read_held, tenant_id=tenant_id, held_id=held_id, may=may))
    command = waiting.with_broadcast_id(checked_broadcast_id(data.broadcast_id))
    by = By(waiting.principal, caller.tenant.settings)
    submitted = Submitted(by, command, release=Release(held_id, caller.principal))
    try:
        await services.group_commit.carry_out(submitted)
    except Refusal as refusal:
        if refusal.kind in {UNAUTHORIZED, FORBIDDEN, NOT_FOUND}:  # the author's lack, not the caller's
            raise Refusal(CONFLICT, f"This cannot go ahead as its author's: {refusal.message}") from None
        raise
    return Success()


@post(
    PATH + "/held/{held_id:str}/reject",
    status_code=200,
    summary="Turn down what waits",
    responses=ERROR_ANSWERS,
    tags=["moderation"],
)
async def reject(services: TheServices, request: AnyRequest, tenant_id: TenantId, held_id: FromPath[str]) -> Success:
    """Turn a held command down: nobody but its author has seen it."""
    caller = await _moderator(services, request, tenant_id)
    may = partial(caller.check, Operation.MODERATE)
    now = services.now()
    await services.database.write(partial(turn_down, by=caller.principal, held_id=held_id, may=may, now=now))
    await services.notices.look()
    return Success()


@get(PATH + "/bans", summary="Who is banned", responses=ERROR_ANSWERS, cache_control=FRESH, tags=["moderation"])
async def bans(services: TheServices, request: AnyRequest, tenant_id: TenantId) -> BanList:
    """Return the bans that are not over."""
    caller = await _moderator(services, request, tenant_id)
    may, now = partial(caller.check, Operation.MODERATE), services.now()

    def reading(connection: Connection) -> list[Revocation]:
        return without_private_texts(connection, tenant_id, list_bans(connection, tenant_id, now), may)

    return BanList(bans=[Ban.of(each) for each in await services.database.read(reading)])


@post(
    PATH + "/bans",
    status_code=200,
    summary="Ban a user, or the network that something came from",
    responses=ERROR_ANSWERS,
    tags=["moderation"],
)
async def create_ban(
    services: TheServices, request: AnyRequest, tenant_id: TenantId, data: JSONBody[BanBody]
) -> BanList:
    """Ban; whoever is connected is gone when this is answered."""
    caller = await _moderator(services, request, tenant_id)
    if (data.user_id is None) == (data.author_of is None) or not data.kinds:
        raise Refusal(INVALID_BODY, "Give userId or authorOf (a marker's or comment's id), and at least one of kinds.")
    if ADDRESS in data.kinds and data.author_of is None:
        raise Refusal(INVALID_BODY, "A network is banned by what came from it: give authorOf.")
    now = services.now()
    until = None if data.hours is None else now + int(data.hours * _HOUR_MS)

    def banning(connection: Connection) -> list[Revocation]:
        user, address = data.user_id or "", ""
        if data.author_of is not None:
            may = partial(caller.check, Operation.MODERATE)
            user, address = author_of(connection, tenant_id, data.author_of, may)
        subjects = {USER: user, ADDRESS: address}
        made = [
            Revocation(
                id=token_hex(8),
                kind=kind,
                subject=subjects[kind],
                is_ban=True,
                created_at=now,
                until=until,
                reason=data.reason,
                by=caller.principal.user_id,
            )
            for kind in sorted(set(data.kinds))
        ]
        for each in made:
            ban(connection, caller.principal, each, user)
        return made

    made = await services.database.write(banning)
    await services.notices.look()
    return BanList(bans=[Ban.of(each) for each in made])


@delete(
    PATH + "/bans/{ban_id:str}",
    status_code=200,
    summary="Lift a ban",
    responses=ERROR_ANSWERS,
    tags=["moderation"],
)
async def delete_ban(services: TheServices, request: AnyRequest, tenant_id: TenantId, ban_id: FromPath[str]) -> Success:
    """End a ban before its time."""
    caller = await _moderator(services, request, tenant_id)
    await services.database.write(partial(lift_ban, by=caller.principal, ban_id=ban_id, now=services.now()))
    await services.notices.look()
    return Success()


@get(
    PATH + "/audit",
    summary="What moderators, admins and the operator did",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["moderation"],
)
async def audit(services: TheServices, request: AnyRequest, tenant_id: TenantId, before: Number = None) -> AuditLog:
    """Return a page of the audit log, the newest first."""
    await resolve(services, request, tenant_id, Operation.READ_AUDIT)  # it names what moderators may not see
    acts = await services.database.read(partial(read_acts, tenant_id=tenant_id, limit=_PAGE + 1, before=before))
    page = acts[:_PAGE]
    return AuditLog(
        entries=[AuditEntry.of(number, act) for number, act in page],
        next_before=page[-1][0] if len(acts) > _PAGE else None,
    )
