"""B5: a picture can be looked at more closely, with its markers on it, and nothing else on the page moves."""

import json
import math
from typing import Any

from playwright.async_api import Page, expect

from browser.embedding import Pages
from browser.picture_cases import DOTS, SPOT, page_of, picture
from browser.states import put_markers
from browser.test_picture_geometry import all_on_their_dots, dots_on, make_markers
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
  const sizes = [".content:not(.under)", ".zoomed"];
  const [content, visible] = sizes.map((one) => shadowRoot.querySelector(one).offsetWidth);
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


async def box_of(tab: Page, selector: str) -> dict[str, float]:
    box = await tab.locator(selector).bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


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
    await expect(tab.locator("[data-zoom]")).to_have_accessible_name("Zoom")

    # a marker in their corner can be opened; closer, they lie over those that go by
    buttons, content = await box_of(tab, "[data-zoom]"), await box_of(tab, ".content:has([data-marker])")
    x, y = (buttons[side] + buttons[length] / 2 - content[side] for side, length in (("x", "width"), ("y", "height")))
    corner = (x / content["width"] * 100, y / content["height"] * 100, "In the corner")
    await put_markers(shared_node, "keys", [corner])
    await tab.locator('[data-marker][aria-label*="1 comment"]').click()
    await expect(tab.locator("[data-window]")).to_contain_text("In the corner")
    await tab.keyboard.press("Escape")
    await tab.locator("[data-zoom-in]").click()
    await expect(tab.locator(".root.closer")).to_be_attached()
    assert await tab.locator("[data-zoom]").evaluate("(one) => getComputedStyle(one).zIndex") == "2"
    await tab.locator("[data-zoom-whole]").click()
    await expect(tab.locator(".root.closer")).to_have_count(0)
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


CENTRE = """(selector) => {
  const layer = layerOf(images.get("zoomed")).shadowRoot;
  const { x, y } = layer.querySelector(".zoomed").getBoundingClientRect();
  const one = layer.querySelector(selector).getBoundingClientRect();
  return [one.x + one.width / 2 - x, one.y + one.height / 2 - y];
}"""
"""Where the middle of something on the picture is, in px of the part that is seen."""


async def centre(tab: Page, selector: str) -> tuple[float, float]:
    x, y = await tab.evaluate(CENTRE, selector)
    return x, y


async def comes_closer(tab: Page) -> tuple[float, float, float, float]:
    """Get the tools, and zoom in by keys; returns where the picture is seen: left, top, width, height."""
    await tab.locator("[data-crosshair]").focus()
    await tab.locator("[data-draw-region]").wait_for()
    await tab.locator("[data-zoom-in]").focus()
    for _ in range(3):
        await tab.keyboard.press("+")
    await tab.wait_for_function(f"Math.abs(({SHOWN})()[0] - {1.5**3}) < 0.01")
    box = await tab.locator(".zoomed").bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]


async def test_B5_closer_a_crowd_goes_apart_and_shows_what_each_is_about(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    tab = ada.page
    crowd = [(50.0 + number / 10, 42.0, f"One of several, number {number}") for number in range(3)]
    await page_with_zoom(tab, shared_node, pages, "crowd")
    await put_markers(shared_node, "crowd", crowd)
    await expect(tab.locator("[data-marker]")).to_have_count(len(DOTS) + len(crowd))
    await comes_closer(tab)
    await tab.locator("[data-cluster]").focus()
    await tab.keyboard.press("Enter")
    await expect(tab.locator("[data-fanned]")).to_have_count(len(crowd))
    await expect(tab.locator("[data-preview]")).to_contain_text("One of several, number 0")
    for one in await tab.locator("[data-fanned]").all():
        await one.click(trial=True)  # the preview of the first lies over none of them
    await tab.keyboard.press("Escape")
    await expect(tab.locator("[data-preview]")).to_have_count(0)
    await tab.keyboard.press("Escape")
    await expect(tab.locator("[data-fanned]")).to_have_count(0)


async def test_B5_closer_regions_are_drawn_and_markers_moved_as_ever(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    tab = ada.page
    await page_with_zoom(tab, shared_node, pages, "tools")
    drawing, own, drawn = tab.locator("[data-draw-region]"), tab.locator(".marker.own"), tab.locator(".region.drawn")
    left, top, width, height = await comes_closer(tab)

    # Escape gives up a region that is being drawn, and drawing with it.
    await drawing.click()
    await tab.mouse.move(left + 80, top + 110)
    await tab.mouse.down()
    await tab.mouse.move(left + 160, top + 170, steps=3)
    await expect(drawn).to_be_visible()
    await tab.keyboard.press("Escape")
    await expect(drawn).to_have_count(0)
    await expect(drawing).to_have_attribute("aria-pressed", "false")
    await tab.mouse.up()
    await expect(ada.window).to_have_count(0)

    # A region is where it was drawn, and its marker at its corner.
    await drawing.click()
    await tab.mouse.move(left + 80, top + 110)
    await tab.mouse.down()
    await tab.mouse.move(left + 160, top + 170, steps=3)
    await tab.mouse.up()
    await ada.write("All of this")
    await ada.is_confirmed()
    await tab.keyboard.press("Escape")
    await expect(ada.window).to_have_count(0)
    assert math.dist(await centre(tab, ".region"), (120, 140)) < 2
    assert math.dist(await centre(tab, ".marker.own"), (80, 110)) < 2

    # By mouse a marker comes along with the pointer, by keys the picture with a marker.
    await tab.mouse.move(left + 80, top + 110)
    await tab.mouse.down()
    await tab.mouse.move(left + 130, top + 150, steps=3)
    await tab.mouse.up()
    assert math.dist(await centre(tab, ".marker.own"), (130, 150)) < 2
    await expect(tab.locator("[data-announcement]")).to_contain_text("Conversation moved")
    await own.focus()
    for _ in range(16):
        await tab.keyboard.press("ArrowUp")
        x, y = await centre(tab, ".marker.own")
        assert 0 < x < width
        assert 0 < y < height
        await expect(own).to_be_focused()
    await tab.keyboard.press("Escape")
    await expect(own).to_be_focused()
    x, y = await centre(tab, ".marker.own")
    assert 0 < y < height
