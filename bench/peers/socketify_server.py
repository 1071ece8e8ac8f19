"""uWebSockets through socketify: subscribers of a topic, published to by the app; no compression."""

import sys
from typing import Any

from socketify import App, CompressOptions, OpCode

TOPIC = "room"

app = App()
quiet = {"compression": CompressOptions.DISABLED, "idle_timeout": 0, "max_backpressure": 64 * 1024 * 1024}


def subscribe(ws: Any) -> None:
    """Let a subscriber in."""
    ws.subscribe(TOPIC)


def publish(_ws: Any, message: str, _opcode: Any) -> None:
    """Send what a publisher says to the topic."""
    app.publish(TOPIC, message, OpCode.TEXT)


app.ws("/sub", quiet | {"open": subscribe})
app.ws("/pub", quiet | {"message": publish})
app.listen(int(sys.argv[1]))
app.run()
