"""What is done to a marker after it was put: moved, resolved, linked to, deleted and brought back, and told apart."""

from playwright.async_api import Page, Route, expect

from browser.visitor import NewVisitor, Visitor


async def drag(page: Page, marker: int, dx: float, dy: float) -> None:
    """Press a marker, and stop before letting go."""
    box = await page.locator("[data-marker]").nth(marker).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + dx / 2, y + dy / 2)
    await page.mouse.move(x + dx, y + dy)


async def place(visitor: Visitor) -> tuple[float, float]:
    """Return where the first marker is, in percent."""
    style = await visitor.markers.first.evaluate("marker => [marker.style.left, marker.style.top].map(parseFloat)")
    return style[0], style[1]


async def has_tools(visitor: Visitor) -> None:
    """Come near, and wait until what moves markers is there: it says so on one's own."""
    await visitor.markers.first.hover()
    await visitor.page.wait_for_function(
        "performance.getEntriesByType('resource').some(one => one.name.includes('tools-'))"
    )
    await visitor.markers.first.focus()
    await expect(visitor.markers.first).to_have_attribute("aria-description", "Drag, or use the arrow keys")


async def test_a_marker_is_moved_for_everybody(new_visitor: NewVisitor, address: str) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(30, 30, "Here")
    await ada.is_confirmed()
    await ada.page.keyboard.press("Escape")
    await has_tools(ada)
    before = await place(bob)

    await drag(ada.page, 0, 60, 40)
    moving = await place(ada)
    assert moving != before
    await ada.page.keyboard.press("Escape")  # puts it back
    await ada.page.mouse.up()
    assert await place(ada) == before
    assert await place(bob) == before
    await expect(ada.window).to_have_count(0)

    await drag(ada.page, 0, 60, 40)
    await ada.page.mouse.up()
    await expect(ada.page.locator("[data-announcement]")).to_contain_text("Conversation moved")
    after = await place(ada)
    await expect(bob.markers.first).to_have_attribute("style", f"left: {after[0]}%; top: {after[1]}%;")
    await expect(ada.window).to_have_count(0)

    await ada.markers.first.focus()
    await ada.page.keyboard.press("ArrowRight")
    await ada.page.keyboard.press("Shift+ArrowDown")
    await ada.page.keyboard.press("Escape")
    assert await place(ada) == after
    await ada.page.keyboard.press("ArrowRight")
    await ada.page.keyboard.press("Enter")
    wanted = f"left: {round(after[0] + 1, 4):g}%; top: {after[1]}%;"
    await expect(bob.markers.first).to_have_attribute("style", wanted)


