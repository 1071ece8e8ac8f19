"""People who are signed in, on a running node and its live channel."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection

from live_clients import Person, live_url, next_message, open_live
from running import TENANT, RunningNode
from signing import TenantServer
from visiting import CHATS, fresh


class House:
    """A node with people who are signed in."""

    def __init__(self, node: RunningNode, server: TenantServer, client: httpx.AsyncClient) -> None:
        self.node = node
        self.server = server
        self.client = client

    async def sign_in(self, user_id: str, **more: Any) -> Person:
        """Return somebody of whom the tenant vouches now."""
        params = {"urlId": fresh("hall"), "sso": self.server.sso(user_id, **more)}
        answer = await self.client.get(CHATS, params=params)
        assert answer.status_code == 200, answer.text
        return Person(self.client, answer.json()["user"]["sessionId"])

    async def share(self, admin: Person, picture: str, groups: list[str] | None) -> int:
        """Give a picture to groups, and return its seq in the answer."""
        body = {"broadcastId": fresh("b"), "groupIds": groups}
        answer = await admin._ask("PATCH", f"/pictures/{TENANT}", params={"urlId": picture}, json=body)
        return int(answer["seq"])

    async def ban(self, moderator: Person, **body: Any) -> None:
        await moderator._ask("POST", f"/moderation/{TENANT}/bans", json=body)

    def follow(self, entrance: dict[str, Any], *, v1: bool = True, **more: Any) -> Any:
        return open_live(live_url(self.node, entrance), v1=v1, **more)


async def enter_all(
    stack: AsyncExitStack, house: House, entrance: dict[str, Any], count: int
) -> list[ClientConnection]:
    """Follow a room many times, in both framings, and return once every connection is live."""
    found = [await stack.enter_async_context(house.follow(entrance, v1=bool(number % 2))) for number in range(count)]
    for connection in found:
        if connection.subprotocol:
            await next_message(connection)
        else:
            await (await connection.ping())
    return found


def events_in(messages: list[Any]) -> list[dict[str, Any]]:
    """Return the events with a seq, of either framing."""
    flat = [event for message in messages for event in (message if isinstance(message, list) else [message])]
    return [event for event in flat if "broadcastId" in event]


async def lives(connection: ClientConnection, seq: int) -> None:
    """Wait for the event of a seq."""
    async with asyncio.timeout(10):
        while all(event["seq"] != seq for event in events_in([await next_message(connection)])):
            pass
