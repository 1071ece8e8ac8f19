"""A node's line to NATS: one connection after another, what is asked for over each of them, what waits to be sent.

One task sends and subscribes, in order; who publishes only puts down what is to be said. While there is no connection,
nothing is kept: the log is the truth, and whoever listens again reads it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from random import SystemRandom

from nats import errors
from nats.aio.subscription import Subscription

from imagechat.bus.connection import Connection, Hear, Missed, Unreachable
from imagechat.bus.servers import Servers

START_SECONDS = 5.0
JOIN_SECONDS = 2.0
"""What a subscription waits for the server; a room is compared with its log soon afterwards anyway."""
CLOSE_SECONDS = 3.0
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
"""Seconds between two tries to connect, at most; a part of it that is chance, so that nodes come one by one."""
QUEUED_BYTES = 16 * 1024 * 1024
QUEUED_MESSAGES = 65_536
"""What may wait to be sent."""
MESSAGE = 128
"""Bytes that a message weighs in the queue beside what it says."""

logger = logging.getLogger(__name__)

Make = Callable[[int], Iterable[bytes]]
"""Makes the messages of at most so many bytes that say something."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Who is called: with what is heard, and with the subjects of what was not heard or not said."""

    hear: Hear
    missed: Missed
    unsaid: Missed
    up: Callable[[], None]
    """There is a connection, and it is not the one from before."""
    free: Callable[[], None]
    """What waited to be sent is sent, after there was too much of it."""


