"""The server answers, and calls nobody: a picture's or an avatar's address is kept as text and never fetched."""

import ast

import pytest

from documents import REPOSITORY

MODULES = sorted((REPOSITORY / "src" / "imagechat").rglob("*.py"))
CLIENTS = {
    *("aiohttp", "curl_cffi", "ftplib", "grpc", "http.client", "httpx", "imaplib", "pycurl", "requests", "smtplib"),
    *("telnetlib", "urllib.request", "urllib3", "webbrowser", "websockets.asyncio.client", "websockets.client"),
    *("websockets.sync.client", "xmlrpc.client"),
}
CALLS_OUT = {
    *("create_connection", "create_unix_connection", "open_connection", "open_unix_connection", "sock_connect"),
    *("connect_ex", "PyJWKClient", "urlopen"),
}


def calls_out(source: str) -> set[str]:
    """Return what a module imports or names that could open a connection to somewhere."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            found |= {alias.name for alias in node.names} & CALLS_OUT
        elif isinstance(node, ast.Attribute):
            found |= {node.attr} & CALLS_OUT
    return {name for name in found if name in CALLS_OUT or any(f"{name}.".startswith(f"{one}.") for one in CLIENTS)}


@pytest.mark.parametrize(
    "source",
    [
        "import httpx",
        "from urllib import request",
        "from http.client import HTTPConnection",
        "asyncio.open_connection(x)",
    ],
)
def test_the_judge_sees_a_call_out(source: str) -> None:
    assert calls_out(source)


def test_no_module_of_the_server_can_call_out() -> None:
    assert {str(path): found for path in MODULES if (found := calls_out(path.read_text("utf-8")))} == {}
