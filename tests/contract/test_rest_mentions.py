"""Whom a comment mentions: checked, delivered with it, and gone with the person."""

from typing import Any

import pytest

from housing import House
from live_clients import Person, new_picture, next_event, next_message
from running import TENANT
from visiting import COMMENTS, fresh


async def say(who: Person, thread: str, text: str, *mentions: dict[str, str]) -> dict[str, Any]:
    """Comment with mentions; returns the comment as it was made."""
    body = {"comment": text, "commenterName": "x", "url": "", "urlId": thread, "mentions": mentions}
    answer = await who._ask("POST", COMMENTS, params={"urlId": thread, "broadcastId": fresh("b")}, json=body)
    return dict(answer["comment"])


async def edit(who: Person, comment: dict[str, Any], text: str, **more: Any) -> None:
    path = f"{COMMENTS}/{comment['_id']}/update-text"
    await who._ask("POST", path, params={"broadcastId": fresh("b")}, json={"comment": text} | more)


async def mentions_of(who: Person, thread: str) -> list[Any]:
    return [each.get("mentions") for each in (await who.thread(thread))["comments"]]


@pytest.fixture
async def ben(house: House) -> Person:
    return await house.sign_in(fresh("ben"), displayName="Ben Berg")


async def test_a_mention_comes_with_the_comment_on_every_way(house: House, ben: Person) -> None:
    user, picture = fresh("mia"), new_picture()
    mia = await house.sign_in(user, displayName="Mia")
    tag = {"id": user, "tag": "@Mia"}
    made = await ben.mark(picture, comment={"comment": "Hello @Mia", "mentions": [tag]})
    assert made["comment"]["mentions"] == [tag]
    thread = made["conversation"]["urlId"]
    async with house.follow(await mia.enter(picture)) as connection:
        assert (await next_message(connection))["type"] == "hello"
        comment = await say(ben, thread, "Look, @Mia!", tag, tag)
        assert comment["mentions"] == [tag]
        event = await next_event(connection)
        assert event["comment"]["mentions"] == [tag]
        assert event["comment"]["commentHTML"] == "<p>Look, @Mia!</p>"
    assert await mentions_of(mia, thread) == [[tag], [tag]]


async def test_AUTH1_nobody_is_mentioned_by_another_name_or_whom_the_author_could_not_meet(
    house: House, admin: Person, ben: Person
) -> None:
    user, outside, picture = fresh("mia"), fresh("out"), new_picture()
    await house.sign_in(user, displayName="Mia")
    await house.sign_in(outside, displayName="Out", groupIds=["blue"])
    thread = (await admin.mark(picture))["conversation"]["urlId"]
    await house.share(admin, picture, ["red"])
    text = "@Mia @Out @admin"
    given = [
        {"id": outside, "tag": "@Out"},  # may not see the picture
        {"id": user, "tag": "@admin"},  # is called otherwise
        {"id": user, "tag": "@Mia Berg"},  # does not stand there
        {"id": "nobody", "tag": "@Mia"},
        {"id": user, "tag": "@Mia"},
    ]
    assert (await say(ben, thread, text, *given))["mentions"] == given[-1:]
    stranger = Person(house.client)
    other = (await stranger.mark(new_picture()))["conversation"]["urlId"]
    assert "mentions" not in await say(stranger, other, text, *given)


async def test_too_many_mentions_are_refused(house: House, ben: Person) -> None:
    mentions = [{"id": f"u{number}", "tag": "@x"} for number in range(21)]
    body = {"comment": "@x", "commenterName": "x", "url": "", "urlId": "t", "mentions": mentions}
    headers = {"Authorization": f"Bearer {ben.session}"}
    params = {"urlId": fresh("t"), "broadcastId": fresh("b")}
    answer = await house.client.post(COMMENTS, params=params, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-body")


async def test_an_edit_keeps_what_still_fits_and_takes_what_is_given(house: House, ben: Person) -> None:
    user, picture = fresh("mia"), new_picture()
    await house.sign_in(user, displayName="Mia")
    tag = {"id": user, "tag": "@Mia"}
    thread = (await ben.mark(picture))["conversation"]["urlId"]
    comment = await say(ben, thread, "@Mia", tag)
    for text, more, expected in (
        ("Dear @Mia", {}, [tag]),
        ("Dear Mia", {}, None),
        ("Dear @Mia", {}, None),
        ("Dear @Mia!", {"mentions": [tag]}, [tag]),
        ("Dear @Mia.", {"mentions": []}, None),
    ):
        await edit(ben, comment, text, **more)
        assert await mentions_of(ben, thread) == [expected], text


async def test_who_is_erased_is_mentioned_no_more_in_lists_and_in_the_log(
    house: House, admin: Person, ben: Person
) -> None:
    user, picture = fresh("mia"), new_picture()
    await house.sign_in(user, displayName="Mia")
    tag = {"id": user, "tag": "@Mia"}
    thread = (await ben.mark(picture))["conversation"]["urlId"]
    await say(ben, thread, "Hello @Mia", tag)
    await admin._ask("POST", "/api/v1/people/erase", json={"tenantId": TENANT, "userId": user, "confirm": user})
    [comment] = (await ben.thread(thread))["comments"]
    assert comment["comment"] == "Hello @Mia"
    assert "mentions" not in comment
    log = await ben.log(picture, (await ben.enter(picture))["userIdWS"], 0)
    assert user not in str(log)


async def test_what_is_deleted_mentions_nobody(house: House, ben: Person) -> None:
    user, picture = fresh("mia"), new_picture()
    await house.sign_in(user, displayName="Mia")
    thread = (await ben.mark(picture))["conversation"]["urlId"]
    comment = await say(ben, thread, "@Mia", {"id": user, "tag": "@Mia"})
    body = {"comment": "a reply", "commenterName": "x", "url": "", "urlId": thread, "parentId": comment["_id"]}
    await ben._ask("POST", COMMENTS, params={"urlId": thread, "broadcastId": fresh("b")}, json=body)
    await ben._ask("DELETE", f"{COMMENTS}/{comment['_id']}", params={"broadcastId": fresh("b")})
    assert await mentions_of(ben, thread) == [None, None]
