"""What waits for a moderator: a command that was found right, and is not carried out yet."""

from dataclasses import replace
from typing import Self

import msgspec

from imagechat.model.commands import CreateComment, CreateMarker
from imagechat.model.principal import Principal
from imagechat.model.wire import Comment, Conversation


class Held(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A create that waits, its author, and how it is shown to the author and to moderators meanwhile."""

    id: str
    reason: str
    created_at: int
    principal: Principal
    marker: CreateMarker | None = None
    words: CreateComment | None = None
    conversation: Conversation | None = None
    comment: Comment | None = None

    @property
    def command(self) -> CreateMarker | CreateComment:
        """The command."""
        command = self.marker or self.words
        assert command is not None  # noqa: S101 -- one of the two is what is held
        return command

    def without_mention_of(self, user_id: str) -> Self:
        """Return it with somebody mentioned no more."""
        comment = None if self.comment is None else self.comment.without_mention_of(user_id)
        marker = self.marker
        if marker is not None and marker.comment is not None:
            marker = replace(marker, comment=marker.comment.without_mention_of(user_id))
        words = (
            None if self.words is None else replace(self.words, comment=self.words.comment.without_mention_of(user_id))
        )
        return msgspec.structs.replace(self, comment=comment, marker=marker, words=words)

    def with_broadcast_id(self, broadcast_id: str) -> CreateMarker | CreateComment:
        """Return the command as somebody else gives it, who lets it go ahead (ECHO1)."""
        return replace(self.command, broadcast_id=broadcast_id)
