"""Votes and emoji on comments, counted. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from imagechat.model.entities import Opinion
from imagechat.model.wire import Comment

Emoji = Literal["👍", "❤️", "😄", "🎉", "😕", "👀"]
EMOJI: tuple[Emoji, ...] = get_args(Emoji)
"""What can be given to a comment, in the order in which it is shown."""
FOR, AGAINST = 1, -1


class Tally(msgspec.Struct, frozen=True, omit_defaults=True):
    """What people think of a comment: votes for it and against it, and how many give it each emoji."""

    up: int = 0
    down: int = 0
    reactions: dict[str, int] = {}

    def voted(self, before: int, after: int) -> "Tally":
        """Return it after a person's vote was changed; 0 is none."""
        up = self.up + (after == FOR) - (before == FOR)
        return Tally(up, self.down + (after == AGAINST) - (before == AGAINST), self.reactions)

    def reacted(self, emoji: str, more: int) -> "Tally":
        """Return it after so many people more give an emoji."""
        return Tally(self.up, self.down, self.reactions | {emoji: self.reactions.get(emoji, 0) + more})


def tally_of(comment: Comment) -> Tally:
    """Return what people think of a comment."""
    return Tally(comment.votes_up or 0, comment.votes_down or 0, comment.reactions or {})


def tally_of_all(opinions: Iterable[Opinion]) -> Tally:
    """Return some opinions of a comment, counted."""
    found = list(opinions)
    directions = Counter(each.direction for each in found)
    return Tally(
        directions[FOR], directions[AGAINST], dict(Counter(emoji for each in found for emoji in each.reactions))
    )


def with_tally(comment: Comment, tally: Tally) -> Comment:
    """Return a comment with what people think of it; what nobody does is left out."""
    up, down = tally.up, tally.down
    has_votes = up or down
    return msgspec.structs.replace(
        comment,
        votes=up - down if has_votes else msgspec.UNSET,
        votes_up=up if has_votes else msgspec.UNSET,
        votes_down=down if has_votes else msgspec.UNSET,
        reactions={emoji: count for emoji, count in tally.reactions.items() if count} or msgspec.UNSET,
    )


def uncounted(comment: Comment) -> Comment:
    """Return a comment without what people think of it."""
    return with_tally(comment, Tally())


def is_counted(comment: Comment) -> bool:
    """Tell whether somebody has an opinion of a comment."""
    return comment.votes is not msgspec.UNSET or comment.reactions is not msgspec.UNSET
