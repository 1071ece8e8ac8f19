"""The golden wire cases: what is written there by hand is what the program reads and writes."""

from typing import Any

import msgspec
import pytest

from documents import REPOSITORY, SPEC, code_words, section, tables
from imagechat.http import bodies, opinion_bodies
from imagechat.http.fields import short_src
from imagechat.live.frames import Framing, Presence, Signal, encode, encode_signal, text_frame
from imagechat.model.errors import NOT_FOUND
from imagechat.model.events import MarkerCreated, decode_event, encode_event
from imagechat.model.limits import SRC_BYTES
from imagechat.model.wire import Region
from making import ANN, World, create_comment, create_marker, words

GOLDEN: dict[str, Any] = msgspec.json.decode((REPOSITORY / "contract" / "wire.json").read_bytes())


SHAPES = vars(bodies) | vars(opinion_bodies)


def named(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: str(case.get("name") or case["call"]))


@named(GOLDEN["events"])
def test_an_event_is_read_and_written_as_the_golden_one(case: dict[str, Any]) -> None:
    event = decode_event(msgspec.json.encode(case["json"]))
    assert msgspec.json.decode(encode_event(event)) == case["json"]


@named(GOLDEN["signals"])
def test_a_signal_is_written_as_the_golden_one(case: dict[str, Any]) -> None:
    signal: Signal = msgspec.convert(case["json"], Signal)
    assert msgspec.json.decode(encode_signal(signal)) == case["json"]


@named(GOLDEN["answers"])
def test_an_answer_is_written_as_the_golden_one(case: dict[str, Any]) -> None:
    shape: type[msgspec.Struct] = SHAPES[case["shape"]]
    answer = msgspec.convert(case["json"], shape)
    assert msgspec.json.decode(msgspec.json.encode(answer)) == case["json"]


@named(GOLDEN["errors"])
def test_an_error_is_written_as_the_golden_one(case: dict[str, Any]) -> None:
    answer = msgspec.convert(case["json"], bodies.ErrorAnswer)
    assert msgspec.json.decode(msgspec.json.encode(answer)) == case["json"]
    assert case["json"]["code"] == NOT_FOUND.code


def test_there_is_a_golden_case_of_every_type_and_every_call() -> None:
    rows = next(table for table in tables(section(SPEC, "The live channel")) if table[0][0] == "`new-image-chat`")
    types = {case["json"]["type"] for case in GOLDEN["events"] + GOLDEN["signals"]}
    assert types == {name for row in rows for name in code_words(row[0])}
    calls = [word.partition("?")[0] for row in tables(section(SPEC, "REST"))[0] for word in code_words(row[0])]
    without_shape = {"GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.json", "GET /docs"}
    assert {case["call"] for case in GOLDEN["answers"]} == set(calls) - without_shape


def test_a_percent_sign_is_escaped_in_events_and_signals() -> None:
    given = GOLDEN["percent"]
    event = World().do(ANN, create_comment(comment=words(given["comment"]))).placed[0].event
    data = encode_event(event)
    assert given["onTheWire"].encode() in data
    assert b"%" not in data
    assert decode_event(data) == event
    assert b"%" not in encode_signal(Presence(timestamp=0, sc=1, uj=("100%",)))


def test_what_is_not_an_event_is_not_read() -> None:
    for data in (b"{}", b"[]", b'{"type":"unheard-of","seq":1}', b"", b"\xff"):
        with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)):
            decode_event(data)


@pytest.mark.parametrize(
    "src", ["s" * SRC_BYTES, "/" + "%E5%9B%BE" * 28, "%" * 256, '"' * 256, "\x01" * 256, "ä" * 128]
)
@pytest.mark.parametrize("framing", Framing)
def test_SIZE1_a_new_marker_without_a_comment_is_under_1024_bytes(framing: Framing, src: str) -> None:
    """The longest of everything that a client chooses: broadcastId, src, windowUrlId, coordinates, region."""
    longest = create_marker(
        "w" * 256,
        broadcast_id="b" * 64,
        marker_id="0" * 24,
        src=short_src(src),
        x=12.345678901234567,
        y=98.765432109876543,
        region=Region(1.2345678901234567, 1.2345678901234567),
    )
    event = World().do(ANN, longest).placed[0].event
    assert isinstance(event, MarkerCreated)
    aged = msgspec.structs.replace(event, seq=2**53, timestamp=9_999_999_999_999, user_id="anon-" + "u" * 16)
    assert len(encode(framing, [encode_event(aged)])) < 1024


def test_a_plain_frame_is_one_event_and_a_v1_frame_is_an_array() -> None:
    events = [b'{"seq":1}', b'{"seq":2}']
    assert encode(Framing.PLAIN, events) == text_frame(events[0]) + text_frame(events[1])
    assert encode(Framing.V1, events) == text_frame(b'[{"seq":1},{"seq":2}]')
