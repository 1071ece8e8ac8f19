"""A newcomer's first minutes: from the demo's gallery to the chart of what they just did, and to removing a comment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from browser.dashing import NewDesk
from browser.visitor import NewVisitor
from imagechat.demo.seed import seeded_pictures
from running import RunningNode

WITHIN = 30_000
"""Milliseconds until what was used is written down and read again."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[RunningNode]:
    with RunningNode(tmp_path / "data", command="demo") as running:
        yield running


def sown() -> int:
    """Return how many comments the demo begins with."""
    return sum(len(one["comments"]) for picture in seeded_pictures() for one in picture["conversations"])


async def test_a_newcomer_sees_their_comment_in_the_usage_and_removes_it(
    demo: RunningNode, new_desk: NewDesk, new_visitor: NewVisitor
) -> None:
    link = demo.says(r"https?://\S+/dashboard#link=\S+")[0]
    desk = await new_desk(link)
    await desk.has_loaded()
    await desk.open("demo/usage")
    await expect(desk.page.locator("dashboard-chart canvas")).to_be_visible()
    comments = desk.page.locator("[data-metric=comments] .value")
    await expect(comments).to_have_text(str(sown()), timeout=WITHIN)

    ada = await new_visitor()
    await ada.page.goto(demo.url)
    picture = ada.page.locator("[data-url-id=dashboard]")
    await expect(picture.locator('[data-status="live"]')).to_be_attached()
    box = await picture.locator("img").bounding_box()
    assert box is not None
    await ada.page.mouse.click(box["x"] + box["width"] * 0.35, box["y"] + box["height"] * 0.62)
    await ada.write("What a lovely chart")
    await ada.is_confirmed()

    await expect(comments).to_have_text(str(sown() + 1), timeout=WITHIN)
    async with desk.page.expect_download() as download:
        await desk.page.locator("[data-csv=day]").click()
    file = await (await download.value).path()
    assert (await download.value).suggested_filename.startswith("image-chat-usage-demo-by-day-")
    assert file.read_text("utf-8").startswith("\ufeffday,")  # or spreadsheets take it for another encoding

    await desk.goes_to("moderation")
    await desk.page.locator("[data-search]").fill("lovely chart")
    await expect(desk.entries).to_have_count(1)
    onlooker = await new_visitor()
    await onlooker.page.goto(demo.url)
    shown = onlooker.page.locator("[data-url-id=dashboard] [data-marker]")
    await expect(shown).to_have_count(6)
    await desk.act("lovely chart", "delete")
    await expect(shown).to_have_count(5)
    await expect(ada.page.locator("[data-gone]")).to_be_visible()