class Line:
    """See above."""

    def __init__(self, servers: Servers, name: str, listening: Listening) -> None:
        """Know where NATS is; `name` is what NATS' own monitoring shows."""
        self._servers = servers
        self._addresses = deque(SystemRandom().sample(servers.addresses, len(servers.addresses)))
        self._name = name
        self._listening = listening
        self._probe: tuple[str, ...] = ()
        self._wanted: set[str] = set()
        self._changed: set[str] = set()
        self._asked: list[asyncio.Future[None]] = []
        self._confirming: set[asyncio.Future[None]] = set()
        self._queue: deque[tuple[str, Make, int]] = deque()
        self._queued_bytes = 0
        self._overflowed = False
        self._wake = asyncio.Event()
        self._connection: Connection | None = None
        self._subscriptions: dict[str, Subscription] = {}
        self._away = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def start(self, pattern: str, probe: tuple[str, ...]) -> None:
        """Connect, and find out whether `pattern` may be heard and `probe` said.

        Raises `RuntimeError`, with a line for the operator, if NATS cannot be reached in time, or does not allow it.
        """
        self._wanted.add(pattern)
        self._probe = probe
        until = asyncio.get_running_loop().time() + START_SECONDS
        pause = FIRST_PAUSE
        while True:
            try:
                connection = await self._open(starting=True)
                break
            except Unreachable as error:
                if error.refused:
                    msg = (
                        f"NATS at {self._addresses[0]} does not let this node in ({error}): see to the user in "
                        "IMAGECHAT_BUS_URL, or to the file that IMAGECHAT_BUS_CREDENTIALS names"
                    )
                    raise RuntimeError(msg) from None
                if asyncio.get_running_loop().time() + pause > until:
                    msg = (
                        f"NATS cannot be reached at {self._addresses[0]} ({error}): see to IMAGECHAT_BUS_URL, and to "
                        "IMAGECHAT_BUS_CA if it encrypts"
                    )
                    raise RuntimeError(msg) from None
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            self._addresses.rotate(1)
        if connection.forbidden:
            await connection.close()
            msg = (
                f"NATS does not let this node take part ({connection.forbidden}): allow the user in IMAGECHAT_BUS_URL, "
                "or that of IMAGECHAT_BUS_CREDENTIALS, to publish and subscribe to imagechat.>"
            )
            raise RuntimeError(msg)
        connection.tells = True
        self._connection = connection  # who joins right away waits for the server's word already
        self._spawn(self._keep(connection))

    @property
    def trouble(self) -> str:
        """Why other nodes cannot be heard, in words; empty while they can."""
        if self._connection is not None and self._connection.forbidden:
            return f"the bus (NATS) does not let this node take part: {self._connection.forbidden}"
        return self._away

    async def want(self, subject: str) -> None:
        """Ask for what is said under a subject; returns when the server knows, or is away."""
        self._wanted.add(subject)
        self._changed.add(subject)
        if self._connection is not None:
            asked = asyncio.get_running_loop().create_future()
            self._asked.append(asked)
            self._wake.set()
            await asyncio.wait([asked], timeout=JOIN_SECONDS)

    def unwant(self, subject: str) -> None:
        """Ask for it no more."""
        self._wanted.discard(subject)
        self._changed.add(subject)
        self._wake.set()

    def send(self, subject: str, make: Make, size: int = 0) -> bool:
        """Send what `make` makes, of about `size` bytes, to whoever listens; False if it will not be."""
        if self._connection is None or self._closing:
            return False
        size += MESSAGE
        if self._queued_bytes + size > QUEUED_BYTES or len(self._queue) >= QUEUED_MESSAGES:
            self._overflowed = True
            return False
        self._queue.append((subject, make, size))
        self._queued_bytes += size
        self._wake.set()
        return True

    async def close(self) -> None:
        """Send what is waiting, in a bounded time, and end."""
        self._closing = True
        connection = self._connection
        if connection is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    while self._queue and self._connection is connection:  # noqa: ASYNC110 -- once, at the end
                        await asyncio.sleep(0.001)
                    await connection.handed_over()
                    await connection.answered()
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)

    # -- one connection after another

    async def _open(self, *, starting: bool = False) -> Connection:
        connection = Connection(self._listening.hear, self._listening.missed)
        connection.tells = not starting
        await connection.open(self._addresses[0], self._servers, self._name)
        try:
            await self._begin(connection)
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _begin(self, connection: Connection) -> None:
        self._changed.clear()
        self._subscriptions = {}
        with suppress(errors.Error):  # it went away
            for subject in list(self._wanted):
                self._subscriptions[subject] = await connection.subscribe(subject)
            for subject in self._probe:
                await connection.publish(subject, b"")
            await connection.handed_over()
            await connection.answered()
        if not connection.is_up:
            raise Unreachable(connection.reason or "it went away", refused=False)

    async def _keep(self, connection: Connection) -> None:
        while True:
            try:
                await self._use(connection)
            finally:
                await connection.close()
            since = datetime.now(UTC).strftime("%H:%M:%S UTC")
            self._is_away(since, connection.reason or "it went away")
            connection = await self._open_again(since)
            self._away = ""
            self._connection = connection
            self._listening.up()
            logger.info("the bus (NATS) is back, at %s", self._addresses[0])

    async def _open_again(self, since: str) -> Connection:
        pause = FIRST_PAUSE
        while True:
            await asyncio.sleep(pause * SystemRandom().uniform(0.5, 1.0))
            pause = min(2 * pause, LONGEST_PAUSE)
            self._addresses.rotate(1)
            try:
                return await self._open()
            except (Unreachable, RuntimeError) as error:
                self._is_away(since, str(error))

    def _is_away(self, since: str, reason: str) -> None:
        if not self._away:
            logger.warning("the bus (NATS) is away: %s", reason)
        self._away = f"the bus (NATS) is away since {since}: {reason}"

    async def _use(self, connection: Connection) -> None:
        """Send and subscribe over a connection until it ends."""
        self._wake.set()
        working = [asyncio.ensure_future(work) for work in (connection.end(), self._send_all(connection))]
        try:
            await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._connection = None
            self._wake.set()
            for task in working:
                task.cancel()
            for error in await asyncio.gather(*working, return_exceptions=True):
                if isinstance(error, Exception) and not isinstance(error, errors.Error):
                    logger.error("the line to NATS broke", exc_info=error)
            self._give_up_waiting()

    def _give_up_waiting(self) -> None:
        for subject, _, _ in self._queue:
            self._listening.unsaid(subject)
        self._queue.clear()
        self._queued_bytes = 0
        for asked in [*self._asked, *self._confirming]:
            if not asked.done():
                asked.set_result(None)
        self._asked.clear()
        self._confirming.clear()

    # -- sending

    async def _send_all(self, connection: Connection) -> None:
        while self._connection is connection:  # nats-py may swallow that this is cancelled
            await self._wake.wait()
            self._wake.clear()
            while self._connection is connection and (self._changed or self._asked or self._queue):
                if self._changed or self._asked:
                    await self._subscribe(connection)
                else:
                    await self._send(connection)
            if self._overflowed:
                self._overflowed = False
                self._listening.free()

    async def _send(self, connection: Connection) -> None:
        subject, make, size = self._queue.popleft()
        self._queued_bytes -= size
        try:
            for message in make(connection.max_payload):
                await connection.publish(subject, message)
        except BaseException as error:
            self._listening.unsaid(subject)
            if not isinstance(error, errors.MaxPayloadError):
                raise
            logger.error("a message under %s is larger than NATS takes", subject)  # noqa: TRY400 -- it is no surprise

    async def _subscribe(self, connection: Connection) -> None:
        """Make the subscriptions what is wanted now, however often that has changed meanwhile."""
        changed, self._changed = self._changed, set()
        asked, self._asked = self._asked, []
        self._confirming.update(asked)
        for subject in changed:
            if subject not in self._wanted:
                subscription = self._subscriptions.pop(subject, None)
                if subscription is not None:
                    await subscription.unsubscribe()
            elif subject not in self._subscriptions:
                self._subscriptions[subject] = await connection.subscribe(subject)
        if asked:
            await connection.handed_over()
            self._spawn(self._confirm(connection, asked))

    async def _confirm(self, connection: Connection, asked: list["asyncio.Future[None]"]) -> None:
        await connection.answered()
        for each in asked:
            if not each.done():
                each.set_result(None)
        self._confirming.difference_update(asked)

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
