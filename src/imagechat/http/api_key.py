"""A tenant's own server, which names itself by an API key of the tenant."""

from hmac import compare_digest

import msgspec

from imagechat.http.asking import Asking, caller_network
from imagechat.http.principal import enter
from imagechat.http.services import Services
from imagechat.model.errors import TENANT_DISABLED, UNAUTHORIZED, Refusal
from imagechat.model.principal import Principal, Role
from imagechat.model.quotas import Kind
from imagechat.model.sealing import digest_of
from imagechat.model.tenant import Tenant

HEADER = "x-api-key"


async def resolve_key(services: Services, request: Asking, tenant_id: str, given: str) -> Tenant:
    """Return the tenant that a key is good for.

    Wrong ones are counted. Raises `Refusal`: `rate-limited`, `invalid-tenant-id`, `origin-not-allowed`,
    `unauthorized`, `tenant-disabled`.
    """
    network = caller_network(request)
    services.limiter.guess(network)
    tenant = await enter(services, request, tenant_id)
    digest = digest_of(given)
    right = [key.id for key in tenant.live_keys(services.now()) if compare_digest(digest, key.digest)]
    if not right:
        raise Refusal(UNAUTHORIZED, "This API key is not valid here: check the key and the tenantId.")
    services.limiter.was_right(network)
    if tenant.disabled:
        raise Refusal(TENANT_DISABLED, "This tenant is switched off: ask who runs the server.")
    caller = Principal(tenant_id=tenant.id, user_id=f"key {right[0]}", session_id="", role=Role.ADMIN)
    address = services.seal.address(tenant.id, network)
    services.limiter.check(Kind.READ, msgspec.structs.replace(caller, address=address), tenant.settings.limits)
    return tenant
