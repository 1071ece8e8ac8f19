"""One journey in Firefox, where the machine has one: markers are shown, opened and put, and everybody sees it live."""

from pathlib import Path

from browser.embedding import Pages
from browser.embedding import page as page_with
from browser.firefox import running_firefox
from browser.states import put_markers
from running import TENANT, RunningNode

LIVE = "find('[data-status=live]')"


async def test_two_people_talk_in_firefox(shared_node: RunningNode, pages: Pages, tmp_path: Path) -> None:
    await put_markers(shared_node, "firefox", [(20, 30, "Already here")])
    address = pages.put(page_with(shared_node.url, {"tenantId": TENANT, "urlId": "firefox", "zoom": True}))
    async with running_firefox(tmp_path) as firefox:
        ada, bob = await firefox.new_tab(), await firefox.new_tab()
        for tab in (bob, ada):
            await tab.open(address)
            await tab.waits_for(LIVE)
            await tab.waits_for("find('[data-marker]')")
        await ada.come_to_front()
        place = "(one) => { const { x, y, width } = one.getBoundingClientRect(); return [x, y, width] }"
        marker, picture = [
            [float(each) for each in (await ada.evaluate(f"String(({place})({found}))")).split(",")]
            for found in ("find('[data-marker]')", "find('#picture')")
        ]
        assert abs(marker[0] + marker[2] / 2 - (picture[0] + picture[2] * 0.2)) <= 1

        await ada.click("[data-marker]")
        await ada.waits_for("find('[data-window] [data-comment]')?.textContent.includes('Already here')")
        await ada.click("[data-close]")
        await ada.waits_for("!find('[data-window]')")

        await ada.click("[data-surface]", 70, 60)
        await ada.waits_for("find('[data-window] [data-text]')?.matches(':focus')")
        await ada.type("From Firefox\n")
        await ada.waits_for("find('[data-window] [data-comment][data-state=settled]')")
        await bob.waits_for("find('[data-marker]').parentNode.querySelectorAll('[data-marker]').length === 2")
        await bob.evaluate("find('[data-marker]').parentNode.querySelectorAll('[data-marker]')[1].click()")
        await bob.waits_for("find('[data-window] [data-comment]')?.textContent.includes('From Firefox')")

        await ada.click("[data-close]")
        await ada.click("[data-zoom-in]")
        await ada.waits_for("find('.zoomed img')")
        await ada.evaluate("chat.destroy()")
        assert await ada.evaluate("!find('[data-marker]') && !document.getElementById('picture').hasAttribute('style')")
        assert firefox.faults == []
