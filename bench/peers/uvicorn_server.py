"""uvicorn's own ASGI WebSockets on uvloop, with the faster of its implementations; no compression, no pings."""

import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

subscribers: set[Send] = set()


async def app(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
    """Keep a subscriber until it goes, or send what a publisher says to all of them."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    publishes = scope["path"] == "/pub"
    if not publishes:
        subscribers.add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            if publishes:
                event = {"type": "websocket.send", "text": message["text"]}
                for subscriber in list(subscribers):
                    await subscriber(event)
    finally:
        subscribers.discard(send)


listening = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=4096)
config = uvicorn.Config(
    app,
    loop="uvloop",
    ws="websockets-sansio",
    ws_per_message_deflate=False,
    ws_ping_interval=None,
    lifespan="off",
    access_log=False,
    log_level="error",
)
uvicorn.Server(config).run(sockets=[listening])
