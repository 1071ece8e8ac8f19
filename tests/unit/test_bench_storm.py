"""The benchmark's returning clients want every event they missed, once and in order, as the widget does."""

import asyncio
from functools import partial
from typing import Any

import pytest
from bench.generator import CheckFailed, run_load, texts

from relaying import ANSWER, listening

POSITION = 3
HEAD = 6
CLIENTS = 5
REQUEST = "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
TOO_MANY = b"\x88\x03\x11\x4d0"  # 4429, and come back after 0 seconds


def frame(text: str) -> bytes:
    return b"\x81" + bytes([len(text)]) + text.encode()


def hello() -> bytes:
    return frame(f'{{"type":"hello","epoch":"e","seq":{HEAD}}}')


async def answer_requests(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.readuntil(b"\r\n\r\n"):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")


async def come_back(seqs: list[int], refused: int = 0) -> dict[str, Any]:
    """Let clients come back to a server that turns the first ones away, and then sends these events to each."""
    came = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        if not (await reader.readline()).startswith(b"GET "):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
            await answer_requests(reader, writer)
            return
        await reader.readuntil(b"\r\n\r\n")
        came += 1
        if came <= refused:
            writer.write(ANSWER + TOO_MANY)
            return
        writer.write(ANSWER + hello() + b"".join(frame(f'[{{"seq":{seq}}}]') for seq in seqs))
        await reader.read()

    storm = texts([f"{POSITION} /"] * CLIENTS)
    async with listening(serve) as port:
        run = partial(run_load, port=port, creators=1, requests=texts([REQUEST], "\0"), rate=50, storm=storm)
        return await asyncio.to_thread(run, seconds=0.1, warm_seconds=0.05, give_up=3)


async def test_clients_that_get_what_they_missed_have_caught_up() -> None:
    figures = await come_back([4, 5, 6])
    assert (figures["clients"], figures["missed"], figures["retries"]) == (CLIENTS, 3 * CLIENTS, 0)
    assert figures["resumed_ms"]["max"] > 0


async def test_clients_that_are_turned_away_come_again() -> None:
    figures = await come_back([4, 5, 6], refused=2)
    assert figures["retries"] == 2


@pytest.mark.parametrize(
    ("seqs", "says"), [([4, 6], "missing or reset"), ([4, 4, 5, 6], "duplicated"), ([HEAD], "missing or reset")]
)
async def test_a_hole_a_repetition_and_a_reset_fail_the_run(seqs: list[int], says: str) -> None:
    with pytest.raises(CheckFailed, match=says):
        await come_back(seqs)


async def test_clients_that_never_get_the_rest_fail_the_run() -> None:
    with pytest.raises(CheckFailed, match="nothing more for 3 s"):
        await come_back([4, 5])
