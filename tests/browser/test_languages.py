"""M23: the widget in people's own languages, from the right where they read from there."""

import json
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import FloatRect, Request, expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor, Visitor
from running import TENANT, RunningNode

LANGUAGES = sorted(path.stem for path in Path("web/widget/src/catalogues").glob("*.ts"))

TOO_WIDE = """() => {
  const within = document.querySelector("image-chat-layer").shadowRoot.getElementById("window");
  const sticksOut = (one) => {
    const { paddingLeft, paddingRight } = getComputedStyle(one.parentElement);
    const [inner, outer] = [one.getBoundingClientRect(), one.parentElement.getBoundingClientRect()];
    return (
      inner.left < outer.left + parseFloat(paddingLeft) - 1 || inner.right > outer.right - parseFloat(paddingRight) + 1
    );
  };
  return [...within.querySelectorAll("*")]
    .filter((one) => one.clientWidth > 1)
    .filter(
      (one) =>
        one.scrollWidth > one.clientWidth + 1 || (one.matches(".choices > *, .head > *, header > *") && sticksOut(one)),
    )
    .map((one) => `${one.className || one.tagName}: ${one.textContent.trim().slice(0, 60)}`);
}"""
"""What in the open window does not fit into its width, or is cut off there."""


def fetched_words(visitor: Visitor) -> list[str]:
    """Return the list to which the stems of language files are added that a tab asks for."""
    stems: list[str] = []

    def note(request: Request) -> None:
        stem = request.url.rpartition("/")[2][: -len("-12345678.js")]
        if stem in {"languages", *LANGUAGES}:
            stems.append(stem)

    visitor.page.on("request", note)
    return stems


async def box_of(visitor: Visitor, selector: str) -> FloatRect:
    box = await visitor.page.locator(selector).first.bounding_box()
    assert box is not None
    return box


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
async def test_M23_Hebrew_is_read_from_the_right_and_the_picture_stays_as_it_is(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages, width: int, scheme: Literal["dark", "light"]
) -> None:
    config: dict[str, Any] = {"tenantId": TENANT, "urlId": f"hebrew-{width}", "maxReplyDepth": 1}
    text = page(shared_node.url, config).replace('lang="en"', 'lang="he" dir="rtl"')
    noa = await new_visitor(viewport={"width": width, "height": 800}, color_scheme=scheme)
    words = fetched_words(noa)
    await noa.open(pages.put(text))
    await noa.pin(30, 40, "מה זה?", name="נועה")
    await noa.sees_comments("מה זה?")
    await noa.is_confirmed()
    await noa.write("And in English")
    await noa.sees_comments("מה זה?", "And in English")
    await expect(noa.window).to_contain_text("2 תגובות")
    await expect(noa.markers.first).to_have_attribute("aria-label", "שיחה 1: 2 תגובות")
    await noa.is_confirmed()
    assert words == ["languages", "he"]

    root = noa.page.locator(".root")
    await expect(root).to_have_attribute("dir", "rtl")
    await expect(root).to_have_attribute("lang", "he")
    picture, marker = await box_of(noa, "#picture"), await box_of(noa, "[data-marker]")
    assert marker["x"] + marker["width"] / 2 == pytest.approx(picture["x"] + 0.3 * picture["width"], abs=1)
    head, close, title = [await box_of(noa, f"[data-window] {one}") for one in ("header", "[data-close]", "h2")]
    assert close["x"] - head["x"] < 20
    assert title["x"] > close["x"]
    # a comment stands beside its avatar, in whichever direction it is read itself
    for number in range(2):
        comment = f"[data-comment]:nth-child({number + 1})"
        body, avatar = await box_of(noa, f"{comment} .body > *"), await box_of(noa, f"{comment} .avatar")
        assert body["x"] + body["width"] <= avatar["x"]
    assert await noa.page.evaluate(TOO_WIDE) == []

    await noa.comments.first.hover()
    await noa.comments.first.locator("[data-reply-comment]").click()
    await noa.write("רהיט")
    await noa.sees_comments("מה זה?", "רהיט", "And in English")


async def test_M23_every_language_fits_into_a_window_of_300_pixels(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    words = fetched_words(ada)
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "languages", "maxReplyDepth": 1})))
    await ada.click_at(30, 40)
    await ada.write("Words")
    await ada.sees_comments("Words")
    await ada.is_confirmed()
    await ada.comments.first.locator("[data-reply-comment]").click(force=True)
    await ada.comments.first.locator("[data-delete-comment]").click(force=True)
    assert words == []
    assert (await box_of(ada, "[data-window]"))["width"] == 300
    too_wide = {}
    for language in LANGUAGES:
        await ada.page.evaluate(f"chat.update({{locale: {json.dumps(language)}}})")
        await expect(ada.page.locator(f'.root[lang="{language}"]')).to_be_attached()
        if faults := await ada.page.evaluate(TOO_WIDE):
            too_wide[language] = faults
    assert too_wide == {}
    assert len(LANGUAGES) >= 28
    assert sorted(words) == sorted({"languages", *LANGUAGES} - {"en"})


async def test_M23_a_picture_without_its_language_is_in_English_until_it_comes(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    config = {"tenantId": TENANT, "urlId": "late-words", "locale": "de", "translations": {"send": "Los"}}
    ada = await new_visitor()
    await ada.page.route("**/de-*.js", lambda route: route.abort())
    await ada.open(pages.put(page(shared_node.url, config)))
    await ada.pin(30, 40, "Guten Tag")
    await ada.sees_comments("Guten Tag")
    await ada.is_confirmed()
    await expect(ada.window).to_contain_text("1 comment")
    await expect(ada.page.locator("[data-send]")).to_have_attribute("aria-label", "Los")
    await ada.page.unroute("**/de-*.js")
    await ada.page.evaluate("dispatchEvent(new Event('online'))")
    await expect(ada.window).to_contain_text("1 Kommentar")
    await expect(ada.page.locator("[data-send]")).to_have_attribute("aria-label", "Los")
