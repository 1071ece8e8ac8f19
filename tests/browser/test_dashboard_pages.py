"""Every page of the dashboard in every look, as axe and narrow windows find it, and while it cannot be read."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from browser.dashing import Desk, NewDesk, link_of
from documents import REPOSITORY
from live_clients import Person
from operating import Operator
from running import TENANT, RunningNode
from signing import TenantServer

AXE = (REPOSITORY / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
OF_ALL = ("all/overview", "all/usage", "all/tenants", "all/new-tenant", "all/health")
OF_TENANT = ("overview", "usage", "moderation", "pictures", "people", "bans", "settings", "audit", "picture?urlId=hall")
PAGES = [*OF_ALL, *(f"{TENANT}/{page}" for page in OF_TENANT)]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "rtl": {"locale": "he-IL"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "dark rtl tablet": {"color_scheme": "dark", "locale": "he-IL", "viewport": {"width": 768, "height": 1024}},
}
DARK: dict[str, Any] = {"color_scheme": "dark", "forced_colors": "none"}
LIGHT: dict[str, Any] = {"color_scheme": "light", "forced_colors": "none"}
FORCED: dict[str, Any] = {"color_scheme": "light", "forced_colors": "active"}
WALKS: dict[str, tuple[str, list[tuple[int, dict[str, Any]]]]] = {
    "desk": ("dark", [(1280, DARK), (1280, LIGHT), (1280, FORCED)]),
    "phone": ("phone", [(390, LIGHT)]),
    "right to left": ("dark rtl tablet", [(768, DARK), (1280, LIGHT)]),
}
"""In which look it is opened, and at which widths and in which colours each page is seen, the first while it loads."""
SETTLED = """() => document.getAnimations()
  .every(({ effect, playState }) => playState === "finished" || effect.getTiming().iterations === Infinity)"""
BY_AXE = {"desk", "phone"}
"""What axe looks at differs between these; the other differs in how it is laid out."""


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """A node with something of everything."""
    with RunningNode(tmp_path_factory.mktemp("node")) as node:
        operator = Operator(node)
        operator.set(approval="anonymous")
        yield node


@pytest.fixture(scope="module")
def server(shared_node: RunningNode) -> TenantServer:
    return Operator(shared_node).rotate()


@pytest_asyncio.fixture(loop_scope="session")
async def lively(shared_node: RunningNode, server: TenantServer) -> None:
    """Somebody who signed in, words that wait, and words that do not."""
    async with shared_node.client() as client:
        member = {"urlId": "hall", "sso": server.sso("mia", groupIds=["design"])}
        session = (await client.get(f"/comment-image-chats/{TENANT}", params=member)).json()["user"]["sessionId"]
        mia = Person(client, session)
        src = f"{shared_node.url}/nothing.png"
        await mia.mark("hall", src=src, comment={"comment": "Is *this* straight? `x` <b>", "commenterName": "Mia"})
        await Person(client).mark("hall", comment={"comment": "Waits", "commenterName": "Somebody"})


async def violations(page: Page) -> list[str]:
    """Return what axe finds, a line each."""
    if not await page.evaluate("'axe' in window"):  # half a megabyte
        await page.evaluate(AXE)
    options = {"resultTypes": ["violations"]}
    found = await page.evaluate(f"axe.run(document, {json.dumps(options)})")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


async def sideways(page: Page) -> int:
    """Return by how much the page is wider than its window."""
    wider: int = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


async def see(page: Page, width: int, colours: dict[str, Any]) -> None:
    """Change a window's width and colours, and return when the page has followed."""
    await page.set_viewport_size({"width": width, "height": 800})
    await page.emulate_media(**colours)
    await expect(page.locator("html.dark")).to_have_count(int(colours is DARK))
    await page.wait_for_function(SETTLED)  # what changes its colour has others on the way


@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize("walk", WALKS)
async def test_every_page_is_accessible_and_fits_its_window(
    shared_node: RunningNode, new_desk: NewDesk, walk: str
) -> None:
    look, views = WALKS[walk]
    desk = await new_desk(link_of(shared_node), **LOOKS[look])
    for path in PAGES:
        await see(desk.page, *views[0])
        await desk.open(path)
        for width, colours in views:
            await see(desk.page, width, colours)
            if walk in BY_AXE and colours is not FORCED:
                assert await violations(desk.page) == [], (path, colours)
            assert await sideways(desk.page) == 0, (path, width)
        assert await desk.page.evaluate("document.documentElement.dir") == ("rtl" if "rtl" in look else "ltr")


