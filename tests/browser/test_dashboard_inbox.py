"""A moderator at the inbox, and the people whose words come and go by it: live, for real."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Route, expect

from browser.dashing import Desk, NewDesk, link_of
from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from operating import Operator
from running import RunningNode
from visiting import fresh


class Place:
    """A tenant of a test's own, with people who write."""

    def __init__(self, node: RunningNode, client: httpx.AsyncClient, pages: Pages) -> None:
        self.tenant = fresh("place")
        self.node = node
        self.client = client
        self.pages = pages
        self.operator = Operator(node)
        domains = ["127.0.0.1:*", "localhost:*"]
        self.server = self.operator.tenant(self.tenant, domains=domains, spam={"hold_duplicates": False})

    async def write(self, *texts: str, picture: str = "hall", name: str = "Bob") -> None:
        """Put a marker for each text."""
        for text in texts:
            body = {
                "urlId": picture,
                "pageTitle": "The hall",
                "broadcastId": fresh("b"),
                "x": 30,
                "y": 40,
                "src": f"{self.node.url}/nothing.png",
                "comment": {"comment": text, "commenterName": name},
            }
            answer = await self.client.post(f"/comment-image-chats/{self.tenant}", json=body)
            assert answer.status_code == 200, answer.text

    def page(self, picture: str = "hall") -> str:
        """Return a page with a picture, as visitors see it."""
        return self.pages.put(page(self.node.url, {"tenantId": self.tenant, "urlId": picture}))

    async def sit_down(self, new_desk: NewDesk, state: str = "") -> Desk:
        """Open the inbox as the operator, and wait until it is live."""
        desk = await new_desk(link_of(self.node, self.tenant))
        await desk.open(f"{self.tenant}/moderation{state and '?state=' + state}")
        await desk.is_live()
        return desk


@pytest_asyncio.fixture(loop_scope="session")
async def place(shared_node: RunningNode, pages: Pages) -> AsyncIterator[Place]:
    async with shared_node.client() as client:
        yield Place(shared_node, client, pages)


