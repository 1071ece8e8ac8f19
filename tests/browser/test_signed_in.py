"""People whom their page signs in, and what they see when somebody gives or takes a right: all of it for real."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from browser.embedding import Pages, page
from browser.quiet import saying_nothing
from browser.visitor import NewVisitor
from imagechat.wiring import milliseconds
from operating import Operator
from running import TRUSTED, RunningNode
from signing import TenantServer
from visiting import Visitor as Caller
from visiting import fresh

UNAVAILABLE = "This picture's conversations are not available to you."
READ_ONLY = "This picture is read-only."
HELD = "Waiting for approval"


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """A node that limits people, as one on the internet does."""
    with saying_nothing(RunningNode(tmp_path_factory.mktemp("node"), environment={"IMAGECHAT_LIMITS": "on"})) as node:
        yield node


@pytest.fixture(scope="module")
def operator(shared_node: RunningNode) -> Operator:
    return Operator(shared_node)


@dataclass
class Club:
    """A tenant with a picture: its pages sign people in, and its moderators and admins call by program."""

    server: TenantServer
    client: httpx.Client
    node: RunningNode
    pages: Pages
    picture: str

    def page_of(self, user_id: str | None, **more: Any) -> str:
        """Return a page as the tenant's server makes it for somebody; for nobody, without SSO."""
        sso = {} if user_id is None else {"sso": self.server.sso(user_id, **more)}
        return self.pages.put(page(self.node.url, {"tenantId": self.server.tenant_id, "urlId": self.picture} | sso))

    def call(self, user_id: str, method: str, area: str, rest: str = "", **body: Any) -> dict[str, Any]:
        """Call as somebody, an admin if that is the name; the picture is in the address."""
        params = {"urlId": self.picture, "sso": self.server.sso(user_id, isAdmin=user_id == "admin")}
        more: Any = {"json": {"broadcastId": fresh("b")} | body} if method != "GET" else {}
        return Caller(self.client).call(method, f"/{area}/{self.server.tenant_id}{rest}", params=params, **more)

    def mark(self, user_id: str, text: str) -> None:
        self.call(user_id, "POST", "comment-image-chats", urlId=self.picture, x=20, y=20, comment={"comment": text})

    def approve_all(self) -> None:
        for each in self.call("admin", "GET", "moderation", "/held")["held"]:
            self.call("admin", "POST", "moderation", f"/held/{each['_id']}/approve")


@pytest.fixture
def club(operator: Operator, shared_node: RunningNode, pages: Pages, request: pytest.FixtureRequest) -> Iterator[Club]:
    """A tenant of the test's own, with the settings that it is marked with."""
    settings = getattr(request, "param", {})
    server = operator.tenant(fresh("club"), domains=["127.0.0.1:*"], **settings)
    with httpx.Client(base_url=shared_node.url, timeout=30, verify=TRUSTED) as client:
        yield Club(server, client, shared_node, pages, "plan")


async def test_AUTH2_a_private_picture_is_there_for_its_group_until_somebody_leaves_it(
    new_visitor: NewVisitor, club: Club
) -> None:
    club.mark("admin", "Among designers")
    club.call("admin", "PATCH", "pictures", groupIds=["design"])
    ann, ben, nobody = [await new_visitor() for _ in range(3)]
    await ann.open(club.page_of("ann", groupIds=["design", "press"]))
    await ann.open_marker()
    await ann.sees_comments("Among designers")
    await ben.page.goto(club.page_of("ben", groupIds=["press"]))
    await ben.is_shut_out(UNAVAILABLE)
    await nobody.page.goto(club.page_of(None))
    await nobody.is_shut_out(UNAVAILABLE)

    # on her phone, the tenant's server says what holds now
    elsewhere = {"urlId": "another", "sso": club.server.sso("ann", groupIds=["press"])}
    Caller(club.client).call("GET", club.server.chats, params=elsewhere)
    await ann.is_shut_out(UNAVAILABLE)
    await expect(ann.comments).to_have_count(0)
    await ann.page.reload()  # a page from before says what held then
    await ann.is_shut_out(UNAVAILABLE)


