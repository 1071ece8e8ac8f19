"""Who may do what: two tables, and the one function that reads them.

`RIGHTS` says what each role may do, and to whose things. `BARRIERS` says what stands in the way besides, whatever the
role's rights: what state stops which operations, for whom, and how that is answered. REST, the live channel, the event
log, presence and moderation all ask `check`, with what they know of the picture.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from imagechat.model.access import OPEN, Access
from imagechat.model.errors import FORBIDDEN, NOT_FOUND, READ_ONLY, UNAUTHORIZED, ErrorKind, Refusal
from imagechat.model.principal import Principal, Role
from imagechat.model.tenant import DEFAULTS, TenantSettings


class Operation(StrEnum):
    """Everything that needs a right."""

    READ = "read"
    CREATE_MARKER = "create a marker"
    CHANGE_MARKER = "change this marker"
    DELETE_MARKER = "delete this marker"
    CREATE_COMMENT = "comment"
    EDIT_COMMENT = "edit this comment"
    DELETE_COMMENT = "delete this comment"
    RESTORE_MARKER = "bring this marker back"
    RESTORE_COMMENT = "bring this comment back"
    REACT = "vote on this comment, or react to it"
    WITHDRAW = "take this vote or reaction back"
    ADOPT_THREAD = "make a marker of this thread"
    MODERATE = "moderate"
    LOCK_PICTURE = "lock this picture"
    SHARE_PICTURE = "say who may see this picture"
    READ_AUDIT = "read the audit log"
    READ_USAGE = "see what was used"
    SEE_PEOPLE = "see who has signed in"
    CONFIGURE = "change the tenant's settings"
    END_SESSION = "end a session"
    KEEP_READ = "have it kept what you have read"


class Reach(StrEnum):
    """On whose things an operation is allowed."""

    NO = "no"
    OWN = "own"
    ANY = "any"


_NO, _OWN, _ANY = Reach.NO, Reach.OWN, Reach.ANY
_ROLES = (Role.ANONYMOUS, Role.MEMBER, Role.MODERATOR, Role.ADMIN)

_TABLE: dict[Operation, tuple[Reach, Reach, Reach, Reach]] = {
    #                          anonymous  member  moderator  admin
    Operation.READ:            (_ANY,     _ANY,   _ANY,      _ANY),
    Operation.CREATE_MARKER:   (_ANY,     _ANY,   _ANY,      _ANY),
    Operation.CHANGE_MARKER:   (_OWN,     _OWN,   _ANY,      _ANY),
    Operation.DELETE_MARKER:   (_OWN,     _OWN,   _ANY,      _ANY),
    Operation.CREATE_COMMENT:  (_ANY,     _ANY,   _ANY,      _ANY),
    Operation.EDIT_COMMENT:    (_OWN,     _OWN,   _OWN,      _OWN),
    Operation.DELETE_COMMENT:  (_OWN,     _OWN,   _ANY,      _ANY),
    Operation.RESTORE_MARKER:  (_OWN,     _OWN,   _ANY,      _ANY),
    Operation.RESTORE_COMMENT: (_OWN,     _OWN,   _ANY,      _ANY),
    Operation.REACT:           (_OWN,     _OWN,   _OWN,      _OWN),
    Operation.WITHDRAW:        (_OWN,     _OWN,   _OWN,      _ANY),
    Operation.ADOPT_THREAD:    (_OWN,     _OWN,   _ANY,      _ANY),
    Operation.MODERATE:        (_NO,      _NO,    _ANY,      _ANY),
    Operation.LOCK_PICTURE:    (_NO,      _NO,    _ANY,      _ANY),
    Operation.SHARE_PICTURE:   (_NO,      _NO,    _NO,       _ANY),
    Operation.READ_AUDIT:      (_NO,      _NO,    _NO,       _ANY),
    Operation.READ_USAGE:      (_NO,      _NO,    _NO,       _ANY),
    Operation.SEE_PEOPLE:      (_NO,      _NO,    _NO,       _ANY),
    Operation.CONFIGURE:       (_NO,      _NO,    _NO,       _ANY),
    Operation.END_SESSION:     (_NO,      _OWN,   _OWN,      _OWN),
    Operation.KEEP_READ:       (_NO,      _OWN,   _OWN,      _OWN),
}  # fmt: skip
RIGHTS: dict[Role, dict[Operation, Reach]] = {
    role: {operation: row[column] for operation, row in _TABLE.items()} for column, role in enumerate(_ROLES)
}
"""Nobody edits another person's words or votes for somebody else (an admin takes votes back for who is erased);
moderators remove, move, resolve and lock. Whoever is anonymous gets any number of sessions, and each that was ended, or
has read something, would have to be kept."""

_ALL = frozenset(Operation)
_WRITES = frozenset(
    {
        Operation.CREATE_MARKER,
        Operation.CHANGE_MARKER,
        Operation.DELETE_MARKER,
        Operation.CREATE_COMMENT,
        Operation.EDIT_COMMENT,
        Operation.DELETE_COMMENT,
        Operation.RESTORE_MARKER,
        Operation.RESTORE_COMMENT,
        Operation.REACT,
        Operation.WITHDRAW,
        Operation.ADOPT_THREAD,
    }
)
_ADDS = _WRITES - {Operation.DELETE_MARKER, Operation.DELETE_COMMENT, Operation.WITHDRAW}
_MARKS = frozenset({Operation.CREATE_MARKER, Operation.RESTORE_MARKER, Operation.ADOPT_THREAD})
_WORDS = frozenset({Operation.CREATE_COMMENT, Operation.EDIT_COMMENT, Operation.RESTORE_COMMENT, Operation.REACT})
_ANYBODY = frozenset(Role)
_VISITORS = frozenset({Role.ANONYMOUS, Role.MEMBER})
_MODERATORS = _ANYBODY - _VISITORS


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody wants to do something: a tenant, and, once it is known, a picture of it."""

    tenant_id: str
    settings: TenantSettings = DEFAULTS
    access: Access = OPEN