async def test_what_a_moderator_deletes_is_gone_from_an_open_page_at_once_and_comes_back(
    place: Place, new_desk: NewDesk, new_visitor: NewVisitor
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.open(place.page())
    await bob.open(place.page())
    await ada.pin(30, 40, "Buy my watches")
    await ada.is_confirmed()
    await expect(bob.markers).to_have_count(1)
    desk = await place.sit_down(new_desk)
    await desk.act("Buy my watches", "delete")
    await expect(bob.markers).to_have_count(0)
    await expect(ada.page.locator("[data-gone]")).to_contain_text("has been deleted")
    await expect(desk.entries).to_have_count(0)
    await desk.toast.locator("[data-undo]").click()
    await expect(bob.markers).to_have_count(1)
    await expect(desk.entry("Buy my watches")).to_have_count(1)


async def test_new_words_come_by_themselves_and_wait_while_somebody_is_in_the_list(
    place: Place, new_desk: NewDesk
) -> None:
    desk = await place.sit_down(new_desk)
    await expect(desk.page.locator("[data-empty]")).to_contain_text("All done")
    await place.write("First")
    await expect(desk.entries).to_have_count(1)
    await desk.entry("First").locator("input[type=checkbox]").check()
    await place.write("Second", "Third")
    await expect(desk.page.locator("[data-pill]")).to_have_text("2 new")
    await expect(desk.entries).to_have_count(1)
    await desk.page.locator("[data-pill]").click()
    await expect(desk.entries).to_have_text([re.compile(words) for words in ("Third", "Second", "First")])
    await expect(desk.entry("Third").locator("article")).to_be_focused()


async def test_many_are_deleted_at_once_and_come_back_at_once(place: Place, new_desk: NewDesk) -> None:
    await place.write("One", "Two", "Three", "Four")
    desk = await place.sit_down(new_desk)
    await expect(desk.entries).to_have_count(4)
    await desk.page.locator("[data-all]").click()
    await desk.entry("Three").locator("input[type=checkbox]").uncheck()
    await expect(desk.page.locator(".bulk")).to_contain_text("3 selected")
    await desk.page.locator("[data-bulk=delete]").click()
    await expect(desk.entries).to_have_text([re.compile("Three")])
    await expect(desk.toast).to_contain_text("3 deleted.")
    await desk.press("u")
    await expect(desk.entries).to_have_count(4)
    await desk.page.reload()
    await expect(desk.entries).to_have_count(4)


async def test_what_was_deleted_is_in_a_list_of_its_own_and_is_brought_back_from_there(
    place: Place, new_desk: NewDesk
) -> None:
    await place.write("Stays", "Goes")
    desk = await place.sit_down(new_desk)
    await desk.act("Goes", "delete")
    await expect(desk.toast).to_contain_text("Deleted.")
    await desk.page.locator("[data-choice=deleted]").click()
    await expect(desk.entries).to_have_text([re.compile("Goes.*Deleted by", re.DOTALL)])
    await desk.act("Goes", "restore")
    await expect(desk.entries).to_have_count(0)
    await desk.page.locator("[data-choice=new]").click()
    await expect(desk.entry("Goes")).to_have_count(1)


async def test_everything_is_done_with_keys(place: Place, new_desk: NewDesk) -> None:
    await place.write("One", "Two", "Three", "Four")
    desk = await place.sit_down(new_desk)
    await expect(desk.entries).to_have_count(4)
    active = desk.page.locator(".entry.active")
    await desk.press("j")
    await expect(desk.entry("Four").locator("article")).to_be_focused()
    await desk.press("j", "ArrowDown")
    await expect(active).to_contain_text("Two")
    await desk.press("k")
    await expect(active).to_contain_text("Three")
    await desk.press("a")
    await expect(desk.entry("Three")).to_have_count(0)
    await expect(active).to_contain_text("Two")
    await expect(desk.entry("Two").locator("article")).to_be_focused()
    await desk.press("r")
    await expect(desk.entry("Two").locator("[data-resolved]")).to_be_visible()
    await desk.press("x", "j", "x")
    await expect(desk.page.locator(".bulk")).to_contain_text("2 selected")
    await desk.press("d")
    await expect(desk.entries).to_have_text([re.compile("Four")])
    await expect(desk.toast).to_contain_text("2 deleted.")
    await desk.press("u")
    await expect(desk.entries).to_have_count(3)
    await desk.press("?")
    await expect(desk.page.locator("dialog[open]")).to_contain_text("Next entry")
    await desk.page.locator("[data-shortcuts]").uncheck()
    await desk.press("Escape")
    await desk.press("d")
    await desk.page.locator("[data-search]").fill("four")
    await expect(desk.entries).to_have_text([re.compile("Four")])


async def test_what_one_moderator_has_done_is_seen_at_the_other_s(place: Place, new_desk: NewDesk) -> None:
    await place.write("One", "Two")
    desk, other = await place.sit_down(new_desk), await place.sit_down(new_desk)
    await expect(desk.entries).to_have_count(2)
    await desk.press("j")
    await other.act("One", "approve")
    await expect(desk.entry("One")).to_contain_text("Done elsewhere")
    await other.act("Two", "resolve")
    await expect(desk.entry("Two").locator("[data-resolved]")).to_be_visible()


async def test_words_that_wait_are_let_go_ahead_or_turned_down(
    place: Place, new_desk: NewDesk, new_visitor: NewVisitor
) -> None:
    place.operator.set(place.tenant, approval="anonymous")
    bob = await new_visitor()
    await bob.open(place.page())
    desk = await place.sit_down(new_desk, "held")
    await place.write("Let me in", "And me")
    await expect(desk.entries).to_have_count(2)
    await expect(bob.markers).to_have_count(0)
    await desk.act("Let me in", "approve")
    await expect(bob.markers).to_have_count(1)
    await desk.act("And me", "delete")
    await expect(desk.toast).to_contain_text("Turned down.")
    await expect(desk.page.locator("[data-empty]")).to_contain_text("Nothing waits")
    await expect(bob.markers).to_have_count(1)


async def test_whoever_is_banned_from_the_inbox_is_gone_and_comes_back_when_that_is_undone(
    place: Place, new_desk: NewDesk, new_visitor: NewVisitor
) -> None:
    bob = await new_visitor()
    await bob.open(place.page())
    await bob.pin(30, 40, "Rude words")
    await bob.is_confirmed()
    desk = await place.sit_down(new_desk)
    await desk.act("Rude words", "ban")
    await desk.page.locator("dialog [name=reason]").fill("rude")
    await desk.press("Enter")
    await bob.is_shut_out("You can no longer take part in these conversations.")
    await desk.goes_to("bans")
    await expect(desk.page.locator("[data-ban-row]")).to_contain_text("rude")
    await desk.page.locator("[data-ban-row] button").click()
    await expect(desk.page.locator("[data-ban-row]")).to_have_count(0)


async def test_spam_is_deleted_and_the_same_words_wait_from_then_on(place: Place, new_desk: NewDesk) -> None:
    await place.write("Cheap watches for you")
    desk = await place.sit_down(new_desk)
    await desk.act("Cheap watches", "spam")
    await expect(desk.toast).to_contain_text("Deleted as spam.")
    await expect(desk.page.locator("[data-empty]")).to_contain_text("All done")
    await place.write("Cheap watches for you")
    await expect(desk.entry("Cheap watches").locator("[data-held]")).to_be_visible()


async def test_a_moderator_of_one_tenant_sees_and_does_nothing_in_another(place: Place, new_desk: NewDesk) -> None:
    other = Place(place.node, place.client, place.pages)
    await place.write("Ours")
    await other.write("Theirs")
    desk = await place.sit_down(new_desk)
    await expect(desk.entries).to_have_text([re.compile("Ours")])
    session = (await desk.session())["sessionId"]
    headers = {"Authorization": f"Bearer {session}"}
    for path in (f"/moderation/{other.tenant}/inbox", f"/api/v1/pictures?tenantId={other.tenant}"):
        refused = await place.client.get(path, headers=headers)
        assert refused.status_code in {401, 403, 404}, path
        assert "Theirs" not in refused.text
    await other.write("Theirs too")
    await place.write("Ours too")
    await expect(desk.entry("Ours too")).to_have_count(1)
    await expect(desk.entry("Theirs")).to_have_count(0)


async def test_without_a_connection_the_inbox_says_so_and_catches_up_by_itself(place: Place, new_desk: NewDesk) -> None:
    await place.write("Before")
    desk = await place.sit_down(new_desk)
    await desk.page.context.set_offline(True)
    await expect(desk.page.locator("[data-offline]")).to_be_visible()
    await desk.act("Before", "approve")
    await expect(desk.toast).to_contain_text("could not be reached")
    await expect(desk.entry("Before")).to_have_count(1)
    await place.write("Meanwhile")
    await desk.page.locator("h1").hover()
    await desk.page.locator("[data-search]").focus()
    await desk.page.context.set_offline(False)
    await desk.is_live()
    await expect(desk.entry("Meanwhile")).to_have_count(1)


async def test_undo_that_is_faster_than_the_server_takes_back_the_last_act_and_no_earlier_one(
    place: Place, new_desk: NewDesk
) -> None:
    await place.write("One", "Two")
    desk = await place.sit_down(new_desk)
    await desk.act("One", "delete")
    await expect(desk.toast).to_contain_text("Deleted.")
    answering = asyncio.Event()

    async def wait(route: Route) -> None:
        await answering.wait()
        await route.continue_()

    await desk.page.route("**/mass-deletions", wait)
    await desk.act("Two", "delete")
    await expect(desk.entries).to_have_count(0)
    await desk.press("u")
    answering.set()
    await expect(desk.entries).to_have_text([re.compile("Two")])


async def test_the_box_for_all_shows_that_all_are_selected(place: Place, new_desk: NewDesk) -> None:
    await place.write("One", "Two")
    desk = await place.sit_down(new_desk)
    everything = desk.page.locator("[data-all]")
    await everything.click()
    await expect(everything).to_be_checked()
    await desk.entry("Two").locator("input[type=checkbox]").uncheck()
    await expect(everything).to_be_checked(indeterminate=True)
    await everything.click()
    await expect(desk.page.locator(".bulk")).to_contain_text("2 selected")
    await expect(everything).to_be_checked()
    await everything.click()
    await expect(everything).not_to_be_checked()


FITS = """entry => {
  const card = entry.closest(".card").getBoundingClientRect();
  const all = [...entry.querySelectorAll("b, .words, pre, button, .thumb")].map((one) => one.getBoundingClientRect());
  return all.every(({left, right}) => left >= card.left && right <= card.right);
}"""
IN_A_ROW = """all => {
  const boxes = all.map((one) => one.getBoundingClientRect());
  return Math.max(...boxes.map(({top}) => top)) < Math.min(...boxes.map(({bottom}) => bottom));
}"""


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
@pytest.mark.parametrize("locale", ["en-GB", "he-IL"])
async def test_long_names_and_words_stay_within_their_entry_and_its_buttons_in_a_row(
    place: Place, new_desk: NewDesk, width: int, locale: str
) -> None:
    await place.write("x" * 500, "```\n" + "code " * 100 + "\n```", name="N" * 90)
    desk = await new_desk(link_of(place.node, place.tenant), viewport={"width": width, "height": 800}, locale=locale)
    await desk.open(f"{place.tenant}/moderation")
    await expect(desk.entries).to_have_count(2)
    for entry in await desk.entries.all():
        assert await entry.evaluate(FITS)
        assert await entry.locator(".entry-tools button").evaluate_all(IN_A_ROW)


async def test_a_picture_that_cannot_be_loaded_shows_all_that_was_said_on_it_and_nothing_of_its_namesakes(
    place: Place, new_desk: NewDesk
) -> None:
    await place.write("Here it is", picture="mine")
    await place.write(*(f"Elsewhere {number}" for number in range(210)), picture="other")
    desk = await place.sit_down(new_desk)
    await desk.open(f"{place.tenant}/picture?urlId=mine")
    await expect(desk.page.locator("[data-conversations] .said")).to_have_text([re.compile("Here it is")])
    await desk.open(f"{place.tenant}/picture?urlId=other")
    await expect(desk.page.locator("[data-conversations] .said")).to_have_count(210)
