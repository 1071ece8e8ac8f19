"""Where the bus's servers are and who this node is to them, from the settings; nothing of it may be logged."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from nats.aio.client import RawCredentials

PORT = 4222
SCHEMES = ("nats", "tls")
_JWT, _SEED = "BEGIN NATS USER JWT", "BEGIN USER NKEY SEED"


@dataclass(frozen=True)
class Servers:
    """What the settings say of NATS."""

    addresses: tuple[str, ...]
    """`host:port` of each."""
    encrypted: bool
    """Whether nothing may be said to a server that does not encrypt."""
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    credentials: Path | None = None
    authority: Path | None = None

    def identity(self) -> dict[str, Any]:
        """Return who this node says it is, as `nats.connect` takes it; files are read anew, for they are renewed.

        Raises `RuntimeError` for a file that cannot be used.
        """
        found: dict[str, Any] = {}
        if self.credentials is not None:
            found["user_credentials"] = RawCredentials(_read_credentials(self.credentials))
        elif self.user is not None and self.password is not None:
            found |= {"user": self.user, "password": self.password}
        elif self.user is not None:
            found["token"] = self.user
        if self.encrypted:
            found["tls"] = self._trust()
        return found

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.authority)
        except (OSError, ssl.SSLError):
            msg = f"IMAGECHAT_BUS_CA: {self.authority} cannot be read as certificates in PEM"
            raise RuntimeError(msg) from None


def parse_servers(url: str, credentials: str | None = None, authority: str | None = None) -> Servers:
    """Read the settings of the bus. Raises `RuntimeError`, without what may be a secret, for a URL that is none."""
    addresses: list[str] = []
    user = password = None
    encrypted = authority is not None
    for number, part in enumerate((each.strip() for each in url.split(",")), 1):
        try:
            parsed = urlsplit(part if "://" in part else f"//{part}")
            host, port = parsed.hostname, parsed.port or PORT
        except ValueError:
            host, port = None, PORT
        if not host or parsed.scheme not in {"", *SCHEMES} or parsed.path.strip("/") or parsed.query:
            msg = f"IMAGECHAT_BUS_URL: server {number} is not nats://host:port or tls://host:port"
            raise RuntimeError(msg)
        encrypted = encrypted or parsed.scheme == "tls"
        if user is None and parsed.username:
            user = unquote(parsed.username)
            password = None if parsed.password is None else unquote(parsed.password)
        addresses.append(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    files = (Path(each) if each else None for each in (credentials, authority))
    return Servers(tuple(addresses), encrypted, user, password, *files)


def _read_credentials(file: Path) -> str:
    try:
        text = file.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        msg = f"IMAGECHAT_BUS_CREDENTIALS: {file} cannot be read: {reason}"
        raise RuntimeError(msg) from None
    if _JWT not in text or _SEED not in text:  # nats-py would look for them for ever
        msg = f"IMAGECHAT_BUS_CREDENTIALS: {file} has no NATS user's JWT and seed"
        raise RuntimeError(msg)
    return text
