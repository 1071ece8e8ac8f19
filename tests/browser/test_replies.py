"""Replies, where the page's owner wants them: M21's `maxReplyDepth`."""

from playwright.async_api import expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor, Visitor
from running import TENANT, RunningNode


async def reply(visitor: Visitor, number: int, text: str, *, name: str = "Ada") -> None:
    """Answer the comment at a place in the open window."""
    await visitor.comments.nth(number).hover()
    await visitor.comments.nth(number).locator("[data-reply-comment]").click()
    await visitor.write(text, name=name)


async def sees_depths(visitor: Visitor, *depths: int) -> None:
    """Wait until the open window's comments are nested like this."""
    for number, depth in enumerate(depths):
        await expect(visitor.comments.nth(number)).to_have_attribute("data-depth", str(depth))
        await expect(visitor.comments.nth(number)).to_have_attribute("data-state", "settled")


async def test_M21_M1_replies_stand_under_what_they_answer_at_everybody_s(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    address = pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "replies", "maxReplyDepth": 2}))
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(30, 30, "First")
    await ada.sees_comments("First")
    await ada.write("Second")
    await bob.open_marker()
    await bob.sees_comments("First", "Second")

    await reply(bob, 0, "To the first", name="Bob")
    await ada.sees_comments("First", "To the first", "Second")
    await reply(ada, 1, "To the reply")
    for person in (ada, bob):
        await person.sees_comments("First", "To the first", "To the reply", "Second")
        await sees_depths(person, 0, 1, 2, 0)
        await expect(person.page.locator("[data-reply-comment]")).to_have_count(3)  # not at the greatest depth

    # what has been answered leaves an empty place
    await ada.comments.first.hover()
    await ada.comments.first.locator("[data-delete-comment]").click()
    await ada.page.locator("[data-confirm-delete]").click()
    for person in (ada, bob):
        await person.sees_comments("deleted", "To the first", "To the reply", "Second")
        await sees_depths(person, 0, 1, 2, 0)


async def test_M21_M4_a_reply_is_begun_and_cancelled_by_keyboard_and_the_depth_changes_at_run_time(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(30, 30, "First")
    await ada.sees_comments("First")
    await sees_depths(ada, 0)
    await expect(ada.page.locator("[data-reply-comment]")).to_have_count(0)  # flat, unless the page wants more

    await ada.page.evaluate("window.chat.update({maxReplyDepth: 1})")
    replying = ada.page.locator("[data-replying]")
    await ada.page.locator("[data-reply-comment]").focus()
    await ada.page.keyboard.press("Enter")
    await expect(replying).to_have_text("Replying to Ada")
    await expect(ada.text).to_be_focused()
    await ada.page.keyboard.press("Escape")
    await expect(replying).to_have_count(0)
    await expect(ada.window).to_be_visible()

    await ada.page.locator("[data-reply-comment]").focus()
    await ada.page.keyboard.press("Enter")
    await ada.page.keyboard.type("Second")
    await ada.page.keyboard.press("Enter")
    await ada.sees_comments("First", "Second")
    await sees_depths(ada, 0, 1)
    await expect(replying).to_have_count(0)

    await ada.page.evaluate("window.chat.update({maxReplyDepth: 0})")
    await sees_depths(ada, 0, 0)
    await ada.page.keyboard.press("Escape")
    await expect(ada.window).to_have_count(0)
