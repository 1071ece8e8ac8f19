"""The dashboard at one door with three nodes on PostgreSQL behind it: whichever answers, it shows the same."""

import asyncio
import re
from collections.abc import Iterator

import httpx
import pytest
import pytest_asyncio
from deploy.local.cluster import Cluster
from deploy.local.node import Node, imagechat
from playwright.async_api import expect

from browser.dashing import Desk, NewDesk
from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from live_fakes import until
from running import DOMAINS, TRUSTED, UNLIMITED
from visiting import fresh

WITHIN_PAUSE = 45_000
"""Milliseconds until an inbox that hears nothing has looked by itself."""
WITHIN = 30_000
"""Milliseconds until what was used is written down and read again."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(tmp_path_factory.mktemp("cluster"), environment={"IMAGECHAT_LIMITS": "off"}) as running:
        yield running


class Club:
    """A tenant of a test's own, and people who write at a node of their choice."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.tenant = fresh("club")
        imagechat("tenant", "create", self.tenant, *DOMAINS, *UNLIMITED, environment=cluster.environment)

    async def write(self, node: Node, text: str) -> None:
        async with httpx.AsyncClient(base_url=node.url, verify=TRUSTED) as client:
            body = {
                "urlId": "hall",
                "pageTitle": "The hall",
                "broadcastId": fresh("b"),
                "x": 30,
                "y": 40,
                "comment": {"comment": text, "commenterName": "Bob"},
            }
            answer = await client.post(f"/comment-image-chats/{self.tenant}", json=body)
            assert answer.status_code == 200, answer.text

    async def sit_down(self, new_desk: NewDesk, node: Node | None = None) -> Desk:
        """Open the dashboard of the tenant, at the door or at one node."""
        url = self.cluster.url if node is None else node.url
        words = ("dashboard-link", self.tenant, "--address", url)
        link = await asyncio.to_thread(imagechat, *words, environment=self.cluster.environment)
        desk = await new_desk(link, ignore_https_errors=True)
        await desk.has_loaded()
        return desk

    async def at_every_node(self, new_desk: NewDesk) -> list[Desk]:
        return [await self.sit_down(new_desk, node) for node in self.cluster.nodes]


@pytest_asyncio.fixture(loop_scope="session")
async def club(cluster: Cluster) -> Club:
    return await asyncio.to_thread(Club, cluster)


def serving(cluster: Cluster) -> list[Node]:
    """Return the nodes that have a live connection through the door."""
    sockets = cluster.caddy.upstreams()
    return [node for node in cluster.nodes if sockets[f"127.0.0.1:{node.port}"] > 0]


async def test_whoever_signed_in_at_one_node_is_signed_in_at_all_and_out_at_all(
    club: Club, cluster: Cluster, new_desk: NewDesk
) -> None:
    desk = await club.sit_down(new_desk)
    session = (await desk.session())["sessionId"]
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {session}"}, verify=TRUSTED) as client:
        for node in cluster.nodes:
            assert (await client.get(f"{node.url}/api/v1/me")).status_code == 200
        await client.delete(f"{cluster.nodes[0].url}/dashboard/session")
        for node in cluster.nodes:
            assert (await client.get(f"{node.url}/api/v1/me")).status_code == 401
    await desk.page.locator("[data-page=pictures]").click()
    await expect(desk.trouble).to_have_text("Your session has ended. Sign in again.")


async def test_the_inbox_of_each_node_is_live_with_what_is_written_and_deleted_at_each(
    club: Club, cluster: Cluster, new_desk: NewDesk
) -> None:
    desks = await club.at_every_node(new_desk)
    for desk in desks:
        await desk.goes_to("moderation")
        await desk.is_live()
    for number, node in enumerate(cluster.nodes):
        await club.write(node, f"From node {number}")
    for desk in desks:
        await expect(desk.entries).to_have_text([re.compile(f"From node {number}") for number in (2, 1, 0)])
    for number, desk in enumerate(desks):
        await desk.act(f"From node {number}", "delete")
        for each in desks:
            await expect(each.there(f"From node {number}")).to_have_count(0)
    await desks[0].press("u")
    for each in desks:  # where the pointer is still over the list, it waits to be let in
        back = each.there("From node 0").or_(each.page.locator("[data-pill]"))
        await expect(back).to_have_count(1)


async def test_overview_and_usage_are_of_all_nodes_whichever_is_asked(
    club: Club, cluster: Cluster, new_desk: NewDesk
) -> None:
    watching = await club.at_every_node(new_desk)
    for desk in watching:
        await desk.goes_to("moderation")  # has one connection, to its own node
        await desk.is_live()
    for node in cluster.nodes:
        await club.write(node, "Counted once")
    reading = await club.at_every_node(new_desk)
    for desk in reading:
        await expect(desk.page.locator("[data-tiles] .value").first).to_have_text("3", timeout=WITHIN)
        await desk.goes_to("usage")
        for metric in ("comments", "conversations"):
            await expect(desk.page.locator(f"[data-metric={metric}] .value")).to_have_text("3", timeout=WITHIN)
        await expect(desk.page.locator("[data-by=picture] [data-cell=comments]")).to_have_text("3", timeout=WITHIN)


async def test_M18_the_dashboard_goes_on_when_the_node_that_serves_it_is_killed(
    club: Club, cluster: Cluster, new_desk: NewDesk, new_visitor: NewVisitor, pages: Pages
) -> None:
    desk = await club.sit_down(new_desk)
    await desk.goes_to("moderation")
    await desk.is_live()
    await until(lambda: len(serving(cluster)) == 1)
    [its] = serving(cluster)
    other = next(node for node in cluster.nodes if node is not its)
    onlooker = await new_visitor(ignore_https_errors=True)
    await onlooker.open(pages.put(page(cluster.url, {"tenantId": club.tenant, "urlId": "hall"})))

    await asyncio.to_thread(its.kill)
    try:
        await club.write(other, "Meanwhile")
        await desk.is_live()
        await expect(desk.entry("Meanwhile")).to_have_count(1)
        await expect(onlooker.markers).to_have_count(1)
        await desk.act("Meanwhile", "delete")
        await expect(desk.toast).to_contain_text("Deleted.")
        await expect(onlooker.markers).to_have_count(0)
        for name in ("overview", "usage", "pictures", "people", "bans", "settings", "audit"):
            await desk.goes_to(name)
            await expect(desk.page.locator("[data-failure], [data-stale]")).to_have_count(0)
    finally:
        await asyncio.to_thread(its.start)


async def test_without_nats_the_inbox_still_finds_what_is_written_at_another_node(
    club: Club, cluster: Cluster, new_desk: NewDesk
) -> None:
    desks = await club.at_every_node(new_desk)
    for desk in desks:
        await desk.goes_to("moderation")
        await desk.is_live()
    await asyncio.to_thread(cluster.nats.kill)
    try:
        await club.write(cluster.nodes[0], "Without a bus")
        for desk in desks:
            await expect(desk.entry("Without a bus")).to_have_count(1, timeout=WITHIN_PAUSE)
    finally:
        await asyncio.to_thread(cluster.nats.start)
