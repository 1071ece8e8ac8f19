"""P8: what a delivery costs against subscribers; a create against rooms and history; a snapshot and a page of a lot."""

from collections.abc import Iterator
from urllib.parse import urlencode

from bench.creates import CONNECTIONS, OURS
from bench.generator import Figures, arguments, run_load, texts
from bench.history import Picture, write_history
from bench.node import TENANT, create_requests, fresh_data, principals, serving
from bench.ours import V1_FRAMES
from bench.results import Run

OUTSTANDING = 64
PATIENCE_MS = 10
BIG = Picture("big", markers=1_000, comments=50)
LONG = Picture("long", markers=1, comments=50_000)
PAGE = 100


def deliveries(counts: list[int], seconds: float) -> Iterator[Run]:
    """Measure the cost of a delivery against the number of subscribers."""
    for count in counts:
        with V1_FRAMES.run() as running:
            # a few are so fast that the load, if it were patient, would be too slow a reader (OVF1)
            patience = PATIENCE_MS if count >= 1_000 else None
            words = arguments(subscribers=count, window=OUTSTANDING, patience=patience, pids=running.server.pids)
            figures = run_load(*running.words, *words, seconds=seconds)
        yield Run("P8 subscribers", OURS, _cost(figures, "deliveries", "us_a_delivery"), count)


def creates_over_rooms(counts: list[int], seconds: float) -> Iterator[Run]:
    """Measure the cost of a create that goes to one of many rooms, which all are there before."""
    for count in counts:
        pictures = [Picture(f"picture-{number}", events=10) for number in range(count)]
        yield Run("P8 rooms", OURS, _creates(pictures, seconds), count)


def creates_over_history(counts: list[int], seconds: float) -> Iterator[Run]:
    """Measure the cost of a create in a room that has so many events already."""
    for count in counts:
        yield Run("P8 history", OURS, _creates([Picture("picture", events=count)], seconds), count)


def reads(seconds: float) -> Iterator[Run]:
    """Measure a snapshot of a thousand markers with 50,000 comments, and pages of a thread of 50,000."""
    page = {"urlId": LONG.thread(0), "limit": PAGE}
    big = urlencode({"urlId": BIG.url_id})
    asked = {
        "snapshot of 1,000 markers with 50,000 comments": f"/comment-image-chats/{TENANT}?{big}",
        f"first {PAGE} of a thread of 50,000 comments": f"/comments/{TENANT}?{urlencode(page)}",
        f"last {PAGE} of it": f"/comments/{TENANT}?{urlencode(page | {'page': LONG.comments // PAGE - 1})}",
        f"newest {PAGE} of it": f"/comments/{TENANT}?{urlencode(page | {'direction': 'NF'})}",
    }
    with fresh_data() as data:
        write_history(data, [BIG, LONG])
        with serving(data) as node:
            for what, path in asked.items():
                request = texts([f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"], "\0")
                words = arguments(port=node.port, creators=1, requests=request, pids=node.server.pids)
                yield Run("P8 reads", what, run_load(*words, seconds=seconds))


def _creates(pictures: list[Picture], seconds: float) -> Figures:
    with fresh_data() as data:
        write_history(data, pictures)
        people = principals(max(CONNECTIONS, len(pictures)))
        requests = texts(create_requests([picture.url_id for picture in pictures], people), "\0")
        with serving(data) as node:
            words = arguments(port=node.port, creators=CONNECTIONS, requests=requests, pids=node.server.pids)
            return _cost(run_load(*words, seconds=seconds), "creates", "us_a_create")


def _cost(figures: Figures, of: str, name: str) -> Figures:
    return figures | {name: 1e6 * figures["server_cpu"] * figures["seconds"] / max(1, figures[of])}
