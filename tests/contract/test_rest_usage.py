"""What tenants used, as it is told: in the public API's shape, by day, by picture, by tenant, and as a spreadsheet."""

import csv
import io
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from dashboards import operator_in
from imagechat.model.ids import room_id
from imagechat.model.usage import day_number, today
from imagechat.store import tables
from imagechat.wiring import milliseconds
from operating import Operator
from running import RunningNode
from shapes import check
from signing import TenantServer
from visiting import Visiting, Visitor, fresh

DAILY, USAGE, OVERVIEW = "/api/v1/tenant-daily-usage", "/api/v1/usage", "/api/v1/overview"
NUMBERS = ("messages", "bandwidth", "conversations", "comments", "fetches", "votes", "accounts", "calls", "errors")
DAYS = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 12, 31))


def used(operator: Operator, tenant_id: str, days: list[date], **numbers: int) -> None:
    """Have a tenant use so much on each day."""

    def write(connection: Connection) -> None:
        rows = [{"tenant_id": tenant_id, "day": day_number(day), "created_at": 1} | numbers for day in days]
        connection.execute(insert(tables.usage), rows)

    operator.write(write)


def picture_used(operator: Operator, tenant_id: str, url_id: str, day: date, **numbers: int) -> None:
    def write(connection: Connection) -> None:
        place = {"tenant_id": tenant_id, "day": day_number(day), "room_id": room_id(tenant_id, url_id)}
        connection.execute(insert(tables.picture_usage).values(place | numbers))

    operator.write(write)


@pytest.fixture
def tenant(operator: Operator) -> TenantServer:
    """A tenant of the test's own."""
    made = operator.tenant(fresh("usage"))
    operator.heeded()
    return made


def of(tenant: TenantServer, **more: Any) -> dict[str, Any]:
    return {"tenantId": tenant.tenant_id} | more


def by_key(tenant: TenantServer, **more: Any) -> dict[str, Any]:
    return of(tenant, API_KEY=tenant.api_key, **more)


def signed_in(visiting: Visiting, tenant: TenantServer, **more: Any) -> Visitor:
    who = visiting.somebody()
    who.call("GET", tenant.chats, params={"urlId": "hall", "sso": tenant.sso(fresh("user"), **more)})
    return who


@pytest.fixture
def admin(visiting: Visiting, tenant: TenantServer) -> Visitor:
    return signed_in(visiting, tenant, isAdmin=True)


@pytest.fixture
def boss(visiting: Visiting, shared_node: RunningNode) -> Visitor:
    """Who runs the server, in a browser."""
    return operator_in(visiting.somebody().client, shared_node)


def days_of(answer: dict[str, Any]) -> list[tuple[int, int, int]]:
    return [(used["yearNumber"], used["monthNumber"], used["dayNumber"]) for used in answer["tenantDailyUsages"]]


def test_a_tenants_server_learns_by_key_what_was_used_in_the_public_apis_shape(
    operator: Operator, tenant: TenantServer, visiting: Visiting
) -> None:
    used(operator, tenant.tenant_id, [DAYS[2]], **{name: number for number, name in enumerate(NUMBERS, 1)})
    ask = visiting.somebody()
    answer = ask.call("GET", DAILY, params=by_key(tenant, yearNumber=2024))
    check("GetTenantDailyUsagesResponse", answer)
    [day] = answer["tenantDailyUsages"]
    assert day == {
        "id": f"{tenant.tenant_id}-2024-02-29",
        "tenantId": tenant.tenant_id,
        "yearNumber": 2024,
        "monthNumber": 1,
        "dayNumber": 29,
        "pubSubMessageCount": 1,
        "pubSubBandwidth": 2,
        "conversationCreateCount": 3,
        "commentCreateCount": 4,
        "commentFetchCount": 5,
        "voteCount": 6,
        "accountCreatedCount": 7,
        "apiCreditsUsed": 8,
        "apiErrorCount": 9,
        "userMentionSearch": 0,
        "hashTagSearch": 0,
        "gifSearchTrending": 0,
        "gifSearch": 0,
        "billed": False,
        "ignored": False,
        "createdAt": "1970-01-01T00:00:00.001Z",
    }
    by_header = ask.call("GET", DAILY, params=of(tenant, yearNumber=2024), headers={"x-api-key": tenant.api_key})
    assert by_header == answer


