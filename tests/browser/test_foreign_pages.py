"""Pages of other sites that would read or write with what a browser holds: a cookie, and even stolen tokens."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, Request, expect

from browser.embedding import Pages, page
from browser.quiet import saying_nothing
from browser.visitor import NewVisitor
from imagechat.model.principal import Role
from live_clients import live_url
from making import person
from running import RunningNode
from visiting import fresh, tokens_of

BLANK = "<!doctype html><title>Prizes</title><body></body>"
GUARDED = "guarded"
"""A tenant that lets the pages of one origin in."""
WORDS = "Not for everybody"
ATTACK = """
async ({ node, tenant, picture, chatId, session, sockets }) => {
  const chats = `${node}/comment-image-chats/${tenant}`, comments = `${node}/comments/${tenant}`;
  const marker = JSON.stringify({ urlId: picture, broadcastId: "csrf", x: 1, y: 1, comment: { comment: "CSRF" } });
  const words = JSON.stringify({ comment: "CSRF", commenterName: "x", url: "", urlId: picture });
  const ask = async (name, url, init = {}) => {
    try {
      const credentials = name.includes("stolen") ? "omit" : "include"; // what one has needs no cookie
      const answer = await fetch(url, { credentials, ...init });
      return [name, answer.type === "opaque" ? "opaque" : answer.status, await answer.text()];
    } catch (error) {
      return [name, "blocked", String(error)];
    }
  };
  const plain = { "Content-Type": "text/plain" }, json = { "Content-Type": "application/json" };
  const Bearer = { Authorization: `Bearer ${session}` };
  const end = { method: "DELETE", headers: json, body: '{"broadcastId":"csrf"}' };
  const lock = { method: "PATCH", headers: json, body: '{"broadcastId":"csrf","readOnly":true}' };
  const told = await Promise.all([
    ask("read", `${chats}?urlId=${picture}`),
    ask("read unasked", `${chats}?urlId=${picture}`, { mode: "no-cors" }),
    ask("read, stolen", `${chats}?urlId=${picture}&sessionId=${session}`),
    ask("read, stolen header", `${chats}?urlId=${picture}`, { headers: Bearer }),
    ask("read a thread", `${comments}?urlId=${picture}`),
    ask("log, stolen", sockets.stolen.replace(/^ws(.*)\\/sub\\?/, `http$1/event-log/${tenant}?startTime=0&`)),
    ask("see who is there", `${node}/pages/${tenant}/users/online?urlId=${picture}`),
    ask("held, stolen", `${node}/moderation/${tenant}/held`, { headers: Bearer }),
    ask("write", chats, { method: "POST", headers: json, body: marker }),
    ask("write as text", chats, { method: "POST", headers: plain, body: marker }),
    ask("write unasked", chats, { method: "POST", headers: plain, body: marker, mode: "no-cors" }),
    ask("comment unasked", `${comments}?urlId=${picture}&broadcastId=csrf&sessionId=${session}`,
      { method: "POST", headers: plain, body: words, mode: "no-cors" }),
    ask("delete", `${chats}/${chatId}`, end),
    ask("delete, stolen", `${chats}/${chatId}`, { ...end, headers: { ...json, ...Bearer } }),
    ask("lock, stolen", `${node}/pictures/${tenant}?urlId=${picture}&sessionId=${session}`, lock),
    ask("sign out", `${node}/sessions/${tenant}`, { method: "DELETE" }),
  ]);
  navigator.sendBeacon(chats, marker);
  const loaded = (tag, attribute, url, more = {}) => new Promise((done) => {
    const element = Object.assign(document.createElement(tag), more);
    element.onload = () => done([tag, "loaded"]);
    element.onerror = () => done([tag, "blocked"]);
    element[attribute] = url;
    document.body.append(element);
  });
  const submitted = (fields) => new Promise((done) => {
    const make = (tag, given) => Object.assign(document.createElement(tag), given);
    const frame = make("iframe", { name: `frame${fields.action.length}`, hidden: true });
    const form = make("form", { method: "POST", enctype: "text/plain", ...fields });
    // the body that text/plain makes of a field is JSON: {…,"src":"="}
    form.append(make("input", { name: `${marker.slice(0, -1)},"src":"`, value: '"}' }));
    document.body.append(frame, form);
    form.target = frame.name;
    frame.onload = () => done(["form", "sent"]);
    form.submit();
  });
  const read = `${chats}?urlId=${picture}`;
  const elements = [
    loaded("img", "src", read), loaded("script", "src", read), loaded("link", "href", read, { rel: "stylesheet" }),
    submitted({ action: chats }), submitted({ action: `${chats}?sessionId=${session}` }),
  ];
  const listen = (name, url, protocols) => new Promise((done) => {
    const got = [], socket = new WebSocket(url, protocols);
    socket.onmessage = ({ data }) => got.push(data);
    socket.onclose = ({ code }) => done([name, code, got.join()]);
  });
  const live = ["imagechat.v1"];
  const channels = [
    listen("stolen", sockets.stolen), listen("stolen, v1", sockets.stolen, live),
    listen("no ticket", sockets.without), listen("no ticket, v1", sockets.without, live),
    listen("empty ticket, v1", sockets.empty, live),
  ];
  return { told, elements: await Promise.all(elements), sockets: await Promise.all(channels) };
}
"""
SANDBOX = """
(given) => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts allow-forms";
  frame.srcdoc = `<body><script>(${given.attack})(${JSON.stringify(given)}).then((found) =>
    parent.postMessage({ ...found, origin: self.origin }, "*"))</` + "script></body>";
  addEventListener("message", ({ data }) => done(data), { once: true });
  document.body.append(frame);
})
"""


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[RunningNode]:
    with saying_nothing(RunningNode(tmp_path_factory.mktemp("node"))) as node:
        node.run("tenant", "create", GUARDED, "--domain", allowed(pages).removeprefix("http://"))
        yield node


@pytest.fixture(scope="module")
def others() -> Iterator[Pages]:
    """Another site, the attacker's."""
    with Pages().serving() as serving:
        yield serving


