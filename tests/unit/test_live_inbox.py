"""How moderators hear that something has changed: gathered, on every node, and found out where no hint came."""

import asyncio
import json
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from imagechat.bus.base import Hearer, Told
from imagechat.bus.memory import MemoryBus
from imagechat.live.inbox import AT_ONCE, PAUSE, TOPIC, Inbox
from imagechat.live.room import LiveRoom
from imagechat.model.counting import Counting
from imagechat.model.ids import RoomId, inbox_of, room_id
from live_fakes import FakeSubscriber, FakeTimers, parse_messages


class OthersBus(MemoryBus):
    """A bus whose other nodes are the test."""

    def __init__(self, *, alone: bool = False) -> None:
        super().__init__(alone=alone)
        self.told: list[list[str]] = []
        self.hearer: Hearer | None = None

    def hear_with(self, topic: str, hearer: Hearer) -> None:
        assert topic == TOPIC
        self.hearer = hearer

    def tell(self, topic: str, data: bytes, room_id: RoomId | None = None) -> None:
        assert (topic, room_id) == (TOPIC, None)
        self.told.append(json.loads(data))


class Stage:
    """An inbox, and moderators of some tenants who have theirs open."""

    def __init__(self, *tenants: str, alone: bool = False) -> None:
        self.timers = FakeTimers()
        self.bus = OthersBus(alone=alone)
        self.rooms: dict[RoomId, LiveRoom] = {}
        self.newest: dict[str, Any] = {}
        self.asked: list[list[str]] = []
        self.moderators = {tenant: self.open(inbox_of(tenant)) for tenant in tenants}
        self.inbox = Inbox(self.rooms, self.bus, self._read, lambda: 5, self.timers)

    def open(self, room: RoomId) -> FakeSubscriber:
        made = self.rooms[room] = LiveRoom(room, Counting(lambda: 5))
        subscriber = FakeSubscriber()
        made.subscribers[subscriber.framing].add(subscriber)
        return subscriber

    async def _read(self, tenants: Collection[str]) -> Mapping[str, object]:
        self.asked.append(sorted(tenants))
        return {tenant: self.newest.get(tenant) for tenant in tenants}

    def heard(self) -> dict[str, int]:
        """Return how many signals came to each tenant's moderators since this was asked last."""
        self.timers.pass_by(PAUSE)
        found = {}
        for tenant, subscriber in self.moderators.items():
            messages, subscriber.sent = list(map(parse_messages, subscriber.sent)), []
            assert all(message == [[{"type": "inbox", "timestamp": 5}]] for message in messages)
            found[tenant] = len(messages)
        return found


def test_many_changes_are_one_signal_and_one_message() -> None:
    stage = Stage("a", "b")
    for _ in range(100):
        stage.inbox.written({"a"})
    stage.inbox.written({"c"})
    stage.inbox.heed("a")
    assert stage.heard() == {"a": 1, "b": 0}
    assert stage.bus.told == [["a", "c"]]
    assert stage.heard() == {"a": 0, "b": 0}
    stage.inbox.written({"b"})
    assert stage.heard() == {"a": 0, "b": 1}


def test_what_another_node_told_is_told_here_and_not_told_on() -> None:
    stage = Stage("a", "b")
    assert stage.bus.hearer is not None
    stage.bus.hearer(Told("other", b'["a","nobody\'s"]'))
    stage.bus.hearer(Told("other", b"of another version"))
    assert stage.heard() == {"a": 1, "b": 0}
    assert stage.bus.told == []


def test_a_message_has_so_many_tenants_at_most() -> None:
    stage = Stage()
    stage.inbox.written(f"t{number}" for number in range(AT_ONCE + 1))
    stage.heard()
    assert [len(told) for told in stage.bus.told] == [AT_ONCE, 1]


def test_a_room_that_was_given_up_is_told_nothing() -> None:
    stage = Stage("a")
    stage.rooms[inbox_of("a")].fail()
    stage.inbox.written({"a"})
    assert stage.heard() == {"a": 0}


async def test_what_no_hint_told_is_found_by_looking() -> None:
    stage = Stage("a", "b")
    stage.open(room_id("a", "a picture"))
    await stage.inbox.look()
    assert stage.asked == [["a", "b"]], "of pictures nothing is asked"
    assert stage.heard() == {"a": 0, "b": 0}, "there is nothing yet"
    stage.newest["b"] = "another comment"
    await stage.inbox.look()
    assert stage.heard() == {"a": 0, "b": 1}
    assert stage.bus.told == [], "they look too"
    await stage.inbox.look()
    assert stage.heard() == {"a": 0, "b": 0}
    del stage.rooms[inbox_of("b")]
    stage.newest["b"] = "one more"
    await stage.inbox.look()
    stage.moderators["b"] = stage.open(inbox_of("b"))
    await stage.inbox.look()
    assert stage.heard() == {"a": 0, "b": 1}, "it may have come after they had read"


async def test_nobody_is_asked_where_nobody_looks() -> None:
    stage = Stage()
    await stage.inbox.look()
    assert stage.asked == []


@pytest.mark.parametrize("alone", [True, False])
async def test_only_beside_other_nodes_it_looks_and_goes_on_after_a_fault(
    alone: bool,  # noqa: FBT001 -- a parameter
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = Stage("a", alone=alone)
    looked, rounds = asyncio.Event(), 0

    async def read(tenants: Collection[str]) -> Mapping[str, object]:
        nonlocal rounds
        rounds += 1
        if rounds <= 2:
            message = "the database is away"
            raise OSError(message)
        looked.set()
        return dict.fromkeys(tenants)

    inbox = Inbox(stage.rooms, stage.bus, read, lambda: 5, stage.timers, lambda _seconds: asyncio.sleep(0))
    await inbox.start()
    if alone:
        for _ in range(10):
            await asyncio.sleep(0)
        assert rounds == 0
    else:
        await asyncio.wait_for(looked.wait(), 10)
        assert [record.levelname for record in caplog.records] == ["WARNING"], "once, until it works again"
    await inbox.close()