def test_an_admins_session_opens_it_too_and_the_operators(
    operator: Operator, tenant: TenantServer, admin: Visitor, boss: Visitor
) -> None:
    used(operator, tenant.tenant_id, [DAYS[0]], messages=1)
    for who in (admin, boss):
        answer = who.call("GET", DAILY, params=of(tenant, yearNumber=2023))
        assert days_of(answer) == [(2023, 11, 31)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, DAYS),
        ({"yearNumber": 2024}, DAYS[1:]),
        ({"yearNumber": 2024, "monthNumber": 11}, DAYS[3:]),
        ({"monthNumber": 11}, (DAYS[0], DAYS[3])),
        ({"dayNumber": 31}, (DAYS[0], DAYS[3])),
        ({"yearNumber": 2024, "monthNumber": 0, "dayNumber": 1}, (DAYS[1],)),
        ({"yearNumber": 2024, "monthNumber": 1, "dayNumber": 31}, ()),
        ({"yearNumber": 2022}, ()),
        ({"skip": 3}, DAYS[3:]),
        ({"skip": 400}, ()),
    ],
)
def test_days_are_the_oldest_first_and_those_that_fit(
    operator: Operator, tenant: TenantServer, visiting: Visiting, asked: dict[str, int], found: tuple[date, ...]
) -> None:
    used(operator, tenant.tenant_id, [*reversed(DAYS)], messages=1)
    answer = visiting.somebody().call("GET", DAILY, params=by_key(tenant, **asked))
    dates = [date(year, month + 1, day) for year, month, day in days_of(answer)]
    assert [day for day in dates if day.year < 2025] == list(found)  # today's own calls may be there, too


def test_skip_pages_through_all_days(operator: Operator, tenant: TenantServer, visiting: Visiting) -> None:
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(250)]
    used(operator, tenant.tenant_id, days, messages=1)
    found: list[tuple[int, int, int]] = []
    while page := days_of(
        visiting.somebody().call("GET", DAILY, params=by_key(tenant, yearNumber=2024, skip=len(found)))
    ):
        assert len(page) <= 100
        found += page
    assert found == [(day.year, day.month - 1, day.day) for day in days]


@pytest.mark.parametrize(
    "asked",
    [
        {"yearNumber": "MMXXIV"},
        {"yearNumber": 1969},
        {"yearNumber": 10_000},
        {"monthNumber": 12},
        {"monthNumber": -1},
        {"monthNumber": 0.5},
        {"dayNumber": 0},
        {"dayNumber": 32},
        {"skip": -1},
        {"skip": "much"},
        {"skip": 10**20},
    ],
)
def test_what_makes_no_sense_is_refused(visiting: Visiting, tenant: TenantServer, asked: dict[str, Any]) -> None:
    assert visiting.somebody().refused("GET", DAILY, params=by_key(tenant, **asked)) == "invalid-body"


def test_without_a_tenant_there_is_nothing_to_tell(visiting: Visiting, tenant: TenantServer) -> None:
    assert visiting.somebody().refused("GET", DAILY, params={"API_KEY": tenant.api_key}) == "invalid-body"


def test_AUTH1_a_key_opens_its_own_tenant_while_it_is_valid(
    operator: Operator, tenant: TenantServer, visiting: Visiting
) -> None:
    ask, other = visiting.somebody(), operator.tenant(fresh("other"))
    operator.heeded()
    assert ask.refused("GET", DAILY, params=by_key(other) | of(tenant)) == "unauthorized"
    assert ask.refused("GET", DAILY, params=of(tenant), headers={"x-api-key": "wrong"}) == "unauthorized"
    assert ask.refused("GET", DAILY, params=by_key(tenant) | {"tenantId": "nobody-here"}) == "invalid-tenant-id"
    operator.rotate(tenant.tenant_id)
    operator.heeded()
    assert ask.refused("GET", DAILY, params=by_key(tenant)) == "unauthorized"
    operator.switch(other.tenant_id, disabled=True)
    operator.heeded()
    assert ask.refused("GET", DAILY, params=by_key(other)) == "tenant-disabled"


