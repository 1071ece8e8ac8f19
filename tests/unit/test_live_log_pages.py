"""Pages of the log: each is read once for all who want it, and never says more than the log does."""

import asyncio

import pytest

from imagechat.live.log_pages import KEPT_SECONDS, LOG_PAGE, LogPages
from live_fakes import ROOM, FakeHistory, FakeTimers, event


class Place:
    def __init__(self, events: int) -> None:
        self.timers = FakeTimers()
        self.history = FakeHistory()
        self.pages = LogPages(self.history, self.timers)
        self.grow(events)

    def grow(self, events: int) -> None:
        log = self.history.logs.setdefault(ROOM, [])
        first = log[-1][0] + 1 if log else 1
        log.extend((seq, event(seq)) for seq in range(first, first + events))

    async def after(self, seq: int, epoch: str = "e1") -> list[bytes]:
        return list(await self.pages.after(ROOM, epoch, seq))


def events(first: int, last: int) -> list[bytes]:
    return [event(seq) for seq in range(first, last + 1)]


async def test_RES1_a_page_ends_where_the_next_begins_and_every_position_gets_the_rest_of_its_page() -> None:
    place = Place(LOG_PAGE * 2 + 7)
    assert await place.after(0) == events(1, LOG_PAGE)
    assert await place.after(LOG_PAGE - 1) == events(LOG_PAGE, LOG_PAGE)
    assert await place.after(LOG_PAGE) == events(LOG_PAGE + 1, LOG_PAGE * 2)
    assert await place.after(LOG_PAGE * 2 + 3) == events(LOG_PAGE * 2 + 4, LOG_PAGE * 2 + 7)
    assert len(place.history.reads) == 3


async def test_a_page_is_read_once_for_all_who_ask_at_once_or_soon_after() -> None:
    place = Place(LOG_PAGE)
    await asyncio.gather(*[place.after(seq) for seq in range(LOG_PAGE)])
    place.timers.now += KEPT_SECONDS - 1
    await place.after(0)
    assert len(place.history.reads) == 1
    place.timers.now += 2
    await place.after(0)
    assert len(place.history.reads) == 2


async def test_RES1_a_page_at_the_head_is_read_again_when_the_log_has_grown() -> None:
    place = Place(5)
    assert await place.after(2) == events(3, 5)
    place.grow(3)
    assert await place.after(5) == events(6, 8)
    assert await place.after(2) == events(3, 8)
    assert len(place.history.reads) == 2


async def test_RES1_a_read_that_began_before_an_event_does_not_answer_for_it() -> None:
    place = Place(5)
    place.history.hold()
    early = asyncio.create_task(place.after(2))
    await place.history.reading.wait()
    place.grow(3)
    late = [asyncio.create_task(place.after(5)) for _ in range(50)]
    await asyncio.sleep(0)
    place.history.open.set()
    assert await early == events(3, 5)
    assert await asyncio.gather(*late) == [events(6, 8)] * 50
    assert len(place.history.reads) == 2


async def test_RES2_what_was_trimmed_is_not_there_for_anybody_and_is_not_asked_for_again_and_again() -> None:
    place = Place(LOG_PAGE * 2)
    del place.history.logs[ROOM][: LOG_PAGE + 50]
    assert await asyncio.gather(*[place.after(seq) for seq in range(100)]) == [[]] * 100
    assert await place.after(LOG_PAGE + 49) == []
    assert await place.after(LOG_PAGE + 50) == events(LOG_PAGE + 51, LOG_PAGE * 2)
    assert len(place.history.reads) == 2


async def test_RES2_a_page_of_another_history_is_not_given_out() -> None:
    place = Place(10)
    assert await place.after(3, "another") == []
    assert await place.after(3) == events(4, 10)
    place.history.epoch = "e2"
    assert await place.after(3, "e2") == events(4, 10)


async def test_a_read_that_fails_fails_all_who_wait_and_the_next_one_is_a_new_one() -> None:
    place = Place(10)
    place.history.fails = True
    found = await asyncio.gather(*[place.after(3) for _ in range(20)], return_exceptions=True)
    assert {type(one) for one in found} == {OSError}
    assert len(place.history.reads) == 1
    place.history.fails = False
    assert await place.after(3) == events(4, 10)


async def test_who_goes_away_does_not_take_the_page_from_the_others() -> None:
    place = Place(10)
    place.history.hold()
    gone, patient = asyncio.create_task(place.after(3)), asyncio.create_task(place.after(4))
    await place.history.reading.wait()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    place.history.open.set()
    assert await patient == events(5, 10)
    assert len(place.history.reads) == 1


async def test_the_end_stops_what_is_being_read() -> None:
    place = Place(10)
    place.history.hold()
    waiting = asyncio.create_task(place.after(3))
    await place.history.reading.wait()
    await place.pages.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
