"""Nodes that are listened to: whatever people do, a node says nothing of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from running import RunningNode

START = re.compile(
    r"Image Chat('s gallery: | is at )http://127\.0\.0\.1:\d+|As its moderator: |Its dashboard: |Rate limits are off "
)
"""What a node says when it starts; the demo's moderator's link is meant to be seen."""


@contextmanager
def saying_nothing(node: RunningNode) -> Iterator[RunningNode]:
    """Run a node whose output holds, to its end, no line but those of its start.

    So there is no token, query, comment, name, email or address in it, whatever form it would have.
    """
    with node:
        yield node
        node.stop()
    assert [line for line in node.output if not START.match(line)] == []
