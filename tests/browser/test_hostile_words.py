"""M14: hostile words in every field that takes words, shown in a real browser in which nothing goes off."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from attacking import hostile_words
from browser.embedding import Pages, call, page
from browser.quiet import saying_nothing
from browser.test_strict_page import readme_policy
from browser.tripwire import AVATARS, Tripwire
from browser.visitor import Visitor
from imagechat.demo.seed import moderator
from imagechat.model.comment_text import render
from imagechat.model.principal import Role
from imagechat.wiring import milliseconds
from live_clients import Person
from making import person
from operating import Operator
from running import TENANT, TRUSTED, RunningNode
from signing import sso_of
from visiting import CHATS, COMMENTS, fresh, tokens_of
from visiting import Visitor as Caller

CAREFUL = "careful"
"""A tenant where what visitors write waits for a moderator."""
MEMBERS = "members"
"""A tenant where only who has signed in may comment."""
WORDS = hostile_words()
SENT = [words for words in WORDS if "\0" not in words]
"""Without those that the server refuses whole."""
POLLUTED = {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}
PICTURE_ID = "coffee"
"""One of the demo's, so that its gallery shows it to a moderator."""
SHOW = """
async (threads) => {
  const roots = [...document.querySelectorAll("image-chat-layer")].map(({ shadowRoot }) => shadowRoot);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (const [key, count] of threads) {
    const of = `[data-key="${CSS.escape(key)}"]`;
    const root = roots.find((one) => one.querySelector(`[data-marker]${of}`));
    root.querySelector(`[data-marker]${of}`).click();
    const shown = () => root.querySelectorAll(`[data-window]${of} [data-comment]`).length;
    for (let frames = 0; shown() < count; frames += 1) {
      if (frames > 1000) throw new Error(`${shown()} of ${count} are shown of ${key}`);
      root.querySelector("[data-earlier]")?.click();
      await frame();
    }
  }
}
"""
"""Opens markers, one after the other, with all of their comments."""
COMPARE = """
(sent) => {
  const roots = [...document.querySelectorAll("image-chat-layer")].map(({ shadowRoot }) => shadowRoot);
  const read = (html) => {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    for (const link of body.querySelectorAll("a")) {
      for (const name of link.href ? ["referrerpolicy"] : link.getAttributeNames()) link.removeAttribute(name);
    }
    return body.innerHTML.replace(/<!--.*?-->/g, "").trim(); // the template's
  };
  return roots.flatMap((root) => [...root.querySelectorAll("[data-comment]")]).flatMap((one) => {
    const { commentHTML, commenterName } = sent[one.dataset.comment];
    const shown = [read(one.querySelector(".body").innerHTML), one.querySelector("bdi").textContent];
    const wanted = [read(commentHTML), commenterName || "Anonymous"];
    return shown.join() === wanted.join() ? [] : [[...shown, ...wanted]];
  });
}
"""
"""Returns the comments that are shown otherwise than a parser of HTML reads what the server sent."""
JUDGE = """
(htmls) => htmls.filter((html) => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  // what is no address at all leads nowhere
  const leads = (to) => !URL.canParse(to, "x:y") || /^(?:https?|mailto):$/.test(new URL(to, "x:y").protocol);
  return [...parsed.head.children, ...parsed.body.querySelectorAll("*")].some((one) =>
    !["p", "br", "strong", "em", "code", "pre", "a"].includes(one.localName) ||
    one.getAttributeNames().some((name) => one.localName !== "a" || !["href", "rel", "target"].includes(name)) ||
    (one.localName === "a" && one.hasAttribute("href") && !leads(one.getAttribute("href"))) ||
    (one.localName === "a" && (one.rel !== "noopener nofollow ugc" || one.target !== "_blank")));
})
"""


def in_bundles(most: int) -> list[str]:
    """Return what may be sent, put together to texts of so many characters at most."""
    bundles = [""]
    for words in SENT:
        if len(bundles[-1]) + len(words) >= most:
            bundles.append("")
        bundles[-1] += words[: most - 1] + " "
    return bundles


