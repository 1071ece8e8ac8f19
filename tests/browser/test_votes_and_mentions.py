"""What people say to each other's comments: votes, emoji, and each other's names."""

import pytest
from playwright.async_api import Route, expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from running import TENANT, RunningNode


async def refuse(route: Route) -> None:
    body = {"status": "failed", "code": "forbidden", "reason": "Not this one.", "message": "Not this one."}
    await route.fulfill(status=403, json=body, headers={"Access-Control-Allow-Origin": "*"})


async def test_M17_people_vote_and_give_emoji(
    new_visitor: NewVisitor, address: str, shared_node: RunningNode, pages: Pages, request: pytest.FixtureRequest
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(30, 40, "Is this straight?")
    await expect(bob.markers).to_have_count(1)
    await bob.open_marker()
    await bob.sees_comments("Is this straight?")
    adas, bobs = ada.comments.first, bob.comments.first

    await bobs.get_by_role("button", name="Vote up").click()
    await expect(bobs.get_by_role("button", name="Vote up, 1, including you", pressed=True)).to_be_visible()
    await expect(adas.get_by_role("button", name="Vote up, 1", exact=True, pressed=False)).to_be_visible()
    await expect(adas.locator("[data-score]")).to_have_text("1")

    # by keyboard, and back where one was
    await adas.get_by_role("button", name="Add a reaction").press("Enter")
    menu = ada.page.get_by_role("menu")
    await expect(menu.get_by_role("menuitemcheckbox", name="Thumbs up")).to_be_focused()
    await ada.page.keyboard.press("ArrowRight")
    await ada.page.keyboard.press("Enter")
    await expect(menu).to_have_count(0)
    await expect(adas.get_by_role("button", name="Add a reaction", expanded=False)).to_be_focused()
    await expect(adas.get_by_role("button", name="Heart, 1, including you", pressed=True)).to_be_visible()
    await bobs.get_by_role("button", name="Heart, 1", exact=True).click()
    await expect(adas.get_by_role("button", name="Heart, 2, including you")).to_be_visible()
    await adas.get_by_role("button", name="Add a reaction").press("Enter")
    await ada.page.keyboard.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(ada.window).to_be_visible()

    await ada.page.route("**/reactions*", refuse)
    await adas.get_by_role("button", name="Add a reaction").click()
    await menu.get_by_role("menuitemcheckbox", name="Party").click()
    await expect(ada.notice).to_contain_text("Not this one.")
    await expect(adas.locator("[data-reaction]")).to_have_count(1)

    # whoever may only look sees what was given
    config = {"tenantId": TENANT, "urlId": request.node.name, "readonly": True}
    eve = await new_visitor()
    await eve.open(pages.put(page(shared_node.url, config)))
    await eve.open_marker()
    given = eve.comments.first.locator("[data-opinions]")
    await expect(given).to_contain_text("Heart, 2")
    await expect(given).to_contain_text("1 vote")
    await expect(eve.page.locator("[data-opinions] button")).to_have_count(0)


async def test_M17_people_mention_each_other_and_an_edit_may_take_it_back(
    new_visitor: NewVisitor, address: str
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(30, 40, "Is this straight?")
    await expect(bob.markers).to_have_count(1)
    await bob.open_marker()
    await bob.sees_comments("Is this straight?")

    # a name that is typed, and chosen by Enter, which does not send
    await bob.page.locator("[data-name]").fill("Bob")
    await bob.text.press_sequentially("Ask @ad")
    option = bob.page.get_by_role("option", name="Ada")
    await expect(option).to_have_attribute("aria-selected", "true")
    await bob.text.press("Enter")
    await expect(option).to_have_count(0)
    await expect(bob.text).to_have_value("Ask @Ada ")
    await bob.text.press("ControlOrMeta+z")  # undone by the field itself, and done again
    await expect(bob.text).to_have_value("Ask @ad")
    await bob.text.press("ControlOrMeta+Shift+z")
    await expect(bob.text).to_have_value("Ask @Ada ")
    await bob.text.press_sequentially("and mail a@b")
    await bob.text.press("Enter")
    await ada.sees_comments("Is this straight?", "Ask @Ada and mail a@b")
    await expect(ada.page.locator("[data-mention=own]")).to_have_text("@Ada")
    await expect(bob.page.locator("[data-mention='']")).to_have_text("@Ada")

    # Escape leaves the list alone, and only that; an edit without the name mentions nobody
    await bob.comments.nth(1).hover()
    await bob.comments.nth(1).locator("[data-edit-comment]").click()
    edit = bob.page.locator("[data-edit]")
    await edit.fill("Ask ")
    await edit.press_sequentially("@a")
    await expect(option).to_be_visible()
    await edit.press("Escape")
    await expect(option).to_have_count(0)
    await edit.press_sequentially("nybody")
    await edit.press("Enter")
    await ada.sees_comments("Is this straight?", "Ask @anybody")
    await expect(ada.page.locator("[data-mention]")).to_have_count(0)
