"""Pictures, people, settings and tenants, looked after in the dashboard."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio
from playwright.async_api import expect

from browser.dashing import NewDesk, link_of
from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from operating import Operator
from running import RunningNode
from signing import TenantServer
from visiting import fresh


@dataclass
class Club:
    """A tenant of a test's own, whose members write."""

    node: RunningNode
    client: httpx.AsyncClient
    server: TenantServer

    @property
    def tenant(self) -> str:
        return self.server.tenant_id

    async def write(self, text: str, *, user: str = "mia", picture: str = "hall", **more: Any) -> None:
        """Put a marker on a picture that nobody can load."""
        comment = {"comment": text, "commenterName": user}
        body = {
            "urlId": picture,
            "broadcastId": fresh("b"),
            "x": 30,
            "y": 40,
            "src": "/nothing.png",
            "comment": comment,
        }
        params = {"sso": self.server.sso(user, **more)}
        answer = await self.client.post(f"/comment-image-chats/{self.tenant}", params=params, json=body)
        assert answer.status_code == 200, answer.text


@pytest_asyncio.fixture(loop_scope="session")
async def club(shared_node: RunningNode) -> AsyncIterator[Club]:
    server = Operator(shared_node).tenant(fresh("club"), domains=["127.0.0.1:*", "localhost:*"])
    async with shared_node.client() as client:
        yield Club(shared_node, client, server)


async def test_a_picture_that_cannot_be_loaded_shows_what_was_said_on_it(club: Club, new_desk: NewDesk) -> None:
    await club.write("Is *this* straight? <b>no</b>")
    desk = await new_desk(link_of(club.node))
    await desk.open(f"{club.tenant}/picture?urlId=hall")
    await expect(desk.page.locator("[data-no-image]")).to_be_visible()
    said = desk.page.locator("[data-conversations]")
    await expect(said).to_contain_text("Is this straight?")
    assert await said.locator("b b, script").count() == 0


async def test_settings_gather_until_they_are_saved_and_say_what_is_wrong_beside_the_field(
    club: Club, new_desk: NewDesk
) -> None:
    desk = await new_desk(link_of(club.node))
    await desk.open(f"{club.tenant}/settings")
    links = desk.page.locator("[data-setting='spam.max_links'] input")
    await links.fill("many")
    await desk.page.locator("[data-save]").click()
    await expect(desk.page.locator("[data-setting='spam.max_links'] [role=alert]")).to_contain_text("whole number")
    await expect(links).to_be_focused()
    await links.fill("7")
    domains = desk.page.locator("[data-setting=domains] textarea")
    await domains.fill("no domain")
    await expect(desk.page.locator("[data-unsaved]")).to_contain_text("2 changes")
    await desk.page.locator("[data-save]").click()
    await expect(desk.page.locator("[data-setting=domains] [role=alert]")).to_be_visible()
    await desk.page.locator("[data-page=audit]").click()
    await expect(desk.page.locator("dialog[open]")).to_be_visible()
    await desk.press("Escape")
    await domains.fill("127.0.0.1:*\nlocalhost:*")
    await desk.page.locator("[data-save]").click()
    await expect(desk.page.locator("[data-unsaved]")).to_have_count(0)
    await desk.page.reload()
    await expect(links).to_have_value("7")


async def test_a_new_tenant_gets_a_key_that_is_shown_once(club: Club, new_desk: NewDesk) -> None:
    desk = await new_desk(link_of(club.node))
    await desk.open("all/tenants")
    await desk.page.get_by_role("link", name="New tenant").click()
    await desk.page.locator("[name=id]").fill("no id")
    await desk.page.get_by_role("button", name="Create").click()
    await expect(desk.page.locator("[data-new-tenant] [role=alert]")).to_be_visible()
    await desk.page.locator("[name=id]").fill("regatta")
    await desk.page.get_by_role("button", name="Create").click()
    await expect(desk.page.locator("[data-new-key] input")).to_have_value(re.compile(r"\S{20,}"))
    await desk.page.get_by_role("link", name="Go to its settings").click()
    await expect(desk.page.locator("[data-keys] .keys-list li")).to_have_count(1)
    await expect(desk.page.locator("[data-new-key]")).to_have_count(0)
    await desk.page.locator("[data-new]").click()
    await expect(desk.page.locator("[data-new-key]")).to_be_visible()
    await expect(desk.page.locator("[data-keys] .keys-list li")).to_have_count(2)


