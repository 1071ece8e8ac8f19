"""What moderators look through, what they have looked at, and where they hear that there is more."""

from collections.abc import Collection
from functools import partial
from typing import Annotated, Literal

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy import Connection

from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import checked_url_id
from imagechat.http.fresh import FRESH
from imagechat.http.inbox_bodies import Entry, InboxCounts, InboxEntrance, InboxPage, Reviews, ReviewsBody
from imagechat.http.listing import Limit, Search
from imagechat.http.principal import AnyRequest, resolve
from imagechat.http.services import Services
from imagechat.model.ids import INBOX, room_id
from imagechat.model.person import Person
from imagechat.model.policy import Operation
from imagechat.model.quotas import Kind
from imagechat.store.inbox import Question, read_inbox
from imagechat.store.inbox_counts import count_held, count_new
from imagechat.store.inbox_deleted import read_deleted
from imagechat.store.people import read_people
from imagechat.store.reviewing import review, unreview

PATH = "/moderation/{tenant_id:str}"
TAGS = ["dashboard"]

TheServices = NamedDependency[Services]
Wanted = Annotated[Literal["new", "all", "held", "deleted"], QueryParameter(name="state")]
Before = Annotated[str | None, QueryParameter(min_length=1, max_length=100)]


@get(
    PATH + "/inbox",
    summary="What is there to look through, the newest first",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=TAGS,
)
async def inbox(
    services: TheServices,
    request: AnyRequest,
    tenant_id: FromPath[str],
    wanted: Wanted = "new",
    search: Search = "",
    before: Before = None,
    limit: Limit = 50,
    urlId: Annotated[str | None, QueryParameter(description="what is on one picture")] = None,
) -> InboxPage:
    """Return a page of comments, markers without comments, and what waits, in pictures that the caller may see."""
    caller = await resolve(services, request, tenant_id, Operation.MODERATE, Kind.READ)
    may, now = partial(caller.check, Operation.MODERATE), services.now()
    picture = None if urlId is None else room_id(tenant_id, checked_url_id(urlId))
    question = Question(limit, wanted == "new", wanted == "held", search, before, picture)

    def reading(connection: Connection) -> InboxPage:
        counts = InboxCounts(new=count_new(connection, tenant_id, may), held=count_held(connection, tenant_id, may))
        if wanted == "deleted":
            taken, following = read_deleted(connection, tenant_id, question, now, may)
            people = _people(connection, tenant_id, {each.thing.author for each in taken})
            entries = [Entry.of(each.thing, people, each.deletion) for each in taken]
            return InboxPage(entries=entries, next_before=following, counts=counts)
        page = read_inbox(connection, tenant_id, question, may)
        people = _people(connection, tenant_id, {each.author for each in page.things})
        return InboxPage(
            entries=[Entry.of(each, people) for each in page.things], next_before=page.before, counts=counts
        )

    return await services.database.read(reading)


@post(
    PATH + "/reviews",
    status_code=200,
    summary="Look at something and let it be, or take that back",
    responses=ERROR_ANSWERS,
    tags=TAGS,
)
async def reviews(
    services: TheServices, request: AnyRequest, tenant_id: FromPath[str], data: JSONBody[ReviewsBody]
) -> Reviews:
    """Note for all moderators that somebody has looked at comments and markers."""
    caller = await resolve(services, request, tenant_id, Operation.MODERATE)
    may, ids = partial(caller.check, Operation.MODERATE), sorted(set(data.ids))
    doing = review if data.reviewed else unreview
    noting = partial(doing, by=caller.principal, ids=ids, may=may, now=services.now())
    count = await services.database.write(noting)
    await services.notices.look()
    return Reviews(count=count)


@get(
    PATH + "/live",
    summary="Where the live channel tells that the inbox has changed",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=TAGS,
)
async def inbox_live(services: TheServices, request: AnyRequest, tenant_id: FromPath[str]) -> InboxEntrance:
    """Return the room, and a ticket for it."""
    caller = await resolve(services, request, tenant_id, Operation.MODERATE, Kind.READ)
    ticket = services.ticket(caller.principal)
    return InboxEntrance(url_id_ws=INBOX, user_id_ws=ticket, tenant_id_ws=tenant_id)


def _people(connection: Connection, tenant_id: str, user_ids: Collection[str]) -> dict[str, Person]:
    return {person.id: person for person in read_people(connection, tenant_id, user_ids)}
