"""B5: a picture can be looked at more closely, with its markers on it, and nothing else on the page moves."""

import json
import math
from typing import Any

from playwright.async_api import Page, expect

from browser.embedding import Pages
from browser.picture_cases import DOTS, SPOT, page_of, picture
from browser.test_geometry import all_on_their_dots, dots_on, make_markers
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

CELLS = {
    "zoomed": '<p>before</p><img style="width: 400px; height: 200px; object-fit: cover; border: 3px solid black">after'
}
PLACES = """() => JSON.stringify([...document.querySelectorAll("img, p")].map((one) => one.getBoundingClientRect())
  .concat(document.documentElement.scrollWidth, document.documentElement.scrollHeight, scrollX, scrollY))"""
SHOWN = """() => {
  const { shadowRoot } = layerOf(images.get("zoomed"));
  const marker = shadowRoot.querySelector("[data-marker]").getBoundingClientRect();
  const [content, visible] = [".content", ".zoomed"].map((one) => shadowRoot.querySelector(one).offsetWidth);
  return [content / visible, marker.width];
}"""


async def page_with_zoom(tab: Page, node: RunningNode, pages: Pages, url_id: str, **options: Any) -> None:
    await make_markers(node, url_id)
    small = pages.put(picture(), kind="svg")
    config = json.dumps({"tenantId": TENANT, "urlId": url_id, "zoom": True, **options})
    await tab.goto(pages.put(page_of(CELLS, node.url, config, small, small)))
    await tab.wait_for_function("loaded()")
    await tab.evaluate("mount()")
    await tab.locator("[data-zoom-in]").wait_for()
    await expect(tab.locator("[data-marker]")).to_have_count(len(DOTS))


async def is_zoomed(tab: Page, scale: float) -> None:
    """Wait until the picture is so much larger, with each marker on its dot, as large as ever."""
    await tab.wait_for_function(f"Math.abs(({SHOWN})()[0] - {scale}) < 0.01")
    [_, size] = await tab.evaluate(SHOWN)
    assert math.isclose(size, 24, abs_tol=0.1)
    await tab.evaluate("cover(true)")
    dots = await dots_on(tab)
    await tab.evaluate("cover(false)")
    await all_on_their_dots(tab, dots)


async def test_B5_a_picture_comes_closer_by_wheel_and_by_two_clicks(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    tab = ada.page
    await page_with_zoom(tab, shared_node, pages, "closer")
    before = await tab.evaluate(PLACES)
    style = await tab.evaluate("images.get('zoomed').style.cssText")
    box = await tab.locator("[data-surface]").bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.5)
    await tab.mouse.move(*at)
    await tab.keyboard.down("Control")
    await tab.mouse.wheel(0, -40)
    await tab.keyboard.up("Control")
    await is_zoomed(tab, math.exp(0.4))
    await tab.mouse.dblclick(*at)
    await is_zoomed(tab, 1)
    assert await tab.evaluate("images.get('zoomed').style.cssText") == style
    await expect(ada.window).to_have_count(0)  # two clicks begin no conversation
    await tab.mouse.dblclick(*at)
    await is_zoomed(tab, 2.5)
    assert await tab.evaluate(PLACES) == before

    await tab.mouse.down()
    await tab.mouse.move(at[0] - 30, at[1] - 10)
    await tab.mouse.move(at[0] - 60, at[1] - 20)
    await tab.mouse.up()
    await is_zoomed(tab, 2.5)
    await expect(ada.window).to_have_count(0)

    await tab.evaluate("cover(true)")
    spot = (await dots_on(tab))["zoomed"]
    await tab.evaluate("cover(false)")
    assert spot is not None
    assert spot["magenta"] is not None
    await tab.mouse.click(*spot["magenta"])
    await expect(ada.window).to_be_visible()
    draft = tab.locator("[data-marker=draft]")
    pinned = await draft.evaluate("(one) => [one.style.left, one.style.top].map(parseFloat)")
    assert math.dist(pinned, SPOT) < 1
    await tab.keyboard.press("Escape")


async def test_B5_a_picture_comes_closer_by_keys_and_buttons_and_the_option_goes_again(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    tab = ada.page
    await page_with_zoom(tab, shared_node, pages, "keys")
    before = await tab.evaluate(PLACES)
    await tab.locator("[data-zoom-in]").focus()
    await tab.keyboard.press("-")
    await is_zoomed(tab, 1)
    await tab.keyboard.press("+")
    await tab.keyboard.press("+")
    await is_zoomed(tab, 2.25)
    left = await tab.locator("[data-marker]").first.evaluate("(one) => one.getBoundingClientRect().left")
    await tab.keyboard.press("ArrowRight")
    await tab.wait_for_function(
        f"layerOf(images.get('zoomed')).shadowRoot.querySelector('[data-marker]').getBoundingClientRect().left < {left}"
    )
    await is_zoomed(tab, 2.25)
    await tab.locator("[data-zoom-out]").click()
    await is_zoomed(tab, 1.5)
    await tab.locator("[data-zoom-whole]").click()
    await is_zoomed(tab, 1)
    for button in await tab.locator("[data-zoom] button").all():
        size = await button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 24
        assert await button.get_attribute("aria-label")
    await tab.evaluate("CHATS.forEach((one) => one.update({ zoom: false }))")
    await expect(tab.locator("[data-zoom]")).to_have_count(0)
    assert await tab.evaluate(PLACES) == before


async def test_B5_two_fingers_bring_a_picture_closer_where_nothing_can_be_written(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor(viewport={"width": 500, "height": 600}, has_touch=True, is_mobile=True)
    tab = ada.page
    await page_with_zoom(tab, shared_node, pages, "fingers", readonly=True)
    before = await tab.evaluate(PLACES)
    box = await tab.locator(".zoomed").bounding_box()
    assert box is not None
    x, y = box["x"] + 200, box["y"] + 100
    touch = await tab.context.new_cdp_session(tab)

    async def fingers(kind: str, *apart: float, by: float = 0) -> None:
        points = [{"x": x + by + side, "y": y, "id": number} for number, side in enumerate(apart)]
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    await fingers("touchStart", -40)
    await fingers("touchStart", -40, 40)
    for apart in (50, 60, 70, 80):
        await fingers("touchMove", -apart, apart)
    await fingers("touchEnd")
    await is_zoomed(tab, 2)
    await fingers("touchStart", 0)
    for by in (10, 20, 40):
        await fingers("touchMove", 0, by=by)
    await fingers("touchEnd")
    await is_zoomed(tab, 2)
    assert await tab.evaluate(PLACES) == before
    assert await tab.evaluate("visualViewport.scale") == 1
    await tab.touchscreen.tap(x, y + 60)
    await tab.touchscreen.tap(x, y + 60)
    await is_zoomed(tab, 1)
