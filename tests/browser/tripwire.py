"""A browser profile in which whatever hostile words set off is noticed."""

from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Page, Request, Route, WebSocket

from browser.embedding import PICTURE
from browser.visitor import Visitor

AVATARS = "avatars.test"
"""The one host beside the page's and the node's that a comment may make a browser ask: that of its author's picture."""
LAY = """
for (const name of ["alert", "confirm", "prompt", "open", "print"]) {
  window[name] = (...given) => window.tripped(`${name}(${given})`);
}
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
  window.tripped(`CSP ${effectiveDirective} ${blockedURI} ${sample}`));
addEventListener("DOMContentLoaded", () => { window.ownElements = new Set(document.querySelectorAll("*")); });
"""
LOOK = """
() => {
  const found = [], say = (element, what) => found.push(`${what}: ${element.outerHTML.slice(0, 200)}`);
  const words = new Set(["p", "br", "strong", "em", "code", "pre", "a"]);
  const parts = new Set([...words, "div", "section", "header", "h2", "span", "bdi", "time", "ol", "li"]);
  for (const name of ["button", "input", "textarea", "img", "svg", "path", "circle"]) parts.add(name);
  const ids = new Set(["window", "replying-to"]);
  const attributes = new RegExp(`^(?:${[
    "aria-[a-z]+", "data-[a-z-]+", "class", "id", "part", "role", "tabindex", "title", "type", "name", "dir", "lang",
    "hidden", "disabled", "readonly", "rows", "maxlength", "autocomplete", "placeholder", "popover", "datetime",
    "style", "href", "target", "rel", "referrerpolicy", "src", "alt", "loading", "viewBox", "width", "height", "fill",
    "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "focusable", "d", "cx", "cy", "r",
  ].join("|")})$`);
  const web = /^https?:$/, linked = /^(?:https?|mailto):$/;
  const isLayer = (element) => /^image-chat-layer(?:-[0-9]+)?$/.test(element.localName);
  for (const element of document.querySelectorAll("*")) {
    if (!window.ownElements.has(element) && !isLayer(element)) say(element, "on the page");
    for (const inside of isLayer(element) ? element.shadowRoot.querySelectorAll("*") : []) {
      const body = inside.parentElement?.closest(".body");
      if (!(body ? words : parts).has(inside.localName)) say(inside, "an element");
      for (const { name, value } of inside.attributes) {
        if (!attributes.test(name) || (body && !/^(?:href|target|rel|referrerpolicy)$/.test(name))) say(inside, name);
        if (name === "style" && /url|expression|import/i.test(value)) say(inside, "a style");
      }
      if (inside.id && !ids.has(inside.id)) say(inside, "an id");
      if (inside.localName === "img" && !(inside.className === "avatar" && /^https?:/.test(inside.getAttribute("src"))))
        say(inside, "an image");
      if (inside.localName !== "a" || !inside.hasAttribute("href")) continue;
      if (!(body ? linked : web).test(inside.protocol)) say(inside, "a link");
      const { rel, target, referrerPolicy } = inside;
      if (body && [rel, target, referrerPolicy].join() !== "noopener nofollow ugc,_blank,no-referrer")
        say(inside, "a link that keeps its opener");
    }
  }
  for (const name in {}) found.push(`Object.prototype.${name}`);
  if (document.cookie) found.push(`cookie ${document.cookie}`);
  return found;
}
"""


class Tripwire:
    """What went off, in all tabs of a profile."""

    def __init__(self, browser: Browser, *origins: str) -> None:
        """Let the tabs ask some origins, and nobody else."""
        self.found: list[str] = []
        self._browser = browser
        self._hosts = {urlsplit(origin).netloc for origin in origins} | {AVATARS}

    async def visitor(self, **options: Any) -> Visitor:
        """Make somebody with a profile that is watched; takes Playwright's options of a context."""
        context = await self._browser.new_context(**({"viewport": {"width": 1000, "height": 800}} | options))
        await context.expose_binding("tripped", lambda _, what: self._tripped(str(what)))
        await context.add_init_script(LAY)
        await context.route(f"https://{AVATARS}/**", self._picture)
        context.on("request", self._heard)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.found.append(f"error: {error.error}"))
        context.on("page", self._opened)
        tab = await context.new_page()
        context.on("page", lambda other: self.found.append(f"opened {other.url}"))
        return Visitor(tab)

    async def is_whole(self, tab: Page) -> None:
        """Check that nothing went off, and that a page shows nothing but the widget's own elements."""
        await tab.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        assert await tab.evaluate(LOOK) == []
        assert len(tab.frames) == 1
        assert self.found == []

    def forget_failed_loads(self) -> None:
        """Let a console be that says only that an answer was an error."""
        self.found = [each for each in self.found if not each.startswith("console: Failed to load resource")]

    async def _picture(self, route: Route) -> None:
        await route.fulfill(body=PICTURE, content_type="image/svg+xml")

    def _heard(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in self._hosts:
            self.found.append(f"asked for {request.url}")

    def _opened(self, tab: Page) -> None:
        tab.on("websocket", self._connected)
        tab.on("dialog", lambda dialog: self.found.append(f"dialog {dialog.message}"))
        tab.on("download", lambda download: self.found.append(f"download {download.url}"))

    def _connected(self, socket: WebSocket) -> None:
        if urlsplit(socket.url).netloc not in self._hosts:
            self.found.append(f"connected to {socket.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._tripped(f"console: {message.text}")

    def _tripped(self, what: str) -> None:
        if not (f"https://{AVATARS}/" in what and "img-src" in what):  # a page may want no people's pictures
            self.found.append(what)
