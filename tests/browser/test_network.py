"""A bad network, no network, a restarted server: people see it, and lose nothing."""

import asyncio

from playwright.async_api import Route, expect

from browser.embedding import Pages, Wire, page
from browser.visitor import NewVisitor
from running import TENANT, RunningNode


async def test_M5_M6_OFF1_a_cut_network_is_said_nothing_is_queued_and_what_was_missed_comes(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages, wire: Wire
) -> None:
    config = {"tenantId": TENANT, "urlId": "cut"}
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(pages.put(page(wire.url, config)))
    await bob.open(pages.put(page(shared_node.url, config)))
    await ada.pin(30, 30, "Before")
    await ada.sees_comments("Before")
    await ada.is_confirmed()
    await expect(bob.markers).to_have_count(1)

    await wire.cut()
    await ada.is_not_live()
    await ada.sees_comments("Before")  # what is there stays readable (M15)
    await ada.write("While it was cut")
    await expect(ada.notice).to_be_visible()
    await expect(ada.text).to_have_value("While it was cut")
    await bob.open_marker()
    await bob.write("Missed", name="Bob")
    await bob.sees_comments("Before", "Missed")
    await bob.pin(70, 70, "Missed too", name="Bob")

    await wire.mend()
    await ada.page.evaluate("window.dispatchEvent(new Event('online'))")  # what a browser says then
    await ada.is_live()
    await ada.sees_comments("Before", "Missed")
    await expect(ada.markers).to_have_count(2)
    # it was refused, not queued: sent only when she sends it again
    await expect(ada.text).to_have_value("While it was cut")
    await ada.text.press("Enter")
    await ada.sees_comments("Before", "Missed", "While it was cut")
    await expect(bob.markers.first).to_have_text("3")


async def test_M15_M16_offline_existing_markers_are_read_and_a_new_one_is_refused(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(30, 30, "Written online")
    await ada.sees_comments("Written online")
    await ada.is_confirmed()
    await ada.page.locator("[data-close]").click()

    await ada.page.context.set_offline(True)
    await expect(ada.page.locator('[data-status="offline"]')).to_be_visible()
    await ada.open_marker()
    await ada.sees_comments("Written online")
    await ada.page.locator("[data-close]").click()
    if await ada.page.locator("[data-surface]").count():
        await ada.click_at(70, 70)
        await ada.write("Offline")
        await expect(ada.notice).to_be_visible()
    await expect(ada.markers).to_have_count(1)

    await ada.page.context.set_offline(False)
    await ada.is_live()
    await expect(ada.markers).to_have_count(1)


async def test_RES1_pages_that_were_open_go_on_after_the_server_was_killed_and_started_again(
    new_visitor: NewVisitor, node: RunningNode, pages: Pages
) -> None:
    address = pages.put(page(node.url, {"tenantId": TENANT, "urlId": "restart"}))
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(30, 30, "Before the restart")
    await ada.sees_comments("Before the restart")
    await ada.is_confirmed()

    node.kill()
    for person in (ada, bob):
        await person.is_not_live()
    node.start()
    for person in (ada, bob):
        await person.page.evaluate("window.dispatchEvent(new Event('online'))")
        await person.is_live()
    await ada.write("After it")
    await ada.sees_comments("Before the restart", "After it")
    await bob.open_marker()
    await bob.sees_comments("Before the restart", "After it")


async def test_OFF1_a_new_marker_that_is_refused_while_nobody_looks_is_a_draft_again_with_its_text(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    look = "window.isHidden = !window.isHidden; document.dispatchEvent(new Event('visibilitychange'))"
    await ada.page.evaluate("Object.defineProperty(document, 'hidden', {get: () => window.isHidden === true})")
    held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
    create = f"**/comment-image-chats/{TENANT}"
    await ada.page.route(create, lambda route: held.set_result(route))  # noqa: PLW0108 -- Playwright marks its handlers
    await ada.pin(40, 40, "Precious")
    await ada.page.evaluate(look)
    async with ada.page.expect_event("requestfailed"):
        await (await held).abort()
    await expect(ada.text).to_have_value("Precious")
    await ada.page.unroute(create)
    await ada.page.evaluate(look)
    await expect(ada.notice).to_be_visible()
    await ada.is_live()
    await ada.text.press("Enter")
    await ada.sees_comments("Precious")
    await ada.is_confirmed()


async def test_a_blink_of_the_connection_is_not_seen(new_visitor: NewVisitor, pages: Pages, wire: Wire) -> None:
    ada = await new_visitor()
    await ada.open(pages.put(page(wire.url, {"tenantId": TENANT, "urlId": "blink"})))
    await ada.status.evaluate(
        """(status) => { window.opacity = new Promise((resolve) => {
            new MutationObserver(() => { resolve(getComputedStyle(status).opacity) })
                .observe(status, { attributes: true, attributeFilter: ["data-status"] }); }); }"""
    )
    await wire.cut()
    assert await ada.page.evaluate("window.opacity") == "0"
    await ada.is_not_live()