@pytest.mark.parametrize("look", ["light", "dark", "rtl", "phone"])
async def test_the_way_in_and_every_dialog_is_accessible(
    shared_node: RunningNode, new_desk: NewDesk, look: str
) -> None:
    desk = await new_desk(f"{shared_node.url}/dashboard", **LOOKS[look])
    await expect(desk.heading).to_be_visible()
    assert await violations(desk.page) == []
    desk = await new_desk(link_of(shared_node), **LOOKS[look])
    await desk.open(f"{TENANT}/moderation")
    await desk.page.locator("[data-help]").click()
    await expect(desk.page.locator("dialog[open]")).to_be_visible()
    assert await violations(desk.page) == []
    await desk.press("Escape")
    await expect(desk.page.locator("dialog")).to_have_count(0)
    await expect(desk.page.locator("[data-help]")).to_be_focused()


async def answer_with(desk: Desk, pattern: str, status: int, code: str, message: str) -> None:
    async def refuse(route: Route) -> None:
        body = {"status": "failed", "code": code, "reason": message, "message": message}
        await route.fulfill(status=status, json=body)

    await desk.page.route(re.compile(pattern), refuse)


async def test_a_page_that_cannot_be_read_says_why_and_tries_again(shared_node: RunningNode, new_desk: NewDesk) -> None:
    desk = await new_desk(link_of(shared_node))
    calls = r"/api/v1/(?!me)|/moderation/"  # live too: what that tells makes the inbox read again by itself
    for path in [path for path in PAGES if "new-tenant" not in path]:
        await answer_with(desk, calls, 503, "unavailable", f"The node cannot read {path} now: try again.")
        await desk.page.goto(f"{shared_node.url}/dashboard/{path}")
        failure = desk.page.locator("[data-failure]").first  # of usage there are two
        await expect(failure).to_contain_text(f"The node cannot read {path} now: try again.")
        await desk.page.unroute(re.compile(calls))
        # in one go: a page that also tries by itself may be faster than a click is
        await desk.page.locator("[data-failure] button").evaluate_all("buttons => buttons.forEach((it) => it.click())")
        await expect(desk.page.locator("[data-failure]")).to_have_count(0)


async def test_offline_the_dashboard_says_so_keeps_what_it_shows_and_comes_back(
    shared_node: RunningNode, new_desk: NewDesk
) -> None:
    desk = await new_desk(link_of(shared_node))
    await desk.open("all/overview")
    await expect(desk.page.locator("[data-tiles]")).to_be_visible()
    await desk.page.context.set_offline(True)
    await expect(desk.page.locator("[data-offline]")).to_be_visible()
    await expect(desk.page.locator("[data-stale]")).to_contain_text("could not be reached")
    await expect(desk.page.locator("[data-tiles]")).to_be_visible()
    await desk.page.locator("[data-page=health]").click()
    await expect(desk.page.locator("[data-failure]")).to_contain_text("could not be reached")
    await desk.page.context.set_offline(False)
    await expect(desk.page.locator("[data-offline]")).to_have_count(0)
    await desk.page.locator("[data-failure] button").click()
    await expect(desk.page.locator("[data-verdict]")).to_be_visible()


async def test_dark_and_hebrew_are_chosen_with_a_switch_and_kept(shared_node: RunningNode, new_desk: NewDesk) -> None:
    desk = await new_desk(link_of(shared_node))
    await desk.open(f"{TENANT}/pictures")
    await desk.page.locator("[data-theme]").click()
    await desk.page.locator("[data-language]").click()
    await expect(desk.heading).to_have_text("תמונות")
    await desk.page.reload()
    await expect(desk.heading).to_have_text("תמונות")
    root = desk.page.locator("html")
    await expect(root).to_have_class(re.compile(r"\bdark\b"))
    await expect(root).to_have_attribute("dir", "rtl")
    await expect(root).to_have_attribute("lang", "he")
    await desk.page.locator("[data-theme]").click()
    await expect(root).not_to_have_class(re.compile(r"\bdark\b"))


async def test_on_a_phone_the_menu_opens_and_closes_when_one_has_chosen(
    shared_node: RunningNode, new_desk: NewDesk
) -> None:
    desk = await new_desk(link_of(shared_node), **LOOKS["phone"])
    await desk.open(f"{TENANT}/pictures")
    await expect(desk.page.locator("[data-page=audit]")).to_be_hidden()
    menu = desk.page.locator("[data-menu]")
    await menu.click()
    await desk.page.locator("[data-page=audit]").focus()
    await desk.press("Escape")
    await expect(desk.page.locator("[data-page=audit]")).to_be_hidden()
    await expect(menu).to_be_focused()
    await menu.click()
    await desk.goes_to("audit")
    await expect(desk.heading).to_have_text("Audit log")
    await expect(desk.page.locator("[data-page=audit]")).to_be_hidden()
