"""Many commands, one transaction: what comes while one runs goes into the next."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from imagechat.bus.base import Bus, RoomEvents
from imagechat.model.access import OPEN, Access
from imagechat.model.commands import Command
from imagechat.model.errors import UNAVAILABLE, Refusal
from imagechat.model.held import Held
from imagechat.model.ids import RoomId
from imagechat.model.principal import Principal
from imagechat.model.tenant import DEFAULTS, TenantSettings
from imagechat.model.view import By
from imagechat.store.database import Database
from imagechat.store.group_traces import GroupTraces
from imagechat.store.storage_trouble import CannotSave
from imagechat.store.write_events import Committed, Outcome, Submitted, write_batch

GROUP = 256
"""Commands in one transaction at most: enough to share a disk flush, few enough to answer within milliseconds."""

CLOSE_SECONDS = 3.0
"""What commands have that nobody waits for any more, when a node that stops has given its requests up."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GroupDone:
    """A group of commands that was carried out, and what became of each, in their order."""

    submitted: Sequence[Submitted]
    outcomes: Sequence[Outcome]
    seconds: float
    """What its transaction took, or its transactions, where it failed as a whole."""
    unsure: Sequence[tuple[Command, Committed]] = ()
    """What was answered with a failure because its commit was lost sight of, and may stand all the same."""

    @property
    def count(self) -> int:
        """How many commands it had."""
        return len(self.submitted)


_Waiting = tuple[Submitted, asyncio.Future[Committed | Held], object]
"""A command, its answer, and its mark for traces."""