class Mallory:
    """Sends hostile words to a node, wherever it takes words, as one visitor and as many who have signed in."""

    def __init__(self, client: httpx.Client, api_key: str) -> None:
        self._client = client
        self._api_key = api_key
        self._visitor = Caller(client)
        self._visitor.snapshot(PICTURE_ID)
        self.sent: dict[str, dict[str, Any]] = {}
        """The comments that the server took, as it shows them at last, by id."""
        self.html: list[str] = []
        """All the HTML that it has made."""
        self.threads = ["signed in", "replies"]

    def everywhere(self) -> None:
        """Send every text through each field, some calls at a time."""
        for thread in self.threads:
            self._mark(thread, "The first", "Mallory")
        [parent] = [each["_id"] for each in self.sent.values() if each["urlId"] == self.threads[1]]
        with ThreadPoolExecutor(8) as pool:
            sending = [pool.submit(self._send, number, parent) for number in range(len(WORDS))]
        for each in sending:
            each.result()

    def _send(self, number: int, parent: str) -> None:
        words, other, name = WORDS[number], WORDS[number - 1], WORDS[number][:100]
        is_shown = number % 8 == 0 or words.startswith("http")
        avatar = f"https://{AVATARS}/{words[:400]}" if is_shown else words[:500]
        self._mark(words, words, name, pageTitle=words, src=words)
        self._comment(self.threads[0], words, "", {"sso": self._sso(words, name, avatar)})
        more = {"parentId": parent, "avatarSrc": avatar, "pageTitle": words, "url": words}
        reply = self._comment(self.threads[1], words, name, {}, **more)
        if reply is not None:
            path = f"{COMMENTS}/{reply}/update-text"
            changed = self._post(path, {"broadcastId": fresh("b")}, {"comment": other})
            self._keep(self.sent[reply] | changed.get("comment", {}))

    def _mark(self, window: str, words: str, name: str, **more: str) -> None:
        body = {"urlId": PICTURE_ID, "broadcastId": fresh("b"), "x": 50, "y": 50, "windowUrlId": window}
        made = self._post(CHATS, {}, body | more | {"comment": {"comment": words, "commenterName": name}})
        self._keep(made.get("comment"))

    def _comment(self, thread: str, words: str, name: str, params: dict[str, str], **more: str) -> str | None:
        body = {"comment": words, "commenterName": name, "url": "", "urlId": thread}
        made = self._post(COMMENTS, {"urlId": thread, "broadcastId": fresh("b")} | params, body | more)
        self._keep(made.get("comment"))
        return made["comment"]["_id"] if made else None

    def _keep(self, comment: dict[str, Any] | None) -> None:
        if comment is not None:
            self.sent[comment["_id"]] = comment
            self.html.append(comment["commentHTML"])

    def _sso(self, words: str, name: str, avatar: str) -> str:
        """Return signed SSO of somebody whose every field is hostile."""
        person = dict.fromkeys(("username", "displayName", "displayLabel"), name)
        person |= dict.fromkeys(("email", "websiteUrl", "locale"), words[:500]) | {"id": words[:256], "avatar": avatar}
        content = person | {"groupIds": [words[:128]]} | POLLUTED
        return json.dumps(sso_of(self._api_key, json.dumps(content).encode(), milliseconds()))

    def _post(self, path: str, params: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        """Post; {} when it is refused, as a text with a NUL is."""
        answer = self._visitor.send("POST", path, params=params, json=body | POLLUTED)
        assert answer.headers["content-type"] == "application/json"
        if answer.status_code != 200:
            assert answer.status_code in {400, 401}, answer.text
            assert "\\u0000" in answer.request.content.decode(), answer.text
            return {}
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def keys() -> dict[str, str]:
    """The API keys of the node's tenants, once it has started."""
    return {}


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory, keys: dict[str, str]) -> Iterator[RunningNode]:
    """The demo, with its gallery; its tenant has a hostile name, and two others beside it hold and show less."""
    with saying_nothing(RunningNode(tmp_path_factory.mktemp("node"), command="demo")) as node:
        operator = Operator(node)
        operator.tenant(CAREFUL, approval="visitors", domains=["127.0.0.1:*"])
        operator.tenant(MEMBERS, comment="members", domains=["127.0.0.1:*"])
        operator.set(TENANT, spam={"max_links": None, "hold_duplicates": False})
        node.run("tenant", "update", TENANT, "--name", in_bundles(4_000)[0])
        keys[TENANT] = operator.rotate(TENANT).api_key
        operator.heeded()
        yield node


