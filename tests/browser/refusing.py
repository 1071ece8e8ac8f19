"""A server that says what a real one says only to some people: its answers are changed on their way to a page."""

from collections.abc import Callable
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
    """A page's live channel, which a test can close as a server would."""

    def __init__(self) -> None:
        self.open: list[WebSocketRoute] = []

    async def listen(self, tab: Page) -> None:
        def carry(socket: WebSocketRoute) -> None:
            self.open.append(socket)
            socket.connect_to_server()

        await tab.route_web_socket("**/sub?*", carry)

    async def end(self, code: int, reason: str = "") -> None:
        await self.open[-1].close(code=code, reason=reason)
