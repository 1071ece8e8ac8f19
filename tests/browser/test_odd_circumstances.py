"""M6: a clock that is years wrong, and a server that knows more than this widget."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import WebSocketRoute, expect

from browser.refusing import change
from browser.visitor import NewVisitor

YEARS = """{
  const Right = Date, off = %d * 365.25 * 86_400_000;
  window.Date = class extends Right {
    constructor(...given) { given.length === 0 ? super(Right.now() + off) : super(...given) }
    static now() { return Right.now() + off }
  };
}"""


@pytest.mark.parametrize("years", [-20, 20])
async def test_M6_a_clock_that_is_years_wrong_changes_no_order(
    new_visitor: NewVisitor, address: str, years: int
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    await ada.page.add_init_script(YEARS % years)
    await bob.open(address)
    await ada.open(address)
    await bob.pin(20, 20, "First", name="Bob")
    await bob.is_confirmed()
    await bob.page.locator("[data-close]").click()
    await expect(ada.markers).to_have_count(1)
    await ada.pin(70, 70, "Second")
    await ada.is_confirmed()
    second = '[data-marker][aria-label^="Conversation 2"]'
    for person in (ada, bob):
        await expect(person.page.locator(second)).to_have_attribute("style", re.compile("left: 70"))
    await ada.write("And mine")
    await bob.page.locator(second).click()
    await bob.sees_comments("Second", "And mine")
    await bob.write("And Bob's", name="Bob")
    await ada.sees_comments("Second", "And mine", "And Bob's")
    await ada.is_confirmed()
    # by her clock they were said long ago, or have not been said yet
    times = [await one.inner_text() for one in await ada.page.locator("[data-comment] time").all()]
    assert len(times) == 3
    assert all("now" in each if years < 0 else each.endswith(tuple("0123456789")) for each in times), times


async def test_M6_events_signals_and_fields_of_a_later_server_are_passed_over(
    new_visitor: NewVisitor, address: str
) -> None:
    ada, bob = await new_visitor(), await new_visitor()
    sockets: list[WebSocketRoute] = []
    passed: list[str] = []

    def of_later(frame: dict[str, Any]) -> dict[str, Any]:
        """Return a frame as a server might send it that has learned more."""
        later: dict[str, Any] = {"later": {"deep": [None, 1]}, "colour": None}
        if frame.get("type") == "image-chat-updated":
            passed.append(frame["type"])
            return {**{name: frame[name] for name in ("seq", "timestamp", "broadcastId")}, "type": "starred", **later}
        things: dict[str, Any] = {
            name: {**frame[name], **later} for name in ("comment", "conversation") if name in frame
        }
        return {**frame, **things, **later}

    def carry(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        server = socket.connect_to_server()

        def send(message: str | bytes) -> None:
            frames = json.loads(message)
            changed = [of_later(one) for one in frames] if isinstance(frames, list) else of_later(frames)
            socket.send(json.dumps(changed))

        server.on_message(send)

    def answer(body: dict[str, Any]) -> None:
        body["later"] = {"deep": True}
        for one in [*body.get("conversations", []), *body.get("comments", [])]:
            one["later"] = ["something"]

    await ada.page.route_web_socket("**/sub?*", carry)
    for pattern in ("**/comment-image-chats/**", "**/comments/**"):
        await change(ada.page, pattern, "GET", answer)
    await bob.open(address)
    await bob.pin(30, 40, "Before", name="Bob")
    await bob.is_confirmed()
    await ada.open(address)
    await bob.page.locator('[data-tool="resolve"]').click()  # what ada's widget has never heard of
    await expect(bob.page.locator(".marker.resolved")).to_have_count(1)
    await bob.write("After", name="Bob")
    await ada.open_marker()
    await ada.sees_comments("Before", "After")
    await expect(ada.page.locator(".marker.resolved")).to_have_count(0)
    await ada.write("Mine")
    await bob.sees_comments("Before", "After", "Mine")
    await ada.is_confirmed()
    assert passed == ["image-chat-updated"]
    assert len(sockets) == 1  # and it was no reason to begin anew
