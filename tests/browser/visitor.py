"""A person at a page with a picture, in words of what people do."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

expect.set_options(timeout=10_000)


@dataclass(slots=True)
class Visitor:
    """One tab."""

    page: Page

    async def open(self, address: str) -> None:
        """Go to a page and wait until its conversations are live."""
        await self.page.goto(address)
        await self.is_live()

    async def is_live(self) -> None:
        await expect(self.page.locator('[data-status="live"]')).to_be_attached()

    async def is_not_live(self) -> None:
        """Wait until the page says, in words, that the connection is gone."""
        await expect(self.page.locator('[data-status="reconnecting"], [data-status="offline"]')).to_be_visible()

    @property
    def markers(self) -> Locator:
        return self.page.locator("[data-marker]:not([data-marker=draft])")

    @property
    def window(self) -> Locator:
        return self.page.locator("[data-window]")

    @property
    def comments(self) -> Locator:
        return self.page.locator("[data-window] [data-comment]")

    @property
    def text(self) -> Locator:
        return self.page.locator("[data-window] [data-text]")

    @property
    def notice(self) -> Locator:
        return self.page.locator("[data-window] [data-notice]")

    @property
    def status(self) -> Locator:
        return self.page.locator("[data-status]")

    async def click_at(self, x: float, y: float) -> None:
        """Click on the picture, at percentages of it."""
        box = await self.page.locator("[data-surface]").first.bounding_box()
        assert box is not None
        await self.page.mouse.click(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100)

    async def write(self, text: str, *, name: str = "Ada") -> None:
        """Write in the open window, and send."""
        await self.text.wait_for()  # the first window's module comes with it
        field = self.page.locator("[data-window] [data-name]")
        if await field.count():
            await field.fill(name)
        await self.text.fill(text)
        await self.text.press("Enter")

    async def pin(self, x: float, y: float, text: str, *, name: str = "Ada") -> None:
        """Put a marker on the picture with a comment; an open window would be in the way."""
        if await self.window.count():
            await self.page.locator("[data-close]").click()
        await self.click_at(x, y)
        await self.write(text, name=name)

    async def open_marker(self, number: int = 0) -> None:
        await self.markers.nth(number).click()
        await expect(self.window).to_be_visible()

    async def sees_comments(self, *texts: str) -> None:
        """Wait until the open window shows just these comments, in order."""
        await expect(self.comments).to_have_count(len(texts))
        for number, text in enumerate(texts):
            await expect(self.comments.nth(number)).to_contain_text(text)

    async def is_confirmed(self) -> None:
        """Wait until the server has answered for all that the open window shows; before that it is only hoped for."""
        await expect(
            self.comments.and_(self.page.locator('[data-state="sending"], [data-state="saving"]'))
        ).to_have_count(0)
        await expect(self.page.locator('[data-marker][data-state="pending"]')).to_have_count(0)

    async def is_shut_out(self, words: str) -> None:
        """Wait until nothing is on the picture but a line."""
        await expect(self.status).to_have_text(words)
        await expect(self.status).to_be_visible()
        await expect(self.page.locator('[data-status="stopped"]')).to_be_attached()
        await expect(self.markers).to_have_count(0)
        await expect(self.page.locator("[data-surface], [data-crosshair]")).to_have_count(0)

    async def marker_says(self, number: int, count: int) -> None:
        await expect(self.markers.nth(number)).to_have_text(re.compile(rf"^\s*{count}\s*$"))


NewVisitor = Callable[..., Awaitable[Visitor]]
"""Opens a browser profile of its own; takes Playwright's options of a context."""
