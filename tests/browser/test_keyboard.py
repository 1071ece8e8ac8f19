"""People who use the keyboard never lose their place."""

from playwright.async_api import expect

from browser.visitor import NewVisitor


async def test_B7_the_focus_stays_in_the_window_when_what_had_it_goes_away(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(40, 40, "First")
    await ada.is_confirmed()
    await ada.text.fill("Second")
    await ada.page.locator("[data-send]").focus()
    await ada.page.keyboard.press("Enter")
    await ada.sees_comments("First", "Second")
    await ada.is_confirmed()
    await expect(ada.text).to_be_focused()
    await ada.comments.last.locator("[data-delete-comment]").focus()
    await ada.page.keyboard.press("Enter")
    await ada.page.locator("[data-confirm-delete]").focus()
    await ada.page.keyboard.press("Enter")
    await ada.sees_comments("First")
    await expect(ada.text).to_be_focused()
    await ada.page.locator("[data-delete-marker]").focus()
    await ada.page.keyboard.press("Enter")
    await ada.page.locator("[data-confirm] .quiet").focus()
    await ada.page.keyboard.press("Enter")
    await expect(ada.text).to_be_focused()
    await ada.page.keyboard.press("Escape")
    await expect(ada.window).to_have_count(0)
    await expect(ada.markers.first).to_be_focused()


async def test_B7_escape_on_the_marker_of_an_open_window_closes_it(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(40, 40, "First")
    await ada.is_confirmed()
    await ada.markers.first.focus()
    await ada.page.keyboard.press("Escape")
    await expect(ada.window).to_have_count(0)
    await expect(ada.markers.first).to_be_focused()
