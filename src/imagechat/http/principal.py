"""Who is calling: SSO, session token, cookie, or nobody, in that order."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any, Protocol

import msgspec
from litestar import Request
from litestar.datastructures import State

from imagechat.http.bodies import User
from imagechat.http.fields import checked_avatar
from imagechat.http.services import Services
from imagechat.model.comment_text import checked_name
from imagechat.model.errors import INVALID_BODY, UNAUTHORIZED, Refusal
from imagechat.model.policy import Operation, check
from imagechat.model.principal import Principal, Role

SESSION_COOKIE = "imagechat_session"

AnyRequest = Request[None, None, State]


class Asking(Protocol):
    """What of a request tells who calls."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By lower-case name."""

    @property
    def query_params(self) -> Mapping[str, Any]:
        """Decoded."""

    @property
    def cookies(self) -> Mapping[str, str]:
        """By name."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal, and the token that names it."""

    principal: Principal
    session_id: str

    @property
    def user(self) -> User:
        """The caller as answers show it."""
        return User.of(self.principal, self.session_id)


class _SimpleSso(msgspec.Struct):
    username: str | None = None
    email: str | None = None
    displayName: str | None = None  # noqa: N815 -- the wire's name
    avatar: str | None = None
    userDataJSONBase64: str | None = None  # noqa: N815 -- the wire's name


_sso = msgspec.json.Decoder(_SimpleSso)


async def resolve(services: Services, request: Asking, tenant_id: str, operation: Operation) -> Caller:
    """Return who calls, after checking that a caller like this may at all do such a thing in the tenant.

    Raises `Refusal`: `invalid-tenant-id`, `unauthorized`, `forbidden`, or `invalid-body` for SSO that is not JSON.
    """
    tenant = await services.tenants.get(tenant_id)
    sso = _read_sso(request.query_params.get("sso"))
    token = _bearer(request) or request.query_params.get("sessionId") or request.cookies.get(SESSION_COOKIE)
    if token:
        principal = services.tokens.read_session(token, tenant.id)
    else:
        session = token_urlsafe(12)
        principal = Principal(tenant_id=tenant.id, user_id=f"anon-{session}", session_id=session)
        token = services.tokens.session(principal)
    if sso is not None and principal.role is Role.ANONYMOUS:
        # not signed: it says how to show the caller, never who it is
        principal = msgspec.structs.replace(
            principal,
            name=checked_name(sso.displayName or sso.username),
            avatar=checked_avatar(sso.avatar),
        )
    if operation in {Operation.READ, Operation.CREATE_MARKER, Operation.CREATE_COMMENT}:
        check(principal, operation, tenant_id=tenant.id)
    return Caller(principal, token)


def _bearer(request: Asking) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _read_sso(value: str | None) -> _SimpleSso | None:
    if not value:
        return None
    try:
        sso = _sso.decode(value)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Refusal(INVALID_BODY, "sso must be a JSON object: {username, email, avatar?, displayName?}.") from None
    if sso.userDataJSONBase64 is not None:
        raise Refusal(UNAUTHORIZED, "This tenant has no key for signed SSO: use simple SSO or a session.")
    return sso if sso.username or sso.displayName else None
