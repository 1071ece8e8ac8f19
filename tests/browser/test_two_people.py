"""Two people at one picture: what one does, the other sees."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from itsdangerous.encoding import base64_decode
from playwright.async_api import Page, Route, expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor, Visitor
from running import TENANT, RunningNode


async def hold_replies(tab: Page) -> asyncio.Event:
    """Let requests through to the server, and keep its replies until the event is set."""
    release = asyncio.Event()

    async def hold(route: Route) -> None:
        if route.request.method == "GET":
            await route.continue_()
            return
        response = await route.fetch()
        await release.wait()
        await route.fulfill(response=response)

    await tab.route("**/comment-image-chats/**", hold)
    await tab.route("**/comments/**", hold)
    return release


def holder_of_ticket(address: str) -> str:
    """Return the user id in a socket's ticket, which is signed and not secret from its own browser."""
    [ticket] = parse_qs(urlsplit(address).query)["userIdWS"]
    user_id: str = json.loads(base64_decode(ticket.partition(".")[0]))["principal"]["user_id"]
    return user_id


async def test_M1_a_marker_a_comment_an_edit_and_a_deletion_show_at_the_other_s(
    new_visitor: NewVisitor, address: str
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)

    await ada.pin(30, 40, "Is this straight?")
    await expect(bob.markers).to_have_count(1)
    await bob.marker_says(0, 1)
    await bob.open_marker()
    await bob.sees_comments("Is this straight?")

    await bob.write("Not *quite*.", name="Bob")
    await ada.sees_comments("Is this straight?", "Not quite.")
    await ada.marker_says(0, 2)

    await ada.comments.first.hover()
    await ada.comments.first.locator("[data-edit-comment]").click()
    await ada.page.locator("[data-edit]").fill("Is this level?")
    await ada.page.locator("[data-edit]").press("Enter")
    await bob.sees_comments("Is this level?", "Not quite.")

    await bob.comments.nth(1).hover()
    await bob.comments.nth(1).locator("[data-delete-comment]").click()
    await bob.page.locator("[data-confirm-delete]").click()
    await ada.sees_comments("Is this level?")

    await ada.page.locator("[data-delete-marker]").click()
    await ada.page.locator("[data-confirm-delete]").click()
    await expect(ada.markers).to_have_count(0)
    await expect(bob.page.locator("[data-gone]")).to_be_visible()
    await bob.page.locator("[data-close]").click()
    await expect(bob.markers).to_have_count(0)


async def test_M1_a_marker_that_changes_while_it_is_pressed_opens_all_the_same(
    new_visitor: NewVisitor, address: str
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    await ada.pin(30, 40, "One")
    await bob.marker_says(0, 1)

    await bob.markers.first.hover()
    await bob.page.mouse.down()
    await ada.write("Two")
    await bob.marker_says(0, 2)
    await bob.page.mouse.up()
    await bob.sees_comments("One", "Two")


async def test_M4_one_s_own_marker_shows_before_the_reply_and_once_after_it(
    new_visitor: NewVisitor, address: str
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    release = await hold_replies(ada.page)

    await ada.pin(50, 50, "At once")
    await ada.sees_comments("At once")
    # Bob has the event, so Ada has it too: her own, before her reply
    await expect(bob.markers).to_have_count(1)
    await expect(ada.page.locator("[data-marker]")).to_have_count(1)
    release.set()
    await expect(ada.page.locator('[data-marker][data-state="shown"]')).to_have_count(1)
    await ada.sees_comments("At once")
    await ada.marker_says(0, 1)


async def test_M4_a_refused_comment_is_taken_back_with_the_reason_and_its_text_kept(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(50, 50, "First")
    await ada.sees_comments("First")

    async def refuse(route: Route) -> None:
        body = {"status": "failed", "reason": "Please be kind.", "code": "forbidden", "message": "Please be kind."}
        headers = {"Access-Control-Allow-Origin": "*"}
        if route.request.method == "POST":
            await route.fulfill(status=403, json=body, headers=headers)
        else:
            await route.continue_()

    await ada.page.route("**/comments/**", refuse)
    await ada.write("Second")
    await expect(ada.notice).to_contain_text("Please be kind.")
    await expect(ada.text).to_have_value("Second")
    await ada.sees_comments("First")


async def test_M10_ECHO1_a_third_tab_of_the_same_person_agrees_and_nothing_is_doubled(
    new_visitor: NewVisitor, address: str
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(address)
    await bob.open(address)
    second = Visitor(await ada.page.context.new_page())
    await second.open(address)

    await ada.pin(20, 20, "From the first tab")
    await expect(second.markers).to_have_count(1)
    await second.open_marker()
    await second.write("From the second tab", name="Ada")
    for tab in (ada, second):
        await tab.sees_comments("From the first tab", "From the second tab")
        # the same person, so both may be edited in either tab
        await expect(tab.page.locator("[data-edit-comment]")).to_have_count(2)
    await expect(bob.markers).to_have_count(1)
    await bob.marker_says(0, 2)
    await bob.open_marker()
    await expect(bob.page.locator("[data-edit-comment]")).to_have_count(0)


async def test_M10_all_pictures_of_a_first_visit_know_the_same_person(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    pictures = "".join(f'<img id="{name}" src="/picture.svg" alt="{name}">' for name in ("picture", "second", "third"))
    more = "".join(
        f"<script>ImageChat('{name}', {{tenantId: '{TENANT}', urlId: 'first-visit-{name}'}})</script>"
        for name in ("second", "third")
    )
    html = page(shared_node.url, {"tenantId": TENANT, "urlId": "first-visit"}, body=pictures).replace(
        "</body>", more + "</body>"
    )
    ada = await new_visitor()
    holders: list[Any] = []
    ada.page.on("websocket", lambda socket: holders.append(holder_of_ticket(socket.url)))
    await ada.page.goto(pages.put(html))
    await expect(ada.page.locator('[data-status="live"]')).to_have_count(3)
    assert len(holders) == 3
    assert len(set(holders)) == 1


async def test_M21_the_page_is_told_how_many_comments_there_are(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(20, 20, "One")
    await ada.sees_comments("One")
    await ada.write("Two")
    await ada.sees_comments("One", "Two")
    await ada.page.wait_for_function("window.counts.at(-1) === 2")
    counts: Any = await ada.page.evaluate("window.counts")
    assert counts[0] == 0


async def test_a_reload_shows_what_was_there(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(20, 20, "Stays")
    await expect(ada.page.locator('[data-marker][data-state="shown"]')).to_have_count(1)
    await ada.open(address)
    await ada.open_marker()
    await ada.sees_comments("Stays")
    await expect(ada.page.locator("[data-edit-comment]")).to_have_count(1)


async def test_what_was_typed_into_a_comment_stays_when_another_tab_deletes_it(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(40, 40, "First")
    await ada.is_confirmed()
    await ada.write("Second")
    await ada.is_confirmed()
    other = Visitor(await ada.page.context.new_page())
    await other.open(address)
    await other.open_marker()
    await other.sees_comments("First", "Second")
    await ada.comments.last.hover()
    await ada.comments.last.locator("[data-edit-comment]").click()
    await ada.page.locator("[data-edit]").fill("Second, in much better words")
    await other.comments.last.hover()
    await other.comments.last.locator("[data-delete-comment]").click()
    await other.page.locator("[data-confirm-delete]").click()
    await ada.sees_comments("First")
    await expect(ada.text).to_have_value("Second, in much better words")
    await expect(ada.notice).to_be_visible()
