"""Ways into the dashboard, and out of it."""

import re

from playwright.async_api import expect

from browser.dashing import Desk, NewDesk, link_of, sso_link
from operating import Operator
from running import RunningNode
from signing import TenantServer


def club(node: RunningNode, name: str) -> TenantServer:
    """Make a tenant that signs its people in."""
    return Operator(node).tenant(name)


async def test_a_link_opens_the_dashboard_once_and_leaves_the_address(
    shared_node: RunningNode, new_desk: NewDesk
) -> None:
    club(shared_node, "cycling")  # whoever has one tenant only begins there
    link = link_of(shared_node)
    desk = await new_desk(link)
    await expect(desk.heading).to_have_text("Overview")
    assert desk.page.url == f"{shared_node.url}/dashboard/all/overview"
    other = await new_desk(link)
    await expect(other.trouble).to_contain_text("used already")
    assert "#" not in other.page.url
    await other.page.locator("[data-link]").fill(link_of(shared_node))
    await other.page.locator("[data-link]").press("Enter")
    await expect(other.heading).to_have_text("Overview")


async def test_what_is_no_link_is_said_beside_the_field(shared_node: RunningNode, new_desk: NewDesk) -> None:
    desk = await new_desk(f"{shared_node.url}/dashboard")
    await expect(desk.heading).to_have_text("Sign in to the dashboard")
    field = desk.page.locator("[data-link]")
    await field.fill("let me in")
    await field.press("Enter")
    assert "no sign-in link" in await field.evaluate("field => field.validationMessage")


async def test_whoever_signs_out_is_out_in_every_tab_and_on_the_server(
    shared_node: RunningNode, new_desk: NewDesk
) -> None:
    desk = await new_desk(link_of(shared_node))
    await desk.has_loaded()
    session = (await desk.session())["sessionId"]
    second = Desk(await desk.page.context.new_page(), desk.url)
    await second.open("all/tenants")
    await desk.page.locator("[data-sign-out]").click()
    await expect(desk.trouble).to_have_text("You are signed out.")
    await expect(second.heading).to_have_text("Sign in to the dashboard")
    assert await desk.session() is None
    async with shared_node.client() as client:
        refused = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {session}"})
    assert refused.status_code == 401


async def test_AUTH2_a_session_that_has_ended_says_so_and_the_next_one_goes_on_where_one_was(
    shared_node: RunningNode, new_desk: NewDesk
) -> None:
    desk = await new_desk(link_of(shared_node))
    await desk.open("demo/moderation")
    session = (await desk.session())["sessionId"]
    async with shared_node.client() as client:
        await client.delete("/dashboard/session", headers={"Authorization": f"Bearer {session}"})
    await expect(desk.trouble).to_have_text("Your session has ended. Sign in again.")
    await desk.page.locator("[data-link]").fill(link_of(shared_node))
    await desk.page.locator("[data-link]").press("Enter")
    await expect(desk.heading).to_have_text("Moderation")
    assert desk.page.url.endswith("/dashboard/demo/moderation")


async def test_pages_have_addresses_that_survive_a_reload_and_the_back_button(
    shared_node: RunningNode, new_desk: NewDesk
) -> None:
    desk = await new_desk(link_of(shared_node))
    await desk.open("demo/audit")
    await desk.goes_to("bans")
    await expect(desk.heading).to_be_focused()
    await expect(desk.page).to_have_title(re.compile("^Bans · demo"))
    await desk.page.reload()
    await expect(desk.heading).to_have_text("Bans")
    await desk.page.go_back()
    await expect(desk.heading).to_have_text("Audit log")
    await expect(desk.heading).to_be_focused()


async def test_a_tenant_s_admin_comes_from_their_site_and_sees_nothing_of_another_tenant(
    shared_node: RunningNode, new_desk: NewDesk
) -> None:
    server = club(shared_node, "chess")
    link = sso_link(shared_node, server.tenant_id, server.sso("ann", isAdmin=True))
    desk = await new_desk(link)
    await expect(desk.heading).to_have_text("Overview")
    assert "#" not in desk.page.url
    await expect(desk.page.locator("[data-switcher]")).to_have_count(0)
    await expect(desk.page.locator("[data-page=tenants], [data-page=health]")).to_have_count(0)
    for path in ("all/overview", "all/tenants", "demo/moderation", "demo/settings", "demo/usage", "all/health"):
        await desk.open(path)
        await expect(desk.page.locator(".switcher")).to_contain_text(server.tenant_id)
        assert f"/dashboard/{server.tenant_id}/" in desk.page.url, path


async def test_a_moderator_sees_the_inbox_pictures_and_bans_and_a_member_nothing(
    shared_node: RunningNode, new_desk: NewDesk
) -> None:
    server = club(shared_node, "rowing")
    moderator = await new_desk(sso_link(shared_node, server.tenant_id, server.sso("max", isModerator=True)))
    await expect(moderator.heading).to_have_text("Moderation")
    assert await moderator.page.locator("[data-page]").evaluate_all("all => all.map((one) => one.dataset.page)") == [
        "moderation",
        "pictures",
        "bans",
    ]
    member = await new_desk(sso_link(shared_node, server.tenant_id, server.sso("mia")))
    await expect(member.trouble).to_contain_text("for admins and moderators")
    forged = server.sso("eve", isAdmin=True).replace("verificationHash", "verificationhash")
    nobody = await new_desk(sso_link(shared_node, server.tenant_id, forged))
    await expect(nobody.trouble).to_be_visible()
    assert await nobody.session() is None


async def test_a_link_for_one_tenant_opens_that_one(shared_node: RunningNode, new_desk: NewDesk) -> None:
    server = club(shared_node, "fencing")
    desk = await new_desk(link_of(shared_node, server.tenant_id))
    await expect(desk.heading).to_have_text("Overview")
    assert desk.page.url.endswith(f"/dashboard/{server.tenant_id}/overview")
    await expect(desk.page.locator("[data-switcher]")).to_have_count(0)


async def test_the_operator_finds_a_tenant_by_its_name_with_the_keyboard(
    shared_node: RunningNode, new_desk: NewDesk
) -> None:
    server = club(shared_node, "archery")
    desk = await new_desk(link_of(shared_node))
    await desk.has_loaded()
    await desk.page.locator("[data-switcher]").press("Enter")
    await desk.page.keyboard.type("arch")
    await expect(desk.page.locator(".choices a")).to_have_text(re.compile(server.tenant_id))
    await desk.press("Enter")
    await expect(desk.page.locator(".switcher")).to_contain_text(server.tenant_id)
    assert f"/dashboard/{server.tenant_id}/overview" in desk.page.url
