"""M15, M22: files of the widget that come late: slowly, not at the first try, or from a server that was upgraded."""

import asyncio
import re

from playwright.async_api import Route, expect

from browser.embedding import Pages, page
from browser.states import put_markers
from browser.visitor import NewVisitor
from running import TENANT, RunningNode


async def test_M22_letters_typed_before_the_window_is_there_are_kept_and_so_is_the_caret(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await ada.page.route("**/window-*.js", hold)
    await ada.open(address)
    await ada.click_at(30, 40)
    shell = ada.page.locator(".shell")
    await expect(shell.locator("textarea")).to_be_focused()
    box, marker = await shell.bounding_box(), await ada.page.locator("[data-marker=draft]").bounding_box()
    assert box is not None
    assert marker is not None
    assert box["x"] == marker["x"] + marker["width"] + 12
    await ada.page.keyboard.type("Helo")
    await ada.page.keyboard.press("ArrowLeft")
    may_come.set()
    await expect(ada.text).to_be_focused()
    await expect(shell).to_have_count(0)
    await ada.page.keyboard.type("l")
    await ada.page.keyboard.press("Enter")
    await ada.sees_comments("Hello")


async def test_M22_what_was_sent_from_the_shell_is_sent_and_escape_closes_it(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await ada.page.route("**/window-*.js", hold)
    await ada.open(address)
    await ada.click_at(30, 40)
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.locator(".shell, [data-marker]")).to_have_count(0)
    await ada.click_at(60, 40)
    await ada.page.keyboard.type("At once")
    await ada.page.keyboard.press("Enter")
    may_come.set()
    await ada.sees_comments("At once")
    await ada.is_confirmed()


async def test_M15_files_that_do_not_come_are_asked_for_again_and_the_page_is_told(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    config = {"tenantId": TENANT, "urlId": "late-files"}
    told = "<script>window.told = []; onError = (error) => told.push(error.message);</script>"
    picture = f'<img id="picture" src="/picture.svg" alt="A picture">{told}'
    await ada.page.route("**/image-chat/*", lambda route: route.abort())
    address = pages.put(page(shared_node.url, config, body=picture).replace("{commentCount", "{onError, commentCount"))
    await ada.page.goto(address)
    await ada.page.wait_for_function("told.length > 0")
    [sentence] = await ada.page.evaluate("told")
    assert sentence.startswith(f"ImageChat could not be loaded from {shared_node.url}; it is tried again")
    await ada.page.evaluate("chat.update({chatSquarePercentage: 10})")
    await ada.page.unroute("**/image-chat/*")
    for name in ("live", "window"):
        await ada.page.route(f"**/{name}-*.js", lambda route: route.abort())
    await ada.page.evaluate("dispatchEvent(new Event('online'))")
    await ada.page.wait_for_function("told.length > 1")
    await ada.page.unroute("**/live-*.js")
    await ada.page.evaluate("dispatchEvent(new Event('online'))")
    await ada.is_live()
    await ada.click_at(30, 40)
    await ada.page.keyboard.type("Kept")
    await expect(ada.page.locator(".shell")).to_contain_text("could not be loaded")
    await ada.page.unroute("**/window-*.js")
    await ada.page.evaluate("dispatchEvent(new Event('online'))")
    await expect(ada.text).to_have_value("Kept")
    await expect(ada.page.locator("[data-marker=draft]")).to_have_css("width", "40px")  # 10 % of 400
    assert len(await ada.page.evaluate("told")) == 3


async def test_P9_markers_are_there_before_what_keeps_them_live_and_a_click_meanwhile_counts(
    new_visitor: NewVisitor, address: str
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await ada.pin(30, 40, "One")
    await ada.is_confirmed()
    may_come = asyncio.Event()
    snapshots: list[str] = []

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await bob.page.route("**/live-*.js", hold)
    bob.page.on("request", lambda request: snapshots.append(request.url) if "urlId=" in request.url else None)
    await bob.page.goto(address)
    await bob.marker_says(0, 1)
    await expect(bob.status).to_have_count(0)
    seen = await bob.markers.first.element_handle()
    await bob.markers.first.click()
    may_come.set()
    await bob.sees_comments("One")
    await bob.is_live()
    assert seen is not None
    assert await seen.evaluate("(button) => button.isConnected && button.ariaExpanded") == "true"
    assert len([each for each in snapshots if "/comment-image-chats/" in each]) == 1  # asked for once


async def test_M22_what_was_clicked_on_before_its_file_came_opens_unless_the_visitor_has_gone_elsewhere(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    await put_markers(shared_node, "clicked-early", [(50, 50, "One"), (51, 50, "Two"), (20, 20, "Far")])
    field = '<img id="picture" src="/picture.svg" alt="A picture"><input aria-label="The page\'s own">'
    address = pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "clicked-early"}, body=field))
    ada = await new_visitor()
    may_come = {name: asyncio.Event() for name in ("live", "tools")}

    async def hold(route: Route) -> None:
        [event] = [event for name, event in may_come.items() if f"/{name}-" in route.request.url]
        await event.wait()
        await route.continue_()

    await ada.page.route(re.compile("/(live|tools)-"), hold)
    await ada.page.goto(address)
    cluster = ada.page.locator("[data-cluster]")
    await cluster.click()
    may_come["live"].set()
    await ada.is_live()
    await expect(cluster).to_have_attribute("aria-expanded", "false")
    may_come["tools"].set()
    await expect(cluster).to_have_attribute("aria-expanded", "true")

    may_come["live"].clear()
    await ada.page.reload()
    await ada.page.locator("[data-marker]:not([data-clustered])").click()
    await ada.page.get_by_label("The page's own").click()
    await ada.page.keyboard.type("wo")
    may_come["live"].set()
    await ada.is_live()
    await ada.page.keyboard.type("rds")
    await expect(ada.page.get_by_label("The page's own")).to_have_value("words")
    await expect(ada.window).to_have_count(0)


async def test_M14_a_script_that_was_kept_from_before_an_upgrade_finds_the_new_files(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    gone: list[str] = []

    async def lose(route: Route) -> None:
        gone.append(route.request.url)
        await route.fulfill(status=404)

    await ada.page.route("**/picture-*.js", lose, times=1)
    await ada.open(address)
    assert len(gone) == 1
