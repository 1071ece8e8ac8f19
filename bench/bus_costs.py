"""What the bus takes: of a node that hears, of nats-server, and of both for who is in the rooms."""

import socket
import time
import timeit
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import msgspec
from deploy.local.nats import NatsServer

from bench.backends import Backends
from bench.generator import arguments, held, run_load, texts
from bench.node import V1, create_requests, principals, targets
from bench.processes import cpu_seconds, rss_kb
from imagechat.live.presence import Attendance, Others
from imagechat.live.presence_exchange import Message

ROOMS = 64
"""Each with a connection that writes, so that what is committed together is in different rooms: a message each."""
NAMED = 1_000
REPEATED = 20
SUBSCRIPTIONS = 20_000
HEARERS = 3
PAYLOAD = b"x" * 430
PASSED = 60_000
AT_ONCE = 100

_CREATES = "SELECT sum(seq) FROM rooms WHERE url_id LIKE 'picture-%' AND kind = 'picture'"

Costs = dict[str, float]


def heard(both: Backends, seconds: float) -> Costs:
    """Measure messages of one event from a node, through NATS, to another that has a subscriber in each room.

    What the hearing node uses while nothing comes is taken off.
    """
    names = [f"picture-{number}" for number in range(ROOMS)]
    people = principals(ROOMS)
    shared = both.database()
    with shared.node() as writer, shared.node() as reader:
        requests = texts(create_requests(names, people), "\0")
        run_load(*arguments(port=writer.port, creators=ROOMS, requests=requests), seconds=0.5)
        words = arguments(port=reader.port, targets=texts(targets(names, people)), subprotocol=V1, await_number=True)
        with held(*words, subscribers=ROOMS):
            idle = cpu_seconds(reader.server.pids)
            time.sleep(seconds)
            idle = cpu_seconds(reader.server.pids) - idle
            server, cpu, began = both.nats.asks("varz"), cpu_seconds(reader.server.pids), time.monotonic()
            made = shared.ask(_CREATES)
            run_load(*arguments(port=writer.port, creators=ROOMS, requests=requests), seconds=seconds)
            cpu = cpu_seconds(reader.server.pids) - cpu - idle * (time.monotonic() - began) / seconds
            made = shared.ask(_CREATES) - made
            after = both.nats.asks("varz")
    sent, received = (after[name] - server[name] for name in ("in_msgs", "out_msgs"))
    return {
        "bus_message_us": 1e6 * max(0.0, cpu) / received,
        "bus_messages": sent / made,
        "bus_bytes": (after["in_bytes"] - server["in_bytes"]) / made,
    }


def passed_on(nats: NatsServer) -> Costs:
    """Measure what nats-server takes for a message that comes and goes, many at a time, to some subscribers."""
    with ExitStack() as lines:
        hearing = [lines.enter_context(_line(nats)) for _ in range(HEARERS)]
        for each in hearing:
            each.sendall(b"SUB imagechat.bench 1\r\nPING\r\n")
            _await_pong(each)
        saying = lines.enter_context(_line(nats))
        before, used = nats.asks("varz"), cpu_seconds([nats.pid])
        message = f"PUB imagechat.bench {len(PAYLOAD)}\r\n".encode() + PAYLOAD + b"\r\n"
        with ThreadPoolExecutor(HEARERS) as threads:
            ends = [threads.submit(_read, each, PASSED * len(PAYLOAD)) for each in hearing]
            for _ in range(PASSED // AT_ONCE):
                saying.sendall(message * AT_ONCE)
            for end in ends:
                end.result()
        after, used = nats.asks("varz"), cpu_seconds([nats.pid]) - used
    count = sum(after[name] - before[name] for name in ("in_msgs", "out_msgs"))
    return {"nats_message_us": 1e6 * used / count}


def told() -> Costs:
    """Measure a message on presence that names many: making it, reading it and counting them, in this process."""
    users: dict[str, str | None] = {f"anon:{number:032x}": None for number in range(NAMED)}
    encoder, decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Message)
    message = encoder.encode(Message(NAMED, NAMED, users))
    attendance = Attendance()

    def hear() -> None:
        said = decoder.decode(message)
        attendance.hear("another", Others(said.connections, said.count, said.users))
        attendance.tell(0)

    took = min(timeit.repeat(hear, number=REPEATED, repeat=3)) / REPEATED
    return {"presence_user_us": 1e6 * took / NAMED, "presence_user_bytes": len(message) / NAMED}


def subscriptions(nats: NatsServer) -> Costs:
    """Measure what a subscription takes of nats-server's memory."""
    before = rss_kb(nats.pid)
    with _line(nats) as line:
        lines = (f"SUB imagechat.bench.room.bench.{number:043}.* {number}\r\n" for number in range(SUBSCRIPTIONS))
        line.sendall("".join(lines).encode() + b"PING\r\n")
        _await_pong(line)
        return {"nats_subscription_kb": (rss_kb(nats.pid) - before) / SUBSCRIPTIONS}


def _line(nats: NatsServer) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", nats.port))
    line.sendall(b'CONNECT {"verbose":false}\r\n')
    return line


def _await_pong(line: socket.socket) -> None:
    said = b""
    while not said.endswith(b"PONG\r\n"):
        said = said[-16:] + line.recv(65536)


def _read(line: socket.socket, least: int) -> None:
    while least > 0:
        least -= len(line.recv(1 << 20))
