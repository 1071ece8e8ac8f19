"""AUTH1: whom somebody may mention, and of whom nobody is told."""

import pytest

from housing import House
from live_clients import Person, new_picture, next_message
from running import TENANT
from visiting import fresh


async def names(who: Person, picture: str, search: str = "") -> list[str]:
    path = f"/pages/{TENANT}/users/mentionable"
    answer = await who._ask("GET", path, params={"urlId": picture, "search": search})
    return [each["displayName"] for each in answer["users"]]


@pytest.fixture
def family() -> str:
    """A name that nobody has in other tests."""
    return fresh("Qu").replace("-", "x")


async def test_who_wrote_there_is_found_by_the_beginning_of_any_word_and_never_oneself(
    house: House, family: str
) -> None:
    picture = new_picture()
    mia = await house.sign_in(fresh("mia"), displayName=f"Mia {family}")
    ann = await house.sign_in(fresh("ann"), displayName=f"Änn {family}")
    thread = (await mia.mark(picture, comment={"comment": "hello"}))["conversation"]["urlId"]
    await ann.comment(thread, "hi")
    for search in ("", "mi", "MIA", family.lower()[:4]):
        assert await names(ann, picture, search) == [f"Mia {family}"]
    assert await names(ann, picture, "ia") == []
    assert await names(mia, picture, "än") == [f"Änn {family}"]


async def test_who_is_there_is_found_by_everybody_who_may_be_there(house: House, family: str) -> None:
    picture = new_picture()
    mia = await house.sign_in(fresh("mia"), displayName=f"Mia {family}")
    async with house.follow(await mia.enter(picture)) as connection:
        assert (await next_message(connection))["type"] == "hello"
        assert await names(Person(house.client), picture) == [f"Mia {family}"]
    assert await names(Person(house.client), new_picture(), family) == []


async def test_AUTH1_of_who_signed_in_only_those_are_told_whom_one_could_meet(house: House, family: str) -> None:
    open_picture, red_picture = new_picture(), new_picture()
    groups = {"Red": ["red"], "Blue": ["blue"], "Both": ["red", "blue"], "None": []}
    people = {
        name: await house.sign_in(fresh(name), displayName=f"{name} {family}", groupIds=ids)
        for name, ids in groups.items()
    }
    people["All"] = await house.sign_in(fresh("all"), displayName=f"All {family}")
    admin = await house.sign_in(fresh("boss"), isAdmin=True)
    for picture in (open_picture, red_picture):
        await admin.mark(picture)
    await house.share(admin, red_picture, ["red"])

    async def told(who: Person, picture: str) -> set[str]:
        return {name.split()[0] for name in await names(who, picture, family)}

    assert await told(people["Red"], open_picture) == {"Both", "All"}
    assert await told(people["Blue"], open_picture) == {"Both", "All"}
    assert await told(people["None"], open_picture) == {"All"}
    assert await told(people["All"], open_picture) == {"Red", "Blue", "Both", "None"}
    assert await told(people["Red"], red_picture) == {"Both", "All"}
    assert await told(admin, red_picture) == {"Red", "Both", "All"}
    assert await told(Person(house.client), open_picture) == set()
    assert await names(people["All"], open_picture) == []  # without a search, nobody is listed


async def test_no_more_than_ten_are_told(house: House, family: str) -> None:
    picture = new_picture()
    for number in range(12):
        await house.sign_in(fresh("many"), displayName=f"{family} {number:02}")
    ann = await house.sign_in(fresh("ann"))
    await ann.mark(picture)
    assert len(await names(ann, picture, family)) == 10
