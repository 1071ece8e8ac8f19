"""aiohttp on uvloop, no compression, no heartbeat; one `send_str` a subscriber."""

import asyncio
import socket
import sys

import uvloop
from aiohttp import WSMsgType, web

subscribers: set[web.WebSocketResponse] = set()


async def subscribe(request: web.Request) -> web.WebSocketResponse:
    """Keep a subscriber until it goes."""
    ws = web.WebSocketResponse(compress=False, autoping=True)
    await ws.prepare(request)
    subscribers.add(ws)
    try:
        async for _ in ws:
            pass
    finally:
        subscribers.discard(ws)
    return ws


async def publish(request: web.Request) -> web.WebSocketResponse:
    """Send what comes to every subscriber."""
    ws = web.WebSocketResponse(compress=False)
    await ws.prepare(request)
    async for message in ws:
        if message.type is WSMsgType.TEXT:
            for subscriber in list(subscribers):
                await subscriber.send_str(message.data)
    return ws


async def serve() -> None:
    """Serve without an access log."""
    app = web.Application()
    app.add_routes([web.get("/sub", subscribe), web.get("/pub", publish)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    listening = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=4096)
    await web.SockSite(runner, listening, backlog=4096).start()
    await asyncio.Event().wait()


uvloop.run(serve())
