"""Every state in which a picture with conversations can be, one after the other, on one page."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Locator, Route, expect

from browser.embedding import Pages, Wire, page
from browser.visitor import Visitor
from live_clients import Person
from running import TENANT, RunningNode

STYLE = "body { margin: 20px } img { display: block; width: 100%; max-width: 700px; height: auto }"


async def put_markers(node: RunningNode, url_id: str, places: Sequence[tuple[float, float, str]]) -> None:
    """Let somebody else put markers on a picture, each with a comment."""
    async with node.client() as client:
        for number, (x, y, text) in enumerate(places):
            comment = {"comment": text, "commenterName": "Grace"}
            await Person(client).mark(url_id, broadcastId=f"{url_id}-{number}", x=x, y=y, comment=comment)


@dataclass(slots=True)
class Walk:
    """Somebody who goes through all states: `states` yields the name of each when the page is in it."""

    visitor: Visitor
    node: RunningNode
    pages: Pages
    wire: Wire
    url_id: str
    config: dict[str, Any] = field(default_factory=dict)

    async def states(self) -> AsyncIterator[str]:
        """Go through them; while one is handled, nothing goes on."""
        async for state in self._arriving():
            yield state
        async for state in self._writing():
            yield state
        async for state in self._around():
            yield state
        async for state in self._leaving():
            yield state

    def _find(self, name: str) -> Locator:
        return self.visitor.page.locator(f"[data-{name}]")

    async def _close(self) -> None:
        await self._find("close").click()
        await expect(self.visitor.window).to_have_count(0)

    async def _arriving(self) -> AsyncIterator[str]:
        tab = self.visitor.page
        held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
        snapshot = f"**/comment-image-chats/{TENANT}?**"

        async def hold(route: Route) -> None:
            if held.done():
                await route.continue_()
            else:
                held.set_result(route)

        await tab.route(snapshot, hold)
        options = {"tenantId": TENANT, "urlId": self.url_id, "zoom": True, "maxReplyDepth": 2, **self.config}
        await tab.goto(self.pages.put(page(self.wire.url, options, style=STYLE)))
        route = await held
        await expect(self._find("status")).to_have_attribute("data-status", "connecting")
        yield "loading"
        await route.continue_()
        await self.visitor.is_live()
        await tab.unroute(snapshot)
        yield "empty"

    async def _writing(self) -> AsyncIterator[str]:
        ada, tab = self.visitor, self.visitor.page
        await ada.click_at(22, 30)
        await ada.text.fill("The *light* on this edge is new. Was it there in the first version?")
        yield "composing"
        await ada.write("The *light* on this edge is new. Was it there in the first version?")
        await ada.is_confirmed()
        async with self.node.client() as client:
            thread = await ada.window.get_attribute("data-key")
            assert thread is not None
            await Person(client).comment(thread, "It was, only darker.")
        await expect(ada.comments).to_have_count(2)
        yield "window"
        await ada.comments.last.locator("[data-vote=up]").click()
        await ada.comments.last.locator("[data-add-reaction]").click()
        await self._find("give").nth(1).click()
        await expect(ada.comments.last.locator("[data-reaction]")).to_be_visible()
        await ada.comments.last.locator("[data-add-reaction]").click()
        await expect(self._find("reaction-menu")).to_be_visible()
        yield "reactions"
        await tab.keyboard.press("Escape")
        await ada.text.press_sequentially("@an")
        await expect(self._find("option")).to_be_visible()
        yield "mentioning"
        await tab.keyboard.press("Escape")
        await ada.text.fill("")
        await ada.comments.last.locator("[data-reply-comment]").click()
        await expect(self._find("replying")).to_be_visible()
        yield "reply"
        await tab.keyboard.press("Escape")
        await ada.comments.first.locator("[data-edit-comment]").click()
        await expect(self._find("edit")).to_be_visible()
        yield "edit"
        await tab.keyboard.press("Escape")
        await ada.comments.first.locator("[data-delete-comment]").click()
        await expect(self._find("confirm")).to_be_visible()
        yield "confirming"
        await self._close()

    async def _around(self) -> AsyncIterator[str]:
        ada, tab = self.visitor, self.visitor.page
        crowd = [(60 + number / 10, 55, f"One of several, number {number}") for number in range(5)]
        await put_markers(self.node, self.url_id, [*crowd, (85, 20, "Far from the others")])
        await expect(ada.markers).to_have_count(7)
        await expect(self._find("cluster")).to_have_count(1)
        await ada.markers.first.hover()
        await expect(self._find("preview")).to_be_visible()
        yield "preview"
        await tab.keyboard.press("Escape")  # it may lie over the others
        await expect(self._find("preview")).to_have_count(0)
        await self._find("cluster").hover()
        yield "cluster"
        await self._find("cluster").click()
        await expect(self._find("fanned").first).to_be_visible()
        yield "fanned out"
        await tab.keyboard.press("Escape")
        await self._find("open-list").click()
        await expect(self._find("panel")).to_be_visible()
        yield "list"
        await self._find("close-panel").click()
        await self._find("draw-region").click()
        box = await self._find("surface").bounding_box()
        assert box is not None
        x, y, width, height = box["x"], box["y"], box["width"], box["height"]
        await tab.mouse.move(x + width * 0.3, y + height * 0.6)
        await tab.mouse.down()
        await tab.mouse.move(x + width * 0.45, y + height * 0.8, steps=3)
        yield "drawing"
        await tab.keyboard.press("Escape")
        await tab.mouse.up()
        await tab.keyboard.press("Escape")
        await expect(self._find("draw-region")).to_have_attribute("aria-pressed", "false")
        await self._find("zoom-in").click()
        await expect(tab.locator(".zoomed img")).to_be_visible()
        yield "zoomed"
        await self._find("zoom-whole").click()
        await ada.markers.first.click()
        await self._find("delete-marker").click()
        await self._find("confirm-delete").click()
        await expect(self._find("toast")).to_be_visible()
        yield "toast"

    async def _leaving(self) -> AsyncIterator[str]:
        tab = self.visitor.page
        await self.wire.cut()
        await self.visitor.is_not_live()
        yield "offline"
        await self.wire.mend()
        await self.visitor.is_live()
        await tab.evaluate("chat.update({ readonly: true })")
        await expect(self._find("surface")).to_have_count(0)
        yield "read only"
        await tab.goto(self.pages.put(page(self.wire.url, {"tenantId": "nobody", "urlId": "x"}, style=STYLE)))
        await expect(self._find("status")).to_have_attribute("data-status", "stopped")
        yield "shut out"