@pytest.mark.parametrize("path", [DAILY, USAGE, OVERVIEW])
def test_AUTH1_only_a_tenants_admins_learn_what_it_uses(
    operator: Operator, visiting: Visiting, tenant: TenantServer, path: str
) -> None:
    other = operator.tenant(fresh("other"))
    operator.heeded()
    for roles in ({}, {"isModerator": True}):
        assert signed_in(visiting, tenant, **roles).refused("GET", path, params=of(tenant)) == "forbidden"
    assert visiting.somebody().refused("GET", path, params=of(tenant)) == "forbidden"
    stranger = signed_in(visiting, other, isAdmin=True)
    assert stranger.refused("GET", path, params=of(tenant)) == "unauthorized"
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert stranger.refused("GET", path, params=of(other), headers=elsewhere) == "origin-not-allowed"


@pytest.mark.parametrize("path", [USAGE, OVERVIEW])
def test_AUTH1_what_is_of_all_tenants_is_the_operators(
    visiting: Visiting, admin: Visitor, boss: Visitor, tenant: TenantServer, shared_node: RunningNode, path: str
) -> None:
    assert admin.refused("GET", path) == "forbidden"
    assert visiting.somebody().refused("GET", path) == "unauthorized"
    only = operator_in(visiting.somebody().client, shared_node, tenant.tenant_id)
    assert only.refused("GET", path) == "forbidden"
    assert only.call("GET", path, params=of(tenant))
    assert boss.call("GET", path)


def test_days_without_use_are_rows_of_zeros_where_a_chart_wants_them(
    operator: Operator, tenant: TenantServer, admin: Visitor
) -> None:
    used(operator, tenant.tenant_id, [DAYS[1], DAYS[2]], messages=2, bandwidth=50, errors=1)
    answer = admin.call("GET", USAGE, params=of(tenant, **{"from": "2023-12-31", "to": "2024-03-01"}))
    rows = {row["day"]: row["messages"] for row in answer["rows"]}
    assert list(rows) == [str(DAYS[0] + timedelta(days=number)) for number in range(62)]
    assert {day: count for day, count in rows.items() if count} == {"2024-01-01": 2, "2024-02-29": 2}
    assert answer["totals"] == dict.fromkeys(NUMBERS, 0) | {"messages": 4, "bandwidth": 100, "errors": 2}
    assert (answer["from"], answer["to"]) == ("2023-12-31", "2024-03-01")


def test_without_days_it_is_the_last_thirty(admin: Visitor, tenant: TenantServer) -> None:
    answer = admin.call("GET", USAGE, params=of(tenant))
    assert len(answer["rows"]) == 30
    assert answer["to"] in {str(today(milliseconds())), str(today(milliseconds()) - timedelta(days=1))}


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "yesterday"},
        {"to": "2024-02-30"},
        {"from": "2024-01-02", "to": "2024-01-01"},
        {"from": "2000-01-01", "to": "2024-01-01"},
        {"to": "0001-01-01"},
        {"by": "hour"},
        {"format": "xls"},
    ],
)
def test_days_that_make_no_sense_are_refused(tenant: TenantServer, admin: Visitor, asked: dict[str, str]) -> None:
    assert admin.refused("GET", USAGE, params=of(tenant, **asked)) == "invalid-body"


