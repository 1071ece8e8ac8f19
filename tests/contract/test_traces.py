"""Traces: one create is one trace over all nodes, what callers bring and what they may not, and nothing when off."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from deploy.local.nats import NatsServer
from deploy.local.postgres import PostgresServer

from clustered import NodeSet, new_database
from collecting import Collector, Span, collector
from imagechat.bus.base import RoomEvents
from imagechat.bus.message import decode_events, encode_events
from imagechat.model.ids import RoomId
from imagechat.settings import SettingsError, load_settings
from live_clients import Person, live_url, new_picture, next_event, next_message, open_live
from live_fakes import until
from running import RunningNode
from visiting import CHATS

SNAPSHOT = "/comment-image-chats/{tenant_id}"
CREATE = f"POST {SNAPSHOT}"
FAST = {"OTEL_BSP_SCHEDULE_DELAY": "50"}
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def tracing(collected: Collector, **more: str) -> dict[str, str]:
    return {**FAST, "IMAGECHAT_TRACES": collected.url, **more}


@pytest.fixture
def collected() -> Iterator[Collector]:
    with collector() as taking:
        yield taking


def under(span: Span, spans: list[Span], name: str) -> list[Span]:
    return [each for each in spans if each.parent == span.id and each.name == name]


async def test_one_create_is_one_trace_over_both_nodes(
    tmp_path: Path, postgres: PostgresServer, nats_server: NatsServer, collected: Collector
) -> None:
    with (
        new_database(postgres) as url,
        NodeSet(tmp_path, url, [nats_server.url] * 2, environment=tracing(collected)) as nodes,
    ):
        first, second = nodes.nodes
        async with first.client() as here, second.client() as there:
            picture = new_picture()
            entrance = await Person(there).enter(picture)
            own = await Person(here).enter(picture)
            async with open_live(live_url(first, own)) as near, open_live(live_url(second, entrance)) as far:
                for viewer in (near, far):
                    assert (await next_message(viewer))["type"] == "hello"
                await Person(here).mark(picture)
                for viewer in (near, far):
                    await next_event(viewer)
                await until(lambda: len(collected.named("deliver")) == 2, within=20)
                await until(lambda: bool(collected.named("submit") and collected.named(CREATE)), within=20)
    [create] = collected.named(CREATE)
    spans = [span for span in collected.spans if span.trace == create.trace]
    # its marker's thread is a room of its own, which nobody follows
    names = [CREATE, "commit", "deliver", "deliver", "publish", "publish", "submit"]
    assert sorted(span.name for span in spans) == names
    [submit], [commit] = under(create, spans, "submit"), under(create, spans, "commit")
    [(publish, deliveries)] = [
        (publish, found) for publish in under(commit, spans, "publish") if (found := under(publish, spans, "deliver"))
    ]
    assert create.parent == ""
    assert (commit.links, submit.links) == ((create.id,), (commit.id,))
    assert len({each.node for each in deliveries}) == 2
    assert {each.node for each in (create, submit, commit, publish)} < {each.node for each in deliveries}
    assert all(each.about["imagechat.subscribers"] == each.about["imagechat.events"] == 1 for each in deliveries)
    assert commit.about["imagechat.commands"] == 1
    assert (create.about["http.route"], create.about["http.response.status_code"]) == (SNAPSHOT, 200)
    assert create.seconds >= submit.seconds >= commit.seconds > 0


async def test_a_group_has_one_span_that_is_linked_with_all_of_its_commands(
    tmp_path: Path, collected: Collector
) -> None:
    with RunningNode(tmp_path, environment=tracing(collected)) as node:
        async with node.client() as client:
            people = [Person(client) for _ in range(12)]
            picture = new_picture()
            await asyncio.gather(*(person.mark(picture) for person in people))
            await until(lambda: len(collected.named("submit")) == len(collected.named(CREATE)) == 12, within=20)
    creates = {span.id: span for span in collected.named(CREATE)}
    commits = collected.named("commit")
    assert sorted(link for commit in commits for link in commit.links) == sorted(creates)
    for commit in commits:
        assert commit.about["imagechat.commands"] == len(commit.links)
        assert commit.parent == commit.links[0]
        assert commit.trace == creates[commit.parent].trace
    for submit in collected.named("submit"):
        [group] = [commit for commit in commits if submit.parent in commit.links]
        assert submit.links == (group.id,)
        assert submit.trace == creates[submit.parent].trace


@pytest.mark.parametrize(
    ("traceparent", "taken"),
    [
        (f"00-{TRACE_ID}-b7ad6b7169203331-01", True),
        ("00-00000000000000000000000000000000-b7ad6b7169203331-01", False),
        ("nonsense", False),
        ("", False),
    ],
)
async def test_a_callers_trace_is_gone_on_with(
    tmp_path: Path, collected: Collector, traceparent: str, *, taken: bool
) -> None:
    with RunningNode(tmp_path, environment=tracing(collected)) as node:
        async with node.client() as client:
            await client.get(CHATS, params={"urlId": "p"}, headers={"traceparent": traceparent})
            await until(lambda: bool(collected.spans), within=20)
    [span] = collected.spans
    assert (span.trace == TRACE_ID, span.parent == "b7ad6b7169203331") == (taken, taken)


async def test_of_all_requests_a_part_is_traced_whatever_callers_want(tmp_path: Path, collected: Collector) -> None:
    environment = tracing(collected, IMAGECHAT_TRACES_RATIO="0.5")
    with RunningNode(tmp_path, environment=environment) as node:
        async with node.client() as client:
            for number in range(1, 65):  # which part is kept is decided by the second half of a trace's id
                small, large = f"{number:016x}{1:016x}", f"{number:016x}{'f' * 16}"
                for traceparent in ("", f"00-{small}-{number:016x}-01", f"00-{large}-{number:016x}-01"):
                    await client.get(CHATS, params={"urlId": "p"}, headers={"traceparent": traceparent})
                unwanted = {"traceparent": f"00-{number + 64:016x}{1:016x}-{number:016x}-00"}
                await client.get(CHATS, params={"urlId": "p"}, headers=unwanted)
            await client.get("/healthz")
        assert node.stop() == 0  # which sends what is left
    brought = [span for span in collected.spans if span.parent]
    assert {span.trace for span in brought} == {f"{number:016x}{1:016x}" for number in range(1, 65)}
    assert 0 < len(collected.spans) - len(brought) < 64
    assert {span.name for span in collected.spans} == {f"GET {SNAPSHOT}"}


async def test_nothing_that_callers_write_is_in_a_trace(tmp_path: Path, collected: Collector) -> None:
    with RunningNode(tmp_path, environment=tracing(collected)) as node:
        async with node.client() as client:
            person = Person(client)
            await person.mark("SECRETWORD", pageTitle="SECRETWORD", comment={"comment": "SECRETWORD"})
            await client.get(CHATS, params={"urlId": "SECRETWORD", "sso": "SECRETWORD", "sessionId": "SECRETWORD"})
            marked = {"authorization": "Bearer SECRETWORD", "tracestate": "a=SECRETWORD", "baggage": "a=SECRETWORD"}
            await client.get("/SECRETWORD", headers=marked)
            await client.request("SECRET", "/SECRETWORD")
        assert node.stop() == 0
    assert len(collected.spans) > 4
    assert all(b"SECRETWORD" not in body for body in collected.raw)


@pytest.mark.parametrize("away", ["refuses", "hangs"])
async def test_a_collector_that_is_away_costs_nobody_anything(tmp_path: Path, away: str) -> None:
    with collector(silent_seconds=30.0) as collected:
        url = collected.url if away == "hangs" else "http://127.0.0.1:9"
        with RunningNode(tmp_path, environment={**FAST, "IMAGECHAT_TRACES": url}) as node:
            async with node.client() as client:
                person, picture = Person(client), new_picture()
                for _ in range(20):
                    await person.mark(picture)
                assert len((await person.enter(picture))["conversations"]) == 20
            began = time.monotonic()
            assert node.stop() == 0
            assert time.monotonic() - began < 20
    assert "Traceback" not in "".join(node.output)


def test_a_node_without_traces_does_not_even_load_what_makes_them(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from imagechat.settings import load_settings\n"
        "import imagechat.cli\n"
        "from imagechat.wiring import build\n"
        f"build(load_settings({{}}, data={str(tmp_path)!r}))\n"
        "unwanted = ('opentelemetry.sdk', 'opentelemetry.exporter', 'imagechat.observe.traces')\n"
        "print([name for name in sys.modules if name.startswith(unwanted)])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_without_the_extra_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['opentelemetry'] = None\n"
        "from imagechat.cli import main\n"
        f"main(['serve', '--port', '0', '--data', {str(tmp_path)!r}])\n"
    )
    environment = os.environ | {"IMAGECHAT_TRACES": "http://127.0.0.1:4318"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("imagechat: IMAGECHAT_TRACES needs OpenTelemetry")
    assert line.endswith("pip install 'imagechat[tracing]'")


def test_an_address_that_is_none_is_told_without_what_may_be_secret_in_it() -> None:
    with pytest.raises(SettingsError, match="IMAGECHAT_TRACES is to be") as refused:
        load_settings({"IMAGECHAT_TRACES": "grpc://user:p@ss@host"})
    assert "p@ss" not in str(refused.value)


class _EventsBefore(msgspec.Struct, array_like=True, frozen=True):
    """What nodes took for a batch before there were traces."""

    node: str
    epoch: str
    first: int
    last: int
    events: list[bytes]
    groups: tuple[str, ...] | None = None
    read_only: bool = False
    is_there: bool = True


def test_nodes_of_the_version_before_read_a_batch_with_a_trace_and_are_read() -> None:
    room = RoomId("demo.picture")
    batch = RoomEvents(room, "e", ((7, b"{}"), (8, b"{}")), trace=b"00-" + b"a" * 52)
    [message] = encode_events("node", batch, 1_000)
    assert decode_events(room, message) == batch
    before = msgspec.msgpack.decode(message[1:], type=_EventsBefore)
    assert (before.first, before.last, before.is_there) == (7, 8, True)
    after = decode_events(room, message[:1] + msgspec.msgpack.encode(before))
    assert after == RoomEvents(room, "e", batch.events)
