"""What is to leave the log, decided from values; and when the trimmer of a node does it."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from imagechat.model.usage import DAY_MS
from imagechat.store.retention import EVERY, FIRST_AFTER, HOURLY, YOUNG_MS, Keep, Trimmer, last_to_go

NOW = 1_700_000_000_000
T = TypeVar("T")


def rows(*days_old: float) -> list[tuple[int, int]]:
    """Rows from id 1 on, of such ages."""
    return [(number, NOW - int(days * DAY_MS)) for number, days in enumerate(days_old, 1)]


@pytest.mark.parametrize(
    ("oldest", "newest", "keep", "last"),
    [
        (rows(), 0, Keep(90, 5), None),
        (rows(9, 8, 2, 1), 4, Keep(0, 0), None),
        (rows(9, 8, 2, 1), 4, Keep(3, 0), 2),
        (rows(9, 8, 2, 1), 4, Keep(1, 0), 3),  # a day old to the millisecond is kept
        (rows(9, 8, 2, 1), 4, Keep(10, 0), None),
        (rows(9, 8, 2, 1), 4, Keep(0, 3), 1),
        (rows(9, 8, 2, 1), 4, Keep(0, 4), None),
        (rows(9, 8, 2, 1), 1_000, Keep(0, 997), 3),
        (rows(9, 8, 2, 1), 4, Keep(3, 3), 2),
        (rows(9, 8, 2, 1), 4, Keep(10, 1), 3),
    ],
)
def test_what_is_too_old_goes_and_what_is_too_many(
    oldest: list[tuple[int, int]], newest: int, keep: Keep, last: int | None
) -> None:
    assert last_to_go(oldest, newest, keep, NOW) == last


def test_IDEM1_what_is_younger_than_an_hour_stays_however_much_there_is() -> None:
    oldest = [(1, NOW - YOUNG_MS - 1), (2, NOW - YOUNG_MS + 1), (3, NOW)]
    assert last_to_go(oldest, 1_000_000, Keep(0, 10), NOW) == 1


def test_a_clock_that_was_wrong_does_not_keep_the_log_from_being_trimmed_by_number() -> None:
    oldest = [(1, NOW + 3650 * DAY_MS), (2, NOW - 2 * DAY_MS), (3, NOW - DAY_MS)]
    assert last_to_go(oldest, 3, Keep(1, 0), NOW) is None
    assert last_to_go(oldest, 3, Keep(0, 1), NOW) == 2


@given(
    ages=st.lists(st.integers(-100, 1000), max_size=30),
    keep=st.builds(Keep, days=st.integers(0, 20), events=st.integers(0, 40)),
    unseen=st.integers(0, 20),
)
def test_RES2_what_goes_is_a_beginning_and_nothing_that_is_to_be_kept(ages: list[int], keep: Keep, unseen: int) -> None:
    oldest = [(number, NOW - age * DAY_MS // 24) for number, age in enumerate(ages, 1)]
    newest = len(oldest) + unseen
    last = last_to_go(oldest, newest, keep, NOW) or 0
    for number, timestamp in oldest[:last]:
        old = keep.days and timestamp < NOW - keep.days * DAY_MS
        assert old or (keep.events and number <= newest - keep.events)
    if last < len(oldest):  # the first that stays has a reason to
        number, timestamp = oldest[last]
        assert not keep.days or timestamp >= NOW - keep.days * DAY_MS
        assert not keep.events or number > newest - keep.events or abs(NOW - timestamp) < YOUNG_MS


class ScriptedDatabase:
    """A database whose writes end as they are told to, one after another, and then have nothing to trim."""

    def __init__(self, *script: tuple[int, int] | Exception) -> None:
        self.script = list(script)
        self.writes = self.hours = 0

    async def write(self, transaction: Callable[[Connection], T], *, locking: bool = False) -> T:
        del transaction, locking
        self.writes += 1
        outcome = self.script.pop(0) if self.script else (0, 0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome  # type: ignore[return-value]  # what `trim` returns

    async def read(self, transaction: Callable[[Connection], T]) -> T:
        del transaction
        self.hours += 1
        return []  # type: ignore[return-value]  # no tenant wants less

    async def close(self) -> None: ...


class Sleeping:
    """Sleeps that end when the test says so."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[float] = asyncio.Queue()
        self._wake = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self._wake.clear()
        self.asked.put_nowait(seconds)
        await self._wake.wait()

    async def goes_to_sleep_for(self) -> float:
        return await asyncio.wait_for(self.asked.get(), 10)

    def wake(self) -> None:
        self._wake.set()


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "imagechat.store.retention"]


async def test_a_node_trims_soon_after_its_start_and_then_every_minute(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    sleeping = Sleeping()
    trimmer = Trimmer(ScriptedDatabase((400, 300), (100, 0), (0, 7)), Keep(1, 0), lambda: NOW, sleeping)
    await trimmer.start()
    assert await sleeping.goes_to_sleep_for() == FIRST_AFTER
    assert logged(caplog) == []
    for _ in range(2):
        sleeping.wake()
        assert await sleeping.goes_to_sleep_for() == EVERY
        assert logged(caplog) == [
            "the log was trimmed by 500 events and 307 receipts"
        ]  # the second round found nothing
    await trimmer.close()


async def test_trimming_goes_on_after_a_database_that_could_not_write(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    sleeping = Sleeping()
    full = OperationalError("DELETE …", None, Exception("database or disk is full"))
    trimmer = Trimmer(ScriptedDatabase(full, (1, 1)), Keep(1, 0), lambda: NOW, sleeping)
    await trimmer.start()
    await sleeping.goes_to_sleep_for()
    for _ in range(2):
        sleeping.wake()
        assert await sleeping.goes_to_sleep_for() == EVERY
    assert logged(caplog) == [
        "the log could not be trimmed: database or disk is full",
        "the log was trimmed by 1 events and 1 receipts",
    ]
    await trimmer.close()


async def test_a_fault_in_trimming_is_logged_and_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    sleeping = Sleeping()
    trimmer = Trimmer(ScriptedDatabase(ValueError("a fault")), Keep(1, 0), lambda: NOW, sleeping)
    await trimmer.start()
    await sleeping.goes_to_sleep_for()
    sleeping.wake()
    assert await sleeping.goes_to_sleep_for() == EVERY
    assert logged(caplog) == ["the log could not be trimmed"]
    await trimmer.close()


async def test_tenants_and_what_has_ended_are_looked_at_every_hour_or_again_after_a_fault(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    sleeping = Sleeping()
    full = OperationalError("DELETE …", None, Exception("database or disk is full"))
    database = ScriptedDatabase(full, (3, 4))  # a node that keeps its whole log only sweeps
    trimmer = Trimmer(database, Keep(0, 0), lambda: NOW, sleeping)
    await trimmer.start()
    assert await sleeping.goes_to_sleep_for() == FIRST_AFTER
    seen = []
    for _ in range(HOURLY + 2):
        sleeping.wake()
        assert await sleeping.goes_to_sleep_for() == EVERY
        seen.append((database.hours, database.writes))
    assert seen == [(1, 1), *[(2, 3)] * HOURLY, (3, 4)]
    assert logged(caplog) == [
        "the log could not be trimmed: database or disk is full",
        "7 rows that had ended were deleted: what waited, bans, undos, old acts",
    ]
    await trimmer.close()
