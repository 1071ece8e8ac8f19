"""B5: a page may mount and destroy the widget as often as it likes; nothing of it stays, and nothing grows."""

from typing import Any

import pytest
from playwright.async_api import CDPSession, Page

from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from running import TENANT, RunningNode

MOUNTS = 200
ROUNDS = 4
"""Garbage is collected, and what is left is counted, after each."""
PICTURES = 5
"""That are mounted together, as each waits for frames most of the time."""
BODY = '<p><img id="picture" src="/picture.svg" alt="A picture"></p>' + (PICTURES - 1) * (
    '<p><img src="/picture.svg" alt="A picture"></p>'
)
BYTES_PER_MOUNT = 10_000
"""A browser keeps compiled code, some 2 KB for each mount at first; the least that a layer weighs is ten times this."""

COUNT = """
window.before = { names: Object.getOwnPropertyNames(window) };
window.timers = new Set();
window.sockets = [];
for (const [start, stop] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval"],
                             ["requestAnimationFrame", "cancelAnimationFrame"]]) {
  const begin = window[start], end = window[stop], once = start !== "setInterval";
  window[start] = (work, ...rest) => {
    const id = begin.call(window, (...given) => { if (once) timers.delete(start + id); work(...given); }, ...rest);
    timers.add(start + id);
    return id;
  };
  window[stop] = (id) => { timers.delete(start + id); end.call(window, id); };
}
const Socket = WebSocket;
window.WebSocket = class extends Socket {
  constructor(...given) { super(...given); sockets.push(new WeakRef(this)); }
};
window.opened = () => sockets.map((one) => one.deref()).filter((one) => one && one.readyState !== Socket.CLOSED);
"""
MOUNT = """async ([config, times]) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const until = async (look, name) => {
    for (let asked = 0; asked < 1000; asked += 1) {
      const found = look();
      if (found) return found;
      await frame();
    }
    throw new Error("never: " + name);
  };
  const mount = async (picture) => {
    const chat = ImageChat(picture, config);
    const root = await until(() => picture.nextElementSibling?.shadowRoot, "a layer");
    const find = (selector) => until(() => root.querySelector(selector), selector);
    await find('[data-status="live"]');
    (await find("[data-marker]")).click();
    await find("[data-window] [data-comment]");
    (await find("[data-zoom-in]")).click();
    await find(".zoomed img");
    (await find("[data-open-list]")).click();
    await find("[data-panel]");
    chat.destroy();
  };
  for (let time = 0; time < times; time += 1) {
    await Promise.all([...document.images].map(mount));
    await until(() => timers.size === 0 && opened().length === 0, "no timers and no sockets");
  }
  performance.clearResourceTimings(); // the browser's own list of what was fetched
}"""
WHAT_HOLDS = (
    "AbortController",
    "CSSStyleSheet",
    "IntersectionObserver",
    "MutationObserver",
    "ResizeObserver",
    "ShadowRoot",
    "WebSocket",
)
"""Objects of the browser's that hold on to others."""
PAGE = "[document.documentElement.outerHTML, document.adoptedStyleSheets.length, document.styleSheets.length]"


async def left(tab: Page, session: CDPSession) -> dict[str, int]:
    """Return how much of what can leak there is, by name, once the browser has collected its garbage."""
    # it lets go of the target of its last event, and of what it has drawn, a frame later
    for _ in range(3):
        await session.send("HeapProfiler.collectGarbage")
        await tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    metrics: Any = await session.send("Performance.getMetrics")
    found = {metric["name"]: int(metric["value"]) for metric in metrics["metrics"]}
    counted = {name: found[name] for name in ("Nodes", "JSEventListeners", "JSHeapUsedSize")}
    for name in WHAT_HOLDS:
        kind = await session.send("Runtime.evaluate", {"expression": f"{name}.prototype", "objectGroup": "left"})
        query = {"prototypeObjectId": kind["result"]["objectId"], "objectGroup": "left"}
        objects = (await session.send("Runtime.queryObjects", query))["objects"]["objectId"]
        call = {"functionDeclaration": "function () { return this.length }", "objectId": objects, "returnByValue": True}
        counted[name] = (await session.send("Runtime.callFunctionOn", call))["result"]["value"]
    await session.send("Runtime.releaseObjectGroup", {"objectGroup": "left"})
    return counted


# any flag gives it a browser of its own: what it counts is of a whole process, in which others have left things
@pytest.mark.parametrize("more_flags", [["--js-flags=--expose-gc"]], ids=["alone"])
async def test_B5_nothing_grows_over_200_mounts_with_windows_zoom_and_lists(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    config = {"tenantId": TENANT, "urlId": "destroyed", "zoom": True}
    ada = await new_visitor()
    tab = ada.page
    await tab.add_init_script(COUNT)
    await tab.goto(pages.put(page(shared_node.url, config, body=BODY, script="")))
    untouched = await tab.evaluate(PAGE)
    await tab.evaluate("(config) => { window.chat = ImageChat(document.getElementById('picture'), config); }", config)
    await ada.is_live()
    await ada.pin(40, 40, "Before it goes")
    await ada.is_confirmed()
    await tab.evaluate("chat.destroy(); window.chat = null;")
    session = await tab.context.new_cdp_session(tab)
    await session.send("Performance.enable")

    # The first shows each kind of view once: of each, lit keeps one template for as long as the page is there.
    await tab.evaluate(MOUNT, [config, 1])
    counted = [await left(tab, session)]
    for _ in range(ROUNDS):
        await tab.evaluate(MOUNT, [config, MOUNTS // ROUNDS // PICTURES])
        counted.append(await left(tab, session))

    heaps = [one.pop("JSHeapUsedSize") for one in counted]
    assert counted == [counted[0]] * (1 + ROUNDS)
    assert (heaps[-1] - heaps[1]) / (MOUNTS - MOUNTS // ROUNDS) < BYTES_PER_MOUNT, heaps
    assert counted[0]["ShadowRoot"] == 0
    assert counted[0]["WebSocket"] == 0
    assert await tab.evaluate("sockets.length") == 1 + PICTURES + MOUNTS
    assert await tab.evaluate(PAGE) == untouched
    added = await tab.evaluate("Object.getOwnPropertyNames(window).filter((one) => !before.names.includes(one))")
    ours = {name for name in added if name not in {"before", "timers", "sockets", "opened", "chat", "picture"}}
    assert ours == {"ImageChat", "FastCommentsImageChat"}
