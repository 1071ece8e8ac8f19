"""Votes and emoji on comments, as REST takes and answers them."""

from typing import Literal

from imagechat.http.bodies import Body, Success, User
from imagechat.model.opinions import Emoji


class VoteBody(Body, kw_only=True):
    """POST /comments/{tenantId}/{commentId}/vote."""

    vote_dir: Literal["up", "down"]


class ReactionBody(Body, kw_only=True):
    """POST /comments/{tenantId}/{commentId}/reactions."""

    emoji: Emoji


class Voted(Success, kw_only=True):
    """POST /comments/{tenantId}/{commentId}/vote, with all votes on the comment after it."""

    vote_id: str
    is_verified: bool = True
    votes: int
    votes_up: int
    votes_down: int
    user: User
    seq: int
    picture_seq: int | None
    timestamp: int


class VoteTakenBack(Success, kw_only=True):
    """DELETE /comments/{tenantId}/{commentId}/vote/{voteId}, with all votes on the comment after it."""

    was_pending_vote: bool = False
    votes: int
    votes_up: int
    votes_down: int
    seq: int
    picture_seq: int | None
    timestamp: int


class Reacted(Success, kw_only=True):
    """An emoji was given, with how many people give it now."""

    emoji: str
    count: int
    user: User
    seq: int
    picture_seq: int | None
    timestamp: int


class ReactionTakenBack(Success, kw_only=True):
    """An emoji was taken back, with how many people give it still."""

    emoji: str
    count: int
    seq: int
    picture_seq: int | None
    timestamp: int
