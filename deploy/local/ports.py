"""Free ports for servers that keep theirs over a restart."""

import socket
from contextlib import ExitStack
from random import SystemRandom

PORTS = range(15_000, 32_000)
"""Below those that systems give to outgoing connections: such a one could take a server's port while it is down."""


def free_ports(count: int) -> list[int]:
    """Return so many different ports of 127.0.0.1 that nobody listens on."""
    found: list[int] = []
    with ExitStack() as held:
        for port in SystemRandom().sample(PORTS, len(PORTS)):
            if len(found) == count:
                break
            try:
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            found.append(port)
    return found
