"""Two browsers at one door, three nodes behind it, and one of them is killed."""

import asyncio
from collections.abc import Iterator

import pytest
from deploy.local.cluster import Cluster
from deploy.local.node import Node, imagechat
from playwright.async_api import expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor, Visitor
from live_fakes import until
from running import DOMAINS, TENANT, UNLIMITED

WATCH = """
window.statuses = [];
setInterval(() => {
  for (const element of document.querySelectorAll("*")) {
    const status = element.shadowRoot?.querySelector("[data-status]")?.dataset.status;
    if (status && status !== window.statuses.at(-1)) window.statuses.push(status);
  }
}, 5);
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(tmp_path_factory.mktemp("cluster"), environment={"IMAGECHAT_LIMITS": "off"}) as running:
        imagechat("tenant", "create", TENANT, *DOMAINS, *UNLIMITED, environment=running.environment)
        yield running


async def serving(cluster: Cluster) -> Node:
    """Return the one node that has a socket."""

    def those() -> list[Node]:
        sockets = cluster.caddy.upstreams()
        return [node for node in cluster.nodes if sockets[f"127.0.0.1:{node.port}"] == 1]

    await until(lambda: len(those()) == 1)
    return those()[0]


async def is_live_again(visitor: Visitor, sockets: list[str]) -> None:
    """Wait until a second socket is open, and its page shows it."""
    await until(lambda: len(sockets) == 2)
    await visitor.is_live()


async def test_RES1_M18_who_was_on_a_node_that_is_killed_sees_a_short_reconnecting_and_nothing_else(
    new_visitor: NewVisitor, pages: Pages, cluster: Cluster
) -> None:
    address = pages.put(page(cluster.url, {"tenantId": TENANT, "urlId": "killed"}))
    ada, bob = [await new_visitor(ignore_https_errors=True) for _ in range(2)]
    sockets: list[str] = []
    ada.page.on("websocket", lambda opened: sockets.append(opened.url.partition("/sub")[0]))
    await ada.page.add_init_script(WATCH)
    await ada.open(address)
    hers = await serving(cluster)
    await bob.open(address)
    await ada.pin(30, 40, "Before")
    await ada.is_confirmed()
    await expect(bob.markers).to_have_count(1)

    await asyncio.to_thread(hers.kill)
    await bob.open_marker()
    await bob.write("Meanwhile", name="Bob")
    await is_live_again(ada, sockets)
    await ada.sees_comments("Before", "Meanwhile")
    await ada.write("After")
    await ada.is_confirmed()
    await bob.sees_comments("Before", "Meanwhile", "After")
    assert sockets == 2 * [cluster.url.replace("https", "wss")]
    assert await ada.page.evaluate("window.statuses") == ["connecting", "live", "reconnecting", "live"]
    await expect(ada.notice).to_have_count(0)
    await asyncio.to_thread(hers.start)
