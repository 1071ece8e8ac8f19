"""Load on one node or on many: people who write, and insist on each command until it is answered."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from live_clients import Person

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
"""How many times as much the tests of faults are to do: `make faults` asks for more than `make test`."""
INSISTS_FOR = 60.0
COMES_WITHIN = 60.0


@dataclass(frozen=True)
class Done:
    """A command that was answered with success, and the event that it made in a picture's room."""

    picture: str
    broadcast_id: str
    seq: int
    timestamp: int
    marks: int = 0
    """Markers more, or less, that there are after it."""


class Refusals:
    """What was answered with 503, with 507, and not at all."""

    def __init__(self) -> None:
        self.unavailable = 0
        self.without_room = 0
        self.asked_to_wait = 0
        self.unanswered = 0

    async def insist(self, operation: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Try the same command until it is answered, as a client with a broadcastId may."""
        async with asyncio.timeout(INSISTS_FOR):
            while True:
                try:
                    return await operation()
                except httpx.TransportError:
                    self.unanswered += 1
                except httpx.HTTPStatusError as error:
                    if error.response.status_code not in {503, 507}:
                        raise
                    self.unavailable += error.response.status_code == 503
                    self.without_room += error.response.status_code == 507
                    self.asked_to_wait += "Retry-After" in error.response.headers
                await asyncio.sleep(0.02)


class Load:
    """Writers who make, move and delete markers and comment on them, each on any of the pictures.

    As a context it starts them, and at its end waits until each has the answer to what it asked last.
    """

    def __init__(self, client: Callable[[], httpx.AsyncClient], pictures: Sequence[str], writers: int = 12) -> None:
        self.refusals = Refusals()
        self.done: list[Done] = []
        self.comments: dict[str, dict[str, Any]] = {}
        self._client = client
        self._pictures = pictures
        self._seeds = range(writers)
        self._tasks: list[asyncio.Task[None]] = []
        self._ending = asyncio.Event()
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._write(seed)) for seed in self._seeds]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            await self.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def end(self) -> None:
        """Write nothing new, and wait for what is under way."""
        self._ending.set()
        await asyncio.gather(*self._tasks)

    async def goes_on(self, commands: int = 40) -> None:
        """Wait until so many more commands were answered with success."""
        wanted = len(self.done) + commands
        waiting = asyncio.create_task(self._reaches(wanted))
        try:
            async with asyncio.timeout(COMES_WITHIN):
                await asyncio.wait({waiting, *self._tasks}, return_when="FIRST_COMPLETED")
            for task in self._tasks:
                if task.done():
                    task.result()  # a writer that has failed says why
            await waiting
        finally:
            waiting.cancel()

    async def _reaches(self, wanted: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.done) >= wanted)

    async def _write(self, seed: int) -> None:
        dice = random.Random(seed)
        async with self._client() as client:
            person = Person(client)
            await self.refusals.insist(partial(person.enter, self._pictures[0]))
            while not self._ending.is_set():
                await self._tell_a_story(person, dice, f"text {seed}")

    async def _tell_a_story(self, person: Person, dice: random.Random, text: str) -> None:
        """Make a marker, comment on it, and then move it, or delete it, or let it be."""
        picture, window = dice.choice(self._pictures), f"window-{uuid4()}"
        ends = dice.choice(["stays", "moves", "goes"])
        mark = partial(person.mark, picture, windowUrlId=window)
        made = await self._carry_out(picture, lambda cause: mark(broadcastId=cause), marks=1)
        said = await self._carry_out(picture, lambda cause: person.comment(window, text, cause))
        if ends != "goes":
            self.comments[said["comment"]["_id"]] = said["comment"]
        chat = made["createdChatId"]
        if ends == "moves":
            await self._carry_out(picture, lambda cause: person.change(chat, broadcastId=cause, x=dice.randrange(100)))
        elif ends == "goes":
            await self._carry_out(picture, lambda cause: person.unpin(chat, broadcastId=cause), marks=-1)

    async def _carry_out(
        self, picture: str, operation: Callable[[str], Awaitable[dict[str, Any]]], *, marks: int = 0
    ) -> dict[str, Any]:
        cause = str(uuid4())
        answer = await self.refusals.insist(partial(operation, cause))
        seq = answer.get("pictureSeq") or answer["seq"]
        async with self._changed:
            self.done.append(Done(picture, cause, seq, answer["timestamp"], marks))
            self._changed.notify_all()
        return answer
