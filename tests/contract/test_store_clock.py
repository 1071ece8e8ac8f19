"""One clock for many nodes."""

import asyncio

from imagechat.store.clock import EVERY, DatabaseClock
from live_fakes import until
from storing import PostgresBackend


class Wrong:
    """A clock that is some minutes off the database's."""

    def __init__(self, right: DatabaseClock, minutes: int) -> None:
        self._right = right
        self.minutes = minutes

    def __call__(self) -> int:
        return self._right() + self.minutes * 60_000


class Sleeps:
    """Sleeps until it is woken."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._woken = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self._woken.clear()
        await self._woken.wait()

    def wake(self) -> None:
        self._woken.set()


def _here() -> int:
    return 1_700_000_000_000


async def test_nodes_whose_clocks_are_minutes_apart_have_one_time(postgres_backend: PostgresBackend) -> None:
    database = postgres_backend.open()
    right = DatabaseClock(database, _here)
    await right.measure()
    for minutes in (-5, 5):
        clock = DatabaseClock(database, Wrong(right, minutes))
        await clock.measure()
        assert abs(clock() - right()) < 30_000
    await database.close()


async def test_a_clock_that_is_set_meanwhile_is_measured_again(postgres_backend: PostgresBackend) -> None:
    database, sleeps = postgres_backend.open(), Sleeps()
    right = DatabaseClock(database, _here)
    await right.measure()
    wrong = Wrong(right, 5)
    clock = DatabaseClock(database, wrong, sleeps)
    await clock.start()
    wrong.minutes = -60
    await until(lambda: sleeps.asked == [EVERY])
    sleeps.wake()
    await until(lambda: abs(clock() - right()) < 30_000)
    await clock.close()
    await database.close()
