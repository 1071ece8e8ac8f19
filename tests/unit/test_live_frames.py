"""Events and signals to frames, read back by a library that is not the product's own code."""

import msgspec
import pytest
from websockets.frames import Opcode

from imagechat.live.frames import (
    FLUSH_BYTES,
    Framing,
    Hello,
    Presence,
    Reset,
    encode,
    encode_signal,
    portion,
    text_frame,
)
from live_fakes import event, parse_frames, parse_messages


def test_v1_joins_events_in_one_frame_as_an_array() -> None:
    data = encode(Framing.V1, [event(1), event(2)])
    assert len(parse_frames(data)) == 1
    assert [one["seq"] for one in parse_messages(data)[0]] == [1, 2]


def test_plain_puts_each_event_into_a_frame_of_its_own() -> None:
    data = encode(Framing.PLAIN, [event(1), event(2)])
    assert [one["seq"] for one in parse_messages(data)] == [1, 2]


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_of_any_size_is_whole_text_and_not_masked(size: int) -> None:
    [frame] = parse_frames(text_frame(b"x" * size))
    assert (frame.opcode, frame.fin, len(frame.data)) == (Opcode.TEXT, True, size)


def test_hello_and_reset_carry_the_position() -> None:
    assert msgspec.json.decode(encode_signal(Hello("e1", 7, 3))) == {"type": "hello", "epoch": "e1", "seq": 7, "sc": 3}
    assert msgspec.json.decode(encode_signal(Reset("e2", 9))) == {"type": "reset", "epoch": "e2", "seq": 9}


def test_presence_names_only_whom_it_has() -> None:
    assert msgspec.json.decode(encode_signal(Presence(timestamp=5, sc=1, uj=("anna",)))) == {
        "type": "p-u",
        "timestamp": 5,
        "sc": 1,
        "uj": ["anna"],
    }


def test_a_percent_sign_is_never_literal_in_a_signal() -> None:
    data = encode_signal(Presence(timestamp=5, sc=1, uj=("100%",)))
    assert b"%" not in data
    assert msgspec.json.decode(data)["uj"] == ["100%"]


@pytest.mark.parametrize("framing", [Framing.V1_DEFLATE, Framing.PLAIN_DEFLATE])
def test_compressed_messages_stand_for_themselves_and_small_ones_are_sent_as_they_are(framing: Framing) -> None:
    large, small = encode(framing, [event(1, size=4096)]), encode(framing, [event(2)])
    assert len(large) < 400
    assert small == encode(Framing.V1 if framing.is_v1 else Framing.PLAIN, [event(2)])
    for data in (large + small + large, large):  # whatever came before
        found = parse_messages(data, compressed=True)
        seqs = [one["seq"] for message in found for one in (message if isinstance(message, list) else [message])]
        assert seqs == [1, 2, 1][: len(found)]


def test_OVF1_a_portion_fits_a_flush_and_is_never_empty() -> None:
    assert portion([]) == 0
    assert portion([b"x" * FLUSH_BYTES]) == 1
    assert portion([b"x" * (FLUSH_BYTES + 1), b"x"]) == 1
    assert portion([b"x" * (FLUSH_BYTES // 2)] * 5) == 2
    assert portion([b"x"] * 1_000) == 1_000
