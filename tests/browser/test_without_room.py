"""A visitor of a server whose disk is full reads on, is told plainly, and keeps the text."""

from playwright.async_api import expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from filling import give_room
from imagechat.store.storage_trouble import FULL
from running import TENANT, RunningNode


async def test_M16_OFF1_a_visitor_is_told_that_there_is_no_room_and_can_send_the_text_again(
    new_visitor: NewVisitor, node: RunningNode, pages: Pages
) -> None:
    address = pages.put(page(node.url, {"tenantId": TENANT, "urlId": "full"}))
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await ada.pin(30, 30, "Before")
    await ada.is_confirmed()

    give_room(node, 1)
    await ada.write("No room for this")
    await expect(ada.notice).to_have_text(FULL.sentence)
    await expect(ada.text).to_have_value("No room for this")
    await ada.is_live()
    await bob.open(address)  # whoever comes sees what is there
    await bob.open_marker()
    await bob.sees_comments("Before")

    give_room(node)
    await ada.text.press("Enter")
    await bob.sees_comments("Before", "No room for this")
    await ada.sees_comments("Before", "No room for this")
