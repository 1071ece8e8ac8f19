"""M21: the tag `<image-chat>`, as docs/embedding.md shows it, and two builds of the widget on one page."""

from playwright.async_api import expect

from browser.embedding import Pages
from browser.visitor import NewVisitor
from documents import REPOSITORY
from imagechat.http.assets import WidgetFiles
from running import TENANT, RunningNode

GUIDE = REPOSITORY / "docs" / "embedding.md"
LISTEN = """
const pageNames = () => Object.keys(window).filter((name) => !name.startsWith("told"));
window.toldBefore = pageNames();
window.told = [];
for (const type of ["ready", "comment-count", "marker-open", "marker-close"])
  addEventListener(`image-chat-${type}`, (event) => told.push(`${type} ${event.target.localName}`));
window.toldNames = () => pageNames().filter((name) => !toldBefore.includes(name));
"""
LAYER = "image-chat-layer, image-chat-layer-2"


async def test_M21_a_tag_does_what_a_call_does_and_the_page_gets_two_names_only(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    shown = GUIDE.read_text("utf-8").split("```html\n")[2].partition("```")[0]
    for name, own in {
        "https://chat.example.org": shared_node.url,
        "acme": TENANT,
        "floor-plan": "tag",
        "plan.png": "/picture.svg",
    }.items():
        shown = shown.replace(name, own)
    ada = await new_visitor()
    await ada.open(pages.put(f"<!doctype html><title>A page</title><script>{LISTEN}</script><main></main>{shown}"))
    assert await ada.page.evaluate("toldNames()") == ["ImageChat", "FastCommentsImageChat"]
    await ada.pin(40, 40, "By a tag")
    await ada.is_confirmed()
    tag = ada.page.locator("image-chat")
    # moved while its window is open, it goes on as it was
    await ada.page.evaluate(
        "window.toldLayer = document.querySelector('image-chat-layer');"
        "document.querySelector('main').append(document.querySelector('image-chat'))"
    )
    await ada.sees_comments("By a tag")
    assert await ada.page.evaluate("toldLayer === document.querySelector('main image-chat-layer')")
    await ada.page.locator("[data-close]").click()
    await tag.evaluate("(tag) => tag.setAttribute('readonly', '')")
    await expect(ada.page.locator("[data-surface]")).to_have_count(0)
    await tag.evaluate('(tag) => { tag.innerHTML = \'<picture><img src="/picture.svg" alt=""></picture>\' }')
    await expect(ada.markers).to_have_count(1)
    told = await ada.page.evaluate("told.map((one) => one.replace(' image-chat', ''))")
    assert told == ["ready", "comment-count", "comment-count", "marker-open", "marker-close", "ready", "comment-count"]
    # a copy of it comes alive by itself, without the copy of the layer that is in it
    await tag.evaluate("(tag) => tag.after(tag.cloneNode(true))")
    await expect(ada.page.locator('[data-status="live"]')).to_have_count(2)
    await expect(ada.page.locator(LAYER)).to_have_count(2)
    await expect(ada.markers).to_have_count(2)
    await ada.page.evaluate("document.querySelectorAll('image-chat').forEach((tag) => tag.remove())")
    await expect(ada.page.locator(LAYER)).to_have_count(0)


async def test_M21_two_builds_on_one_page_leave_each_others_pictures_alone(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    for path, content in WidgetFiles().plain.items():
        # the same, but for a mark on what it puts on the page
        pages.pages[f"/other/{path}"] = (content.decode().replace("data-surface", "data-other-surface"), {})
    config = f"{{tenantId: '{TENANT}', apiHost: '{shared_node.url}', urlId: 'builds'}}"
    tag = f'<image-chat tenant-id="{TENANT}" url-id="builds"><img id="three" src="/picture.svg" alt=""></image-chat>'
    address = pages.put(
        "<!doctype html><title>A page</title>"
        '<p><img id="one" src="/picture.svg" alt=""></p><p><img id="two" src="/picture.svg" alt=""></p>'
        f'{tag}<script src="{shared_node.url}/embed-image-chat.min.js"></script>'
        f"<script>window.ours = ImageChat; ours('one', {config});</script>"
        f'<script src="/other/embed-image-chat.min.js"></script><script>ImageChat("two", {config});</script>'
    )
    ada = await new_visitor()
    warnings: list[str] = []
    ada.page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    await ada.page.goto(address)
    ours, others = ada.page.locator("[data-surface]"), ada.page.locator("[data-other-surface]")
    await expect(ours).to_have_count(2)
    await expect(others).to_have_count(1)
    await expect(ada.page.locator('[data-status="live"]')).to_have_count(3)
    await ada.pin(40, 40, "Everywhere")
    await expect(ada.markers).to_have_count(3)
    await ada.page.evaluate(f"ImageChat('one', {config})")
    await expect(ours).to_have_count(1)
    await expect(others).to_have_count(2)
    await expect(ada.page.locator("#one + :is(image-chat-layer, image-chat-layer-2)")).to_have_count(1)
    assert len(warnings) == 1
    assert "the last call counts" in warnings[0]
