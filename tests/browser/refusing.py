"""A server that says what a real one says only to some people: its answers are changed on their way to a page."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Page, Route, WebSocketRoute

from running import TENANT

MARKERS = f"**/comment-image-chats/{TENANT}*"
COMMENTS = f"**/comments/{TENANT}*"
FROM_ANYWHERE = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}


async def refuse(
    tab: Page, pattern: str, method: str, status: int, code: str, sentence: str, *, retry_after: int | None = None
) -> None:
    """Answer every such call with an error."""
    body = {"status": "failed", "code": code, "reason": sentence, "message": sentence}
    headers = FROM_ANYWHERE | ({} if retry_after is None else {"Retry-After": str(retry_after)})

    async def answer(route: Route) -> None:
        if route.request.method == method:
            await route.fulfill(status=status, json=body, headers=headers)
        else:
            await route.fallback()

    await tab.route(pattern, answer)


async def change(tab: Page, pattern: str, method: str, edit: Callable[[dict[str, Any]], object]) -> None:
    """Let every such call through, and change its answer in place."""

    async def answer(route: Route) -> None:
        if route.request.method != method:
            await route.fallback()
            return
        response = await route.fetch()
        body = await response.json()
        edit(body)
        await route.fulfill(response=response, json=body)

    await tab.route(pattern, answer)


class Sockets:
    """A page's live channel, on which a test can say something itself."""

    def __init__(self) -> None:
        self.open: list[WebSocketRoute] = []
        self._seq = 0

    async def listen(self, tab: Page) -> None:
        def carry(socket: WebSocketRoute) -> None:
            self.open.append(socket)
            server = socket.connect_to_server()

            def hear(text: str | bytes) -> None:
                said = json.loads(text)
                self._seq = max(
                    [self._seq, *(one.get("seq", 0) for one in (said if isinstance(said, list) else [said]))]
                )
                socket.send(text)

            server.on_message(hear)

        await tab.route_web_socket("**/sub?*", carry)

    def tell(self, kind: str, **content: Any) -> None:
        """Send an event of the room, the next one; the real ones after it are taken for known."""
        self._seq += 1
        event = {"type": kind, "timestamp": 1, "seq": self._seq, "broadcastId": "b", "userId": "mo", **content}
        self.open[-1].send(json.dumps([event]))

    async def end(self, code: int, reason: str = "") -> None:
        await self.open[-1].close(code=code, reason=reason)


class Moderation:
    """Holds whatever a page sends for a moderator, as a node of a careful tenant does."""

    def __init__(self) -> None:
        self._user_id = ""
        self._conversations: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []

    async def begin(self, tab: Page) -> None:
        await change(tab, MARKERS, "GET", self._add_markers)
        await change(tab, COMMENTS, "GET", self._add_comments)
        await tab.route(MARKERS, self._hold_marker)
        await tab.route(COMMENTS, self._hold_comment)

    def _add_markers(self, snapshot: dict[str, Any]) -> None:
        self._user_id = snapshot["user"]["id"]
        snapshot["conversations"] += self._conversations

    def _add_comments(self, found: dict[str, Any]) -> None:
        found["comments"] += [one for one in self.comments if one["urlId"] == found["urlIdClean"]]

    async def _hold_marker(self, route: Route) -> None:
        if route.request.method != "POST":
            await route.fallback()
            return
        given: Any = route.request.post_data_json
        comment = self._comment(given["windowUrlId"], given["comment"])
        conversation = {
            "_id": f"held-{given['windowUrlId']}",
            "urlId": given["windowUrlId"],
            "x": given["x"],
            "y": given["y"],
            "src": given["src"],
            "resolved": False,
            "commentCount": 0,
            "lastCommentAt": None,
            "createdAt": comment["date"],
            "userId": self._user_id,
            "approved": False,
        }
        self._conversations.append(conversation)
        body = {"status": "success", "held": True, "createdChatId": conversation["_id"]}
        await route.fulfill(json=body | {"conversation": conversation, "comment": comment}, headers=FROM_ANYWHERE)

    async def _hold_comment(self, route: Route) -> None:
        if route.request.method != "POST":
            await route.fallback()
            return
        given: Any = route.request.post_data_json
        body = {"status": "success", "comment": self._comment(given["urlId"], given)}
        await route.fulfill(json=body, headers=FROM_ANYWHERE)

    def _comment(self, url_id: str, given: dict[str, Any]) -> dict[str, Any]:
        text = given["comment"]
        comment = {
            "_id": f"held-{len(self.comments)}",
            "tenantId": TENANT,
            "urlId": url_id,
            "userId": self._user_id,
            "commenterName": given["commenterName"],
            "commentHTML": f"<p>{text}</p>",
            "comment": text,
            "date": datetime.now(UTC).isoformat(),
            "url": "",
            "verified": True,
            "approved": False,
            "locale": None,
        }
        self.comments.append(comment)
        return comment
