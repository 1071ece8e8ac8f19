"""AUTH2 while much goes on: what comes after a right was lost reaches nobody who lost it, and the others get it all."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from websockets.asyncio.client import ClientConnection

from housing import House, events_in
from live_clients import Person, live_url, new_picture, open_live, raw_live, rest_of, small_socket
from visiting import fresh

NOT_ALLOWED = (4403).to_bytes(2, "big")


async def test_AUTH2_whoever_is_still_resuming_when_a_right_is_lost_gets_nothing_that_came_after(
    house: House, admin: Person
) -> None:
    picture, user = new_picture(), fresh("user")
    slow = await house.sign_in(user)
    await asyncio.gather(*(admin.mark(picture, comment={"comment": "x" * 1900}) for _ in range(60)))
    entrance = await slow.enter(picture)
    reader, writer = await raw_live(house.node, entrance, sock=small_socket(house.node), epoch=entrance["epoch"], seq=0)
    await reader.readexactly(4096)  # it has begun, and the rest does not fit between here and there
    await house.ban(admin, userId=user)
    secret = fresh("written-after-the-ban")
    await admin.mark(picture, comment={"comment": secret})
    rest = b""
    async with asyncio.timeout(20):
        while NOT_ALLOWED not in rest[-200:]:
            rest += await reader.read(65536)
    writer.close()
    assert secret.encode() not in rest


async def test_AUTH2_revocation_under_load(house: House, admin: Person) -> None:
    picture = new_picture()
    await house.share(admin, picture, ["red", "blue"])
    people = {
        color: [await house.sign_in(fresh(color), groupIds=[color]) for _ in range(5)] for color in ("red", "blue")
    }
    async with AsyncExitStack() as stack:
        viewers: dict[str, list[ClientConnection]] = {"red": [], "blue": []}
        entrances = {color: [await who.enter(picture) for who in people[color]] for color in people}
        for color in ("red", "blue"):
            for number in range(150):
                entrance = entrances[color][number % 5]
                viewers[color].append(await stack.enter_async_context(house.follow(entrance, max_queue=None)))
        reading = {color: [asyncio.create_task(rest_of(each, 60)) for each in viewers[color]] for color in viewers}
        left, removed_at = 300, asyncio.Event()

        async def create() -> None:
            nonlocal left
            while left:
                left -= 1
                if left == 150:
                    removed_at.set()
                await admin.mark(picture)

        async def latecomer() -> list[Any]:
            await removed_at.wait()
            again = live_url(house.node, entrances["red"][0], epoch=entrances["red"][0]["epoch"], seq=0)
            async with open_live(again) as connection:
                return await rest_of(connection, 60)

        late = [asyncio.create_task(latecomer()) for _ in range(10)]
        creating = [asyncio.create_task(create()) for _ in range(8)]
        await removed_at.wait()
        removal = await house.share(admin, picture, ["blue"])
        await asyncio.gather(*creating)
        last = (await admin.mark(picture))["seq"]
        assert last > removal + 10, "nothing came after the removal"

        removed = await asyncio.gather(*reading["red"], *late)
        for got in removed:
            seqs = [event["seq"] for event in events_in(got)]
            assert seqs == sorted(set(seqs))
            assert all(seq < removal for seq in seqs), "not even the event that removed them"
        assert {each.close_code for each in viewers["red"]} == {4404}
        await house.share(admin, picture, [])
        first = entrances["red"][0]["seq"] + 1
        for got in await asyncio.gather(*reading["blue"]):
            assert [event["seq"] for event in events_in(got)] == list(range(first, last + 1))
