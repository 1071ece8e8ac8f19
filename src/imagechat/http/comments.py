"""Comments: list, create, edit, delete."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlalchemy import Connection

from imagechat.http.asking import Asking
from imagechat.http.bodies import (
    CommentList,
    CommentNode,
    CommentText,
    CreateCommentBody,
    CreatedComment,
    DeletedComment,
    EditCommentBody,
    EditedComment,
    EmptiedComment,
    FirstComment,
    NewText,
    RestoredComment,
)
from imagechat.http.comment_tree import as_tree
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import checked_broadcast_id, checked_title, checked_url_id, new_comment
from imagechat.http.fresh import FRESH
from imagechat.http.mentioning import checked_mentions
from imagechat.http.principal import AnyRequest, Caller, resolve
from imagechat.http.screening import check_edit, create
from imagechat.http.services import Services
from imagechat.model.commands import CreateComment, DeleteComment, EditComment, UndoCommentDeletion
from imagechat.model.comment_text import checked_text, render
from imagechat.model.entities import Opinion
from imagechat.model.events import CommentCreated, CommentDeleted, CommentEdited
from imagechat.model.held import Held
from imagechat.model.ids import RoomId, room_id, wire_room_id
from imagechat.model.limits import COMMENTS_PAGE, COMMENTS_PAGE_MAX
from imagechat.model.policy import Operation
from imagechat.model.view import nothing_here
from imagechat.model.wire import Comment, Mention
from imagechat.store.holding import held_in_own_marker, own_held
from imagechat.store.opinion_rows import own_opinions
from imagechat.store.read_rooms import CommentPage, CommentQuery, read_comment, read_comments
from imagechat.store.write_events import Committed

PATH = "/comments/{tenant_id:str}"
_MOST = 1_000_000

Count = Annotated[int, QueryParameter(ge=0, le=_MOST)]


@get(
    PATH,
    summary="List a thread; urlId is the marker's windowUrlId",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["comments"],
)
async def list_comments(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    urlId: FromQuery[str],
    page: Count = 0,
    skip: Count = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=_MOST)] = COMMENTS_PAGE,
    direction: FromQuery[Literal["OF", "NF", "MR"]] = "OF",
    parentId: FromQuery[str | None] = None,
    afterCommentId: FromQuery[str | None] = None,
    beforeCommentId: FromQuery[str | None] = None,
    asTree: FromQuery[bool] = False,  # noqa: FBT002
    maxTreeDepth: Annotated[int | None, QueryParameter(ge=0, le=_MOST)] = None,
) -> CommentList:
    """Return part of a thread. A thread that nobody wrote in is empty, not missing."""
    caller = await resolve(services, request, tenant_id, Operation.READ)
    url_id = checked_url_id(urlId)
    limit = min(limit, COMMENTS_PAGE_MAX)
    query = CommentQuery(
        offset=skip + page * limit,
        limit=limit,
        newest_first=direction == "NF",
        parent_id=parentId,
        after_id=afterCommentId,
        before_id=beforeCommentId,
    )
    read = partial(_read_thread, thread_id=room_id(tenant_id, url_id), query=query, caller=caller)
    found, waiting, own = await services.database.read(read)
    if found is None:
        raise nothing_here()
    services.counting.fetched(room_id(tenant_id, url_id))
    written = [each.comment for each in found.comments]
    comments = [CommentNode.of(comment, own.get(comment.id)) for comment in (*written, *waiting)]
    return CommentList(
        comments=as_tree(comments, maxTreeDepth) if asTree else comments,
        page_number=page,
        comment_count=found.comment_count,
        has_more=found.has_more,
        picture_seq=found.picture_seq,
        user=caller.user,
        url_id_clean=url_id,
        is_site_admin=caller.principal.moderates,
        tenant_id_ws=tenant_id,
        url_id_ws=wire_room_id(url_id),
        user_id_ws=services.ticket(caller.principal),
        epoch=found.epoch,
        seq=found.seq,
    )


def _read_thread(
    connection: Connection, thread_id: RoomId, query: CommentQuery, caller: Caller
) -> tuple[CommentPage | None, list[Comment], dict[str, Opinion]]:
    """Return part of a thread, and what the caller thinks of its comments, by their ids.

    After its last page comes what waits for a moderator that the caller wrote there.
    """
    found = read_comments(connection, thread_id, query, partial(caller.check, Operation.READ))
    if found is None:
        return found, [], {}
    user_id = caller.principal.user_id
    own = own_opinions(connection, user_id, [each.comment for each in found.comments])
    if found.has_more or query.newest_first or query.before_id is not None:
        return found, [], own
    held = own_held(connection, thread_id, user_id)
    if not found.seq:
        held += held_in_own_marker(connection, caller.tenant.id, thread_id, user_id)
    return found, [each.comment for each in held if each.comment is not None], own


@post(
    PATH,
    status_code=200,
    summary="Comment in a thread, which may be there before its marker",
    responses=ERROR_ANSWERS,
    tags=["comments"],
)
async def create_comment(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    urlId: FromQuery[str],
    broadcastId: FromQuery[str],
    data: JSONBody[CreateCommentBody],
) -> CreatedComment:
    """Create a comment; `parentId` makes it a reply."""
    return await make_comment(services, request, tenant_id, urlId, broadcastId, data)


async def make_comment(
    services: Services, request: Asking, tenant_id: str, url_id: str, broadcast_id: str, data: CreateCommentBody
) -> CreatedComment:
    """Do what `create_comment` is asked to, for whoever carries the request here."""
    caller = await resolve(services, request, tenant_id, Operation.CREATE_COMMENT)
    words = FirstComment(
        comment=data.comment,
        commenter_name=data.commenter_name,
        avatar_src=data.avatar_src,
        url=data.url,
        website=data.website,
    )
    comment = new_comment(words, services.now(), data.parent_id)
    thread = room_id(tenant_id, checked_url_id(url_id))
    mentions = await checked_mentions(services, caller, thread, comment.text, data.mentions)
    command = CreateComment(
        tenant_id=tenant_id,
        broadcast_id=checked_broadcast_id(broadcast_id),
        url_id=checked_url_id(url_id),
        comment=replace(comment, mentions=mentions),
        title=checked_title(data.page_title),
    )
    outcome = await create(services, caller, command, data.website)
    ticket = services.ticket(caller.principal)
    if isinstance(outcome, Held):
        assert outcome.comment is not None  # noqa: S101 -- what is held of this command
        return CreatedComment(comment=outcome.comment, user=caller.user, user_id_ws=ticket)
    event = outcome.placed[-1].event
    assert isinstance(event, CommentCreated)  # noqa: S101 -- what this command makes
    return CreatedComment(
        comment=event.comment,
        user=caller.user,
        user_id_ws=ticket,
        seq=event.seq,
        picture_seq=picture_seq_of(outcome),
        timestamp=event.timestamp,
    )


async def _edited_mentions(
    services: Services, caller: Caller, comment_id: str, text: str, given: list[Mention] | None
) -> tuple[Mention, ...] | None:
    if not given:
        return None if given is None else ()
    may = partial(caller.check, Operation.READ)
    reading = partial(read_comment, tenant_id=caller.tenant.id, comment_id=comment_id, may=may)
    found = await services.database.read(reading)
    return () if found is None else await checked_mentions(services, caller, found.thread_id, text, given)


@post(
    PATH + "/{comment_id:str}/update-text",
    status_code=200,
    summary="Edit one's own comment",
    responses=ERROR_ANSWERS,
    tags=["comments"],
)
async def edit_comment(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    comment_id: FromPath[str],
    broadcastId: FromQuery[str],
    data: JSONBody[EditCommentBody],
) -> EditedComment:
    """Give a comment other words."""
    caller = await resolve(services, request, tenant_id, Operation.EDIT_COMMENT)
    text = checked_text(data.comment)
    command = EditComment(
        tenant_id=tenant_id,
        broadcast_id=checked_broadcast_id(broadcastId),
        comment_id=comment_id,
        text=text,
        html=render(text),
        mentions=await _edited_mentions(services, caller, comment_id, text, data.mentions),
    )
    check_edit(services, caller, command)
    committed = await services.group_commit.submit(caller.principal, command, caller.tenant.settings)
    event = committed.placed[-1].event
    assert isinstance(event, CommentEdited)  # noqa: S101 -- what this command makes
    return EditedComment(
        comment=NewText(approved=event.comment.approved, comment_html=event.comment.comment_html),
        seq=event.seq,
        picture_seq=picture_seq_of(committed),
        timestamp=event.timestamp,
    )


@get(
    PATH + "/{comment_id:str}/text",
    summary="The text of a comment as it was typed",
    responses=ERROR_ANSWERS,
    cache_control=FRESH,
    tags=["comments"],
)
async def comment_text(
    services: NamedDependency[Services], request: AnyRequest, tenant_id: FromPath[str], comment_id: FromPath[str]
) -> CommentText:
    """Return a comment's text."""
    caller = await resolve(services, request, tenant_id, Operation.READ)
    may = partial(caller.check, Operation.READ)
    found = await services.database.read(partial(read_comment, tenant_id=tenant_id, comment_id=comment_id, may=may))
    if found is None:
        raise nothing_here()
    return CommentText(comment_text=found.comment.comment, sanitized_comment_text=found.comment.comment_html)


