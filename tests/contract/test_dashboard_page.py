"""The dashboard's page and its files, as a node serves them."""

import re
from collections.abc import Iterator

import httpx
import pytest

from imagechat.http.dashboard_page import DashboardFiles
from imagechat.model.errors import Refusal
from running import TRUSTED, RunningNode
from visiting import error_in

BUDGET = 123 * 1024
"""Of all that the dashboard is for a person, compressed: its files, one language, and the widget's live picture.
What the widget fetches when somebody is near has limits of its own (test_widget_files.py)."""
LATER = re.compile(r"(opened|tools|panel|panel-model|printing|polling|zooming|tag)-[\w-]{8}\.js")
WORDS = re.compile(r"[a-z]{2}(-[A-Za-z]+)?-[\w-]{8}\.js")
"""Files of a language: Hebrew is the dashboard's, and the widget in it has 32 beside English."""


@pytest.fixture
def client(shared_node: RunningNode) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shared_node.url, verify=TRUSTED) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/dashboard", "/dashboard/", "/dashboard/all/overview", "/dashboard/a/picture?urlId=b"]
)
def test_every_address_of_the_dashboard_is_the_one_page(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert "<dashboard-app>" in answer.text


def test_the_page_lets_nothing_in_that_is_not_this_server_s(client: httpx.Client) -> None:
    policy = client.get("/dashboard").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/dashboard").text
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page) == []
    found = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert found
    for address in found:
        assert address.startswith("/dashboard-assets/")
        assert client.get(address).status_code == 200


def test_a_file_is_kept_for_ever_as_its_name_says_what_is_in_it(client: httpx.Client) -> None:
    [script] = re.findall(r'src="([^"]*\.js)"', client.get("/dashboard").text)
    answer = client.get(script, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].split(";")[0] in {"text/javascript", "application/javascript"}
    assert client.get(script, headers={"Accept-Encoding": "identity"}).content == answer.content


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}'])
def test_a_page_that_the_browser_has_is_not_sent_again(client: httpx.Client, known: str) -> None:
    tag = client.get("/dashboard").headers["etag"]
    answer = client.get("/dashboard", headers={"If-None-Match": known.format(tag)})
    assert answer.status_code == 304
    assert answer.content == b""


@pytest.mark.parametrize("name", ["nothing.js", "..%2f__init__.py", "%2e%2e"])
def test_there_are_no_other_files(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/dashboard-assets/{name}")
    assert answer.status_code in {404, 405}
    assert error_in(answer) in {"not-found", "method-not-allowed"}


def test_a_checkout_that_was_not_built_says_what_to_do() -> None:
    files = DashboardFiles()
    files.plain.clear()
    with pytest.raises(Refusal, match="make build") as refused:
        files.check("index.html")
    assert refused.value.kind.status == 404


def test_the_dashboard_is_as_small_as_was_promised() -> None:
    sizes = {name: len(content) for name, content in DashboardFiles().packed.items() if not LATER.fullmatch(name)}
    words = sorted(size for name, size in sizes.items() if WORDS.fullmatch(name))
    assert len(words) > 30
    assert sum(sizes.values()) - sum(words[:-2]) <= BUDGET, sizes
