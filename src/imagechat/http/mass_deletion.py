"""For moderators: much deleted at once, and what is spam; and brought back."""

from functools import partial

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from imagechat.http.carrying_out import bring_back, take_away
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import checked_broadcast_id, checked_url_id
from imagechat.http.fresh import FRESH
from imagechat.http.moderation_bodies import (
    BroadcastOnly,
    MassDeletion,
    MassDeletionBody,
    MassDeletionList,
    SpamBody,
    SpamDeletion,
)
from imagechat.http.principal import AnyRequest, Caller, resolve
from imagechat.http.services import Services
from imagechat.model.errors import INVALID_BODY, Refusal
from imagechat.model.ids import receipt_name, room_id
from imagechat.model.policy import Operation
from imagechat.model.times import iso
from imagechat.model.wire import Comment
from imagechat.store.holding import waiting_of
from imagechat.store.mass_deletion import (
    MOST_AT_ONCE,
    UNDONE_WITHIN_MS,
    Deletion,
    begin,
    list_deletions,
    of_ids,
    of_user,
    on_picture,
    undo,
)
from imagechat.store.spam_marking import begin_spam

PATH = "/moderation/{tenant_id:str}"
TAGS = ["moderation"]

TenantId = FromPath[str]
TheServices = NamedDependency[Services]


@post(
    PATH + "/mass-deletions",
    status_code=200,
    summary="Delete all of a user, all on a picture, or what is named; first without `confirm`, to see how much",
    responses=ERROR_ANSWERS,
    tags=TAGS,
)
async def mass_deletion(
    services: TheServices, request: AnyRequest, tenant_id: TenantId, data: JSONBody[MassDeletionBody]
) -> MassDeletion:
    """Delete much at once, if `confirm` says how much that is."""
    caller = await resolve(services, request, tenant_id, Operation.MODERATE)
    if [data.user_id, data.url_id, data.ids].count(None) != 2:  # noqa: PLR2004 -- one of the three
        raise Refusal(INVALID_BODY, "Give one of userId, urlId and ids: whose things, on which picture, or which.")
    may = partial(caller.check, Operation.MODERATE)

    def planning(connection: Connection) -> Deletion:
        markers, comments = _chosen(connection)
        return _plan(services, caller, data, markers, comments)

    def _chosen(connection: Connection) -> tuple[list[str], list[Comment]]:
        if data.user_id is not None:
            return of_user(connection, tenant_id, data.user_id, may)
        if data.ids is not None:
            return of_ids(connection, tenant_id, data.ids, may)
        return on_picture(connection, room_id(tenant_id, checked_url_id(data.url_id or "")), may), []

    plan = await services.database.read(planning)
    if data.confirm is None:
        return MassDeletion(count=plan.size, deleted=0)
    begun = await services.database.write(partial(begin, by=caller.principal, deletion=plan, confirm=data.confirm))
    return MassDeletion.of(begun, deleted=await take_away(services, caller, begun))


@get(
    PATH + "/mass-deletions",
    summary="Mass deletions that can be undone",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=TAGS,
)
async def mass_deletions(services: TheServices, request: AnyRequest, tenant_id: TenantId) -> MassDeletionList:
    """Return them, the newest first."""
    caller = await resolve(services, request, tenant_id, Operation.MODERATE)
    may = partial(caller.check, Operation.MODERATE)
    found = await services.database.read(partial(list_deletions, tenant_id=tenant_id, may=may, now=services.now()))
    return MassDeletionList(
        deletions=[MassDeletion.of(each, deleted=each.size, undone=undone) for each, undone in found]
    )


@post(
    PATH + "/mass-deletions/{deletion_id:str}/undo",
    status_code=200,
    summary="Bring back what a mass deletion took",
    responses=ERROR_ANSWERS,
    tags=TAGS,
)
async def undo_mass_deletion(
    services: TheServices,
    request: AnyRequest,
    tenant_id: TenantId,
    deletion_id: FromPath[str],
    data: JSONBody[BroadcastOnly],
) -> MassDeletion:
    """Restore what is still gone of it; once, whatever the broadcastId: what is deleted after that stays deleted."""
    caller = await resolve(services, request, tenant_id, Operation.MODERATE)
    checked_broadcast_id(data.broadcast_id)
    may = partial(caller.check, Operation.MODERATE)
    undoing = partial(undo, by=caller.principal, deletion_id=deletion_id, may=may, now=services.now())
    taken = await services.database.write(undoing)
    if taken.is_spam:
        await services.notices.look()
    return MassDeletion.of(taken, deleted=await bring_back(services, caller, taken), undone=True)


@post(
    PATH + "/spam",
    status_code=200,
    summary="Delete what is spam, and hold the same words from now on",
    responses=ERROR_ANSWERS,
    tags=["dashboard"],
)
async def spam(
    services: TheServices, request: AnyRequest, tenant_id: TenantId, data: JSONBody[SpamBody]
) -> SpamDeletion:
    """Delete comments and markers, turn down what waits, and have their words wait for a moderator."""
    caller = await resolve(services, request, tenant_id, Operation.MODERATE)
    may = partial(caller.check, Operation.MODERATE)

    def marking(connection: Connection) -> Deletion:
        markers, comments = of_ids(connection, tenant_id, data.ids, may)
        plan = _plan(services, caller, data, markers, comments)
        return begin_spam(connection, caller.principal, plan, waiting_of(connection, tenant_id, data.ids, may))

    begun = await services.database.write(marking)
    await services.notices.look()
    deleted = await take_away(services, caller, begun)
    return SpamDeletion(
        deleted=deleted + len(begun.turned_down),
        undo_id=begun.id,
        undo_until=iso(begun.until),
        texts=len(begun.texts),
    )


def _plan(
    services: Services,
    caller: Caller,
    data: MassDeletionBody | SpamBody,
    markers: list[str],
    comments: list[Comment],
) -> Deletion:
    """Return what a mass deletion would take."""
    now, user_id = services.now(), caller.principal.user_id
    markers = markers[:MOST_AT_ONCE]
    return Deletion(
        id=receipt_name(caller.tenant.id, user_id, checked_broadcast_id(data.broadcast_id)),
        by=user_id,
        user_id=data.user_id if isinstance(data, MassDeletionBody) else None,
        url_id=data.url_id if isinstance(data, MassDeletionBody) else None,
        ids=None if data.ids is None else sorted(set(data.ids)),
        is_spam=isinstance(data, SpamBody),
        created_at=now,
        until=now + UNDONE_WITHIN_MS,
        markers=markers,
        comments=comments[: MOST_AT_ONCE - len(markers)],
    )