@delete(
    PATH + "/{comment_id:str}", status_code=200, summary="Delete a comment", responses=ERROR_ANSWERS, tags=["comments"]
)
async def delete_comment(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    comment_id: FromPath[str],
    broadcastId: FromQuery[str],
) -> DeletedComment:
    """Delete a comment; one with replies stays as an empty place."""
    caller = await resolve(services, request, tenant_id, Operation.DELETE_COMMENT)
    command = DeleteComment(tenant_id=tenant_id, broadcast_id=checked_broadcast_id(broadcastId), comment_id=comment_id)
    committed = await services.group_commit.submit(caller.principal, command, caller.tenant.settings)
    event = committed.placed[-1].event
    assert isinstance(event, CommentDeleted)  # noqa: S101 -- what this command makes
    return DeletedComment(
        hard_removed=event.hard_removed,
        comment=EmptiedComment(
            is_deleted=True, comment_html=event.comment.comment_html, commenter_name=event.comment.commenter_name
        ),
        seq=event.seq,
        picture_seq=picture_seq_of(committed),
        timestamp=event.timestamp,
    )


@post(
    PATH + "/{comment_id:str}/restore",
    status_code=200,
    summary="Bring a comment back that one has just deleted",
    responses=ERROR_ANSWERS,
    tags=["comments"],
)
async def restore_comment(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    comment_id: FromPath[str],
    broadcastId: FromQuery[str],
) -> RestoredComment:
    """Take one's own deletion of a comment back, within ten minutes."""
    caller = await resolve(services, request, tenant_id, Operation.RESTORE_COMMENT)
    command = UndoCommentDeletion(
        tenant_id=tenant_id, broadcast_id=checked_broadcast_id(broadcastId), comment_id=comment_id
    )
    committed = await services.group_commit.submit(caller.principal, command, caller.tenant.settings)
    event = committed.placed[-1].event
    assert isinstance(event, CommentCreated)  # noqa: S101 -- what this command makes
    return RestoredComment(
        comment=event.comment, seq=event.seq, picture_seq=picture_seq_of(committed), timestamp=event.timestamp
    )


def picture_seq_of(committed: Committed) -> int | None:
    """Return the position of a comment's event in its picture's room; None before there is a marker."""
    return committed.placed[0].event.seq if len(committed.placed) > 1 else None
