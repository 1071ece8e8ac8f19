"""The operator in a browser: calls that are about all tenants, and the token that names the operator everywhere."""

from dataclasses import dataclass

from imagechat.http.asking import Asking, bearer_of, caller_network, is_from_own_page
from imagechat.http.services import Services
from imagechat.model.errors import FORBIDDEN, ORIGIN_NOT_ALLOWED, UNAUTHORIZED, Refusal
from imagechat.model.ids import EVERY_TENANT
from imagechat.model.operators import OperatorSession, digest_if_operators
from imagechat.model.quotas import Kind, Quotas
from imagechat.store.standings import OPERATOR_ENDED

_QUOTAS = Quotas()


@dataclass(frozen=True, slots=True)
class OperatorCaller:
    """The operator, by the session that says so, and that session's token."""

    session: OperatorSession
    token: str


async def resolve_operator(services: Services, request: Asking, kind: Kind = Kind.READ) -> OperatorCaller:
    """Return the operator of all tenants, of whom `kind` is counted.

    Raises `Refusal`: `origin-not-allowed`, `unauthorized`, `rate-limited`, or `forbidden` for whoever is somebody else:
    in a tenant, or the operator with a session for one of them.
    """
    caller = await resolve_any_operator(services, request, kind)
    if caller.session.tenant_id is not None:
        raise Refusal(FORBIDDEN, f"This session is for the tenant {caller.session.tenant_id} alone.")
    return caller


async def resolve_any_operator(services: Services, request: Asking, kind: Kind = Kind.READ) -> OperatorCaller:
    """Do what `resolve_operator` does, and let pass who has a session for one tenant."""
    token = bearer_of(request)
    if not token:
        raise Refusal(UNAUTHORIZED, "This is for whoever runs the server: imagechat dashboard-link opens it.")
    if digest_if_operators(token) is None:
        if services.tokens.is_session(token):
            raise Refusal(FORBIDDEN, "This is for whoever runs the server: imagechat dashboard-link opens it.")
        raise Refusal(UNAUTHORIZED, "This session is not valid here: drop it.")
    session = await read_operator(services, request, token)
    services.limiter.check(kind, session.principal(EVERY_TENANT), _QUOTAS)
    return OperatorCaller(session, token)


async def read_operator(services: Services, request: Asking, token: str) -> OperatorSession:
    """Return the session of an operator's token, on this server's own pages and outside of browsers.

    Wrong ones are counted. Raises `Refusal`: `origin-not-allowed`, `rate-limited`, `unauthorized`.
    """
    check_own_page(request)
    network = caller_network(request)
    services.limiter.guess(network)
    digest = digest_if_operators(token)
    session = None if digest is None else await services.standings.operator(digest)
    if session is None:
        raise Refusal(UNAUTHORIZED, OPERATOR_ENDED)
    services.limiter.was_right(network)
    return session


def check_own_page(request: Asking) -> None:
    """Let this server's own pages pass, and what is no page. Raises `Refusal` (`origin-not-allowed`)."""
    if not is_from_own_page(request):
        raise Refusal(ORIGIN_NOT_ALLOWED, "The dashboard is used from this server's own pages only.")
