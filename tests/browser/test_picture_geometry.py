"""M19, B5: a marker is on its spot however the picture is shown, by what can be seen of the picture itself."""

import base64
import json
import math
from typing import Any

import pytest
from playwright.async_api import Page

from browser.embedding import Pages
from browser.picture_cases import (
    CELL_HEIGHT,
    CELL_WIDTH,
    COLUMNS,
    DOTS,
    SPOT,
    fits,
    page_of,
    picture,
    placed,
    styled,
)
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

SLACK = 1.5
"""A dot's middle is known within a pixel, as its edge is."""


async def make_markers(node: RunningNode, url_id: str) -> None:
    async with node.client() as client:
        for colour, (x, y) in DOTS.items():
            body: dict[str, Any] = {"urlId": url_id, "broadcastId": f"{url_id}-{colour}", "x": x, "y": y}
            made = await client.post(f"/comment-image-chats/{TENANT}", json=body)
            assert made.status_code == 200


async def dots_on(tab: Page) -> dict[str, dict[str, list[float] | None] | None]:
    """Return where the dots are on the screen, by picture and colour."""
    screenshot = base64.b64encode(await tab.screenshot(animations="disabled")).decode()
    found: dict[str, dict[str, list[float] | None] | None] = await tab.evaluate("(shot) => dots(shot)", screenshot)
    return found


async def amiss(tab: Page, dots: dict[str, dict[str, list[float] | None] | None]) -> list[str]:
    """Return what is wrong: each marker that is not on its dot, or that is there without one."""
    markers: dict[str, list[list[float] | None]] = await tab.evaluate("markers()")
    wrong = []
    for name, seen in dots.items():
        for number, colour in enumerate(DOTS):
            dot = seen and seen[colour]
            there = markers[name]
            marker = there[number] if number < len(there) else None
            if (dot is None) != (marker is None) or (dot and marker and math.dist(dot, marker) > SLACK):
                wrong.append(f"{name}: {colour} dot at {dot}, marker at {marker}")
    return wrong


async def all_on_their_dots(tab: Page, dots: dict[str, dict[str, list[float] | None] | None]) -> None:
    for _ in range(100):
        wrong = await amiss(tab, dots)
        if not wrong:
            return
        await tab.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("ratio", [1, 1.5, 3])
async def test_M19_B5_every_marker_is_on_its_dot_however_the_picture_is_shown(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages, ratio: float
) -> None:
    # All of them where it is cheapest; at the other ratios what comes out in fractions of a pixel.
    cells = {**fits(), **styled(), **placed()} if ratio == 1 else styled()
    url_id = f"shown-{ratio}"
    await make_markers(shared_node, url_id)
    small, large = pages.put(picture(), kind="svg"), pages.put(picture(2), kind="svg")
    config = json.dumps({"tenantId": TENANT, "urlId": url_id})
    address = pages.put(page_of(cells, shared_node.url, config, small, large))
    height = math.ceil(len(cells) / COLUMNS) * CELL_HEIGHT
    ada = await new_visitor(viewport={"width": COLUMNS * CELL_WIDTH, "height": height}, device_scale_factor=ratio)
    tab = ada.page
    await tab.goto(address)
    await tab.wait_for_function("loaded()")
    dots = await dots_on(tab)
    assert sum(seen is not None and seen["red"] is not None for seen in dots.values()) >= len(cells) * 0.8
    await tab.evaluate("mount()")
    # Of a broken picture there is the place alone.
    await all_on_their_dots(tab, {name: seen for name, seen in dots.items() if not name.startswith("broken")})

    # What a page does later; a modal dialog last, as nothing else can be touched then.
    for selector in ("[data-later]:not([data-later=modal])", "[data-later=modal]") if ratio == 1 else ():
        await tab.evaluate("change", selector)
        await tab.wait_for_function("loaded()")
        await tab.evaluate("cover(true)")
        changed = await dots_on(tab)
        await tab.evaluate("cover(false)")
        is_modal = selector == "[data-later=modal]"
        await all_on_their_dots(tab, {name: seen for name, seen in changed.items() if not is_modal or "modal" in name})
        assert changed != dots


async def test_M18_B5_a_click_is_where_it_was_made_however_the_picture_is_turned(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    cells = styled()
    small = pages.put(picture(), kind="svg")
    config = json.dumps({"tenantId": TENANT, "urlId": "clicked"})
    address = pages.put(page_of(cells, shared_node.url, config, small, small))
    height = math.ceil(len(cells) / COLUMNS) * CELL_HEIGHT
    ada = await new_visitor(viewport={"width": COLUMNS * CELL_WIDTH, "height": height})
    tab = ada.page
    await tab.goto(address)
    await tab.wait_for_function("loaded()")
    dots = await dots_on(tab)
    await tab.evaluate("mount()")
    await tab.wait_for_function(
        "[...images.values()].every((one) => layerOf(one)?.shadowRoot.querySelector('[data-surface]'))"
    )
    wrong = []
    for name, seen in dots.items():
        dot = seen and seen["magenta"]
        if dot is None:
            continue
        await tab.mouse.click(*dot)
        pinned = await tab.evaluate(
            """(name) => {
              const draft = layerOf(images.get(name)).shadowRoot.querySelector("[data-marker=draft]");
              return draft && [draft.style.left, draft.style.top].map(parseFloat);
            }""",
            name,
        )
        if pinned is None or math.dist(pinned, SPOT) > 2:
            wrong.append(f"{name}: {pinned}")
        await tab.keyboard.press("Escape")
    assert not wrong, "\n".join(wrong)
