"""Who is writing: told to whom it concerns, and to nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from imagechat.bus.base import Told
from imagechat.bus.memory import MemoryBus
from imagechat.live.frames import Framing
from imagechat.live.rights import Rights
from imagechat.live.typing_signals import TOPIC, TypingSignals
from imagechat.model.access import Access
from imagechat.model.errors import BANNED, Refusal
from imagechat.model.ids import RoomId, room_id
from live_fakes import FakeSubscriber, Stage, settle

PICTURE, OTHER = room_id("demo", "picture"), room_id("demo", "other")
THREAD = room_id("demo", "thread")


class TellingBus(MemoryBus):
    """Remembers the rooms of what is told to other nodes about who is writing."""

    def __init__(self) -> None:
        super().__init__(alone=False)
        self.told: list[RoomId | None] = []

    def tell(self, topic: str, data: bytes, room_id: RoomId | None = None) -> None:
        if topic == TOPIC and data:
            self.told.append(room_id)


class Scene:
    """A node's rooms, with one thread on the picture."""

    def __init__(self) -> None:
        self.bus = TellingBus()
        self.stage = Stage(bus=self.bus)
        self.time = 0.0
        self.looked_up: list[RoomId] = []
        self.reading = asyncio.Event()
        self.reading.set()
        rights = Rights(self.stage.standing)
        self.typing = TypingSignals(
            self.stage.hub.rooms, self.stage.bus, rights, self._place_of, lambda: 1_000, lambda: self.time
        )

    async def _place_of(self, thread: RoomId) -> tuple[RoomId, str] | None:
        self.looked_up.append(thread)
        await self.reading.wait()
        return (PICTURE, "thread") if thread == THREAD else None

    async def join(self, user: str, room: RoomId = PICTURE, framing: Framing = Framing.V1) -> FakeSubscriber:
        return await self.stage.join(user=user, room_id=room, framing=framing)

    async def say(self, who: FakeSubscriber, text: bytes | dict[str, Any], room: RoomId = PICTURE) -> None:
        self.typing.say(room, who, text if isinstance(text, bytes) else json.dumps(text).encode())
        await settle()


def writing(url_id: str) -> dict[str, Any]:
    return {"type": "typing", "urlId": url_id}


def heard(subscriber: FakeSubscriber) -> list[Any]:
    return [each for each in subscriber.events if each["type"] == "typing"]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    made = Scene()
    yield made
    await made.typing.close()
    await made.stage.hub.close()


@pytest.mark.parametrize("said", ["thread", f"~{THREAD.partition('.')[2]}"])
async def test_others_hear_of_it_on_the_picture_and_in_the_thread_and_who_writes_does_not(
    scene: Scene, said: str
) -> None:
    ann, ben, mia = await scene.join("ann"), await scene.join("ben"), await scene.join("mia", THREAD)
    again, plain = await scene.join("ann"), await scene.join("zoe", framing=Framing.PLAIN)
    elsewhere = await scene.join("eve", OTHER)
    await scene.say(ann, writing(said))
    signal = {"type": "typing", "timestamp": 1_000, "userId": "ann", "urlId": "thread"}
    assert heard(ben) == heard(mia) == [signal]
    assert heard(ann) == heard(again) == heard(elsewhere) == []
    assert all(event["type"] == "p-u" for event in plain.messages)
    assert scene.bus.told == [PICTURE, THREAD]


async def test_who_follows_the_thread_alone_is_heard_on_the_picture(scene: Scene) -> None:
    ann, ben = await scene.join("ann", THREAD), await scene.join("ben")
    await scene.say(ann, writing("thread"), THREAD)
    assert [each["userId"] for each in heard(ben)] == ["ann"]


async def test_AUTH1_a_thread_of_another_picture_is_not_passed_on(scene: Scene) -> None:
    eve, ben, mia = await scene.join("eve", OTHER), await scene.join("ben"), await scene.join("mia", THREAD)
    await scene.say(eve, writing("thread"), OTHER)
    await scene.say(eve, writing("nowhere"), OTHER)
    assert heard(ben) == heard(mia) == []
    assert scene.bus.told == []


@pytest.mark.parametrize("state", ["banned", "locked"])
async def test_AUTH1_who_may_not_comment_is_not_passed_on(scene: Scene, state: str) -> None:
    if state == "locked":
        scene.stage.history.accesses[PICTURE] = Access(read_only=True)
    ann, ben = await scene.join("ann"), await scene.join("ben")
    if state == "banned":
        scene.stage.standing.refusals["ann"] = Refusal(BANNED, "You were banned.")
    await scene.say(ann, writing("thread"))
    assert heard(ben) == []


async def test_AUTH2_who_has_left_meanwhile_is_not_passed_on(scene: Scene) -> None:
    ann, ben = await scene.join("ann"), await scene.join("ben")
    scene.reading.clear()
    await scene.say(ann, writing("thread"))
    scene.stage.hub.leave(PICTURE, ann)
    scene.reading.set()
    await settle()
    assert scene.looked_up == [THREAD]
    assert heard(ben) == []


@pytest.mark.parametrize(
    "text",
    [
        b"ping",
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"type":"typing"}',
        b'{"type":"typing","urlId":5}',
        b'{"type":"typing","urlId":""}',
        b'{"type":"p-u","urlId":"thread"}',
        json.dumps(writing("x" * 3_000)).encode(),
    ],
)
async def test_what_makes_no_sense_is_let_be(scene: Scene, text: bytes) -> None:
    ann, ben = await scene.join("ann"), await scene.join("ben")
    await scene.say(ann, text)
    assert heard(ben) == []
    assert scene.looked_up == []


async def test_it_goes_on_each_three_seconds_and_a_thread_is_looked_up_once(scene: Scene) -> None:
    ann, ben = await scene.join("ann"), await scene.join("ben")
    for second in range(10):
        scene.time = float(second)
        await scene.say(ann, writing("thread"))
    assert len(heard(ben)) == 4  # at 0, 3, 6 and 9
    assert scene.looked_up == [THREAD]


async def test_who_says_of_many_threads_has_few_of_them_looked_up(scene: Scene) -> None:
    ann = await scene.join("ann")
    for number in range(50):
        await scene.say(ann, writing(f"t{number}"))
    assert len(scene.looked_up) == 5


async def test_what_another_node_tells_is_passed_on_and_not_too_often(scene: Scene) -> None:
    ben = await scene.join("ben")
    said = b"\x94\xcd\x03\xe8\xa3ann\xa6thread\xa3Ann"  # msgpack: [1000, "ann", "thread", "Ann"]
    for data in (said, said, b"of another version"):
        scene.typing._hear(Told("n2", data, PICTURE))
    named = {"type": "typing", "timestamp": 1_000, "userId": "ann", "urlId": "thread", "name": "Ann"}
    assert heard(ben) == [named]
