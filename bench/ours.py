"""Our live channel in the comparisons, in both framings."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bench.contender import Contender, Running
from bench.door import PICTURE
from bench.generator import arguments, texts
from bench.installed import Need
from bench.node import ENVIRONMENT, READY, V1, fresh_data, principals, targets
from bench.processes import started
from imagechat import __version__

PEOPLE = 1_000
SETTINGS = (
    "a whole node, as `imagechat serve` runs it; events come in by a door of the benchmark's own and take the way from"
    " the bus on: the live channel without storage (P5 has the whole way). Each subscriber has a ticket of its own"
)


@contextmanager
def _run(*, plain: bool) -> Iterator[Running]:
    addresses = texts(targets([PICTURE], principals(PEOPLE)))
    with (
        fresh_data() as data,
        started(
            [sys.executable, "-m", "bench.door", str(data)], ready=READY + r" door \d+", environment=ENVIRONMENT
        ) as server,
    ):
        found = re.search(r"door (\d+)", server.line)
        assert found is not None  # noqa: S101 -- the line matched
        subprotocol = None if plain else V1
        yield Running(
            server,
            arguments(
                port=server.port,
                targets=addresses,
                subprotocol=subprotocol,
                await_number=not plain,  # hello says one, so that nothing is published before everybody is in
                door="lines",
                door_port=found.group(1),
            ),
        )


V1_FRAMES = Contender(
    "Image Chat, imagechat.v1", Need.NOTHING, SETTINGS, lambda: __version__, partial(_run, plain=False)
)
PLAIN_FRAMES = Contender("Image Chat, plain", Need.NOTHING, SETTINGS, lambda: __version__, partial(_run, plain=True))
