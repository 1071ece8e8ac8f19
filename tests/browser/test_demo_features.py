"""The demo's page of features: every picture on it talks, under the page's own policy, as axe finds it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import ConsoleMessage, expect

from browser.visitor import NewVisitor
from documents import REPOSITORY
from running import RunningNode

AXE = (REPOSITORY / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PICTURES = "document.querySelectorAll('.feature img').length"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[RunningNode]:
    with RunningNode(tmp_path / "data", command="demo") as running:
        yield running


async def test_M23_each_feature_is_there_to_be_tried(demo: RunningNode, new_visitor: NewVisitor) -> None:
    ada = await new_visitor(viewport={"width": 390, "height": 12_000})
    faults: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            faults.append(message.text)

    ada.page.on("console", listen)
    await ada.page.goto(f"{demo.url}/features")
    live = ada.page.locator(":is([data-status=live], [data-status=polling])")
    await expect(live).to_have_count(await ada.page.evaluate(PICTURES), timeout=30_000)
    assert await ada.page.evaluate("document.documentElement.scrollWidth") == 390
    session = await ada.page.context.new_cdp_session(ada.page)
    await session.send("Page.setBypassCSP", {"enabled": True})  # for axe, which need not look at 300 of a kind
    found = await ada.page.evaluate(f"{AXE}; axe.run({{exclude: '#try-many'}}, {json.dumps(OPTIONS)})")
    violations = [(one["id"], node["html"]) for one in found["violations"] for node in one["nodes"]]
    # A marker may lie over the corner with the people; keys reach both.
    assert [one for one in violations if one[0] != "target-size" or "data-presence" not in one[1]] == []
    snippet = ada.page.locator("#try-languages code")
    await ada.page.locator("#try-languages select").select_option("he")
    await expect(snippet).to_contain_text('locale: "he"')
    await expect(ada.page.locator("#try-languages image-chat-layer .root")).to_have_attribute("lang", "he")
    assert faults == []
