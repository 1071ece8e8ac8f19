"""The live channel of a real node, as SPEC.md tells it, for any WebSocket client."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from imagechat.live.frames import SUBPROTOCOL
from imagechat.model.limits import SRC_BYTES
from imagechat.model.principal import Principal
from imagechat.model.tokens import Tokens
from live_clients import (
    Person,
    Viewer,
    close_code,
    in_room,
    live_url,
    new_picture,
    next_event,
    next_message,
    open_live,
    raw_live,
)
from live_fakes import parse_frames
from running import TENANT, RunningNode
from visiting import tokens_of

FAR_FUTURE = 4_102_444_800_000


@pytest.fixture
async def client(shared_node: RunningNode) -> AsyncIterator[httpx.AsyncClient]:
    async with shared_node.client() as http:
        yield http


@pytest.fixture
def anna(client: httpx.AsyncClient) -> Person:
    return Person(client)


@pytest.fixture
def ben(client: httpx.AsyncClient) -> Person:
    return Person(client)


# -- the two framings


async def test_v1_says_hello_and_sends_arrays(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    async with open_live(live_url(shared_node, await anna.enter(picture))) as connection:
        assert connection.subprotocol == SUBPROTOCOL
        hello = await next_message(connection)
        assert (hello["type"], hello["seq"], hello["sc"]) == ("hello", 0, 1)
        made = await anna.mark(picture)
        [event] = await next_message(connection)
        assert event["type"] == "new-image-chat"
        assert event["conversation"] == made["conversation"]


async def test_plain_sends_one_object_a_frame_from_now_on(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    await anna.mark(picture)
    async with open_live(live_url(shared_node, await anna.enter(picture)), v1=False) as connection:
        await in_room(anna, picture)
        assert connection.subprotocol is None
        made = await anna.mark(picture)
        event = await next_event(connection)
        assert (event["type"], event["seq"]) == ("new-image-chat", 2)
        assert event["conversation"] == made["conversation"]


async def test_ECHO1_an_event_carries_its_commands_broadcastId(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    async with open_live(live_url(shared_node, await anna.enter(picture)), v1=False) as connection:
        await in_room(anna, picture)
        broadcast_id = str(uuid4())
        made = await anna.mark(picture, broadcastId=broadcast_id)
        event = await next_event(connection)
        assert event["broadcastId"] == broadcast_id
        assert (event["seq"], event["timestamp"]) == (made["seq"], made["timestamp"])
        assert event["userId"] == made["user"]["id"]


async def test_plain_reads_the_text_ping_and_answers_nothing(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    async with open_live(live_url(shared_node, await anna.enter(picture)), v1=False) as connection:
        await in_room(anna, picture)
        for _ in range(3):
            await connection.send("ping")
        await (await connection.ping())  # when this is answered, the others were read
        await anna.mark(picture)
        first = await next_message(connection)
        assert first["type"] in {"new-image-chat", "p-u"}


async def test_a_percent_sign_is_never_literal_in_a_frame(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    snapshot = await anna.enter(picture)
    async with (
        open_live(live_url(shared_node, snapshot), v1=False) as plain,
        open_live(live_url(shared_node, snapshot)) as v1,
    ):
        await in_room(anna, picture)
        assert (await next_message(v1))["type"] == "hello"
        text = "100 %25 % sure %zz"
        src = "https://page.test/a%20picture.png"
        await anna.mark(picture, src=src, windowUrlId="100%", comment={"comment": text, "commenterName": "50%"})
        for connection in (v1, plain):
            while "new-image-chat" not in (frame := str(await asyncio.wait_for(connection.recv(), 10))):
                assert "%" not in frame
            assert "%" not in frame
            found = msgspec.json.decode(frame)
            event = found[0] if isinstance(found, list) else found
            assert event["comment"]["comment"] == text
            assert event["conversation"]["src"] == src


async def test_p_u_tells_who_came_and_who_went(shared_node: RunningNode, anna: Person, ben: Person) -> None:
    picture = new_picture()
    async with open_live(live_url(shared_node, await anna.enter(picture))) as connection:
        await next_message(connection)

        async def presence_with(member: str, user: str) -> Any:
            async with asyncio.timeout(10):
                while True:
                    for event in await next_message(connection):
                        if user in event.get(member, []):
                            return event

        entered = await ben.enter(picture)
        user = entered["user"]["id"]
        async with open_live(live_url(shared_node, entered)) as other:
            assert (await next_message(other))["sc"] == 2
            joined = await presence_with("uj", user)
            assert (joined["type"], joined["sc"]) == ("p-u", 2)
            assert "seq" not in joined
        left = await presence_with("ul", user)
        assert left["sc"] == 1


# -- resume


async def test_RES1_a_resume_brings_what_was_missed_and_goes_on_live(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    await anna.mark(picture)
    position = await anna.enter(picture)
    for _ in range(3):
        await anna.mark(picture)
    url = live_url(shared_node, position, epoch=position["epoch"], seq=position["seq"])
    async with open_live(url) as connection:
        hello = await next_message(connection)
        assert (hello["epoch"], hello["seq"]) == (position["epoch"], 4)
        missed = await next_message(connection)
        assert [event["seq"] for event in missed] == [2, 3, 4]
        await anna.mark(picture)
        assert (await next_event(connection))["seq"] == 5


async def test_RES1_an_event_is_the_same_live_in_a_resume_and_in_the_log(
    shared_node: RunningNode, client: httpx.AsyncClient, anna: Person
) -> None:
    picture = new_picture()
    snapshot = await anna.enter(picture)
    async with open_live(live_url(shared_node, snapshot)) as connection:
        await next_message(connection)
        await anna.mark(picture, comment={"comment": "first", "commenterName": "Anna"})
        live = await next_event(connection)
    async with open_live(live_url(shared_node, snapshot, epoch=snapshot["epoch"], seq=0)) as connection:
        await next_message(connection)
        resumed = await next_event(connection)
    log = await client.get(
        f"/event-log/{TENANT}",
        params={"urlId": snapshot["urlIdWS"], "userIdWS": snapshot["userIdWS"], "startTime": 0},
    )
    [entry] = log.json()["events"]
    assert live == resumed == msgspec.json.decode(entry["data"])


async def test_RES2_another_epoch_gets_a_reset_and_the_socket_stays(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    await anna.mark(picture)
    snapshot = await anna.enter(picture)
    async with open_live(live_url(shared_node, snapshot, epoch="another", seq=1)) as connection:
        await next_message(connection)
        assert await next_message(connection) == [{"type": "reset", "epoch": snapshot["epoch"], "seq": 1}]
        await anna.mark(picture)
        assert (await next_event(connection))["seq"] == 2


async def test_SEQ3_a_room_that_nobody_knows_is_empty_and_begins_with_seq_1(
    shared_node: RunningNode, anna: Person
) -> None:
    picture = new_picture()
    snapshot = await anna.enter(picture)
    assert (snapshot["seq"], snapshot["conversations"]) == (0, [])
    async with open_live(live_url(shared_node, snapshot, epoch=snapshot["epoch"], seq=0)) as connection:
        hello = await next_message(connection)
        assert (hello["epoch"], hello["seq"]) == (snapshot["epoch"], 0)
        await anna.mark(picture)
        event = await next_event(connection)
        assert (event["type"], event["seq"]) == ("new-image-chat", 1)


async def test_RES1_SNAP1_viewers_that_join_in_the_middle_of_a_burst_equal_a_fresh_snapshot(
    shared_node: RunningNode, anna: Person
) -> None:
    picture = new_picture()

    async def write() -> None:
        for _ in range(60):
            await anna.mark(picture, comment={"comment": "hello", "commenterName": "Anna"})

    writers = [asyncio.create_task(write()) for _ in range(4)]
    viewers = [Viewer(shared_node, Person(anna.client), picture) for _ in range(12)]
    for viewer in viewers:
        await viewer.__aenter__()
    await asyncio.gather(*writers)
    for viewer in viewers:
        await viewer.equals_a_fresh_snapshot()
        assert viewer.state.seq == 240
        assert viewer.resets == 0
        await viewer.__aexit__(None, None, None)


# -- threads


async def test_a_subscriber_to_a_thread_gets_that_thread_only(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    made = await anna.mark(picture, windowUrlId=f"{picture}-thread")
    thread = await anna.thread(f"{picture}-thread")
    async with open_live(live_url(shared_node, thread)) as connection:
        hello = await next_message(connection)
        assert hello["seq"] == thread["seq"]
        await anna.mark(picture)
        await anna.comment(f"{picture}-thread", "hello")
        event = await next_event(connection)
        assert (event["type"], event["seq"]) == ("new-comment", thread["seq"] + 1)
        assert event["comment"]["urlId"] == made["conversation"]["urlId"]


async def test_a_thread_that_was_there_before_its_marker_reaches_both_rooms(
    shared_node: RunningNode, anna: Person
) -> None:
    picture = new_picture()
    window = f"{picture}-thread"
    on_picture, on_thread = await anna.enter(picture), await anna.thread(window)
    async with (
        open_live(live_url(shared_node, on_picture), v1=False) as of_picture,
        open_live(live_url(shared_node, on_thread), v1=False) as of_thread,
    ):
        await in_room(anna, picture)
        await in_room(anna, window)
        first = await anna.comment(window, "first")
        event = await next_event(of_thread)
        assert (event["type"], event["seq"], event["comment"]["comment"]) == ("new-comment", 1, "first")
        made = await anna.mark(picture, windowUrlId=window, createdFromCommentId=first["comment"]["_id"])
        event = await next_event(of_picture)
        assert (event["type"], event["seq"]) == ("new-image-chat", 1)
        assert event["conversation"]["_id"] == made["createdChatId"]
        assert event["conversation"]["commentCount"] == 1
        assert (await next_event(of_thread))["type"] == "new-image-chat"
        await anna.comment(window, "second")
        for connection in (of_picture, of_thread):
            event = await next_event(connection)
            assert (event["type"], event["comment"]["comment"]) == ("new-comment", "second")


async def test_the_reference_order_comment_then_marker_then_list_agrees(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    window = f"{picture}-thread"
    first = await anna.comment(window, "first")
    await anna.mark(picture, windowUrlId=window, createdFromCommentId=first["comment"]["_id"])
    thread = await anna.thread(window)
    snapshot = await anna.enter(picture)
    assert thread["pictureSeq"] == snapshot["seq"] == 1
    async with open_live(live_url(shared_node, thread, epoch=thread["epoch"], seq=0)) as connection:
        hello = await next_message(connection)
        events = await next_message(connection)
        assert hello["seq"] == thread["seq"] == events[-1]["seq"]
        assert [event["type"] for event in events] == ["new-comment", "new-image-chat"]


# -- refusals


@pytest.mark.parametrize("missing", ["urlId", "userIdWS", "tenantIdWS"])
async def test_a_missing_parameter_closes_with_4400(shared_node: RunningNode, anna: Person, missing: str) -> None:
    snapshot = await anna.enter(new_picture())
    async with open_live(live_url(shared_node, snapshot, **{missing: ""})) as connection:
        assert await close_code(connection) == 4400


@pytest.mark.parametrize("seq", ["-1", "x", "1e9", "99999999999999999999"])
async def test_a_position_that_makes_no_sense_closes_with_4400(
    shared_node: RunningNode, anna: Person, seq: str
) -> None:
    snapshot = await anna.enter(new_picture())
    async with open_live(live_url(shared_node, snapshot, epoch=snapshot["epoch"], seq=seq)) as connection:
        assert await close_code(connection) == 4400


async def test_AUTH1_a_forged_ticket_is_closed_with_4401(shared_node: RunningNode, anna: Person) -> None:
    snapshot = await anna.enter(new_picture())
    ticket = snapshot["userIdWS"]
    forged = [
        "x",
        ticket[:-1] + ("A" if ticket[-1] != "A" else "Q"),  # the last bits of "B" would be no bits of the signature
        "A" + ticket[1:],
        ticket + "é",
        Tokens("another key").ticket(Principal(tenant_id=TENANT, user_id="u", session_id="s"), FAR_FUTURE),
        snapshot["user"]["sessionId"],
    ]
    for wrong in forged:
        async with open_live(live_url(shared_node, snapshot, userIdWS=wrong)) as connection:
            assert await close_code(connection) == 4401, wrong


async def test_AUTH1_an_expired_ticket_is_closed_with_4401(shared_node: RunningNode, anna: Person) -> None:
    snapshot = await anna.enter(new_picture())
    expired = tokens_of(shared_node).ticket(Principal(tenant_id=TENANT, user_id="u", session_id="s"), 1)
    async with open_live(live_url(shared_node, snapshot, userIdWS=expired)) as connection:
        assert await close_code(connection) == 4401


async def test_AUTH1_a_ticket_opens_its_own_tenant_only(shared_node: RunningNode, anna: Person) -> None:
    snapshot = await anna.enter(new_picture())
    elsewhere = tokens_of(shared_node).ticket(Principal(tenant_id="elsewhere", user_id="u", session_id="s"), FAR_FUTURE)
    for wrong in (
        {"userIdWS": elsewhere},
        {"tenantIdWS": "elsewhere"},
        {"tenantIdWS": TENANT.upper()},
    ):
        async with open_live(live_url(shared_node, snapshot, **wrong)) as connection:
            assert await close_code(connection) == 4401


async def test_AUTH1_a_refused_caller_is_sent_nothing_of_the_room(shared_node: RunningNode, anna: Person) -> None:
    picture = new_picture()
    await anna.mark(picture)
    snapshot = await anna.enter(picture)
    async with open_live(live_url(shared_node, snapshot, userIdWS="x", epoch="", seq=0)) as connection:
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


@pytest.mark.parametrize("path", ["/sub/", "/", "/comments/demo", "/SUB"])
async def test_the_live_channel_is_at_sub_only(shared_node: RunningNode, anna: Person, path: str) -> None:
    snapshot = await anna.enter(new_picture())
    with pytest.raises(InvalidStatus) as refused:
        async with open_live(live_url(shared_node, snapshot, path=path)):
            pass
    assert refused.value.response.status_code == 404


@pytest.mark.parametrize(
    ("message", "code"),
    [(b"binary", 1003), ("x" * 4097, 1009), ("x" * 1_000_000, 1009), (["x" * 3000, "y" * 3000], 1009)],
    ids=["binary", "large", "huge", "large in parts"],
)
async def test_what_no_client_may_send_closes_with_its_code(
    shared_node: RunningNode, anna: Person, message: Any, code: int
) -> None:
    snapshot = await anna.enter(new_picture())
    async with open_live(live_url(shared_node, snapshot)) as connection:
        await connection.send(message)
        assert await close_code(connection) == code


# -- size


async def frame_with(reader: asyncio.StreamReader, word: bytes) -> bytes:
    """The raw bytes of the next frame that holds a word, header included."""
    async with asyncio.timeout(10):
        while True:
            head = await reader.readexactly(2)
            length = head[1]
            if length == 126:
                head += (longer := await reader.readexactly(2))
                length = int.from_bytes(longer)
            frame = head + await reader.readexactly(length)
            if word in frame:
                return frame


@pytest.mark.parametrize(
    "src",
    [
        "https://page.test/" + "p" * (SRC_BYTES - 18),
        "https://page.test/" + "p" * 5000,
        "https://page.test/" + "%20" * 79,
        "https://page.test/" + "é" * 119,
        "https://page.test/" + "\U0001f5bc" * 59,
        "https://page.test/" + '"' * 238,
        "\x01" * 256,
    ],
    ids=["longest", "too long", "percents", "two bytes", "four bytes", "quotes", "controls"],
)
async def test_SIZE1_a_marker_is_under_1024_bytes_on_the_wire(
    shared_node: RunningNode, anna: Person, src: str, record_property: Any
) -> None:
    picture = new_picture()
    reader, writer = await raw_live(shared_node, await anna.enter(picture))
    await frame_with(reader, b'"hello"')  # it is in the room now
    window = f"{picture}-{uuid4()}-".ljust(256, "w")
    made = await anna.mark(
        picture,
        x=33.333333333333336,
        y=66.66666666666667,
        region={"w": 33.333333333333336, "h": 11.11111111111111},
        windowUrlId=window,
        src=src,
        pageTitle="t" * 2048,
    )
    frame = await frame_with(reader, b"new-image-chat")
    assert [bytes(parsed.data) for parsed in parse_frames(frame)] == [frame[4:]]
    assert msgspec.json.decode(frame[4:])[0]["conversation"] == made["conversation"]
    assert made["conversation"]["urlId"] == window
    record_property("bytes", len(frame))
    assert len(frame) < 1024
    writer.close()
    await writer.wait_closed()
