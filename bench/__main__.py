"""`make bench`: what one node does on one core, with durable events and rights checked, as users run it."""

import asyncio
import os
import platform
import sqlite3
import statistics
import sys
import time
from dataclasses import dataclass

import uvloop

from bench.click import click_to_dom
from bench.load import Watch, create, subscribe
from bench.started import Node, cpu_seconds, share_cores, started

ROUNDS = 3
CREATES = 6_000
SUBSCRIBERS = 1_000
FAN_OUT_CREATES = 3_000
IDLE = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report."""

    what: str
    figure: str
    load_cpu: str


async def creates(node: Node, connections: int) -> Row:
    """Durable creates over HTTP, nobody watching."""
    await create(node, "warm", connections=connections, total=500)
    rates, p50s, p99s, cpus = [], [], [], []
    for number in range(ROUNDS):
        began, cpu = time.perf_counter(), cpu_seconds(os.getpid())
        latencies = await create(node, f"picture-{connections}-{number}", connections=connections, total=CREATES)
        took = time.perf_counter() - began
        rates.append(CREATES / took)
        p50s.append(latencies[len(latencies) // 2])
        p99s.append(latencies[len(latencies) * 99 // 100])
        cpus.append((cpu_seconds(os.getpid()) - cpu) / took)
    return Row(
        f"durable creates over HTTP, {connections} connections",
        f"{statistics.median(rates):,.0f}/s, p50 {1000 * statistics.median(p50s):.1f} ms, "
        f"p99 {1000 * statistics.median(p99s):.1f} ms",
        f"{statistics.median(cpus):.0%}",
    )


async def fan_out(node: Node) -> Row:
    """Creates over HTTP, each seen by every subscriber, once and in order."""
    watch = Watch()
    subscribers = await subscribe(node, "busy", SUBSCRIBERS, watch)
    began, cpu, node_cpu = time.perf_counter(), cpu_seconds(os.getpid()), node.cpu_seconds()
    latencies = await create(node, "busy", connections=64, total=FAN_OUT_CREATES)
    created = time.perf_counter() - began
    while watch.events < FAN_OUT_CREATES * SUBSCRIBERS:
        await asyncio.sleep(0.01)
        if time.perf_counter() - began > 60 + created:
            break
    took = time.perf_counter() - began
    short = [subscriber for subscriber in subscribers if subscriber.events != FAN_OUT_CREATES]
    if short or watch.wrong:
        message = f"{len(short)} of {SUBSCRIBERS} subscribers saw not every event once; order: {watch.wrong[:3]}"
        raise SystemExit(message)
    cpu, node_cpu = cpu_seconds(os.getpid()) - cpu, node.cpu_seconds() - node_cpu
    return Row(
        f"creates over HTTP seen by {SUBSCRIBERS:,} subscribers, every one of {watch.events:,} deliveries counted",
        f"{FAN_OUT_CREATES / created:,.0f} creates/s = {watch.events / took:,.0f} deliveries/s, "
        f"create p99 {1000 * latencies[len(latencies) * 99 // 100]:.0f} ms, node {node_cpu / took:.0%} of a core",
        f"{cpu / took:.0%}",
    )


async def idle(node: Node) -> Row:
    """Connections that only wait: session, subscription and heartbeat included."""
    await subscribe(node, "quiet", 50, Watch())
    before = node.rss_kb()
    connections = await subscribe(node, "quiet", IDLE, Watch())
    await asyncio.sleep(2)
    after = node.rss_kb()
    return Row(
        f"memory of an idle connection, {len(connections):,} of them",
        f"{(after - before) / IDLE:.1f} KB RSS ({before / 1024:.0f} MB before, {after / 1024:.0f} MB with them)",
        "–",
    )


async def measure() -> list[Row]:
    """Run everything, each on a node of its own."""
    rows = []
    for connections in (1, 64):
        with started() as node:
            rows.append(await creates(node, connections))
    with started() as node:
        rows.append(await fan_out(node))
    with started() as node:
        rows.append(await idle(node))
    with started() as node:
        took = await click_to_dom(node)
        rows.append(Row("from a click on Send to the other browser's DOM", took or "left out: no Chromium", "–"))
    return rows


def main() -> None:
    """Measure and print a table."""
    if sys.platform != "linux":
        message = "make bench reads /proc and pins processes to cores, so it runs on Linux only"
        raise SystemExit(message)
    share_cores()
    rows = uvloop.run(measure())
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, node on one\n")
    print("| what | figure | load's CPU |\n| --- | --- | --- |")
    for row in rows:
        print(f"| {row.what} | {row.figure} | {row.load_cpu} |")


main()
