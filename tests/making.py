"""People, commands and a small world to decide them in, for tests that need no server."""

from collections.abc import Callable
from itertools import count
from typing import Any

from imagechat.model.commands import (
    AddReaction,
    CastVote,
    Command,
    CreateComment,
    CreateMarker,
    DeleteComment,
    DeleteMarker,
    EditComment,
    NewComment,
    RestoreComment,
    RestoreMarker,
    UndoCommentDeletion,
    UndoMarkerDeletion,
    UpdateMarker,
    UpdatePicture,
    WithdrawReaction,
    WithdrawVote,
)
from imagechat.model.comment_text import render
from imagechat.model.decide import decide
from imagechat.model.errors import Refusal
from imagechat.model.ids import room_id
from imagechat.model.principal import Principal, Role
from imagechat.model.tenant import DEFAULTS
from imagechat.model.view import By, Change, View
from imagechat.model.wire import Comment

TENANT = "demo"
PICTURE = "picture"
PICTURE_ROOM = room_id(TENANT, PICTURE)

_numbers = count(1)


def person(user_id: str, *, tenant_id: str = TENANT, role: Role = Role.ANONYMOUS, **more: Any) -> Principal:
    return Principal(tenant_id=tenant_id, user_id=user_id, session_id=f"session-{user_id}", role=role, **more)


ANN = person("ann")
BEN = person("ben")
MODERATOR = person("mo", role=Role.MODERATOR)
ADMIN = person("ada", role=Role.ADMIN)
STRANGER = person("ann", tenant_id="elsewhere")


def words(text: str = "hello", **more: Any) -> NewComment:
    """A comment to be made; its id is fresh unless given."""
    values: dict[str, Any] = {
        "comment_id": f"c{next(_numbers)}",
        "text": text,
        "html": render(text),
        "commenter_name": None,
    }
    return NewComment(**(values | more))


def create_marker(thread: str = "thread", **more: Any) -> CreateMarker:
    values: dict[str, Any] = {
        "tenant_id": TENANT,
        "broadcast_id": f"b{next(_numbers)}",
        "url_id": PICTURE,
        "marker_id": f"m-{thread}",
        "window_url_id": thread,
        "x": 10.0,
        "y": 20.0,
    }
    return CreateMarker(**(values | more))


def update_marker(marker_id: str = "m-thread", **more: Any) -> UpdateMarker:
    values: dict[str, Any] = {"tenant_id": TENANT, "broadcast_id": f"b{next(_numbers)}", "marker_id": marker_id}
    return UpdateMarker(**(values | more))


def delete_marker(marker_id: str = "m-thread", **more: Any) -> DeleteMarker:
    values: dict[str, Any] = {"tenant_id": TENANT, "broadcast_id": f"b{next(_numbers)}", "marker_id": marker_id}
    return DeleteMarker(**(values | more))


def create_comment(thread: str = "thread", comment: NewComment | None = None, **more: Any) -> CreateComment:
    values: dict[str, Any] = {
        "tenant_id": TENANT,
        "broadcast_id": f"b{next(_numbers)}",
        "url_id": thread,
        "comment": comment or words(),
    }
    return CreateComment(**(values | more))


def edit_comment(comment_id: str, text: str = "other words", **more: Any) -> EditComment:
    values: dict[str, Any] = {
        "tenant_id": TENANT,
        "broadcast_id": f"b{next(_numbers)}",
        "comment_id": comment_id,
        "text": text,
        "html": render(text),
    }
    return EditComment(**(values | more))


def delete_comment(comment_id: str, **more: Any) -> DeleteComment:
    values: dict[str, Any] = {"tenant_id": TENANT, "broadcast_id": f"b{next(_numbers)}", "comment_id": comment_id}
    return DeleteComment(**(values | more))


def update_picture(url_id: str = PICTURE, **more: Any) -> UpdatePicture:
    values: dict[str, Any] = {"tenant_id": TENANT, "broadcast_id": f"b{next(_numbers)}", "url_id": url_id}
    return UpdatePicture(**(values | more))


def restore_marker(marker_id: str = "m-thread", **more: Any) -> RestoreMarker:
    values: dict[str, Any] = {"tenant_id": TENANT, "broadcast_id": f"b{next(_numbers)}", "marker_id": marker_id}
    return RestoreMarker(**(values | more))


def restore_comment(comment: Comment, **more: Any) -> RestoreComment:
    values: dict[str, Any] = {"tenant_id": TENANT, "broadcast_id": f"b{next(_numbers)}", "comment": comment}
    return RestoreComment(**(values | more))


def undo_marker(marker_id: str = "m-thread", **more: Any) -> UndoMarkerDeletion:
    values: dict[str, Any] = {"tenant_id": TENANT, "broadcast_id": f"b{next(_numbers)}", "marker_id": marker_id}
    return UndoMarkerDeletion(**(values | more))


def undo_comment(comment_id: str, **more: Any) -> UndoCommentDeletion:
    values: dict[str, Any] = {"tenant_id": TENANT, "broadcast_id": f"b{next(_numbers)}", "comment_id": comment_id}
    return UndoCommentDeletion(**(values | more))


def cast_vote(who: Principal, comment_id: str, direction: int = 1, **more: Any) -> CastVote:
    return CastVote(**_opinion(who, comment_id), direction=direction, **more)


def withdraw_vote(who: Principal, comment_id: str, **more: Any) -> WithdrawVote:
    return WithdrawVote(**_opinion(who, comment_id), **more)


def add_reaction(who: Principal, comment_id: str, emoji: str = "👍", **more: Any) -> AddReaction:
    return AddReaction(**_opinion(who, comment_id), emoji=emoji, **more)


def withdraw_reaction(who: Principal, comment_id: str, emoji: str = "👍", **more: Any) -> WithdrawReaction:
    return WithdrawReaction(**_opinion(who, comment_id), emoji=emoji, **more)


def _opinion(who: Principal, comment_id: str) -> dict[str, Any]:
    return {
        "tenant_id": who.tenant_id,
        "broadcast_id": f"b{next(_numbers)}",
        "comment_id": comment_id,
        "user_id": who.user_id,
    }


class World:
    """A view that commands are decided in, one on top of the other, without a database."""

    def __init__(self) -> None:
        self.view = View(epoch="epoch")
        self.settings = DEFAULTS
        self.now = 1_700_000_000_000

    def do(self, who: Principal, command: Command) -> Change:
        change = decide(self.view, By(who, self.settings), command, self.now)
        self.view.put(change)
        return change


def refused_with(call: Callable[..., object], *arguments: object) -> str:
    """Return the code of the refusal that a call raises."""
    try:
        call(*arguments)
    except Refusal as refusal:
        return refusal.kind.code
    message = "nothing was refused"
    raise AssertionError(message)
