"""M19: a marker stays on its spot, whatever the page does to the picture."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.embedding import PICTURE_HEIGHT, PICTURE_WIDTH, Pages, page
from browser.visitor import NewVisitor, Visitor
from running import TENANT, RunningNode

SIZES = [(320, 240), (640, 480), (500, 180), (190, 420)]
FITS = ["fill", "contain", "cover", "none", "scale-down"]
X, Y = 42.0, 58.0  # near the middle: no fitting mode cuts it off


def expected_centre(box: dict[str, float], fit: str, position: tuple[float, float]) -> tuple[float, float]:
    """Return where the spot is on the screen, by the CSS specification's own arithmetic."""
    scale_x, scale_y = box["width"] / PICTURE_WIDTH, box["height"] / PICTURE_HEIGHT
    contain, cover = min(scale_x, scale_y), max(scale_x, scale_y)
    scales = {
        "fill": (scale_x, scale_y),
        "contain": (contain, contain),
        "cover": (cover, cover),
        "none": (1.0, 1.0),
        "scale-down": (min(contain, 1.0), min(contain, 1.0)),
    }
    width, height = PICTURE_WIDTH * scales[fit][0], PICTURE_HEIGHT * scales[fit][1]
    left = box["x"] + (box["width"] - width) * position[0] / 100
    top = box["y"] + (box["height"] - height) * position[1] / 100
    return left + width * X / 100, top + height * Y / 100


async def content_box(visitor: Visitor) -> dict[str, float]:
    """Return the picture's content box, inside its border and padding, in viewport pixels."""
    box: dict[str, float] = await visitor.page.evaluate(
        """() => {
          const picture = document.getElementById("picture"), style = getComputedStyle(picture);
          const at = (name) => parseFloat(style[name]);
          const r = picture.getBoundingClientRect();
          const left = at("borderLeftWidth") + at("paddingLeft"), top = at("borderTopWidth") + at("paddingTop");
          return { x: r.x + left, y: r.y + top,
                   width: r.width - left - at("borderRightWidth") - at("paddingRight"),
                   height: r.height - top - at("borderBottomWidth") - at("paddingBottom") };
        }"""
    )
    return box


async def marker_is_at(visitor: Visitor, x: float, y: float) -> None:
    """Wait until the marker's centre is within a pixel of a point."""
    await visitor.page.wait_for_function(
        """([x, y]) => {
          const layer = [...document.querySelectorAll("*")].find((one) => one.shadowRoot);
          const r = layer?.shadowRoot.querySelector("[data-marker]")?.getBoundingClientRect();
          return r && Math.abs(r.x + r.width / 2 - x) <= 1 && Math.abs(r.y + r.height / 2 - y) <= 1;
        }""",
        arg=[x, y],
    )


@pytest.mark.parametrize("fit", FITS)
async def test_M19_within_a_pixel_at_every_size_and_position(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages, fit: str
) -> None:
    url_id = f"fit-{fit}"
    async with shared_node.client() as client:
        body: dict[str, Any] = {"urlId": url_id, "broadcastId": url_id, "x": X, "y": Y}
        made = await client.post(f"/comment-image-chats/{TENANT}", json=body)
        assert made.status_code == 200
    style = (
        f"body {{ margin: 37px }} #picture {{ object-fit: {fit}; border: 7px solid red; padding: 5px 11px 3px 2px }}"
    )
    ada = await new_visitor()
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": url_id}, style=style)))
    await expect(ada.markers).to_have_count(1)
    for width, height in SIZES:
        for position in ((50, 50), (0, 100), (75, 20)):
            await ada.page.evaluate(
                "([w, h, x, y]) => Object.assign(document.getElementById('picture').style,"
                " { width: `${w}px`, height: `${h}px`, objectPosition: `${x}% ${y}%` })",
                [width, height, *position],
            )
            # a changed object-position moves no box, which is all that a browser tells; a page that does this says so
            await ada.page.evaluate("window.dispatchEvent(new Event('resize'))")
            x, y = expected_centre(await content_box(ada), fit, position)
            box = await content_box(ada)
            if box["x"] < x < box["x"] + box["width"] and box["y"] < y < box["y"] + box["height"]:
                await marker_is_at(ada, x, y)
            else:
                await expect(ada.markers).to_be_hidden()


async def test_M19_a_click_and_its_marker_are_at_the_same_spot(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(X, Y, "Here")
    await ada.sees_comments("Here")
    box = await content_box(ada)
    await marker_is_at(ada, box["x"] + box["width"] * X / 100, box["y"] + box["height"] * Y / 100)


async def test_M19_markers_come_when_a_lazy_picture_does_and_follow_a_responsive_one(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    async with shared_node.client() as client:
        body: dict[str, Any] = {"urlId": "lazy", "broadcastId": "lazy", "x": X, "y": Y}
        assert (await client.post(f"/comment-image-chats/{TENANT}", json=body)).status_code == 200
    picture = (
        '<div style="height: 3000px">above</div><img id="picture" loading="lazy" style="width: 50vw" alt="A picture" '
        'srcset="/picture-small.svg 400w, /picture-large.svg 800w" sizes="50vw" src="/picture.svg">'
    )
    ada = await new_visitor()
    await ada.page.goto(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "lazy"}, body=picture)))
    await ada.page.locator("#picture").scroll_into_view_if_needed()
    await expect(ada.markers).to_have_count(1)
    for width in (1000, 1400, 600):
        await ada.page.set_viewport_size({"width": width, "height": 800})
        await ada.page.locator("#picture").scroll_into_view_if_needed()
        box = await content_box(ada)
        await marker_is_at(ada, box["x"] + box["width"] * X / 100, box["y"] + box["height"] * Y / 100)


async def test_M22_a_window_that_grows_stays_on_its_side_of_the_marker(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.pin(40, 40, "Near the top of the page")
    await ada.is_confirmed()
    await expect(ada.window).to_have_attribute("data-side", "right")
    before = await ada.window.bounding_box()
    await ada.text.fill("one line\n" * 8)
    await ada.page.evaluate("() => new Promise((done) => setTimeout(done, 100))")  # placed in the next frames
    after = await ada.window.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] == before["x"]
    await expect(ada.window).to_have_attribute("data-side", "right")
