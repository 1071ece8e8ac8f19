"""M14: the widget on pages that allow next to nothing: a strict CSP with Trusted Types, no cookies, no storage."""

import pytest
from playwright.async_api import ConsoleMessage, expect

from browser.embedding import Pages, call, page
from browser.visitor import NewVisitor, Visitor
from documents import README, section
from running import TENANT, RunningNode

RECORD_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, sample }) =>
  window.violations.push([effectiveDirective, blockedURI, sourceFile, sample].join(" ")));
"""
NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("Access is denied.", "SecurityError"); } });
}
"""


def readme_policy(node: RunningNode) -> str:
    """Return the header that README.md tells page owners to send, for a node without TLS."""
    text = section(README, "Embed it").partition("Content-Security-Policy: ")[2].partition("```")[0]
    policy = " ".join(text.split())
    assert policy.startswith("default-src 'none';")
    return policy.replace("https://chat.example.org", node.url).replace("wss://chat.example.org", node.ws_url)


def strict_address(node: RunningNode, pages: Pages, url_id: str) -> str:
    config = {"tenantId": TENANT, "urlId": url_id}
    script = pages.put(call(config), kind="js")
    headers = {"Content-Security-Policy": readme_policy(node), "Referrer-Policy": "unsafe-url"}
    return pages.put(page(node.url, config, script=script.removeprefix(pages.url)), headers=headers)


async def live_through_everything(ada: Visitor) -> None:
    """Create, reply, edit, delete, and look at where the window is."""
    await ada.pin(30, 40, "Is **this** [straight](https://example.org/)?")
    await ada.is_confirmed()
    await expect(ada.comments.first.locator("strong")).to_have_text("this")
    link = ada.comments.first.locator("a")
    await expect(link).to_have_attribute("rel", "noopener nofollow ugc")
    await expect(link).to_have_attribute("referrerpolicy", "no-referrer")

    await expect(ada.window).to_have_attribute("data-side", "right")
    window, marker = await ada.window.bounding_box(), await ada.markers.first.bounding_box()
    assert window is not None
    assert marker is not None
    assert marker["x"] + marker["width"] < window["x"] < marker["x"] + marker["width"] + 20
    assert window["width"] == 300

    await ada.page.evaluate("chat.update({maxReplyDepth: 3})")
    await ada.comments.first.hover()
    await ada.comments.first.locator("[data-reply-comment]").click()
    await ada.write("Not quite.")
    await ada.is_confirmed()
    await ada.sees_comments("Is this straight?", "Not quite.")
    await expect(ada.comments.last).to_have_css("padding-left", "32px")  # a reply is indented
    await ada.comments.last.hover()
    await ada.comments.last.locator("[data-edit-comment]").click()
    await ada.page.locator("[data-edit]").fill("Quite.")
    await ada.page.locator("[data-edit]").press("Enter")
    await ada.is_confirmed()
    await ada.sees_comments("Is this straight?", "Quite.")
    await ada.comments.last.hover()
    await ada.comments.last.locator("[data-delete-comment]").click()
    await ada.page.locator("[data-confirm-delete]").click()
    await ada.sees_comments("Is this straight?")
    await ada.page.locator("[data-delete-marker]").click()
    await ada.page.locator("[data-confirm-delete]").click()
    await expect(ada.markers).to_have_count(0)


async def test_M14_everything_works_under_the_readme_s_policy_and_nothing_violates_it(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    ada.page.on("console", hear)
    await ada.page.add_init_script(RECORD_VIOLATIONS)
    await ada.open(strict_address(shared_node, pages, "strict"))
    await live_through_everything(ada)
    assert await ada.page.evaluate("window.violations") == []
    assert said == []


async def test_M14_the_policy_is_in_force(new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages) -> None:
    """Or the test above would prove nothing."""
    ada = await new_visitor()
    await ada.page.add_init_script(RECORD_VIOLATIONS)
    await ada.open(strict_address(shared_node, pages, "strict-in-force"))
    attempts = (
        "document.body.innerHTML = '<i>x</i>'",
        "trustedTypes.createPolicy('other', {})",
        "document.body.setAttribute('style', 'color: red')",
        "document.head.append(document.createElement('style').appendChild(new Text('b{}')).parentNode)",
        "fetch('http://127.0.0.1:9/').catch(() => 0)",
    )
    for attempt in attempts:
        await ada.page.evaluate(f"() => {{ try {{ {attempt} }} catch {{}} }}")
    violated = {text.partition(" ")[0] for text in await ada.page.evaluate("window.violations")}
    assert violated == {
        "require-trusted-types-for",
        "trusted-types",
        "style-src-attr",
        "style-src-elem",
        "connect-src",
    }


@pytest.mark.parametrize("more_flags", [["--test-third-party-cookie-phaseout"]])
async def test_M14_another_site_s_page_works_without_third_party_cookies_and_without_storage(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    ada = await new_visitor()
    sent: list[dict[str, str]] = []
    ada.page.on("request", lambda request: sent.append(request.headers) if shared_node.url in request.url else None)
    await ada.page.add_init_script(NO_STORAGE)
    address = strict_address(shared_node, pages, "cookieless").replace("127.0.0.1", "localhost")
    await ada.open(address)
    await live_through_everything(ada)
    calls = [headers for headers in sent if "authorization" in headers]
    assert calls
    assert not any(headers.get("cookie") or headers.get("referer") for headers in calls)
    assert await ada.page.context.cookies() == []
