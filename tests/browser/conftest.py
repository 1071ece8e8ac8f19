"""A real Chromium, a real node, and pages that embed it from another origin."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Playwright, async_playwright

from browser.dashing import Desk, NewDesk
from browser.embedding import Pages, Wire, page
from browser.firefox import FIREFOX
from browser.visitor import NewVisitor, Visitor
from running import TENANT, RunningNode

CHROMIUM = (
    os.environ.get("CHROMIUM", "/usr/bin/chromium"),
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--no-first-run", "--disable-sync"]
FOLDER = Path(__file__).parent

collect_ignore = [] if FIREFOX else ["test_firefox.py"]

LINES_OF_NETWORK = ("Failed to load resource", "WebSocket connection to")
"""What a browser itself says of an answer that is an error, or of none."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let this folder's tests share an event loop: their browser belongs to one."""
    for item in items:
        if FOLDER in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def pages() -> Iterator[Pages]:
    with Pages().serving() as serving:
        yield serving


@pytest.fixture(scope="session")
def chromium() -> str:
    return next(path for path in CHROMIUM if Path(path).exists())


@pytest.fixture
def more_flags() -> list[str]:
    """Flags of Chromium beside the usual ones, for a test that is parametrised with some."""
    return []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_browser(playwright: Playwright, chromium: str) -> AsyncIterator[Browser]:
    """One Chromium for all tests of a process: to start one takes a second or two of a processor."""
    async with await playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def browser(
    playwright: Playwright, shared_browser: Browser, chromium: str, more_flags: list[str]
) -> AsyncIterator[Browser]:
    """A browser in which nobody has been: what a test opens in it is closed behind it."""
    if more_flags:
        async with await playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *more_flags]) as own:
            yield own
        return
    yield shared_browser
    for context in shared_browser.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_visitor(browser: Browser) -> AsyncIterator[NewVisitor]:
    """Make people, each with a browser profile of their own; an error on a page fails the test."""
    faults: list[str] = []

    async def make(**options: Any) -> Visitor:
        context = await browser.new_context(**({"viewport": {"width": 1000, "height": 800}} | options))
        tab = await context.new_page()
        tab.on("pageerror", lambda error: faults.append(str(error)))
        return Visitor(tab)

    yield make
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def new_desk(browser: Browser) -> AsyncIterator[NewDesk]:
    """Open browser profiles with the dashboard; an error on a page or a breach of its policy fails the test."""
    faults: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(LINES_OF_NETWORK):
            faults.append(message.text)

    async def make(link: str, **options: Any) -> Desk:
        context = await browser.new_context(
            **({"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"} | options)
        )
        tab = await context.new_page()
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("console", listen)
        await tab.goto(link)
        if "#" in link:
            await tab.locator(".frame, [data-trouble]").wait_for()
        return Desk(tab, link.partition("/dashboard")[0])

    yield make
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def wire(shared_node: RunningNode) -> AsyncIterator[Wire]:
    wire = Wire(shared_node.port)
    await wire.mend()
    yield wire
    await wire.cut()


@pytest.fixture
def address(shared_node: RunningNode, pages: Pages, request: pytest.FixtureRequest) -> str:
    """A page with a picture of the test's own."""
    return pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": request.node.name}))