@pytest.fixture(scope="module")
def client(shared_node: RunningNode) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shared_node.url, timeout=30, verify=TRUSTED) as client:
        yield client


@pytest.fixture(scope="module")
def mallory(keys: dict[str, str], client: httpx.Client) -> Mallory:
    mallory = Mallory(client, keys[TENANT])
    mallory.everywhere()
    return mallory


@pytest_asyncio.fixture(loop_scope="session")
async def tripwire(browser: Browser, shared_node: RunningNode, pages: Pages) -> AsyncIterator[Tripwire]:
    tripwire = Tripwire(browser, shared_node.url, pages.url)
    yield tripwire
    assert tripwire.found == []


async def shows_all(ada: Visitor, mallory: Mallory, tripwire: Tripwire, *, threads: int, may_parse: bool) -> None:
    """Look at every comment of long threads, and at some markers: all is what the server sent, and does nothing."""
    counts = Counter(comment["urlId"] for comment in mallory.sent.values())
    assert all(counts[key] > len(SENT) for key in mallory.threads)
    some = [key for key in counts if key not in mallory.threads][:: len(SENT) // 10]
    for keys in (some, *([key] for key in mallory.threads[:threads])):
        await ada.page.evaluate(SHOW, [(key, counts[key]) for key in keys])
        assert not may_parse or await ada.page.evaluate(COMPARE, mallory.sent) == []
        await tripwire.is_whole(ada.page)


async def test_M14_the_tripwire_goes_off(tripwire: Tripwire, shared_node: RunningNode, pages: Pages) -> None:
    """Or the tests below would prove nothing."""
    ada = await tripwire.visitor()
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "tripwire"})))
    for inside in ("document.body", "document.querySelector('image-chat-layer').shadowRoot.querySelector('.root')"):
        for html in (
            "<img src=x onerror=alert(1)>",
            "<svg><image href=//evil.example/1.png></svg>",
            '<a href="javascript:alert(1)">x</a>',
            "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
        ):
            await ada.page.evaluate(
                f"(html) => {inside}.append(document.createRange().createContextualFragment(html))", html
            )
            with pytest.raises(AssertionError):
                await tripwire.is_whole(ada.page)
    said = " ".join(tripwire.found)
    assert "alert(1)" in said
    assert "evil.example" in said
    tripwire.found.clear()


@pytest.mark.parametrize("is_strict", [False, True])
async def test_M14_nothing_goes_off_in_markers_and_threads(
    tripwire: Tripwire, shared_node: RunningNode, pages: Pages, mallory: Mallory, *, is_strict: bool
) -> None:
    """On a page where a script in a text would run, and on one whose policy would report it."""
    config = {"tenantId": TENANT, "urlId": PICTURE_ID, "maxReplyDepth": 3, "chatSquarePercentage": 1}
    policy = readme_policy(shared_node).replace("img-src 'self'", f"img-src 'self' https://{AVATARS}")
    headers = {"Content-Security-Policy": policy} if is_strict else {}
    script = pages.put(call(config), kind="js").removeprefix(pages.url)
    ada = await tripwire.visitor()
    await ada.open(pages.put(page(shared_node.url, config, script=script), headers=headers))
    await shows_all(ada, mallory, tripwire, threads=1 if is_strict else 2, may_parse=not is_strict)