def allowed(pages: Pages) -> str:
    """The one origin of the tenant; to the node, whose host is 127.0.0.1, it is another site."""
    return pages.url.replace("127.0.0.1", "localhost")


@dataclass
class Loot:
    """A picture of the tenant's, its moderator's session, and what was stolen of it."""

    node: RunningNode
    picture: str
    session: str
    client: httpx.AsyncClient
    chat_id: str = ""
    before: Any = None

    async def snapshot(self) -> dict[str, Any]:
        params = {"urlId": self.picture, "sessionId": self.session}
        found: dict[str, Any] = (await self.client.get(f"/comment-image-chats/{GUARDED}", params=params)).json()
        return found

    async def state(self) -> Any:
        """Return all that a foreign page could have changed."""
        found = await self.snapshot()
        return {name: found[name] for name in ("status", "epoch", "seq", "conversations", "readOnly", "user")}

    async def given(self) -> dict[str, Any]:
        """Return what the attacker knows."""
        stolen = live_url(self.node, await self.snapshot())
        bare = stolen.partition("userIdWS=")
        tenant = f"tenantIdWS={GUARDED}"
        return {
            "node": self.node.url,
            "tenant": GUARDED,
            "picture": self.picture,
            "chatId": self.chat_id,
            "session": self.session,
            "sockets": {"stolen": stolen, "without": bare[0] + tenant, "empty": f"{bare[0]}userIdWS=&{tenant}"},
        }


@pytest_asyncio.fixture(loop_scope="session")
async def loot(shared_node: RunningNode) -> AsyncIterator[Loot]:
    who = person("mo", tenant_id=GUARDED, role=Role.MODERATOR, name="Mo")
    async with shared_node.client() as client:
        loot = Loot(shared_node, fresh("loot"), tokens_of(shared_node).session(who), client)
        body = {"urlId": loot.picture, "broadcastId": fresh("b"), "x": 1, "y": 1, "comment": {"comment": WORDS}}
        params = {"sessionId": loot.session}
        made = await client.post(f"/comment-image-chats/{GUARDED}", json=body, params=params)
        loot.chat_id = made.json()["createdChatId"]
        loot.before = await loot.state()
        yield loot


