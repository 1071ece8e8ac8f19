"""Which pages may use a tenant: those of its domains, and those that the server itself serves. Pure."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from imagechat.model.errors import ORIGIN_NOT_ALLOWED, Refusal
from imagechat.model.tenant import Tenant

_SHOWN = 100
_DEFAULT_PORTS = {"http": 80, "https": 443}


@lru_cache(4096)
def _parts(origin: str) -> tuple[str, int] | None:
    """Return an origin's host, as browsers write it, and port; None for what is no web page's (`null` among them)."""
    try:
        parts = urlsplit(origin)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    plain = parts.hostname is not None and origin.lower() == f"{parts.scheme}://{parts.netloc.lower()}"
    if not plain or "@" in parts.netloc:
        return None
    host = parts.hostname or ""
    return (f"[{host}]" if ":" in host else host).rstrip("."), port


def is_own(origin: str, host: str, *, secure: bool) -> bool:
    """Tell whether an origin is the server's, by the `Host` that was asked for and whether it came over TLS."""
    scheme = "https" if secure else "http"
    found = _parts(origin)
    return found is not None and origin.lower().startswith(f"{scheme}:") and found == _parts(f"{scheme}://{host}")


def is_allowed(origin: str, domains: Iterable[str]) -> bool:
    """Tell whether an origin is of one of some domains.

    A domain is a host, `host:port` or `host:*`; without a port it is http's or https's own. `*.host` is every host with
    one more label before it, and that alone.
    """
    found = _parts(origin)
    return found is not None and any(_is_of(*found, domain) for domain in domains)


def check_origin(origin: str | None, host: str, tenant: Tenant, *, secure: bool) -> None:
    """Let a page of the server's own, or of one of the tenant's domains, pass; and what is no page at all.

    `host` and `secure` are how the server was called. Raises `Refusal` (`origin-not-allowed`).
    """
    if origin is not None and not is_own(origin, host, secure=secure):
        check_domain(origin, tenant)


def check_domain(origin: str, tenant: Tenant) -> None:
    """Let a page of one of the tenant's domains pass. Raises `Refusal` (`origin-not-allowed`)."""
    if is_allowed(origin, tenant.settings.domains):
        return
    shown = origin if len(origin) <= _SHOWN else "This page's site"
    raise Refusal(ORIGIN_NOT_ALLOWED, f"{shown} is not among the domains of the tenant {tenant.id}: add it there.")


def _is_of(host: str, port: int, domain: str) -> bool:
    name, colon, wanted = (domain, "", "") if domain.endswith("]") else domain.rpartition(":")
    if not colon:
        name, wanted = domain, ""
    right_port = wanted in {"*", str(port)} if wanted else port in _DEFAULT_PORTS.values()
    if name.startswith("*."):
        label, _, rest = host.partition(".")
        return right_port and bool(label) and rest == name[2:]
    return right_port and host == name
