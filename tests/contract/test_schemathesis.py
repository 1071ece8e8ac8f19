"""The OpenAPI description and the node agree, whoever calls: no fault, and no answer that was not promised.

Schemathesis makes the requests, right ones and wrong ones, from the description that a running node gives out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboards import operator_in
from imagechat.model.principal import Role
from making import person
from running import TENANT, TRUSTED, RunningNode
from signing import TenantServer
from visiting import CHATS, Visitor, fresh, tokens_of

CHECKS: Any = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CALLERS = ["nobody", "anonymous", "member", "moderator", "admin", "operator", "forged"]
LAST = {
    "DELETE /sessions/{tenant_id}",
    "DELETE /dashboard/session",
    "PATCH /api/v1/tenants/{tenant_id}",
    "POST /api/v1/tenants/{tenant_id}/keys",
}
"""Calls after which nothing else might go through."""
EXAMPLES = 8
"""For each operation and caller; one in three of them is wrong on purpose."""


@dataclass
class Target:
    """A node, its description, and what is there to be named."""

    node: RunningNode
    operations: list[Any]
    sessions: dict[str, str | None]
    tickets: dict[str, str]
    known: dict[str, list[str]]

    def headers(self, caller: str) -> dict[str, str]:
        session = self.sessions[caller]
        return {} if session is None else {"Authorization": f"Bearer {session}"}


@pytest.fixture(scope="module")
def target(shared_node: RunningNode, server: TenantServer) -> Iterator[Target]:
    description = httpx.get(f"{shared_node.url}/openapi.json", verify=TRUSTED).json()
    schema = schemathesis.openapi.from_dict(description)
    found: list[Any] = list(schema.get_all_operations())
    operations = [each.ok() for each in found]
    with httpx.Client(base_url=shared_node.url, timeout=30, verify=TRUSTED) as client:
        people: dict[str, Visitor] = {name: Visitor(client) for name in CALLERS}
        claims: dict[str, dict[str, Any]] = {
            "member": {},
            "moderator": {"isModerator": True},
            "admin": {"isAdmin": True},
        }
        tickets = {"nobody": "none", "forged": "forged"}
        for name in ("anonymous", *claims):
            params = {"urlId": "p"} | ({"sso": server.sso(name, **claims[name])} if name in claims else {})
            tickets[name] = people[name].call("GET", CHATS, params=params)["userIdWS"]
        people["operator"] = operator_in(client, shared_node)
        tickets["operator"] = people["operator"].call("GET", CHATS, params={"urlId": "p"})["userIdWS"]
        people["forged"].session = tokens_of(shared_node).session(person("mo", role=Role.ADMIN))[:-1] + "!"
        made = [
            people[name].pin("p", comment={"comment": "hello"}) for name in ("anonymous", *claims) for _ in range(9)
        ]
        known = {
            "chat_id": [each["createdChatId"] for each in made],
            "comment_id": [each["comment"]["_id"] for each in made],
            "urlId": ["p", *(each["conversation"]["urlId"] for each in made)],
        }
        yield Target(shared_node, operations, {name: who.session for name, who in people.items()}, tickets, known)


def test_the_description_has_every_call_that_a_tenant_has(target: Target) -> None:
    labels = {operation.label for operation in target.operations}
    assert len(labels) > 20
    assert {f"GET {CHATS.replace(TENANT, '{tenant_id}')}", "GET /moderation/{tenant_id}/audit"} <= labels


@pytest.mark.parametrize("caller", CALLERS)
def test_AUTH1_no_call_is_a_fault_and_every_answer_was_promised(target: Target, caller: str) -> None:
    with requests.Session() as session:
        # whoever ends its own session has none for the calls after it
        for operation in sorted(target.operations, key=lambda each: each.label in LAST):
            probe(target, caller, operation, session)
    assert "Traceback" not in "".join(target.node.output)
    assert httpx.get(f"{target.node.url}/readyz", verify=TRUSTED).status_code == 200


def probe(target: Target, caller: str, operation: Any, session: requests.Session) -> None:
    """Call an operation with what the description allows and with what it does not, often on things that are there."""
    right, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
    @given(case=st.one_of(right, right, wrong), data=st.data())
    def run(case: Any, data: st.DataObject) -> None:
        aim(target, caller, case, data)
        answer = case.call(base_url=target.node.url, session=session, headers=target.headers(caller))
        case.validate_response(answer, checks=CHECKS)

    run()


def aim(target: Target, caller: str, case: Any, data: st.DataObject) -> None:
    """Name the tenant, and mostly things that are there, where the request would name nothing else."""
    there = target.known | {"tenant_id": [TENANT], "userIdWS": [target.tickets[caller]], "broadcastId": [fresh("b")]}
    for fields in (case.path_parameters, case.query):
        for name in sorted(fields or {}):
            if name in there and (name == "tenant_id" or data.draw(st.integers(0, 3))):
                fields[name] = data.draw(st.sampled_from(there[name]))
