"""What a visitor sees of a conversation before it is open, regions by keyboard, and leaving out what is resolved."""

from typing import Any

from playwright.async_api import Locator, expect

from browser.visitor import NewVisitor


async def box_of(locator: Locator) -> dict[str, float]:
    box: Any = await locator.bounding_box()
    assert box is not None
    return {"left": box["x"], "top": box["y"], "right": box["x"] + box["width"], "bottom": box["y"] + box["height"]}


async def test_B7_a_preview_is_pointed_at_sent_away_and_reached_by_keyboard(
    new_visitor: NewVisitor, address: str
) -> None:
    ada, bob = await new_visitor(), await new_visitor(color_scheme="dark", reduced_motion="reduce")
    await ada.open(address)
    await ada.pin(50, 50, "The roof leaks")
    await ada.is_confirmed()
    await bob.open(address)
    marker, preview = bob.markers.first, bob.page.locator("[data-preview]")
    await marker.hover()
    for words in ("Ada", "The roof leaks", "1 comment"):
        await expect(preview).to_contain_text(words)
    place, around = await box_of(preview), await box_of(marker)
    assert place["bottom"] <= around["top"]
    await bob.page.mouse.move(place["left"] + 20, place["top"] + 10)
    await expect(marker).to_have_accessible_description("Ada The roof leaks 1 comment")
    await bob.page.keyboard.press("Escape")
    await expect(preview).to_have_count(0)
    await bob.page.mouse.move(2, 2)
    await marker.focus()
    await expect(preview).to_contain_text("The roof leaks")
    await bob.page.keyboard.press("Enter")
    await bob.sees_comments("The roof leaks")
    await expect(preview).to_have_count(0)
    await bob.page.keyboard.press("Escape")
    await expect(marker).to_be_focused()
    await bob.page.evaluate("window.chat.update({ preview: false })")
    await bob.page.mouse.move(2, 2)
    await marker.hover()
    await bob.page.locator("[data-crosshair]").focus()
    await expect(preview).to_have_count(0)


async def test_B7_a_region_is_marked_and_sized_by_keyboard(new_visitor: NewVisitor, address: str) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    press = ada.page.keyboard.press
    await ada.pin(20, 20, "A point")
    await ada.is_confirmed()
    await press("Escape")
    crosshair, drawn = ada.page.locator("[data-crosshair]"), ada.page.locator(".region.drawn")
    await crosshair.focus()
    await expect(crosshair).to_have_accessible_description("Shift+Enter marks a region")
    await press("Shift+Enter")
    await expect(drawn).to_be_visible()
    await expect(ada.page.locator("[data-sizing-spoken]")).to_contain_text("Arrows change the size")
    await press("Escape")
    await expect(drawn).to_have_count(0)
    await press("Shift+Enter")
    await press("ArrowDown")
    await press("Shift+ArrowRight")
    await expect(ada.page.locator("[data-sizing-spoken]")).to_have_text("Region: 10.5 by 15 percent")
    await press("Enter")
    await expect(drawn).to_have_count(0)
    await ada.write("All of this")
    await ada.is_confirmed()
    region = bob.page.locator(".region")
    await expect(region).to_have_attribute("style", "left: 50%; top: 50%; width: 10.5%; height: 15%;")

    await press("Escape")
    await expect(ada.markers.nth(1)).to_be_focused()
    await press("Shift+Enter")
    await press("ArrowRight")
    await press("Escape")
    await expect(ada.page.locator(".region")).to_have_attribute("style", await region.get_attribute("style") or "")
    await press("Shift+Enter")
    await press("ArrowRight")
    await press("Enter")
    await expect(region).to_have_attribute("style", "left: 50%; top: 50%; width: 11.5%; height: 15%;")


async def test_a_visitor_leaves_out_what_is_resolved_and_a_link_finds_it(new_visitor: NewVisitor, address: str) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(20, 20, "Open")
    await ada.pin(60, 60, "Done")
    await ada.is_confirmed()
    await ada.page.locator('[data-tool="resolve"]').click()
    await expect(bob.page.locator(".marker.resolved")).to_have_count(1)
    named = await bob.markers.nth(1).get_attribute("data-marker")
    await bob.markers.first.hover()
    toggle = bob.page.locator("[data-toggle-resolved]")
    await expect(toggle).to_have_accessible_name("Hide resolved (1)")
    await toggle.click()
    await expect(bob.markers).to_have_count(1)
    await expect(toggle).to_have_accessible_name("Show resolved (1)")
    await bob.page.locator("[data-open-list]").click()
    await expect(bob.page.locator("[data-entry]")).to_have_count(1)
    await expect(bob.page.locator("[data-hide-resolved]")).to_be_checked()
    await bob.page.keyboard.press("Escape")

    await bob.page.evaluate("hash => { location.hash = hash }", f"image-chat={named}")
    await bob.sees_comments("Done")
    await expect(bob.markers).to_have_count(2)
    await bob.page.keyboard.press("Escape")
    await expect(bob.markers).to_have_count(1)
    await ada.page.locator('[data-tool="resolve"]').click()  # reopens it
    await expect(bob.markers).to_have_count(2)
    await ada.page.locator('[data-tool="resolve"]').click()
    await expect(bob.markers).to_have_count(1)
    await bob.page.evaluate("window.chat.update({ hideResolved: true })")
    await bob.page.evaluate("window.chat.update({ hideResolved: false })")
    await expect(bob.markers).to_have_count(2)
