"""Who else is there: who looks, who writes, and what somebody has not read yet, on each of their devices."""

import pytest
from playwright.async_api import expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from operating import Operator
from running import TENANT, RunningNode
from visiting import fresh

UNREAD = "[data-marker] [data-unread]"


async def test_B6_people_see_who_looks_who_writes_and_what_is_new_on_all_their_devices(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    club = Operator(shared_node).tenant(fresh("club"), domains=["127.0.0.1:*"])

    def page_of(user_id: str, name: str) -> str:
        sso = club.sso(user_id, username=name)
        return pages.put(page(shared_node.url, {"tenantId": club.tenant_id, "urlId": "plan", "sso": sso}))

    desk, phone, ben = await new_visitor(), await new_visitor(), await new_visitor()
    ada_s = page_of("ada", "Ada Lovelace")
    await desk.open(ada_s)
    await phone.open(ada_s)
    await expect(desk.page.locator("[data-presence]")).to_have_count(0)

    await ben.open(page_of("ben", "Ben"))
    await expect(desk.page.locator("[data-presence]")).to_have_accessible_name("2 people here: Ben")
    await expect(ben.page.locator("[data-presence]")).to_have_accessible_name("2 people here: Ada Lovelace")
    await ben.page.locator("[data-presence]").click()
    await expect(ben.page.locator("[data-others] bdi")).to_have_text(["Ada Lovelace"])
    await ben.page.keyboard.press("Escape")
    await expect(ben.page.locator("[data-others] ul")).to_be_hidden()

    await ben.pin(30, 40, "Is this straight?")
    await ben.is_confirmed()
    await expect(desk.page.locator(UNREAD)).to_have_count(1)
    await expect(phone.page.locator(UNREAD)).to_have_count(1)
    await expect(ben.page.locator(UNREAD)).to_have_count(0)
    await desk.open_marker()
    await desk.sees_comments("Is this straight?")
    await expect(desk.page.locator(UNREAD)).to_have_count(0)
    await expect(phone.page.locator(UNREAD)).to_have_count(0)

    await desk.text.press_sequentially("It is")
    await expect(ben.page.locator("[data-typing]")).to_have_text("\u2068Ada Lovelace\u2069 is typing…")
    await expect(ben.page.locator("[data-marker][data-writing]")).to_have_count(1)
    await desk.text.press("Enter")
    await ben.sees_comments("Is this straight?", "It is")
    await expect(ben.page.locator("[data-typing], [data-writing]")).to_have_count(0)
    await phone.marker_says(0, 2)
    await expect(phone.page.locator(UNREAD)).to_have_count(0)

    await ben.page.close()
    await expect(desk.page.locator("[data-presence]")).to_have_count(0)
    await desk.page.reload()
    await desk.marker_says(0, 2)
    await expect(desk.page.locator("[data-marker]")).to_have_accessible_name("Conversation 1: 2 comments")


@pytest.mark.parametrize(("option", "status"), [("usePolling", "polling"), ("disableLiveCommenting", "notLive")])
async def test_M21_without_a_socket_one_s_own_changes_work_and_others_show_when_they_are_asked_for(
    option: str, status: str, new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    sockets: list[str] = []
    ada.page.on("websocket", lambda socket: sockets.append(socket.url))
    config = {"tenantId": TENANT, "urlId": fresh("plan")}
    await ada.page.goto(pages.put(page(shared_node.url, config | {option: True})))
    await expect(ada.page.locator(f'[data-status="{status}"]')).to_be_attached()
    await bob.open(pages.put(page(shared_node.url, config)))

    await bob.pin(20, 40, "From Bob", name="Bob")
    await bob.is_confirmed()
    if option == "usePolling":
        await ada.marker_says(0, 1)
    await ada.pin(70, 40, "From Ada")
    await ada.is_confirmed()
    await expect(ada.markers).to_have_count(2)
    await ada.marker_says(0, 1)
    await ada.write("Again")
    await ada.is_confirmed()
    await bob.marker_says(1, 2)
    await ada.page.mouse.move(5, 5)
    await expect(ada.status).not_to_be_empty()
    assert sockets == []
