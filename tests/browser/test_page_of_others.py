"""The widget on a page that is not ours: it survives the page's CSS, and leaves nothing behind."""

import asyncio

from playwright.async_api import Route, expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

HOSTILE = """
* { all: unset !important; box-sizing: content-box !important; font-size: 0 !important; color: transparent !important }
div, section, button, textarea, input, span, p { display: none !important; visibility: hidden !important }
*:not(html):not(body) { position: static !important; transform: rotate(12deg) !important; opacity: 0.1 !important;
  pointer-events: none !important; z-index: -1 !important; width: 3px !important; height: 3px !important }
#picture { display: block !important; width: 500px !important; height: 375px !important; opacity: 1 !important;
  transform: none !important; pointer-events: auto !important }
"""


async def test_a_page_with_hostile_css_cannot_break_the_widget(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "hostile"}, style=HOSTILE)))
    await ada.pin(40, 40, "Still here")
    await ada.sees_comments("Still here")
    window = await ada.window.bounding_box()
    assert window is not None
    assert window["width"] == 300
    # found and looked at in one step: a comment's element is another one once the server has it
    size = await ada.window.evaluate(
        "(window) => parseFloat(getComputedStyle(window.querySelector('[data-comment]')).fontSize)"
    )
    assert size >= 12


async def test_the_widget_does_not_move_or_restyle_the_page(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    body = '<p id="above">Above</p><img id="picture" src="/picture.svg" alt="A picture"><p id="below">Below</p>'
    measure = """() => ["above", "picture", "below"].map((id) => {
        const r = document.getElementById(id).getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })"""
    ada = await new_visitor()
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "still"}, body=body)))
    with_widget = await ada.page.evaluate(measure)
    await ada.page.evaluate("window.chat.destroy()")
    assert await ada.page.evaluate(measure) == with_widget


async def test_a_wrong_config_is_one_clear_error(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "config"})))
    for arguments in ("null, {tenantId: 'x'}", "document.body.querySelector('script'), {}", "'picture', {}"):
        message = await ada.page.evaluate(
            f"() => {{ try {{ ImageChat({arguments}) }} catch (e) {{ return e.message }} }}"
        )
        assert isinstance(message, str)
        assert message


async def test_an_unknown_tenant_is_said_where_the_eye_is(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    await ada.page.goto(pages.put(page(shared_node.url, {"tenantId": "nobody", "urlId": "x"})))
    await expect(ada.status).to_contain_text("tenant")


async def test_M21_an_update_that_makes_no_sense_is_refused_and_the_next_one_counts(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    message = await ada.page.evaluate(
        "() => { try { chat.update({chatSquarePercentage: 900}) } catch (e) { return e.message } }"
    )
    assert "chatSquarePercentage" in message
    await ada.page.evaluate("chat.update({readonly: true})")
    await expect(ada.page.locator("[data-surface]")).to_have_count(0)


async def test_M23_without_the_owners_word_dark_follows_the_page_again(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor(color_scheme="light")
    await ada.open(address)
    dark = ada.page.locator("image-chat-layer .root.dark")
    await ada.page.evaluate("chat.update({hasDarkBackground: true})")
    await expect(dark).to_have_count(1)
    await ada.page.evaluate("chat.update({hasDarkBackground: null})")
    await expect(dark).to_have_count(0)
    await ada.page.evaluate("document.body.className = 'dark'")
    await expect(dark).to_have_count(1)


async def test_M23_a_page_whose_language_is_no_language_tag_shows_comments_all_the_same(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    config = {"tenantId": TENANT, "urlId": "language", "locale": "en_us"}
    await ada.open(pages.put(page(shared_node.url, config)))
    await ada.pin(40, 40, "Readable")
    await ada.sees_comments("Readable")
    await ada.is_confirmed()
    await ada.page.evaluate("document.documentElement.lang = 'not a language'; chat.update({locale: null})")
    await ada.write("Still readable")
    await ada.sees_comments("Readable", "Still readable")
    await ada.is_confirmed()


async def test_markers_go_with_their_picture_when_the_page_removes_hides_or_moves_it(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    body = '<img id="picture" src="/picture.svg" alt="A picture"><dialog id="dialog"></dialog>'
    ada = await new_visitor()
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "moves"}, body=body)))
    await ada.pin(40, 40, "Where it goes")
    await ada.is_confirmed()
    await ada.page.keyboard.press("Escape")
    await ada.page.evaluate("window.picture = document.getElementById('picture'); picture.style.visibility = 'hidden'")
    await expect(ada.markers.first).to_be_hidden()
    await ada.page.evaluate("picture.style.visibility = ''")
    await expect(ada.markers.first).to_be_visible()
    await ada.page.evaluate("picture.remove()")
    await expect(ada.markers.first).to_be_hidden()
    await ada.page.evaluate("dialog.append(picture); dialog.showModal()")
    await ada.open_marker()  # outside the dialog nothing can be clicked
    await ada.sees_comments("Where it goes")
    at, box = await ada.markers.first.bounding_box(), await ada.page.locator("#picture").bounding_box()
    assert at is not None
    assert box is not None
    assert abs(at["x"] + at["width"] / 2 - (box["x"] + box["width"] * 0.4)) <= 1
    assert abs(at["y"] + at["height"] / 2 - (box["y"] + box["height"] * 0.4)) <= 1


async def test_what_was_sent_arrives_although_the_page_destroys_the_widget_just_then(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
    create = f"**/comment-image-chats/{TENANT}"
    await ada.page.route(create, lambda route: held.set_result(route))  # noqa: PLW0108 -- Playwright marks its handlers
    await ada.pin(40, 40, "Sent")
    route = await held
    await ada.page.evaluate("chat.destroy()")
    async with ada.page.expect_event("requestfinished"):
        await route.continue_()
    await ada.page.unroute(create)
    await ada.open(address)
    await expect(ada.markers).to_have_count(1)


async def test_a_page_that_drops_the_picture_with_all_around_it_may_still_update_and_destroy(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(40, 40, "Dropped")
    await ada.is_confirmed()
    frame = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    await ada.page.evaluate("document.body.innerHTML = ''; chat.update({maxReplyDepth: 1})")
    await ada.page.evaluate(frame)
    await ada.page.evaluate("chat.destroy()")
    await ada.page.evaluate(frame)