async def test_a_marker_is_resolved_deleted_and_brought_back_for_everybody(
    new_visitor: NewVisitor, address: str
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(30, 30, "Here")
    await ada.is_confirmed()
    await ada.page.locator('[data-tool="resolve"]').click()
    await expect(bob.page.locator(".marker.resolved")).to_have_count(1)
    await ada.page.locator('[data-tool="resolve"]').click()
    await expect(bob.page.locator(".marker.resolved")).to_have_count(0)

    await ada.page.locator("[data-delete-marker]").click()
    await ada.page.locator("[data-confirm-delete]").click()
    await expect(bob.markers).to_have_count(0)
    await expect(ada.page.locator("[data-toast]")).to_contain_text("Conversation deleted")
    await ada.page.locator("[data-undo]").click()
    await expect(bob.markers).to_have_count(1)
    await expect(ada.page.locator("[data-toast]")).to_have_count(0)
    await bob.open_marker()
    await bob.sees_comments("Here")

    await ada.open_marker()
    await ada.comments.first.locator("[data-delete-comment]").click()
    await expect(ada.page.locator("[data-confirm]")).to_contain_text("this conversation and all its comments")
    await ada.page.locator("[data-confirm-delete]").click()  # the only comment, so no empty marker stays
    await expect(bob.page.locator("[data-gone]")).to_be_visible()
    await expect(ada.page.locator("[data-toast]")).to_contain_text("Conversation deleted")
    await ada.page.locator("[data-undo]").click()
    await bob.sees_comments("Here")

    await ada.open_marker()
    await ada.write("And this")
    await ada.is_confirmed()
    await ada.comments.last.locator("[data-delete-comment]").click()
    await ada.page.locator("[data-confirm-delete]").click()
    await bob.sees_comments("Here")
    await ada.page.locator("[data-undo]").click()
    await bob.sees_comments("Here", "And this")
    await ada.sees_comments("Here", "And this")


async def test_OFF1_an_undo_that_fails_stays_at_hand_and_keeps_the_focus(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(30, 30, "Here")
    await ada.is_confirmed()
    undo, markers = ada.page.locator("[data-undo]"), ada.markers

    async def delete() -> None:
        await ada.page.locator("[data-delete-marker]").click()
        await ada.page.locator("[data-confirm-delete]").click()
        await expect(markers).to_have_count(0)

    await delete()
    await ada.page.context.set_offline(True)
    await undo.press("Enter")
    await expect(ada.page.locator("[data-toast]")).to_contain_text("You are offline")
    await expect(undo).to_be_focused()
    await ada.page.context.set_offline(False)
    await ada.is_live()
    busy = {"status": "failed", "code": "unavailable", "reason": "Not now."}
    await ada.page.route("**/restore*", lambda route: route.fulfill(status=503, json=busy), times=1)
    await undo.press("Enter")
    await expect(ada.page.locator("[data-toast]")).to_contain_text("Not now.")
    await expect(undo).to_be_focused()
    await expect(markers).to_have_count(0)
    await undo.press("Enter")
    await expect(markers.first).to_be_focused()
    await expect(ada.page.locator("[data-toast]")).to_have_count(0)

    await ada.open_marker()
    await delete()
    await undo.dblclick()  # the second click falls on the picture, and is none
    await expect(markers.first).to_be_focused()
    await expect(markers).to_have_count(1)
    await expect(ada.window).to_have_count(0)


async def test_a_deletion_without_an_answer_is_told_and_its_window_stays_closed(
    new_visitor: NewVisitor, address: str
) -> None:
    """It may have been done all the same: then the marker goes, and its author is not told that it is gone."""
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(30, 30, "Here")
    await ada.is_confirmed()
    await expect(bob.markers).to_have_count(1)
    lost: list[Route] = []

    async def lose(route: Route) -> None:
        if route.request.method == "DELETE" and not lost:
            lost.append(route)
            await route.abort()
        else:
            await route.continue_()

    await ada.page.route("**/comment-image-chats/**", lose)
    await ada.page.locator("[data-delete-marker]").click()
    await ada.page.locator("[data-confirm-delete]").click()
    await expect(ada.page.locator("[data-toast]")).to_contain_text("it is not known whether this was done")
    await expect(ada.markers).to_have_count(1)
    await expect(ada.window).to_have_count(0)
    await ada.open_marker()
    await ada.page.locator("[data-delete-marker]").click()
    await ada.page.locator("[data-confirm-delete]").click()
    await expect(bob.markers).to_have_count(0)
    await expect(ada.window).to_have_count(0)


async def test_only_ones_own_markers_are_moved(new_visitor: NewVisitor, address: str) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await ada.pin(30, 30, "Here")
    await ada.is_confirmed()
    await bob.open(address)
    before = await place(bob)
    await bob.markers.first.hover()
    await bob.page.wait_for_function(
        "performance.getEntriesByType('resource').some(one => one.name.includes('tools-'))"
    )
    await drag(bob.page, 0, 60, 40)
    await bob.page.mouse.up()
    assert await place(bob) == before
    await bob.markers.first.focus()
    await bob.page.keyboard.press("ArrowRight")
    assert await place(bob) == before
    await expect(bob.window).to_have_count(0)


async def test_a_region_is_drawn_with_shift(new_visitor: NewVisitor, address: str) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(10, 10, "First")
    await ada.is_confirmed()
    await ada.page.keyboard.press("Escape")
    await has_tools(ada)
    box = await ada.page.locator("[data-surface]").bounding_box()
    assert box is not None
    await ada.page.keyboard.down("Shift")
    await ada.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4)
    await ada.page.mouse.down()
    await ada.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    await expect(ada.page.locator(".region.drawn")).to_be_visible()
    await ada.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.7)
    await ada.page.mouse.up()
    await ada.page.keyboard.up("Shift")
    await expect(ada.page.locator(".region.drawn")).to_have_count(0)
    await ada.write("All of this")
    await expect(bob.page.locator(".region")).to_have_count(1)
    size = await bob.page.locator(".region").evaluate("one => [one.style.width, one.style.height].map(parseFloat)")
    assert [round(each) for each in size] == [20, 30]


async def test_markers_that_cover_each_other_are_one_until_they_fan_out(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(80, 50, "Apart")
    for text in ("First", "Second"):  # both where the cross-hair is
        await ada.page.keyboard.press("Escape")
        await ada.page.locator("[data-crosshair]").focus()
        await ada.page.keyboard.press("Enter")
        await ada.write(text)
        await ada.is_confirmed()
    await ada.page.keyboard.press("Escape")
    cluster = ada.page.locator("[data-cluster]")
    await expect(cluster).to_have_text("2")
    await expect(cluster).to_have_accessible_name("2 conversations here")
    await expect(ada.markers.filter(visible=True)).to_have_count(1)
    await cluster.focus()
    await ada.page.keyboard.press("Enter")
    await expect(ada.markers.filter(visible=True)).to_have_count(3)
    await expect(ada.markers.nth(1)).to_be_focused()
    await ada.page.keyboard.press("Escape")
    await expect(cluster).to_be_focused()
    await expect(ada.markers.filter(visible=True)).to_have_count(1)
    await cluster.click()
    await ada.markers.nth(2).click()
    await ada.sees_comments("Second")


async def test_a_link_opens_its_conversation(new_visitor: NewVisitor, address: str) -> None:
    ada, bob = await new_visitor(permissions=["clipboard-read", "clipboard-write"]), await new_visitor()
    await ada.open(f"{address}#part")
    await ada.pin(30, 30, "Here")
    await ada.is_confirmed()
    await ada.page.locator('[data-tool="copy-link"]').click()
    await expect(ada.page.locator("[data-toast]")).to_have_text("Link copied")
    link = await ada.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}#part&image-chat=")
    await bob.open(link)
    await bob.sees_comments("Here")
    await bob.page.keyboard.press("Escape")
    await expect(bob.window).to_have_count(0)
    await bob.page.evaluate("location.hash = ''")
    await bob.page.evaluate("address => { location.hash = new URL(address).hash }", link)
    await bob.sees_comments("Here")
