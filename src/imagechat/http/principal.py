"""Who is calling: SSO, session token, cookie, or nobody, in that order; and how the caller stands now."""

from dataclasses import dataclass
from functools import partial
from secrets import token_urlsafe

import msgspec
from litestar import Request
from litestar.datastructures import State

from imagechat.http.answered import note_tenant
from imagechat.http.asking import Asking, bearer_of, caller_network, is_secure, token_of
from imagechat.http.bodies import User
from imagechat.http.operators import read_operator
from imagechat.http.services import Services
from imagechat.model import policy, sso
from imagechat.model.access import OPEN, Access
from imagechat.model.comment_text import checked_name
from imagechat.model.errors import UNAUTHORIZED, Refusal
from imagechat.model.operators import digest_if_operators
from imagechat.model.origins import check_origin
from imagechat.model.policy import Operation, Place
from imagechat.model.principal import Principal, Role
from imagechat.model.quotas import Kind
from imagechat.model.tenant import Tenant, admit
from imagechat.store.people import vouch
from imagechat.store.storage_trouble import CannotSave

_KINDS = {
    Operation.READ: Kind.READ,
    Operation.CREATE_MARKER: Kind.MARKER,
    Operation.CREATE_COMMENT: Kind.COMMENT,
    Operation.READ_AUDIT: Kind.READ,
    Operation.READ_USAGE: Kind.READ,
    Operation.SEE_PEOPLE: Kind.READ,
    Operation.KEEP_READ: Kind.READ,
}
"""What an operation counts as; all others are changes."""

_JWT_DOTS = 2

AnyRequest = Request[None, None, State]


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal of a tenant, and the token that names it."""

    principal: Principal
    tenant: Tenant
    session_id: str

    @property
    def user(self) -> User:
        """The caller as answers show it."""
        return User.of(self.principal, self.session_id)

    def check(self, operation: Operation, access: Access = OPEN) -> None:
        """Let an operation on what is the caller's own pass, in a picture with some access. Raises `Refusal`."""
        place = Place(self.tenant.id, self.tenant.settings, access)
        policy.check(self.principal, operation, place, owner_id=self.principal.user_id)

    def sees_read_only(self, access: Access) -> bool:
        """Tell whether nothing can be written in a picture with some access, whatever the caller may do elsewhere."""
        return self.tenant.settings.read_only or access.read_only

    @property
    def may_keep_read(self) -> bool:
        """Whether the server keeps what the caller has read."""
        return policy.may(self.principal, Operation.KEEP_READ, Place(self.tenant.id, self.tenant.settings))

    def may_comment(self, access: Access) -> bool:
        """Tell whether the caller may comment in a picture with some access, or may again when it takes comments."""
        settings = msgspec.structs.replace(self.tenant.settings, read_only=False)
        place = Place(self.tenant.id, settings, msgspec.structs.replace(access, read_only=False))
        return policy.may(self.principal, Operation.CREATE_COMMENT, place)


async def resolve(
    services: Services, request: Asking, tenant_id: str, operation: Operation, counts: Kind | None = None
) -> Caller:
    """Return who calls, after checking that a caller like this may at all do such a thing in the tenant.

    It is counted as `counts`, or as what such an operation mostly is.
    Raises `Refusal`: `invalid-tenant-id`, `origin-not-allowed`, `tenant-disabled`, `banned`, `unauthorized`,
    `forbidden`, `read-only`, `rate-limited`, or `invalid-body` for SSO that is not JSON.
    """
    tenant = await enter(services, request, tenant_id)
    given = request.query_params.get("sso")
    fields = None if not given or _is_jwt(given) else sso.read_fields(given)
    token = token_of(request)
    if given and (fields is None or fields.is_signed):
        principal = await _sign_in(services, tenant, given, fields, token)
        principal, token = await _standing(services, request, principal), None
    elif token and digest_if_operators(token):
        principal = await _operator(services, request, tenant, token)
    elif token and not _was_left(services, tenant, fields, token):
        principal = await _standing(services, request, services.tokens.read_session(token, tenant.id))
        if services.is_over(principal):
            raise Refusal(UNAUTHORIZED, "This session is too old: sign in again, or drop it for a new one.")
        token = None if services.is_old(principal) else token
    else:
        token, session = None, token_urlsafe(12)
        user_id = sso.ANONYMOUS_PREFIX + session
        principal = Principal(tenant_id=tenant.id, user_id=user_id, session_id=session, since=services.now())
        principal = await _standing(services, request, principal)
    if token is None:
        token = services.tokens.session(msgspec.structs.replace(principal, since=services.now()))
    if fields is not None and principal.role is Role.ANONYMOUS and not fields.is_signed:
        # not signed: it says how to show the caller, never who it is
        name = checked_name(fields.display_name or fields.username)
        if name is not None:
            principal = msgspec.structs.replace(principal, name=name, avatar=sso.web_address(fields.avatar))
    caller = Caller(principal, tenant, token)
    caller.check(operation)
    services.limiter.check(counts or _KINDS.get(operation, Kind.CHANGE), principal, tenant.settings.limits)
    return caller


