"""Who may do what: the one table, and the one function that reads it."""

from enum import StrEnum

from imagechat.model.errors import FORBIDDEN, NOT_FOUND, Refusal
from imagechat.model.principal import Principal, Role


class Operation(StrEnum):
    """Everything that needs a right."""

    READ = "read"
    CREATE_MARKER = "create a marker"
    CHANGE_MARKER = "change this marker"
    DELETE_MARKER = "delete this marker"
    CREATE_COMMENT = "comment"
    EDIT_COMMENT = "edit this comment"
    DELETE_COMMENT = "delete this comment"
    ADOPT_THREAD = "make a marker of this thread"


class Reach(StrEnum):
    """On whose things an operation is allowed."""

    ANY = "any"
    OWN = "own"


_VISITOR = {
    Operation.READ: Reach.ANY,
    Operation.CREATE_MARKER: Reach.ANY,
    Operation.CHANGE_MARKER: Reach.OWN,
    Operation.DELETE_MARKER: Reach.OWN,
    Operation.CREATE_COMMENT: Reach.ANY,
    Operation.EDIT_COMMENT: Reach.OWN,
    Operation.DELETE_COMMENT: Reach.OWN,
    Operation.ADOPT_THREAD: Reach.OWN,
}
_MODERATOR = _VISITOR | {
    Operation.CHANGE_MARKER: Reach.ANY,
    Operation.DELETE_MARKER: Reach.ANY,
    Operation.DELETE_COMMENT: Reach.ANY,
    Operation.ADOPT_THREAD: Reach.ANY,
}
RIGHTS: dict[Role, dict[Operation, Reach]] = {
    Role.ANONYMOUS: _VISITOR,
    Role.MEMBER: _VISITOR,
    Role.MODERATOR: _MODERATOR,
    Role.ADMIN: _MODERATOR,
}
"""Nobody edits another person's words; moderators remove, move and resolve."""


def check(principal: Principal, operation: Operation, *, tenant_id: str, owner_id: str | None = None) -> None:
    """Let a permitted operation pass; `owner_id` is who made the thing that it acts on.

    Raises `Refusal`: `not-found` across tenants, where nothing may be known to exist; else `forbidden`.
    """
    if principal.tenant_id != tenant_id:
        raise Refusal(NOT_FOUND, "There is nothing here by that name.")
    reach = RIGHTS[principal.role].get(operation)
    if reach is None or (reach is Reach.OWN and owner_id != principal.user_id):
        raise Refusal(FORBIDDEN, f"You may not {operation}: only the person who made it, or a moderator, may.")
