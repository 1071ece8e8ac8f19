"""Which pages may call, on every path and on the handshake, and what a page of another site can learn: nothing."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from live_clients import live_url, next_message, open_live, rest_of
from operating import Operator
from running import TRUSTED, RunningNode
from signing import TenantServer
from visiting import Visiting, Visitor, error_in, fresh

ALLOWED = ["https://example.com", "http://EXAMPLE.com", "https://app.example.com", "http://localhost:3000"]
FOREIGN = [
    "https://evil.example",
    "https://example.com.evil.org",
    "https://evilexample.com",
    "https://a.b.example.com",
    "https://example.com:8443",
    "https://example.com@evil.org",
    "http://localhost:3001",
    "null",
    "",
    "https://example.com, https://evil.example",
]
WORDS = "what only this tenant's pages may read"


@pytest.fixture(scope="module")
def site(operator: Operator) -> TenantServer:
    """A tenant with domains, and something on the picture `p`."""
    return operator.tenant("site", domains=["example.com", "*.example.com", "localhost:3000"])


@pytest.fixture(scope="module")
def calls(shared_node: RunningNode) -> list[tuple[str, str]]:
    """Every method and path that begins with a family and a tenant, as the description tells."""
    paths: dict[str, dict[str, Any]] = httpx.get(f"{shared_node.url}/openapi.json", verify=TRUSTED).json()["paths"]
    found = [
        (method.upper(), path.replace("{tenant_id}", "site").replace("{", "").replace("}", ""))
        for path, methods in paths.items()
        if "{tenant_id}" in path and not path.startswith("/api/")
        for method in methods
    ]
    assert len(found) > 15
    return found


@pytest.fixture
def author(visiting: Visiting, site: TenantServer) -> Visitor:
    """Somebody who has put the secret on a picture."""
    who = visiting.somebody()
    body = {"urlId": "p", "broadcastId": fresh("b"), "x": 1, "y": 1, "comment": {"comment": WORDS}}
    who.call("POST", site.chats, json=body)
    return who


def assert_tells_nothing(answer: httpx.Response, origin: str) -> None:
    """A refusal may be read, and says what is wrong; nothing is in it that only a page of the tenant may know."""
    assert answer.json()["code"] == "origin-not-allowed", answer.request.url
    assert answer.status_code == 403
    assert set(answer.json()) == {"status", "reason", "code", "message"}
    if "//" not in answer.request.url.path:  # else no page can read it at all
        assert answer.headers["access-control-allow-origin"] == origin
        assert "origin" in answer.headers["vary"].lower()
    assert "set-cookie" not in answer.headers
    assert "access-control-allow-credentials" not in answer.headers
    assert WORDS not in answer.text


@pytest.mark.parametrize("origin", FOREIGN)
def test_AUTH1_every_call_of_a_foreign_page_is_refused_and_has_no_effect(
    visiting: Visiting, site: TenantServer, calls: list[tuple[str, str]], author: Visitor, origin: str
) -> None:
    before = author.call("GET", site.chats, params={"urlId": "p"})
    once = {"urlId": "p", "broadcastId": fresh("b")}
    for method, path in calls:
        body = (
            once
            | {"ids": ["c"], "reviewed": True, "readUpTo": {}, "voteDir": "up", "emoji": "👍"}
            | ({"comment": "hello"} if path.startswith(site.comments) else {"x": 1, "y": 1})
        )
        params = once | {"userIdWS": before["userIdWS"], "startTime": 0}
        for who in (author, visiting.somebody()):
            answer = who.send(method, path, params=params, json=body, headers={"Origin": origin})
            assert_tells_nothing(answer, origin)
            assert error_in(answer) == "origin-not-allowed"
    assert author.call("GET", site.chats, params={"urlId": "p"})["seq"] == before["seq"]


@pytest.mark.parametrize("spelling", ["/{}//{}", "//{}/{}", "///{}//{}//", "/{}/{}/", "/%63omment-image-chats/{1}"])
def test_AUTH1_no_spelling_of_a_path_goes_around_the_check(
    shared_node: RunningNode, site: TenantServer, spelling: str
) -> None:
    path = spelling.format("comment-image-chats", site.tenant_id)
    form = {"Origin": "https://evil.example", "Content-Type": "text/plain"}  # what a form of any page can send
    body = json.dumps({"urlId": "spelt", "broadcastId": fresh("b"), "x": 1, "y": 1})
    target = httpx.URL(shared_node.url).copy_with(raw_path=path.encode())
    asked = target.copy_with(raw_path=path.encode() + b"?urlId=spelt")
    for answer in (
        httpx.post(target, headers=form, content=body, verify=TRUSTED),
        httpx.get(asked, headers=form, verify=TRUSTED),
    ):
        assert_tells_nothing(answer, "https://evil.example")
    clean = httpx.get(shared_node.url + site.chats, params={"urlId": "spelt"}, verify=TRUSTED).json()
    assert clean["conversations"] == []


@pytest.mark.parametrize("origin", ALLOWED)
def test_every_call_of_a_page_of_the_tenant_is_let_through(
    visiting: Visiting, calls: list[tuple[str, str]], origin: str
) -> None:
    for method, path in calls:
        answer = visiting.somebody().send(method, path, params={"urlId": "q"}, headers={"Origin": origin})
        assert answer.headers["access-control-allow-origin"] == origin
        assert "origin" in answer.headers["vary"].lower()
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.status_code == 200 or answer.json()["code"] != "origin-not-allowed", (method, path)


def test_what_browsers_ask_beforehand_is_granted_without_looking_at_anything(
    visiting: Visiting, calls: list[tuple[str, str]]
) -> None:
    for origin in (*ALLOWED, *FOREIGN):
        for method, path in calls:
            asked = {"Origin": origin, "Access-Control-Request-Method": method}
            answer = visiting.somebody().send("OPTIONS", path, headers=asked)
            assert (answer.status_code, answer.content) == (204, b"")
            assert answer.headers["access-control-allow-origin"] == origin
            assert method in answer.headers["access-control-allow-methods"]
            assert "authorization" in answer.headers["access-control-allow-headers"].lower()
            assert "access-control-allow-credentials" not in answer.headers


def test_no_page_of_another_site_is_told_what_the_dashboard_reads(visiting: Visiting, shared_node: RunningNode) -> None:
    paths: dict[str, dict[str, Any]] = httpx.get(f"{shared_node.url}/openapi.json", verify=TRUSTED).json()["paths"]
    found = [(path, methods) for path, methods in paths.items() if path.startswith(("/api/", "/dashboard/"))]
    assert len(found) > 10
    for path, methods in found:
        for method in methods:
            asked = {"Origin": "https://example.com", "Access-Control-Request-Method": method.upper()}
            for sent in (method, "OPTIONS"):
                answer = visiting.somebody().send(sent.upper(), path.replace("{tenant_id}", "site"), headers=asked)
                assert "access-control-allow-origin" not in answer.headers, (sent, path)


def test_the_servers_own_pages_may_use_any_tenant(visiting: Visiting, operator: Operator) -> None:
    closed = operator.tenant("no-pages")
    own = visiting.node.url
    answer = visiting.somebody().send("GET", closed.chats, params={"urlId": "p"}, headers={"Origin": own})
    assert answer.status_code == 200
    for origin, host in ((own.replace("http:", "https:"), None), (own, "elsewhere.example"), (own, "")):
        headers = {"Origin": origin} | ({} if host is None else {"Host": host})
        answer = visiting.somebody().send("GET", closed.chats, params={"urlId": "p"}, headers=headers)
        assert_tells_nothing(answer, origin)


def test_AUTH1_a_proxys_word_for_the_scheme_counts_only_if_it_is_named(
    visiting: Visiting, operator: Operator, behind: RunningNode
) -> None:
    closed = operator.tenant("behind")
    forwarded = {"X-Forwarded-Proto": "https", "Host": "chat.example", "Origin": "https://chat.example"}
    answer = visiting.somebody().send("GET", closed.chats, params={"urlId": "p"}, headers=forwarded)
    assert_tells_nothing(answer, "https://chat.example")
    Operator(behind).tenant("behind")
    address = f"{behind.url}{closed.chats}?urlId=p"
    assert httpx.get(address, headers=forwarded, verify=TRUSTED).status_code == 200
    plain = forwarded | {"Origin": "http://chat.example"}
    assert_tells_nothing(httpx.get(address, headers=plain, verify=TRUSTED), "http://chat.example")


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[RunningNode]:
    """A node that believes this machine's proxies."""
    with RunningNode(tmp_path / "data", environment={"IMAGECHAT_TRUSTED_PROXIES": "127.0.0.1"}) as running:
        yield running


