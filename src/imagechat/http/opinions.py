"""Votes and emoji on comments: given, and taken back."""

from typing import TypeVar

from litestar import delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from imagechat.http.comments import PATH as COMMENTS
from imagechat.http.comments import picture_seq_of
from imagechat.http.errors import ERROR_ANSWERS
from imagechat.http.fields import checked_broadcast_id
from imagechat.http.opinion_bodies import Reacted, ReactionBody, ReactionTakenBack, VoteBody, Voted, VoteTakenBack
from imagechat.http.principal import AnyRequest, Caller, resolve
from imagechat.http.services import Services
from imagechat.model.commands import AddReaction, CastVote, OpinionCommand, WithdrawReaction, WithdrawVote
from imagechat.model.events import OpinionEvent, ReactionAdded, ReactionWithdrawn, VoteCast, VoteWithdrawn
from imagechat.model.ids import opinion_id
from imagechat.model.opinions import AGAINST, FOR
from imagechat.model.policy import Operation
from imagechat.model.view import nothing_here

PATH = COMMENTS + "/{comment_id:str}"

T = TypeVar("T", bound=OpinionEvent)


@post(
    PATH + "/vote",
    status_code=200,
    summary="Vote on a comment, or otherwise",
    responses=ERROR_ANSWERS,
    tags=["comments"],
)
async def vote(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    comment_id: FromPath[str],
    broadcastId: FromQuery[str],
    data: JSONBody[VoteBody],
) -> Voted:
    """Vote for a comment or against it; the caller's vote of before is this one then."""
    caller = await resolve(services, request, tenant_id, Operation.REACT)
    command = CastVote(
        tenant_id=tenant_id,
        broadcast_id=checked_broadcast_id(broadcastId),
        comment_id=comment_id,
        user_id=caller.principal.user_id,
        direction=FOR if data.vote_dir == "up" else AGAINST,
    )
    event, picture_seq = await _carry_out(services, caller, command, VoteCast)
    return Voted(
        vote_id=event.vote.id,
        votes=event.votes_up - event.votes_down,
        votes_up=event.votes_up,
        votes_down=event.votes_down,
        user=caller.user,
        seq=event.seq,
        picture_seq=picture_seq,
        timestamp=event.timestamp,
    )


@delete(
    PATH + "/vote/{vote_id:str}",
    status_code=200,
    summary="Take one's vote back",
    responses=ERROR_ANSWERS,
    tags=["comments"],
)
async def take_vote_back(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    comment_id: FromPath[str],
    vote_id: FromPath[str],
    broadcastId: FromQuery[str],
) -> VoteTakenBack:
    """Take the caller's own vote back, by the id that it was answered with."""
    caller = await resolve(services, request, tenant_id, Operation.WITHDRAW)
    user_id = caller.principal.user_id
    broadcast_id = checked_broadcast_id(broadcastId)
    if vote_id != opinion_id(comment_id, user_id):
        raise nothing_here()
    command = WithdrawVote(tenant_id=tenant_id, broadcast_id=broadcast_id, comment_id=comment_id, user_id=user_id)
    event, picture_seq = await _carry_out(services, caller, command, VoteWithdrawn)
    return VoteTakenBack(
        votes=event.votes_up - event.votes_down,
        votes_up=event.votes_up,
        votes_down=event.votes_down,
        seq=event.seq,
        picture_seq=picture_seq,
        timestamp=event.timestamp,
    )


@post(
    PATH + "/reactions", status_code=200, summary="Give a comment an emoji", responses=ERROR_ANSWERS, tags=["comments"]
)
async def react(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    comment_id: FromPath[str],
    broadcastId: FromQuery[str],
    data: JSONBody[ReactionBody],
) -> Reacted:
    """Give a comment one of the six emoji; everybody gives each of them once at most."""
    caller = await resolve(services, request, tenant_id, Operation.REACT)
    command = AddReaction(
        tenant_id=tenant_id,
        broadcast_id=checked_broadcast_id(broadcastId),
        comment_id=comment_id,
        user_id=caller.principal.user_id,
        emoji=data.emoji,
    )
    event, picture_seq = await _carry_out(services, caller, command, ReactionAdded)
    return Reacted(
        emoji=event.reaction.emoji,
        count=event.reaction.count,
        user=caller.user,
        seq=event.seq,
        picture_seq=picture_seq,
        timestamp=event.timestamp,
    )


@delete(
    PATH + "/reactions/{emoji:str}",
    status_code=200,
    summary="Take one's emoji back",
    responses=ERROR_ANSWERS,
    tags=["comments"],
)
async def take_reaction_back(
    services: NamedDependency[Services],
    request: AnyRequest,
    tenant_id: FromPath[str],
    comment_id: FromPath[str],
    emoji: FromPath[str],
    broadcastId: FromQuery[str],
) -> ReactionTakenBack:
    """Take an emoji back that the caller gave."""
    caller = await resolve(services, request, tenant_id, Operation.WITHDRAW)
    command = WithdrawReaction(
        tenant_id=tenant_id,
        broadcast_id=checked_broadcast_id(broadcastId),
        comment_id=comment_id,
        user_id=caller.principal.user_id,
        emoji=emoji,
    )
    event, picture_seq = await _carry_out(services, caller, command, ReactionWithdrawn)
    return ReactionTakenBack(
        emoji=event.reaction.emoji,
        count=event.reaction.count,
        seq=event.seq,
        picture_seq=picture_seq,
        timestamp=event.timestamp,
    )


async def _carry_out(
    services: Services, caller: Caller, command: OpinionCommand, kind: type[T]
) -> tuple[T, int | None]:
    """Return the event that a command made, in the thread's room, and its position in the picture's."""
    committed = await services.group_commit.submit(caller.principal, command, caller.tenant.settings)
    event = committed.placed[-1].event
    assert isinstance(event, kind)  # noqa: S101 -- what this command makes
    return event, picture_seq_of(committed)
