"""The operator in a browser: links from the command line, and what they are good for."""

import re
from typing import Any

import httpx
from click.testing import CliRunner

from imagechat.cli import main
from running import RunningNode
from visiting import Visitor

SIGN_IN, SESSION, ME = "/dashboard/sign-in", "/dashboard/session", "/api/v1/me"


def run_beside(node: RunningNode, *words: str) -> str:
    """Run a command of the program on a node's data, in this process; it must succeed."""
    done = CliRunner().invoke(main, [*words, "--data", str(node.data)], env=node.environment)
    assert done.exit_code == 0, done.output
    return done.stdout


def new_link(node: RunningNode, *words: str) -> str:
    """Return what stands behind `#link=` in a new link."""
    found = re.fullmatch(r"http://\S+/dashboard#link=(op_\S+)\n", run_beside(node, "dashboard-link", *words))
    assert found is not None
    return found[1]


def use(client: httpx.Client, link: str, **more: Any) -> httpx.Response:
    return client.post(SIGN_IN, json={"link": link}, **more)


def operator_in(client: httpx.Client, node: RunningNode, *words: str) -> Visitor:
    """Return the operator, signed in with a link of its own."""
    return Visitor(client, use(client, new_link(node, *words)).json()["sessionId"])
