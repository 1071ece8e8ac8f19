"""M23: a page prints with numbers on its picture and all that was said below it, and is as it was afterwards."""

from playwright.async_api import Page

from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

BODY = (
    "<style>figure { margin: 0; display: flex; gap: 8px } .frame { height: 300px; overflow: hidden }</style>"
    '<article><figure><div class="frame"><img id="picture" src="/picture.svg" alt="A picture"></div>'
    "<p>Beside</p></figure>"
    '<p id="below">Below</p></article>'
)
MEASURE = """() => [...document.body.querySelectorAll("*")].map((one) => {
  const box = one.getBoundingClientRect();
  return [one.localName, one.getAttribute("style") || "", box.x, box.y, box.width, box.height].join(" ");
})"""
PRINTED = """() => {
  const [layer] = document.querySelectorAll("image-chat-layer");
  const sheets = [...document.querySelectorAll("*")].filter((one) => one.shadowRoot?.querySelector("[data-printed]"));
  const picture = document.getElementById("picture");
  const marks = () => [...layer.shadowRoot.querySelectorAll(".print-marks > .print-mark")].map((one) => {
    const box = one.getBoundingClientRect(), on = picture.getBoundingClientRect();
    const x = ((box.x + box.width / 2 - on.x) / on.width) * 100;
    const y = ((box.y + box.height / 2 - on.y) / on.height) * 100;
    return `${one.textContent} ${Math.round(x)} ${Math.round(y)}`;
  });
  const found = {
    marks: marks(),
    sheets: sheets.map((one) => `${one.previousElementSibling.localName} in ${one.parentElement.localName}`),
    threads: sheets.flatMap((one) => [...one.shadowRoot.querySelectorAll("section")].map((each) => [
      each.querySelector("h2").innerText.replace(/\\s+/g, " "),
      ...[...each.querySelectorAll(".said")].map((said) => said.innerText),
    ])),
    others: layer.shadowRoot.querySelector("[data-marker]").checkVisibility(),
  };
  picture.style.width = "160px";  // as paper may: laid out anew, while no script runs
  found.marksOnPaper = marks();
  picture.style.width = "";
  return found;
}"""
PRINTING = f"""() => {{
  dispatchEvent(new Event("beforeprint"));
  try {{ return ({PRINTED})(); }} finally {{ dispatchEvent(new Event("afterprint")); }}
}}"""
"""As the browser does it: it tells before and after, and lays out anew between."""


async def print_is_ready(tab: Page) -> None:
    """Wait until the module for printing is here, and has a part in it."""
    await tab.wait_for_function(
        "performance.getEntriesByType('resource').some((one) => /\\/print-/.test(one.name) && one.responseEnd > 0)"
    )


async def test_M23_a_page_prints_with_its_conversations_and_is_then_as_it_was(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    config = {"tenantId": TENANT, "urlId": "printed", "printable": True, "maxReplyDepth": 1}
    ada, ben = await new_visitor(), await new_visitor()
    address = pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "printed"}, body=BODY))
    await ada.open(address)
    await ada.pin(25, 50, "First <b>of</b> all")
    await ada.sees_comments("First")
    await ada.write("And **more**")
    await ada.is_confirmed()
    await ada.pin(75, 20, "שלום")
    await ada.is_confirmed()
    await ben.open(pages.put(page(shared_node.url, config, body=BODY)))
    await print_is_ready(ben.page)
    before = await ben.page.evaluate(MEASURE)

    async def threads() -> list[list[str]]:
        found = await ben.page.evaluate(PRINTING)
        assert found["marks"] == found["marksOnPaper"] == ["1 25 50", "2 75 20"]
        assert found["sheets"] == ["figure in article"]  # not in the frame, nor beside it
        assert found["others"] is False
        shown: list[list[str]] = found["threads"]
        return shown

    all_of_it = [["1 2 comments", "First <b>of</b> all", "And more"], ["2 1 comment", "שלום"]]
    for _ in range(200):
        if await threads() == all_of_it:
            break
        await ben.page.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert await threads() == all_of_it
    assert await ben.page.evaluate(MEASURE) == before
    assert len(await ben.page.pdf()) > 0  # with the browser's own events
    assert await ben.page.evaluate(MEASURE) == before


async def test_M23_the_lists_button_prints_what_was_never_opened(new_visitor: NewVisitor, address: str) -> None:
    ada, ben = await new_visitor(), await new_visitor()
    await ada.open(address)
    await ada.pin(40, 40, "Never opened by Ben")
    await ada.is_confirmed()
    await ben.open(address)
    await ben.page.evaluate(f"window.print = () => {{ window.printed = ({PRINTING})(); }}")
    await ben.markers.first.hover()
    await ben.page.locator("[data-open-list]").click()
    await ben.page.locator("[data-print]").click()
    await ben.page.wait_for_function("window.printed !== undefined")
    assert await ben.page.evaluate("printed.threads") == [["1 1 comment", "Never opened by Ben"]]
