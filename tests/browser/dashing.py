"""A person at the dashboard, in words of what people do there."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from playwright.async_api import Locator, Page, expect

from running import RunningNode

SESSION = "imagechat:dashboard"


def link_of(node: RunningNode, *words: str) -> str:
    """Return a link that opens a node's dashboard once, as its operator asks for it."""
    found = re.search(r"https?://\S+#link=\S+", node.run("dashboard-link", "--address", node.url, *words))
    assert found is not None
    return found[0]


def sso_link(node: RunningNode, tenant: str, sso: str) -> str:
    """Return the link by which a tenant's own site brings somebody to the dashboard."""
    return f"{node.url}/dashboard#tenantId={tenant}&sso={quote(sso)}"


@dataclass(slots=True)
class Desk:
    """One tab with the dashboard."""

    page: Page
    url: str

    async def open(self, path: str) -> None:
        """Go to a page of the dashboard, and wait until it shows what it has."""
        await self.page.goto(f"{self.url}/dashboard/{path}")
        await self.has_loaded()

    async def has_loaded(self) -> None:
        await expect(self.page.locator("main h1")).to_be_visible()
        await expect(self.page.locator("[data-loading]")).to_have_count(0)

    @property
    def heading(self) -> Locator:
        return self.page.locator("main h1")

    @property
    def entries(self) -> Locator:
        return self.page.locator("[data-entry]")

    @property
    def toast(self) -> Locator:
        return self.page.locator("[data-toast]").last

    @property
    def trouble(self) -> Locator:
        return self.page.locator("[data-trouble]")

    def entry(self, words: str) -> Locator:
        return self.entries.filter(has_text=words)

    def there(self, words: str) -> Locator:
        """Those that nobody else has dealt with: what is gone stays in its place for whoever is in the list."""
        return self.page.locator("[data-entry]:not(.gone)").filter(has_text=words)

    async def is_live(self) -> None:
        await expect(self.page.locator("[data-live]:not(.off)")).to_be_visible()

    async def goes_to(self, page: str) -> None:
        """Follow the navigation to a page."""
        await self.page.locator(f"[data-page={page}]").click()
        await self.has_loaded()

    async def act(self, words: str, command: str) -> None:
        """Do something to what somebody wrote."""
        await self.entry(words).locator(f"[data-act={command}]").click()

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def session(self) -> Any:
        return await self.page.evaluate(f"JSON.parse(localStorage.getItem({SESSION!r}))")


NewDesk = Callable[..., Awaitable[Desk]]
"""Opens a browser profile with the dashboard; takes a link to begin with, and Playwright's options of a context."""
