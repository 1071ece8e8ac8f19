"""PostgreSQL, a NATS cluster, nodes, and Caddy before them: started in this order, stopped in the other."""

import signal
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from deploy.local import caddy, nats
from deploy.local.caddy import CaddyServer
from deploy.local.nats import NatsCluster
from deploy.local.node import Node, imagechat
from deploy.local.ports import free_ports
from deploy.local.postgres import PostgresServer
from deploy.local.program import Program

NATS_SERVERS = 3


class Cluster:
    """A whole set on free ports of this machine. Its parts may be killed and started one by one."""

    def __init__(
        self,
        directory: Path,
        *,
        nodes: int = 3,
        command: Literal["demo", "serve"] = "serve",
        port: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare a set with its files in `directory`; `port` is the door's, and `environment` are nodes' settings.

        Raises `CannotStartError` when a program is not installed.
        """
        free = iter(free_ports(1 + 3 * NATS_SERVERS + 3 + nodes))
        self.postgres = PostgresServer(directory / "postgres", port=next(free))
        self.nats = NatsCluster(directory / "nats", ports=[nats.Ports(*islice(free, 3)) for _ in range(NATS_SERVERS)])
        doors = caddy.Ports(*islice(free, 3))
        self.environment = {
            "IMAGECHAT_DATA": str(directory / "data"),
            "IMAGECHAT_TRUSTED_PROXIES": "127.0.0.1",
            "IMAGECHAT_LEAVE_SECONDS": "3",
            "IMAGECHAT_DRAIN_SECONDS": "1",
            **(environment or {}),
            "IMAGECHAT_DATABASE_URL": self.postgres.url(),
            "IMAGECHAT_BUS_URL": self.nats.url,
        }
        self.nodes = [
            Node(f"node-{number}", directory, self.environment, command=command, port=own)
            for number, own in enumerate(free, 1)
        ]
        self.caddy = CaddyServer(
            directory / "caddy",
            [f"127.0.0.1:{node.port}" for node in self.nodes],
            ports=doors._replace(door=port) if port else doors,
        )

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
        """Where visitors come: Caddy's door."""
        return self.caddy.url

    def start(self, say: Callable[[str], None] = lambda _: None) -> None:
        """Start everything; `say` is told what is started. Raises `CannotStartError`."""
        say("PostgreSQL")
        self.postgres.start()
        say(f"{NATS_SERVERS} NATS servers")
        self.nats.start()
        say("imagechat migrate")
        imagechat("migrate", environment=self.environment)
        for node in self.nodes:
            say(node.program.name)
            node.start()
        say("Caddy")
        self.caddy.start()

    def stop(self) -> None:
        """Stop everything in order; the nodes leave together."""
        self.caddy.stop()
        for node in self.nodes:
            node.program.signal(signal.SIGTERM)
        for node in self.nodes:
            node.program.wait()
        self.nats.stop()
        self.postgres.stop()

    def kill(self) -> None:
        """End everything at once."""
        self.caddy.program.end(signal.SIGKILL)
        for node in self.nodes:
            node.kill()
        self.nats.kill()
        self.postgres.stop("immediate")

    def programs(self) -> Iterator[Program]:
        """Yield every program, in the order of starting."""
        yield self.postgres.program
        yield from (server.program for server in self.nats.servers)
        yield from (node.program for node in self.nodes)
        yield self.caddy.program