async def still(services: Services, caller: Caller, operation: Operation) -> Caller:
    """Return a caller as it stands now, some time after it was resolved, if it may go on. Raises `Refusal`."""
    principal, tenant = await services.standings.current(caller.principal)
    current = Caller(principal, tenant, caller.session_id)
    current.check(operation)
    return current


def _was_left(services: Services, tenant: Tenant, fields: sso.SsoFields | None, token: str) -> bool:
    """Tell whether a session is of somebody who signed in, and the page says that nobody is signed in any more."""
    if fields is None or not fields.is_logged_out:
        return False
    return services.tokens.read_session(token, tenant.id).role is not Role.ANONYMOUS


async def resolve_ticket(services: Services, request: Asking, tenant_id: str, ticket: str) -> Caller:
    """Return who a ticket for the live channel names, as it stands now. Raises `Refusal` as `resolve` does."""
    tenant = await enter(services, request, tenant_id)
    principal = services.tokens.read_ticket(ticket, tenant_id, services.now()).principal
    caller = Caller(await _standing(services, request, principal), tenant, "")
    caller.check(Operation.READ)
    services.limiter.check(Kind.READ, caller.principal, tenant.settings.limits)
    return caller


async def enter(services: Services, request: Asking, tenant_id: str) -> Tenant:
    """Return the tenant, if the page that calls may use it. Raises `Refusal`: as `resolve`, or `origin-not-allowed`."""
    tenant = await services.standings.tenant(tenant_id)
    note_tenant(request.scope, tenant.id)
    headers = request.headers
    check_origin(headers.get("origin"), headers.get("host", ""), tenant, secure=is_secure(request))
    return tenant


async def _standing(services: Services, request: Asking, principal: Principal) -> Principal:
    address = services.seal.address(principal.tenant_id, caller_network(request))
    current, _ = await services.standings.current(msgspec.structs.replace(principal, address=address))
    return current


async def _operator(services: Services, request: Asking, tenant: Tenant, token: str) -> Principal:
    """Return the operator as a caller of a tenant that is switched on."""
    if bearer_of(request) != token:  # neither in an address, nor in what a browser sends by itself
        raise Refusal(UNAUTHORIZED, "An operator's session is sent as a header: Authorization: Bearer.")
    session = await read_operator(services, request, token)
    if not session.opens(tenant.id):
        raise Refusal(UNAUTHORIZED, "This session is for another tenant.")
    address = services.seal.address(tenant.id, caller_network(request))
    principal = msgspec.structs.replace(session.principal(tenant.id), address=address)
    admit(tenant, principal, services.now())
    return principal


async def _sign_in(
    services: Services, tenant: Tenant, given: str, fields: sso.SsoFields | None, token: str | None
) -> Principal:
    """Return who a signed SSO or a JWT vouches for, and keep what is new about that person."""
    now = services.now()
    keys = services.api_keys(tenant)
    if fields is not None:
        if not keys:
            raise Refusal(UNAUTHORIZED, "This tenant has no key for signed SSO: imagechat tenant rotate-key gives one.")
        signed_in = sso.verify_signed(fields, keys, now)
    elif tenant.settings.jwt is None:
        raise Refusal(UNAUTHORIZED, "This tenant takes no JWT: sign SSO with its API key.")
    else:
        signed_in = sso.verify_jwt(given, tenant.id, tenant.settings.jwt, keys)
    person = signed_in.person
    vouched = await services.standings.vouched(tenant.id, person.id)
    if vouched is None or vouched.is_older_than(person, signed_in.at):
        keeping = partial(vouch, tenant_id=tenant.id, person=person, at=signed_in.at, now=now)
        try:
            is_first = await services.database.write(keeping, locking=True)
        except CannotSave:
            if vouched is None or vouched.person != person:
                raise
            # who says nothing new comes in all the same: to read takes no room
        else:
            if is_first:
                services.counting.signed_in(tenant.id)
            services.standings.forget(tenant.id, person.id)
            await services.notices.look()
    return person.as_principal(
        Principal(
            tenant_id=tenant.id,
            user_id=person.id,
            session_id=_same_session(services, tenant.id, person.id, token) or token_urlsafe(12),
            role=Role.MEMBER,
            since=min(signed_in.at, now),  # the tenant's clock may be ahead, and no session outlives its end
            key_id=signed_in.key_id or tenant.jwks_id,
        )
    )


def _same_session(services: Services, tenant_id: str, user_id: str, token: str | None) -> str | None:
    """Return the session that the person's last answer named, so that one page is one session."""
    try:
        known = services.tokens.read_session(token or "", tenant_id)
    except Refusal:
        return None
    return known.session_id if known.user_id == user_id else None


def _is_jwt(given: str) -> bool:
    return not given.lstrip().startswith("{") and given.count(".") == _JWT_DOTS
