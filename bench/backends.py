"""PostgreSQL and NATS for nodes that are measured: on the load's core, as durable and as plain as they come."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from deploy.local.nats import NatsServer
from deploy.local.node import imagechat
from deploy.local.postgres import PostgresServer, find_binaries
from deploy.local.program import CannotStartError

from bench.contender import said
from bench.folder import FOLDER
from bench.node import ENVIRONMENT, TENANT, UNLIMITED, Node, serving
from bench.processes import LeftOut, cpu_seconds, ended_cpu_seconds, family

SETTINGS = (
    "PostgreSQL as it ships, with fsync; one nats-server without TLS; both on the load's core. A node has the settings"
    " it ships with but for the two URLs"
)


@dataclass(frozen=True, slots=True)
class Backends:
    """What many nodes share. `folder` is for the nodes' own files."""

    postgres: PostgresServer
    nats: NatsServer
    folder: Path
    numbers: Iterator[int]

    def database(self) -> "Shared":
        """Make a database with this version's tables and a tenant. Raises `LeftOut`."""
        name = f"bench{next(self.numbers)}"
        environment = ENVIRONMENT | {
            "IMAGECHAT_DATABASE_URL": self.postgres.create_database(name),
            "IMAGECHAT_BUS_URL": self.nats.url,
        }
        try:
            imagechat("migrate", environment=environment)
            imagechat("tenant", "create", TENANT, *UNLIMITED, environment=environment)
        except CannotStartError as error:
            raise LeftOut(str(error)) from None
        return Shared(self, name, environment)

    def cpu(self) -> tuple[float, float]:
        """Return the processor seconds that PostgreSQL, ended connections included, and NATS have used."""
        postgres = cpu_seconds(family(self.postgres.pid)) + ended_cpu_seconds(self.postgres.pid)
        return postgres, cpu_seconds([self.nats.pid])


@dataclass(frozen=True, slots=True)
class Shared:
    """A database of `backends`, and the settings of nodes on it."""

    backends: Backends
    name: str
    environment: dict[str, str]

    @contextmanager
    def node(self, *flags: str) -> Iterator[Node]:
        """Run a node on it, on the servers' core."""
        with (
            tempfile.TemporaryDirectory(dir=self.backends.folder) as data,
            serving(Path(data), *flags, environment=self.environment) as node,
        ):
            yield node

    def ask(self, sql: str) -> float:
        """Return the one number that a statement finds."""
        return float(self.backends.postgres.run(sql, self.name))


def postgres_version() -> str:
    """Return PostgreSQL's version. Raises `LeftOut` where it is not installed."""
    try:
        return said(find_binaries() / "postgres", "--version").replace("postgres (PostgreSQL)", "PostgreSQL")
    except CannotStartError as error:
        raise LeftOut(str(error)) from None


@contextmanager
def backends() -> Iterator[Backends]:
    """Run PostgreSQL and NATS on the last core. Raises `LeftOut` where they are not installed."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="backends-") as name, ExitStack() as running:
        folder = Path(name)
        try:
            postgres, nats = PostgresServer(folder / "postgres", durable=True), NatsServer(folder / "nats")
            with _children_on_last_core():
                running.enter_context(postgres)
                running.enter_context(nats)
        except CannotStartError as error:
            raise LeftOut(str(error)) from None
        yield Backends(postgres, nats, folder, count())


@contextmanager
def _children_on_last_core() -> Iterator[None]:
    """Start programs there: they and all that they start stay on the core that this process is on at that moment."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(range(os.cpu_count() or 1))})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
