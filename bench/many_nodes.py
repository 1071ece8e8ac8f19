"""P7: what a delivery costs with PostgreSQL and NATS, against a node that is alone; and what the creates cost in it.

Everything is at one pace that all can hold. A delivery's cost is all that its node does, the creates it takes included.
What a create costs that nobody sees is told beside it, and not taken off: a node that is busy with deliveries commits
more creates together, so each costs less.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress

from bench.backends import SETTINGS, Backends, Shared, backends, postgres_version
from bench.creates import CONNECTIONS, PATIENCE_MS, PICTURE, SUBSCRIBERS
from bench.generator import Figures, arguments, run_load, texts
from bench.node import V1, Node, create_requests, fresh_node, principals, targets
from bench.processes import LeftOut, cpu_seconds
from bench.results import Results, Run
from bench.targets import ALONE, ONE_OF_MANY, OTHER_NODE, P7_PACE

MANY_NODES = "many nodes"

Nodes = Callable[[], AbstractContextManager[Node]]


def note_backends(results: Results) -> None:
    """Note how PostgreSQL and NATS are set up; nothing where they are not installed."""
    with suppress(LeftOut):
        results.versions[ONE_OF_MANY] = postgres_version()
        results.settings[ONE_OF_MANY] = SETTINGS


def many_nodes(seconds: float, *, creates: bool) -> Iterator[Run]:
    """Measure each once, in turn. Raises `LeftOut`, `CheckFailed`."""
    with backends() as both:
        yield from one_turn(both, seconds, creates=creates)


def one_turn(both: Backends, seconds: float, *, creates: bool = True) -> Iterator[Run]:
    """Measure each once on running backends, with `creates` also those that nobody sees."""

    def shared() -> AbstractContextManager[Node]:
        return both.database().node()

    for who, node in ((ALONE, fresh_node), (ONE_OF_MANY, shared)):
        if creates:
            yield Run("P7 creates", who, _paced_creates(node, seconds))
        yield Run("P7", who, _seen(node, seconds))
    yield Run("P7", OTHER_NODE, _seen_elsewhere(both.database(), seconds))
    for connections, more in ((CONNECTIONS, ""), (1, ", one connection")) if creates else ():
        yield Run("P7 at most", ONE_OF_MANY + more, at_most(shared, connections, seconds))


def at_most(node: Nodes, connections: int, seconds: float) -> Figures:
    """Measure as many creates as can be, seen by nobody."""
    with node() as running:
        words = arguments(port=running.port, **_creating(connections), pids=running.server.pids)
        return _with_costs(run_load(*words, seconds=seconds))


def _paced_creates(node: Nodes, seconds: float) -> Figures:
    with node() as running:
        words = arguments(port=running.port, rate=P7_PACE, **_creating(), pids=running.server.pids)
        return _with_costs(run_load(*words, seconds=seconds))


def _seen(node: Nodes, seconds: float) -> Figures:
    with node() as running:
        return _with_costs(run_load(*_watching(running, running), seconds=seconds))


def _seen_elsewhere(shared: Shared, seconds: float) -> Figures:
    """Measure the node with the subscribers, while another takes the creates; tell what that one took for each."""
    with shared.node() as writer, shared.node() as reader:
        before = cpu_seconds(writer.server.pids)
        figures = _with_costs(run_load(*_watching(reader, writer), seconds=seconds))
        creates = shared.ask(f"SELECT seq FROM rooms WHERE url_id = '{PICTURE}'")  # noqa: S608 -- a constant
        wrote = 1e6 * (cpu_seconds(writer.server.pids) - before) / creates
        return figures | {
            "writer_us_a_create": wrote,
            "nodes_us_a_delivery": figures["us_a_delivery"] + wrote / SUBSCRIBERS,
        }


def _watching(reader: Node, writer: Node) -> list[str]:
    return arguments(
        port=reader.port,
        create_port=writer.port,
        subscribers=SUBSCRIBERS,
        targets=texts(targets([PICTURE], principals(SUBSCRIBERS))),
        subprotocol=V1,
        await_number=True,
        patience=PATIENCE_MS,
        numbered=True,
        rate=P7_PACE,
        **_creating(),
        pids=reader.server.pids,
    )


def _creating(connections: int = CONNECTIONS) -> dict[str, object]:
    return {
        "creators": connections,
        "requests": texts(create_requests([PICTURE], principals(connections)), "\0"),
    }


def _with_costs(figures: Figures) -> Figures:
    used = 1e6 * figures["server_cpu"] * figures["seconds"]
    costs = {"us_a_create": used / max(1, figures["creates"])}
    if figures["deliveries"]:
        costs["us_a_delivery"] = costs["nodes_us_a_delivery"] = used / figures["deliveries"]
    return figures | costs
