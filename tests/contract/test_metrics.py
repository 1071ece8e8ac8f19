"""`/metrics`: what was done is counted, both forms can be read, and no label holds what somebody sent."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from websockets.exceptions import InvalidStatus

from imagechat import __version__
from imagechat.http.answered import METHODS, OTHER_METHOD, PREFLIGHT, UNKNOWN_ROUTE
from imagechat.observe.collector import CATCH_UPS, CLOSES, CODES, COMMANDS, HANDSHAKES, JOINS, MESSAGES
from imagechat.observe.families import OTHER
from imagechat.settings import SettingsError, load_settings
from live_clients import Person, close_code, live_url, new_picture, next_event, next_message, open_live
from running import TENANT, TRUSTED, RunningNode
from scraping import Page, scrape, scraped_anew, scraped_until
from visiting import CHATS, fresh

SNAPSHOT = "/comment-image-chats/{tenant_id}"
OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"


@pytest.fixture
async def person(shared_node: RunningNode) -> Any:
    async with shared_node.client() as client:
        yield Person(client)


async def grown(node: RunningNode, before: Page, name: str, by: float, labels: dict[str, str] | None = None) -> None:
    """Wait until a count has grown, and by no more than it should."""
    found = await scraped_until(node, lambda page: page.value(name, labels) >= before.value(name, labels) + by)
    assert found.value(name, labels) == before.value(name, labels) + by


async def test_what_is_made_and_delivered_is_counted_once(shared_node: RunningNode, person: Person) -> None:
    picture = new_picture()
    entrance = await person.enter(picture)
    await scraped_until(shared_node, lambda page: page.value("imagechat_connections") == 0)
    before = await scraped_anew(shared_node)
    async with open_live(live_url(shared_node, entrance)) as one, open_live(live_url(shared_node, entrance)) as other:
        for each in (one, other):
            assert (await next_message(each))["type"] == "hello"
        await person.mark(picture)
        for each in (one, other):
            await next_event(each)
        await grown(shared_node, before, "imagechat_connections", 2)
        await grown(shared_node, before, "imagechat_subscribers", 2)
        await grown(shared_node, before, "imagechat_rooms", 1)
        for name, by in {
            "imagechat_events_received_total": 1,
            "imagechat_flush_events_count": 1,
            "imagechat_flush_events_sum": 1,
            "imagechat_flush_bytes_count": 1,
            "imagechat_flush_duration_seconds_count": 1,
            "imagechat_deliveries_total": 2,
            "imagechat_commit_commands_count": 1,
            "imagechat_commit_commands_sum": 1,
            "imagechat_commit_duration_seconds_count": 1,
        }.items():
            await grown(shared_node, before, name, by)
        await grown(shared_node, before, "imagechat_commands_total", 1, {"outcome": "committed"})
        await grown(shared_node, before, "imagechat_handshakes_total", 2, {"outcome": "accepted"})
        await grown(shared_node, before, "imagechat_joins_total", 2, {"outcome": "new"})
    await scraped_until(shared_node, lambda page: page.value("imagechat_connections") == 0)
    await grown(shared_node, before, "imagechat_closes_total", 2, {"code": "client"})


async def test_RES1_RES2_resumes_are_counted_by_where_they_came_from(shared_node: RunningNode, person: Person) -> None:
    picture = new_picture()
    for _ in range(3):
        await person.mark(picture)
    entrance = await person.enter(picture)
    before = await scraped_anew(shared_node)
    for epoch, seq in ((entrance["epoch"], 3), (entrance["epoch"], 1), ("another", 2)):
        async with open_live(live_url(shared_node, entrance, epoch=epoch, seq=seq)) as connection:
            await next_message(connection)
    for outcome in ("none", "memory", "reset"):
        await grown(shared_node, before, "imagechat_joins_total", 1, {"outcome": outcome})


async def test_closes_and_refusals_are_counted_by_code(shared_node: RunningNode, person: Person) -> None:
    entrance = await person.enter(new_picture())
    before = await scraped_anew(shared_node)
    async with open_live(live_url(shared_node, entrance, userIdWS="nobody")) as connection:
        assert await close_code(connection) == 4401
    with pytest.raises(InvalidStatus):
        async with open_live(live_url(shared_node, entrance, path="/elsewhere")):
            pass
    async with shared_node.client() as client:
        assert (await client.get("/comment-image-chats/nobody?urlId=p")).status_code == 404
        assert (await client.post(CHATS, json={"urlId": "p"})).status_code == 400
    await grown(shared_node, before, "imagechat_closes_total", 1, {"code": "4401"})
    await grown(shared_node, before, "imagechat_handshakes_total", 1, {"outcome": "refused"})
    await grown(shared_node, before, "imagechat_refusals_total", 1, {"code": "invalid-tenant-id"})
    await grown(shared_node, before, "imagechat_refusals_total", 1, {"code": "invalid-body"})
    page = await scrape(shared_node)
    assert page.value("imagechat_requests_total", {"method": "POST", "route": SNAPSHOT, "status": "4xx"}) >= 1
    assert page.value("imagechat_request_duration_seconds_count", {"route": SNAPSHOT}) >= 2


async def test_both_forms_say_the_same_and_can_be_read(shared_node: RunningNode) -> None:
    plain = await scrape(shared_node)
    async with shared_node.client() as client:
        answer = await client.get("/metrics", headers={"accept": OPENMETRICS})
        assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
        assert answer.text.endswith("# EOF\n")
        families = list(read_openmetrics(answer.text))  # type: ignore[no-untyped-call]
        assert {each.name for each in families} == set(plain.families)
        for accept in ("", "*/*", "text/html", "text/plain;version=0.0.4", "text/plain;version=x;escaping=y"):
            answer = await client.get("/metrics", headers={"accept": accept})
            assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
            assert answer.headers["cache-control"] == "no-store"
        strange = await client.get("/metrics", headers={"accept": "application/openmetrics-text;version=9.secret"})
        assert "secret" not in str(strange.headers)
    build = {"version": __version__, "database": "sqlite"}
    [sample] = plain.families["imagechat_build_info"].samples
    assert sample.labels.items() >= build.items()
    assert plain.value("imagechat_database_up") == plain.value("imagechat_bus_connected") == 1
    assert plain.value("process_resident_memory_bytes") > 1e6
    assert plain.value("imagechat_notices_lag_seconds") < 60
    assert plain.value("imagechat_data_free_bytes") > 0
    assert {each.documentation for each in plain.families.values()} & {"", None} == set()


async def flood(node: RunningNode, chance: random.Random) -> None:
    """Ask for what nobody should, with words of one's own wherever there is place for some."""
    words = [f"MARKED{number}" for number in range(40)]
    async with node.client() as client:
        for word in words:
            method = chance.choice(["GET", "POST", "DELETE", "PATCH", "PROPFIND", "TRACE", "LOCK"])
            path = chance.choice(
                [f"/{word}", f"/comments/{word}", f"{CHATS}/{word}", f"/comments/{word}/{word}/text", f"/sub/{word}"]
            )
            marks = {"accept": word, "origin": f"https://{word}.example", "authorization": f"Bearer {word}"}
            await client.request(method, path, params={"urlId": word, word: word}, headers=marks, json={word: word})
    for number, word in enumerate(words[:10]):
        place = {"urlIdWS": word, "userIdWS": word, "tenantIdWS": word}
        async with open_live(live_url(node, place)) as connection:
            await connection.close(3000 + number, word)


