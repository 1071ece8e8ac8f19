"""Caddy with TLS before several nodes, set up by the very file that production uses."""

import json
import shutil
import socket
import ssl
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from deploy.local.ports import free_ports
from deploy.local.program import CannotStartError, Program

CADDYFILE = Path(__file__).parent.parent / "cluster" / "Caddyfile"


class Ports(NamedTuple):
    """Where Caddy takes visitors, questions about itself, and visitors without TLS, whom it sends to the door."""

    door: int
    admin: int
    plain: int


class CaddyServer:
    """One door, `https://localhost:port`, with a certificate of Caddy's own authority."""

    def __init__(self, directory: Path, nodes: Sequence[str], *, ports: Ports | None = None) -> None:
        """Prepare Caddy with its files in `directory`; `nodes` are `host:port`."""
        self._directory = directory
        self.ports = ports or Ports(*free_ports(3))
        self.port = self.ports.door
        self.program = Program(
            "Caddy",
            [_binary(), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"],
            directory / "caddy.log",
            self._lets_in,
            environment={
                "CADDY_ADMIN": f"127.0.0.1:{self.ports.admin}",
                "CHAT_BIND": "127.0.0.1 ::1" if _has_ipv6() else "127.0.0.1",
                "CHAT_HTTP_PORT": str(self.ports.plain),
                "CHAT_NODES": " ".join(nodes),
                "CHAT_SITE": self.url,
                "XDG_CONFIG_HOME": str(directory),
                "XDG_DATA_HOME": str(directory),
            },
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where visitors come; a browser has to be told to trust `authority`."""
        return f"https://localhost:{self.port}"

    @property
    def authority(self) -> Path:
        """The certificate that signed Caddy's; there once it has started."""
        return self._directory / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    def start(self) -> None:
        """Start, and return when a visitor would be let in. Raises `CannotStartError`."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self.program.start()

    def stop(self) -> None:
        """Stop; sockets that are open through it are cut."""
        self.program.end()

    def upstreams(self) -> dict[str, int]:
        """Return how many requests and sockets each node has of it. Raises `OSError` while it is away."""
        connection = HTTPConnection("127.0.0.1", self.ports.admin, timeout=10)
        try:
            connection.request("GET", "/reverse_proxy/upstreams")
            found: list[dict[str, Any]] = json.loads(connection.getresponse().read())
        except HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()
        return {each["address"]: each["num_requests"] for each in found}

    def _lets_in(self) -> bool:
        if not self.authority.exists():
            return False
        try:
            trust = ssl.create_default_context(cafile=str(self.authority))
            connection = HTTPSConnection("localhost", self.port, timeout=10, context=trust)
            connection.request("GET", "/readyz")
            ready = connection.getresponse().status == 200  # noqa: PLR2004 -- as HTTP has it
            connection.close()
        except (OSError, HTTPException):
            return False
        return ready


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def _binary() -> str:
    found = shutil.which("caddy")
    if found is None:
        msg = "Caddy is not installed (Debian: apt-get install caddy; scripts/system-packages does it)"
        raise CannotStartError(msg)
    return found