async def test_M14_nothing_goes_off_in_a_moderator_s_gallery(
    tripwire: Tripwire, shared_node: RunningNode, mallory: Mallory
) -> None:
    mo = await tripwire.visitor()
    await mo.page.goto(f"{shared_node.url}/#moderator={tokens_of(shared_node).session(moderator())}")
    card = mo.page.locator(f"[data-url-id={PICTURE_ID}]")
    await card.scroll_into_view_if_needed()
    await expect(card.locator("[data-count]")).to_contain_text("comments")
    await expect(card.locator("[data-marker]").nth(len(SENT) + 1)).to_be_attached()
    await shows_all(mo, mallory, tripwire, threads=1, may_parse=True)


async def test_M14_pictures_and_visitors_with_hostile_names(
    tripwire: Tripwire, shared_node: RunningNode, pages: Pages, client: httpx.Client
) -> None:
    """Who must sign in is shown where: only a web address is a link."""
    url_ids = [*in_bundles(2_000), "__proto__", "constructor", "toString", "null"]
    calls = []
    for number, url_id in enumerate(url_ids):
        mark = {"urlId": url_id, "broadcastId": fresh("b"), "x": 50, "y": 50}
        Caller(client).call("POST", f"/comment-image-chats/{MEMBERS}", json=mark)
        words = SENT[number::20]
        fields = ("username", "displayName", "email", "avatar", "websiteUrl")
        sso = dict(zip(fields, (each[:100] for each in words), strict=False)) | {"loginURL": words[5]}
        config = json.dumps({"tenantId": MEMBERS, "urlId": url_id, "pageTitle": url_id, "simpleSSO": sso})
        calls.append(f"ImageChat('picture-{number}', {config})")
    pictures = "".join(f'<img id="picture-{number}" src="/picture.svg" alt="">' for number in range(len(url_ids)))
    script = pages.put(";".join(calls), kind="js").removeprefix(pages.url)
    ada = await tripwire.visitor()
    await ada.page.goto(pages.put(page(shared_node.url, {}, body=pictures, script=script)))
    await expect(ada.page.locator('[data-status="live"]')).to_have_count(len(url_ids))
    await expect(ada.markers).to_have_count(len(url_ids))
    await expect(ada.page.locator("[data-sign-in]").first).to_be_attached()
    await tripwire.is_whole(ada.page)


async def test_M14_what_waits_for_a_moderator(
    tripwire: Tripwire, shared_node: RunningNode, pages: Pages, client: httpx.Client
) -> None:
    author = Caller(client)
    chats, comments = f"/comment-image-chats/{CAREFUL}", f"/comments/{CAREFUL}"
    author.call("GET", chats, params={"urlId": "held"})
    texts = in_bundles(1_900)
    for number, text in enumerate(texts):
        words = {"comment": text, "commenterName": SENT[number][:100]}
        body = {"urlId": "held", "broadcastId": fresh("b"), "x": number, "y": 50, "windowUrlId": f"held {number}"}
        assert author.call("POST", chats, json=body | {"comment": words})["held"] is True
        params = {"urlId": "held 0", "broadcastId": fresh("b")}
        assert author.call("POST", comments, params=params, json=words)["comment"]["approved"] is False
    config = {"tenantId": CAREFUL, "urlId": "held", "sessionId": author.session}
    ada = await tripwire.visitor()
    await ada.open(pages.put(page(shared_node.url, config)))
    await expect(ada.page.locator(".marker.held")).to_have_count(len(texts))
    await ada.page.evaluate(SHOW, [("held 0", 1 + len(texts))])
    await tripwire.is_whole(ada.page)

    mo = Caller(client, tokens_of(shared_node).session(person("mo", tenant_id=CAREFUL, role=Role.MODERATOR)))
    held = mo.call("GET", f"/moderation/{CAREFUL}/held")["held"]
    htmls = [each["comment"]["commentHTML"] for each in held]
    assert len(htmls) == 2 * len(texts)
    assert await ada.page.evaluate(JUDGE, htmls) == []


