"""Writes down what a node counted, in the background: every few seconds, if there is anything, and at the end.

What was counted is in memory until it is written, so a node that is killed loses the last seconds of it, and nothing
twice. A database that is away loses nothing: it is all added up until it is back, by day and place.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import msgspec
from sqlalchemy import Connection, select

from imagechat.model.commands import Command
from imagechat.model.counting import Counting
from imagechat.model.pulse import Pulse, Report
from imagechat.model.usage import Ledger, tenant_in
from imagechat.store import tables
from imagechat.store.database import Database
from imagechat.store.group_commit import GroupDone
from imagechat.store.node_rows import Node, NodeRow, forget_node
from imagechat.store.storage_trouble import CannotSave
from imagechat.store.usage_rows import Batch, write_down
from imagechat.store.write_events import Committed

EVERY = 4.0
"""Seconds between two looks."""
BEAT_MS = 20_000
"""Milliseconds after which a node says how it is, though nothing was used."""
SETTLED_MS = 15_000
"""Milliseconds after which a commit that was lost sight of is in the database, or never will be."""
CLOSE_SECONDS = 3.0
"""What a node that stops has for its last write."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Unsure:
    """A command that may have been carried out, at a time in ms since 1970."""

    at: int
    command: Command
    committed: Committed


class Meter:
    """One for a node. What it says of the node is in `report`, and in the database."""

    def __init__(
        self,
        database: Database,
        counting: Counting,
        node: Node,
        trouble: Callable[[], str] = str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Write to `database` what `counting` has, as `node`, which has `trouble`, in words; `sleep` takes seconds."""
        self.node = node
        self.pulse = Pulse()
        self._database = database
        self._counting = counting
        self._trouble = trouble
        self._sleep = sleep
        self._kept = Ledger()
        self._batch: Batch | None = None
        """What is being written, or may have been: it goes again as it is, with its number, until one write is known
        to have been made."""
        self._unsure: list[_Unsure] = []
        self._number = 0
        self._said_at = 0
        self._said: object = None
        self._failing = False
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to write now and then, until `close`."""
        self._task = asyncio.create_task(self._run(), name="metering")

    async def close(self) -> None:
        """Write the rest, or give up within seconds."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.write(settled_ms=0)
                await self._database.write(partial(forget_node, node_id=self.node.id), locking=True)
        except Exception as error:  # noqa: BLE001 -- the node stops all the same
            logger.error("what was used in the last seconds could not be written: %r", error)  # noqa: TRY400 -- a line

    @property
    def report(self) -> Report:
        """How the node is, as it tells others."""
        return Report(
            version=self.node.version, all=self.pulse.rates(), tenants=self.pulse.tenants(), trouble=self._trouble()
        )

    def observe(self, done: GroupDone) -> None:
        """Count what was committed, once however often it is answered (IDEM1); of what may be, find out later."""
        now = self._counting.now()
        self._unsure += [_Unsure(now, command, committed) for command, committed in done.unsure]
        for submitted, outcome in zip(done.submitted, done.outcomes, strict=True):
            if isinstance(outcome, Committed) and outcome.is_news:
                self._counting.committed(submitted.command, outcome.placed)

    async def write(self, settled_ms: int = SETTLED_MS) -> None:
        """Write down all that was counted so far. Raises what writing raises; nothing is lost by that.

        Commands whose commit was lost sight of `settled_ms` before are looked for in the log, and counted if there.
        """
        async with self._writing:
            await self._find_out(self._counting.now() - settled_ms)
            self._look()
            if self._batch is not None or self._kept or self._is_time_to_report():
                await self._write()
            if self._kept:  # one that had to go again went alone
                await self._write()

    async def _find_out(self, until: int) -> None:
        due = [each for each in self._unsure if each.at <= until]
        if not due:
            return
        made = await self._database.read(partial(_which_stand, asked=[each.committed for each in due]))
        self._unsure = [each for each in self._unsure if each.at > until]
        for each, stands in zip(due, made, strict=True):
            if stands:
                self._counting.committed(each.command, each.committed.placed)

    def _look(self) -> None:
        taken = self._counting.take()
        now = self._counting.now()
        self.pulse.note(now, taken, self._counting.connections, self._counting.rooms)
        self._kept.add({key: tally for key, tally in taken.items() if tenant_in(key[1])})

    def _is_time_to_report(self) -> bool:
        return self._counting.now() >= self._said_at + BEAT_MS or self._what_changes() != self._said

    def _what_changes(self) -> object:
        rates = msgspec.structs.replace(self.pulse.rates(), latencies=[])
        return rates, dict(self._counting.connections), dict(self._counting.rooms), self._trouble()

    async def _write(self) -> None:
        if self._batch is None and self._kept:
            self._number += 1
            self._batch = Batch(self._number, self._kept.take())
        now, changes = self._counting.now(), self._what_changes()
        report = msgspec.json.encode(self.report).decode()
        row = NodeRow(self.node.id, self.node.started_at, now, report)
        await self._database.write(partial(write_down, node=row, batch=self._batch), locking=True)
        self._batch = None
        self._said_at, self._said = now, changes

    async def _run(self) -> None:
        while True:
            try:
                await self.write()
            except CannotSave:
                pass  # it is told once, where it begins; what was used is kept, and goes with the next
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is kept and goes with the next
                if not self._failing:
                    logger.error("what was used cannot be written, and is kept: %r", error)  # noqa: TRY400 -- a line
                self._failing = True
            else:
                self._failing = False
            await self._sleep(EVERY)


def _which_stand(connection: Connection, asked: Sequence[Committed]) -> list[bool]:
    """Tell of each whether its first event is in the log as it was made here: another try would have made another."""
    events, found = tables.events.c, []
    for committed in asked:
        first = committed.placed[0]
        place = select(events.data).where(events.room_id == first.room_id, events.seq == first.event.seq)
        found.append(connection.execute(place).scalar() == committed.encoded[0].decode())
    return found