async def test_AUTH2_a_picture_that_is_locked_and_opened_again_takes_comments_again(
    new_visitor: NewVisitor, club: Club
) -> None:
    club.mark("admin", "Before")
    ann = await new_visitor()
    await ann.open(club.page_of("ann"))
    await ann.open_marker()
    await ann.text.fill("Half a thought")
    club.call("admin", "PATCH", "pictures", readOnly=True)
    await expect(ann.page.locator("[data-readonly]")).to_have_text(READ_ONLY)
    await expect(ann.page.locator("[data-announcement]")).to_have_text(READ_ONLY)
    await expect(ann.page.locator("[data-surface], [data-crosshair], [data-send]")).to_have_count(0)
    await expect(ann.text).to_have_value("Half a thought")
    await expect(ann.text).not_to_be_editable()

    await ann.page.reload()
    await ann.open_marker()
    await expect(ann.page.locator("[data-composer]")).to_have_count(0)
    club.call("admin", "PATCH", "pictures", readOnly=False)
    await expect(ann.page.locator("[data-readonly]")).to_have_count(0)
    await ann.write("After all")
    await ann.sees_comments("Before", "After all")
    await ann.is_confirmed()


async def test_AUTH2_who_is_banned_sees_a_line_and_nobody_else_does(new_visitor: NewVisitor, club: Club) -> None:
    club.mark("admin", "Before")
    ann, ben = await new_visitor(), await new_visitor()
    address = club.page_of("ann")
    await ann.open(address)
    await ann.open_marker()
    await ben.open(club.page_of("ben"))
    club.call("admin", "POST", "moderation", "/bans", userId="ann")
    words = "You can no longer take part in these conversations."
    await ann.is_shut_out(words)
    await expect(ann.comments).to_have_count(0)
    await ann.page.reload()
    await ann.is_shut_out(words)
    await ben.pin(60, 60, "Without her")
    await ben.is_confirmed()


async def test_AUTH2_a_tenant_that_is_switched_off_is_quiet_and_comes_back(
    new_visitor: NewVisitor, club: Club, shared_node: RunningNode, operator: Operator
) -> None:
    club.mark("admin", "Before")
    ann = await new_visitor()
    await ann.open(club.page_of(None))
    shared_node.run("tenant", "disable", club.server.tenant_id)
    words = "The conversations on this site are switched off."
    await ann.is_shut_out(words)
    await ann.page.reload()
    await ann.is_shut_out(words)
    shared_node.run("tenant", "enable", club.server.tenant_id)
    operator.heeded()
    await ann.page.reload()
    await expect(ann.markers).to_have_count(1)


async def test_AUTH2_a_page_that_was_signed_with_a_key_that_is_gone_asks_to_sign_in(
    new_visitor: NewVisitor, club: Club, operator: Operator
) -> None:
    club.mark("admin", "Before")
    ann = await new_visitor()
    await ann.open(club.page_of("ann", at=milliseconds()))
    await expect(ann.markers).to_have_count(1)
    operator.rotate(club.server.tenant_id)
    await ann.is_shut_out("Sign in to see the conversations on this picture.")