@dataclass(frozen=True, slots=True)
class Barrier:
    """A state that stops some roles from some operations, and its answer."""

    state: str
    holds: Callable[[Principal, Place], bool]
    stops: frozenset[Operation]
    roles: frozenset[Role]
    kind: ErrorKind
    message: str


NOTHING_HERE = "There is nothing here by that name."

BARRIERS: tuple[Barrier, ...] = (
    Barrier(
        "of another tenant",
        lambda who, place: who.tenant_id != place.tenant_id,
        _ALL,
        _ANYBODY,
        NOT_FOUND,
        NOTHING_HERE,
    ),
    Barrier(
        "the tenant takes no anonymous visitors",
        lambda _, place: not place.settings.anonymous,
        *(_ALL, frozenset({Role.ANONYMOUS}), UNAUTHORIZED, "Sign in first: this tenant takes no anonymous visitors."),
    ),
    Barrier(
        "the picture is private, and not the caller's groups'",
        lambda who, place: not place.access.admits(who),
        *(_ALL, _ANYBODY, NOT_FOUND, NOTHING_HERE),
    ),
    Barrier(
        "the picture is not there, and the caller may begin none",
        lambda who, place: not place.access.is_there and not place.settings.pictures.includes(who.role),
        *(_ALL, _ANYBODY, NOT_FOUND, NOTHING_HERE),
    ),
    Barrier(
        "the tenant is read-only",
        lambda _, place: place.settings.read_only,
        *(_WRITES, _VISITORS, READ_ONLY, "This is read-only now: nothing can be written."),
    ),
    Barrier(
        "the picture is locked",
        lambda _, place: place.access.read_only,
        *(_WRITES, _VISITORS, READ_ONLY, "This picture is locked: nothing can be written on it."),
    ),
    Barrier(
        "read-only, for moderators too",
        lambda _, place: place.settings.read_only or place.access.read_only,
        *(_ADDS, _MODERATORS, READ_ONLY, "This is read-only: unlock it first; you may still delete."),
    ),
    Barrier(
        "the tenant lets only others put markers",
        lambda who, place: not place.settings.create.includes(who.role),
        *(_MARKS, _ANYBODY, FORBIDDEN, "You may not put markers here: ask who runs this page."),
    ),
    Barrier(
        "the tenant lets only others comment",
        lambda who, place: not place.settings.comment.includes(who.role),
        *(_WORDS, _ANYBODY, FORBIDDEN, "You may not comment here: ask who runs this page."),
    ),
)
"""In order: the first that holds answers. What hides that a thing exists comes before what admits that it does."""


def check(principal: Principal, operation: Operation, place: Place, *, owner_id: str | None = None) -> None:
    """Let a permitted operation pass; `owner_id` is who made the thing that it acts on.

    Raises `Refusal`: that of the first barrier that stops it, else `forbidden`.
    """
    for barrier in BARRIERS:
        if operation in barrier.stops and principal.role in barrier.roles and barrier.holds(principal, place):
            raise Refusal(barrier.kind, barrier.message)
    reach = RIGHTS[principal.role][operation]
    if reach is Reach.NO:
        needed = "signing in" if RIGHTS[Role.MEMBER][operation] is not Reach.NO else "a moderator, or an admin"
        raise Refusal(FORBIDDEN, f"You may not {operation}: that takes {needed}.")
    if reach is Reach.OWN and owner_id != principal.user_id:
        raise Refusal(FORBIDDEN, f"You may not {operation}: only the person who made it, or a moderator, may.")


def may(principal: Principal, operation: Operation, place: Place) -> bool:
    """Tell whether a caller may do such a thing to what is its own."""
    try:
        check(principal, operation, place, owner_id=principal.user_id)
    except Refusal:
        return False
    return True
