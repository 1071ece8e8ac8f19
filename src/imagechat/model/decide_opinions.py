"""What commands on opinions do (votes, and emoji on comments), or why they are refused. Pure.

An event carries the counts after it, and an opinion is one person's and one comment's: so a vote that is repeated or
changed is counted once.
"""

from dataclasses import dataclass

import msgspec

from imagechat.model.access import Access
from imagechat.model.commands import AddReaction, CastVote, OpinionCommand, WithdrawReaction, WithdrawVote
from imagechat.model.entities import Opinion, Room, ThreadComment
from imagechat.model.events import Placed, ReactionAdded, ReactionWithdrawn, VoteCast, VoteWithdrawn
from imagechat.model.ids import opinion_id
from imagechat.model.opinions import Tally, tally_of, with_tally
from imagechat.model.policy import Operation
from imagechat.model.view import By, Change, View, access_of, comment_of, next_timestamp, nothing_here, place_event
from imagechat.model.wire import Reaction, Vote


def cast_vote(view: View, by: By, command: CastVote, now: int) -> Change:
    """Vote, or vote otherwise than before. Raises `Refusal`."""
    about = _look(view, by, command, Operation.REACT, now)
    opinion = msgspec.structs.replace(about.opinion, direction=command.direction, at=about.timestamp)
    tally = about.tally.voted(about.opinion.direction, command.direction)
    return about.changed(opinion, tally, _place_vote(VoteCast, about, command, opinion, tally))


def withdraw_vote(view: View, by: By, command: WithdrawVote, now: int) -> Change:
    """Take a vote back. Raises `Refusal`."""
    about = _look(view, by, command, Operation.WITHDRAW, now)
    if not about.opinion.direction:
        raise nothing_here()
    tally = about.tally.voted(about.opinion.direction, 0)
    placed = _place_vote(VoteWithdrawn, about, command, about.opinion, tally)
    return about.changed(msgspec.structs.replace(about.opinion, direction=0), tally, placed)


def add_reaction(view: View, by: By, command: AddReaction, now: int) -> Change:
    """Give a comment an emoji. Raises `Refusal`."""
    about = _look(view, by, command, Operation.REACT, now)
    given = about.opinion.reactions
    is_new = command.emoji not in given
    reactions = (*given, command.emoji) if is_new else given
    opinion = msgspec.structs.replace(about.opinion, reactions=reactions, at=about.timestamp)
    tally = about.tally.reacted(command.emoji, int(is_new))
    return about.changed(opinion, tally, _place_reaction(ReactionAdded, about, command, tally))


def withdraw_reaction(view: View, by: By, command: WithdrawReaction, now: int) -> Change:
    """Take an emoji back. Raises `Refusal`."""
    about = _look(view, by, command, Operation.WITHDRAW, now)
    if command.emoji not in about.opinion.reactions:
        raise nothing_here()
    reactions = tuple(emoji for emoji in about.opinion.reactions if emoji != command.emoji)
    tally = about.tally.reacted(command.emoji, -1)
    placed = _place_reaction(ReactionWithdrawn, about, command, tally)
    return about.changed(msgspec.structs.replace(about.opinion, reactions=reactions), tally, placed)


@dataclass(frozen=True, slots=True)
class _About:
    """A comment that is there, the rooms that carry it after the event, and what the person thought of it before."""

    found: ThreadComment
    rooms: tuple[Room, ...]
    access: Access
    opinion: Opinion
    timestamp: int

    @property
    def tally(self) -> Tally:
        """What people thought of it before."""
        return tally_of(self.found.comment)

    def changed(self, opinion: Opinion, tally: Tally, placed: tuple[Placed, ...]) -> Change:
        """Return what comes of it."""
        changed = msgspec.structs.replace(self.found, comment=with_tally(self.found.comment, tally))
        return Change(placed, self.rooms, self.access, comments=(changed,), opinions=(opinion,))


def _look(view: View, by: By, command: OpinionCommand, operation: Operation, now: int) -> _About:
    found, rooms = comment_of(view, command.tenant_id, command.comment_id)
    access = access_of(view, rooms)
    by.check(operation, command, access, command.user_id)
    timestamp = next_timestamp(now, *rooms)
    name = opinion_id(command.comment_id, command.user_id)
    opinion = view.opinions.get(name) or Opinion(
        id=name, tenant_id=command.tenant_id, comment_id=command.comment_id, user_id=command.user_id
    )
    return _About(found, tuple(room.at(timestamp) for room in rooms), access, opinion, timestamp)


def _place_vote(
    kind: type[VoteCast | VoteWithdrawn],
    about: _About,
    command: CastVote | WithdrawVote,
    opinion: Opinion,
    tally: Tally,
) -> tuple[Placed, ...]:
    comment = about.found.comment
    vote = Vote(
        id=opinion.id,
        tenant_id=comment.tenant_id,
        url_id=comment.url_id,
        url_id_raw=comment.url_id,
        comment_id=comment.id,
        user_id=opinion.user_id,
        direction=opinion.direction,
        created_at=opinion.at,
    )
    return place_event(kind, command.user_id, command, about.rooms, vote=vote, votes_up=tally.up, votes_down=tally.down)


def _place_reaction(
    kind: type[ReactionAdded | ReactionWithdrawn],
    about: _About,
    command: AddReaction | WithdrawReaction,
    tally: Tally,
) -> tuple[Placed, ...]:
    comment, emoji = about.found.comment, command.emoji
    reaction = Reaction(comment_id=comment.id, url_id=comment.url_id, emoji=emoji, count=tally.reactions[emoji])
    return place_event(kind, command.user_id, command, about.rooms, reaction=reaction)
