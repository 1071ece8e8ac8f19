"""A picture on which very much happens, and one on which nothing does (M17)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from live_clients import Person
from running import TENANT, RunningNode

MARKERS = 60
COMMENTS = 150

COUNT_FRAMES = "window.frame = 0; (function next() { window.frame += 1; requestAnimationFrame(next); })();"
"""Asks before anything else does, so it is called first in each frame. Two frames may have the same time."""

COUNT_RENDERINGS = """
window.renderings = [];
new MutationObserver(() => window.renderings.push(window.frame))
  .observe(document.querySelector("image-chat-layer").shadowRoot,
    { subtree: true, childList: true, characterData: true });
"""
"""Each with its frame. Elements and texts: attributes change also when the window is put in its place."""

RECORD_STARTS = """
window.started = [];
for (const name of ["setTimeout", "setInterval", "requestAnimationFrame", "requestIdleCallback"]) {
  const begin = window[name];
  window[name] = (...given) => { window.started.push(name); return begin.apply(window, given); };
}
"""
A_FRAME = "new Promise((done) => new IntersectionObserver(done).observe(document.body))"
"""A real one, also for a page whose clock stands still."""

LOOK = "window.isHidden = !window.isHidden; document.dispatchEvent(new Event('visibilitychange'));"
SCROLLED = (
    '<div id="box" style="height: 100px; width: 300px; overflow: auto"><div style="height: 900px">'
    '<img id="picture" src="/picture.svg" alt="A picture"></div></div>'
)


@pytest_asyncio.fixture(loop_scope="session")
async def bob(shared_node: RunningNode) -> AsyncIterator[Person]:
    async with shared_node.client() as client:
        yield Person(client)


async def shown_markers(tab: Page) -> dict[str, str]:
    """Return what stands on each marker, by its id."""
    found: dict[str, str] = await tab.evaluate(
        """() => Object.fromEntries([...document.querySelector("image-chat-layer").shadowRoot
            .querySelectorAll("[data-marker]")].map((one) => [one.dataset.marker, one.textContent.trim()]))"""
    )
    return found


async def markers_of(person: Person, picture: str) -> dict[str, str]:
    """Return the same as a fresh snapshot has it."""
    return {
        one["_id"]: str(one["commentCount"] or "") if not one["resolved"] else ""
        for one in (await person.enter(picture))["conversations"]
    }


async def shows(tab: Page, wanted: dict[str, str]) -> None:
    async with asyncio.timeout(20):
        while await shown_markers(tab) != wanted:
            await tab.evaluate(A_FRAME)


async def test_M17_a_burst_is_shown_whole_in_one_rendering_a_frame(
    new_visitor: NewVisitor, address: str, bob: Person, request: pytest.FixtureRequest
) -> None:
    picture = request.node.name
    ada = await new_visitor()
    await ada.page.add_init_script(COUNT_FRAMES)
    await ada.open(address)
    first = await bob.mark(picture, comment={"comment": "Before"})
    thread = first["conversation"]["urlId"]
    await ada.open_marker()
    await ada.sees_comments("Before")
    await ada.page.evaluate(COUNT_RENDERINGS)

    async def life(number: int) -> None:
        made = await bob.mark(picture, x=number, y=number, comment={"comment": f"Marker {number}"})
        await bob.comment(made["conversation"]["urlId"], "And more")
        if number % 5 == 0:
            body = {"broadcastId": f"delete-{number}"}
            path = f"/comment-image-chats/{TENANT}/{made['createdChatId']}"
            headers = {"Authorization": f"Bearer {bob.session}"}
            (await bob.client.request("DELETE", path, json=body, headers=headers)).raise_for_status()

    comments = (bob.comment(thread, f"Comment {number}") for number in range(COMMENTS))
    await asyncio.gather(*(life(number) for number in range(MARKERS)), *comments)

    wanted = await markers_of(bob, picture)
    assert len(wanted) == 1 + MARKERS - MARKERS // 5
    await shows(ada.page, wanted | {first["createdChatId"]: str(COMMENTS + 1)})
    await expect(ada.window.locator("h2")).to_have_text(f"{COMMENTS + 1} comments")
    renderings: Any = await ada.page.evaluate("window.renderings")
    assert renderings
    assert len(set(renderings)) == len(renderings)  # each in a frame of its own

    latest = [one["comment"] for one in (await bob.thread(thread))["comments"]]
    assert len(latest) == COMMENTS + 1
    await expect(ada.comments).to_have_count(100)
    await expect(ada.comments.last).to_contain_text(latest[-1])
    await expect(ada.comments.last).to_be_in_viewport()
    await ada.page.locator("[data-earlier]").click()
    await ada.sees_comments(*latest)
    await expect(ada.page.locator("[data-earlier]")).to_have_count(0)


async def test_M17_whoever_reads_earlier_comments_is_left_there_when_new_ones_come(
    new_visitor: NewVisitor, address: str, bob: Person, request: pytest.FixtureRequest
) -> None:
    ada = await new_visitor()
    thread = (await bob.mark(request.node.name, comment={"comment": "Number 0"}))["conversation"]["urlId"]
    for number in range(1, 120):
        await bob.comment(thread, f"Number {number}")
    await ada.open(address)
    await ada.open_marker()
    await expect(ada.comments).to_have_count(100)
    await expect(ada.comments.last).to_be_in_viewport()
    read = ada.comments.filter(has_text="Number 40")
    await read.evaluate("(one) => one.scrollIntoView({block: 'start'})")
    before = await read.bounding_box()
    await asyncio.gather(*(bob.comment(thread, f"Later {number}") for number in range(30)))
    await expect(ada.window.locator("h2")).to_have_text("150 comments")
    await expect(ada.comments).to_have_count(130)
    assert await read.bounding_box() == before
    await ada.page.locator("[data-earlier]").dispatch_event("click")  # without going there
    await expect(ada.comments).to_have_count(150)
    assert await read.bounding_box() == before


async def test_M17_M21_a_hidden_page_tells_its_owner_the_count_and_shows_all_when_it_is_seen(
    new_visitor: NewVisitor, address: str, bob: Person, request: pytest.FixtureRequest
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.page.evaluate("Object.defineProperty(document, 'hidden', {get: () => window.isHidden === true})")
    await ada.page.evaluate(LOOK + "window.requestAnimationFrame = () => 0;")  # none come while nobody looks
    await asyncio.gather(*(bob.mark(request.node.name, comment={"comment": "Unseen"}) for _ in range(MARKERS)))
    await ada.page.wait_for_function(f"window.counts.at(-1) === {MARKERS}", polling=50)
    seen = await ada.page.evaluate(
        f"""async () => {{ {LOOK} await null;
            return document.querySelector("image-chat-layer").shadowRoot.querySelectorAll("[data-marker]").length; }}"""
    )
    assert seen == MARKERS


@pytest.mark.parametrize("scrolled_to", [None, 0, 150, 600])
async def test_M17_nothing_wakes_an_idle_page(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages, scrolled_to: int | None
) -> None:
    """A window open; or the picture in a box that is scrolled: its top seen, its bottom, nothing of it."""
    config = {"tenantId": TENANT, "urlId": f"idle-{scrolled_to}"}
    ada = await new_visitor()
    tab = ada.page
    await tab.clock.install()
    await tab.add_init_script(RECORD_STARTS)
    await ada.open(pages.put(page(shared_node.url, config, body="" if scrolled_to is None else SCROLLED)))
    await ada.pin(20, 20, "Long ago")
    await ada.is_confirmed()
    if scrolled_to is not None:
        await tab.locator("[data-close]").click()
        await tab.evaluate(f"document.getElementById('box').scrollTop = {scrolled_to}")

    async def pass_seconds(count: int) -> None:
        for _ in range(count):
            await tab.clock.run_for(1000)
            await tab.evaluate(A_FRAME)

    await tab.clock.pause_at(await tab.evaluate("Date.now() / 1000 + 60"))  # in seconds
    await pass_seconds(5)
    # An answer of the server, which knows nothing of this clock, may come late; what wakes the page is seen each time.
    started = ["not looked at yet"]
    for _ in range(3):
        if started:
            await tab.evaluate("window.started.length = 0")
            await pass_seconds(20)
            started = await tab.evaluate("window.started")
    assert started == []
    moving = """() => [document, document.querySelector("image-chat-layer").shadowRoot]
        .flatMap((root) => root.getAnimations()).length"""
    assert await tab.evaluate(moving) == 0
    if scrolled_to is None:
        await expect(ada.comments.locator("time")).to_have_text("1 min. ago")
        await tab.clock.run_for(60_000)
        await expect(ada.comments.locator("time")).to_have_text("2 min. ago")
