"""The registry of errors: each code once, with its HTTP status and when it is given."""

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One row of the registry; `code` is what a client tests."""

    code: str
    status: int
    when: str


MISSING_TENANT_ID = ErrorKind("missing-tenant-id", 400, "the path names no tenant")
INVALID_BODY = ErrorKind("invalid-body", 400, "a field or a parameter is missing, or has a wrong type or value")
INVALID_COORDINATES = ErrorKind("invalid-coordinates", 400, "x, y or the region is not inside 0–100 percent")
COMMENT_EMPTY = ErrorKind("comment-empty", 400, "the comment has no visible text")
TOO_LONG = ErrorKind("too-long", 400, "a title, a urlId or a name is over its limit, which the message gives")
UNAUTHORIZED = ErrorKind(
    "unauthorized", 401, "the session, the ticket or the SSO is not valid here, or signing in is needed"
)
FORBIDDEN = ErrorKind("forbidden", 403, "the caller may not do this, or not to what somebody else made")
BANNED = ErrorKind("banned", 403, "the caller, or the network it comes from, was banned")
READ_ONLY = ErrorKind("read-only", 403, "the picture or the tenant takes nothing new")
ORIGIN_NOT_ALLOWED = ErrorKind("origin-not-allowed", 403, "the page's site is not among the tenant's domains")
TENANT_DISABLED = ErrorKind("tenant-disabled", 403, "the tenant is switched off")
INVALID_TENANT_ID = ErrorKind("invalid-tenant-id", 404, "there is no such tenant")
NOT_FOUND = ErrorKind("not-found", 404, "there is no such thing, or the caller may not know of it")
METHOD_NOT_ALLOWED = ErrorKind("method-not-allowed", 405, "the path takes other methods; `Allow` names them")
CONFLICT = ErrorKind("conflict", 409, "the broadcastId was used for another operation, or the windowUrlId is taken")
LIMIT_REACHED = ErrorKind("limit-reached", 409, "the picture, the thread or the tenant holds as many as it may")
HISTORY_TRIMMED = ErrorKind("history-trimmed", 410, "the log does not go back to sinceSeq any more: take a snapshot")
COMMENT_TOO_BIG = ErrorKind("comment-too-big", 413, "the comment is over 2,000 characters")
BODY_TOO_BIG = ErrorKind("body-too-big", 413, "the request's body is over 64 KB")
RATE_LIMITED = ErrorKind("rate-limited", 429, "too many in a short time; try again after `Retry-After`")
INTERNAL = ErrorKind("internal", 500, "a fault in the server; it is in its log")
UNAVAILABLE = ErrorKind("unavailable", 503, "the node is stopping or cannot write now; try again after `Retry-After`")
STORAGE_FULL = ErrorKind(
    "storage-full", 507, "the server has no room to save anything; what is there can be read, and nothing has changed"
)

REGISTRY: tuple[ErrorKind, ...] = (
    MISSING_TENANT_ID,
    INVALID_BODY,
    INVALID_COORDINATES,
    COMMENT_EMPTY,
    TOO_LONG,
    UNAUTHORIZED,
    FORBIDDEN,
    BANNED,
    READ_ONLY,
    ORIGIN_NOT_ALLOWED,
    TENANT_DISABLED,
    INVALID_TENANT_ID,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    CONFLICT,
    LIMIT_REACHED,
    HISTORY_TRIMMED,
    COMMENT_TOO_BIG,
    BODY_TOO_BIG,
    RATE_LIMITED,
    INTERNAL,
    UNAVAILABLE,
    STORAGE_FULL,
)


class Refusal(Exception):
    """A command or a request that is not carried out: nothing has changed.

    `message` is one sentence for a person that says what to do; `retry_after` the seconds after which it may be tried
    again, where they are known.
    """

    def __init__(self, kind: ErrorKind, message: str, *, retry_after: float | None = None) -> None:
        """Refuse with a kind of the registry and a sentence."""
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class CloseKind:
    """A close code of the live channel; what the client does about it stands in SPEC.md."""

    code: int
    reason: str


GOING_AWAY = CloseKind(1012, "this node is restarting")
BINARY = CloseKind(1003, "text frames only")
NOT_TEXT = CloseKind(1007, "text must be UTF-8")
TOO_SLOW = CloseKind(4008, "too slow: resume")
BAD_REQUEST = CloseKind(4400, "bad request")
TICKET_EXPIRED = CloseKind(4401, "the ticket is expired or not valid: take a snapshot for a new one")
NOT_ALLOWED = CloseKind(4403, "not allowed")
NO_SUCH_ROOM = CloseKind(4404, "no such room")
TOO_MANY = CloseKind(4429, "too many: resume after 30 s")
FAULT = CloseKind(1011, "a fault in the server: resume")


def not_allowed(kind: ErrorKind) -> CloseKind:
    """Return `NOT_ALLOWED` with the code of what stands in the way, so that the client can say it."""
    return CloseKind(NOT_ALLOWED.code, kind.code)


def too_many(seconds: float) -> CloseKind:
    """Return `TOO_MANY` with the seconds after which the client may come back; they are the first number in it."""
    return CloseKind(TOO_MANY.code, f"too many: resume after {ceil(seconds)} s")
