"""A real node's log: what it says of requests, that nothing secret is in it, and that nobody depends on it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from live_clients import Person, close_code, live_url, open_live
from live_fakes import until
from operating import Operator
from running import STARTED_WITHIN, TENANT, TRUSTED, RunningNode
from signing import TenantServer
from visiting import CHATS, COMMENTS, fresh

MARK = "SECRETWORD"


@pytest.fixture
def talkative(tmp_path: Path) -> Iterator[RunningNode]:
    environment = {"IMAGECHAT_LOG_FORMAT": "json", "IMAGECHAT_LOG_REQUESTS": "all"}
    with RunningNode(tmp_path / "data", environment=environment) as node:
        yield node


def logged(node: RunningNode) -> list[dict[str, Any]]:
    """Return the lines of a node that are of its log; the others are its greeting."""
    return [json.loads(line) for line in node.output if line.startswith("{")]


def requests(node: RunningNode) -> list[dict[str, Any]]:
    return [line for line in logged(node) if line["logger"] == "imagechat.requests"]


async def test_each_request_is_a_line_with_what_became_of_it(talkative: RunningNode) -> None:
    async with talkative.client() as client:
        await client.get(CHATS, params={"urlId": "p"})
        await client.post(CHATS, json={"urlId": "p"})
        await client.get("/elsewhere")
    await until(lambda: len(requests(talkative)) == 3)
    found = [(each["method"], each["path"], each["status"], each.get("code")) for each in requests(talkative)]
    assert found == [
        ("GET", CHATS, 200, None),
        ("POST", CHATS, 400, "invalid-body"),
        ("GET", "/elsewhere", 404, "not-found"),
    ]
    assert requests(talkative)[0]["tenant"] == TENANT
    assert all(each["ms"] > 0 for each in requests(talkative))


async def flood(node: RunningNode, server: TenantServer) -> int:
    """Put a marked word wherever a caller can put one that is nobody else's business; return how many were asked."""
    word = f"{MARK}-{fresh('w')}"
    headers = {
        "authorization": f"Bearer {word}",
        "cookie": f"imagechat_session={word}",
        "origin": f"https://{word}.example",
        "referer": f"https://page.example/?{word}",
        "user-agent": word,
        "x-forwarded-for": word,
        "accept": word,
        "x-api-key": word,
    }
    sso = {"user": server.sso(word, username=word), "plain": json.dumps({"username": word}), "jwt": f"{word}.b.c"}
    asked = 0
    async with node.client() as client:
        for name, value in headers.items():
            await client.get(CHATS, params={"urlId": word}, headers={name: value})
            await client.post(CHATS, json={"urlId": word, "broadcastId": word, "x": 1, "y": 2}, headers={name: value})
            asked += 2
        for value in sso.values():
            for method, path in (("GET", CHATS), ("POST", CHATS), ("GET", COMMENTS), ("GET", "/nowhere")):
                await client.request(
                    method, path, params={"sso": value, "sessionId": word, "API_KEY": word, "urlId": word}
                )
                asked += 1
        person = Person(client)
        marked = await person.mark(word, pageTitle=word, src=word, comment={"comment": word, "commenterName": word})
        await person.comment(marked["conversation"]["urlId"], word)
        entrance = await person.enter(word)
        for body in (b"{" + word.encode(), word.encode() * 9_000, json.dumps({"comment": {"comment": word}}).encode()):
            await client.post(CHATS, content=body, headers={"content-type": "application/json"})
        asked += 6
    for more in ({"userIdWS": word}, {"tenantIdWS": word}, {"seq": word}, {"epoch": word, "seq": "1"}, {word: word}):
        async with open_live(live_url(node, entrance, **more), additional_headers={"x-a": word}) as connection:
            with suppress(ConnectionClosed):
                await connection.send(json.dumps({word: word}))
                await connection.close(3333, word)
            await close_code(connection)
    return asked


@pytest.mark.parametrize("form", ["json", "text"])
async def test_nothing_that_callers_send_beside_the_path_is_in_the_log(tmp_path: Path, form: str) -> None:
    environment = {"IMAGECHAT_LOG_FORMAT": form, "IMAGECHAT_LOG_REQUESTS": "all"}
    with RunningNode(tmp_path / "data", environment=environment) as node:
        asked = await flood(node, Operator(node).rotate())
        assert node.stop() == 0
        assert sum("imagechat.requests" in line for line in node.output) == asked
        assert MARK not in "".join(node.output)


def test_a_node_whose_log_nobody_reads_goes_on_and_stops(tmp_path: Path) -> None:
    node = RunningNode(tmp_path / "data", environment={"IMAGECHAT_LOG_REQUESTS": "all"})
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "imagechat.cli", "serve", "--port", str(node.port), "--data", str(node.data)]
    process = subprocess.Popen(
        command, env=os.environ | node.environment, stderr=writing, stdout=subprocess.PIPE, text=True
    )
    os.close(writing)
    try:
        assert process.stdout is not None
        assert process.stdout.readline()
        with httpx.Client(base_url=node.url, timeout=STARTED_WITHIN, verify=TRUSTED) as client:
            for number in range(1_500):  # a pipe holds 64 KB; from then on its writer stands still
                assert client.get(f"/nothing/{number}").status_code == 404
            os.close(reading)  # and now it is broken
            for _ in range(10):
                assert client.get("/healthz").status_code == 200
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