async def test_a_picture_is_opened_with_its_markers_and_the_moderator_at_work(
    club: Club, pages: Pages, new_desk: NewDesk, new_visitor: NewVisitor
) -> None:
    ada = await new_visitor()
    await ada.open(pages.put(page(club.node.url, {"tenantId": club.tenant, "urlId": "wall"})))
    await ada.pin(30, 40, "On the picture")
    await ada.is_confirmed()
    desk = await new_desk(link_of(club.node, club.tenant))
    await desk.open(f"{club.tenant}/moderation")
    await expect(desk.entries).to_have_count(1)
    await desk.press("j", "o")
    await expect(desk.heading).to_have_text("A page")
    marker = desk.page.locator("[data-marker]:not([data-marker=draft])")
    await marker.click()
    await expect(desk.page.locator("[data-window] [data-comment]")).to_contain_text("On the picture")
    await desk.page.locator("[data-window] [data-comment]").hover()
    await desk.page.locator("[data-window] [data-delete-comment]").click()
    await desk.page.locator("[data-window] [data-confirm-delete]").click()
    await expect(ada.comments).to_have_count(0)


async def test_a_picture_is_locked_and_given_to_groups(
    club: Club, pages: Pages, new_desk: NewDesk, new_visitor: NewVisitor
) -> None:
    await club.write("First", picture="hall")
    await club.write("Second", picture="garden")
    bob = await new_visitor()
    await bob.open(pages.put(page(club.node.url, {"tenantId": club.tenant, "urlId": "hall"})))
    desk = await new_desk(link_of(club.node, club.tenant))
    await desk.open(f"{club.tenant}/pictures")
    rows = desk.page.locator("[data-picture]")
    await expect(rows).to_have_count(2)
    await desk.page.locator("[data-search]").fill("hal")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("1 looking now")
    await rows.locator("[data-lock]").click()
    await expect(rows.locator("[data-locked]")).to_be_visible()
    await expect(bob.page.locator("[data-surface]")).to_have_count(0)
    await desk.toast.locator("[data-undo]").click()
    await expect(bob.page.locator("[data-surface]")).to_be_visible()
    await rows.locator("[data-groups]").click()
    await desk.page.locator("dialog [name=groups]").fill("design, board")
    await desk.press("Enter")
    await expect(rows.locator("[data-private]")).to_have_text("Only design, board")
    await bob.is_shut_out("This picture's conversations are not available to you.")
    await desk.page.reload()
    await expect(rows.locator("[data-private]")).to_contain_text("board")


async def test_somebody_is_found_and_all_of_theirs_deleted_brought_back_given_out_and_erased(
    club: Club, new_desk: NewDesk
) -> None:
    await club.write("One", user="mia")
    await club.write("Two", user="mia")
    await club.write("Three", user="max")
    desk = await new_desk(link_of(club.node, club.tenant))
    await desk.open(f"{club.tenant}/people")
    people = desk.page.locator("[data-person]")
    await expect(people).to_have_count(2)
    await desk.page.locator("[data-search]").fill("mia")
    await expect(people).to_have_count(1)
    async with desk.page.expect_download() as download:
        await people.locator("[data-do=exportData]").click()
    assert "Two" in (await (await download.value).path()).read_text("utf-8")
    await people.locator("[data-do=deleteAll]").click()
    await expect(desk.page.locator("dialog [data-count]")).to_contain_text("2 markers and comments")
    await desk.page.locator("dialog [data-confirm]").click()
    await expect(desk.toast).to_contain_text("2 deleted.")
    await desk.toast.locator("[data-undo]").click()
    await desk.goes_to("moderation")
    await expect(desk.entries).to_have_count(3)
    await desk.goes_to("people")
    await people.filter(has_text="mia").locator("[data-do=erase]").click()
    await desk.page.locator("dialog [name=confirm]").fill("max")
    await desk.press("Enter")
    await expect(people).to_have_count(2)
    await desk.page.locator("dialog [name=confirm]").fill("mia")
    await desk.press("Enter")
    await expect(people).to_have_text([re.compile("max")])
    await desk.goes_to("moderation")
    await expect(desk.entries).to_have_text([re.compile("Three")])


async def test_somebody_is_banned_and_let_off(club: Club, new_desk: NewDesk) -> None:
    await club.write("One", user="mia")
    desk = await new_desk(link_of(club.node, club.tenant))
    await desk.open(f"{club.tenant}/people")
    mia = desk.page.locator("[data-person]")
    await mia.locator("[data-do=ban]").click()
    await desk.page.locator("dialog select").select_option("24")
    await desk.page.locator("dialog button[type=submit]").click()
    await expect(mia.locator("[data-banned]")).to_be_visible()
    await mia.locator("[data-do=lift]").click()
    await expect(mia.locator("[data-banned]")).to_have_count(0)
