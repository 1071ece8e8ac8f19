"""What people see of a server's refusals, one by one; `test_signed_in.py` has them from a server that means it."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect

from browser.embedding import Pages, page
from browser.refusing import COMMENTS, MARKERS, Sockets, change, refuse
from browser.visitor import NewVisitor
from live_clients import Person
from running import TENANT, RunningNode

UNAVAILABLE = "This picture's conversations are not available to you."


@pytest_asyncio.fixture(loop_scope="session")
async def picture(shared_node: RunningNode, request: pytest.FixtureRequest) -> str:
    """A picture on which somebody has written."""
    async with shared_node.client() as client:
        await Person(client).mark(request.node.name, comment={"comment": "Before", "commenterName": "Bob"})
    return str(request.node.name)


@pytest.mark.usefixtures("picture")
async def test_a_comment_that_is_refused_as_read_only_locks_the_picture_and_stays(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await refuse(ada.page, COMMENTS, "POST", 403, "read-only", "This picture is locked.")
    await ada.open(address)
    await ada.open_marker()
    await ada.write("Too late")
    await expect(ada.notice).to_have_text("This picture is locked.")
    await expect(ada.page.locator("[data-readonly]")).to_be_visible()
    await expect(ada.text).to_have_value("Too late")


async def test_a_limit_that_is_reached_is_said_and_the_text_is_kept(new_visitor: NewVisitor, address: str) -> None:
    ada = await new_visitor()
    await refuse(ada.page, MARKERS, "POST", 409, "limit-reached", "This picture is full.")
    await ada.open(address)
    await ada.pin(40, 40, "One too many")
    await expect(ada.notice).to_have_text("This picture is full.")
    await expect(ada.text).to_have_value("One too many")
    await expect(ada.markers).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "banned", "You can no longer take part in these conversations."),
        (403, "tenant-disabled", "The conversations on this site are switched off."),
        (403, "origin-not-allowed", "The conversations could not be loaded: Add this domain."),
        (401, "unauthorized", "Sign in to see the conversations on this picture."),
        (404, "not-found", UNAVAILABLE),
    ],
)
async def test_a_picture_whose_conversations_are_refused_stays_a_picture_with_one_line(
    new_visitor: NewVisitor, address: str, status: int, code: str, words: str
) -> None:
    ada = await new_visitor()
    asked: list[str] = []
    ada.page.on("request", lambda request: asked.append(request.url) if TENANT in request.url else None)
    await refuse(ada.page, MARKERS, "GET", status, code, "Add this domain.")
    await ada.page.goto(address)
    await ada.is_shut_out(words)
    await ada.page.evaluate("window.dispatchEvent(new Event('online'))")
    assert len(asked) == 1


@pytest.mark.usefixtures("picture")
async def test_AUTH2_a_visitor_who_is_banned_while_writing_sees_nothing_more_but_their_own_text(
    new_visitor: NewVisitor, address: str
) -> None:
    ada = await new_visitor()
    await ada.open(address)
    await ada.open_marker()
    await ada.sees_comments("Before")
    await refuse(ada.page, COMMENTS, "POST", 403, "banned", "You were banned.")
    await ada.write("My words")
    await expect(ada.page.locator("[data-gone]")).to_contain_text("You can no longer take part")
    await expect(ada.comments).to_have_count(0)
    await expect(ada.text).to_have_value("My words")
    await expect(ada.text).not_to_be_editable()
    await ada.page.keyboard.press("Escape")
    await expect(ada.window).to_have_count(0)
    await ada.is_shut_out("You can no longer take part in these conversations.")
    assert await ada.page.evaluate("window.counts.at(-1)") == 0


@pytest.mark.parametrize("is_refused", [True, False])
@pytest.mark.usefixtures("picture")
async def test_AUTH2_a_room_that_is_lost_is_asked_for_once_more_and_then_gone_from_the_screen(
    new_visitor: NewVisitor, address: str, *, is_refused: bool
) -> None:
    ada, sockets = await new_visitor(), Sockets()
    snapshots: list[str] = []
    await sockets.listen(ada.page)
    await ada.open(address)
    await ada.open_marker()
    await ada.sees_comments("Before")
    is_snapshot = re.compile(r"/comment-image-chats/\w+\?")
    ada.page.on("request", lambda request: snapshots.append("") if is_snapshot.search(request.url) else None)
    if is_refused:
        await refuse(ada.page, MARKERS, "GET", 404, "not-found", "There is no such picture.")
    else:
        await ada.page.route_web_socket("**/sub?*", lambda socket: socket.close(code=4404, reason="no such room"))
    await sockets.end(4404)
    await ada.is_shut_out(UNAVAILABLE)
    await expect(ada.comments).to_have_count(0)
    assert len(snapshots) == 1


@pytest.mark.usefixtures("picture")
async def test_AUTH2_a_room_that_is_there_after_all_goes_on(new_visitor: NewVisitor, address: str) -> None:
    ada, sockets = await new_visitor(), Sockets()
    await sockets.listen(ada.page)
    await ada.open(address)
    await ada.open_marker()
    await sockets.end(4404)
    await expect(ada.page.locator('[data-status="live"]')).to_be_attached()
    await ada.write("Still here")
    await ada.sees_comments("Before", "Still here")
    assert len(sockets.open) == 2


@pytest.mark.usefixtures("picture")
async def test_AUTH2_a_connection_that_is_forbidden_is_not_tried_again(new_visitor: NewVisitor, address: str) -> None:
    ada, sockets = await new_visitor(), Sockets()
    await sockets.listen(ada.page)
    await ada.open(address)
    await sockets.end(4403)
    await ada.is_shut_out(UNAVAILABLE)
    await ada.page.evaluate("window.dispatchEvent(new Event('online'))")
    assert len(sockets.open) == 1


async def test_who_must_sign_in_to_comment_is_shown_where(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages, picture: str
) -> None:
    login = pages.put("<p>Sign in</p>")
    sso = {"username": "ada", "email": "a@example.org", "loginURL": login.removeprefix(pages.url)}
    for config, link in (({"simpleSSO": sso}, login), ({}, None)):
        ada = await new_visitor()
        await change(
            ada.page,
            MARKERS,
            "GET",
            lambda body: body.update(mayComment=False, user=body["user"] | {"isAnonSession": True}),
        )
        await ada.open(pages.put(page(shared_node.url, {"tenantId": TENANT, "urlId": picture} | config)))
        await expect(ada.page.locator("[data-surface], [data-crosshair]")).to_have_count(0)
        await ada.open_marker()
        await ada.sees_comments("Before")
        foot = ada.page.locator("[data-readonly]")
        if link is None:
            await expect(foot).to_have_text("You can read here, but not comment.")
            await expect(ada.page.locator("[data-sign-in]")).to_have_count(0)
        else:
            await expect(foot).to_have_text("Sign in to comment")
            for place in (foot, ada.status):
                await expect(place.locator("a")).to_have_attribute("href", link)
                await expect(place.locator("a")).to_have_attribute("target", "_top")
            await foot.locator("a").click()
            await ada.page.wait_for_url(link)


async def test_who_must_sign_in_to_read_is_shown_where_and_never_by_a_script(
    new_visitor: NewVisitor, shared_node: RunningNode, pages: Pages
) -> None:
    for login, is_link in (("https://example.org/login", True), ("javascript:alert(1)", False)):
        ada = await new_visitor()
        await refuse(ada.page, MARKERS, "GET", 401, "unauthorized", "Sign in first.")
        config = {"tenantId": TENANT, "urlId": "members", "sso": {"loginURL": login}}
        await ada.page.goto(pages.put(page(shared_node.url, config)))
        words = "Sign in to comment" if is_link else "Sign in to see the conversations on this picture."
        await ada.is_shut_out(words)
        await expect(ada.page.locator("[data-sign-in]")).to_have_count(int(is_link))


async def test_a_name_that_reads_the_other_way_reorders_nothing_around_it(
    new_visitor: NewVisitor, shared_node: RunningNode, address: str, request: pytest.FixtureRequest
) -> None:
    ada = await new_visitor()
    name = "\u05d3\u05e0\u05d4 1"
    await ada.open(address)
    async with shared_node.client() as client:
        await Person(client).mark(request.node.name, comment={"comment": "Shalom", "commenterName": name})
    await expect(ada.page.locator("[data-announcement]")).to_have_text(f"New comment by \u2068{name}\u2069")
    await ada.page.evaluate("chat.update({maxReplyDepth: 1})")
    await ada.open_marker()
    await ada.comments.first.hover()
    await ada.comments.first.locator("[data-reply-comment]").click()
    await expect(ada.page.locator("[data-comment] bdi")).to_have_text(name)
    await expect(ada.page.locator("[data-replying] bdi")).to_have_text(name)
    await expect(ada.page.locator("#replying-to")).to_have_text(f"Replying to {name}")
