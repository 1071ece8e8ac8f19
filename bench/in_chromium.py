"""A real Chromium, and a page in it with a picture of a node's."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright

from bench.fed_node import TENANT, FedNode

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--no-first-run"]
PICTURE = "/demo/pictures/hubble.webp"
PAGE = """
<!doctype html><meta charset="utf-8"><title>Measured</title><body style="margin: 0">
<img id="picture" src="{origin}{picture}" width="800" height="600" alt="A picture">
{widget}
"""
WIDGET = """
<script src="{origin}/embed-image-chat.min.js"></script>
<script>ImageChat(document.getElementById("picture"), {{ tenantId: "{tenant}", urlId: "{url_id}" }});</script>
"""
COUNT_ARRAYS = """
window.arrays = 0;
const Socket = WebSocket;
window.WebSocket = class extends Socket {
  constructor(...given) { super(...given); this.addEventListener("message", () => { window.arrays += 1; }); }
};
null;
"""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser that may use every core, whatever this process was pinned to."""
    pinned = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield browser
            await browser.close()
    finally:
        os.sched_setaffinity(0, pinned)


async def open_picture(browser: Browser, node: FedNode, url_id: str | None) -> Page:
    """Open a page with a picture; with its conversations, live, unless `url_id` is None."""
    page = await browser.new_page(viewport={"width": 1200, "height": 700})
    await page.goto(f"{node.address}/healthz")  # any page of the node's own, to stand on its origin
    await page.evaluate(COUNT_ARRAYS)
    widget = "" if url_id is None else WIDGET.format(origin=node.address, tenant=TENANT, url_id=url_id)
    await page.set_content(PAGE.format(origin=node.address, picture=PICTURE, widget=widget))
    if url_id is not None:
        await page.locator('[data-status="live"]').wait_for(state="attached")
    return page