async def embed(loot: Loot, pages: Pages) -> str:
    """Return the address of the tenant's own page, with the picture."""
    put = pages.put(page(loot.node.url, {"tenantId": GUARDED, "urlId": loot.picture}))
    return put.replace(pages.url, allowed(pages))


def nothing_was_had(found: dict[str, Any], where: str) -> None:
    """Check what an attack has brought: refusals, and never a word of the conversation."""
    assert WORDS not in str(found), where
    for name, status, text in found["told"]:
        if "stolen" in name:
            assert (status, "origin-not-allowed" in text) == (403, True), (where, name)
        else:
            assert status in {"opaque", "blocked"}, (where, name)
            assert text == "" or status == "blocked", (where, name)
    refused = {tuple(one) for one in found["elements"] if one[0] != "form"}
    assert refused == {("img", "blocked"), ("script", "blocked"), ("link", "blocked")}, where
    for name, code, text in found["sockets"]:
        assert (code, text) == (4403 if "stolen" in name else 4400, ""), (where, name)


def requests_of(tab: Page) -> list[Request]:
    """Return a list that grows with what a tab asks for."""
    found: list[Request] = []
    tab.on("request", lambda request: found.append(request))  # noqa: PLW0108 -- Playwright marks its handlers
    return found


async def sent_cookies(requests: list[Request], node: RunningNode) -> int:
    """Return with how many of a tab's requests to the node the browser sent a cookie."""
    asked = [request for request in requests if request.url.startswith(node.url)]
    return len([request for request in asked if "cookie" in await request.all_headers()])


@pytest.mark.parametrize("more_flags", [["--test-third-party-cookie-phaseout"]])
async def test_AUTH1_foreign_pages_read_and_change_nothing_while_the_tenant_s_own_goes_on(
    new_visitor: NewVisitor, pages: Pages, others: Pages, loot: Loot
) -> None:
    ada = await new_visitor()
    await ada.page.context.add_cookies([{"name": "imagechat_session", "value": loot.session, "url": loot.node.url}])
    own = requests_of(ada.page)
    await ada.open(await embed(loot, pages))
    given = await loot.given()
    other = others.put(BLANK)
    places = {
        "another port": other,
        "another name": other.replace("127.0.0.1", "localhost"),
        "the right port, another name": pages.put(BLANK),
        "a sandbox": other,
    }
    # a browser takes pages of the node's host, whatever their port, for the same site: they get to send its cookie
    send_cookies = {"another port", "the right port, another name"}
    for where, address in places.items():
        mallory = await ada.page.context.new_page()
        sent = requests_of(mallory)
        await mallory.goto(address)
        if where == "a sandbox":
            found = await mallory.evaluate(SANDBOX, given | {"attack": ATTACK})
            assert found["origin"] == "null"
        else:
            found = await mallory.evaluate(ATTACK, given)
        nothing_was_had(found, where)
        assert await loot.state() == loot.before, where
        assert (await sent_cookies(sent, loot.node) > 0) is (where in send_cookies), where
        await mallory.close()

    await ada.pin(50, 50, "Still among ourselves")
    await ada.is_confirmed()
    assert len((await loot.snapshot())["conversations"]) == 2
    assert await sent_cookies(own, loot.node) == 0


async def test_AUTH2_a_page_whose_domain_is_taken_away_is_shut_out_at_once(
    new_visitor: NewVisitor, pages: Pages, loot: Loot
) -> None:
    domain = allowed(pages).removeprefix("http://")
    ada = await new_visitor()
    await ada.open(await embed(loot, pages))
    await expect(ada.markers).to_have_count(1)
    loot.node.run("tenant", "update", GUARDED, "--domain", "example.com")
    try:
        await ada.is_shut_out("This picture's conversations are not available to you.")
        await ada.page.reload()
        sentence = f"http://{domain} is not among the domains of the tenant {GUARDED}: add it there."
        await ada.is_shut_out(f"The conversations could not be loaded: {sentence}")
    finally:
        loot.node.run("tenant", "update", GUARDED, "--domain", domain)
