"""Buses of several nodes over real NATS servers, and the users of those."""

import os
import signal
import time
from base64 import urlsafe_b64encode
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex

import msgspec
import nkeys
from deploy.local.nats import NatsServer

from imagechat.bus.base import RoomEvents, Told
from imagechat.bus.nats import NatsBus
from imagechat.model.access import Access
from imagechat.model.ids import RoomId, room_id
from live_fakes import until

HERE, THERE = room_id("demo", "here"), room_id("demo", "there")


class BusNode:
    """A bus, and what came over it."""

    def __init__(self, bus: NatsBus) -> None:
        self.bus = bus
        self.batches: list[RoomEvents] = []
        self.doubted: list[RoomId | None] = []
        self.told: list[Told] = []
        bus.receive_with(self.batches.append, self.doubted.append)
        bus.hear_with("news", self.told.append)

    def seqs(self, room: RoomId = HERE) -> list[int]:
        return [seq for batch in self.batches if batch.room_id == room for seq, _ in batch.events]


class BusSet:
    """Nodes of one database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = token_hex(8)
        self._nodes = AsyncExitStack()

    async def node(
        self, *rooms: RoomId, url: str = "", credentials: Path | None = None, authority: Path | None = None
    ) -> BusNode:
        node = BusNode(nats_bus(url or self.url, self.database, credentials, authority))
        self._nodes.push_async_callback(node.bus.close)
        await node.bus.start()
        for room in rooms:
            await node.bus.join(room)
        return node

    async def close(self) -> None:
        await self._nodes.aclose()


def batch(*seqs: int, room: RoomId = HERE, size: int = 0, access: Access | None = None) -> RoomEvents:
    events = tuple((seq, b'{"seq":%d}' % seq + b" " * size) for seq in seqs)
    return RoomEvents(room, "epoch", events, access or Access())


async def all_came(*ends: tuple[BusNode, int]) -> None:
    await until(lambda: all(node.seqs()[-1:] == [seq] for node, seq in ends))


def hang(server: NatsServer, *, hanging: bool = True) -> None:
    """Have a server take and say nothing, without ending; or go on."""
    os.kill(server.pid, signal.SIGSTOP if hanging else signal.SIGCONT)


def nats_bus(url: str, database: str = "", credentials: Path | None = None, authority: Path | None = None) -> NatsBus:
    """Return a bus for the nodes of a database; of one that nobody else has, if none is named."""
    files = {"credentials": credentials, "authority": authority}
    return NatsBus(
        url, database or token_hex(8), **{each: str(file) for each, file in files.items() if file is not None}
    )


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
