"""What the settings lay open: who reaches the node, over what, and how the key is kept. Pure."""

from imagechat.model.addresses import is_loopback
from imagechat.model.finding import Finding, bad, good, note
from imagechat.settings import Settings

LEAST_VARIETY = 12
"""Different characters that a key of chance has at least, in 32 or more."""
READ_BY_OTHERS = 0o077


def address(settings: Settings) -> Finding:
    """Tell whether what people send is encrypted on its way."""
    where = f"listens on {settings.host} port {settings.port}"
    if settings.tls_cert:
        return good("address", f"{where} with TLS")
    if is_loopback(settings.host):
        return good("address", f"{where}, which only this machine reaches")
    if settings.trusted_proxies.strip():
        return good("address", f"{where} behind {settings.trusted_proxies}")
    return bad(
        "address",
        f"{where} without encryption",
        "give it a certificate (IMAGECHAT_TLS_CERT, IMAGECHAT_TLS_KEY), or name the proxy before it that has one in "
        "IMAGECHAT_TRUSTED_PROXIES",
    )


def limits(settings: Settings) -> Finding:
    """Tell whether one caller can take the node from the others."""
    if settings.limits == "on":
        return good("limits", "everybody is limited in how much they do")
    advice = "leave IMAGECHAT_LIMITS out, but for load tests"
    tell = note if is_loopback(settings.host) else bad
    return tell("limits", "nobody is limited: whoever reaches this node can flood it", advice)


def metrics(settings: Settings) -> Finding | None:
    """Tell whether everybody can read the node's numbers."""
    if settings.metrics == "off" or settings.metrics_token or is_loopback(settings.host):
        return None
    return note("metrics", "/metrics is open to all who reach the node", "set IMAGECHAT_METRICS_TOKEN, or close it off")


def key(settings: Settings, kept: str, *, in_database: bool) -> Finding:
    """Tell how the key that signs and seals is kept; `kept` is what the data directory has."""
    if settings.secret_key:
        if len(set(settings.secret_key)) < LEAST_VARIETY:
            return bad(
                "key",
                "IMAGECHAT_SECRET_KEY looks made up: who guesses it signs anybody in",
                "take one of chance: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        return good("key", "IMAGECHAT_SECRET_KEY is set")
    if settings.database_url:
        return note(
            "key",
            "the key is in the database" if in_database else "the first node makes a key, in the database",
            "whoever reads the database, or a backup of it, can sign anybody in: IMAGECHAT_SECRET_KEY keeps it apart",
        )
    return good("key", "the key is in the data directory" if kept else "the first start makes a key")


def key_fits(*, opens: bool | None) -> Finding | None:
    """Tell whether the key opens what tenants' API keys were sealed with; None where there is none."""
    if opens is None:
        return None
    if opens:
        return good("key fits", "tenants' API keys can be read with it")
    return bad(
        "key fits",
        "tenants' API keys were sealed with another key: nobody can sign in",
        "bring the old key back, or `imagechat tenant rotate-key` for each tenant",
    )


def permissions(name: str, mode: int | None, *, is_key: bool = True) -> Finding | None:
    """Tell whether others on the machine may read a key, or the data; `mode` is a file's, None if it is not there."""
    if mode is None:
        return None
    if mode & READ_BY_OTHERS:
        tell = bad if is_key else note
        return tell("permissions", f"others may read {name} (mode {mode & 0o777:04o})", f"chmod go= {name}")
    return good("permissions", f"only its owner reads {name}")
