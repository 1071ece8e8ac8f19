"""A pgbouncer in transaction mode before a PostgreSQL, with fewer connections than its clients have."""

from pathlib import Path
from typing import Self

from deploy.local.ports import free_ports
from deploy.local.postgres import ROLE, PostgresServer, as_owner
from deploy.local.program import Program

SERVER_CONNECTIONS = 2


class Bouncer:
    """pgbouncer on a free port; whoever is root runs it as PostgreSQL's owner."""

    def __init__(self, directory: Path, server: PostgresServer) -> None:
        """Prepare it, with its files in `directory`."""
        [self.port] = free_ports(1)
        directory.mkdir(parents=True, exist_ok=True)
        users, settings = directory / "users", directory / "pgbouncer.ini"
        users.write_text(f'"{ROLE}" "{server.password}"\n')
        settings.write_text(
            "[databases]\n"
            f"* = host=127.0.0.1 port={server.port}\n"
            "[pgbouncer]\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            f"auth_type = plain\nauth_file = {users}\n"
            f"pool_mode = transaction\ndefault_pool_size = {SERVER_CONNECTIONS}\nmax_client_conn = 100\n"
        )
        command = [*as_owner(), "/usr/sbin/pgbouncer", str(settings)]
        self.program = Program("pgbouncer", command, directory / "pgbouncer.log", "process up")

    def __enter__(self) -> Self:
        self.program.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.program.end()
