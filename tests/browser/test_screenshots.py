"""M23: how the widget looks is how it looked when somebody last said that it is good.

The references are `screenshots/*.png`. With `KEEP_SCREENSHOTS=1` in the environment the test writes them instead: look
at each that has changed before it is committed.
"""

import os
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from browser.embedding import Pages, Wire, page
from browser.states import Walk
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

FOLDER = Path(__file__).parent / "screenshots"
IS_KEPT = os.environ.get("KEEP_SCREENSHOTS") == "1"

SIZES: dict[str, ViewportSize] = {
    "390": {"width": 390, "height": 700},
    "768": {"width": 768, "height": 660},
    "1440": {"width": 1440, "height": 660},
}
WIDEST = "1440"
MEAN, FAR = 4, 0.03
"""What another machine's font may change: of `DIFFERENCE`."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A walk through all states, and in which widths and appearances which of them are kept."""

    width: str
    looks: dict[str, list[str]]
    options: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)


WALKS = {
    "desk": Kept(
        WIDEST,
        {
            "window": ["1440 light", "768 dark"],
            "reactions": ["1440 light"],
            "mentioning": ["768 light"],
            "preview": ["1440 dark"],
            "fanned out": ["768 light"],
            "list": ["1440 light"],
        },
    ),
    "phone": Kept(
        "390",
        {"window": ["390 light"], "reactions": ["390 dark"], "list": ["390 dark"], "toast": ["390 light"]},
        {"has_touch": True},
    ),
    "hebrew": Kept(WIDEST, {"window": ["1440 dark"], "list": ["768 light", "390 dark"]}, {}, {"locale": "he"}),
}

SETTLED = """() => document.querySelector("image-chat-layer").shadowRoot.getAnimations()
  .every(({ effect, playState }) => playState === "finished" || effect.getTiming().iterations === Infinity)"""
DIFFERENCE = """async ([one, other]) => {
  const blocks = async data => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const [width, height] = [Math.ceil(picture.width / 12), Math.ceil(picture.height / 12)];
    const canvas = new OffscreenCanvas(width, height).getContext("2d");
    canvas.imageSmoothingQuality = "high";
    canvas.drawImage(picture, 0, 0, width, height);
    return { size: `${picture.width} x ${picture.height}`, values: canvas.getImageData(0, 0, width, height).data };
  };
  const [before, after] = [await blocks(one), await blocks(other)];
  if (before.size !== after.size) return { mean: 255, far: 1 };
  const differences = before.values.map((value, at) => Math.abs(value - after.values[at]));
  return {
    mean: differences.reduce((sum, each) => sum + each, 0) / (differences.length * 0.75),
    far: differences.filter(each => each > 48).length / (differences.length * 0.75),
  };
}"""
"""Of two PNGs, by blocks of 12 px and colour: the mean difference, 0 to 255, and the part of blocks that is far off."""


async def taken(tab: Page, look: str) -> bytes:
    """Return what the page looks like as a PNG, in a width and an appearance such as `390 dark`."""
    width, appearance = look.split()
    before = tab.viewport_size
    assert before is not None
    await tab.emulate_media(color_scheme="dark" if appearance == "dark" else "light")
    await tab.set_viewport_size(SIZES[width])
    await tab.wait_for_function(SETTLED)
    png = await tab.screenshot(animations="disabled")
    await tab.set_viewport_size(before)
    return png


async def differing(tab: Page, name: str, png: bytes) -> list[str]:
    """Compare with the reference, or write it; returns how they differ, or nothing."""
    reference = FOLDER / f"{name.replace(' ', '-')}.png"
    if IS_KEPT:
        FOLDER.mkdir(exist_ok=True)
        reference.write_bytes(png)
    both = [b64encode(each).decode() for each in (reference.read_bytes(), png)]
    found = await tab.evaluate(DIFFERENCE, both)
    return [] if found["mean"] <= MEAN and found["far"] <= FAR else [f"{name}: {found}"]


@pytest.mark.parametrize("walk", WALKS)
async def test_M23_each_state_looks_as_it_did_when_it_was_found_good(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages, wire: Wire, walk: str
) -> None:
    kept, url_id = WALKS[walk], f"looks-{walk}"
    ada, grace = await new_visitor(viewport=SIZES[kept.width], **kept.options), await new_visitor()
    whose = {"tenantId": TENANT, "urlId": url_id, "simpleSSO": {"username": "Grace Hopper"}}
    await grace.open(pages.put(page(shared_node.url, whose)))
    await ada.page.clock.set_fixed_time(0)  # all that is said is said now
    amiss, seen = [], set()
    async for state in Walk(ada, shared_node, pages, wire, url_id, kept.config).states():
        if state == "empty":
            await expect(ada.page.locator("[data-presence]")).to_be_visible()
        for look in kept.looks.get(state, []):
            seen.add(state)
            amiss += await differing(ada.page, f"{walk} {state} {look}", await taken(ada.page, look))
    assert seen == set(kept.looks)
    assert not amiss, "\n".join(amiss)
