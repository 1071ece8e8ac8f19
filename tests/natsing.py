"""Real NATS servers on free ports."""

import signal
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex
from types import TracebackType
from typing import Self

import msgspec
import nkeys

from imagechat.bus.nats import NatsBus

PROGRAM = Path(sys.executable).with_name("nats-server")
STARTED_WITHIN = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class NatsServer:
    """A server that keeps its port, and what it is told, when it is stopped and started."""

    def __init__(self, folder: Path, config: str = "", name: str = "nats") -> None:
        self.port = free_port()
        self.config = config
        self._file = folder / f"{name}.conf"
        self._log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"nats://{self.address}"

    def start(self) -> None:
        self._file.write_text(f"listen: 127.0.0.1:{self.port}\n{self.config}\n")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([PROGRAM, "-c", self._file], stdout=log, stderr=log)
        until = time.monotonic() + STARTED_WITHIN
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < until, "nats-server does not answer"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it as an operator would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def hang(self, *, hanging: bool = True) -> None:
        """Have it do nothing, with its connections open; or go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if hanging else signal.SIGCONT)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as probe:
            probe.settimeout(5)
            return probe.recv(4) == b"INFO"
        return False


class NatsCluster:
    """Servers that pass on to each other what their clients want."""

    def __init__(self, folder: Path, size: int = 3) -> None:
        routes = [free_port() for _ in range(size)]
        known = ", ".join(f'"nats-route://127.0.0.1:{port}"' for port in routes)
        self.servers = [
            NatsServer(
                folder,
                f'server_name: "n{number}"\n'
                f'cluster {{ name: "tests", listen: "127.0.0.1:{port}", routes: [{known}], pool_size: 1 }}',
                f"nats-{number}",
            )
            for number, port in enumerate(routes)
        ]

    def __enter__(self) -> Self:
        for server in self.servers:
            server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for server in self.servers:
            server.kill()

    @property
    def url(self) -> str:
        return ",".join(server.url for server in self.servers)


def nats_bus(url: str, database: str = "", credentials: Path | None = None, authority: Path | None = None) -> NatsBus:
    """Return a bus for the nodes of a database; of one that nobody else has, if none is named."""
    database = database or token_hex(8)

    async def name() -> str:
        return database

    files = {"credentials": credentials, "authority": authority}
    return NatsBus(url, name, **{each: str(file) for each, file in files.items() if file is not None})


@dataclass
class NatsUser:
    """A user whom a server knows by what its operator and its account have signed."""

    config: str
    jwt: str
    seed: bytes

    def credentials(self) -> str:
        return (
            f"-----BEGIN NATS USER JWT-----\n{self.jwt}\n------END NATS USER JWT------\n\n"
            f"-----BEGIN USER NKEY SEED-----\n{self.seed.decode()}\n------END USER NKEY SEED------\n"
        )


def nats_user() -> NatsUser:
    """Make an operator, an account and a user."""
    seeds = {
        kind: nkeys.encode_seed(token_bytes(32), prefix)
        for kind, prefix in {
            "operator": nkeys.PREFIX_BYTE_OPERATOR,
            "account": nkeys.PREFIX_BYTE_ACCOUNT,
            "user": nkeys.PREFIX_BYTE_USER,
        }.items()
    }
    keys = {kind: nkeys.from_seed(bytearray(seed)) for kind, seed in seeds.items()}
    names = {kind: pair.public_key.decode() for kind, pair in keys.items()}

    def signed(kind: str, by: str, claims: dict[str, object]) -> str:
        said = {"jti": token_hex(8), "iat": int(time.time()), "iss": names[by], "name": kind, "sub": names[kind]}
        said["nats"] = claims | {"type": kind, "version": 2}
        header = {"typ": "JWT", "alg": "ed25519-nkey"}
        text = b".".join(map(_unpadded, (msgspec.json.encode(header), msgspec.json.encode(said))))
        return b".".join([text, _unpadded(keys[by].sign(text))]).decode()

    no_limits = dict.fromkeys(("subs", "data", "payload", "imports", "exports", "conn", "leaf"), -1)
    operator = signed("operator", "operator", {})
    account = signed("account", "operator", {"limits": no_limits | {"wildcards": True}})
    user = signed("user", "account", dict.fromkeys(("subs", "data", "payload"), -1) | {"pub": {}, "sub": {}})
    resolver = f'resolver: MEMORY\nresolver_preload: {{ {names["account"]}: "{account}" }}'
    return NatsUser(f"operator: {operator}\n{resolver}", user, seeds["user"])


def _unpadded(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")