def test_pictures_are_told_by_name_those_with_the_most_messages_first(
    operator: Operator, tenant: TenantServer, admin: Visitor
) -> None:
    # of pictures it is known for 400 days, and the node sweeps what is older away while this runs
    first, last = (datetime.now(UTC).date() - timedelta(days=ago) for ago in (3, 2))
    for number, title in enumerate(["=HYPERLINK(1)", "Plan", None], 1):
        body = {"urlId": f"picture-{number}", "broadcastId": fresh("b"), "x": 1, "y": 1, "pageTitle": title}
        admin.call("POST", tenant.chats, json=body)
        for day in (first, last):
            picture_used(operator, tenant.tenant_id, f"picture-{number}", day, messages=number, fetches=7)
    used(operator, tenant.tenant_id, [first], messages=12, calls=5)
    asked = of(tenant, by="picture", **{"from": str(first), "to": str(last)})
    answer = admin.call("GET", USAGE, params=asked)
    assert [(row["urlId"], row["title"], row["messages"], row["fetches"]) for row in answer["rows"]] == [
        ("picture-3", None, 6, 14),
        ("picture-2", "Plan", 4, 14),
        ("picture-1", "=HYPERLINK(1)", 2, 14),
    ]
    assert "calls" not in answer["rows"][0]
    assert answer["totals"]["calls"] == 5
    sheet = admin.send("GET", USAGE, params=asked | {"format": "csv"})
    assert sheet.headers["content-type"].startswith("text/csv")
    assert sheet.headers["content-disposition"].startswith('attachment; filename="usage-')
    lines = list(csv.DictReader(io.StringIO(sheet.text, newline="")))
    assert [line["title"] for line in lines] == ["", "Plan", "'=HYPERLINK(1)"]
    assert [line["messages"] for line in lines] == ["6", "4", "2"]
    assert "\r\n" in sheet.text


def test_the_operator_sees_all_tenants_together_and_each(
    operator: Operator, tenant: TenantServer, boss: Visitor
) -> None:
    other, day = operator.tenant(fresh("other")), date(2021, 1, 1) + timedelta(days=int(tenant.tenant_id[6:]))
    for each, messages in ((tenant, 3), (other, 4)):
        used(operator, each.tenant_id, [day], messages=messages)
    span = {"from": str(day), "to": str(day)}
    [row] = boss.call("GET", USAGE, params=span)["rows"]
    assert (row["day"], row["messages"]) == (str(day), 7)
    rows = boss.call("GET", USAGE, params=span | {"by": "tenant"})["rows"]
    assert {row["tenantId"]: row["messages"] for row in rows} == {tenant.tenant_id: 3, other.tenant_id: 4}
    assert boss.refused("GET", USAGE, params=span | {"by": "picture"}) == "invalid-body"
    sheet = boss.send("GET", USAGE, params=span | {"by": "tenant", "format": "csv"}).text
    assert sheet.splitlines()[0] == "tenantId," + ",".join(NUMBERS)


def test_answers_about_usage_are_kept_by_nobody(admin: Visitor, tenant: TenantServer) -> None:
    for path in (DAILY, USAGE, OVERVIEW):
        answer = admin.send("GET", path, params=of(tenant))
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers


def test_AUTH1_an_overview_is_of_ones_own_tenant(
    operator: Operator, visiting: Visiting, tenant: TenantServer, admin: Visitor, boss: Visitor
) -> None:
    other = operator.tenant(fresh("other"))
    operator.heeded()
    stranger = signed_in(visiting, other, isAdmin=True)
    for _ in range(3):
        body = {"urlId": "picture", "broadcastId": fresh("b"), "x": 1, "y": 1}
        admin.call("POST", tenant.chats, json=body)
    until = time.monotonic() + 20
    while admin.call("GET", OVERVIEW, params=of(tenant))["today"]["conversations"] < 3:
        assert time.monotonic() < until
        time.sleep(0.1)
    mine, theirs, all_of_it = (
        who.call("GET", OVERVIEW, params=asked)
        for who, asked in ((admin, of(tenant)), (stranger, of(other)), (boss, {}))
    )
    assert mine["today"]["accounts"] == theirs["today"]["accounts"] == 1
    assert theirs["today"]["conversations"] == 0
    assert all(point["eventsPerSecond"] == 0 for point in theirs["history"])
    assert any(point["eventsPerSecond"] for point in mine["history"])
    assert all_of_it["today"]["conversations"] >= 3
    assert (mine["nodes"], mine["nodeCount"]) == ([], 1)
    [node] = all_of_it["nodes"]
    assert node["self"] is True
