"""A tenant's pictures, for its moderators."""

from functools import partial

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fresh import FRESH
from imagechat.http.list_bodies import PictureEntry, PictureList
from imagechat.http.listing import Limit, Search, Skip
from imagechat.http.principal import AnyRequest, resolve
from imagechat.http.services import Services
from imagechat.model.policy import Operation
from imagechat.model.quotas import Kind
from imagechat.store.picture_list import PictureOrder, list_pictures


@get(
    "/api/v1/pictures",
    summary="A tenant's pictures",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["dashboard"],
)
async def pictures_of_tenant(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenantId: FromQuery[str],
    search: Search = "",
    sort: FromQuery[PictureOrder] = PictureOrder.ACTIVITY,
    skip: Skip = 0,
    limit: Limit = 50,
) -> PictureList:
    """Return some of the pictures that the caller may see."""
    caller = await resolve(services, request, tenantId, Operation.MODERATE, Kind.READ)
    listing = partial(
        list_pictures,
        tenant_id=caller.tenant.id,
        words=search,
        order=sort,
        skip=skip,
        limit=limit,
        may=partial(caller.check, Operation.MODERATE),
    )
    page, total = await services.database.read(listing)
    rooms = services.hub.rooms
    watching = {each.id: rooms[each.id].attendance.connections.total() for each in page if each.id in rooms}
    entries = [PictureEntry.of(each, watching.get(each.id, 0)) for each in page]
    return PictureList(pictures=entries, total=total, has_more=skip + len(page) < total)
