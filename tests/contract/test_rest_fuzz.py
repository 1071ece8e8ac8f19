"""Every field of every endpoint, with anything in it: an answer or a clear error, never a fault of the server."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from running import TENANT, TRUSTED, RunningNode
from visiting import CHATS, COMMENTS, error_in

# every call with the fields of its path, query and body; "~" stands for something that exists
CALLS: list[tuple[str, str, dict[str, Any], dict[str, Any] | None]] = [
    ("GET", CHATS, {"urlId": "~picture", "sso": "", "sessionId": ""}, None),
    (
        "POST",
        CHATS,
        {"sso": "", "sessionId": ""},
        {
            "urlId": "p",
            "broadcastId": "b",
            "x": 1,
            "y": 2,
            "windowUrlId": "w",
            "pageTitle": "t",
            "src": "s",
            "region": {"w": 1, "h": 1},
            "createdFromCommentId": "c",
            "comment": {"comment": "c", "commenterName": "n", "avatarSrc": "https://a", "url": "u"},
        },
    ),
    (
        "PATCH",
        CHATS + "/{id}",
        {},
        {"broadcastId": "b", "x": 1, "y": 2, "resolved": True, "region": {"w": 1, "h": 1}},
    ),
    ("DELETE", CHATS + "/{id}", {}, {"broadcastId": "b"}),
    (
        "GET",
        COMMENTS,
        {
            "urlId": "~thread",
            "page": 0,
            "limit": 10,
            "skip": 0,
            "direction": "OF",
            "parentId": "c",
            "afterCommentId": "c",
            "beforeCommentId": "c",
            "asTree": "true",
            "maxTreeDepth": 1,
        },
        None,
    ),
    (
        "POST",
        COMMENTS,
        {"urlId": "~thread", "broadcastId": "b"},
        {
            "comment": "c",
            "commenterName": "n",
            "url": "u",
            "urlId": "w",
            "parentId": "c",
            "avatarSrc": "https://a",
            "pageTitle": "t",
        },
    ),
    ("POST", COMMENTS + "/{id}/update-text", {"broadcastId": "b"}, {"comment": "c"}),
    ("GET", COMMENTS + "/{id}/text", {}, None),
    ("POST", COMMENTS + "/{id}/vote", {"broadcastId": "b"}, {"voteDir": "up"}),
    ("DELETE", COMMENTS + "/{id}/vote/{id}", {"broadcastId": "b"}, None),
    ("POST", COMMENTS + "/{id}/reactions", {"broadcastId": "b"}, {"emoji": "👍"}),
    ("DELETE", COMMENTS + "/{id}/reactions/{id}", {"broadcastId": "b"}, None),
    ("DELETE", COMMENTS + "/{id}", {"broadcastId": "b"}, None),
    (
        "GET",
        f"/event-log/{TENANT}",
        {"urlId": "~picture", "userIdWS": "~ticket", "startTime": 0, "endTime": 9, "sinceSeq": 0},
        None,
    ),
    ("GET", f"/pages/{TENANT}/users/online", {"urlId": "~picture"}, None),
]

texts = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["", "\x00", "\u202e", "%", "%00", "😀", "a" * 2049, "a" * 65, "null", "-1", "1e999", "9" * 40, "{}", "["]
    ),
    st.integers().map(str),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
    max_leaves=6,
)
numbers = st.floats() | st.integers() | st.sampled_from([0, 100, -0.0, 1e308, 5e-324, 2**63, 2**64, 10**400])

# what a header may hold
visible = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_categories=["Cc"]), min_size=1)


class Fuzzed:
    """A node with something in it, and a client."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        snapshot = client.get(CHATS, params={"urlId": "fuzzed"}).json()
        self.client.headers["Authorization"] = f"Bearer {snapshot['user']['sessionId']}"
        body = {"urlId": "fuzzed", "windowUrlId": "fuzzed-w", "broadcastId": "first", "x": 1, "y": 1}
        made = client.post(CHATS, json=body | {"comment": {"comment": "here"}}).json()
        self.known = {"~picture": "fuzzed", "~thread": "fuzzed-w", "~ticket": snapshot["userIdWS"]}
        self.ids = [made["createdChatId"], made["comment"]["_id"]]


@pytest.fixture(scope="module")
def fuzzed(shared_node: RunningNode) -> Iterator[Fuzzed]:
    with httpx.Client(base_url=shared_node.url, timeout=30, verify=TRUSTED) as client:
        yield Fuzzed(client)


def changed(data: st.DataObject, fields: dict[str, Any], values: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Return some fields with anything in them, or without them."""
    result = dict(fields)
    for name in data.draw(st.lists(st.sampled_from(sorted(fields)), max_size=2, unique=True)) if fields else []:
        if isinstance(fields[name], dict) and data.draw(st.booleans()):
            result[name] = changed(data, fields[name], values)
        elif data.draw(st.integers(0, 5)):
            result[name] = data.draw(numbers if isinstance(fields[name], int | float) else values)
        else:
            del result[name]
    return result


def as_query(data: dict[str, Any], known: dict[str, str]) -> str:
    def written(value: object) -> str:
        return quote(known.get(str(value), str(value)).encode("utf-8", "surrogatepass"), safe="")

    return "&".join(f"{name}={written(value)}" for name, value in data.items())


@pytest.mark.parametrize(
    ("method", "path", "query", "body"), CALLS, ids=lambda value: value if isinstance(value, str) else ""
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_no_input_is_a_fault(
    fuzzed: Fuzzed, method: str, path: str, query: dict[str, Any], body: dict[str, Any] | None, data: st.DataObject
) -> None:
    if "{id}" in path:
        thing = data.draw(st.sampled_from(fuzzed.ids) | texts.filter(bool))
        path = path.replace("{id}", quote(thing.encode("utf-8", "surrogatepass"), safe=""))
    target = f"{path}?{as_query(changed(data, query, texts), fuzzed.known)}"
    content = None
    if body is not None:
        # NaN and Infinity stay as Python writes them: no JSON
        text = json.dumps(changed(data, body, anything), ensure_ascii=data.draw(st.booleans()))
        content = text.encode("utf-8", "surrogatepass")
    answer = fuzzed.client.request(method, target, content=content)
    if answer.status_code != 200:
        assert error_in(answer) not in {"internal", "unavailable"}, (target, content)
    else:
        assert answer.json()["status"] == "success"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | anything.map(lambda value: json.dumps(value).encode()))
def test_no_body_is_a_fault(fuzzed: Fuzzed, body: bytes) -> None:
    answer = fuzzed.client.post(CHATS, content=body)
    assert error_in(answer) == "invalid-body"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=visible)
def test_AUTH1_no_token_is_a_fault(fuzzed: Fuzzed, token: str) -> None:
    plain = httpx.get(
        fuzzed.client.base_url.join(CHATS),
        params={"urlId": "p"},
        headers=[(b"Authorization", b"Bearer " + token.encode("latin-1"))],
        verify=TRUSTED,
    )
    assert error_in(plain) == "unauthorized"


def test_the_node_is_as_well_as_before(fuzzed: Fuzzed, shared_node: RunningNode) -> None:
    assert fuzzed.client.get("/readyz").status_code == 200
    assert fuzzed.client.post(CHATS, json={"urlId": "after", "broadcastId": "after", "x": 1, "y": 1}).status_code == 200
    assert "Traceback" not in "".join(shared_node.output)
