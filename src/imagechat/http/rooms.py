"""A room's history and its people."""

from functools import partial
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from imagechat.http.bodies import EventLog, LogEntry, OnlineUser, UsersOnline
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import checked_url_id
from imagechat.http.fresh import FRESH
from imagechat.http.principal import AnyRequest, resolve, resolve_ticket
from imagechat.http.services import Services
from imagechat.model.errors import HISTORY_TRIMMED, INVALID_BODY, Refusal
from imagechat.model.ids import room_id, wire_room_id
from imagechat.model.limits import EVENTS_PAGE, PEOPLE_PAGE
from imagechat.model.policy import Operation
from imagechat.model.times import iso
from imagechat.store.read_rooms import LogQuery, read_log

_MOST = 2**53

Number = Annotated[int | None, QueryParameter(ge=0, le=_MOST)]


@get(
    "/event-log/{tenant_id:str}",
    summary="The events of a room, in order",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["rooms"],
)
async def event_log(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    urlId: FromQuery[str],
    userIdWS: FromQuery[str],
    startTime: Number = None,
    endTime: Number = None,
    sinceSeq: Number = None,
) -> EventLog:
    """Return events by time (both ends included) or after a seq, 200 a page."""
    caller = await resolve_ticket(services, request, tenant_id, userIdWS)
    if startTime is None and sinceSeq is None:
        raise Refusal(INVALID_BODY, "Give startTime (ms) or sinceSeq.")
    room = room_id(tenant_id, checked_url_id(urlId))
    query = LogQuery(EVENTS_PAGE + 1, after=sinceSeq or 0, start=startTime, end=endTime)
    may = partial(caller.check, Operation.READ)
    log = await services.database.read(partial(read_log, room_id=room, query=query, may=may))
    if sinceSeq is not None and sinceSeq + 1 < log.first:
        raise Refusal(HISTORY_TRIMMED, f"The log of this room begins at seq {log.first}: take a new snapshot.")
    page = log.events[:EVENTS_PAGE]
    wire_id = wire_room_id(urlId)
    return EventLog(
        events=[
            LogEntry(
                id=f"{wire_id[1:]}-{event.seq}",
                created_at=iso(event.timestamp),
                tenant_id=tenant_id,
                url_id=urlId,
                broadcast_id=event.broadcast_id,
                data=event.data,
            )
            for event in page
        ],
        epoch=log.epoch,
        first_seq=log.first,
        next_seq=page[-1].seq if len(log.events) > EVENTS_PAGE else None,
    )


@get(
    "/pages/{tenant_id:str}/users/online",
    summary="Who is connected to a room",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["rooms"],
)
async def users_online(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    urlId: FromQuery[str],
    afterName: FromQuery[str] = "",
    afterUserId: FromQuery[str] = "",
) -> UsersOnline:
    """Return how many people are connected, and those who gave a name, 100 a page."""
    caller = await resolve(services, request, tenant_id, Operation.READ)
    room = room_id(tenant_id, checked_url_id(urlId))
    caller.check(Operation.READ, await services.hub.access(room))
    count, named = await services.hub.present(room)
    left = [face for face in named if (face.display_name, face.id) > (afterName, afterUserId)]
    page = left[:PEOPLE_PAGE]
    users = [OnlineUser(id=each.id, display_name=each.display_name, avatar_src=each.avatar_src) for each in page]
    more = page[-1] if len(left) > len(page) else None
    return UsersOnline(
        users=users,
        total_count=count,
        anon_count=count - len(named),
        next_after_user_id=None if more is None else more.id,
        next_after_name=None if more is None else more.display_name,
    )
