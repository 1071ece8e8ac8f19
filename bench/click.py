"""From one person's click on Send to the marker in the other person's DOM, in a real browser."""

import asyncio
import os
import statistics
from collections.abc import Iterator
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bench.node import TENANT, Node, fresh_node
from bench.processes import LeftOut
from bench.results import Run

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--no-first-run"]

# both tabs read the same clock: their time origins are in Unix time
PAGE = """
<!doctype html><meta charset="utf-8"><img id="picture" width="600" height="450" alt="A picture"
src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='600' height='450'/>">
<script src="{origin}/embed-image-chat.min.js"></script>
<script>
const now = () => performance.timeOrigin + performance.now();
ImageChat(document.getElementById("picture"), {{ tenantId: "{tenant}", urlId: "click" }});
const root = document.querySelector("image-chat-layer").shadowRoot, seen = new Set();
window.appeared = [];
window.sentAt = [];
new MutationObserver(() => {{
  for (const one of root.querySelectorAll("[data-marker]:not([data-marker=draft])"))
    if (!seen.has(one.dataset.marker)) {{ seen.add(one.dataset.marker); appeared.push(now()); }}
}}).observe(root, {{ subtree: true, childList: true, attributes: true }});
root.addEventListener("click", (event) => {{
  if (event.target.closest("[data-send]")) sentAt.push(now());
}}, true);
</script>
"""


def click_to_dom(rounds: int) -> Iterator[Run]:
    """Measure in two tabs of one browser. Raises `LeftOut` where there is none."""
    if not Path(CHROMIUM).exists():
        message = f"there is no {CHROMIUM}: CHROMIUM names another"
        raise LeftOut(message)
    with fresh_node() as node:
        took = asyncio.run(_click_to_dom(node, rounds))
    yield Run("click", "Image Chat", {"p50": statistics.median(took), "max": max(took), "rounds": rounds})


async def _click_to_dom(node: Node, rounds: int) -> list[float]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        ada, bob = await _open(await browser.new_page(), node), await _open(await browser.new_page(), node)
        took = []
        for number in range(rounds):
            await ada.mouse.click(40 + number % 9 * 60, 40 + number // 9 * 80)  # beside the earlier ones
            await ada.locator("[data-window] [data-text]").fill(f"Round {number}")
            await ada.locator("[data-window] [data-send]").click()
            await bob.wait_for_function("count => appeared.length === count", arg=number + 1)
            sent, seen = await ada.evaluate("sentAt.at(-1)"), await bob.evaluate("appeared.at(-1)")
            took.append(seen - sent)
            await ada.locator("[data-close]").click()
        await browser.close()
    return took


async def _open(page: Page, node: Node) -> Page:
    origin = f"http://127.0.0.1:{node.port}"
    await page.goto(f"{origin}/healthz")  # any page of the node's own, to stand on its origin
    await page.set_content(PAGE.format(origin=origin, tenant=TENANT))
    await page.locator('[data-status="live"]').wait_for(state="attached")
    return page