async def test_no_label_holds_what_somebody_sent(shared_node: RunningNode, person: Person) -> None:
    secret_picture = fresh("MARKED-picture")
    await person.mark(secret_picture, pageTitle="MARKED title")
    await flood(shared_node, random.Random(6))
    async with shared_node.client() as client:
        text = (await client.get("/metrics", headers={"accept": OPENMETRICS})).text
        paths = (await client.get("/openapi.json")).json()["paths"]
    page = await scraped_until(shared_node, lambda page: page.labels("route") >= {UNKNOWN_ROUTE})
    assert "MARKED" not in text
    assert TENANT not in {value for _, pairs in page.samples for _, value in pairs}
    known = {
        "method": METHODS | {OTHER_METHOD},
        "route": {*paths, UNKNOWN_ROUTE, PREFLIGHT, "/metrics", "/openapi.json", "/docs"},
        "status": {f"{first}xx" for first in range(1, 6)},
        "reason": {*CATCH_UPS, OTHER},
        "what": {*MESSAGES, OTHER},
        "code": {*CODES, *CLOSES, OTHER},
        "outcome": {*HANDSHAKES, *JOINS, *COMMANDS, OTHER},
        "version": {__version__},
        "database": {"sqlite"},
    }
    for label, values in known.items():
        assert page.labels(label) <= values, label
    assert {name for _, pairs in page.samples for name, _ in pairs} == {*known, "le", "python"}
    assert OTHER_METHOD in page.labels("method")


async def test_a_page_is_made_once_a_second_however_many_ask(shared_node: RunningNode) -> None:
    async with shared_node.client() as client:
        answers = await asyncio.gather(*(client.get("/metrics") for _ in range(20)))
    assert len({answer.text for answer in answers}) <= 2


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    environment = {"IMAGECHAT_METRICS_TOKEN": "a-token-of-chance-1"}
    with RunningNode(tmp_path_factory.mktemp("guarded"), environment=environment) as node:
        yield node


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Bearer a-token-of-chance-1", 200),
        ("bearer a-token-of-chance-1", 200),
        ("Bearer a-token-of-chance-2", 401),
        ("Basic a-token-of-chance-1", 401),
        ("a-token-of-chance-1", 401),
        ("Bearer \xff", 401),
        ("", 401),
    ],
)
def test_with_a_token_only_who_has_it_sees_the_metrics(guarded: RunningNode, header: str, status: int) -> None:
    raw = [(b"authorization", header.encode("latin-1"))] if header else []
    answer = httpx.get(f"{guarded.url}/metrics", headers=raw, verify=TRUSTED)
    assert answer.status_code == status
    assert ("imagechat_build_info" in answer.text) is (status == 200)


def test_metrics_can_be_switched_off(tmp_path: Path) -> None:
    with RunningNode(tmp_path, environment={"IMAGECHAT_METRICS": "off"}) as node:
        assert httpx.get(f"{node.url}/metrics", verify=TRUSTED).status_code == 404


def test_a_token_that_can_be_guessed_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="IMAGECHAT_METRICS_TOKEN is too short") as refused:
        load_settings({"IMAGECHAT_METRICS_TOKEN": "short"})
    assert "'short'" not in str(refused.value)
