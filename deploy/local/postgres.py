"""A PostgreSQL of its own: a fresh database directory, a free port, and a role with a password."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from deploy.local.ports import free_ports
from deploy.local.program import CannotStartError, Program

ROLE = "imagechat"
OWNER = "postgres"
OLDEST = 15
READY = "database system is ready to accept connections"

Stop = Literal["smart", "fast", "immediate"]
SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class PostgresServer:
    """A server on 127.0.0.1 that keeps port, password and data over restarts.

    Nodes use the role `imagechat`, which is no superuser and owns the database `imagechat`, and those that
    `create_database` makes. Whoever is not root runs the server as themselves; root runs it as `postgres`.
    """

    def __init__(
        self,
        directory: Path,
        *,
        port: int | None = None,
        durable: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare a server with its files in `directory`, which is made if it is not there.

        `durable=True` writes through to the disk, as a real one must; without, a power cut may cost the data, a killed
        process may not. `settings` are those of postgresql.conf.
        """
        self.directory = directory
        [self.port] = [port] if port else free_ports(1)
        self.password = secrets.token_urlsafe(12)
        self._owners_password = secrets.token_urlsafe(12)
        self._binaries = find_binaries()
        self._data = directory / "data"
        fast = {} if durable else {"fsync": "off", "full_page_writes": "off"}
        wanted = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",  # a path may be too long for a socket
            "max_connections": "200",
            **fast,
            **(settings or {}),
        }
        words = [word for name, value in wanted.items() for word in ("-c", f"{name}={value}")]
        self.program = Program(
            "PostgreSQL",
            [*as_owner(), str(self._binaries / "postgres"), "-D", str(self._data), *words],
            directory / "postgres.log",
            READY,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop("immediate")

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return self.program.pid

    def start(self) -> None:
        """Start, the first time on a new database directory, and return when it takes connections.

        Raises `CannotStartError`.
        """
        new = not self._data.exists()
        if new:
            self._init()
        self.program.start()
        if new:
            self.run(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{self.password}'")
            self.create_database(ROLE)

    def stop(self, mode: Stop = "fast") -> None:
        """Stop: `fast` rolls back what is open, `immediate` is like a crash, `smart` waits until all have gone."""
        self.program.end(SIGNALS[mode])

    def restart(self, mode: Stop = "fast") -> None:
        """Stop, and start again at the same port. Raises `CannotStartError`."""
        self.stop(mode)
        self.start()

    def url(self, database: str = ROLE, *, password: str | None = None) -> str:
        """Return what `IMAGECHAT_DATABASE_URL` takes; `password` is one to give instead of the right one."""
        return f"postgresql://{ROLE}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Make an empty database that nodes' role owns, and return its address."""
        self.run(f'CREATE DATABASE "{name}" OWNER {ROLE}')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, with everybody who is in it."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def run(self, sql: str, database: str = OWNER) -> str:
        """Run a statement as the superuser, and return the rows: a line each, columns apart by `|`.

        Raises `RuntimeError` with what PostgreSQL said.
        """
        done = subprocess.run(
            [
                *(str(self._binaries / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
                *("-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-d", database, "-c", sql),
            ],
            env=os.environ | {"PGPASSWORD": self._owners_password},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def _init(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [
                *(*as_owner(), str(self._binaries / "initdb"), "-D", str(self._data), "--no-sync", "-U", OWNER),
                *("--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--pwfile=/dev/stdin"),
            ],
            input=self._owners_password,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = " / ".join(done.stderr.strip().splitlines()[-2:])
            msg = f"PostgreSQL cannot make a database in {self._data}: {said}"
            raise CannotStartError(msg)


def find_binaries() -> Path:
    """Return the directory of the newest PostgreSQL's programs.

    Raises `CannotStartError` when there is none, or only one that is too old.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    in_path = shutil.which("initdb")
    if debian and float(debian[-1].parts[-3]) >= OLDEST:
        return debian[-1].parent
    if in_path is not None:
        return Path(in_path).resolve().parent
    msg = f"PostgreSQL {OLDEST} or newer is not installed (Debian: apt-get install postgresql)"
    raise CannotStartError(msg)


def as_owner() -> list[str]:
    """Return the words before a command that make root run it as `postgres`; PostgreSQL refuses to run as root.

    That user may also go through directories of root's, such as those that pytest makes.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        msg = "setpriv (of util-linux) is not installed; or start this as somebody else than root"
        raise CannotStartError(msg)
    rights = "+dac_override"
    user = [f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups"]
    return [setpriv, *user, f"--inh-caps={rights}", f"--ambient-caps={rights}"]
