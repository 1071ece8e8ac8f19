"""Pictures: locked, and given to groups; and the caller's own session, ended."""

from functools import partial

import msgspec
from litestar import delete, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from imagechat.http.bodies import Success
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import checked_broadcast_id, checked_url_id
from imagechat.http.moderation_bodies import UpdatedPicture, UpdatePictureBody
from imagechat.http.principal import AnyRequest, resolve
from imagechat.http.services import Services
from imagechat.model.commands import UpdatePicture
from imagechat.model.events import PictureUpdated
from imagechat.model.policy import Operation
from imagechat.store.banning import end_session


@patch(
    "/pictures/{tenant_id:str}",
    summary="Lock or unlock a picture; say whose groups' it is",
    responses=ERROR_ANSWERS,
    tags=["moderation"],
)
async def update_picture(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    urlId: FromQuery[str],
    data: JSONBody[UpdatePictureBody],
) -> UpdatedPicture:
    """Change a picture; whoever may not see it any more is gone from it when this is answered."""
    shares = data.group_ids is not msgspec.UNSET
    caller = await resolve(services, request, tenant_id, Operation.SHARE_PICTURE if shares else Operation.LOCK_PICTURE)
    command = UpdatePicture(
        tenant_id=tenant_id,
        broadcast_id=checked_broadcast_id(data.broadcast_id),
        url_id=checked_url_id(urlId),
        read_only=data.read_only,
        groups=tuple(sorted(set(data.group_ids))) if isinstance(data.group_ids, list) else None,
        for_everyone=data.group_ids is None,
    )
    committed = await services.group_commit.submit(caller.principal, command, caller.tenant.settings)
    if shares:
        await services.notices.look()  # the picture's threads too
    event = committed.placed[0].event
    assert isinstance(event, PictureUpdated)  # noqa: S101 -- what this command makes
    return UpdatedPicture(seq=event.seq, timestamp=event.timestamp, read_only=event.picture.read_only)


@delete(
    "/sessions/{tenant_id:str}",
    status_code=200,
    summary="End one's own session, on every connection",
    responses=ERROR_ANSWERS,
    tags=["callers"],
)
async def end_own_session(
    services: NamedDependency[Services], request: AnyRequest, tenant_id: FromPath[str]
) -> Success:
    """End the session of somebody who signed in: its token is good for nothing any more."""
    caller = await resolve(services, request, tenant_id, Operation.END_SESSION)
    now = services.now()
    ending = partial(end_session, by=caller.principal, now=now, until=now + services.session_ms)
    await services.database.write(ending)
    await services.notices.look()
    return Success()
