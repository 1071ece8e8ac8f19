"""B7: axe finds nothing in any state of the widget, in any look."""

import json
from typing import Any

import pytest
from playwright.async_api import Page

from browser.embedding import Pages, Wire
from browser.states import Walk
from browser.visitor import NewVisitor
from documents import REPOSITORY
from running import RunningNode

AXE = (REPOSITORY / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
LOOKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "light and forced colours": ({}, {}),
    "dark phone": ({"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "has_touch": True}, {}),
    "right to left": ({"viewport": {"width": 768, "height": 1024}}, {"locale": "he"}),
}
"""By name, the browser's options and the page's."""
SETTLED = """() => document.querySelector("image-chat-layer").shadowRoot.getAnimations()
  .every(({ effect, playState }) => playState === "finished" || effect.getTiming().iterations === Infinity)"""
RULES: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
"""All of axe's, and that of WCAG 2.2, which it leaves out unless asked."""


async def violations(tab: Page) -> list[str]:
    """Return what axe finds in the widget, a line each; the page around it has nothing but a picture."""
    await tab.wait_for_function(SETTLED)  # what fades in is pale on the way
    found = await tab.evaluate(f"axe.run('image-chat-layer', {json.dumps(RULES)})")
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("look", LOOKS)
async def test_B7_axe_finds_nothing_in_any_state(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages, wire: Wire, look: str
) -> None:
    options, config = LOOKS[look]
    ada = await new_visitor(**options)
    await ada.page.add_init_script(AXE)
    walk = Walk(ada, shared_node, pages, wire, f"states-{look}", config)
    amiss, seen = [], []
    async for state in walk.states():
        seen.append(state)
        amiss += [f"{state}: {line}" for line in await violations(ada.page)]
        if "forced" in look:
            await ada.page.emulate_media(forced_colors="active")
            amiss += [f"{state}, forced: {line}" for line in await violations(ada.page)]
            await ada.page.emulate_media(forced_colors="none")
    assert len(seen) == 19
    assert not amiss, "\n".join(amiss)
