"""Refusals, and everything else that goes wrong, as the one shape of error."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import ResponseSpec
from sqlalchemy.exc import DBAPIError

from imagechat.http.answered import note_error
from imagechat.http.bodies import ErrorAnswer
from imagechat.model import errors
from imagechat.model.errors import ErrorKind, Refusal
from imagechat.model.limits import BODY_BYTES
from imagechat.store.storage_trouble import trouble_of

RETRY_AFTER_SECONDS = "2"

_KINDS = {
    400: errors.INVALID_BODY,
    401: errors.UNAUTHORIZED,
    403: errors.FORBIDDEN,
    404: errors.NOT_FOUND,
    405: errors.METHOD_NOT_ALLOWED,
    413: errors.BODY_TOO_BIG,
    415: errors.INVALID_BODY,
}
_SENTENCES = {
    errors.NOT_FOUND: "There is nothing at this address: see /docs for the paths.",
    errors.METHOD_NOT_ALLOWED: "This address takes other methods: see /docs.",
    errors.BODY_TOO_BIG: f"The body is over the limit of {BODY_BYTES // 1024} KB.",
}


ERROR_ANSWERS = {
    status: ResponseSpec(
        ErrorAnswer,
        description=", ".join(kind.code for kind in errors.REGISTRY if kind.status == status),
        generate_examples=False,
    )
    for status in sorted({kind.status for kind in errors.REGISTRY} - {405})
}
"""Every route may give any of these; the OpenAPI description says so."""


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """An error, ready to be written."""

    status: int
    headers: dict[str, str]
    body: ErrorAnswer


def reply_to(scope: Any, error: Exception) -> ErrorReply:
    """Return the reply to an exception that a request ended with, and note it in the request's scope."""
    path: str = scope["path"]
    trouble: Exception | None = None
    headers: dict[str, str] = {}
    if isinstance(error, Refusal):
        kind, message = error.kind, error.message
        if error.retry_after is not None:
            headers["Retry-After"] = str(max(1, ceil(error.retry_after)))
    elif isinstance(error, HTTPException) and error.status_code in _KINDS:
        kind, message = _from_framework(error)
        headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    elif isinstance(error, DBAPIError):
        kind, message = errors.UNAVAILABLE, "The server cannot read its database now: try again in a moment."
        full = trouble_of(error)
        if full is not None:
            kind, message = full.kind, full.sentence
        trouble = error
    else:
        kind, message = errors.INTERNAL, "Something went wrong in the server, and is in its log. Try again."
        trouble = error
    if kind is errors.UNAVAILABLE:
        headers.setdefault("Retry-After", RETRY_AFTER_SECONDS)
    note_error(scope, kind.code, trouble)
    # each family of clients tests its own word
    status = "error" if path.startswith("/comment-image-chats") else "failed"
    return ErrorReply(kind.status, headers, ErrorAnswer(status=status, reason=message, code=kind.code, message=message))


def answer_error(request: Request[None, None, State], error: Exception) -> Response[ErrorAnswer]:
    """Return the framework's answer to an exception."""
    reply = reply_to(request.scope, error)
    return Response(reply.body, status_code=reply.status, headers=reply.headers, media_type="application/json")


def _from_framework(error: HTTPException) -> tuple[ErrorKind, str]:
    kind = _KINDS[error.status_code]
    if kind in _SENTENCES:
        return kind, _SENTENCES[kind]
    if isinstance(error, ValidationException) and isinstance(error.extra, list) and error.extra:
        found = error.extra[0]
        if isinstance(found, dict) and found.get("key") == "data":  # the framework's name for a body that is not there
            return kind, "The body is missing: send JSON."
        if isinstance(found, dict):
            field = found.get("key") or "the body"
            return kind, f"{field}: {found.get('message', 'makes no sense')}"
    return kind, f"The request makes no sense: {error.detail}"
