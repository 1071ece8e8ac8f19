"""P3: what an idle connection costs, of ours and of the peers; and how fast they come in."""

import time
from collections.abc import Iterator

from bench.contender import Contender
from bench.generator import Figures, arguments, held, texts
from bench.node import V1, Node, fresh_node, principals, targets
from bench.processes import Server
from bench.results import Run
from bench.tls import certificate, held_with_tls, offers_tls

OURS = "Image Chat"
PICTURES = [f"picture-{number}" for number in range(200)]
FIRST = 50
"""Connections before counting: what the first ones make a server load is not theirs."""
SETTLE_SECONDS = 2.0


def idle(counts: list[int]) -> Iterator[Run]:
    """Measure our connections, each with a session of its own, on some 200 pictures."""
    for count in counts:
        with fresh_node() as node:
            yield Run("P3", OURS, _held(node.server, _words(node), count), count)


def idle_with_tls(count: int) -> Iterator[Run]:
    """Measure the same through the node's own TLS. Raises `LeftOut` where it has none."""
    offers_tls()
    with certificate() as (cert, key), fresh_node("--tls-cert", str(cert), "--tls-key", str(key)) as node:
        addresses = targets(PICTURES, principals(count + FIRST))
        with held_with_tls(node.port, addresses[:FIRST]):
            before = _settled(node.server)
            with held_with_tls(node.port, addresses[FIRST:]) as figures:
                yield Run("P3", f"{OURS}, TLS", _counted(node.server, figures, before, count), count)


def idle_peer(contender: Contender, count: int) -> Iterator[Run]:
    """Measure a peer's connections, subscribed to one room. Raises `LeftOut`, `CheckFailed`."""
    with contender.run() as running:
        yield Run("P3", contender.name, _held(running.server, running.words, count), count)


def _words(node: Node) -> list[str]:
    addresses = texts(targets(PICTURES, principals(20_000)))
    return arguments(port=node.port, targets=addresses, subprotocol=V1, await_number=True)


def _held(server: Server, words: list[str], count: int) -> Figures:
    with held(*words, subscribers=FIRST):
        before = _settled(server)
        with held(*words, subscribers=count) as figures:
            return _counted(server, figures, before, count)


def _settled(server: Server) -> int:
    time.sleep(SETTLE_SECONDS)
    return server.rss_kb()


def _counted(server: Server, figures: Figures, before: int, count: int) -> Figures:
    after = _settled(server)
    return figures | {"kb_each": (after - before) / count, "rss_mb": after / 1024, "before_mb": before / 1024}
