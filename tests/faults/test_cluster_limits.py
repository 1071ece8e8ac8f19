"""Limits hold over nodes, and so does what is known of texts that repeat: to go from node to node gains nothing."""

import json
from collections.abc import Iterator

import httpx
import pytest
from deploy.local.nats import NatsServer
from deploy.local.postgres import PostgresServer

from clustered import NodeSet, comes, new_database
from running import TRUSTED, RunningNode
from visiting import fresh

MARKERS_A_MINUTE = 30
"""Of a session."""


@pytest.fixture(scope="module")
def nodes(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeSet]:
    directory = tmp_path_factory.mktemp("limits")
    with (
        new_database(postgres) as url,
        NatsServer(directory) as nats,
        NodeSet(directory, url, [nats.url] * 2, environment={"IMAGECHAT_LIMITS": "on"}) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def chats(nodes: NodeSet) -> str:
    """A tenant with the limits that every tenant has."""
    name = json.loads(nodes.nodes[0].run("tenant", "create", "strict", "--json"))["tenantId"]
    return f"/comment-image-chats/{name}"


class Visitor:
    """Somebody who puts markers, with one session on all nodes."""

    def __init__(self, chats: str, node: RunningNode) -> None:
        self._chats = chats
        self._session = httpx.get(node.url + chats, params={"urlId": "p"}, verify=TRUSTED).json()["user"]["sessionId"]

    def mark(self, node: RunningNode, text: str | None = None) -> httpx.Response:
        body = {"urlId": "p", "broadcastId": fresh("b"), "x": 1, "y": 1}
        said = {} if text is None else {"comment": {"comment": text, "commenterName": "Ann"}}
        return httpx.post(
            node.url + self._chats,
            json=body | said,
            headers={"Authorization": f"Bearer {self._session}"},
            timeout=30,
            verify=TRUSTED,
        )


async def test_what_was_spent_on_one_node_is_spent_on_another(nodes: NodeSet, chats: str) -> None:
    one, two = nodes.nodes
    visitor = Visitor(chats, one)
    while visitor.mark(one).status_code == 200:
        pass
    passed = 0

    async def is_limited() -> bool:
        nonlocal passed
        answer = visitor.mark(two)
        passed += answer.status_code == 200
        return answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0

    await comes(is_limited)
    assert passed < MARKERS_A_MINUTE / 2  # those that it may have before the first has told what was spent


async def test_the_same_text_by_way_of_another_node_waits_for_a_moderator(nodes: NodeSet, chats: str) -> None:
    one, two = nodes.nodes

    async def is_held() -> bool:
        """Say something new on one node, and then on the other, which may not have heard of it yet."""
        visitor, text = Visitor(chats, one), f"Buy this at once, and number {fresh('text')} too"
        assert "held" not in visitor.mark(one, text).json()
        return visitor.mark(two, text).json().get("held", False) is True

    await comes(is_held)
