"""P9: thousands of markers stay usable: what is written is what changes. A clock would only tell of the machine."""

from typing import Any

from playwright.async_api import Page, expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

MANY = 5_000
RESIZES = 10

MANY_IN_SNAPSHOT = """
(() => {
  const fetched = window.fetch;
  window.fetch = async (...given) => {
    const answer = await fetched(...given);
    if (!String(given[0]?.url ?? given[0]).includes("/comment-image-chats/")) return answer;
    const body = await answer.json();
    const [one] = body.conversations ?? [];
    if (one === undefined || body.conversations.length > 1) return Response.json(body, answer);
    body.conversations.push(...Array.from({ length: MANY }, (_, number) => ({
      ...one, _id: one._id.slice(0, -5) + String(number).padStart(5, "0"), urlId: "made-" + number,
      x: (number * 7.13) % 100, y: (number * 13.37) % 100,
    })));
    return Response.json(body, answer);
  };
})();
"""
WATCH = """
window.work = { styles: 0, attributes: 0, nodes: 0 };
new MutationObserver((records) => {
  for (const { type, attributeName } of records)
    work[type === "childList" ? "nodes" : attributeName === "style" ? "styles" : "attributes"] += 1;
}).observe(document.querySelector("image-chat-layer").shadowRoot,
           { subtree: true, childList: true, attributes: true, characterData: false });
"""
FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def work_of(tab: Page) -> dict[str, int]:
    """Return how often something in the layer was written since the last call."""
    await tab.evaluate(FRAMES)
    done: dict[str, Any] = await tab.evaluate(
        "() => { const done = { ...work }; for (const name in work) work[name] = 0; return done; }"
    )
    return done


async def test_P9_5000_markers_are_opened_made_and_resized_at_the_cost_of_what_changes(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    address = pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "many"}))
    await bob.open(address)
    await bob.pin(50, 50, "The first")
    await bob.is_confirmed()
    tab = ada.page
    await tab.add_init_script(MANY_IN_SNAPSHOT.replace("MANY", str(MANY)))
    await ada.open(address)
    await expect(ada.markers).to_have_count(MANY + 1, timeout=60_000)  # some come with each frame
    await tab.evaluate(WATCH)

    # another size of the picture touches the layer, and markers that go from one cluster to another
    for step in range(RESIZES):
        await tab.evaluate(f"document.getElementById('picture').style.width = '{400 + step}px'")
        await tab.evaluate(FRAMES)
    done = await work_of(tab)
    assert done["styles"] <= 20 * RESIZES, done
    assert done["attributes"] <= MANY / 20 * RESIZES, done

    # the cross-hair, by keys
    await tab.locator("[data-crosshair]").focus()
    await expect(tab.locator("[data-open-list]")).to_be_visible()  # the tools have come
    await work_of(tab)
    await tab.keyboard.press("ArrowRight")
    done = await work_of(tab)
    assert sum(done.values()) <= 10, done

    # somebody else's marker
    await bob.pin(90, 90, "Live")
    await bob.is_confirmed()
    await expect(ada.markers).to_have_count(MANY + 2)
    done = await work_of(tab)
    assert sum(done.values()) <= 40, done

    # one of them is opened
    await tab.locator('[data-key="made-1234"]').dispatch_event("click")
    await expect(ada.window).to_be_visible()
    done = await work_of(tab)
    assert sum(done.values()) <= 60, done
