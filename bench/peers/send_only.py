"""The limit: a program in C that only calls send()."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.compiled import send_only_program
from bench.contender import Contender, Running
from bench.generator import arguments, texts
from bench.installed import Need
from bench.processes import started


@contextmanager
def _run() -> Iterator[Running]:
    with started([send_only_program()], ready=r"port (\d+)") as server:
        yield Running(server, arguments(port=server.port, targets=texts(["/"]), door="lines"))


SEND_ONLY = Contender(
    "C, send() only",
    Need.NOTHING,
    "bench/peers/send_only.c: a ready frame, one send() for each subscriber and event; no rooms, no rights, no queues",
    lambda: "",
    _run,
)