@pytest.mark.parametrize("club", [{"approval": "visitors"}], indirect=True)
async def test_what_waits_is_its_author_s_alone_until_a_moderator_approves_it(
    new_visitor: NewVisitor, club: Club
) -> None:
    club.mark("admin", "Before")
    ann, ben = await new_visitor(), await new_visitor()
    for visitor, name in ((ann, "ann"), (ben, "ben")):
        await visitor.open(club.page_of(name))
    held = ann.page.locator("[data-window] [data-held]")
    await ann.open_marker()
    await ann.write("A comment that waits")
    await expect(held).to_have_text(HELD)
    await expect(ann.page.locator("[data-announcement]")).to_have_text(HELD)
    await ann.marker_says(0, 1)
    await ann.pin(60, 60, "A marker that waits")
    await expect(ann.page.locator("[data-held-marker]")).to_contain_text("Only you see this")

    await ann.page.reload()
    await expect(ann.markers).to_have_count(2)
    await expect(ann.page.locator(".marker.held")).to_have_attribute("aria-label", re.compile(f", {HELD}$"))
    assert await ann.page.evaluate("window.counts.at(-1)") == 1
    await ann.open_marker(1)
    await ann.sees_comments("A marker that waits")
    await expect(held).to_have_text(HELD)
    await expect(ann.page.locator("[data-window] .tools, [data-delete-marker]")).to_have_count(0)
    await ann.page.locator("[data-close]").click()
    await ann.open_marker(0)
    await ann.sees_comments("Before", "A comment that waits")
    await expect(held).to_have_text(HELD)
    await ben.page.reload()
    await ben.open_marker()
    await ben.sees_comments("Before")
    await expect(ben.markers).to_have_count(1)

    club.approve_all()
    for visitor in (ben, ann):
        await visitor.sees_comments("Before", "A comment that waits")
        await expect(visitor.markers).to_have_count(2)
        await visitor.marker_says(0, 2)
        await visitor.marker_says(1, 1)
        await expect(visitor.page.locator("[data-held], .marker.held")).to_have_count(0)


async def test_what_a_program_writes_that_fills_in_every_field_waits(new_visitor: NewVisitor, club: Club) -> None:
    club.mark("admin", "Before")
    bot, ben = await new_visitor(), await new_visitor()
    await bot.open(club.page_of(None))
    await ben.open(club.page_of("ben"))
    await bot.open_marker()
    field = bot.page.locator("[name=website]")
    await expect(field).to_have_attribute("tabindex", "-1")
    await expect(field).to_have_attribute("autocomplete", "off")
    assert await field.evaluate("(one) => one.closest('[aria-hidden=true]').getBoundingClientRect().width") <= 1
    await bot.page.evaluate(
        """() => { for (const one of document.querySelector("image-chat-layer").shadowRoot.querySelectorAll("input"))
          Object.assign(one, { value: "https://spam.example" }).dispatchEvent(new Event("input")); }"""
    )
    await bot.text.fill("Cheap watches")
    await bot.text.press("Enter")
    await expect(bot.page.locator("[data-window] [data-held]")).to_have_text(HELD)
    await ben.open_marker()
    await ben.sees_comments("Before")
    await ben.write("By hand")
    await bot.sees_comments("Before", "Cheap watches", "By hand")
    await ben.sees_comments("Before", "By hand")


@pytest.mark.parametrize("club", [{"limits": {"comments_per_session": 20}}], indirect=True)
async def test_who_writes_too_much_is_told_how_long_to_wait_and_keeps_the_text(
    new_visitor: NewVisitor, club: Club
) -> None:
    club.mark("admin", "Before")
    ann = await new_visitor()
    await ann.open(club.page_of("ann"))
    await ann.open_marker()
    await ann.text.fill("Once more")
    params = {"urlId": "elsewhere", "sso": club.server.sso("ann")}
    for number in range(40):
        words = {"comment": f"Words {number}"}
        answer = club.client.post(club.server.comments, params=params | {"broadcastId": fresh("b")}, json=words)
        if answer.status_code == 429:
            break
    await ann.text.press("Enter")
    await expect(ann.notice).to_have_text(re.compile(r"^You are commenting too fast: try again in \d seconds?\.$"))
    await expect(ann.text).to_have_value("Once more")
    await expect(ann.page.locator("[data-send]")).to_be_disabled()
    await expect(ann.page.locator("[data-announcement]")).to_have_text("You can try again now.")
    await expect(ann.notice).to_have_count(0)
    await ann.text.press("Enter")
    await ann.sees_comments("Before", "Once more")
    await ann.is_confirmed()
