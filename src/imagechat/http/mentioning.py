"""Whom one may mention on a picture, while one types a name."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from imagechat.http.bodies import MentionableUsers, OnlineUser
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import checked_url_id
from imagechat.http.fresh import FRESH
from imagechat.http.principal import AnyRequest, Caller, resolve
from imagechat.http.services import Services
from imagechat.model.errors import INVALID_BODY, Refusal
from imagechat.model.ids import RoomId, room_id
from imagechat.model.limits import MENTIONS, NAME_CHARACTERS
from imagechat.model.mentionable import Mentionable, found_among
from imagechat.model.policy import Operation
from imagechat.model.wire import Mention
from imagechat.store.mentionable import known, mentionable


@get(
    "/pages/{tenant_id:str}/users/mentionable",
    summary="Whom one may mention on a picture",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["rooms"],
)
async def mentionable_users(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    urlId: FromQuery[str],
    search: Annotated[str, QueryParameter(max_length=NAME_CHARACTERS)] = "",
) -> MentionableUsers:
    """Return up to ten people a word of whose name begins so: who is there, wrote there, or may see it."""
    caller = await resolve(services, request, tenant_id, Operation.READ)
    room = room_id(tenant_id, checked_url_id(urlId))
    may = partial(caller.check, Operation.READ)
    reading = partial(mentionable, room_id=room, caller=caller.principal, search=search, may=may)
    known = await services.database.read(reading)
    _, faces = await services.hub.present(room)
    present = [Mentionable(each.id, each.display_name, each.avatar_src or None) for each in faces]
    found = found_among([*present, *known], search, caller.principal)
    return MentionableUsers(
        users=[OnlineUser(id=each.id, display_name=each.name, **_avatar(each)) for each in found],
    )


async def checked_mentions(
    services: Services, caller: Caller, room: RoomId, text: str, given: Sequence[Mention]
) -> tuple[Mention, ...]:
    """Return those of some mentions that stand in a text for the very people whom the caller may mention in a room.

    Others are left out: to say which of them are not allowed would tell who is there. Raises `Refusal` for too many,
    and what the right to the room raises.
    """
    if not given:
        return ()
    if len(given) > MENTIONS:
        raise Refusal(INVALID_BODY, f"A comment mentions {MENTIONS} people at most.")
    ids = {each.id for each in given if each.tag in text}
    may = partial(caller.check, Operation.READ)
    reading = partial(known, room_id=room, caller=caller.principal, ids=ids, may=may)
    people = {(each.id, f"@{each.name}") for each in await services.database.read(reading)}
    _, faces = await services.hub.present(room)
    people |= {(each.id, f"@{each.display_name}") for each in faces}
    return tuple(dict.fromkeys(each for each in given if each.id in ids and (each.id, each.tag) in people))


def _avatar(each: Mentionable) -> dict[str, str]:
    return {"avatar_src": each.avatar} if each.avatar else {}
