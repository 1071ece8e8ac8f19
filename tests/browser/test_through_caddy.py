"""Two browsers over real TLS: one through Caddy, one with the node itself."""

from pathlib import Path

from playwright.async_api import expect

from browser.embedding import Pages, page
from browser.visitor import NewVisitor
from certifying import Authority
from proxying import caddy
from running import TENANT, RunningNode


async def test_M1_a_marker_made_through_caddy_is_live_at_the_nodes_own_door(
    new_visitor: NewVisitor, pages: Pages, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.put(1)
    environment = {
        "IMAGECHAT_TLS_CERT": str(certificate),
        "IMAGECHAT_TLS_KEY": str(key),
        "IMAGECHAT_TRUSTED_PROXIES": "127.0.0.1",
    }
    with (
        RunningNode(tmp_path / "data", environment=environment) as node,
        caddy(tmp_path, authority, f"https://127.0.0.1:{node.port}") as proxy,
    ):
        ada, bob = [await new_visitor(ignore_https_errors=True) for _ in range(2)]
        sockets: list[str] = []
        for visitor, door in ((ada, proxy.url), (bob, f"https://127.0.0.1:{node.port}")):
            visitor.page.on("websocket", lambda opened: sockets.append(opened.url.partition("/sub")[0]))
            await visitor.open(pages.put(page(door, {"tenantId": TENANT, "urlId": "p"})))
        assert sockets == [f"wss://127.0.0.1:{proxy.port}", f"wss://127.0.0.1:{node.port}"]

        await ada.pin(30, 40, "Is this straight?")
        await expect(bob.markers).to_have_count(1)
        await bob.open_marker()
        await bob.sees_comments("Is this straight?")
        await bob.write("Not quite.", name="Bob")
        await ada.sees_comments("Is this straight?", "Not quite.")
        await ada.is_confirmed()
        await bob.is_confirmed()
