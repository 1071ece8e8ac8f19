"""What stands in a comparison: a server that can be started, subscribed to, and given events."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench.processes import Server


@dataclass(frozen=True, slots=True)
class Running:
    """A contender that runs, and the load's options to subscribe and publish to it."""

    server: Server
    words: list[str]


@dataclass(frozen=True, slots=True)
class Contender:
    """One line of a comparison. `run` raises `LeftOut`; `settings` says how it is set up, and on whose advice."""

    name: str
    settings: str
    version: Callable[[], str]
    run: Callable[[], AbstractContextManager[Running]]
