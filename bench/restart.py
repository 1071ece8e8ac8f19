"""P6: ten thousand clients lose their node and come back to it, each with a position."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.generator import arguments, held, run_load, texts
from bench.history import Picture, write_history
from bench.node import V1, create_requests, fresh_data, principals, serving, targets
from bench.results import Run

PICTURES = 200
EVENTS = 50
AWAY_SECONDS = 1.0
"""For how long others go on writing while the clients are away, as fast as the node can."""
LIVE = "live"
LIVE_SUBSCRIBERS = 100
LIVE_RATE = 20
QUIET_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Return:
    """How clients come back."""

    name: str
    spread: float


AT_ONCE = Return("all at once", 0)
# the widget waits up to 0.5 s, then 1 s, then 2 s: a node needs about a second to start, so most are in the third wait
SPREAD = Return("with the widget's pauses", 2)


def restart(clients: int, way: Return) -> Iterator[Run]:
    """Connect, leave, write more, kill the node, start it again, and let all come back, beside a room that is live."""
    pictures = [Picture(f"picture-{number}", events=EVENTS) for number in range(PICTURES)]
    names = [picture.url_id for picture in pictures]
    people = principals(clients)
    with fresh_data() as data:
        epoch = write_history(data, pictures)
        with serving(data) as node:
            words = arguments(port=node.port, targets=texts(targets(names, people)), subprotocol=V1, await_number=True)
            with held(*words, subscribers=clients):
                pass
            writing = arguments(port=node.port, creators=16, requests=texts(create_requests(names, people[:400]), "\0"))
            run_load(*writing, seconds=AWAY_SECONDS)
            os.kill(node.server.process.pid, signal.SIGKILL)
        positions = f"&epoch={epoch}&seq={EVENTS}"
        storm = [f"{EVENTS} {target}" for target in targets(names, people, positions)]
        began = time.monotonic()
        with serving(data) as node:
            start = time.monotonic() - began
            words = arguments(
                port=node.port,
                subscribers=LIVE_SUBSCRIBERS,
                targets=texts(targets([LIVE], people[:LIVE_SUBSCRIBERS])),
                subprotocol=V1,
                await_number=True,
                creators=4,
                requests=texts(create_requests([LIVE], people[:4]), "\0"),
                numbered=True,
                rate=LIVE_RATE,
                pids=node.server.pids,
                warm_seconds=QUIET_SECONDS,
                storm=texts(storm),
                spread=way.spread,
            )
            figures = run_load(*words)
    came_back = figures["resumed_ms"]["max"] / 1000
    yield Run("P6", f"{clients:,} clients, {way.name}", figures | {"start_s": start, "restart_s": start + came_back})
