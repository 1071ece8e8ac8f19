"""The event log, presence, health and the descriptions over REST, against a real node."""

import json
from contextlib import AsyncExitStack

from documents import SPEC, code_words, section, tables
from housing import House
from imagechat.model.principal import Role
from imagechat.wiring import milliseconds
from live_clients import next_message
from making import person
from running import TENANT
from visiting import Visiting, Visitor, tokens_of

LOG = "/event-log/demo"


def test_ECHO1_the_log_has_every_event_with_its_broadcastid(ann: Visitor, picture: str) -> None:
    made = ann.pin(picture, broadcastId="pinned-here")
    ann.write(made["conversation"]["urlId"])
    log = ann.log(picture)
    events = [json.loads(entry["data"]) for entry in log["events"]]
    assert [(event["type"], event["seq"]) for event in events] == [("new-image-chat", 1), ("new-comment", 2)]
    assert events[0]["conversation"] == made["conversation"]
    assert log["events"][0]["broadcastId"] == events[0]["broadcastId"] == "pinned-here"
    assert events[0]["userId"] == ann.id
    assert len({entry["_id"] for entry in log["events"]}) == 2


def test_the_log_of_a_urlid_and_of_its_urlidws_is_the_same(ann: Visitor, picture: str) -> None:
    ann.pin(picture)
    entrance = ann.snapshot(picture)
    by_wire_id = ann.log(picture, urlId=entrance["urlIdWS"])
    assert [entry["data"] for entry in by_wire_id["events"]] == [entry["data"] for entry in ann.log(picture)["events"]]


def test_the_log_is_cut_by_time_with_both_ends(ann: Visitor, picture: str) -> None:
    times = [ann.pin(picture)["timestamp"] for _ in range(4)]
    found = ann.log(picture, startTime=times[1], endTime=times[2])["events"]
    assert [json.loads(entry["data"])["timestamp"] for entry in found] == times[1:3]
    assert ann.log(picture, startTime=times[3] + 1)["events"] == []


def test_the_log_is_taken_200_events_a_page(ann: Visitor, picture: str) -> None:
    for _ in range(401):
        ann.pin(picture)
    seqs: list[int] = []
    given: dict[str, int] = {}
    while True:
        page = ann.log(picture, **given)
        seqs += [json.loads(entry["data"])["seq"] for entry in page["events"]]
        assert len(page["events"]) <= 200
        if page["nextSeq"] is None:
            break
        given = {"sinceSeq": page["nextSeq"]}
    assert seqs == list(range(1, 402))


def test_AUTH1_the_log_needs_a_ticket_of_its_tenant(ann: Visitor, picture: str) -> None:
    entrance = ann.snapshot(picture)
    for ticket in ("", "forged", entrance["user"]["sessionId"], entrance["userIdWS"][:-2]):
        params = {"urlId": picture, "userIdWS": ticket, "startTime": 0}
        assert ann.refused("GET", LOG, params=params) == "unauthorized"


def test_the_log_needs_a_beginning(ann: Visitor, picture: str) -> None:
    params = {"urlId": picture, "userIdWS": ann.snapshot(picture)["userIdWS"]}
    assert ann.refused("GET", LOG, params=params) == "invalid-body"
    assert ann.call("GET", LOG, params=params | {"sinceSeq": 0})["events"] == []


def test_nobody_is_online_where_nobody_is_connected(ann: Visitor, picture: str) -> None:
    online = ann.call("GET", "/pages/demo/users/online", params={"urlId": picture})
    assert (online["users"], online["totalCount"], online["anonCount"]) == ([], 0, 0)


def test_a_node_tells_that_it_is_alive_and_ready(ann: Visitor) -> None:
    for path, status in (("/healthz", "ok"), ("/readyz", "ready")):
        answer = ann.send("GET", path)
        assert (answer.status_code, answer.json()["status"]) == (200, status)


def test_every_call_of_the_wires_document_is_in_the_openapi_description_and_the_other_way_round(ann: Visitor) -> None:
    described = {
        (method.upper(), path.replace("_id}", "Id}"))
        for path, methods in ann.send("GET", "/openapi.json").json()["paths"].items()
        for method in methods
    }
    rows = [row for table in tables(section(SPEC, "REST")) for row in table]
    words = [word for row in rows for word in code_words(row[0]) if " /" in word]
    calls = {(word.split(" ")[0], word.split(" ")[1].partition("?")[0]) for word in words}
    assert calls - described == {("GET", "/openapi.json"), ("GET", "/docs"), ("GET", "/metrics")}
    assert described <= calls


def test_every_parameter_of_the_wires_document_is_in_the_openapi_description(ann: Visitor) -> None:
    paths = ann.send("GET", "/openapi.json").json()["paths"]
    for row in tables(section(SPEC, "REST"))[0]:
        for call in code_words(row[0]):
            method, _, address = call.partition(" ")
            path, _, query = address.partition("?")
            operation = paths.get(path.replace("Id}", "_id}"), {}).get(method.lower(), {"parameters": []})
            known = {parameter["name"] for parameter in operation.get("parameters", [])}
            assert {name.rstrip("=") for name in query.split("&") if name} <= known, call


def test_the_readable_description_names_every_path(ann: Visitor) -> None:
    page = ann.send("GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src" not in page.headers["content-security-policy"]
    for path in ann.send("GET", "/openapi.json").json()["paths"]:
        assert path in page.text


async def test_who_is_there_is_listed_with_names_and_pictures_in_pages(
    house: House, visiting: Visiting, ann: Visitor, picture: str
) -> None:
    avatar = "https://avatars.example/mia.png"
    mia = await house.sign_in("mia", displayName="Mia", avatar=avatar)
    entrances = [await mia.enter(picture), ann.snapshot(picture)]
    for number in range(101):
        who = person(f"crowd-{number}", role=Role.MEMBER, name=f"C{number:03}")
        entrances.append(entrances[0] | {"userIdWS": tokens_of(visiting.node).ticket(who, milliseconds() + 60_000)})
    async with AsyncExitStack() as stack:
        for entrance in entrances:
            connection = await stack.enter_async_context(house.follow(entrance))
            assert (await next_message(connection))["type"] == "hello"
        path, names = f"/pages/{TENANT}/users/online", []
        after: dict[str, str] = {}
        while True:
            page = ann.call("GET", path, params={"urlId": picture} | after)
            assert (page["totalCount"], page["anonCount"]) == (103, 1)
            names += [each["displayName"] for each in page["users"]]
            if page["nextAfterName"] is None:
                break
            assert len(page["users"]) == 100
            after = {"afterName": page["nextAfterName"], "afterUserId": page["nextAfterUserId"]}
        assert names == [*(f"C{number:03}" for number in range(101)), "Mia"]
        assert page["users"][-1] == {"id": "mia", "displayName": "Mia", "avatarSrc": avatar}
