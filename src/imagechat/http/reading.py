"""What somebody has read of a picture's conversations, kept for who signed in."""

from functools import partial

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from imagechat.http.bodies import ReadBody, ReadUpTo, Success
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import checked_url_id
from imagechat.http.principal import AnyRequest, resolve
from imagechat.http.services import Services
from imagechat.model import read_marks
from imagechat.model.errors import INVALID_BODY, Refusal
from imagechat.model.ids import room_id
from imagechat.model.policy import Operation
from imagechat.model.read_marks import MARKS_AT_ONCE
from imagechat.model.times import milliseconds_of
from imagechat.store.read_marks import Reading


@post(
    "/comment-image-chats/{tenant_id:str}/read",
    status_code=200,
    summary="Keep how far one has read a picture",
    responses=ERROR_ANSWERS,
    tags=["markers"],
)
async def keep_read(
    services: NamedDependency[Services], request: AnyRequest, tenant_id: FromPath[str], data: JSONBody[ReadBody]
) -> Success:
    """Keep it for the caller, who signed in; what was read further before stays, so it may be said again."""
    caller = await resolve(services, request, tenant_id, Operation.KEEP_READ)
    picture = room_id(tenant_id, checked_url_id(data.url_id))
    reading = Reading(
        room_id=picture,
        user_id=caller.principal.user_id,
        up_to=_checked(tenant_id, data.read_up_to),
        may=partial(caller.check, Operation.READ),
    )
    await services.keeping_read.keep(reading)
    return Success()


def _checked(tenant_id: str, given: ReadUpTo) -> read_marks.ReadUpTo:
    """Return what a client says it has read, threads by their rooms. Raises `Refusal` (`invalid-body`)."""
    if len(given.threads) > MARKS_AT_ONCE:
        raise Refusal(INVALID_BODY, f"readUpTo.threads may have {MARKS_AT_ONCE} threads at once.")
    threads: dict[str, int] = {
        room_id(tenant_id, checked_url_id(url_id, "readUpTo.threads")): _time(at)
        for url_id, at in given.threads.items()
    }
    return read_marks.ReadUpTo(_time(given.picture) if given.picture else 0, threads)


def _time(written: str) -> int:
    try:
        return milliseconds_of(written)
    except ValueError:
        raise Refusal(INVALID_BODY, "readUpTo has times as the server writes them: 2026-01-31T12:00:00.000Z.") from None