class GroupCommit:
    """Takes commands one by one and commits them in groups, in the order they came."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        now: Callable[[], int],
        observe: Sequence[Callable[[GroupDone], None]] = (),
        traces: GroupTraces | None = None,
    ) -> None:
        """Write to `database`, then publish on `bus`; `now` gives milliseconds since 1970.

        Each of `observe` is called once a group, after it was published and before anybody is answered. One that fails
        is logged, and harms no command. `traces` follows commands through their group.
        """
        self._database = database
        self._bus = bus
        self._now = now
        self._observe = observe
        self._traces = traces
        self._waiting: list[_Waiting] = []
        self._running: asyncio.Task[None] | None = None
        self._closed = False

    async def submit(self, principal: Principal, command: Command, settings: TenantSettings = DEFAULTS) -> Committed:
        """Carry a command out, under its tenant's settings, and return what it did, once that is durable (DUR1).

        Raises `Refusal`, for what the command may not do, or `unavailable` when the database cannot write now.
        """
        outcome = await self.carry_out(Submitted(By(principal, settings), command))
        assert isinstance(outcome, Committed)  # noqa: S101 -- it was not to be held
        return outcome

    async def carry_out(self, submitted: Submitted) -> Committed | Held:
        """Do what `submit` does with a command that may have to wait for a moderator, or has waited."""
        if self._closed:
            raise Refusal(UNAVAILABLE, "This node is stopping: try again.")
        future: asyncio.Future[Committed | Held] = asyncio.get_running_loop().create_future()
        self._waiting.append((submitted, future, None if self._traces is None else self._traces.mark()))
        if self._running is None:
            self._running = asyncio.create_task(self._run(), name="group-commit")
        return await future

    @property
    def waiting(self) -> int:
        """How many commands wait for a transaction."""
        return len(self._waiting)

    async def close(self) -> None:
        """Refuse new commands and finish those that were taken, or as many as a database that hangs lets end."""
        self._closed = True
        if self._running is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self._running

    async def _run(self) -> None:
        try:
            await self._run_groups()
        finally:
            self._running = None  # also after a fault of ours: the next command starts anew

    async def _run_groups(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            submitted = [each for each, _, _ in group]
            traced = nullcontext() if self._traces is None else self._traces.group([mark for _, _, mark in group])
            with traced:
                began = time.perf_counter()
                lost: dict[int, Outcome] = {}
                outcomes = await self._commit(submitted, lost)
                seconds = time.perf_counter() - began
                self._publish(outcomes)
            unsure = [(submitted[number].command, outcome) for number, outcome in lost.items() if _is_new(outcome)]
            self._tell(GroupDone(submitted, outcomes, seconds, unsure))
            for (_, future, _), outcome in zip(group, outcomes, strict=True):
                if future.done():  # its request went away; the command stands all the same
                    continue
                if isinstance(outcome, Committed | Held):
                    future.set_result(outcome)
                else:
                    future.set_exception(outcome)

    def _tell(self, done: GroupDone) -> None:
        for observe in self._observe:
            try:
                observe(done)
            except Exception:  # it stands in the database all the same
                logger.exception("what was committed could not be told")

    async def _commit(self, batch: Sequence[Submitted], lost: dict[int, Outcome]) -> list[Outcome]:
        """Commit a batch; if that fails as a whole, each command alone, so that one cannot harm its neighbours.

        A commit whose fate is unknown is tried again: its receipts make that one effect (IDEM1), and tell its rooms.
        What stays unknown is put into `lost`, by its number in the batch.
        """
        decided: list[Outcome] = []
        try:
            return await self._write(batch, decided)
        except CannotSave as error:  # what one of them alone would meet too
            return [_again(error) for _ in batch]
        except Exception as error:  # noqa: BLE001 -- each command has an answer
            if len(batch) == 1 and not _is_fate_unknown(error):
                return [self._failed(batch[0], error)]
            if _is_fate_unknown(error):
                lost.update(enumerate(decided))
        outcomes: list[Outcome] = []
        for number, submitted in enumerate(batch):
            decided.clear()
            try:
                [outcome] = await self._write([submitted], decided)
                outcomes.append(_found_out(outcome, lost.pop(number, None)))
            except CannotSave as error:
                return outcomes + [_again(error) for _ in batch[len(outcomes) :]]
            except Exception as error:  # noqa: BLE001 -- see above
                outcomes.append(self._failed(submitted, error))
                if _is_fate_unknown(error) and _is_new(decided[0]):  # so the try before it had done nothing
                    lost[number] = decided[0]
                if isinstance(error, OperationalError):  # the database's own trouble; a lock alone is 10 s each
                    break
        return outcomes + [_unavailable() for _ in batch[len(outcomes) :]]

    async def _write(self, batch: Sequence[Submitted], decided: list[Outcome]) -> list[Outcome]:
        """Commit a batch; `decided` is told what came of it also where the commit's fate stays unknown."""

        def writing(connection: Connection) -> list[Outcome]:
            outcomes = write_batch(connection, batch, self._now)
            decided[:] = outcomes
            return outcomes

        return await self._database.write(writing, locking=True)

    def _failed(self, submitted: Submitted, error: Exception) -> Exception:
        """Log what went wrong with a command, and return its answer."""
        kind = type(submitted.command).__name__
        if isinstance(error, DBAPIError):
            # a line each, without what was to be written: a full disk must not be filled by its own log
            logger.error("a %s could not be written: %s", kind, str(error.orig).partition("\n")[0])
            return _unavailable()
        logger.error("a %s could not be written", kind, exc_info=error)
        return error

    def _publish(self, outcomes: Sequence[Outcome]) -> None:
        """Hand the new events to the bus, each room's in one piece; in more where another node wrote in between.

        An answer that was given before may be of a commit whose fate was not known, and that was published by nobody.
        """
        rooms: dict[RoomId, list[_Run]] = {}
        for outcome in outcomes:
            if not isinstance(outcome, Committed):
                continue
            if outcome.again:
                for placed in outcome.placed:
                    self._bus.doubt(placed.room_id)
            else:
                for placed, data, epoch in zip(outcome.placed, outcome.encoded, outcome.epochs, strict=True):
                    runs = rooms.setdefault(placed.room_id, [])
                    if not runs or not runs[-1].is_followed_by(epoch, placed.event.seq):
                        runs.append(_Run(epoch))
                    runs[-1].events.append((placed.event.seq, data))
                    runs[-1].access = outcome.access
        for room_id, runs in rooms.items():
            for run in runs:
                self._send(RoomEvents(room_id, run.epoch, tuple(run.events), run.access))

    def _send(self, batch: RoomEvents) -> None:
        try:
            if self._traces is None:
                self._bus.publish(batch)
            else:
                self._traces.publish(self._bus, batch)
        except Exception:  # what is committed is answered all the same; who misses an event reads the log
            logger.exception("the events of room %s could not be published", batch.room_id)


@dataclass(slots=True)
class _Run:
    """Consecutive events of a room, and who may come to it after them."""

    epoch: str
    events: list[tuple[int, bytes]] = field(default_factory=list)
    access: Access = OPEN

    def is_followed_by(self, epoch: str, seq: int) -> bool:
        return epoch == self.epoch and seq == self.events[-1][0] + 1


def _again(refusal: Refusal) -> Refusal:
    """Return the same refusal for somebody else: who is given one adds to its traceback."""
    return Refusal(refusal.kind, refusal.message)


def _found_out(outcome: Outcome, before: Outcome | None) -> Outcome:
    """Return an outcome, marked if it is what the try `before` this one had done, though nobody knew."""
    if isinstance(outcome, Committed) and outcome.again:
        return replace(outcome, found_out=_is_new(before))
    return outcome


def _is_new(outcome: Outcome | None) -> TypeGuard[Committed]:
    return isinstance(outcome, Committed) and not outcome.again


def _unavailable() -> Refusal:
    return Refusal(UNAVAILABLE, "The server cannot write now. Try again in a moment: a broadcastId has one effect.")


def _is_fate_unknown(error: Exception) -> bool:
    return isinstance(error, OperationalError) and error.statement == "COMMIT"
