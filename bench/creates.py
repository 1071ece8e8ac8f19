"""P4 and P5: durable creates over HTTP, alone and seen by a thousand subscribers."""

from collections.abc import Iterator

from bench.contender import Contender
from bench.generator import Figures, arguments, run_load, texts
from bench.node import V1, create_requests, fresh_node, principals, targets
from bench.results import Run

CONNECTIONS = 64
SUBSCRIBERS = 1_000
PACED_A_SECOND = 2_000
PATIENCE_MS = 1
OURS = "Image Chat"
PICTURE = "picture"


def creates(seconds: float) -> Iterator[Run]:
    """Measure creates that nobody watches, over many connections and over one."""
    for connections, who in ((CONNECTIONS, OURS), (1, f"{OURS}, one connection")):
        with fresh_node() as node:
            requests = texts(create_requests([PICTURE], principals(connections)), "\0")
            words = arguments(port=node.port, creators=connections, requests=requests, pids=node.server.pids)
            yield Run("P4", who, run_load(*words, seconds=seconds))


def peer_creates(contender: Contender, seconds: float) -> Iterator[Run]:
    """Measure a peer's creates. Raises `LeftOut`, `CheckFailed`."""
    with contender.run() as running:
        figures = run_load(*running.words, creators=CONNECTIONS, pids=running.server.pids, seconds=seconds)
        yield Run("P4", contender.name, figures)


def whole_way(seconds: float) -> Iterator[Run]:
    """Measure creates, each seen by every subscriber: as many as the node can do, and at the target's pace."""
    yield Run("P5", OURS, _seen_by_all(None, seconds))
    yield Run("P5", f"{OURS}, paced", _seen_by_all(PACED_A_SECOND, seconds))


def whole_way_over_rate(rates: list[int], seconds: float) -> Iterator[Run]:
    """Measure the same at several paces."""
    for rate in rates:
        yield Run("P5 rates", OURS, _seen_by_all(rate, seconds), rate)


def _seen_by_all(rate: int | None, seconds: float) -> Figures:
    with fresh_node() as node:
        words = arguments(
            port=node.port,
            subscribers=SUBSCRIBERS,
            targets=texts(targets([PICTURE], principals(SUBSCRIBERS))),
            subprotocol=V1,
            await_number=True,
            patience=PATIENCE_MS,
            creators=CONNECTIONS,
            requests=texts(create_requests([PICTURE], principals(CONNECTIONS)), "\0"),
            numbered=True,
            rate=rate,
            pids=node.server.pids,
        )
        return run_load(*words, seconds=seconds)
