"""B7: what somebody hears who uses a picture's conversations by keyboard, as the accessibility tree has it."""

import pytest
from playwright.async_api import Page, expect

from browser.embedding import Pages, page
from browser.states import put_markers
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

ARRIVING = """
- img "A picture"
- button /^Pin a comment by keyboard/
- 'button "Conversation 1: 1 comment"'
- 'button "Conversation 2: 1 comment"'
- 'button "Conversation 3: 1 comment"'
"""
READING = """
- 'dialog "Conversation 2: 1 comment"':
  - heading "1 comment" [level=2]
  - button "Copy link"
  - button "Close"
  - list:
    - listitem:
      - text: Grace
      - time: now
      - paragraph: The door sticks
      - button "Vote up"
      - button "Vote down"
      - button "Add a reaction"
      - button "Reply"
  - textbox "Your name"
  - textbox "Comment"
  - button "Send" [disabled]
"""
ANSWERED = """
- 'dialog "Conversation 2: 2 comments"':
  - heading "2 comments" [level=2]
  - list:
    - listitem:
      - text: Grace
      - paragraph: The door sticks
      - button "Vote up, 1, including you" [pressed]
    - listitem [level=2]:
      - text: Anonymous you
      - paragraph: Since Monday
      - button "Edit"
      - button "Delete"
  - textbox "Comment"
"""
OWN = """
- 'dialog "Conversation 4: 1 comment"':
  - button "Resolve"
  - button "Delete conversation"
  - button "Close"
"""
LIST = """
- dialog "Conversations":
  - heading "Conversations" [level=2]
  - searchbox "Search conversations"
  - combobox "Sort by"
  - checkbox "Unread only"
  - list:
    - listitem:
      - button /A scratch .* resolved/
    - listitem:
      - button /^3 /
    - listitem:
      - button /^2 /
    - listitem:
      - button /^1 /
"""
"""Of each step what matters: what is not named may be there too."""


async def tab_to(tab: Page, selector: str) -> None:
    """Go on by Tab until something has the focus."""
    goal = tab.locator(selector)
    for _ in range(40):
        await tab.keyboard.press("Tab")
        if await goal.evaluate_all("(found) => found.some((one) => one.getRootNode().activeElement === one)"):
            return
    pytest.fail(f"Tab does not come to {selector}")


async def test_B7_conversations_are_read_and_answered_by_keyboard_and_each_step_says_what_it_is(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    texts = ("The roof leaks", "The door sticks", "Wrong colour")
    await put_markers(shared_node, "heard", [(70, 20 + 25 * number, text) for number, text in enumerate(texts)])
    ada = await new_visitor()
    tab = ada.page
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "heard", "maxReplyDepth": 2})))
    await expect(ada.markers).to_have_count(len(texts))
    tree = tab.locator("body")
    await expect(tree).to_match_aria_snapshot(ARRIVING)

    await tab_to(tab, "[data-crosshair]")
    await tab.keyboard.press("Tab")
    await tab.keyboard.press("Tab")
    await expect(ada.markers.nth(1)).to_be_focused()
    await tab.keyboard.press("Enter")
    await ada.sees_comments(texts[1])
    await expect(tree).to_match_aria_snapshot(READING)
    await expect(ada.text).to_be_focused()

    await tab_to(tab, "[data-vote=up]")
    await tab.keyboard.press("Space")
    await expect(tab.locator("[data-vote=up]")).to_have_accessible_name("Vote up, 1, including you")
    await tab_to(tab, "[data-reply-comment]")
    await tab.keyboard.press("Enter")
    await expect(ada.text).to_be_focused()
    await expect(ada.text).to_have_accessible_description("Replying to Grace")
    await tab.keyboard.type("Since Monday")
    await tab.keyboard.press("Enter")
    await ada.sees_comments(texts[1], "Since Monday")
    await ada.is_confirmed()
    await expect(tree).to_match_aria_snapshot(ANSWERED)
    await tab.keyboard.press("Escape")
    await expect(ada.window).to_have_count(0)
    await expect(ada.markers.nth(1)).to_be_focused()
    await expect(ada.markers.nth(1)).to_have_accessible_name("Conversation 2: 2 comments")


async def test_B7_ones_own_conversation_is_begun_resolved_and_found_by_keyboard(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    places = [(70.0, 20.0, "The roof leaks"), (70.0, 45.0, "The door sticks"), (70.0, 70.0, "Wrong colour")]
    await put_markers(shared_node, "begun", places)
    ada = await new_visitor()
    tab = ada.page
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "begun"})))
    await expect(ada.markers).to_have_count(len(places))
    tree = tab.locator("body")

    await tab_to(tab, "[data-crosshair]")
    await tab.keyboard.press("ArrowLeft")
    await tab.keyboard.press("Enter")
    await expect(tree).to_match_aria_snapshot('- dialog "New conversation"')
    await expect(ada.text).to_be_focused()
    await tab.keyboard.type("A scratch")
    await tab.keyboard.press("Enter")
    await ada.is_confirmed()
    await expect(tree).to_match_aria_snapshot(OWN)
    await tab_to(tab, '[data-tool="resolve"]')
    await tab.keyboard.press("Enter")
    await expect(tab.locator("[data-announcement]")).to_contain_text("Conversation resolved")
    await expect(tab.locator('[data-tool="resolve"]')).to_be_focused()
    await expect(tab.locator('[data-tool="resolve"]')).to_have_accessible_name("Reopen")
    await tab.keyboard.press("Escape")
    await expect(ada.markers.nth(3)).to_be_focused()
    await expect(ada.markers.nth(3)).to_have_accessible_name("Conversation 4: 1 comment, resolved")

    await tab_to(tab, "[data-open-list]")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("[data-panel]")).to_be_visible()
    await expect(tree).to_match_aria_snapshot(LIST)
    await tab.keyboard.press("Escape")
    await expect(tab.locator("[data-open-list]")).to_be_focused()
