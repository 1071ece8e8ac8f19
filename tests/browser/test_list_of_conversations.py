"""The list of all conversations: found, sorted, read one after the other, by keyboard alone too."""

from playwright.async_api import expect

from browser.visitor import NewVisitor


async def test_the_list_finds_sorts_and_opens_conversations_by_keyboard(new_visitor: NewVisitor, address: str) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await bob.open(address)
    await ada.open(address)
    for x, text in ((20, "The roof leaks"), (50, "Wrong colour"), (80, "Door sticks")):
        await ada.pin(x, 40, text)
        await ada.is_confirmed()
    await ada.write("Since Monday")
    await ada.is_confirmed()
    await expect(bob.markers).to_have_count(3)
    panel, entries = bob.page.locator("[data-panel]"), bob.page.locator("[data-entry]")

    await bob.markers.first.focus()
    await bob.page.locator("[data-open-list]").wait_for()
    await bob.page.keyboard.press("/")
    await expect(panel).to_have_accessible_name("Conversations")
    await expect(bob.page.locator("[data-search]")).to_be_focused()
    await expect(entries).to_have_count(3)
    await expect(entries.first).to_contain_text("Door sticks")
    await expect(entries.last).to_contain_text("The roof leaks")
    await bob.page.keyboard.type("colour ada")
    await expect(entries).to_have_count(1)
    await bob.page.keyboard.press("ArrowDown")
    await expect(entries.first).to_be_focused()
    await bob.page.keyboard.press("Enter")
    await bob.sees_comments("Wrong colour")
    await bob.page.keyboard.press("Escape")
    await expect(bob.window).to_have_count(0)
    await expect(entries.first).to_be_focused()  # from where it was opened

    await bob.page.locator("[data-search]").fill("nowhere")
    await expect(panel).to_contain_text("Nothing found.")
    await bob.page.locator("[data-search]").fill("")
    await bob.page.locator("[data-sort]").select_option("oldest")
    await expect(entries.first).to_contain_text("The roof leaks")
    await bob.page.locator("[data-unread-only]").check()
    await expect(entries).to_have_count(2)
    await bob.page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)

    await bob.markers.first.focus()
    await bob.page.keyboard.press("n")
    await expect(bob.window).to_be_visible()
    await bob.page.keyboard.press("Escape")
    await bob.page.keyboard.press("n")
    await expect(bob.window).to_be_visible()
    await bob.page.keyboard.press("Escape")
    await expect(bob.page.locator("[data-marker] [data-unread]")).to_have_count(0)
