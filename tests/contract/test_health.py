"""What the operator is told of a node's health, over REST."""

import httpx
import pytest

from dashboards import operator_in
from filling import give_room
from running import TENANT, TRUSTED, RunningNode
from visiting import CHATS, Visiting, error_in, fresh

HEALTH = "/api/v1/health"

pytestmark = pytest.mark.usefixtures("server")


@pytest.fixture
def client(visiting: Visiting) -> httpx.Client:
    return visiting.somebody().client


def test_the_operator_sees_what_the_doctor_finds(client: httpx.Client, shared_node: RunningNode) -> None:
    body = operator_in(client, shared_node).call("GET", HEALTH)
    states = {finding["name"]: finding["state"] for finding in body["findings"]}
    assert states.keys() >= {"address", "database", "schema", "clock", "disk", "bus", "open files", "python"}
    assert "integrity" not in states  # it would read all of the file
    assert "bad" not in states.values()
    for finding in body["findings"]:
        assert (finding["advice"] is None) == (finding["state"] == "good")
    assert body["node"].keys() >= {"version", "startedAt", "database", "bus"}
    assert str(shared_node.data) in body["node"]["dataDirectory"]


def test_AUTH1_nobody_else_is_told(client: httpx.Client, visiting: Visiting, shared_node: RunningNode) -> None:
    visitor = visiting.somebody()
    visitor.snapshot("p")
    assert error_in(client.get(HEALTH)) == "unauthorized"
    assert visitor.refused("GET", HEALTH) == "forbidden"
    assert operator_in(client, shared_node, TENANT).refused("GET", HEALTH) == "forbidden"


def test_a_disk_without_room_is_the_first_thing_that_is_told(node: RunningNode) -> None:
    with httpx.Client(base_url=node.url, timeout=30, verify=TRUSTED) as client:
        chief = operator_in(client, node)
        give_room(node, 1)
        answer = client.post(CHATS, json={"urlId": "p", "broadcastId": fresh("b"), "x": 1, "y": 1})
        assert error_in(answer) == "storage-full"
        [first, *_] = chief.call("GET", HEALTH)["findings"]
        assert (first["name"], first["state"]) == ("storage", "bad")
        give_room(node)
