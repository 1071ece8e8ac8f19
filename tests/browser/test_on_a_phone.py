"""M22 on a phone: the whole screen, above the keyboard, before a page that stays; and going back closes it."""

import pytest
from playwright.async_api import expect

from browser.embedding import PICTURE_WIDTH, Pages, page
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WITH_ROUTER = (
    '<h1 style="height: 300px">A plan</h1><img id="picture" src="/picture.svg" alt="" style="width: 100%">'
    '<p style="height: 1500px">More</p>'
)
LISTEN = """() => {
  window.popped = [];
  addEventListener('popstate', () => popped.push([location.hash, history.state]));
  history.replaceState({ page: 1 }, '');
  scrollTo(0, 200);
}"""
KEYBOARD = """height => {
  Object.defineProperty(visualViewport, "height", { configurable: true, get: () => height });
  visualViewport.dispatchEvent(new Event("resize"));
}"""


@pytest.fixture
def address(shared_node: RunningNode, pages: Pages, request: pytest.FixtureRequest) -> str:
    return pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": request.node.name}, body=WITH_ROUTER))


async def test_M22_back_closes_the_window_and_the_page_stays_where_it_is(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor(**PHONE)
    tab = ada.page
    await ada.open(f"{address}#/plans")
    await tab.evaluate(LISTEN)
    entries = await tab.evaluate("history.length")
    box = await tab.locator("[data-surface]").bounding_box()
    assert box is not None
    x, y = box["x"] + 100, box["y"] + 100
    await tab.touchscreen.tap(x, y)
    await expect(ada.text).to_be_focused()
    assert await ada.window.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    await tab.evaluate(KEYBOARD, 500)
    await tab.wait_for_function(
        "[...document.querySelectorAll('*')].some(one => one.shadowRoot?.querySelector('[data-covered]'))"
    )
    send = await tab.locator("[data-send]").bounding_box()
    assert send is not None
    assert send["y"] + send["height"] <= 500
    await tab.evaluate(KEYBOARD, 844)
    await ada.write("By thumb")
    await ada.is_confirmed()
    touch = await tab.context.new_cdp_session(tab)
    await touch.send(
        "Input.synthesizeScrollGesture",
        {"x": 190, "y": 20, "yDistance": -150, "gestureSourceType": "touch", "preventFling": True},
    )
    assert await tab.evaluate("[scrollY, history.length]") == [200, entries + 1]

    await tab.go_back()
    await expect(ada.window).to_have_count(0)
    await expect(ada.markers.first).to_be_focused()
    await tab.go_forward()
    await ada.sees_comments("By thumb")
    await tab.locator("[data-close]").tap()
    await expect(ada.window).to_have_count(0)
    await tab.wait_for_function("history.state.imageChat === undefined")
    assert await tab.evaluate("[location.hash, scrollY]") == ["#/plans", 200]
    heard = await tab.evaluate("popped")
    assert [place for place, _ in heard] == ["#/plans"] * 3
    assert [state["page"] for _, state in heard] == [1, 1, 1]
    await tab.evaluate("location.hash = '/other'")
    await tab.evaluate("history.back()")
    await tab.wait_for_function("location.hash === '#/plans'")

    await tab.evaluate("window.chat.update({ longPress: true })")
    scale = box["width"] / PICTURE_WIDTH
    await tab.touchscreen.tap(x + 150 * scale, y)
    await expect(ada.window).to_have_count(0)
    finger = [{"x": x + 150 * scale, "y": y, "id": 1}]
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": finger})
    await expect(ada.window).to_be_visible()
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await expect(tab.locator("[data-window=draft]")).to_be_visible()


async def test_M22_back_closes_the_list_and_first_the_window_that_was_opened_from_it(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor(**PHONE)
    tab = ada.page
    await ada.open(address)
    await ada.pin(25, 40, "By thumb")
    await ada.is_confirmed()
    await tab.locator("[data-close]").tap()
    await tab.wait_for_function("history.state?.imageChat === undefined")
    panel = tab.locator("[data-panel]")
    await tab.locator("[data-open-list]").tap()
    await expect(panel).to_be_visible()
    await tab.locator("[data-entry]").tap()
    await ada.sees_comments("By thumb")

    await tab.go_back()
    await expect(ada.window).to_have_count(0)
    await expect(panel).to_be_visible()
    await expect(tab.locator("[data-entry]")).to_be_focused()
    await tab.go_back()
    await expect(panel).to_have_count(0)
    await expect(tab.locator("[data-open-list]")).to_be_focused()
    assert tab.url == address
    await tab.go_forward()
    await expect(panel).to_be_visible()
    await tab.locator("[data-close-panel]").tap()
    await expect(panel).to_have_count(0)
    await tab.wait_for_function("history.state?.imageChat === undefined")
