"""A request that a stopping node gives up."""

import asyncio
from typing import Any

import pytest

from imagechat.http.boundary import Boundary

SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "GET",
    "path": "/comment-image-chats/demo",
    "headers": [(b"origin", b"https://page.example")],
}


async def given_up(*sent_before: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is sent of an answer that takes too long, and that had begun with some messages."""
    sent: list[dict[str, Any]] = []
    waits = asyncio.Event()

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        for message in sent_before:
            await send(message)
        waits.set()
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    serving = asyncio.create_task(Boundary(app)(SCOPE, None, send))  # type: ignore[arg-type]  # what it needs of ASGI
    await waits.wait()
    serving.cancel()
    await serving
    return sent


async def test_DUR1_a_request_that_is_given_up_is_told_to_come_again() -> None:
    start, body = await given_up()
    assert start["status"] == 503
    headers = dict(start["headers"])
    assert int(headers[b"retry-after"]) > 0
    assert headers[b"access-control-allow-origin"] == b"https://page.example"
    assert b'"code":"unavailable"' in body["body"]


async def test_an_answer_that_had_begun_is_cut_off() -> None:
    with pytest.raises(asyncio.CancelledError):
        await given_up({"type": "http.response.start", "status": 200, "headers": []})
