"""A request whose body is read once, strictly, into what its route takes."""

import re
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import InternalServerException

from imagechat.model.errors import INVALID_BODY, NOT_FOUND, Refusal

T = TypeVar("T")

_NUL = rb"\u0000"
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""As JSON writes it; after an odd number of backslashes it is other text."""


async def refuse_unreadable(request: Request[None, None, State]) -> None:
    """Refuse a query string that is no UTF-8: the framework would mend it, and two rooms' names become one.

    A NUL is in no text that anybody means, and not every database can hold or even look for one: it is refused here,
    wherever it stands.
    It awaits nothing, but the framework would run a plain function in a thread, at a tenth of a request's cost.
    """
    readable_query(request.scope["query_string"])
    if "\0" in request.scope["path"]:
        raise Refusal(NOT_FOUND, "Nothing has a NUL in its name.")


def readable_query(query: bytes) -> str:
    """Return a query string as it came, if it is UTF-8 under its percent-encoding, without a NUL. Raises `Refusal`."""
    try:
        text = unquote_to_bytes(query).decode()
        whole = query.decode()
    except UnicodeDecodeError:
        raise Refusal(INVALID_BODY, "The query string must be UTF-8, percent-encoded.") from None
    if "\0" in text:
        raise Refusal(INVALID_BODY, "The query string holds a NUL, which no text may hold.")
    return whole


def read_body(body: bytes, kind: type[T]) -> T:
    """Return a JSON body as a value of its type. Raises `Refusal` (`invalid-body`)."""
    if _NUL in body and _ESCAPED_NUL.search(body):
        raise Refusal(INVALID_BODY, "The body holds a NUL, which no text may hold.")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Refusal(INVALID_BODY, f"The body does not fit: {error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal(INVALID_BODY, "The body must be JSON in UTF-8.") from None
    except RecursionError:
        raise Refusal(INVALID_BODY, "The body is nested too deep.") from None


class WireRequest(Request[None, None, State]):
    """The framework decodes JSON first and then lets text pass for numbers; bytes that are no UTF-8 make it fail."""

    async def body(self) -> bytes:
        """Return the body. Raises `Refusal` where the client hung up in the middle of it: that is no fault of ours."""
        try:
            return await super().body()
        except InternalServerException:
            raise Refusal(INVALID_BODY, "The body ended too soon.") from None

    async def json(self) -> Any:
        """Return the body as the route's `data`. Raises `Refusal` (`invalid-body`)."""
        data = self.route_handler.parsed_data_field
        return read_body(await self.body(), Any if data is None else data.annotation)