async def test_M14_words_that_are_typed(tripwire: Tripwire, shared_node: RunningNode, pages: Pages) -> None:
    names = ["<img src=x onerror=alert(1)>", "{name}${alert(1)}?lit$1$", "<!--?lit$1$--><b>"]
    texts = [words for words in SENT if "\n" not in words and len(words) > 70][:8]
    ada = await tripwire.visitor()
    await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": "typed", "maxReplyDepth": 3})))
    await ada.pin(40, 40, texts[0], name=names[0])
    await ada.is_confirmed()
    for text in texts[1:]:
        await ada.write(text)
        await tripwire.is_whole(ada.page)  # while it is on its way there is no HTML, only what was typed
    await ada.is_confirmed()
    await expect(ada.page.locator("[data-comment] bdi").first).to_have_text(names[0])
    await ada.comments.first.hover()
    await ada.comments.first.locator("[data-edit-comment]").click()
    await ada.page.locator("[data-edit]").fill(texts[1])
    await ada.page.locator("[data-edit]").press("Enter")
    await ada.is_confirmed()
    await ada.comments.first.hover()
    await ada.comments.first.locator("[data-reply-comment]").click()
    await expect(ada.page.locator("[data-replying] bdi")).to_have_text(names[0])
    await tripwire.is_whole(ada.page)

    async with shared_node.client() as client:
        for name in names:
            await Person(client).mark("typed", comment={"comment": "Hello", "commenterName": name})
            await expect(ada.page.locator("[data-announcement]")).to_have_text(f"New comment by \u2068{name}\u2069")
    await tripwire.is_whole(ada.page)


async def test_M14_a_parser_of_html_finds_only_what_a_comment_may_hold(
    tripwire: Tripwire, pages: Pages, mallory: Mallory
) -> None:
    ada = await tripwire.visitor()
    await ada.page.goto(pages.put("<title>Judge</title>"))
    for html in (
        "<b>x</b>",
        "<p onclick=x>",
        '<a href="javascript:x">',
        '<a href="https://a">',
        "<script>",
        "<svg><p>",
    ):
        assert await ada.page.evaluate(JUDGE, [html]) == [html]
    around = ("*{}*", "[{}](https://example.org)", "`{}", "> {}", "<p>{}</p>", "[x]({})", "&{};")
    made = [render(each.replace("{}", words)) for words in WORDS for each in around]
    assert len(mallory.html) > 4 * len(SENT) - len(WORDS) // 10
    assert await ada.page.evaluate(JUDGE, mallory.html + made) == []
    await tripwire.is_whole(ada.page)


async def test_M14_what_is_asked_for_in_the_address_bar_is_never_a_page(
    tripwire: Tripwire, shared_node: RunningNode, mallory: Mallory, client: httpx.Client
) -> None:
    """Answers that hold or echo hostile words are JSON to a browser, whoever opens them."""
    admin = person("admin", role=Role.ADMIN)
    token = tokens_of(shared_node).session(admin)
    mo = Caller(client, token)
    for words in in_bundles(500)[:5]:
        mo.call("POST", f"/moderation/{TENANT}/bans", json={"userId": words[:256], "reason": words})
    groups = [words[:128] for words in SENT[:100]]
    body = {"broadcastId": fresh("b"), "groupIds": groups}
    mo.call("PATCH", f"/pictures/{TENANT}", params={"urlId": "shared"}, json=body)
    places = ["bans", "audit", "held", "mass-deletions"]
    words = quote(in_bundles(1_500)[4], safe="")
    ada = await tripwire.visitor()
    for path in (
        *(f"/moderation/{TENANT}/{place}?sessionId={token}" for place in places),
        f"{CHATS}?urlId={PICTURE_ID}&sessionId={token}",
        f"{COMMENTS}?urlId={quote(mallory.threads[0])}&asTree=true",
        *(f"{CHATS}?urlId=x&{name}={words}" for name in ("sso", "sessionId", "urlId")),
        *(f"{before}/{words}" for before in ("", "/comments", CHATS, f"/moderation/{TENANT}", "/demo", "/docs")),
        f"/docs?{words}#{words}",
    ):
        answer = await ada.page.goto(shared_node.url + path)
        assert answer is not None
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert (answer.headers["content-type"] == "application/json") is not path.startswith("/docs?"), path
        tripwire.forget_failed_loads()
        await tripwire.is_whole(ada.page)
