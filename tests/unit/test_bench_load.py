"""The benchmark's load finds what it has to find."""

import asyncio
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from bench.generator import CheckFailed, run_load, texts

from relaying import Fault, listening, relaying

SUBSCRIBERS = 3


def number_of(line: bytes) -> int:
    return int(json.loads(line)["seq"])


def faithful(_subscriber: int, lines: list[bytes]) -> list[bytes]:
    return lines


def at(number: int, change: Callable[[list[bytes], list[bytes]], list[bytes]]) -> Fault:
    """Change what the second subscriber gets at an event; `change` is given the event, and a place to keep things."""
    kept: list[bytes] = []

    def fault(subscriber: int, lines: list[bytes]) -> list[bytes]:
        if subscriber != 1 or number_of(lines[0]) not in {number, number + 1}:
            return lines
        return change(lines, kept) if number_of(lines[0]) == number else lines + kept

    return fault


def twice(lines: list[bytes], _kept: list[bytes]) -> list[bytes]:
    return lines * 2


def never(_lines: list[bytes], _kept: list[bytes]) -> list[bytes]:
    return []


def later(lines: list[bytes], kept: list[bytes]) -> list[bytes]:
    kept.extend(lines)
    return []


async def publish(fault: Fault, piece: int = 1 << 20, seconds: float = 0.2, **options: Any) -> dict[str, Any]:
    async with relaying(fault, piece) as port:
        run = partial(run_load, port=port, subscribers=SUBSCRIBERS, targets=texts(["/"]), door="lines", **options)
        return await asyncio.to_thread(run, seconds=seconds, warm_seconds=0.05)


@pytest.mark.parametrize("options", [{"window": 8}, {"window": 0}, {"rate": 300}, {"window": 8, "patience": 2}])
async def test_a_faithful_server_is_counted(options: dict[str, Any]) -> None:
    figures = await publish(faithful, **options)
    assert figures["deliveries"] > 0
    assert figures["deliveries"] % SUBSCRIBERS == 0
    assert 0 <= figures["each_ms"]["p50"] <= figures["last_ms"]["max"]


@pytest.mark.parametrize("piece", [1, 2, 7, 299, 301])
async def test_events_are_found_wherever_the_stream_is_cut(piece: int) -> None:
    figures = await publish(faithful, piece, seconds=1, rate=100)  # a busy machine may stand still for a part of it
    assert figures["deliveries"] > 0


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (twice, "duplicated: subscriber 1 got event 20 again"),
        (never, "missing: subscriber 1 never got events 20 to 20"),
        (later, "out of order: subscriber 1 got event 20 after 21"),
    ],
)
async def test_a_fault_fails_the_run_and_is_named(fault: Any, says: str) -> None:
    with pytest.raises(CheckFailed, match=re.escape(says)):
        await publish(at(20, fault), rate=300)


async def test_a_server_that_stops_sending_fails_the_run() -> None:
    def first_ones_only(subscriber: int, lines: list[bytes]) -> list[bytes]:
        return lines if subscriber == 0 or number_of(lines[0]) < 10 else []

    with pytest.raises(CheckFailed, match="missing"):
        await publish(first_ones_only, rate=200, give_up=0.5)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: str, seen: list[bytes]) -> None:
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.findall(rb"Content-Length: (\d+)", head)[0])
        seen.append(await reader.readexactly(length))
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\n{{}}".encode())


REQUEST = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 12\r\n\r\n@@@@@@@@@@@@"


async def create(status: str, seen: list[bytes]) -> dict[str, Any]:
    async with listening(partial(answer, status=status, seen=seen)) as port:
        run = partial(run_load, port=port, creators=4, requests=texts([REQUEST], "\0"), warm_seconds=0.05, seconds=0.2)
        return await asyncio.to_thread(run)


async def test_every_request_is_another_one() -> None:
    seen: list[bytes] = []
    figures = await create("200 OK", seen)
    assert 0 < figures["creates"] <= len(seen)
    assert len(set(seen)) == len(seen)


async def test_requests_may_go_to_another_node_than_subscribers() -> None:
    seen: list[bytes] = []
    async with (
        relaying(faithful, 1 << 20) as port,
        listening(partial(answer, status="200 OK", seen=seen)) as other,
    ):
        options = {"port": port, "subscribers": 0, "create_port": other, "creators": 2}
        run = partial(run_load, **options, requests=texts([REQUEST], "\0"), warm_seconds=0.05, seconds=0.2)
        figures = await asyncio.to_thread(run)
    assert 0 < figures["creates"] <= len(seen)


async def test_a_refused_request_fails_the_run() -> None:
    with pytest.raises(CheckFailed, match="a request was answered 503, not 200"):
        await create("503 Service Unavailable", [])


async def test_a_server_that_is_not_there_fails_the_run() -> None:
    with pytest.raises(CheckFailed, match="cannot connect"):
        await asyncio.to_thread(run_load, port=1, subscribers=1, targets=texts(["/"]), door="lines", seconds=0.1)