@pytest.mark.parametrize(
    ("headers", "counts"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "own"}, True),
        ({"Origin": "own", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Origin": "https://example.com"}, False),
        ({"Origin": "https://example.com", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "own", "Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_AUTH1_a_cookie_from_another_sites_page_never_counts(
    visiting: Visiting, site: TenantServer, author: Visitor, headers: dict[str, str], *, counts: bool
) -> None:
    given = {"Cookie": f"imagechat_session={author.session}"} | headers
    if headers.get("Origin") == "own":
        given["Origin"] = visiting.node.url
    body = {"urlId": fresh("p"), "broadcastId": fresh("b"), "x": 1, "y": 1}
    for method, more in (("GET", {"params": {"urlId": "p"}}), ("POST", {"json": body})):
        answer = visiting.somebody().send(method, site.chats, headers=given, **more)
        if counts:
            assert answer.json()["user"]["id"] == author.id
        else:
            assert error_in(answer) == "forbidden"
            assert WORDS not in answer.text


def test_a_token_beside_a_foreign_cookie_is_what_counts(site: TenantServer, author: Visitor) -> None:
    headers = {"Cookie": "imagechat_session=forged", "Sec-Fetch-Site": "cross-site", "Origin": "https://example.com"}
    assert author.call("GET", site.chats, params={"urlId": "p"}, headers=headers)["user"]["id"] == author.id


# -- the live channel


@pytest.fixture
async def entrance(shared_node: RunningNode, site: TenantServer) -> AsyncIterator[dict[str, Any]]:
    async with shared_node.client() as http:
        yield (await http.get(site.chats, params={"urlId": fresh("p")})).json()


@pytest.mark.parametrize("origin", [*ALLOWED, None, "own"])
@pytest.mark.parametrize("v1", [True, False])
async def test_a_page_of_the_tenant_and_a_program_with_a_ticket_may_follow(
    shared_node: RunningNode, entrance: dict[str, Any], origin: str | None, *, v1: bool
) -> None:
    given: Any = shared_node.url if origin == "own" else origin
    async with open_live(live_url(shared_node, entrance), v1=v1, origin=given) as connection:
        assert (await next_message(connection))["type"] == "hello" if v1 else await connection.ping()


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("v1", [True, False])
async def test_AUTH1_a_foreign_page_with_a_ticket_gets_4403_and_not_a_byte(
    shared_node: RunningNode, entrance: dict[str, Any], origin: str, *, v1: bool
) -> None:
    more: Any = {"additional_headers": {"Origin": origin}}
    for position in ({}, {"epoch": entrance["epoch"], "seq": 0}):
        async with open_live(live_url(shared_node, entrance, **position), v1=v1, **more) as connection:
            assert (await rest_of(connection), connection.close_code) == ([], 4403)
