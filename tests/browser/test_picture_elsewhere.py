"""M19: markers stay on their spots where a page shows its picture full screen, scaled, anew, or in another file."""

from playwright.async_api import Page, expect

from browser.embedding import Pages, page
from browser.states import put_markers
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

X, Y = 30.0, 40.0
IS_ON_SPOT = f"""() => {{
  const image = document.querySelector("img");
  const layer = image.nextElementSibling;
  const marker = layer?.shadowRoot?.querySelector("[data-marker]");
  if (!marker || !image.complete) return false;
  const [box, at] = [image, marker].map((one) => one.getBoundingClientRect());
  const dx = at.x + at.width / 2 - box.x - box.width * {X} / 100;
  const dy = at.y + at.height / 2 - box.y - box.height * {Y} / 100;
  const top = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
  return at.width > 0 && Math.hypot(dx, dy) < 1 && top === layer;
}}"""


async def shown(
    visitors: NewVisitor, node: RunningNode, pages: Pages, url_id: str, body: str, target: str = "picture"
) -> Page:
    """Open a page with one picture, and one marker on it."""
    await put_markers(node, url_id, [(X, Y, "Here")])
    ada = await visitors()
    call = f"window.chat = ImageChat('{target}', {{tenantId: '{TENANT}', urlId: '{url_id}'}});"
    script = pages.put(call, kind="js")
    await ada.page.goto(pages.put(page(node.url, {}, body=body, script=script)))
    await is_on_spot(ada.page)
    return ada.page


async def is_on_spot(tab: Page) -> None:
    await tab.wait_for_function(IS_ON_SPOT)


async def test_M19_full_screen_and_back(new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages) -> None:
    body = (
        "<button onclick=\"document.querySelector('figure').requestFullscreen()\">larger</button>"
        '<figure><img id="picture" src="/picture.svg" alt="" style="width: 60%"></figure>'
    )
    tab = await shown(new_visitor, shared_node, pages, "full-screen", body)
    await tab.get_by_role("button", name="larger").click()
    await tab.wait_for_function("document.fullscreenElement !== null")
    await is_on_spot(tab)
    await tab.locator("[data-marker]").click()
    await expect(tab.locator("[data-window]")).to_contain_text("Here")
    await tab.evaluate("document.exitFullscreen()")
    await tab.wait_for_function("document.fullscreenElement === null")
    await is_on_spot(tab)


async def test_M19_a_picture_in_a_container_that_is_scaled_with_its_window(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    body = (
        '<div id="box" style="transform: scale(0.5); transform-origin: 40px 0; width: 900px">'
        '<p>words</p><img src="/picture.svg" alt="" style="width: 800px"></div>'
    )
    tab = await shown(new_visitor, shared_node, pages, "scaled", body, target="box")
    await tab.locator("[data-marker]").click()
    window = tab.locator("[data-window]")
    await expect(window).to_contain_text("Here")
    await expect(window).to_be_in_viewport(ratio=1)
    box, marker = await window.bounding_box(), await tab.locator("[data-marker]").bounding_box()
    assert box is not None
    assert marker is not None
    assert box["width"] == 300  # as large as anywhere, and beside its marker
    assert 0 < box["x"] - marker["x"] - marker["width"] < 20
    await tab.keyboard.press("Escape")
    await tab.evaluate("document.getElementById('box').style.transform = 'scale(1.1)'")
    await is_on_spot(tab)


async def test_M19_a_picture_that_a_framework_makes_anew(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    body = '<main><img id="picture" src="/picture.svg" alt=""></main>'
    tab = await shown(new_visitor, shared_node, pages, "anew", body)
    again = "const old = document.querySelector('img'); old.replaceWith(old.cloneNode())"
    await tab.evaluate(again)
    await expect(tab.locator("[data-marker]")).to_be_hidden()  # of a picture that is gone nothing is left over another
    await tab.evaluate(f"ImageChat('picture', {{tenantId: '{TENANT}', urlId: 'anew'}}); chat.destroy()")
    await is_on_spot(tab)
    await expect(tab.locator("image-chat-layer")).to_have_count(1)
    # a tag goes along by itself
    tag = f'<image-chat tenant-id="{TENANT}" url-id="anew"><img src="/picture.svg" alt=""></image-chat>'
    await tab.evaluate("(tag) => { document.querySelector('main').innerHTML = tag }", tag)
    await is_on_spot(tab)
    await tab.evaluate(again)
    await is_on_spot(tab)
    await expect(tab.locator("image-chat-layer")).to_have_count(1)


async def test_M19_a_srcset_whose_file_changes_with_the_width(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    body = (
        '<picture><source media="(max-width: 600px)" srcset="/picture.svg?narrow" width="100" height="150">'
        '<img id="picture" srcset="/picture.svg?small 400w, /picture.svg?large 1600w" sizes="90vw" alt=""'
        ' style="width: 90vw; height: auto"></picture>'
    )
    url_id = "srcset"
    await put_markers(shared_node, url_id, [(X, Y, "Here")])
    ada = await new_visitor(viewport={"width": 420, "height": 800})
    config = {"tenantId": TENANT, "urlId": url_id}
    await ada.open(pages.put(page(shared_node.url, config, body=body)))
    on_spot = IS_ON_SPOT.replace("image.nextElementSibling", "document.querySelector('picture').nextElementSibling")
    seen = set()
    for width in (420, 1300, 420):
        await ada.page.set_viewport_size({"width": width, "height": 800})
        await ada.page.wait_for_function(on_spot)
        seen.add(await ada.page.evaluate("document.querySelector('img').currentSrc.split('?')[1]"))
    assert seen == {"narrow", "large"}
